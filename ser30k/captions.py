"""Captions of stickers, whatever they tell of: the files, and which sticker a key means."""

import os
from collections.abc import Mapping
from pathlib import Path

from pmg.captions import Phrases, joined, note_empty
from pmg.problems import BadData, FileReport, Problems, listed, quoted
from pmg.raw.files import FETCH_AGAIN
from pmg.raw.json_files import read_captions
from ser30k.raw import CAPTIONS, IMAGES, STYLE_CAPTIONS, Sticker


def read_caption_files(
    folder: Path, encoding: str, problems: Problems
) -> dict[str, dict[str, Phrases] | None]:
    """Captions by key, by file; None where one cannot be read at all.

    The optional file is left out where it is absent, which a broken link is not.
    """
    there = os.path.lexists(folder / STYLE_CAPTIONS)
    read: dict[str, dict[str, Phrases] | None] = {}
    for name in (CAPTIONS, STYLE_CAPTIONS) if there else (CAPTIONS,):
        try:
            read[name] = read_captions(folder / name, encoding, problems)
        except BadData as fault:
            problems.add(fault.problem)
            read[name] = None
    return read


def known_captions(
    captions: Mapping[str, Phrases], stickers: Mapping[str, Sticker], report: FileReport
) -> dict[str, Phrases]:
    """Captions by item id; what is wrong with them is reported, and which stickers have none."""
    if not captions:
        report.error("", "at least one caption", "none", FETCH_AGAIN)
    known = captions_by_item(captions, stickers, report)
    note_empty(known, report)
    report.gaps("a caption of each of the stickers", stickers.keys() - known.keys())
    return known


def captions_by_item(
    captions: Mapping[str, Phrases], stickers: Mapping[str, Sticker], report: FileReport
) -> dict[str, Phrases]:
    """Captions of known stickers; of two keys that mean one sticker the first stays."""
    alike = named_alike(stickers)
    found: dict[str, Phrases] = {}
    keys: dict[str, str] = {}
    for key, phrases in captions.items():
        place = f"key {quoted(key)}"
        meant = meant_by(key, stickers, alike)
        if not meant:
            remedy = "Nothing: it goes unused"
            report.warning(place, "captions of known stickers", "an unknown key", remedy)
        elif len(meant) > 1:
            remedy = "Put the topic and a slash before the name"
            report.error(place, "a key that means one sticker", f"several: {listed(meant)}", remedy)
        elif (first := keys.setdefault(meant[0], key)) == key:
            found[meant[0]] = phrases
        elif joined(found[meant[0]]) == joined(phrases):
            remedy = "Nothing: they say the same"
            report.warning(place, "one key for each sticker", f"the one of {quoted(first)}", remedy)
        else:
            shown, remedy = (
                f"another than that of {quoted(first)}",
                "Remove all but one of the keys",
            )
            report.error(place, "one caption for each sticker", shown, remedy)
    return found


def named_alike(stickers: Mapping[str, Sticker]) -> dict[str, list[str]]:
    """Item ids by file name, which topics may share."""
    alike: dict[str, list[str]] = {}
    for item_id, sticker in stickers.items():
        alike.setdefault(sticker.file_name, []).append(item_id)
    return alike


def meant_by(
    key: str, stickers: Mapping[str, Sticker], alike: Mapping[str, list[str]]
) -> list[str]:
    """Item ids of the stickers that a key may mean: a path, or a name that topics may share."""
    parts = [part for part in key.split("/") if part not in ("", ".")]
    if len(parts) == 1:
        return alike.get(parts[0], [])
    *_, above = ("", *parts[:-2])
    item_id = "/".join(parts[-2:])
    return [item_id] if above in ("", IMAGES) and item_id in stickers else []
