"""The terms on which samples were cut: what they say of themselves, and leaks are told by."""

from typing import NamedTuple


class Terms(NamedTuple):
    """What a set of samples says of itself."""

    protocol: str  # as "windows5,min_rating=4"
    disjoint: bool  # no user is in two splits
    before: bool | None  # a history came before its target; None: targets have no place in time
    filters: tuple[str, ...] = ()  # what was left out before, in words with counts
