"""Rules that cut interactions into samples, each named by the paper it is from.

All take interactions as a Dataset, an Arrow table or a DataFrame with the columns `user_id` and
`item_id`, and `rating`, `timestamp`, `has_image`, or `event` and `position`, where they have them.
As `pmg_bench` has them they answer with an Arrow table of ids: `sample_id`, `user_id`,
`history_ids` (oldest first), `target_id`, `split`. Items without a picture are passed over, where
the interactions tell. What filters left out is told in the table's metadata. Rows may come in any
order.
"""

import numpy as np

from pmg.histories import LATEST_TIME, Ints, most_preferred, order_by
from pmg.problems import BadCall
from pmg.protocols.filters import filtered
from pmg.protocols.interactions import Interactions, Source, interactions_of
from pmg.protocols.samples import (
    BY_USER,
    NEVER,
    Cut,
    Spans,
    cut_of,
    drawn_splits,
    met_before,
    require_each,
)
from pmg.protocols.terms import Terms, protocol_line

TRAIN, VALIDATION, TEST = range(3)  # as SHARES has them
LONGEST = 50  # items of a history, where nothing else is said; SASRec takes as many of MovieLens
MOST = 2**31 - 1  # of anything that is counted
LIKED = 4.0  # stars
ALL_SPLITS = [TRAIN, VALIDATION, TEST]
MORE_USERS = "Bring more users, or split by sample"
OTHER_TIME = "Cut at another time"


def pmg(interactions: Source, longest: int = 3, *, min_rating: float | None = LIKED) -> Cut:
    """Cut one sample per user of what they like most, for training: the rule of PMG.

    Of a user's items rated at least `min_rating`, sorted by rating and then time, both descending,
    the first are the history (most preferred first) and the next one is the target (Shen et al.,
    WWW 2024). Some item of the history is mostly rated after the target. Ties stay in the order of
    rows, which is the one thing that it depends on.

    Raises:
        BadCall: as `windows`; interactions without ratings or timestamps.
    """
    require_at_least("longest", longest, 1)
    events = interactions_of(interactions)
    told = filtered(events, min_rating, k_core=1).told
    events = events.at(order_by(events.rows))  # as they were given
    if events.ratings is None or events.times is None:
        raise BadCall("pmg: expected interactions with a rating and a timestamp, found none.")
    shown = np.ones(len(events.users), np.bool_) if events.shown is None else events.shown
    ratings = events.ratings.astype(np.float32)
    lowest = 0.0 if min_rating is None else float(min_rating)
    cut = most_preferred(events.users, ratings, events.times, shown, longest, lowest)
    spans = Spans(cut.starts, cut.targets, np.full(len(cut), TRAIN))
    unusual = {} if lowest == LIKED else {"min_rating": lowest}
    line = protocol_line(f"pmg{longest}", unusual)
    return cut_of(events.at(cut.events), spans, Terms(line, True, False, told))


def windows(
    interactions: Source,
    history: int = 5,
    step: int = 1,
    *,
    min_rating: float | None = None,
    k_core: int = 1,
    split: str = BY_USER,
    seed: int = 0,
) -> Cut:
    """Cut a sample at every `step`-th place where `history` items of a user are followed by one.

    Sliding windows, as Caser has them (Tang & Wang, WSDM 2018). Users are in one split each
    (`split="user"`), or samples are split whatever user they are of (`split="sample"`), as much of
    the field does and as leaks: see `leakcheck`. Another `seed`, other splits.

    Raises:
        BadCall: the interactions are at fault, or an option is.
        TooFew: nobody has enough for a sample, or a split would have none; counts before and after
            each filter are told.
    """
    require_at_least("history", history, 1)
    require_at_least("step", step, 1)
    require_at_least("seed", seed, 0)
    events, told = filtered(interactions_of(interactions), min_rating, k_core)
    ranks = events.ranks()
    targets = np.flatnonzero((ranks >= history) & ((ranks - history) % step == 0))
    spans = Spans(targets - history, targets, drawn_splits(events, targets, split, seed))
    options = {"step": step, "min_rating": min_rating, "k_core": k_core, "split": split}
    line = protocol_line(f"windows{history}", options | {"seed": seed})
    cut = cut_of(events, spans, Terms(line, split == BY_USER, True, told))
    return require_each(cut, ALL_SPLITS, MORE_USERS) if split == BY_USER else cut


def leave_last_out(
    interactions: Source,
    longest: int = LONGEST,
    *,
    shortest: int = 1,
    min_rating: float | None = None,
    k_core: int = 1,
) -> Cut:
    """Test on each user's last item, validate on the one before, train on all before that.

    As SASRec (Kang & McAuley, ICDM 2018). A history is what came before, at most `longest` items
    of it. Every user with enough items is in all splits, so a test target of one user may be a
    training target of another. A target that its user met before, as an item may be clicked twice,
    is not tested on: it is known already.

    Raises:
        BadCall: as `windows`.
    """
    events, told = filtered(interactions_of(interactions), min_rating, k_core)
    starts, targets = all_before(events, shortest, longest)
    left = np.bincount(events.users)[events.users] - 1 - events.ranks()
    splits = np.select([left[targets] == 0, left[targets] == 1], [TEST, VALIDATION], TRAIN)
    spans, told = new_targets(events, Spans(starts, targets, splits), told)
    options = {"shortest": shortest, "min_rating": min_rating, "k_core": k_core}
    line = protocol_line(f"leave_last_out{longest}", options)
    return cut_of(events, spans, Terms(line, False, True, told))


def temporal(
    interactions: Source,
    at: float | tuple[float, float] | None = None,
    fraction: float | tuple[float, float] | None = None,
    longest: int = LONGEST,
    *,
    shortest: int = 1,
    min_rating: float | None = None,
    k_core: int = 1,
) -> Cut:
    """Train on targets before a time, test on those from it on; of two times, validate between.

    One line through time for all users, as it is in use; everything else lets a model see the
    future (Meng et al., "Exploring Data Splitting Strategies", RecSys 2020). `at` is in Unix
    seconds; `fraction` is the share of interactions that come before. A history may run past the
    cut, up to its own target. A target that its user met before is not tested on, as it
    is known already.

    Raises:
        BadCall: as `windows`; interactions without timestamps; none or both of `at`, `fraction`.
    """
    events, told = filtered(interactions_of(interactions), min_rating, k_core)
    if events.times is None:
        raise BadCall("temporal: expected interactions with a timestamp, found none.")
    times, shares = cuts_told("at", at), cuts_told("fraction", fraction)
    cut = times_of(events, times, shares)
    starts, targets = all_before(events, shortest, longest)
    order = np.searchsorted(cut, events.times[targets], side="right")
    between = [TRAIN, TEST] if len(cut) == 1 else ALL_SPLITS
    spans = Spans(starts, targets, np.array(between)[order])
    spans, told = new_targets(events, spans, told)
    options = {"at": times, "fraction": shares, "shortest": shortest, "min_rating": min_rating}
    line = protocol_line(f"temporal{longest}", options | {"k_core": k_core})
    return require_each(cut_of(events, spans, Terms(line, False, True, told)), between, OTHER_TIME)


def new_targets(
    events: Interactions, spans: Spans, told: tuple[str, ...]
) -> tuple[Spans, tuple[str, ...]]:
    """Samples less held-out ones whose target their user met before, and what is told of it."""
    new = (spans.splits == TRAIN) | (met_before(events)[spans.targets] == NEVER)
    if new.all():
        return spans, told
    count = np.count_nonzero(new)
    return spans.kept(new), (
        *told,
        f"held-out targets met before: {len(new):,} → {count:,} samples",
    )


def all_before(events: Interactions, shortest: int, longest: int) -> tuple[Ints, Ints]:
    """Where histories of all that came before start, at most `longest` of it, and the targets."""
    require_at_least("shortest", shortest, 1)
    require_at_least("longest", longest, shortest)
    ranks = events.ranks()
    targets = np.flatnonzero(ranks >= shortest)
    return targets - np.minimum(ranks[targets], longest), targets


def cuts_told(name: str, given: object) -> tuple[float, ...] | None:
    """One cut or two, in their order. Raises BadCall for anything else."""
    if given is None:
        return None
    try:
        values = np.atleast_1d(np.asarray(given, np.float64))
    except (TypeError, ValueError):
        values = np.empty(0)
    in_use = values.ndim == 1 and len(values) in (1, 2) and np.isfinite(values).all()
    if not in_use or (np.diff(values) <= 0).any() or np.abs(values).max() > LATEST_TIME:
        raise BadCall(f"{name}: expected one cut, or two in their order, found {given!r}.")
    return tuple(values.tolist())


def times_of(
    events: Interactions, at: tuple[float, ...] | None, fraction: tuple[float, ...] | None
) -> Ints:
    """The times to cut at, one or two, in Unix seconds."""
    if (at is None) == (fraction is None) or events.times is None:
        raise BadCall("temporal: expected either `at` or `fraction`. Name one of them.")
    if fraction is None:
        times: Ints = np.ceil(np.array(at)).astype(np.int64)
        return times
    if fraction[0] <= 0 or fraction[-1] >= 1:
        told = ":".join(map(str, fraction))
        raise BadCall(f"fraction: expected shares between 0 and 1, found {told}.")
    places = (np.array(fraction) * len(events.times)).astype(np.int64)
    return np.sort(events.times)[places]


def require_at_least(name: str, value: int, least: int) -> None:
    if type(value) is not int or not least <= value <= MOST:
        raise BadCall(f"{name}: expected a whole number from {least}, found {value!r}.")
