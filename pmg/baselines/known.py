"""What baselines may know: samples without their targets, and what the training split shows."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from pmg.evaluating.swaps import text_of
from pmg.reading import layout
from pmg.reading.rows import Joined

CAPTIONS = ("caption",)
Numbers: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]


class Asked(NamedTuple):
    """A sample as a baseline sees it; items by their places on the shelf."""

    id: str
    history: Sequence[int]  # the latest last
    candidates: Sequence[int]  # the target is among them, or there are none


class Trained(NamedTuple):
    """What the training split shows of N items."""

    targets: Numbers  # that are a target there, each once
    counts: Numbers  # (N,) how often each is a target
    captions: Sequence[str]  # (N,); empty where there is none

    @classmethod
    def of(cls, joined: Joined) -> "Trained":
        shelf = joined.shelf
        found = pc.value_counts(joined.rows.table[layout.TARGET]).to_pylist()
        times = Counter({each["values"]: each["counts"] for each in found})
        counts = np.array([times[place] for place in range(len(shelf.ids))], np.int64)
        told = "caption" in shelf.features
        captions = [
            (shelf.row(place, CAPTIONS)["caption"] or "") if told else ""
            for place in range(len(shelf.ids))
        ]
        return cls(np.flatnonzero(counts), counts, captions)


def asked(joined: Joined, number: int) -> Asked:
    """A sample without what it asks for."""
    candidates: Sequence[int] = ()
    if layout.CANDIDATES in joined.layout.ids:
        candidates = joined.rows.value(layout.CANDIDATES, number)
    name = text_of(joined, "sample_id", number)
    return Asked(name, joined.rows.value(layout.HISTORY, number), candidates)
