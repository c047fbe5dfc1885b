"""What is no leak and should be known: items new to training, and how popular targets are."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pmg.histories import Ints
from pmg.protocols.interactions import Interactions
from pmg.protocols.sample_set import NOBODY, TRAINED, SampleSet, places


class Unseen(NamedTuple):
    """Items of a split's samples, targets and histories, that no training sample shows."""

    items: int
    of: int


class Popularity(NamedTuple):
    """How often a split's targets were interacted with, by everybody."""

    median: float
    quartiles: tuple[float, float]
    counts: Ints  # (M,) of each target, sorted


class Shift(NamedTuple):
    """How popular targets are, and how far that is from training's."""

    splits: dict[str, Popularity]
    # The largest distance between the shares of targets that are at most so popular, 0 to 1
    # (of Kolmogorov and Smirnov), of all that is held out.
    distance: float


def unseen(samples: SampleSet) -> dict[str, Unseen]:
    """By split that is held out."""
    parts = [part.items() for part in samples.trained]
    trained = np.concatenate([np.empty(0, np.int64), *parts])
    return {
        split: Unseen(int((~np.isin(part.items(), trained)).sum()), len(part.items()))
        for split, part in samples.held_out.items()
    }


def popularity(samples: SampleSet, events: Interactions) -> Shift:
    """The shift of popularity from training to what is held out."""
    counts = np.bincount(events.items, minlength=len(events.item_ids))
    own = places(pa.chunked_array([samples.items]), events.item_ids)
    of_items = np.where(own == NOBODY, 0, np.append(counts, 0)[own])
    splits = {}
    for split, part in samples.parts.items():
        if not len(part.targets):
            continue
        found = np.sort(of_items[part.targets])
        low, median, high = np.percentile(found, (25, 50, 75))
        splits[split] = Popularity(float(median), (float(low), float(high)), found)
    trained = [each.counts for split, each in splits.items() if split == TRAINED]
    held_out = [each.counts for split, each in splits.items() if split != TRAINED]
    if not trained or not held_out:
        return Shift(splits, 0.0)
    return Shift(splits, distance(trained[0], np.sort(np.concatenate(held_out))))


def distance(first: Ints, second: Ints) -> float:
    """The distance of Kolmogorov and Smirnov between two sorted samples."""
    values = np.concatenate([first, second])
    shares = [np.searchsorted(each, values, side="right") / len(each) for each in (first, second)]
    return float(np.abs(shares[0] - shares[1]).max())
