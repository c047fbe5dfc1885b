"""A domain's raw files, read and checked: where the rows of all its tables come from."""

import os
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from datasets import ClassLabel, Features, List

from pmg.domain import Domain, Entries, EntryT, Table
from pmg.options import Options
from pmg.origins import MADE, Origin, count_origins
from pmg.problems import BadData, Problem, Problems, Severity, TooManyProblems
from pmg.raw.folder import require_folder
from pmg.raw.scratch import Scratch


class Planned(NamedTuple):
    """The entries of a domain's tables, where just these items have a picture."""

    shown: AbstractSet[str]
    entries: dict[str, Entries[Any]]  # by table, of those that have any
    notes: list[Problem]  # of those that have none


class Source(NamedTuple):
    """A domain's raw folder, read and checked."""

    domain: Domain[Any]
    options: Options
    raw: Any  # what the domain's `read` answered; None where a file is unreadable
    origins: list[Origin]  # of captions, as far as the folder tells
    problems: Problems

    def entries(self, table: Table[Any, EntryT], shown: AbstractSet[str]) -> Entries[EntryT]:
        """A table's entries, of the splits that have any: `datasets` can load no empty one.

        Raises:
            BadData: no split has any.
        """
        splits = table.entries(self.raw, self.options, shown)
        if not (filled := {split: rows for split, rows in splits.items() if rows}):
            found, remedy = "none", "Complete the raw files"
            expected = f"files that give at least one row of {table.name}"
            raise BadData(Problem(Severity.ERROR, self.domain.name, "", expected, found, remedy))
        return filled

    def entries_of(self, tables: Sequence[Table[Any, Any]], shown: AbstractSet[str]) -> "Planned":
        """The entries of those tables that have any, by name.

        Raises:
            BadData: as `entries`, of a table that must have some; of others there is a note.
        """
        planned = Planned(shown, {}, [])
        for table in tables:
            try:
                planned.entries[table.name] = self.entries(table, shown)
            except BadData as fault:
                if fault.problem.severity is Severity.ERROR:
                    raise
                planned.notes.append(fault.problem)
        return planned

    def features(self, table: Table[Any, Any]) -> Features:
        """A table's features, where numbers that the raw files give names to are classes."""
        names = table.class_names(self.raw)
        return Features(
            {
                column: _classes(kind, names[column]) if column in names else kind
                for column, kind in table.features.items()
            }
        )


def _classes(kind: Any, names: Sequence[str]) -> Any:  # noqa: ANN401 - datasets has no types
    if isinstance(kind, List):
        return List(_classes(kind.feature, names))
    return ClassLabel(names=list(names))


def examine(domain: Domain[Any], raw_folder: Path, scratch: Scratch, options: Options) -> Source:
    """Read and check a domain's folder below `raw_folder`; every problem found, none raised.

    What cannot be read out of order is spooled to `scratch`, where it may be found again.

    Raises:
        BadData: `raw_folder` holds no folder of this domain.
    """
    folder = require_folder(domain, raw_folder)
    problems = Problems()
    raw = domain.read(folder, scratch, options, problems)
    return Source(domain, options, raw, origins_of(domain, folder, raw, problems), problems)


def origins_of(
    domain: Domain[Any],
    folder: Path,
    raw: Any,  # noqa: ANN401 - of any domain
    problems: Problems,
) -> list[Origin]:
    """Which models made the captions; what is wrong with the file that tells it is reported."""
    path = folder / MADE
    if domain.captioned is None or raw is None or not os.path.lexists(path):
        return []
    try:
        return count_origins(path, partial(domain.captioned.described, raw), problems)
    except BadData as fault:
        problems.add(fault.problem)
        return []


def open_source(
    domain: Domain[Any], raw_folder: Path, scratch: Scratch, options: Options
) -> Source:
    """Read and check a domain's raw files for building from them.

    Raises:
        BadData: as `examine`.
        TooManyProblems: a file is unreadable, or there are errors that `options.on_problem`
            does not allow to skip.
    """
    source = examine(domain, raw_folder, scratch, options)
    refuse_errors(source.problems, options)
    if source.raw is None:
        raise TooManyProblems(source.problems)
    return source


def refuse_errors(problems: Problems, options: Options) -> None:
    """Raise TooManyProblems where there are errors that may not be skipped."""
    if options.on_problem == "fail" and problems.count(Severity.ERROR):
        raise TooManyProblems(problems)
