"""Pictures among the stickers: broken, enormous, odd, and of formats that are not taken."""

import struct
import zlib
from collections.abc import Callable, Iterator

from PIL import ExifTags, Image, ImageCms

from tests.hostile.cases import Case, Row, holding
from tests.hostile.encoded import (
    animated,
    broken_exif,
    chunk,
    frames_of_gif,
    growing_gif,
    interlaced,
    png,
    saved,
    scans_of_jpeg,
    several,
    with_size,
    without_codes,
    zeros,
    zeros_on_its_side,
)
from tests.hostile.tars import noise

NAME = "images/01-panda-bear/sticker_1.jpg"


def broken() -> Iterator[tuple[str, bytes]]:
    for kind in ("JPEG", "PNG", "GIF", "WEBP", "BMP"):
        whole = saved(kind)
        yield f"{kind} cut in half", whole[: len(whole) // 2]
        yield f"{kind} of its first bytes", whole[:12]
    yield "a progressive JPEG cut in half", saved("JPEG", size=(400, 300), progressive=True)[:9_000]
    yield "an animation cut in half", animated("GIF")[:3_000]
    yield "zero bytes", b""
    yield "zeros", bytes(4_096)
    yield "a page", b"<!DOCTYPE html><html><body>404</body></html>"
    yield "text", b"a picture"
    data = bytearray(saved("PNG"))
    data[len(data) // 2] ^= 0x10
    yield "a PNG with a wrong checksum", bytes(data)
    yield "a PNG without pixels", png(4, 4)
    yield "a PNG of no size", png(0, 0, chunk(b"IDAT", zlib.compress(b"")))
    yield (
        "a PNG of a depth that is none",
        png(4, 4, chunk(b"IDAT", zlib.compress(bytes(52))), depth=7),
    )
    yield "a GIF without a frame", frames_of_gif(4, 4, 0)
    yield "a JPEG of noise", saved("JPEG")[:300] + noise(2_000) + b"\xff\xd9"
    yield "EXIF that cannot be turned", saved("JPEG", exif=broken_exif())


def enormous() -> Iterator[tuple[str, bytes | Callable[[], bytes]]]:
    far = 30_000
    yield "a PNG that says 30000 x 30000", png(far, far, chunk(b"IDAT", zlib.compress(bytes(99))))
    jpeg = saved("JPEG")
    yield (
        "a JPEG that says 30000 x 30000",
        with_size(jpeg, b"\xff\xc0", 3, struct.pack(">HH", far, far)),
    )
    gif = saved("GIF")
    yield "a GIF that says 30000 x 30000", gif[:6] + struct.pack("<HH", far, far) + gif[10:]
    bmp = saved("BMP")
    yield "a BMP that says 30000 x 30000", bmp[:18] + struct.pack("<ii", far, far) + bmp[26:]
    webp = saved("WEBP", lossless=True)
    yield "a WebP that says 16384 x 16384", with_size(webp, b"VP8L", 5, b"\xff\xff\xff\x0f")
    yield (
        "a PNG of 9000 x 9000 zeros",
        lambda: png(9_000, 9_000, chunk(b"IDAT", zeros(27_001 * 9_000))),
    )
    yield (
        "a PNG of 40000 x 40000 bits",
        lambda: png(40_000, 40_000, chunk(b"IDAT", zeros(5_001 * 40_000)), depth=1, colour=0),
    )
    yield (
        "text of 300 MB in a PNG",
        lambda: png(
            4,
            4,
            chunk(b"zTXt", b"k\0\0" + zeros(300 << 20)),
            chunk(b"IDAT", zlib.compress(bytes(52))),
        ),
    )
    yield (
        "a colour profile of 300 MB in a PNG",
        lambda: png(
            4,
            4,
            chunk(b"iCCP", b"k\0\0" + zeros(300 << 20)),
            chunk(b"IDAT", zlib.compress(bytes(52))),
        ),
    )
    yield "a hundred thousand frames", lambda: frames_of_gif(4, 3, 100_000)
    yield "a thousand frames of 5000 x 5000", lambda: frames_of_gif(5_000, 5_000, 1_000)
    yield "a second frame of 9400 x 9400", lambda: growing_gif(9_400, 9_400)
    yield "a second picture of 9400 x 9400", lambda: several((9_400, 9_400))
    yield (
        "several JPEGs, one of 3,000 scans",
        lambda: several((40, 30)).replace(b"\xff\xd9", b"\xff\xda\0\2" * 3_000 + b"\xff\xd9", 1),
    )
    yield "a JPEG of 3,000 scans", lambda: scans_of_jpeg(5_000, 5_000, 3_000)
    yield "a JPEG of 16 MiB and a byte", lambda: jpeg.ljust((16 << 20) + 1, b"\0")


def of_other_formats() -> Iterator[tuple[str, bytes]]:
    for kind in (
        "TIFF",
        "ICO",
        "TGA",
        "PPM",
        "PCX",
        "JPEG2000",
        "DDS",
        "ICNS",
        "EPS",
        "PDF",
        "AVIF",
    ):
        yield kind, saved(kind)
    yield "SVG", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
    yield (
        "PostScript that runs",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(ran) (w) file\n",
    )
    yield "a Windows metafile", b"\xd7\xcd\xc6\x9a" + bytes(80)
    yield "a Photoshop file", b"8BPS\0\1" + bytes(80)


def odd() -> Iterator[tuple[str, bytes, int, int, str]]:
    """What decodes, with its width, height and mode."""
    size = (40, 30)
    yield "a PNG under another ending", saved("PNG"), *size, "RGB"
    yield "a WebP under another ending", saved("WEBP"), *size, "RGB"
    yield "a JPEG in CMYK", saved("JPEG", "CMYK"), *size, "CMYK"
    yield "a JPEG in gray", saved("JPEG", "L"), *size, "L"
    yield "a progressive JPEG", saved("JPEG", progressive=True), *size, "RGB"
    yield "a JPEG with letters behind it", saved("JPEG") + b"PK\3\4 and an archive", *size, "RGB"
    yield "a JPEG with a comment", saved("JPEG", comment=b"\xff" * 65_000), *size, "RGB"
    yield "a PNG of 16 bits", saved("PNG", "I;16"), *size, "I;16"
    yield "a JPEG without tables of codes", without_codes(saved("JPEG")), *size, "RGB"
    yield "a PNG of 5000 x 5000", zeros_on_its_side(5_000, 5_000), 5_000, 5_000, "RGB"
    yield "an animation of 10 large frames", frames_of_gif(5_000, 5_000, 10), 5_000, 5_000, "P"
    yield "a JPEG of 45 scans", scans_of_jpeg(5_000, 5_000, 35), 5_000, 5_000, "L"
    yield "a JPEG of 16 MiB", saved("JPEG").ljust(16 << 20, b"\0"), *size, "RGB"
    yield "a GIF that says 0 x 0", saved("GIF")[:6] + bytes(4) + saved("GIF")[10:], *size, "P"
    few = chunk(b"IDAT", zlib.compress(bytes(121 * 20)))
    yield "a PNG of half its pixels", png(40, 40, few), 40, 40, "RGB"
    yield "200 MB behind few pixels", png(4, 4, chunk(b"IDAT", zeros(200 << 20))), 4, 4, "RGB"
    rows = b"".join(b"\0" + bytes(range(240)) for _ in range(30))
    yield (
        "a PNG of 48 bits",
        png(40, 30, chunk(b"IDAT", zlib.compress(rows)), depth=16),
        *size,
        "RGB",
    )
    yield "a PNG of one bit", saved("PNG", "1"), *size, "1"
    yield "a palette with transparency", saved("PNG", "P", transparency=0), *size, "P"
    yield (
        "a palette with many transparencies",
        saved("PNG", "P", transparency=bytes(range(256))),
        *size,
        "P",
    )
    yield "gray with transparency", saved("PNG", "LA"), *size, "LA"
    yield "colours with transparency", saved("PNG", "RGBA"), *size, "RGBA"
    yield "an interlaced PNG", interlaced(), 4, 4, "L"
    yield "an animated GIF", animated("GIF"), *size, "P"
    yield "an animated PNG", animated("PNG"), *size, "RGB"
    yield "an animated WebP", animated("WEBP"), *size, "RGB"
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    yield "a JPEG on its side", saved("JPEG", exif=exif), 30, 40, "RGB"
    yield "a PNG on its side", saved("PNG", exif=exif), 30, 40, "RGB"
    exif[ExifTags.Base.Orientation] = 99
    yield "a JPEG on a side that is none", saved("JPEG", exif=exif), *size, "RGB"
    yield (
        "EXIF of noise",
        saved("JPEG", exif=b"Exif\0\0" + noise(500)),
        *size,
        "RGB",
    )
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    yield "a colour profile", saved("JPEG", icc_profile=profile), *size, "RGB"
    yield "a colour profile of noise", saved("JPEG", icc_profile=bytes(5_000)), *size, "RGB"
    yield "a colour profile in a PNG", saved("PNG", icc_profile=profile), *size, "RGB"
    bmp = bytearray(saved("BMP"))
    bmp[22:26] = struct.pack("<i", -30)
    yield "a BMP from top to bottom", bytes(bmp), *size, "RGB"
    yield "one pixel", saved("PNG", size=(1, 1)), 1, 1, "RGB"
    yield "a line of 65,000 pixels", saved("PNG", "L", size=(65_000, 1)), 65_000, 1, "L"
    yield "several pictures in one JPEG", several(), *size, "RGB"


def cases() -> Iterator[Case]:
    for group in (broken, enormous, of_other_formats):
        for name, content in group():
            yield Case("pictures", name, "ser30k", holding("ser30k", NAME, content))
    for name, content, width, height, mode in odd():
        told = {"image": content, "image_width": width, "image_height": height, "image_mode": mode}
        row = Row("items", NAME.removeprefix("images/"), told)
        yield Case("pictures", name, "ser30k", holding("ser30k", NAME, content), row=row)
