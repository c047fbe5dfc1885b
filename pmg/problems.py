"""Problems of raw files: what is wrong, where, and what to do about it.

A problem is data, not control flow: readers report it and go on, so that one run names
everything. `BadData` is raised only where there is nothing to go on with.
"""

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import NamedTuple, TypeVar

LISTED = "problems.txt"  # in a domain's folder of a built set: all that was found
KEPT_PER_KIND = 1_000  # a million bad lines must not fill the memory; all are counted
SHOWN_PER_KIND = 5  # what a person reads of one kind before the rest is a number
SHOWN_CHARACTERS = 80  # of a stranger's text
SHOWN_IDS = 5
PLAIN = re.compile(r"[\w./:-]{1,80}")
CORRECT_ENTRY = "Correct the entry, or remove it"
IF_MEANT = "Nothing, if this is meant"

Id = TypeVar("Id", int, str)  # of a movie, an item, a user


class Severity(IntEnum):
    """How much a problem matters; the smaller, the worse."""

    ERROR = 0  # build refuses, or leaves out where it is told to skip
    WARNING = 1  # built, counted and shown
    NOTE = 2  # worth knowing


class Problem(NamedTuple):
    """One sentence about raw data, in its five parts.

    Problems that differ in place and found only are of one kind, and are shown together.
    """

    severity: Severity
    file: str  # below the raw folder, with forward slashes
    place: str  # "line 3, column rating", "key 1234", "byte 512"; "" is the whole file
    expected: str
    found: str
    remedy: str  # what to do, an imperative without a full stop

    @property
    def sentence(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: expected {self.expected}, found {self.found}. {self.remedy}."


def quoted(text: str, most: int = SHOWN_CHARACTERS) -> str:
    """A stranger's text fit for a sentence: in quotes, on one line, printable, not too long."""
    cut = text[:most]
    return repr(cut) if cut == text else f"{repr(cut)[:-1]}…{repr(cut)[-1]}"


def shown(own_id: int | str) -> str:
    """An id or key fit for a sentence: as it stands where it is one plain word, else quoted."""
    text = str(own_id)
    return text if PLAIN.fullmatch(text) else quoted(text)


def listed(ids: Iterable[Id]) -> str:
    """Ids fit for a sentence: `1, 2, 3, 4, 5 and 1,204 more`."""
    every = list(ids)
    first = ", ".join(map(shown, every[:SHOWN_IDS]))
    return first if len(every) <= SHOWN_IDS else f"{first} and {len(every) - SHOWN_IDS:,} more"


class Kind(NamedTuple):
    """What problems of one kind have in common."""

    severity: Severity
    file: str
    expected: str
    remedy: str


class BadData(Exception):  # noqa: N818 - the data is at fault, not the program
    """Raised where reading cannot go on; carries the problem to report."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return self.problem.sentence


class BadCall(Exception):  # noqa: N818 - the call is at fault, not the program
    """Raised for a wrong option or a folder that cannot be used so; a sentence with the remedy."""


class Problems:
    """Collects problems, merged by kind: counts all, keeps the first `KEPT_PER_KIND` of each."""

    def __init__(self) -> None:
        self._kept: dict[Kind, dict[Problem, None]] = {}
        self._counts: dict[Kind, int] = {}

    def add(self, problem: Problem) -> None:
        kind = Kind(problem.severity, problem.file, problem.expected, problem.remedy)
        kept = self._kept.setdefault(kind, {})
        if problem in kept:
            return
        self._counts[kind] = self._counts.get(kind, 0) + 1
        if len(kept) < KEPT_PER_KIND:
            kept[problem] = None

    def merge(self, others: "Problems") -> None:
        """Add all of `others`, those that were counted and not kept included."""
        for problem in others:
            self.add(problem)
        for kind, count in others.counted_only().items():
            self._counts[kind] += count

    def counted_only(self) -> dict[Kind, int]:
        """How many of each kind were counted and not kept."""
        return {kind: count - len(self._kept[kind]) for kind, count in self._counts.items()}

    def __iter__(self) -> Iterator[Problem]:
        """Kept problems, worst first, then by file, in the order they were met."""
        for kind in self._sorted():
            yield from self._kept[kind]

    def count(self, severity: Severity) -> int:
        return sum(n for kind, n in self._counts.items() if kind.severity is severity)

    def sentences(
        self, shown_per_kind: int = SHOWN_PER_KIND, mildest: Severity = Severity.NOTE
    ) -> Iterator[str]:
        """The report: `error: …` lines, worst first, at most `shown_per_kind` of one kind."""
        for kind in self._sorted():
            if kind.severity > mildest:
                continue
            name = kind.severity.name.lower()
            for problem in list(self._kept[kind])[:shown_per_kind]:
                yield f"{name}: {problem.sentence}"
            if (more := self._counts[kind] - min(shown_per_kind, len(self._kept[kind]))) > 0:
                yield f"{name}: {kind.file}: … and {more:,} more of this kind."

    def summary(self) -> str:
        """`2 errors, 1 warning, 0 notes`."""
        parts = []
        for severity in Severity:
            count = self.count(severity)
            parts.append(f"{count:,} {severity.name.lower()}{'' if count == 1 else 's'}")
        return ", ".join(parts)

    def _sorted(self) -> list[Kind]:
        return sorted(self._kept, key=lambda kind: (kind.severity, kind.file))


class FileReport(NamedTuple):
    """Adds problems of one file."""

    file: str  # as `Problem.file`
    problems: Problems

    def error(self, place: str, expected: str, found: str, remedy: str) -> None:
        self.problems.add(Problem(Severity.ERROR, self.file, place, expected, found, remedy))

    def warning(self, place: str, expected: str, found: str, remedy: str) -> None:
        self.problems.add(Problem(Severity.WARNING, self.file, place, expected, found, remedy))

    def note(self, place: str, expected: str, found: str, remedy: str) -> None:
        self.problems.add(Problem(Severity.NOTE, self.file, place, expected, found, remedy))

    def gaps(self, expected: str, lacking: Iterable[Id]) -> None:
        """Note which ids lack what was expected of all; none, and nothing is said."""
        if ids := sorted(lacking):
            self.note("", expected, f"{len(ids):,} without: {listed(ids)}", IF_MEANT)


class TooManyProblems(Exception):  # noqa: N818 - as BadData
    """Raised where errors forbid going on; carries all problems found."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(self.problems.sentences())
