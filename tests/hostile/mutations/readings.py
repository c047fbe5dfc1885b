"""Raw files as csv, json, tarfile and Python's pickle read them: what tables must say.

Nothing here is shared with the readers that are tested. What the others cannot read is left out;
of an id that is there twice, the first stays.
"""

import contextlib
import csv
import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

UNPICKLE = Path(__file__).with_name("unpickle.py")
ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif")
SPACES = " \t\xa0\u3000"  # what an id or a number may have around it
DIGITS = re.compile("[0-9]{1,18}")
NUMBER = re.compile("[0-9]+([.][0-9]+)?")
Tables = dict[str, list[dict[str, Any]]]  # rows by table, with the columns that raw files tell


def movies(raw: Path) -> Tables:
    style, target = (caption_texts(raw / f"{name}_captions.pkl") for name in ("style", "target"))
    posters = dict(unpickled(raw / "image_data.pkl"))
    links = {line["movieId"].strip(SPACES): line for line in reversed(lines(raw / "links.csv"))}
    items = []
    for line in with_numbers(lines(raw / "info.csv"), "id"):
        own = number(line["id"])
        link = links.get(own, {"imdbId": "", "tmdbId": ""})
        genres = [] if line["genre"] == "(no genres listed)" else line["genre"].split("|")
        items.append({
            "item_id": own,
            "title": line["name"] if line["name"].strip() else None,
            "genres": [genre for genre in genres if genre.strip()],
            "style_caption": style.get(own),
            "target_caption": target.get(own),
            "image_sha256": posters.get(own),
            "imdb_id": link["imdbId"].strip(SPACES) or None,
            "tmdb_id": link["tmdbId"].strip(SPACES) or None,
        })  # fmt: skip
    ratings = [
        {
            "user_id": number(line["userId"]),
            "item_id": number(line["movieId"]),
            "rating": float(line["rating"].strip(SPACES)),
            "timestamp": int(line["timestamp"].strip(SPACES)),
        }
        for line in with_numbers(lines(raw / "ratings.csv"), "userId", "movieId", "timestamp")
        if NUMBER.fullmatch(line["rating"].strip(SPACES))
    ]
    return {"items": items, "interactions": ratings, "validation": list(validation(raw))}


def validation(raw: Path) -> Iterator[dict[str, Any]]:
    text = (raw / "my_valid_data.txt").read_bytes().decode("utf-8-sig", "replace")
    for line in text.split("\n"):
        history, _, target = line.strip(SPACES + "\r").partition(",")
        numbers = [*ids(history), target.strip(SPACES)]
        if all(DIGITS.fullmatch(each) for each in numbers):
            *before, wanted = map(number, numbers)
            yield {"history_ids": before, "target_id": wanted}


def fashion(raw: Path) -> Tables:
    captions = json_captions(raw / "captions.json")
    pictures = packed_pictures(raw / "images.tar.gz")
    items = [
        {
            "item_id": line["item_id"].strip(SPACES),
            "title": line["title"] if line["title"].strip() else None,
            "description": line["desc"] if line.get("desc", "").strip() else None,
            "cate_id": line["cate_id"].strip(SPACES) or None,
            "pic_url": line.get("pic_url", "").strip(SPACES) or None,
            "caption": captions.get(line["item_id"].strip(SPACES)),
            "image_sha256": pictures.get(line["item_id"].strip(SPACES)),
        }
        for line in lines(raw / "item_data.csv")
    ]
    outfits = [
        {"outfit_id": line["outfit_id"].strip(SPACES), "item_ids": unique(ids(line["item_ids"]))}
        for line in lines(raw / "outfit_data.csv")
    ]
    return {"items": items, "outfits": outfits, "interactions": list(events(raw))}


def packed_pictures(path: Path) -> dict[str, str]:
    """Digests of the members by the item they are named for, up to where the archive is broken."""
    pictures: dict[str, str] = {}
    with (
        contextlib.suppress(EOFError, OSError, zlib.error, tarfile.TarError, ValueError),
        gzip.open(path) as file,
        tarfile.open(fileobj=file) as tar,
    ):
        for member in tar:
            name = PurePosixPath(member.name)
            content = tar.extractfile(member) if member.isreg() else None
            if content and name.suffix.lower() in ENDINGS:
                pictures.setdefault(name.stem, digest(content.read()))
    return pictures


def events(raw: Path) -> Iterator[dict[str, Any]]:
    for line in lines(raw / "user_data.csv"):
        user = {"user_id": line["user_id"].strip(SPACES), "item_id": None, "outfit_id": None}
        yield from (user | {"item_id": item} for item in ids(line["item_history"]))
        yield from (user | {"outfit_id": outfit} for outfit in ids(line["outfit_history"]))


def stickers(raw: Path) -> Tables:
    captions = json_captions(raw / "captions.json")
    annotated: dict[str, dict[str, Any]] = {}
    split_of: dict[str, str] = {}
    files = [raw / "annotations" / "all_annos.json"]
    files += [
        raw / "annotations" / "image-level" / f"{split}.json" for split in ("train", "val", "test")
    ]
    for path in files:
        for entry in json_of(path).get("annotations", []):
            if not {"topic", "file_name"} <= entry.keys():
                continue
            own = f"{entry['topic']}/{entry['file_name']}"
            annotated.setdefault(own, entry)
            if path.stem != "all_annos":
                split_of.setdefault(own, path.stem)
    items = []
    found = {path.relative_to(raw / "images").as_posix() for path in (raw / "images").glob("*/*")}
    for own in found | annotated.keys():
        path, said = raw / "images" / own, annotated.get(own)
        items.append({
            "item_id": own,
            "caption": captions.get(own),
            "text": said["text"] if said and said.get("text") and said["text"].strip() else None,
            "emotion": verdict(said, "anno"),
            "annotator_1": verdict(said, "anno1"),
            "annotator_2": verdict(said, "anno2"),
            "annotator_3": verdict(said, "anno3"),
            "annotation_split": split_of.get(own),
            "image_sha256": digest(path.read_bytes()) if path.exists() else None,
        })  # fmt: skip
    return {"items": items}


READINGS: dict[str, Callable[[Path], Tables]] = {
    "movieposter": movies,
    "pog_dataset": fashion,
    "ser30k": stickers,
}


def lines(path: Path) -> list[dict[str, str]]:
    """Records of a table by column, of those that are text and have a value for each."""
    text = path.read_bytes().decode("utf-8-sig", "replace")
    records = list(csv.DictReader(io.StringIO(text, newline="")))
    return [
        {name.strip(): value for name, value in record.items()}
        for record in records
        if None not in record and None not in record.values()
        if not any("\ufffd" in value or "\0" in value for value in record.values())
    ]


def with_numbers(records: list[dict[str, str]], *columns: str) -> list[dict[str, str]]:
    return [
        each
        for each in records
        if all(DIGITS.fullmatch(each[name].strip(SPACES)) for name in columns)
    ]


def number(text: str) -> str:
    return str(int(text.strip(SPACES)))


def ids(text: str) -> list[str]:
    return [part.strip(SPACES) for part in text.split(";") if part.strip(SPACES)]


def unique(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


def verdict(said: dict[str, Any] | None, key: str) -> int | None:
    with contextlib.suppress(TypeError, ValueError, KeyError):
        return int(said[key]) - 1 if said else None
    return None


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def json_of(path: Path) -> dict[str, Any]:
    """An object; an empty one where there is none."""

    def first_wins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return dict(reversed(pairs))

    try:
        text = path.read_bytes().decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=first_wins)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def json_captions(path: Path) -> dict[str, str | None]:
    return {key: one_line(value) for key, value in json_of(path).items()}


def caption_texts(path: Path) -> dict[str, str | None]:
    return {key: one_line(value) for key, value in unpickled(path)}


def one_line(value: object) -> str | None:
    parts = value if isinstance(value, list) else [value]
    texts = [part.strip() for part in parts if isinstance(part, str) and "\ufffd" not in part]
    return ", ".join(filter(None, texts)) or None if len(texts) == len(parts) else None


def unpickled(path: Path) -> list[tuple[str, Any]]:
    """Entries of a pickled dict; arrays as their digests. None, where Python cannot read it."""
    entries = by_python(path.read_bytes())
    return [(number(key), value) for key, value in entries if DIGITS.fullmatch(key.strip(SPACES))]


@lru_cache(maxsize=16)
def by_python(content: bytes) -> list[list[Any]]:
    run = subprocess.run(
        [sys.executable, UNPICKLE], input=content, capture_output=True, check=False
    )
    entries: list[list[Any]] = json.loads(run.stdout) if run.returncode == 0 else []
    return entries
