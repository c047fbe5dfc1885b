"""A tiny raw folder, written with plain code: 8 stickers, 2 topics; nothing in it is at fault.

A test breaks one thing in it: `edit` changes a text, `replace` a file.
"""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

from PIL import Image

EMOTIONS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
CATEGORIES = {str(number): name for number, name in enumerate(EMOTIONS, 1)}
PANDA, CAT = "01-panda-bear", "02-cat"
NAMES = {
    PANDA: ("sticker_1.jpg", "sticker_2.png", "sticker_3.gif", "sticker_4.webp", "sticker_10.bmp"),
    CAT: ("sticker_1.jpg", "sticker_2.jpg", "sticker_11.jpg"),
}
ITEM_IDS = tuple(f"{topic}/{name}" for topic, names in NAMES.items() for name in names)
SPLIT_OF = {"train": ITEM_IDS[:5], "val": ITEM_IDS[5:6], "test": ITEM_IDS[6:]}
CAPTIONS: dict[str, Any] = {item_id: f"what is seen on {item_id}" for item_id in ITEM_IDS}
STYLE_CAPTIONS: dict[str, Any] = {
    item_id: [f"what is liked in {item_id}", "gentle "] for item_id in ITEM_IDS
}
FORMATS = {"jpg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP", "bmp": "BMP"}


def picture(number: int, image_format: str) -> bytes:
    """An encoded picture of no meaning; every sticker has its own."""
    file = io.BytesIO()
    colour = (number * 29 % 256, number * 53 % 256, 90)
    Image.new("RGB", (4 + number % 3, 4), colour).save(file, image_format)
    return file.getvalue()


def annotation(item_id: str) -> dict[str, Any]:
    """What a JSON file says of a sticker."""
    topic, _, name = item_id.partition("/")
    verdict = ITEM_IDS.index(item_id) % len(EMOTIONS) + 1
    text = "HELLO" if name == "sticker_1.jpg" else ""
    said = {"anno1": verdict, "anno2": verdict, "anno3": 7, "anno": verdict}
    return {"topic": topic, "file_name": name, "text": text} | said


def write_raw(raw: Path) -> Path:
    """Write `raw`/ser30k; answers with `raw`, which commands take."""
    folder = raw / "ser30k"
    for number, item_id in enumerate(ITEM_IDS):
        path = folder / "images" / item_id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture(number, FORMATS[path.suffix[1:]]))
    write_json(folder / "captions.json", CAPTIONS)
    write_annotations(raw, "all_annos.json", ITEM_IDS)
    for split, item_ids in SPLIT_OF.items():
        write_annotations(raw, f"image-level/{split}.json", item_ids)
    return raw


def write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


def write_style_captions(raw: Path, captions: object = STYLE_CAPTIONS) -> None:
    """Put the file there, which may be absent."""
    write_json(raw / "ser30k" / "style_captions.json", captions)


def write_annotations(
    raw: Path, name: str, item_ids: tuple[str, ...], categories: object = CATEGORIES
) -> None:
    value = {"annotations": [annotation(item_id) for item_id in item_ids], "categories": categories}
    write_json(raw / "ser30k" / "annotations" / name, value)


def change(raw: Path, item_id: str, *, everywhere: bool = False, **values: object) -> None:
    """Change what all_annos.json, or every file, says of a sticker."""
    topic, _, name = item_id.partition("/")
    for path in sorted((raw / "ser30k" / "annotations").rglob("*.json")):
        if not everywhere and path.name != "all_annos.json":
            continue
        content = json.loads(path.read_text(encoding="utf-8"))
        for entry in content["annotations"]:
            if (entry["topic"], entry["file_name"]) == (topic, name):
                entry.update(values)
        write_json(path, content)


def edit(raw: Path, name: str, old: str, new: str) -> None:
    """Replace the first `old` in a text file."""
    path = raw / "ser30k" / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def replace(raw: Path, name: str, content: bytes | None) -> None:
    """Put other bytes in place of a file, or a file where there is none; None removes it."""
    path = raw / "ser30k" / name
    path.unlink(missing_ok=True)
    if content is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def digests(raw: Path) -> dict[str, str]:
    """Every file below `raw` by name, as a digest of its bytes."""
    return {
        str(path.relative_to(raw)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(raw.rglob("*"))
        if path.is_file()
    }
