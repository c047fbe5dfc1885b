"""Vectors of pictures, and how alike two of them are."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

from pmg.evaluating.canvas import Picture, Recent
from pmg.problems import BadCall

KEPT = 10_000  # vectors of items; 4 kB each
Vectors: TypeAlias = npt.NDArray[np.float32]  # (N, D)
Extract: TypeAlias = Callable[[list[Image.Image]], Any]  # (N, D), whatever numpy takes


class Alike:
    """Cosine similarity of vectors that an extractor makes of pictures."""

    def __init__(self, name: str, extract: Extract) -> None:
        self._name, self._extract = name, extract
        self._recent: Recent[int, Any] = Recent(KEPT)

    def compare(self, prediction: Picture, references: Sequence[Picture]) -> list[float]:
        shown = {each.item: each for each in references}

        def made(lacking: list[int]) -> Vectors:
            return self.vectors([shown[item] for item in lacking])

        items = [each.item for each in references if each.item is not None]
        (own,) = self.vectors([prediction])
        return [float(own @ each) for each in self._recent.of(items, made)]

    def vectors(self, pictures: Sequence[Picture]) -> Vectors:
        """(N, D), each of length 1. Raises BadCall for an extractor that gives something else."""
        made = self._extract([Image.fromarray(each.pixels) for each in pictures])
        try:
            vectors = np.asarray(made, np.float32)
        except (TypeError, ValueError):  # of no numbers, or of lists that differ in length
            vectors = np.empty(0, np.float32)
        if vectors.ndim != 2 or len(vectors) != len(pictures) or not np.isfinite(vectors).all():  # noqa: PLR2004 - (N, D)
            raise BadCall(
                f"{self._name}: expected an array of {len(pictures)} finite vectors, "
                f"found one of {vectors.shape}."
            )
        return unit(vectors)


def unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny))
