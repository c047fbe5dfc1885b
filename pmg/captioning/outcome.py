"""Outcome: which captions were made, which pictures lack one and why, for people and programs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pmg.captioning.answers import Key
from pmg.captioning.asking import Asking
from pmg.captioning.estimate import Estimate
from pmg.captioning.journal import Journal, Said
from pmg.captioning.publish import Place, publish
from pmg.captions import Phrases
from pmg.problems import FileReport, Problems, Severity, quoted, shown

BY_HAND = "Caption it by hand, or ask another model"
LATER = "Ask again later"
SHOWN = 300  # characters of an answer that is no caption


class Listed(NamedTuple):
    """A picture without the caption that was asked for."""

    item_id: str
    channel: str
    fault: str  # of the answer, or why there was none
    text: str | None  # the answer; None where there was none


class Outcome(NamedTuple):
    """What asking came to."""

    domain: str
    estimate: Estimate | None  # of what was wanted; None where nothing was
    written: Mapping[str, Mapping[str, Phrases]]  # by channel and item id
    listed: Sequence[Listed]
    problems: Problems
    asked: int  # questions, those asked again included
    tokens: tuple[int, int]  # in and out, as the engine counted

    @property
    def is_whole(self) -> bool:
        """Whether all got their captions."""
        return not self.listed and not self.problems.count(Severity.ERROR)

    def told(self) -> dict[str, Any]:
        """For programs."""
        return {
            "domain": self.domain,
            "estimate": self.estimate and self.estimate._asdict(),
            "asked": self.asked,
            "tokens": {"in": self.tokens[0], "out": self.tokens[1]},
            "written": {channel: len(each) for channel, each in self.written.items()},
            "listed": [each._asdict() for each in self.listed],
        }

    def sentences(self) -> Iterator[str]:
        """For people: what is wrong first."""
        yield from self.problems.sentences(mildest=Severity.WARNING)
        for channel, captions in self.written.items():
            yield f"{self.domain}, {channel}: {len(captions):,} captions written."
        counted = f"{self.tokens[0]:,} tokens in, {self.tokens[1]:,} out" if self.tokens[0] else ""
        yield f"Asked {self.asked:,} times{', ' if counted else ''}{counted}."
        if self.listed:
            yield f"{len(self.listed):,} captions are lacking."


def finish(
    asking: Asking, journal: Journal, places: Mapping[str, Place], problems: Problems
) -> Outcome:
    """Publish the captions that were answered, and list what was not. Raises as `publish`."""
    written, listed = {}, list[Listed]()
    for name, place in places.items():  # one after the other, as all answers take memory
        said: dict[str, Said] = {}
        for item_id, key in asking.keys_of(name):
            state = journal.state(key)
            if state is not None and state.is_answered:
                said[item_id] = journal.said(key)
            elif item_id not in asking.unreadable:
                listed.append(lacking(item_id, key, asking, journal))
        written[name] = publish(place, said)
    for each in listed:
        report(each, places[each.channel], problems)
    for item_id, problem in asking.unreadable.items():
        problems.add(problem)
        fault = problem.sentence
        listed += [Listed(item_id, name, fault, None) for name in asking.channels_of(item_id)]
    counts = asking.asked, (asking.tokens[0], asking.tokens[1])
    return Outcome(asking.domain, None, written, listed, problems, *counts)


def lacking(item_id: str, key: Key, asking: Asking, journal: Journal) -> Listed:
    if key in asking.silent:
        return Listed(item_id, key.channel, asking.silent[key], None)
    said = journal.said(key)
    return Listed(item_id, key.channel, said.fault, said.text)


def report(listed: Listed, place: Place, problems: Problems) -> None:
    file = FileReport(f"{place.folder.name}/{place.channel.file}", problems)
    where = f"key {shown(listed.item_id)}"
    if listed.text is None:
        file.error(where, "an answer", listed.fault, LATER)
    else:
        found = f"{quoted(listed.text, SHOWN)}, which is {listed.fault}"
        file.error(where, "a caption, asked for twice", found, BY_HAND)
