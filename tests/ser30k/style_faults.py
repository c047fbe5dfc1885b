"""What may be wrong with the style captions of stickers."""

from pathlib import Path

from tests.ser30k.raw_folder import ITEM_IDS, STYLE_CAPTIONS, replace, write_style_captions

FIRST, SECOND = ITEM_IDS[:2]


def style_captions(raw: Path) -> None:
    write_style_captions(raw)


def style_captions_of_few(raw: Path) -> None:
    write_style_captions(raw, {f"images/{FIRST}": "gentle", "sticker_2.jpg": "bold"})


def style_captions_of_none(raw: Path) -> None:
    write_style_captions(raw, {})


def style_captions_empty(raw: Path) -> None:
    write_style_captions(raw, STYLE_CAPTIONS | {FIRST: " ", SECOND: []})


def style_captions_of_other_types(raw: Path) -> None:
    write_style_captions(raw, STYLE_CAPTIONS | {FIRST: 7, SECOND: ["gentle", None]})


def style_captions_under_wrong_keys(raw: Path) -> None:
    wrong = {"sticker_1.jpg": "two have this name", "sticker_99.jpg": "none has", FIRST: "another"}
    write_style_captions(raw, {f"images/{FIRST}": "gentle"} | wrong)


def style_captions_cut_off(raw: Path) -> None:
    replace(raw, "style_captions.json", b'{"01-panda-bear/sticker_1.jpg": "gen')


def style_captions_that_are_a_broken_link(raw: Path) -> None:
    (raw / "ser30k" / "style_captions.json").symlink_to("nowhere.json")


HARMLESS = (style_captions, style_captions_of_few, style_captions_empty)
HARMS = (
    style_captions_of_none,
    style_captions_of_other_types,
    style_captions_under_wrong_keys,
    style_captions_cut_off,
    style_captions_that_are_a_broken_link,
)
