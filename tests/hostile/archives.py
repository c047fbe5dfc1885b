"""Archives of fashion pictures: members, headers and wrappings that no packer means well with."""

import bz2
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from tests.hostile.cases import Case, Row, holding
from tests.hostile.tars import BLOCK, END, member, noise, pax
from tests.pog_dataset.raw_folder import PICTURES, picture

SOUND = PICTURES | {"f6.jpg": picture(7)}


def sound() -> bytes:
    return b"".join(member(name, content) for name, content in SOUND.items())


def packed(*odd: bytes) -> bytes:
    """All sound members, and behind them the odd ones."""
    return gzip.compress(sound() + b"".join(odd) + END, 1, mtime=0)


def members() -> Iterator[tuple[str, bytes]]:
    """Members that are no plain file, or have a name that leads elsewhere."""
    new = picture(9)
    kinds = {
        "a symbolic link": (b"2", b"/etc/passwd"),
        "a symbolic link out of the folder": (b"2", b"../../../etc/passwd"),
        "a hard link": (b"1", b"images/a1.jpg"),
        "a hard link out of the folder": (b"1", b"/etc/shadow"),
        "a character device": (b"3", b""),
        "a block device": (b"4", b""),
        "a fifo": (b"6", b""),
        "a member of an unknown kind": (b"Z", b""),
        "a volume of several": (b"M", b""),
        "a listing of a folder": (b"D", b""),
    }
    for name, (kind, target) in kinds.items():
        yield name, packed(member("new.jpg", b"", kind, link=target))
    names = {
        "an absolute name": "/etc/new.jpg",
        "a name that leads out": "../new.jpg",
        "a name that leads out and in again": "images/../../raw/new.jpg",
        "a name that leads out by a link": "images/..",
        "a name with a backslash": "images\\..\\new.jpg",
        "a name with a drive": "C:\\new.jpg",
        "an empty name": "",
        "a name of a dot": ".",
        "a name of two dots": "..",
        "a name of slashes": "///",
        "a name with a line end": "new\n.jpg",
        "a name that rings": "new\a.jpg",
        "a name that colours the screen": "\x1b[31mnew.jpg",
        "a name that is no UTF-8": "new\udcff.jpg",
        "a name with another ending": "new.jpg.exe",
        "a name of nothing but an ending": ".jpg",
        "a name in folders of folders": "a/" * 40 + "new.jpg",
    }
    for name, called in names.items():
        yield name, packed(member(called, new))
    yield (
        "a name of 5,000 letters by GNU",
        packed(member("././@LongLink", b"n" * 5_000 + b".jpg\0", b"L"), member("n", new)),
    )
    yield (
        "a name that leads out by GNU",
        packed(member("././@LongLink", b"../" * 50 + b"new.jpg\0", b"L"), member("n", new)),
    )
    yield "a name that leads out by pax", packed(pax(("path", "../../new.jpg")), member("n", new))
    yield (
        "an absolute name for all by pax",
        packed(pax(("path", "/etc/new.jpg"), kind=b"g"), member("n", new)),
    )
    yield "an empty member", packed(member("new.jpg"))
    yield "the same name twice", packed(member("images/a1.jpg", new))
    yield "the same item twice", packed(member("tops/a1.png", new))
    yield "a name in capitals", packed(member("IMAGES/A1.JPG", new))


def headers() -> Iterator[tuple[str, bytes]]:
    """Headers that lie."""
    new = picture(9)
    sizes = {
        "a negative size": struct.pack(">i8x", -1),
        "a negative size in base 256": b"\xff" * 12,
        "an enormous size in base 256": b"\x80" + b"\x7f" * 11,
        "a size of letters": b"abcdefghijk\0",
        "a size of nothing": bytes(12),
        "an octal size of 8 GiB": b"77777777777\0",
        "a size past the end": b"00000077777\0",
        "a size of spaces": b" " * 12,
    }
    for name, size in sizes.items():
        yield name, packed(member("new.jpg", new, size=size))
    for name, value in {
        "a negative size by pax": "-5",
        "an enormous size by pax": "9" * 30,
        "a size of letters by pax": "many",
        "a size of a million digits by pax": "9" * 1_000_000,
    }.items():
        yield name, packed(pax(("size", value)), member("new.jpg", new))
    yield "a wrong checksum", packed(member("new.jpg", new, sum=b"000000\0 "))
    yield "a header of noise", packed(noise(BLOCK), member("new.jpg", new))
    yield "a sparse file of old GNU", packed(member("new.jpg", new, b"S"))
    yield "a sparse file by pax", packed(
        pax(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "new.jpg"),
            ("GNU.sparse.realsize", "99999999999")),
        member("new.jpg", b"1\n0\n9\n".ljust(BLOCK, b"\0") + new),
    )  # fmt: skip
    yield (
        "a sparse file of a map without end",
        packed(
            pax(("GNU.sparse.map", "0,1," * 100_000), ("GNU.sparse.size", "1")),
            member("new.jpg", new),
        ),
    )
    yield (
        "a record of pax without its length",
        packed(member("././@PaxHeader", b"path=new.jpg\n", b"x"), member("n", new)),
    )
    yield (
        "a record of pax of length 0",
        packed(member("././@PaxHeader", b"0 path=new.jpg\n", b"x"), member("n", new)),
    )
    yield (
        "a record of pax past its end",
        packed(member("././@PaxHeader", b"99 path=new.jpg\n", b"x"), member("n", new)),
    )
    yield "a time of letters by pax", packed(pax(("mtime", "soon")), member("new.jpg", new))
    yield "headers of headers", packed(*[pax(("comment", "x"))] * 5_000, member("new.jpg", new))
    yield "a header with nothing behind it", packed(pax(("path", "new.jpg")))
    yield (
        "a header for a name of two gigabytes",
        packed(member("././@LongLink", b"", b"L", size=b"20000000000\0"), member("n", new)),
    )


def wrappings() -> Iterator[tuple[str, bytes | Callable[[], bytes]]]:
    """What is not one whole gzip file of one whole tar, and what is far too much."""
    whole, tar = packed(), sound() + END
    for share in (0.01, 0.3, 0.6, 0.95):
        yield f"cut off at {share:.0%}", whole[: int(len(whole) * share)]
    yield "cut off in its last eight bytes", whole[:-4]
    yield "a wrong checksum of gzip", whole[:-8] + bytes(4) + whole[-4:]
    yield "a wrong length of gzip", whole[:-4] + b"\1\2\3\4"
    yield "a plain tar", tar
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("images/a1.jpg", picture(1))
    yield "a zip", zipped.getvalue()
    yield "a bzip2", bz2.compress(tar)
    yield "an xz", lzma.compress(tar)
    yield "a gzip of a gzip", gzip.compress(whole, mtime=0)
    yield "a gzip of a zip", gzip.compress(zipped.getvalue(), mtime=0)
    yield "a gzip of nothing", gzip.compress(b"", mtime=0)
    yield "an archive of nothing", gzip.compress(END, mtime=0)
    yield "an archive without its end", gzip.compress(sound(), mtime=0)
    yield "two letters", b"\x1f\x8b"
    yield "a method of packing that is none", whole[:2] + b"\x07" + whole[3:]
    yield (
        "a name of a million letters in the header of gzip",
        (whole[:3] + b"\x08" + whole[4:10] + b"n" * 1_000_000 + b"\0" + whole[10:]),
    )
    yield "a name without end in the header of gzip", whole[:3] + b"\x08" + b"n" * 1_000_000
    yield "letters behind the end", whole + b"and then some"
    yield "another archive behind the end", whole + packed(member("new.jpg", picture(9)))
    yield "a page", b"<!DOCTYPE html><html><body>Sign in</body></html>"
    yield "an empty file", b""
    yield "a bomb of zeros in one member", lambda: bomb(member("new.jpg", bytes(15 << 20)) * 30)
    yield (
        "a bomb of one member of 8 GiB",
        lambda: bomb(member("new.jpg", b"", size=b"77777777777\0") + bytes(300 << 20)),
    )
    yield "a bomb behind the end", lambda: bomb(sound() + END + bytes(300 << 20))
    yield (
        "a million empty members",
        lambda: bomb(b"".join(member(f"{number}.jpg") for number in range(1_000_000))),
    )
    yield "a million folders", lambda: bomb(member("images/", b"", b"5") * 1_000_000 + sound())
    yield (
        "a member of 17 MiB",
        lambda: packed(member("new.jpg", noise(17 << 20))),
    )


def bomb(tar: bytes) -> bytes:
    """As small as it gets."""
    return gzip.compress(tar + END, 9, mtime=0)


def read() -> Iterator[tuple[str, bytes]]:
    """What may look odd and is right."""
    new = ("images/a1.jpg", PICTURES["images/a1.jpg"])
    others = b"".join(member(name, content) for name, content in SOUND.items() if name != new[0])
    yield "a leading dot", gzip.compress(others + member("./" + new[0], new[1]) + END)
    yield (
        "a name by pax",
        gzip.compress(others + pax(("path", "images/a1.jpg")) + member("n", new[1]) + END),
    )
    yield (
        "a name by GNU",
        gzip.compress(
            others + member("././@LongLink", b"images/a1.jpg\0", b"L") + member("n", new[1]) + END
        ),
    )
    yield (
        "a name of two parts",
        gzip.compress(
            others
            + member("a1.jpg", new[1], magic=b"ustar\00000".ljust(88, b"\0") + b"images")
            + END
        ),
    )
    yield "headers of 1979", gzip.compress(others + member(*new, kind=b"\0", magic=b"") + END)
    yield "a file in one piece", gzip.compress(others + member(*new, kind=b"7") + END)
    yield (
        "a size in base 256",
        gzip.compress(others + member(*new, size=b"\x80" + len(new[1]).to_bytes(11, "big")) + END),
    )
    tar = others + member(*new) + END
    yield (
        "several gzip members",
        b"".join(gzip.compress(tar[at : at + 1_000]) for at in range(0, len(tar), 1_000)),
    )
    yield "blocks that are not packed", gzip.compress(tar, 0)
    yield "zeros behind the end", gzip.compress(tar + bytes(20 * BLOCK))
    yield (
        "what a Mac leaves",
        gzip.compress(member("__MACOSX/._a1.jpg", b"x") + member("images/.DS_Store", b"x") + tar),
    )
    packer = zlib.compressobj(9, zlib.DEFLATED, 31, 9, zlib.Z_HUFFMAN_ONLY)
    yield "codes without repeats", packer.compress(tar) + packer.flush()


def cases() -> Iterator[Case]:
    for group in (members, headers, wrappings):
        for name, content in group():
            yield Case(
                "archives", name, "pog_dataset", holding("pog_dataset", "images.tar.gz", content)
            )
    width_and_bytes = {"image_width": 9, "image": PICTURES["images/a1.jpg"]}
    for name, content in read():
        harm = holding("pog_dataset", "images.tar.gz", content)
        yield Case("archives", name, "pog_dataset", harm, row=Row("items", "a1", width_and_bytes))
