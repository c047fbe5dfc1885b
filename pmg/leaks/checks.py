"""Leaks of samples: what tells a model, while it is trained or asked, what it shall predict."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pmg.histories import Ints
from pmg.protocols.interactions import Interactions
from pmg.protocols.sample_set import NOBODY, Part, SampleSet, places
from pmg.protocols.terms import Terms

EXAMPLES = 5
Mask = npt.NDArray[np.bool_]


class Check(NamedTuple):
    """One kind of leak, and how often it was met."""

    name: str
    found: int
    of: int  # that could be compared
    noun: str  # samples or users
    gates: bool  # whether the terms of the samples forbid it
    examples: tuple[str, ...]  # ids

    @property
    def share(self) -> float:
        return self.found / self.of if self.of else 0.0

    @property
    def leaks(self) -> bool:
        return self.gates and self.found > 0


class Order(NamedTuple):
    """When each user met each item, first and last; P pairs, sorted by their numbers."""

    pairs: Ints  # (P,) as `SampleSet.pairs` numbers them
    first: Ints  # (P,) times, or places in the user's order
    last: Ints  # (P,)

    def at(self, pairs: Ints) -> tuple[Ints, Mask]:
        """Where each pair stands, and whether it is there at all."""
        found = np.minimum(np.searchsorted(self.pairs, pairs), len(self.pairs) - 1)
        return found, self.pairs[found] == pairs


def checks(samples: SampleSet, terms: Terms, events: Interactions | None) -> Iterator[Check]:
    """All kinds of leaks; without interactions nobody can tell what came first."""
    yield own_targets(samples)
    if any(len(part.candidates) for part in samples.parts.values()):
        yield candidates_told(samples)
    yield seen_in_training(samples)
    yield users_in_two(samples, gates=terms.disjoint)
    if events is not None and len(events.users) and terms.before is not None:
        yield after_target(samples, order_of(samples, events), gates=terms.before)


def own_targets(samples: SampleSet) -> Check:
    """The target in its own history."""
    found = {
        split: np.unique(part.owners[part.histories == part.targets[part.owners]])
        for split, part in samples.parts.items()
    }
    return counted("the target in its own history", samples, found, gates=True)


def candidates_told(samples: SampleSet) -> Check:
    """Candidates without the target, with something of the history, or with anything twice."""
    found = {}
    for split, part in samples.parts.items():
        own = part.asked * len(samples.items) + part.candidates
        has_target = np.zeros(len(part.targets), np.bool_)
        has_target[part.asked[part.candidates == part.targets[part.asked]]] = True
        history = part.owners * len(samples.items) + part.histories
        order = np.argsort(own, kind="stable")
        twice = part.asked[order[1:]][np.diff(own[order]) == 0]
        wrong = [np.flatnonzero(~has_target), part.asked[np.isin(own, history)], twice]
        found[split] = np.unique(np.concatenate(wrong))
    return counted("candidates that give the target away, or lack it", samples, found, gates=True)


def seen_in_training(samples: SampleSet) -> Check:
    """A target of validation or test that its user has in training, as a target or in a history.

    That others have it in training is no leak: what is tested is the user, not the item.
    """
    trained = [samples.pairs(*part.met()) for part in samples.trained]
    known = np.unique(np.concatenate([np.empty(0, np.int64), *trained]))
    found = {
        split: np.flatnonzero(
            np.isin(samples.pairs(part.users, part.targets), known) & (part.users != NOBODY)
        )
        for split, part in samples.held_out.items()
    }
    return counted("a held-out target in its user's training", samples, found, gates=True)


def users_in_two(samples: SampleSet, *, gates: bool) -> Check:
    """A user in more than one split."""
    own = [np.unique(part.users[part.users != NOBODY]) for part in samples.parts.values()]
    users, counts = np.unique(np.concatenate([np.empty(0, np.int64), *own]), return_counts=True)
    twice = samples.users.take(pa.array(users[counts > 1]))
    examples = tuple(twice.slice(0, EXAMPLES).to_pylist())
    return Check("a user in two splits", len(twice), len(users), "users", gates, examples)


def after_target(samples: SampleSet, order: Order, *, gates: bool) -> Check:
    """An item of the history that its user met only after the target.

    Of what was met more than once, the first time of the item and the last of the target count.
    Samples of nobody, or with targets that the interactions do not have, cannot be compared.
    """
    compared = 0
    found = {}
    for split, part in samples.parts.items():
        late, known = late_items(samples, part, order)
        compared += int(known.sum())
        found[split] = np.unique(part.owners[late])
    check = counted("an item of the history after the target", samples, found, gates=gates)
    return check._replace(of=compared)


def late_items(samples: SampleSet, part: Part, order: Order) -> tuple[Mask, Mask]:
    """Which items of histories came after the target, (H,); which samples can be compared, (M,)."""
    targets, known = order.at(samples.pairs(part.users, part.targets))
    known &= part.users != NOBODY
    items, there = order.at(samples.pairs(part.users[part.owners], part.histories))
    late = order.first[items] > order.last[targets][part.owners]
    return late & there & known[part.owners], known


def order_of(samples: SampleSet, events: Interactions) -> Order:
    """When users met items: by time, or where there is none by the place in the user's order."""
    when = events.ranks() if events.times is None else events.times
    users = places(pa.chunked_array([events.user_ids]), samples.users)[events.users]
    items = places(pa.chunked_array([events.item_ids]), samples.items)[events.items]
    known = (users != NOBODY) & (items != NOBODY)
    pairs, when = samples.pairs(users, items)[known], when[known]
    order = np.lexsort((when, pairs))
    pairs, when = pairs[order], when[order]
    starts = np.flatnonzero(np.diff(pairs, prepend=NOBODY))
    stops = np.append(starts[1:], len(pairs))
    if not len(pairs):  # of nobody, and never found
        return Order(np.array([NOBODY - 1]), np.zeros(1, np.int64), np.zeros(1, np.int64))
    return Order(pairs[starts], when[starts], when[stops - 1])


def counted(name: str, samples: SampleSet, found: dict[str, Ints], *, gates: bool) -> Check:
    """A check of samples, of those splits that were looked at; `found` has their places."""
    parts = {split: samples.parts[split] for split in found}
    ids = [
        f"{split}/{name}"
        for split, part in parts.items()
        for name in pc.take(part.sample_ids, pa.array(found[split][:EXAMPLES])).to_pylist()
    ]
    total = sum(len(part.targets) for part in parts.values())
    count = sum(map(len, found.values()))
    return Check(name, count, total, "samples", gates, tuple(ids[:EXAMPLES]))
