"""Samples as a small table of ids: histories, targets, and the split of each."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from inspect import signature
from typing import NamedTuple, ParamSpec

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pmg.columns import sample_id
from pmg.histories import Ints, order_by
from pmg.problems import BadCall
from pmg.protocols.filters import TooFew
from pmg.protocols.interactions import Interactions
from pmg.protocols.terms import Terms
from pmg.splits import SHARES, Draws, draw_of, mixed, split_of

ABOUT = b"pmg_bench"  # in the schema's metadata: the terms
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
NEVER = -1
ROWS_AT_ONCE = 20_000

P = ParamSpec("P")


class Spans(NamedTuple):
    """Samples as places in `Interactions`: the history is `[starts, targets)`; M of them."""

    starts: Ints  # (M,)
    targets: Ints  # (M,)
    splits: Ints  # (M,) positions in SHARES

    def kept(self, which: npt.NDArray[np.bool_] | Ints) -> "Spans":
        return Spans(self.starts[which], self.targets[which], self.splits[which])


def met_before(events: Interactions) -> Ints:
    """Where each interaction's user last met its item before, NEVER for the first time, (N,)."""
    order = order_by(events.users, events.items)
    again = (np.diff(events.users[order]) == 0) & (np.diff(events.items[order]) == 0)
    before = np.full(len(order), NEVER)
    before[order[1:][again]] = order[:-1][again]
    return before


class Cut(NamedTuple):
    """Samples that a rule cut, M of them, by user and then the time of the target."""

    events: Interactions
    spans: Spans
    ranks: Ints  # (M,) the place of each target in its user's order
    terms: Terms

    def at(self, places: Ints | npt.NDArray[np.bool_]) -> "Cut":
        """Those at these places, or of a mask."""
        return self._replace(spans=self.spans.kept(places), ranks=self.ranks[places])

    def sample_ids(self) -> pa.Array:
        """`windows5-USER-PLACE`, as `pmg.columns.sample_id` has ids, (M,)."""
        names, own = users_of(self.events, self.spans.targets)
        rule = self.terms.protocol.partition(",")[0]
        ids = pa.array([sample_id(rule, name, room=DIGITS + 1) for name in names], pa.string())
        places = pc.cast(pa.array(self.ranks), pa.string())
        return pc.binary_join_element_wise(ids.take(pa.array(own)), places, "-")

    def history_ids(self) -> pa.ListArray:
        """The ids of each sample's history, (M,)."""
        ids = self.events.item_ids.take(pa.array(self.events.items[self.places()]))
        return pa.ListArray.from_arrays(pa.array(self.offsets()), ids)

    def places(self) -> npt.NDArray[np.int32]:
        """All places of all histories, one history after the other, (H,)."""
        starts, targets = (each.astype(np.int32) for each in self.spans[:2])
        offsets = self.offsets()
        places = np.arange(offsets[-1], dtype=np.int32)
        places += np.repeat(starts - offsets[:-1], targets - starts)
        return places

    def offsets(self) -> npt.NDArray[np.int32]:
        """Where each history begins among all, and the last ends, (M + 1,)."""
        offsets = np.zeros(len(self.ranks) + 1, np.int32)
        np.cumsum(self.spans.targets - self.spans.starts, out=offsets[1:])
        return offsets

    def table(self) -> pa.Table:
        """The samples as a table of ids; of many, Arrow copies texts on all processors."""
        count = len(self.ranks)
        if count <= ROWS_AT_ONCE:
            return self.rows()
        places = (np.arange(start, min(start + ROWS_AT_ONCE, count))
                  for start in range(0, count, ROWS_AT_ONCE))  # fmt: skip
        with ThreadPoolExecutor() as pool:
            return pa.concat_tables(pool.map(lambda some: self.at(some).rows(), places))

    def rows(self) -> pa.Table:
        """The same in one piece."""
        events, targets = self.events, self.spans.targets
        columns = [
            self.sample_ids(),
            events.user_ids.take(pa.array(events.users[targets])),
            self.history_ids(),
            events.item_ids.take(pa.array(events.items[targets])),
            pa.array(list(SHARES)).take(pa.array(self.spans.splits)),
        ]
        about = {ABOUT: json.dumps(self.terms._asdict()).encode()}
        return pa.table(columns, SCHEMA.with_metadata(about))


def cut_of(events: Interactions, spans: Spans, terms: Terms) -> Cut:
    """The samples, less those whose target is in their own history.

    Raises:
        TooFew: no sample is left.
        BadCall: too many ids in all histories for a table.
    """
    spans = spans.kept(met_before(events)[spans.targets] < spans.starts)
    require_some(events, spans, terms)
    return Cut(events, spans, events.ranks()[spans.targets], terms)


def as_table(rule: Callable[P, Cut]) -> Callable[P, pa.Table]:
    """The rule with a table as its answer, as people call it."""

    @wraps(rule)
    def answer(*arguments: P.args, **options: P.kwargs) -> pa.Table:
        return rule(*arguments, **options).table()

    own = signature(rule).replace(return_annotation=pa.Table)
    answer.__signature__ = own  # type: ignore[attr-defined] # what `help` shows
    return answer


def terms_of(samples: pa.Table) -> Terms | None:
    """The terms that a table was cut on, where it tells them."""
    about = (samples.schema.metadata or {}).get(ABOUT)
    if about is None:
        return None
    told = json.loads(about)
    return Terms(**told | {"filters": tuple(told["filters"])})


def require_some(events: Interactions, spans: Spans, terms: Terms) -> None:
    """Raise TooFew where there are no samples, BadCall where there are more than a table holds."""
    if not len(spans.starts):
        raise TooFew(
            f"{terms.protocol}: expected at least one sample, found none: of "
            f"{len(events.users):,} interactions, no user has enough for a history and a "
            f"target.{after(terms.filters)}"
        )
    if (ids := int((spans.targets - spans.starts).sum())) > MOST_IDS:
        raise BadCall(
            f"{terms.protocol}: expected at most {MOST_IDS:,} ids in all histories, found "
            f"{ids:,}. Make them shorter.{after(terms.filters)}"
        )


def require_each(cut: Cut, splits: Sequence[int], remedy: str) -> Cut:
    """The same samples. Raises TooFew where one of the splits has none."""
    counts = np.bincount(cut.spans.splits, minlength=len(SHARES))
    if not counts[splits].all():
        names = list(SHARES)
        told = ", ".join(f"{counts[each]:,} in {names[each]}" for each in splits)
        users = len(np.unique(cut.events.users[cut.spans.targets]))
        raise TooFew(
            f"{cut.terms.protocol}: expected samples in each split, found {told}, of {users:,} "
            f"users. {remedy}.{after(cut.terms.filters)}"
        )
    return cut


def after(filters: Sequence[str]) -> str:
    """What filters did, as sentences after another one."""
    return "".join(f" {each}." for each in filters)


def drawn_splits(events: Interactions, targets: Ints, split: str, seed: int) -> Ints:
    """Train, validation or test as 80 to 10 to 10, by a hash of each user, or sample.

    Raises:
        BadCall: `split` is none of `SPLITS`.
    """
    if split not in SPLITS:
        raise BadCall(f"split: expected {' or '.join(SPLITS)}, found {split!r}.")
    if split == BY_SAMPLE:
        limits = np.cumsum(list(SHARES.values()))[:-1]
        shares = draws_of_samples(events, targets, seed) / 2.0**64
        return np.searchsorted(limits, shares, side="right").astype(np.int64)
    names, own = users_of(events, targets)
    splits, seeded = list(SHARES), [str(seed)] if seed else []
    return np.array([splits.index(split_of(name, *seeded)) for name in names], np.int64)[own]


def draws_of_samples(events: Interactions, targets: Ints, seed: int) -> Draws:
    """A number that looks drawn for each sample, by its user and its target's place, (M,)."""
    names, own = users_of(events, targets)
    of_users = np.array([draw_of("sample", str(seed), name) for name in names], np.uint64)
    return mixed(of_users[own], events.ranks()[targets])


def users_of(events: Interactions, targets: Ints) -> tuple[list[str], Ints]:
    """The users that have samples, and which of them each sample is of."""
    present, own = np.unique(events.users[targets], return_inverse=True)
    return events.user_ids.take(pa.array(present)).to_pylist(), own
