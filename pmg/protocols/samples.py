"""Samples as a small table of ids: histories, targets, and the split of each."""

import json
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pmg.columns import sample_id
from pmg.histories import Ints
from pmg.problems import BadCall
from pmg.protocols.filters import Step
from pmg.protocols.interactions import Interactions
from pmg.splits import SHARES, share_of, split_of

ABOUT = b"pmg_bench"  # in the schema's metadata: the protocol and what its filters did
BY_USER, BY_SAMPLE = SPLITS = ("user", "sample")
SCHEMA = pa.schema(
    [
        ("sample_id", pa.string()),
        ("user_id", pa.string()),
        ("history_ids", pa.list_(pa.string())),
        ("target_id", pa.string()),
        ("split", pa.string()),
    ]
)
MOST_IDS = 2**31 - 1  # of Arrow, which counts the elements of lists in 32 bits
DIGITS = 19  # of the largest place
MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))  # of splitmix64


class Cuts(NamedTuple):
    """Samples as places in `Interactions`: the history is `[starts, targets)`; M of them."""

    starts: Ints  # (M,)
    targets: Ints  # (M,)
    splits: npt.NDArray[np.int64] | None = None  # (M,) positions in SHARES, where the rule says

    def kept(self, mask: npt.NDArray[np.bool_]) -> "Cuts":
        splits = None if self.splits is None else self.splits[mask]
        return Cuts(self.starts[mask], self.targets[mask], splits)


def without_repeats(events: Interactions, cuts: Cuts) -> Cuts:
    """Samples whose target is not in their own history, as an item may be clicked twice."""
    lengths = cuts.targets - cuts.starts
    places, owners = spread(cuts.starts, lengths)
    repeats = events.items[places] == events.items[cuts.targets][owners]
    return cuts.kept(np.bincount(owners[repeats], minlength=len(lengths)) == 0)


def spread(starts: Ints, lengths: Ints) -> tuple[Ints, Ints]:
    """All places of all histories, one history after the other, and whose each is."""
    owners = np.repeat(np.arange(len(starts)), lengths)
    first = np.cumsum(lengths) - lengths
    return np.arange(len(owners)) - first[owners] + starts[owners], owners


def as_table(
    events: Interactions, cuts: Cuts, split: str, protocol: str, steps: Sequence[Step]
) -> pa.Table:
    """The samples, by user and then the time of the target.

    Raises:
        BadCall: no sample is left, too many ids in all histories for a table, or `split` is none
            of `SPLITS`.
    """
    if split not in SPLITS:
        raise BadCall(f"split: expected {' or '.join(SPLITS)}, found {split!r}.")
    cuts = without_repeats(events, cuts)
    require_some(events, cuts, protocol, steps)
    users, ranks = events.users[cuts.targets], events.ranks()[cuts.targets]
    names = events.user_ids.take(pa.array(users))
    splits = cuts.splits if cuts.splits is not None else drawn(events, users, ranks, split)
    columns = [
        sample_ids(events, protocol, users, ranks),
        names,
        histories(events, cuts),
        events.item_ids.take(pa.array(events.items[cuts.targets])),
        pa.array(list(SHARES)).take(pa.array(splits)),
    ]
    about = {"protocol": protocol, "filters": [step._asdict() for step in steps]}
    return pa.table(columns, SCHEMA.with_metadata({ABOUT: json.dumps(about).encode()}))


def require_some(events: Interactions, cuts: Cuts, protocol: str, steps: Sequence[Step]) -> None:
    """Raise BadCall where there are no samples, or more than a table holds."""
    told = "".join(f" {step.told()}." for step in steps)
    if not len(cuts.starts):
        raise BadCall(
            f"{protocol}: expected at least one sample, found none: of {len(events.users):,} "
            f"interactions, no user has enough for a history and a target.{told}"
        )
    if (ids := int((cuts.targets - cuts.starts).sum())) > MOST_IDS:
        raise BadCall(
            f"{protocol}: expected at most {MOST_IDS:,} ids in all histories, found {ids:,}. "
            f"Make them shorter.{told}"
        )


def sample_ids(events: Interactions, protocol: str, users: Ints, ranks: Ints) -> pa.Array:
    """`windows5-USER-PLACE`, as `pmg.columns.sample_id` has ids."""
    present, own = np.unique(users, return_inverse=True)
    names = events.user_ids.take(pa.array(present)).to_pylist()
    of_users = pa.array([sample_id(protocol, name, room=DIGITS + 1) for name in names])
    places = pc.cast(pa.array(ranks), pa.string())
    return pc.binary_join_element_wise(of_users.take(pa.array(own)), places, "-")


def histories(events: Interactions, cuts: Cuts) -> pa.ListArray:
    """The ids of each sample's history."""
    lengths = cuts.targets - cuts.starts
    places, _ = spread(cuts.starts, lengths)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    ids = events.item_ids.take(pa.array(events.items[places]))
    return pa.ListArray.from_arrays(pa.array(offsets), ids)


def drawn(events: Interactions, users: Ints, ranks: Ints, split: str) -> Ints:
    """Train, validation or test as 80 to 10 to 10, by a hash of the user, or of the sample."""
    present, own = np.unique(users, return_inverse=True)
    names = events.user_ids.take(pa.array(present)).to_pylist()
    if split == BY_USER:
        splits = list(SHARES)
        return np.array([splits.index(split_of(name)) for name in names], np.int64)[own]
    hashes = np.array([int(share_of("sample", name) * 2**53) for name in names], np.uint64)[own]
    shares = mixed(hashes + mixed(ranks.astype(np.uint64))) / 2.0**64
    limits = np.cumsum(list(SHARES.values()))[:-1]
    return np.searchsorted(limits, shares, side="right").astype(np.int64)


def mixed(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Numbers that look drawn, the same for the same: as splitmix64 ends (Steele et al., 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * MIX[0]
    numbers = (numbers ^ (numbers >> np.uint64(27))) * MIX[1]
    return numbers ^ (numbers >> np.uint64(31))
