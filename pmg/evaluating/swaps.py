"""Swaps: for each sample one of another user, whose history is the control."""

import hashlib

import numpy as np
import numpy.typing as npt

from pmg.reading.rows import Joined

NOBODY = -1


def partners(joined: Joined) -> npt.NDArray[np.int64]:
    """For each of N samples the number of one of another user, (N,); NOBODY where there is none.

    Samples are put in the order of a hash of their ids, and each takes the next one of another
    user: the same set gives the same partners, and each history serves about as often as any.
    """
    ids = [text_of(joined, name="sample_id", number=each) for each in range(len(joined.rows))]
    users = [user_of(joined, number) for number in range(len(ids))]
    order = sorted(range(len(ids)), key=lambda each: hashlib.sha256(ids[each].encode()).digest())
    found = np.full(len(ids), NOBODY, np.int64)
    if len(set(users)) < 2:  # noqa: PLR2004 - a user and another
        return found
    following = place = 0
    for place, number in enumerate(order):
        following = max(following, place + 1)
        while users[order[following % len(order)]] == users[number]:
            following += 1
        found[number] = order[following % len(order)]
    return found


def user_of(joined: Joined, number: int) -> str:
    """Whose sample it is; one without a user is its own."""
    own = joined.rows.value("user_id", number) if "user_id" in joined.layout.own else None
    return str(own) if own is not None else f"sample {number}"


def text_of(joined: Joined, name: str, number: int) -> str:
    """The sample's id; its number, where a table of one's own has none."""
    return str(joined.rows.value(name, number)) if name in joined.layout.own else str(number)
