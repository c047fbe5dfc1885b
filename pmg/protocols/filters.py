"""Filters of interactions, each of which tells what it left."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from pmg.problems import BadCall
from pmg.protocols.interactions import Interactions


class Step(NamedTuple):
    """A filter, and how many interactions, users and items there were before and after."""

    what: str
    before: tuple[int, int, int]
    after: tuple[int, int, int]

    def told(self) -> str:
        interactions, users, items = (
            f"{before:,} → {after:,}" for before, after in zip(self.before, self.after, strict=True)
        )
        return f"{self.what}: {interactions} interactions, {users} users, {items} items"


def rated(events: Interactions, lowest: float) -> Interactions:
    """Those rated at least `lowest` stars. Raises BadCall where there are no ratings."""
    if events.ratings is None:
        raise BadCall("min_rating: expected interactions with a rating, found none.")
    return events.at(events.ratings >= lowest)


def core(events: Interactions, least: int) -> Interactions:
    """The `least`-core: users and items with fewer interactions go, until all have enough.

    As in He & McAuley, "Ups and Downs" (WWW 2016), and most papers since.
    """
    while True:
        of_users = np.bincount(events.users, minlength=len(events.user_ids))
        of_items = np.bincount(events.items, minlength=len(events.item_ids))
        enough = (of_users[events.users] >= least) & (of_items[events.items] >= least)
        if enough.all():
            return events
        events = events.at(enough)


def filtered(
    events: Interactions, min_rating: float | None, k_core: int
) -> tuple[Interactions, list[Step]]:
    """Interactions less those that the options leave out, and what each option did.

    Raises:
        BadCall: nothing is left.
    """
    steps: list[Step] = []
    for what, keep in filters(min_rating, k_core):
        before = events.counts()
        events = keep(events)
        steps.append(Step(what, before, events.counts()))
    if not len(events.users):
        raise nothing_left(steps)
    return events, steps


def filters(
    min_rating: float | None, k_core: int
) -> Iterator[tuple[str, Callable[[Interactions], Interactions]]]:
    """The filters that are asked for, by their names."""
    if min_rating is not None:
        yield f"rating ≥ {min_rating:g}", partial(rated, lowest=min_rating)
    if k_core > 1:
        yield f"{k_core}-core", partial(core, least=k_core)


def nothing_left(steps: list[Step]) -> BadCall:
    told = "; ".join(step.told() for step in steps) or "there were none to begin with"
    return BadCall(f"Interactions: expected some to make samples of, found none. {told}.")
