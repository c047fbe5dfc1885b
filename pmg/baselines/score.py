"""Scores of the baselines over a split, by the same metrics as predictions of a model."""

import os
from collections.abc import Sequence
from typing import NamedTuple

from pmg.baselines.baselines import BASELINES, Baseline
from pmg.baselines.known import Trained, asked
from pmg.baselines.ranking import ranked
from pmg.evaluating.canvas import Canvas
from pmg.evaluating.evaluate import TEST, Score, official
from pmg.evaluating.metrics import Metric, plain_metrics
from pmg.evaluating.scoring import Predicted, Samples, scored
from pmg.evaluating.swaps import user_of
from pmg.evaluating.tallies import Estimate, Tally
from pmg.problems import BadCall
from pmg.reading import layout
from pmg.reading.ids import built_samples
from pmg.reading.sources import opened

TRAIN = "train"


class Scored(NamedTuple):
    """A baseline and what it is worth."""

    name: str
    scores: dict[str, Score]  # of what it predicts
    ranking: dict[str, Estimate]  # of candidates; empty where it cannot tell


class Table(NamedTuple):
    """All baselines over a split."""

    config: str
    split: str
    samples: int
    canvas: Canvas
    baselines: list[Scored]


def baselines(
    out: str | os.PathLike[str],
    config: str | None = None,
    split: str = TEST,
    canvas: Canvas = Canvas(),  # noqa: B008 - a tuple of constants
) -> Table:
    """Score every baseline over a split, with what the training split shows.

    Args:
        out: a built folder or a repository `ORG/NAME`.
        config: of samples; the first official evaluation split there is, unless given.
        split: the one to score.
        canvas: the size that pictures are compared at.

    Raises:
        BadCall: no such set, config or split, or a library is not installed.
        BadData: a file of the set is missing or damaged.
        TooManyProblems: samples name items that are unknown, or that have no picture.
    """
    canvas.require()
    source = opened(out)
    name = config or official(source)
    samples = Samples.of(built_samples(source, name, split), canvas)
    trained = Trained.of(built_samples(source, name, TRAIN))
    if not len(trained.targets):
        raise BadCall(f"{name}, {TRAIN}: expected samples to learn from, found none.")
    metrics = plain_metrics()
    made = [of_baseline(make(trained), samples, metrics) for make in BASELINES]
    return Table(name, split, len(samples.ids), canvas, made)


def of_baseline(baseline: Baseline, samples: Samples, metrics: Sequence[Metric]) -> Scored:
    """A baseline's scores."""
    joined = samples.joined
    tally: dict[str, Tally] = {}

    def predicted(number: int) -> Predicted:
        sample = asked(joined, number)
        picked = baseline.pick(sample)
        if sample.candidates and (likings := baseline.likings(sample)) is not None:
            target = joined.rows.value(layout.TARGET, number)
            for name, value in ranked(likings, sample.candidates, target).items():
                tally.setdefault(name, Tally()).add(user_of(joined, number), {name: value})
        caption = samples.caption(picked)
        return Predicted(samples.gallery.pictures([picked]), [caption] if caption else [])

    estimates = scored(samples, predicted, metrics, what=baseline.name)
    scores = {
        each.name: Score(each.of, each.higher, each.about, estimates[each.name]) for each in metrics
    }
    ranking = {name: own.estimates()[name] for name, own in tally.items()}
    return Scored(baseline.name, scores, ranking)
