"""The terms on which samples were cut: what they say of themselves, and leaks are told by it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

USUAL: Mapping[str, Any] = {  # options that change nothing, and are not written
    "step": 1,
    "shortest": 1,
    "k_core": 1,
    "split": "user",
    "seed": 0,
    "by": "popularity",
}


class Terms(NamedTuple):
    """What a set of samples says of itself."""

    protocol: str  # as "windows5,min_rating=4"
    disjoint: bool  # no user is in two splits
    before: bool | None  # a history came before its target; None: targets have no place in time
    filters: tuple[str, ...] = ()  # what was left out before, in words with counts


def protocol_line(name: str, options: Mapping[str, Any]) -> str:
    """`windows5,min_rating=4`: a protocol as people write it, less what is usual anyway."""
    told = sorted(
        (option, value)
        for option, value in options.items()
        if value is not None and value != USUAL.get(option)
    )
    return ",".join([name, *(f"{option}={written(value)}" for option, value in told)])


def written(value: object) -> str:
    """A value of an option; of two numbers with a colon between."""
    values = value if isinstance(value, tuple | list) else [value]
    return ":".join(_number(each) if isinstance(each, float) else str(each) for each in values)


def _number(value: float) -> str:
    number = float(value)  # numpy's own say their type
    return str(int(number)) if number.is_integer() else f"{number:.6f}".rstrip("0").rstrip(".")
