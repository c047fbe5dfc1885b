"""Vectors of pictures, and how alike two of them are."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

from pmg.evaluating.canvas import Picture, Recent
from pmg.problems import BadCall, quoted

KEPT = 10_000  # vectors of items; 4 kB each
Vectors: TypeAlias = npt.NDArray[np.float32]  # (N, D)
Extract: TypeAlias = Callable[[list[Image.Image]], Any]  # (N, D), whatever numpy takes


class Alike:
    """Cosine similarity of vectors that an extractor makes of pictures."""

    def __init__(self, name: str, extract: Extract) -> None:
        self._name, self._extract = name, extract
        self._recent: Recent[int, Any] = Recent(KEPT)
        self._width: int | None = None  # of the vectors, once there are some

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
            vectors = np.asarray(made)
            whole = np.asarray(vectors, np.float64) if not np.iscomplexobj(vectors) else None
        except Exception as error:  # of no numbers, or a tensor that has to be detached first
            raise self._refused(len(pictures), f"{type(error).__name__}: {error}") from error
        if whole is None or whole.ndim != 2 or len(whole) != len(pictures):  # noqa: PLR2004 - (N, D)
            raise self._refused(len(pictures), f"{vectors.dtype} of {vectors.shape}")
        if not np.isfinite(whole).all() or not whole.any(axis=1).all():
            raise self._refused(len(pictures), "some that are not finite, or all zero")
        if whole.shape[1] != self._width and self._width is not None:
            raise self._refused(len(pictures), f"{whole.shape[1]} numbers, {self._width} before")
        self._width = whole.shape[1]
        return unit(whole)

    def _refused(self, count: int, found: str) -> BadCall:
        expected = f"an array of {count} finite vectors of one length"
        return BadCall(f"{self._name}: expected {expected}, found {quoted(found)}.")


def unit(vectors: npt.NDArray[Any]) -> Vectors:
    """The same vectors, (N, D), each of length 1."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    scaled = vectors.astype(np.float64) / largest  # whose squares are neither too large nor lost
    return np.asarray(scaled / np.linalg.norm(scaled, axis=1, keepdims=True), np.float32)
