"""Raw folders with one fault each, by kind; what `check` says of them stands in golden/."""

import os
import shutil
from pathlib import Path

from tests.faults import Fault
from tests.ser30k import style_faults as of_style
from tests.ser30k.raw_folder import (
    CAPTIONS,
    CAT,
    CATEGORIES,
    EMOTIONS,
    ITEM_IDS,
    PANDA,
    SPLIT_OF,
    change,
    edit,
    replace,
    write_annotations,
    write_json,
)

PAGE = b"<!DOCTYPE html><html><body>Sign in</body></html>"
ALL = "annotations/all_annos.json"
FIRST, SECOND = ITEM_IDS[:2]


def nothing(_: Path) -> None:
    pass


def files_missing(raw: Path) -> None:
    shutil.rmtree(raw / "ser30k")
    (raw / "ser30k").mkdir()


def images_missing(raw: Path) -> None:
    shutil.rmtree(raw / "ser30k" / "images")


def images_empty(raw: Path) -> None:
    images_missing(raw)
    (raw / "ser30k" / "images").mkdir()


def annotations_missing(raw: Path) -> None:
    shutil.rmtree(raw / "ser30k" / "annotations")


def annotations_a_file(raw: Path) -> None:
    annotations_missing(raw)
    replace(raw, "annotations", b"{}")


def annotations_empty(raw: Path) -> None:
    annotations_missing(raw)
    (raw / "ser30k" / "annotations").mkdir()


def annotations_of_none(raw: Path) -> None:
    annotations_missing(raw)
    write_annotations(raw, "all_annos.json", ())


def annotations_of_other_shapes(raw: Path) -> None:
    replace(raw, ALL, b"[]")
    replace(raw, "annotations/image-level/val.json", b'{"annotations": {}}')


def annotations_broken(raw: Path) -> None:
    replace(raw, ALL, b'{"annotations": [\n {"topic": ')
    replace(raw, "annotations/image-level/val.json", b'{"annotations": [\n  {"anno": NaN}]}')
    replace(raw, "annotations/image-level/test.json", PAGE)


def split_missing(raw: Path) -> None:
    replace(raw, "annotations/image-level/val.json", None)


def splits_directly(raw: Path) -> None:
    annotations_missing(raw)
    for split, item_ids in SPLIT_OF.items():
        write_annotations(raw, f"{split}.json", item_ids)


def captions_a_page(raw: Path) -> None:
    replace(raw, "captions.json", PAGE)


def captions_empty(raw: Path) -> None:
    replace(raw, "captions.json", b"")


def byte_order_marks(raw: Path) -> None:
    for path in (raw / "ser30k").rglob("*.json"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def captions_missing(raw: Path) -> None:
    replace(raw, "captions.json", None)


def captions_cut_off(raw: Path) -> None:
    replace(raw, "captions.json", b'{"01-panda-bear/sticker_1.jpg": "a pan')


def captions_twice(raw: Path) -> None:
    replace(raw, "captions.json", f'{{"{FIRST}": "a", "{FIRST}": "b"}}'.encode())


def captions_of_other_types(raw: Path) -> None:
    values = [1, None, ["a", 2], {"a": "b"}, "\ud83d", [], " "]
    write = dict(CAPTIONS) | dict(zip(ITEM_IDS, values, strict=False))
    text = str(write).replace("'", '"').replace("None", "null")
    replace(raw, "captions.json", text.encode())


def captions_under_other_keys(raw: Path) -> None:
    keys = [
        f"images/{FIRST}",
        f"./data/images/{FIRST}",
        f"./{SECOND}",
        "sticker_2.jpg",
        "sticker_1.jpg",
        f"pictures/{SECOND}",
        "sticker_99.jpg",
    ]
    write_json(raw / "ser30k" / "captions.json", dict.fromkeys(keys, "a bear"))
    edit(raw, "captions.json", "{", f'{{"{SECOND}": "a cat",')


def stickers_without_file(raw: Path) -> None:
    replace(raw, f"images/{SECOND}", None)


def stickers_without_annotation(raw: Path) -> None:
    picture = (raw / "ser30k" / "images" / FIRST).read_bytes()
    replace(raw, f"images/{CAT}/sticker_12.jpg", picture)


def files_that_are_no_stickers(raw: Path) -> None:
    replace(raw, f"images/{FIRST}", b"")
    replace(raw, f"images/{SECOND}", b"version https://git-lfs")
    replace(raw, f"images/{PANDA}/a\\b.jpg", b"BM")
    replace(raw, f"images/{PANDA}/a\nb.jpg", b"BM")
    replace(raw, f"images/{PANDA}/more/sticker_1.jpg", b"BM")
    replace(raw, "images/sticker_1.jpg", b"BM")
    for litter in (".DS_Store", f"{PANDA}/Thumbs.db", f"{PANDA}/._sticker_1.jpg"):
        replace(raw, f"images/{litter}", b"BM")


def files_too_large(raw: Path) -> None:
    path = raw / "ser30k" / "images" / FIRST
    with path.open("r+b") as file:
        file.truncate(65 << 20)  # with holes: it takes no room


def names_that_are_no_text(raw: Path) -> None:
    name = os.fsdecode(b"sticker_\xff.jpg")
    replace(raw, f"images/{PANDA}/{name}", b"BM")


def categories_with_spaces(raw: Path) -> None:
    for path in (raw / "ser30k" / "annotations").rglob("*.json"):
        path.write_text(path.read_text().replace('"anger"', '" anger "'))


def links(raw: Path) -> None:
    images = raw / "ser30k" / "images"
    (images / SECOND).unlink()
    (images / SECOND).symlink_to("sticker_1.jpg")
    (images / "03-dog").symlink_to(CAT)


def entries_that_are_wrong(raw: Path) -> None:
    change(raw, ITEM_IDS[0], everywhere=True, anno=8, anno1=0)
    change(raw, ITEM_IDS[1], everywhere=True, anno="3 ", anno1=2.0, anno2="x", anno3=None)
    change(raw, ITEM_IDS[2], everywhere=True, anno=2.5, anno1=True, text=7)
    change(raw, ITEM_IDS[3], everywhere=True, anno=None)
    change(raw, ITEM_IDS[6], topic="a/b")
    change(raw, ITEM_IDS[7], file_name="")
    edit(raw, ALL, '"annotations": [', '"annotations": [ "words",')


def entries_that_disagree(raw: Path) -> None:
    change(raw, ITEM_IDS[1], text="other")
    change(raw, ITEM_IDS[2], anno=7)
    change(raw, ITEM_IDS[3], anno2=7)


def entries_twice(raw: Path) -> None:
    write_annotations(raw, "image-level/train.json", (*SPLIT_OF["train"], FIRST))
    write_annotations(raw, "image-level/val.json", (*SPLIT_OF["val"], SECOND))


def categories_by_name(raw: Path) -> None:
    names = {name: number for number, name in enumerate(EMOTIONS, 1)}
    write_annotations(raw, "all_annos.json", ITEM_IDS, names)


def categories_that_disagree(raw: Path) -> None:
    other = {"1": "disgust", "2": "anger"}
    write_annotations(raw, "image-level/val.json", SPLIT_OF["val"], CATEGORIES | other)


def categories_that_are_wrong(raw: Path) -> None:
    write_annotations(raw, "all_annos.json", ITEM_IDS, {"1": "anger", "01": "fear", "3": "anger"})
    write_annotations(raw, "image-level/train.json", SPLIT_OF["train"], {"0": "anger", "2": "b"})
    write_annotations(raw, "image-level/val.json", SPLIT_OF["val"], {"1": 2, "a": "b"})
    write_annotations(raw, "image-level/test.json", SPLIT_OF["test"], ["anger"])


def categories_missing(raw: Path) -> None:
    write_annotations(raw, "all_annos.json", ITEM_IDS, None)
    for split, item_ids in SPLIT_OF.items():
        write_annotations(raw, f"image-level/{split}.json", item_ids, {})


HARMLESS = (
    *of_style.HARMLESS,
    nothing,
    byte_order_marks,
    split_missing,
    splits_directly,
    stickers_without_file,
    stickers_without_annotation,
    categories_by_name,
    categories_missing,
    categories_with_spaces,
)
HARMS = (
    *of_style.HARMS,
    *HARMLESS,
    files_missing,
    images_missing,
    images_empty,
    annotations_missing,
    annotations_a_file,
    annotations_empty,
    annotations_of_none,
    annotations_of_other_shapes,
    annotations_broken,
    captions_missing,
    captions_a_page,
    captions_empty,
    captions_cut_off,
    captions_twice,
    captions_of_other_types,
    captions_under_other_keys,
    files_that_are_no_stickers,
    files_too_large,
    names_that_are_no_text,
    links,
    entries_that_are_wrong,
    entries_that_disagree,
    entries_twice,
    categories_that_disagree,
    categories_that_are_wrong,
)
FAULTS = tuple(Fault(harm.__name__, int(harm not in HARMLESS), harm) for harm in HARMS)
