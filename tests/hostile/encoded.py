"""Pictures as their bytes: drawn, put together by hand, or made to say what is not so."""

import io
import struct
import zlib

from PIL import ExifTags, Image, ImageDraw

from tests.hostile.tars import noise

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def image(mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> Image.Image:
    """A drawing of no meaning, which packs badly enough to be cut."""
    drawn = Image.frombytes("RGB", size, noise(3 * size[0] * size[1]))
    ImageDraw.Draw(drawn).ellipse((5, 5, 25, 25), (200, 40, 90))
    return drawn.convert(mode)


def saved(
    kind: str, mode: str = "RGB", size: tuple[int, int] = (40, 30), **options: object
) -> bytes:
    file = io.BytesIO()
    image(mode, size).save(file, kind, **options)
    return file.getvalue()


def animated(kind: str, frames: int = 4) -> bytes:
    others = [image() for _ in range(frames - 1)]
    return saved(kind, save_all=True, append_images=others)


def chunk(kind: bytes, content: bytes) -> bytes:
    """Of a PNG."""
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png(width: int, height: int, *chunks: bytes, depth: int = 8, colour: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IEND", b"")


def zeros(count: int) -> bytes:
    """That many zeros, packed."""
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    packed = [packer.compress(block) for _ in range(count >> 20)]
    return b"".join((*packed, packer.compress(bytes(count % (1 << 20))), packer.flush()))


def frames_of_gif(width: int, height: int, count: int) -> bytes:
    """An animation of empty frames, each a few bytes."""
    file = io.BytesIO()
    Image.new("P", (width, height)).save(file, "GIF")
    one = file.getvalue()
    start = one.index(b"\x2c" + struct.pack("<HHHH", 0, 0, width, height))
    return one[:start] + one[start:-1] * count + b"\x3b"


def scans_of_jpeg(width: int, height: int, count: int) -> bytes:
    """A progressive picture that says the same again and again: each time costs all blocks."""
    file = io.BytesIO()
    Image.new("L", (width, height)).save(file, "JPEG", progressive=True)
    whole = file.getvalue()
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * count + whole[-2:]


def with_size(data: bytes, marker: bytes, skipped: int, size: bytes) -> bytes:
    """The same picture, which says another size of itself."""
    at = data.index(marker) + len(marker) + skipped
    return data[:at] + size + data[at + len(size) :]


def broken_exif() -> bytes:
    """On its side, with a resolution in letters: what turns it upright fails."""
    fields = struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0) + struct.pack(
        "<HHI4s", 0x011A, 2, 4, b"low\0"
    )
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 2) + fields + bytes(4)


def without_codes(jpeg: bytes) -> bytes:
    """Less its Huffman tables, for which decoders have a default, as pictures of films do."""
    start = jpeg.index(b"\xff\xc4")
    return jpeg[:start] + jpeg[jpeg.index(b"\xff\xda") :]


def zeros_on_its_side(width: int, height: int) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 8
    told = chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0"))
    return png(width, height, told, chunk(b"IDAT", zeros((3 * width + 1) * height)))


def interlaced() -> bytes:
    """Adam7, 4 x 4, gray: pixels 1, 1, 2, 4 and 8 of the seven passes, as they lie there."""
    passes = b"\0\1" + b"\0\2" + b"\0\3\3" + b"\0\4\4\0\4\4"[:6] + (b"\0" + b"\5" * 4) * 2
    return (
        SIGNATURE
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 1))
        + chunk(b"IDAT", zlib.compress(passes))
        + chunk(b"IEND", b"")
    )


def several(second: tuple[int, int] = (40, 30)) -> bytes:
    """As cameras with two lenses have it (MPO)."""
    file = io.BytesIO()
    image().save(file, "MPO", save_all=True, append_images=[Image.new("RGB", second)])
    return file.getvalue()


def growing_gif(width: int, height: int) -> bytes:
    """An animation whose second frame is larger than the first says that all are."""
    file = io.BytesIO()
    Image.new("P", (width, height)).save(file, "GIF", optimize=False)
    whole = file.getvalue()
    second = whole[whole.index(b"," + struct.pack("<HHHH", 0, 0, width, height)) : -1]
    header = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    first = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return header + first + second + b";"
