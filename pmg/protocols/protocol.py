"""A protocol: a rule with its options, in the one line that people write and the manifest keeps."""

import re
from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from typing import Any, NamedTuple

from pmg.problems import BadCall
from pmg.protocols.candidates import candidates_of
from pmg.protocols.events import Log
from pmg.protocols.id_rows import IdRows, by_split
from pmg.protocols.interactions import coded, interactions_of
from pmg.protocols.pools import POPULARITY, WEIGHTS, pool_of, require_known
from pmg.protocols.rules import LONGEST, leave_last_out, pmg, temporal, windows
from pmg.protocols.samples import SPLITS, Cut
from pmg.protocols.terms import USUAL, protocol_line

CATEGORY = "category"
WRITTEN = re.compile(r"([a-z_]+?)([0-9]{1,4})?((?:,[a-z_]+=[^,=]+)*)", re.ASCII)
LONGEST_OF_ALL = 1_000  # items of a history; no model takes more


class Rule(NamedTuple):
    """A rule as protocols know it."""

    cut: Callable[..., Cut]
    length: str  # the parameter that the number in the protocol's name is
    usual: int  # that number, where none is written
    needs: tuple[str, ...] = ()  # columns of interactions


RULES = {
    "pmg": Rule(pmg, "longest", 3, ("rating", "timestamp")),
    "windows": Rule(windows, "history", 5),
    "leave_last_out": Rule(leave_last_out, "longest", LONGEST),
    "temporal": Rule(temporal, "longest", LONGEST, ("timestamp",)),
}


class Option(NamedTuple):
    """An option as it is written."""

    read: Callable[[str], Any]  # raises ValueError
    allowed: str


def _whole(least: int) -> Option:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) or int(text) < least:
            raise ValueError(text)
        return int(text)

    return Option(read, f"a whole number from {least}")


def _one_of(*names: str) -> Option:
    def read(text: str) -> str:
        if text not in names:
            raise ValueError(text)
        return text

    return Option(read, " or ".join(names))


def _numbers(text: str) -> float | tuple[float, ...]:
    numbers = tuple(map(_number, text.split(":")))
    return numbers if len(numbers) > 1 else numbers[0]


def _number(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,11}(\.[0-9]{1,6})?", text, re.ASCII):
        raise ValueError(text)
    return float(text)


OF_CANDIDATES = ("negatives", "by", "within", "seed")  # whatever the rule
OPTIONS = {
    "step": _whole(1),
    "shortest": _whole(1),
    "k_core": _whole(1),
    "min_rating": Option(_number, "a number of stars"),
    "at": Option(_numbers, "a time in Unix seconds, or two as 1100000000:1200000000"),
    "fraction": Option(_numbers, "a share between 0 and 1, or two as 0.8:0.9"),
    "split": _one_of(*SPLITS),
    "seed": _whole(0),
    "negatives": _whole(1),
    "by": _one_of(*WEIGHTS),
    "within": _one_of(CATEGORY),
}


class Protocol(NamedTuple):
    """A rule with its options."""

    rule: str
    length: int  # items of a history: of `windows` all have as many, else the longest
    options: Mapping[str, Any]

    @property
    def name(self) -> str:
        """`windows5`: what its config is called after the domain."""
        return f"{self.rule}{self.length}"

    def __str__(self) -> str:
        """As people write it, options by name, less what is usual anyway."""
        return protocol_line(self.name, self.options)

    @property
    def needs(self) -> set[str]:
        """The columns that interactions must have."""
        return {*RULES[self.rule].needs, *(["rating"] if "min_rating" in self.options else [])}

    def cut(self, log: Log) -> dict[str, IdRows]:
        """The samples of a domain by split, with candidates where they are asked for.

        Raises:
            BadCall: as the rules.
        """
        rule, events = RULES[self.rule], interactions_of(log.interactions)
        require_known("interactions", events.item_ids, coded(log.items["item_id"])[1])
        own = {name: each for name, each in self.options.items() if name in own_options(self.rule)}
        cut = rule.cut(events, **{rule.length: self.length}, **own)
        if "negatives" not in self.options:
            return by_split(cut, None, str(self))
        within = log.category if "within" in self.options else None
        pool = pool_of(events, self.options.get("by", POPULARITY), log.items, within)
        seed, negatives = self.options.get("seed", 0), self.options["negatives"]
        return by_split(cut, candidates_of(cut, events, pool, negatives, seed), str(self))


def own_options(rule: str) -> dict[str, Parameter]:
    """The options that the rule itself takes."""
    taken = signature(RULES[rule].cut).parameters
    return {name: each for name, each in taken.items() if name in OPTIONS}


def options_of(rule: str) -> list[str]:
    """The options that may be written after a rule."""
    return list(dict.fromkeys([*own_options(rule), *OF_CANDIDATES]))


def read_protocol(text: str) -> Protocol:
    """A protocol as it is written: `windows5,min_rating=4,negatives=9,within=category`.

    Raises:
        BadCall: an unknown rule or option, or one with a wrong value; names what is allowed.
    """
    found = WRITTEN.fullmatch(text)
    if not found or found[1] not in RULES:
        raise BadCall(
            f"protocol: expected {', '.join(RULES)}, with the items of a history and options as "
            f"in windows5,min_rating=4, found {text!r}."
        )
    rule, number, rest = found.groups()
    length = int(number) if number else RULES[rule].usual
    if not 1 <= length <= LONGEST_OF_ALL:
        raise BadCall(f"protocol: expected histories of 1 to {LONGEST_OF_ALL:,}, found {length}.")
    options: dict[str, Any] = {}
    for name, value in (part.split("=") for part in rest.split(",")[1:]):
        if name in options:
            raise BadCall(f"protocol {rule}: expected each option once, found {name} twice.")
        options[name] = option(rule, name, value)
    require_whole(rule, options)
    usual = {**USUAL, **{name: each.default for name, each in own_options(rule).items()}}
    unusual = {name: value for name, value in options.items() if value != usual.get(name)}
    return Protocol(rule, length, unusual)


def option(rule: str, name: str, value: str) -> Any:  # noqa: ANN401 - of any option
    """The value of an option. Raises BadCall for one that `rule` has not, or a wrong value."""
    if name not in options_of(rule):
        names = ", ".join(options_of(rule))
        raise BadCall(f"protocol {rule}: expected one of the options {names}, found {name}.")
    try:
        return OPTIONS[name].read(value)
    except ValueError:
        expected = OPTIONS[name].allowed
        raise BadCall(f"protocol {rule}, {name}: expected {expected}, found {value!r}.") from None


def require_whole(rule: str, options: Mapping[str, Any]) -> None:
    """Raise BadCall for options that only mean something together."""
    if rule == "temporal" and ("at" in options) == ("fraction" in options):
        raise BadCall(
            "protocol temporal: expected either `at` or `fraction`, as in temporal50,fraction=0.8."
        )
    of_negatives = ["by", "within", *(["seed"] if "seed" not in own_options(rule) else [])]
    if (given := [name for name in of_negatives if name in options]) and "negatives" not in options:
        raise BadCall(
            f"protocol {rule}: expected `negatives` where `{given[0]}` says how they are drawn."
        )
