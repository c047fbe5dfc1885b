"""Filters of interactions, each of which tells what it left."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from pmg.problems import BadCall
from pmg.protocols.interactions import Interactions


class TooFew(BadCall):
    """Raised where nobody has enough for what was asked for."""


class Filtered(NamedTuple):
    """Interactions that are left, and what was left out, a sentence for each filter."""

    events: Interactions
    told: tuple[str, ...]


def shown(events: Interactions) -> Interactions:
    """Those with items that have a picture."""
    return events if events.shown is None else events.at(events.shown)


def rated(events: Interactions, lowest: float) -> Interactions:
    """Those rated at least `lowest` stars. Raises BadCall where there are no ratings."""
    if events.ratings is None:
        raise BadCall("min_rating: expected interactions with a rating, found none.")
    return events.at(events.ratings.astype(np.float32) >= np.float32(lowest))


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


def filtered(events: Interactions, min_rating: float | None, k_core: int) -> Filtered:
    """Interactions with pictures, less those that the options leave out.

    Raises:
        TooFew: nothing is left.
    """
    is_number = isinstance(min_rating, int | float | np.floating) and type(min_rating) is not bool
    if min_rating is not None and not is_number:
        raise BadCall(f"min_rating: expected a number of stars, found {min_rating!r}.")
    if type(k_core) is not int or k_core < 1:
        raise BadCall(f"k_core: expected a whole number from 1, found {k_core!r}.")
    told: list[str] = []
    for what, keep in filters(events, min_rating, k_core):
        before = events.counts()
        events = keep(events)
        told.append(f"{what}: {change(before, events.counts())}")
    if not len(events.users):
        steps = ". ".join(told) or "there were none to begin with"
        raise TooFew(f"Interactions: expected some to make samples of, found none. {steps}.")
    return Filtered(events, tuple(told))


def filters(
    events: Interactions, min_rating: float | None, k_core: int
) -> Iterator[tuple[str, Callable[[Interactions], Interactions]]]:
    """The filters that are asked for, by their names."""
    if events.shown is not None:
        yield "with a picture", shown
    if min_rating is not None:
        yield f"rating ≥ {min_rating:g}", partial(rated, lowest=min_rating)
    if k_core > 1:
        yield f"{k_core}-core", partial(core, least=k_core)


def change(before: tuple[int, int, int], after: tuple[int, int, int]) -> str:
    """`100 → 80 interactions, 10 → 9 users, 30 → 28 items`."""
    nouns = ("interactions", "users", "items")
    return ", ".join(
        f"{old:,} → {new:,} {noun}" for old, new, noun in zip(before, after, nouns, strict=True)
    )
