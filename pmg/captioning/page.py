"""Captions as a page: each beside its picture, those that are lacking first."""

import io
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pmg.captioning.answers import Model
from pmg.captioning.asking import Wanted
from pmg.captioning.outcome import Listed, Outcome
from pmg.captioning.pictures import as_shown
from pmg.captions import Phrases
from pmg.pages.page import templates
from pmg.pages.thumbnails import BROKEN_PICTURE, HEIGHTS, Picture, thumbnail
from pmg.problems import BadData
from pmg.raw.pictures import RawPictures
from pmg.whole_files import write_text

MOST_LACKING, MOST_MADE = 60, 180  # pictures of a page


class Sight(NamedTuple):
    """A picture, and what was said of it."""

    item_id: str
    picture: Picture
    captions: dict[str, Phrases]  # by channel
    faults: list[Listed]


def write_page(html: Path, wanted: Wanted, model: Model, outcome: Outcome) -> None:
    """Write the page; nobody ever sees half of it."""
    lacking = dict.fromkeys(each.item_id for each in outcome.listed)
    made = (item_id for item_id in wanted.channels if item_id not in lacking)
    captioned = (each for each in made if any(each in told for told in outcome.written.values()))
    first = sights(islice(lacking, MOST_LACKING), wanted.pictures, outcome)
    then = sights(islice(captioned, MOST_MADE), wanted.pictures, outcome)
    page = (
        templates(Path(__file__).parent)
        .get_template("page.html")
        .render(
            domain=wanted.domain,
            model=model,
            prompts=list(wanted.prompts.values()),
            written={channel: len(told) for channel, told in outcome.written.items()},
            listed=len(outcome.listed),
            shown=len(first) + len(then),
            of=len(wanted.channels),
            lacking=first,
            made=then,
        )
    )
    write_text(html, page)


def sights(item_ids: Iterable[str], pictures: RawPictures, outcome: Outcome) -> list[Sight]:
    return [
        Sight(
            item_id,
            seen(pictures, item_id),
            {name: told[item_id] for name, told in outcome.written.items() if item_id in told},
            [each for each in outcome.listed if each.item_id == item_id],
        )
        for item_id in item_ids
    ]


def seen(pictures: RawPictures, item_id: str) -> Picture:
    """The picture as the model was shown it, made small."""
    file = io.BytesIO()
    try:
        as_shown(pictures.read(pictures.found[item_id])).save(file, "PNG", compress_level=1)
    except BadData:
        return BROKEN_PICTURE
    return thumbnail(file.getvalue(), HEIGHTS[0])
