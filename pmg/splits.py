"""Splits by hash: an id's split depends on the id alone, so that others never move it."""

import hashlib

import numpy as np
import numpy.typing as npt

SHARES = {"train": 0.8, "validation": 0.1, "test": 0.1}
SEED = "pmg-bench"  # another seed, other splits; it is part of what is published
MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))  # of splitmix64
Draws = npt.NDArray[np.uint64]


def draw_of(*ids: str) -> int:
    """A number of 64 bits that looks drawn, the same in every process for the same ids."""
    text = "\x1f".join((SEED, *ids))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8])


def share_of(*ids: str) -> float:
    """As `draw_of`, from 0 to 1."""
    return draw_of(*ids) / 2**64


def split_of(owner: str, *seed: str) -> str:
    """The split of a user or topic: train, validation or test as 80 to 10 to 10."""
    place = share_of("split", owner, *seed)
    for split, share in SHARES.items():
        if place < share:
            return split
        place -= share
    return split


def mixed(draws: Draws, numbers: npt.NDArray[np.generic]) -> Draws:
    """Other draws for each number, (N,): as splitmix64 ends (Steele et al., OOPSLA 2014)."""
    return finished(draws + finished(numbers.astype(np.uint64) + np.uint64(1)))


def finished(numbers: Draws) -> Draws:
    numbers = (numbers ^ (numbers >> np.uint64(30))) * MIX[0]
    numbers = (numbers ^ (numbers >> np.uint64(27))) * MIX[1]
    return numbers ^ (numbers >> np.uint64(31))
