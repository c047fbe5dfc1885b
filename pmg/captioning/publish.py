"""Publishing: captions into the files that the raw layout has for them, with their origins."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from pmg.captioning.answers import phrases_of
from pmg.captioning.channels import Channel, Kept
from pmg.captioning.journal import Said
from pmg.captioning.prompts import Prompt
from pmg.captions import Phrases, joined
from pmg.options import Options
from pmg.origins import MADE, Made, digest_of_caption, read_made
from pmg.problems import Problems, Severity, TooManyProblems
from pmg.whole_files import whole_file

KEEP, REPLACE = "keep", "replace"  # what becomes of captions that are there


class Place(NamedTuple):
    """Where captions of a channel go, and how."""

    folder: Path  # of the domain, in RAW
    channel: Channel
    prompt: Prompt
    options: Options
    existing: str  # KEEP or REPLACE


def read_sound(channel: Channel, folder: Path, options: Options) -> Kept:
    """What the file of a channel holds; a faulty one would be written without its faults.

    Raises:
        TooManyProblems: there are errors in it.
        BadData: it cannot be read.
        BadCall: it holds captions of something else than items.
    """
    problems = Problems()
    kept = channel.read(folder, options, problems)
    if problems.count(Severity.ERROR):
        raise TooManyProblems(problems)
    return kept


def lacks(kept: Kept, item_id: str) -> bool:
    """Whether an item has no caption, or one of which nothing is left."""
    return all(joined(kept.captions[key]) is None for key in kept.keys.get(item_id, ()))


def publish(place: Place, said: Mapping[str, Said]) -> dict[str, Phrases]:
    """Write answers as captions of items; answers with those that were written, by item.

    The file is read again, as asking takes hours: what came into it meanwhile is kept, too.
    Raises as `read_sound`.
    """
    channel, folder = place.channel, place.folder
    kept = read_sound(channel, folder, place.options)
    new = {
        item_id: phrases_of(each.text)
        for item_id, each in said.items()
        if place.existing == REPLACE or lacks(kept, item_id)
    }
    if not new:
        return new
    captions = dict(kept.captions)
    for item_id, phrases in new.items():
        for key in kept.keys.get(item_id, [channel.key(item_id)]):
            captions[key] = phrases
    write_made(folder, [line_of(item_id, said[item_id], place) for item_id in new])
    with whole_file(folder / channel.file) as part:
        channel.write(part, captions, place.options)
    return new


def line_of(item_id: str, said: Said, place: Place) -> Made:
    caption = digest_of_caption(joined(phrases_of(said.text)) or "")
    prompt = f"{place.folder.name}/{place.prompt.channel} {place.prompt.version}"
    told = said.picture, said.model, said.revision, prompt, said.prompt, said.date
    return Made(item_id, said.channel, caption, *told)


def sound_made(folder: Path) -> list[Made]:
    """What the side file tells. Raises as `read_sound`."""
    path, problems = folder / MADE, Problems()
    made = list(read_made(path, problems)) if os.path.lexists(path) else []
    if problems.count(Severity.ERROR):
        raise TooManyProblems(problems)
    return made


def is_own(made: Made, kept: Kept, model: str, prompt: Prompt) -> bool:
    """Whether a caption is still what this model wrote, asked the same."""
    if (made.channel, made.model, made.digest) != (prompt.channel, model, prompt.digest):
        return False
    texts = (joined(kept.captions[key]) for key in kept.keys.get(made.item, ()))
    return any(text and digest_of_caption(text) == made.caption for text in texts)


def write_made(folder: Path, new: Iterable[Made]) -> None:
    """Add lines to the side file, for those of the same captions. Raises as `read_sound`."""
    lines = {(made.channel, made.item): made for made in (*sound_made(folder), *new)}
    with whole_file(folder / MADE) as part, part.open("w", encoding="utf-8") as file:
        for _, made in sorted(lines.items()):
            file.write(f"{json.dumps(made._asdict(), ensure_ascii=False)}\n")
