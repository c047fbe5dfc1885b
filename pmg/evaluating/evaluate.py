"""Evaluate: predictions of a split, scored and counted."""

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple

from pmg.evaluating.canvas import Canvas, Picture
from pmg.evaluating.fid import FID, inception
from pmg.evaluating.metrics import PICTURE, TEXT, Metric, plain_metrics
from pmg.evaluating.models import WEIGHTED
from pmg.evaluating.own_functions import own_metrics
from pmg.evaluating.predictions import Predictions, found_in, no_predictions, opened
from pmg.evaluating.scoring import Predicted, Samples, scored
from pmg.evaluating.tallies import TARGET, Estimate
from pmg.evaluating.texts import tell
from pmg.problems import BadCall
from pmg.reading.ids import built_samples
from pmg.reading.sources import Source
from pmg.reading.sources import opened as source_of

TEST = "test"
SHOWN = 3  # sentences about what is no prediction, where there is none at all
OFFICIAL = "_bench"  # ends the names of the official evaluation splits


class Asked(NamedTuple):
    """What to score beside the plain metrics."""

    metrics: Sequence[str] = ()  # with weights, of WITH_WEIGHTS
    extractor: str | None = None  # one's own, as module:function
    distance: str | None = None


class Score(NamedTuple):
    """One metric's estimates, by what was compared with."""

    of: str
    higher: bool
    about: dict[str, str]
    estimates: dict[str, Estimate]


class Evaluation(NamedTuple):
    """What predictions are worth, and which were not scored."""

    config: str
    split: str
    samples: int
    canvas: Canvas
    scored: dict[str, int]  # samples, by the kind of what was predicted
    missing: dict[str, list[str]]  # samples without a prediction, by kind
    extra: list[str]  # sentences
    unreadable: list[str]  # sentences
    scores: dict[str, Score]


def evaluate(
    out: str | os.PathLike[str],
    predictions: str | os.PathLike[str],
    config: str | None = None,
    split: str = TEST,
    canvas: Canvas = Canvas(),  # noqa: B008 - a tuple of constants
    asked: Asked = Asked(),  # noqa: B008 - the same
) -> Evaluation:
    """Score predictions of a split against targets, histories, and another user's history.

    Args:
        out: a built folder or a repository `ORG/NAME`.
        predictions: a folder of `SAMPLE_ID.png`, or a predictions.jsonl.
        config: of samples; the first official evaluation split there is, unless given.
        split: one of its splits.
        canvas: the size that all pictures are compared at, and how they come to it.
        asked: metrics with weights, and one's own.

    Raises:
        BadCall: no such set, config, split or metric, or a library is not installed.
        BadData: a file of the set is missing or damaged, or nothing was predicted that decodes.
        TooManyProblems: samples name items that are unknown, or that have no picture.
    """
    canvas.require()
    source = source_of(out)
    name = config or official(source)
    samples = Samples.of(built_samples(source, name, split), canvas)
    read = Reader(samples.ids, Path(predictions), canvas)
    metrics = wanted(asked, read.kinds)
    with ExitStack() as stack:
        watchers = [stack.enter_context(closing(inception()))] if FID in asked.metrics else []
        estimates = scored(samples, read, metrics, watchers)
        read.require_some()
        scores = {
            each.name: Score(each.of, each.higher, each.about, estimates[each.name])
            for each in metrics
        }
        for each in watchers:
            scores[FID] = Score(PICTURE, False, each.about, {TARGET: each.estimate()})
    found = read.found
    return Evaluation(
        name, split, len(samples.ids), canvas, read.scored, read.missing, found.extra,
        found.unreadable, scores,
    )  # fmt: skip


def official(source: Source) -> str:
    """The first official evaluation split. Raises BadCall where a set has none."""
    configs = source.manifest.configs
    found = next((name for name in configs if name.endswith(OFFICIAL)), None)
    if found is None:
        raise BadCall(f"{source.name}: expected a config, found no official one. Name it.")
    return found


def wanted(asked: Asked, kinds: Sequence[str]) -> list[Metric]:
    """All metrics of what was predicted. Raises BadCall for an unknown one."""
    known = [*WEIGHTED, FID]
    if unknown := set(asked.metrics) - set(known):
        raise BadCall(f"Metric {min(unknown)!r}: expected some of {', '.join(known)}.")
    weighted = [WEIGHTED[name]() for name in dict.fromkeys(asked.metrics) if name in WEIGHTED]
    own = own_metrics(asked.extractor, asked.distance)
    return [each for each in [*plain_metrics(), *weighted, *own] if each.of in kinds]


class Reader:
    """Reads what was predicted for one sample after the other; tells what could not be read."""

    def __init__(self, ids: Sequence[str], place: Path, canvas: Canvas) -> None:
        """Raises BadData where there are no predictions of these samples."""
        self.found: Predictions = found_in(place, set(ids))
        given: Mapping[str, Mapping[str, object]] = {
            PICTURE: self.found.pictures,
            TEXT: self.found.texts,
        }
        self.kinds = [kind for kind, predicted in given.items() if predicted]
        if not self.kinds:
            told = [*self.found.unreadable, *self.found.extra][:SHOWN]
            raise no_predictions(place, "; ".join(["none of a sample", *told]))
        self.missing = {
            kind: [sample for sample in ids if sample not in given[kind]] for kind in self.kinds
        }
        self.scored = dict.fromkeys(self.kinds, 0)
        self._ids, self._place, self._canvas = ids, place, canvas

    def require_some(self) -> None:
        """Raise BadData where not one prediction could be scored."""
        if not any(self.scored.values()):
            told = "; ".join(["none that decodes", *self.found.unreadable[:SHOWN]])
            raise no_predictions(self._place, told)

    def __call__(self, number: int) -> Predicted:
        sample = self._ids[number]
        pictures = []
        for path in self.found.pictures.get(sample, ()):
            try:
                pictures.append(Picture(None, self._canvas.pixels(opened(path))))
            except ValueError as error:
                tell(self.found.unreadable, str(error))
        texts = [self.found.texts[sample]] if sample in self.found.texts else []
        for kind, predicted in ((PICTURE, pictures), (TEXT, texts)):
            if predicted:
                self.scored[kind] += 1
        return Predicted(pictures, texts)
