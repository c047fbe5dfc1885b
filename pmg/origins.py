"""Origins: which model made a caption, with which prompt and when.

A raw folder may tell so in `made_captions.jsonl`, a line of JSON for each caption that was made by
`pmg-bench caption`. A line counts as long as the caption is still the one that it was written for.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pmg.captioning import CHANNELS, STYLE
from pmg.columns import Shown
from pmg.problems import Problems, quoted
from pmg.raw.files import is_unicode
from pmg.raw.tables import TextFile

MADE = "made_captions.jsonl"
WHAT = "lines of JSON that tell of captions"
NAMED = r"[\w./:@+-]{1,100}"  # of a model, a revision
HEXADECIMAL, DATE = r"[0-9a-f]{64}", r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
# These go into the card, so nothing else may stand in them.
ALLOWED = {
    "channel": "|".join(CHANNELS),
    "caption": HEXADECIMAL,
    "picture": HEXADECIMAL,
    "model": NAMED,
    "revision": f"{NAMED}|",
    "prompt": r"[\w./ -]{1,100}",
    "digest": HEXADECIMAL,
    **dict.fromkeys(("date", "first", "last"), DATE),
}


class Made(NamedTuple):
    """A caption that was made, as a line of the file tells it."""

    item: str
    channel: str  # style or target
    caption: str  # the sha256 of the text that the tables show
    picture: str  # the sha256 of the picture it was made of
    model: str
    revision: str  # "" where nobody told
    prompt: str  # its name and version, as "ser30k/style 1"
    digest: str  # of the prompt
    date: str  # of the answer in UTC, as 2026-11-26


class Origin(NamedTuple):
    """Where captions come from, and how many of them."""

    channel: str
    model: str
    revision: str
    prompt: str
    digest: str
    first: str  # date of an answer
    last: str
    captions: int


def digest_of_caption(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read_made(path: Path, problems: Problems) -> Iterator[Made]:
    """Lines in file order; of two of one caption the first. Others are reported.

    Raises:
        BadData: as `TextFile.lines`.
    """
    file = TextFile(path, WHAT, "utf-8", problems)
    told: set[str] = set()
    for number, text in enumerate(file.lines(), 1):
        if not text.strip():
            continue
        place, remedy = f"line {number}", "Remove the line"
        try:
            made = made_of(json.loads(text))
        except (ValueError, TypeError, RecursionError):
            expected = "a caption's item, channel, model, prompt and date in JSON"
            file.report.error(place, expected, quoted(text.strip()), remedy)
            continue
        if (name := f"{made.channel} {made.item}") in told:
            expected, found = "each caption once", f"{quoted(name)} again"
            file.report.error(place, expected, found, remedy)
        else:
            told.add(name)
            yield made


def made_of(told: Any) -> Made:  # noqa: ANN401 - of JSON
    """Raises TypeError or ValueError for what is no such line."""
    made = Made(**told)
    require_allowed(made._asdict())
    return made


def origin_of(told: Any) -> Origin:  # noqa: ANN401 - of JSON
    """Raises TypeError or ValueError for what is none."""
    origin = Origin(**told)
    require_allowed({name: value for name, value in told.items() if name != "captions"})
    if type(origin.captions) is not int or origin.captions < 0:
        raise ValueError(origin)
    return origin


def require_allowed(told: dict[str, Any]) -> None:
    """Raise TypeError or ValueError for values that may not stand in a card."""
    for name, value in told.items():
        if not re.fullmatch(ALLOWED.get(name, r"(?s).+"), value, re.ASCII) or not is_unicode(value):
            raise ValueError(name)
        if ALLOWED.get(name) == DATE:
            date.fromisoformat(value)


def count_origins(
    path: Path, described: Callable[[str], Shown], problems: Problems
) -> list[Origin]:
    """Origins of the captions that items still have; none where the file is not there.

    Raises:
        BadData: the file cannot be read.
    """
    lines = read_made(path, problems)
    return counted(made for made in lines if is_of(made, described(made.item)))


def is_of(made: Made, item: Shown) -> bool:
    """Whether the line tells of the caption that the item has."""
    text = item.style_caption if made.channel == STYLE else item.caption
    return text is not None and digest_of_caption(text) == made.caption


def counted(lines: Iterable[Made]) -> list[Origin]:
    origins: dict[tuple[str, ...], Origin] = {}
    for made in lines:
        kind = made.channel, made.model, made.revision, made.prompt, made.digest
        first = origins.get(kind, Origin(*kind, made.date, made.date, 0))
        dates = min(first.first, made.date), max(first.last, made.date)
        origins[kind] = Origin(*kind, *dates, first.captions + 1)
    return sorted(origins.values())
