"""A raw folder with fifty kinds of fault."""

import tarfile
from collections.abc import Sequence
from pathlib import Path

from tests.faults import Fault
from tests.movieposter.faults import FAULTS as OF_MOVIES
from tests.movieposter.raw_folder import write_raw as write_movies
from tests.pog_dataset.raw_folder import ITEMS, OUTFITS, PICTURES, USERS, picture, write_archive
from tests.pog_dataset.raw_folder import write_raw as write_fashion
from tests.ser30k.faults import FAULTS as OF_STICKERS
from tests.ser30k.raw_folder import write_raw as write_stickers

MOVIES = (
    *("rating_of_unknown_movie", "posters_of_unknown_movies", "captions_of_unknown_movies"),
    *("links_of_unknown_movies", "movies_twice", "links_twice", "ratings_twice"),
    *("ratings_all_wrong", "ratings_timed_in_milliseconds", "ratings_that_are_no_numbers"),
    *("posters_of_other_types", "posters_too_large", "validation_of_unknown_ids"),
    *("validation_without_comma", "bytes_that_are_not_utf_8", "nul_bytes"),
)
STICKERS = (
    *("stickers_without_file", "captions_twice", "captions_of_other_types"),
    *("files_that_are_no_stickers", "links", "entries_twice"),
)
CAPTIONS = """{
 "a1": 7, "b2": ["x", {}], "c3": "\\ud83d", "d4": "hat", "d4": "cap", "zz": "of an unknown item",
 "e5": "", "f6": " "
}"""


def write_raw(raw: Path) -> Path:
    """Write all three domains; answers with `raw`, which commands take."""
    for write, faults, kinds in (
        (write_movies, OF_MOVIES, MOVIES),
        (write_stickers, OF_STICKERS, STICKERS),
    ):
        write(raw)
        do_harm(raw, faults, kinds)
    write_fashion(raw, {
        "item_data.csv": f"{ITEMS}a1,c1,again,,\n,c1,no id,,\nh8,too few\ni 9,c1,spaces,,\n",
        "outfit_data.csv": f"{OUTFITS}o1,a1\no4,\no5,a1;zz\no6,a1;;a1\no7\n",
        "user_data.csv": f"{USERS}u5,zz,o1\nu6,a1,o9\n,a1,o1\nu7,a1;;b2,o1\nu8,a1",
    })  # fmt: skip
    (raw / "pog_dataset" / "captions.json").write_text(CAPTIONS, encoding="utf-8")
    write_archive(raw, {**PICTURES, **odd_members()})
    return raw


def do_harm(raw: Path, faults: Sequence[Fault], kinds: Sequence[str]) -> None:
    by_kind = {fault.kind: fault for fault in faults}
    for kind in kinds:
        by_kind[kind].harm(raw)


def odd_members() -> dict[str, bytes | tarfile.TarInfo]:
    link = tarfile.TarInfo("images/link.jpg")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    device = tarfile.TarInfo("images/device.jpg")
    device.type = tarfile.FIFOTYPE
    return {
        "link": link,
        "device": device,
        "../out.jpg": picture(1),
        "images/empty.jpg": b"",
        "images/f6.jpg": picture(7)[:-60],
        "images/a1.png": picture(2, "PNG"),
        "images/zz.jpg": picture(3),
        "readme.txt": b"read me",
    }
