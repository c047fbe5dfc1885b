"""Tallies: scores summed by user, and what resampling users says of their mean."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

TARGET, HISTORY, SWAPPED, PERSONAL = "target", "history", "swapped", "personal"
RESAMPLES, SEED = 1_000, 0
CONFIDENCE = 0.95
Floats = npt.NDArray[np.float64]


class Estimate(NamedTuple):
    """A mean over samples, and the interval it lies in when users are drawn again."""

    mean: float
    low: float
    high: float
    samples: int
    users: int


class Tally:
    """Sums of one metric's scores; memory grows with users, not with samples."""

    def __init__(self) -> None:
        self._users: dict[str, int] = {}
        self._sums: dict[str, dict[int, tuple[float, int]]] = {}

    def add(self, user: str, scores: dict[str, float]) -> None:
        """Add the scores of a sample: by what it was compared with."""
        place = self._users.setdefault(user, len(self._users))
        for name, score in scores.items():
            total, count = self._sums.setdefault(name, {}).get(place, (0.0, 0))
            self._sums[name][place] = total + score, count + 1

    def estimates(self) -> dict[str, Estimate]:
        """By what was compared with; what was never compared with is not there."""
        return {
            name: resampled(np.array(list(sums.values()), np.float64))
            for name, sums in self._sums.items()
        }


def resampled(sums: Floats) -> Estimate:
    """The mean of all samples, with a percentile interval of the bootstrap over users.

    A user is drawn with all of their samples, as these are not independent (B. Efron and
    R. Tibshirani, *An Introduction to the Bootstrap*, 1993). The same sums give the same interval.

    Args:
        sums: (users, 2): each user's sum of scores, and the number of samples in it.
    """
    total, count = sums.sum(axis=0)
    users = len(sums)
    source = np.random.default_rng(SEED)
    drawn = (sums[source.integers(users, size=users)].sum(axis=0) for _ in range(RESAMPLES))
    totals, counts = np.array(list(drawn)).T
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(totals / counts, [tail, 1 - tail])
    return Estimate(float(total / count), float(low), float(high), int(count), users)
