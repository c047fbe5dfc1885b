"""What a fuzzer feeds: each target reads the bytes as a raw file.

A reader may report problems, and may raise BadData; whatever else it raises is a finding. So is a
value that cannot be published: text that is no Unicode, a name that leads out of its folder.
"""

import gzip
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from movieposter import raw as movies
from pmg.problems import BadData, FileReport, Problems
from pmg.raw.json_files import read_captions
from pmg.raw.pickles import open_pickle
from pmg.raw.tarballs import contents
from pog_dataset import raw as fashion
from tests.hostile.cases import WRITERS

WRAPPED = b"\x1f\x8b"  # of an archive; other bytes are fed as the tar in one
Target = Callable[[Path, bytes], None]


def pickles(folder: Path, data: bytes) -> None:
    path = put(folder, "image_data.pkl", data)
    with suppress(BadData), open_pickle(path, "posters") as mapping:
        for key in mapping:
            mapping.header(key)
            with suppress(BadData):
                repr(mapping[key])


def tables(folder: Path, data: bytes) -> None:
    readers = (
        *(movies.read_movies, movies.read_ratings, movies.read_links),
        *(fashion.read_items, fashion.read_outfits, fashion.read_users),
    )
    path = put(folder, "table.csv", data)
    for reader in readers:
        for encoding in ("utf-8", "gb18030"):
            problems = Problems()
            with suppress(BadData):
                for record in reader(path, encoding, problems):
                    repr(record).encode()
            told(problems)


def validation(folder: Path, data: bytes) -> None:
    path, problems = put(folder, "my_valid_data.txt", data), Problems()
    with suppress(BadData):
        for line in movies.read_validation(path, "utf-8", problems):
            assert line.history
            assert min(*line.history, line.target) >= 0
    told(problems)


def captions(folder: Path, data: bytes) -> None:
    path, problems = put(folder, "captions.json", data), Problems()
    with suppress(BadData):
        for phrases in read_captions(path, "utf-8", problems).values():
            "".join(phrases).encode()
    told(problems)


def archives(folder: Path, data: bytes) -> None:
    packed = data if data.startswith(WRAPPED) else gzip.compress(data, 1, mtime=0)
    path, problems = put(folder, "images.tar.gz", packed), Problems()
    for name, content in contents(path, FileReport("pog_dataset/images.tar.gz", problems)):
        name.encode()
        assert content
        assert not name.startswith("/")
        assert ".." not in Path(name).parts
    told(problems)


FINDINGS = Path(__file__).parent / "findings"  # a folder for each target
FILES = {
    "pickles": "*.pkl",
    "tables": "*.csv",
    "validation": "my_valid_data.txt",
    "captions": "captions.json",
    "archives": "*.tar.gz",
}
TARGETS: Mapping[str, Target] = {
    "pickles": pickles,
    "tables": tables,
    "validation": validation,
    "captions": captions,
    "archives": archives,
}


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def told(problems: Problems) -> None:
    """Every problem is one line that can be printed."""
    for sentence in problems.sentences():
        assert "\n" not in sentence
        sentence.encode()


def seeds(target: str, folder: Path) -> Iterator[bytes]:
    """Sound raw files to start from."""
    for write_raw in WRITERS.values():
        write_raw(folder)
    for path in sorted(folder.rglob(FILES[target])):
        yield path.read_bytes()
        if target == "archives":
            yield gzip.decompress(path.read_bytes())
