"""The baselines: each picks an item that stands for its prediction, most rank the candidates."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from pmg.baselines.known import Asked, Floats, Numbers, Trained
from pmg.evaluating.metrics import words_of
from pmg.extras import EVALUATE, library


class Baseline(Protocol):
    """Something that predicts from a history and the training split."""

    name: str

    def pick(self, sample: Asked) -> int:
        """The item whose picture and caption are the prediction."""

    def likings(self, sample: Asked) -> Floats | None:
        """How much each candidate is liked, (candidates,); None for what cannot tell."""


class CopyLast:
    """The last item of the history."""

    name = "copy the last of the history"

    def __init__(self, _: Trained) -> None:
        pass

    def pick(self, sample: Asked) -> int:
        return sample.history[-1]

    def likings(self, _: Asked) -> Floats | None:
        return None


class Random:
    """Any target of the training split, by a hash of the sample's id."""

    name = "random"

    def __init__(self, trained: Trained) -> None:
        self._targets = trained.targets

    def pick(self, sample: Asked) -> int:
        return int(self._targets[drawn(sample.id) % len(self._targets)])

    def likings(self, sample: Asked) -> Floats | None:
        return np.array([drawn(f"{sample.id}\n{each}") for each in sample.candidates], np.float64)


class MostSimilarCaption:
    """The target of training whose caption is most like those of the history, by TF-IDF.

    Words weigh by how rare they are among the captions of items (G. Salton and C. Buckley,
    1988), and captions are compared by the cosine.
    """

    name = "most similar caption (TF-IDF)"

    def __init__(self, trained: Trained) -> None:
        """Raises BadCall where scikit-learn is not installed."""
        text = library("sklearn.feature_extraction.text", EVALUATE)
        made = text.TfidfVectorizer(analyzer=words_of)
        captions = [each or "-" for each in trained.captions]  # of which no word is left
        self._captions = made.fit_transform(captions)
        self._targets = trained.targets
        self._of_targets = self._captions[self._targets]

    def pick(self, sample: Asked) -> int:
        likings = self._alike(self._of_targets, sample)
        likings[np.isin(self._targets, sample.history)] = -1  # to copy is another baseline
        return int(self._targets[likings.argmax()])

    def likings(self, sample: Asked) -> Floats | None:
        return self._alike(self._captions[list(sample.candidates)], sample)

    def _alike(self, captions: Any, sample: Asked) -> Floats:  # noqa: ANN401 - a sparse matrix of scipy
        history = self._captions[list(sample.history)].mean(axis=0)
        return np.asarray(captions @ np.asarray(history).T).ravel()


class MostPopular:
    """The most frequent target of the training split that is not in the history."""

    name = "most popular"

    def __init__(self, trained: Trained) -> None:
        self._counts = trained.counts
        self._order: Numbers = np.argsort(-trained.counts, kind="stable")

    def pick(self, sample: Asked) -> int:
        return next(int(item) for item in self._order if item not in sample.history)

    def likings(self, sample: Asked) -> Floats | None:
        return self._counts[list(sample.candidates)].astype(np.float64)


BASELINES: Sequence[Callable[[Trained], Baseline]] = (
    CopyLast,
    Random,
    MostPopular,
    MostSimilarCaption,
)


def drawn(text: str) -> int:
    """A number that the text alone decides."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])
