"""The rule of the official evaluation split."""

import numpy as np
import numpy.typing as npt

from pmg.protocols.filters import filtered
from pmg.protocols.interactions import Source, interactions_of
from pmg.protocols.rules import ALL_SPLITS, LIKED, MORE_USERS, TRAIN, all_before
from pmg.protocols.samples import (
    BY_USER,
    Cut,
    Spans,
    cut_of,
    drawn_splits,
    draws_of_samples,
    require_each,
)
from pmg.protocols.terms import Terms

LONGEST = 5  # items of a history
MOST = 20  # samples of a user who is not trained on


def bench(interactions: Source) -> Cut:
    """Cut the official evaluation split.

    The target is an item that a user liked (rated 4 or better, where there are ratings), the
    history the up to five liked ones before it. No user is in two splits, by a hash of the id, so
    that what is trained says nothing of who is tested (strong generalisation: Marlin, 2004; Liang
    et al., WWW 2018). Of a user who is not trained on 20 samples stay, drawn by a hash, so that
    nobody weighs more than that.

    Raises:
        BadCall: as `windows`.
    """
    all_of_them = interactions_of(interactions)
    lowest = None if all_of_them.ratings is None else LIKED
    events, told = filtered(all_of_them, lowest, k_core=1)
    starts, targets = all_before(events, 1, LONGEST)
    spans = Spans(starts, targets, drawn_splits(events, targets, BY_USER, seed=0))
    cut = cut_of(events, spans, Terms("bench", True, True, told))
    return require_each(cut.at(capped(cut)), ALL_SPLITS, MORE_USERS)


def capped(cut: Cut) -> npt.NDArray[np.bool_]:
    """Which samples stay, (M,): all of users who are trained on, `MOST` of each other one."""
    events, targets = cut.events, cut.spans.targets
    users, draws = events.users[targets], draws_of_samples(events, targets, seed=0)
    order = np.lexsort((draws, users))
    starts = np.flatnonzero(np.diff(users[order], prepend=-1))
    counts = np.diff(starts, append=len(order))
    places = np.empty_like(order)
    places[order] = np.arange(len(order)) - np.repeat(starts, counts)
    kept: npt.NDArray[np.bool_] = (cut.spans.splits == TRAIN) | (places < MOST)
    return kept
