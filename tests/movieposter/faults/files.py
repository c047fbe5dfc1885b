"""Files that are not there, or not what their name says."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.faults import Fault
from tests.movieposter.raw_folder import RATINGS, edit, replace, write_pickle

OPTIONAL = "links.csv"
CUT = {  # where a download broke off, in bytes from the start or, below 0, from the end
    "info.csv": -16,
    "ratings.csv": -12,
    "links.csv": -10,
    "my_valid_data.txt": -5,
    "style_captions.pkl": -1,
    "target_captions.pkl": -40,
    "image_data.pkl": 480,  # numpy 1 and 2 write names of unlike lengths
}
PAGE = b"<!DOCTYPE html>\n<html><title>Sign in to continue</title></html>\n"


def replaced(name: str, content: bytes | None) -> Callable[[Path], None]:
    return lambda raw: replace(raw, name, content)


def cut(name: str) -> Callable[[Path], None]:
    return lambda raw: replace(raw, name, (raw / "movieposter" / name).read_bytes()[: CUT[name]])


def every_file_missing(raw: Path) -> None:
    for path in (raw / "movieposter").iterdir():
        path.unlink()


def folder_missing(raw: Path) -> None:
    shutil.rmtree(raw / "movieposter")


def folder_is_a_file(raw: Path) -> None:
    folder_missing(raw)
    (raw / "movieposter").write_bytes(b"")


def file_is_a_folder(raw: Path) -> None:
    replace(raw, "ratings.csv", None)
    (raw / "movieposter" / "ratings.csv").mkdir()


def column_missing(raw: Path) -> None:
    edit(raw, "ratings.csv", "userId,movieId,rating,timestamp", "userId,movieId,rating,time")


def column_twice(raw: Path) -> None:
    edit(raw, "info.csv", "id,name,genre", "id,id,genre")


def header_missing(raw: Path) -> None:
    edit(raw, "links.csv", "movieId,imdbId,tmdbId\n", "")


def columns_further(raw: Path) -> None:
    lines = RATINGS.splitlines()
    text = "".join(f"{line},{'device' if line == lines[0] else 'phone'}\n" for line in lines)
    replace(raw, "ratings.csv", text.encode())


def quote_unclosed(raw: Path) -> None:
    edit(raw, "info.csv", "Cité", '"Cité')


def program_in_pickle(raw: Path) -> None:
    replace(raw, "image_data.pkl", b"cos\nsystem\n(S'echo harm'\ntR.")


def pickle_of_a_list(raw: Path) -> None:
    write_pickle(raw / "movieposter" / "style_captions.pkl", ["misty water", "green"])


def text_for_a_pickle(raw: Path) -> None:
    replace(raw, "target_captions.pkl", b"1,two toys in front of a blue sky\n")


def large_file_pointer(raw: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 11811160064\n"
    replace(raw, "image_data.pkl", pointer)


FAULTS = (
    *(Fault(f"missing_{name}", 1, replaced(name, None)) for name in CUT if name != OPTIONAL),
    *(Fault(f"empty_{name}", 1, replaced(name, b"")) for name in CUT),
    *(Fault(f"page_{name}", 1, replaced(name, PAGE)) for name in CUT),
    *(Fault(f"truncated_{name}", 1, cut(name)) for name in CUT),
    Fault("every_file_missing", 1, every_file_missing),
    Fault("folder_missing", 1, folder_missing),
    Fault("folder_is_a_file", 1, folder_is_a_file),
    Fault("file_is_a_folder", 1, file_is_a_folder),
    Fault("column_missing", 1, column_missing),
    Fault("column_twice", 1, column_twice),
    Fault("header_missing", 1, header_missing),
    Fault("columns_further", 0, columns_further),
    Fault("quote_unclosed", 1, quote_unclosed),
    Fault("program_in_pickle", 1, program_in_pickle),
    Fault("pickle_of_a_list", 1, pickle_of_a_list),
    Fault("text_for_a_pickle", 1, text_for_a_pickle),
    Fault("large_file_pointer", 1, large_file_pointer),
)
