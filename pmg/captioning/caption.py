"""Caption: what a model says of raw pictures, into the files of the raw layout."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from pmg.captioning.answers import Engine
from pmg.captioning.asking import Asking, Wanted
from pmg.captioning.channels import Captioned
from pmg.captioning.estimate import Estimate, estimated
from pmg.captioning.gates import detector
from pmg.captioning.journal import JOURNAL, open_journal
from pmg.captioning.outcome import Outcome, finish
from pmg.captioning.page import write_page
from pmg.captioning.prompts import Prompt, read_prompt
from pmg.captioning.publish import (
    KEEP,
    REPLACE,
    Place,
    is_own,
    lacks,
    read_sound,
    sound_made,
)
from pmg.domain import Domain
from pmg.options import Options
from pmg.problems import BadCall, Problems
from pmg.raw.folder import require_folder
from pmg.raw.pictures import RawPictures
from pmg.raw.scratch import Scratch


class Request(NamedTuple):
    """Which pictures shall be captioned."""

    domain: Domain[Any]
    raw_folder: Path
    channels: Sequence[str]
    options: Options
    existing: str | None  # what becomes of captions; None: all must be of this model and prompt
    model: str  # its name
    limit: int | None  # of pictures
    page: Path | None  # what to write a page of the outcome to


def caption(request: Request, engine: Callable[[Estimate], Engine | None]) -> Outcome:
    """Ask for captions, and write those that pass the gates; what lacks one is listed.

    `engine` is told what asking will cost, and opens what is asked, or nothing to leave it at that.
    Ended while it asks, the same call goes on with the answers in the journal.

    Raises:
        BadCall: there are others' captions, and nobody said what becomes of them, or they are of
            users; lingua is not installed; or as the engine.
        BadData: a folder or file that is needed is not there, or unreadable.
        TooManyProblems: a file of captions has errors.
    """
    domain = request.domain
    detector()  # that it is lacking, or slow to load, is nothing to find out with an answer
    folder, captioned = require_folder(domain, request.raw_folder), required(domain)
    prompts = {
        name: read_prompt(name, captioned.channels[name].prompt) for name in request.channels
    }
    problems = Problems()
    with TemporaryDirectory(prefix="pmg-bench-") as unpacked:
        scratch = Scratch(Path(unpacked))
        pictures = captioned.pictures(folder, scratch, request.options, problems)
        channels = chosen(request, captioned, pictures, prompts)
        wanted = Wanted(domain.name, pictures, channels, prompts)
        estimate = estimated(wanted, folder / JOURNAL) if channels else None
        opened = engine(estimate) if estimate else None
        if opened is None:
            return Outcome(domain.name, estimate, {}, [], problems, 0, (0, 0))
        places = {
            name: Place(folder, captioned.channels[name], prompt, request.options,
                        request.existing or KEEP)
            for name, prompt in prompts.items()
        }  # fmt: skip
        with open_journal(folder, opened.model) as journal:
            asking = Asking(wanted, journal)
            ask(asking, opened, folder)
            outcome = finish(asking, journal, places, problems)._replace(estimate=estimate)
        if request.page:
            write_page(request.page, wanted, opened.model, outcome)
    return outcome


def required(domain: Domain[Any]) -> Captioned[Any]:
    if domain.captioned is None:
        raise BadCall(f"{domain.name}: expected channels of captions, found none. Name another.")
    return domain.captioned


def chosen(
    request: Request,
    captioned: Captioned[Any],
    pictures: RawPictures,
    prompts: Mapping[str, Prompt],
) -> dict[str, list[str]]:
    """The channels that are wanted of pictures, by item id, of as many as the limit says.

    Raises as `read_sound`, and BadCall where captions are in the way.
    """
    folder = request.raw_folder / request.domain.name
    channels: dict[str, list[str]] = {}
    made = sound_made(folder)
    for name in request.channels:
        channel = captioned.channels[name]
        kept = read_sound(channel, folder, request.options)
        lacking = [item_id for item_id in pictures.found if lacks(kept, item_id)]
        own = {each.item for each in made if is_own(each, kept, request.model, prompts[name])}
        others = pictures.found.keys() - own - set(lacking)
        if request.existing is None and others:
            raise BadCall(
                f"{folder / channel.file}: expected no captions but of this model and prompt, "
                f"found others of {len(others):,} of {len(pictures.found):,} pictures. "
                "Ask for what is missing with --only-missing, or for all with --replace."
            )
        for item_id in pictures.found if request.existing == REPLACE else lacking:
            channels.setdefault(item_id, []).append(name)
    ordered = [item_id for item_id in pictures.found if item_id in channels][: request.limit]
    return {item_id: channels[item_id] for item_id in ordered}


def ask(asking: Asking, engine: Engine, folder: Path) -> None:
    """Ask all that is wanted; where that ends early, the error says what is kept."""
    try:
        asking.run(engine)
    except BaseException as error:
        error.add_note(f"Answers are kept in {folder / JOURNAL}: the same call goes on from there.")
        raise
