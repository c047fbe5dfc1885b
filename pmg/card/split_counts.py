"""How many samples, users and items each split of a set of samples has."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from pmg.manifest import Manifest
from pmg.protocols.built_sets import samples_of, sets_of
from pmg.protocols.sample_set import NOBODY
from pmg.protocols.terms import Terms


class Counts(NamedTuple):
    """Of one split."""

    samples: int
    users: int
    items: int


class CountedSet(NamedTuple):
    """A set of samples with the counts of its splits, by split."""

    terms: Terms
    splits: dict[str, Counts]


def count_sets(tree: Path, manifest: Manifest) -> dict[str, CountedSet]:
    """All sets of samples of a built tree, by config."""
    counted = {}
    for name, config, terms in sets_of(manifest):
        parts = samples_of(tree, config).parts
        counted[name] = CountedSet(
            terms,
            {
                split: Counts(
                    len(part.targets),
                    len(np.unique(part.users[part.users != NOBODY])),
                    len(part.items()),
                )
                for split, part in parts.items()
            },
        )
    return counted
