"""Scoring: every prediction against its target, its history, and another user's history."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import fmean
from typing import Any, NamedTuple, Protocol

from pmg.evaluating.canvas import Canvas, Gallery, Picture
from pmg.evaluating.metrics import PICTURE, TEXT, Metric
from pmg.evaluating.swaps import NOBODY, partners, text_of, user_of
from pmg.evaluating.tallies import HISTORY, PERSONAL, SWAPPED, TARGET, Estimate, Tally
from pmg.progress import progress_bar
from pmg.reading import layout
from pmg.reading.rows import Joined

CAPTIONS = ("caption",)


class Predicted(NamedTuple):
    """What was predicted for a sample; several stand for one, by the mean of their scores."""

    pictures: Sequence[Picture]
    texts: Sequence[str]


class Watcher(Protocol):
    """Something that sees each prediction beside its target, for a score of all of them."""

    def see(self, user: str, predicted: Sequence[Picture], target: Picture) -> None: ...


class References(NamedTuple):
    """What a prediction of a sample is compared with, as pictures or as captions."""

    target: Sequence[Any]  # one, or none where it has no caption
    history: Sequence[Any]
    swapped: Sequence[Any]


class Samples(NamedTuple):
    """Samples with all that their predictions are compared with."""

    joined: Joined
    gallery: Gallery
    partners: Sequence[int]

    @classmethod
    def of(cls, joined: Joined, canvas: Canvas) -> "Samples":
        return cls(joined, Gallery(joined.shelf, canvas), partners(joined).tolist())

    @property
    def ids(self) -> list[str]:
        return [text_of(self.joined, "sample_id", each) for each in range(len(self.joined.rows))]

    def references(self, number: int, kind: str) -> References:
        """Those of a sample, of one kind."""
        value, partner = self.joined.rows.value, self.partners[number]
        places = [[value(layout.TARGET, number)], value(layout.HISTORY, number)]
        places.append([] if partner == NOBODY else value(layout.HISTORY, partner))
        if kind == PICTURE:
            shown = self.gallery.pictures([each for group in places for each in group])
            first, rest = 1, 1 + len(places[1])
            return References(shown[:first], shown[first:rest], shown[rest:])
        return References(*([*filter(None, map(self.caption, group))] for group in places))

    def caption(self, place: int) -> str | None:
        if "caption" not in self.joined.shelf.features:
            return None
        caption: str | None = self.joined.shelf.row(place, CAPTIONS)["caption"]
        return caption


def scored(
    samples: Samples,
    predicted: Callable[[int], Predicted],
    metrics: Sequence[Metric],
    watchers: Sequence[Watcher] = (),
    what: str = "score",
) -> dict[str, dict[str, Estimate]]:
    """Estimates by metric, and by what was compared with.

    Args:
        samples: all of a split.
        predicted: what there is for a sample, by its number; nothing, and it is not scored.
        metrics: that compare one prediction with references.
        watchers: that see each picture beside its target.
        what: how progress calls it.
    """
    tallies = {metric.name: Tally() for metric in metrics}
    total = len(samples.joined.rows)
    with progress_bar(total, f"{samples.joined.name}: {what}", "samples") as bar:
        for number in range(total):
            found = predicted(number)
            user = user_of(samples.joined, number)
            for name, scores in of_sample(samples, number, found, metrics):
                tallies[name].add(user, scores)
            for watcher in watchers if found.pictures else ():
                (target,) = samples.references(number, PICTURE).target
                watcher.see(user, found.pictures, target)
            bar.update()
    return {name: tally.estimates() for name, tally in tallies.items()}


def of_sample(
    samples: Samples, number: int, found: Predicted, metrics: Sequence[Metric]
) -> Iterator[tuple[str, dict[str, float]]]:
    """The scores of a sample by metric; none of what was not predicted."""
    predicted: Mapping[str, Sequence[Any]] = {PICTURE: found.pictures, TEXT: found.texts}
    wanted = {metric.against for metric in metrics if predicted[metric.of]}
    shown = {kind: samples.references(number, kind) for kind in sorted(wanted)}
    for metric in metrics:
        if predicted[metric.of]:
            yield metric.name, mean_scores(metric, predicted[metric.of], shown[metric.against])


def mean_scores(metric: Metric, predicted: Sequence[Any], shown: References) -> dict[str, float]:
    """A metric's scores by what was compared with: the mean over predictions of one sample."""
    found: dict[str, list[float]] = {}
    for each in predicted:
        values = list(metric.compare(each, [*shown.target, *shown.history, *shown.swapped]))
        for name, references in zip((TARGET, HISTORY, SWAPPED), shown, strict=True):
            own, values = values[: len(references)], values[len(references) :]
            if own:
                found.setdefault(name, []).append(metric.over(own))
    scores = {name: fmean(values) for name, values in found.items()}
    if {HISTORY, SWAPPED} <= scores.keys():
        scores[PERSONAL] = scores[HISTORY] - scores[SWAPPED]
    return scores
