"""JSON of captions and annotations: broken, enormous, or of other values than it should hold."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.hostile.cases import holding
from tests.pog_dataset.raw_folder import CAPTIONS
from tests.ser30k.raw_folder import CATEGORIES, ITEM_IDS, annotation

Content = bytes | Callable[[], bytes]


def captions() -> Iterator[tuple[str, Content]]:
    """JSON of fashion captions."""
    text = json.dumps(CAPTIONS)
    changed = text.replace('"what is seen on d4"', "{}")
    for name, value in {
        "NaN": "NaN",
        "infinity": "-Infinity",
        "a number": "7",
        "null": "null",
        "true": "true",
        "an object": '{"en": "a"}',
        "a list of numbers": "[1]",
        "a list in a list": '[["a"]]',
        "half a character": '"\\ud83d"',
        "the other half": '"\\ude00"',
        "a number of 5,000 digits": "9" * 5_000,
        "a number that is too large": "1e999",
        "a text in single quotes": "'a'",
        "a control character": '"a\nb"',
        "an escape that is none": '"\\x41"',
        "nothing": "",
        "a comment": '"a" /* b */',
    }.items():
        yield f"a caption of {name}", changed.replace("{}", value).encode()
    yield "a key twice", text.replace('"d4"', '"c3"').encode()
    yield "a key of half a character", text.replace('"d4"', '"\\ud83d"').encode()
    yield "a comma at the end", text.replace("}", ",}").encode()
    yield "no end", text[:-1].encode()
    yield "two objects", (text + text).encode()
    yield "a line for each", "\n".join(json.dumps({k: v}) for k, v in CAPTIONS.items()).encode()
    yield "a list", json.dumps(list(CAPTIONS.items())).encode()
    yield "a text", b'"captions"'
    yield "lists nested 100,000 deep", b"[" * 100_000
    yield "objects nested 100,000 deep", b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield (
        "a caption nested 100,000 deep",
        changed.replace("{}", "[" * 100_000 + "]" * 100_000).encode(),
    )
    yield "UTF-16", text.encode("utf-16")
    yield "a byte that is no UTF-8", text.replace("d4", "d\x00").encode().replace(b"\0", b"\xe9")
    yield "ten million empty lists", lambda: b"[" + b"[]," * 10_000_000 + b"[]]"
    yield "ten million numbers", lambda: b"[" + b"1," * 10_000_000 + b"1]"
    yield "two million objects", lambda: b"[" + b'{"a":{}},' * 2_000_000 + b"{}]"
    yield (
        "a caption of 100 MB",
        lambda: changed.replace("{}", '"' + "x" * 100_000_000 + '"').encode(),
    )


def annotations() -> Iterator[tuple[str, object]]:
    """JSON of the stickers' annotations: what stands for one of them, or for all."""
    sound = [annotation(item_id) for item_id in ITEM_IDS]
    first: dict[str, object] = sound[0]
    others = sound[1:]
    odd: dict[str, dict[str, object]] = {
        "a topic that leads out": {"topic": "../../etc"},
        "a file that leads out": {"file_name": "../sticker_1.jpg"},
        "a file of a number": {"file_name": 7},
        "a topic of null": {"topic": None},
        "a topic of 8 million letters": {"topic": "a1" * 4_000_000},
        "a verdict of 0": {"anno": 0},
        "a verdict of 8": {"anno": 8},
        "a verdict of 3.5": {"anno": 3.5},
        "a verdict of a word": {"anno": "anger"},
        "a verdict of true": {"anno": True},
        "a verdict of 10^400": {"anno": 10**400},
        "a verdict of null": {"anno": None},
        "a text of a list": {"text": ["a"]},
        "a text of half a character": {"text": "\ud83d"},
        "a text of two million letters": {"text": "x" * 2_000_000},
    }
    for name, values in odd.items():
        yield name, {"annotations": [first | values, *others], "categories": CATEGORIES}
    yield "an annotation that is a list", {"annotations": [[1], *others], "categories": CATEGORIES}
    yield "an annotation twice", {"annotations": [first, *sound], "categories": CATEGORIES}
    yield "annotations in an object", {"annotations": {"1": first}, "categories": CATEGORIES}
    yield "no annotations", {"categories": CATEGORIES}
    yield "a list", sound
    for name, categories in {
        "a class twice": {str(n): "anger" for n in range(1, 8)},
        "a gap": {"1": "anger", "3": "fear"},
        "a number for a name": {str(n): n for n in range(1, 8)},
        "a list": ["anger", "fear"],
        "ten thousand names": {str(n): f"e{n}" for n in range(1, 10_001)},
        "a next line in a name": {"1": "a\x85b"},
        "a line end in a name": {"1": "a\nb"},
        "a bar in a name": {"1": "a|b"},
        "a name of two million letters": {"1": "a" * 2_000_000},
        "an empty name": {str(n): "" for n in range(1, 8)},
    }.items():
        yield f"categories of {name}", {"annotations": sound, "categories": categories}


def only_all(content: object) -> Callable[[Path], None]:
    """The harm of other annotations, in the one file that holds them all."""

    def put(raw: Path) -> None:
        for path in sorted((raw / "ser30k" / "annotations").rglob("*.json")):
            path.unlink()
        holding("ser30k", "annotations/all_annos.json", json.dumps(content).encode())(raw)

    return put
