"""What was found of a set of samples: for people in sentences, for programs as JSON."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pmg.leaks.checks import Check, checks
from pmg.leaks.pictures import Twins, same_pictures
from pmg.leaks.shifts import Shift, Unseen, popularity, unseen
from pmg.problems import BadCall, listed, shown
from pmg.protocols.candidates import samples_as_arrow
from pmg.protocols.interactions import Interactions, Source, as_arrow, interactions_of
from pmg.protocols.pools import ITEM_COLUMNS
from pmg.protocols.sample_set import NOBODY, TRAINED, SampleSet, sample_set
from pmg.protocols.samples import terms_of
from pmg.protocols.terms import Terms


class Report(NamedTuple):
    """Leaks of a set of samples, and what else to know before comparing."""

    name: str
    terms: Terms
    samples: dict[str, int]  # by split
    users: dict[str, int]  # by split
    checks: list[Check]
    unseen: dict[str, Unseen]  # by split that is held out
    shift: Shift | None  # None without interactions
    twins: Twins | None  # None without items
    remark: str = ""  # why the order of time could not be looked at

    @property
    def leaks(self) -> list[Check]:
        """What the terms of the samples forbid, and was found."""
        return [check for check in self.checks if check.leaks]


def leakcheck(
    samples: Source,
    interactions: Source | None = None,
    items: Source | None = None,
    terms: Terms | None = None,
) -> Report:
    """Look for leaks in any set of samples.

    Args:
        samples: `sample_id`, `user_id`, `history_ids`, `target_id`, `split`: a Dataset, an Arrow
            table or a DataFrame, as the protocols give them.
        interactions: that they were cut from, which tell what came first.
        items: `item_id` and `image_sha256`, which tell whose pictures are the same.
        terms: what the samples say of themselves; those in the metadata of an Arrow table unless
            given, else nothing is claimed: users may be in two splits, histories in any order.

    Raises:
        BadCall: a column is missing, no sample is trained on, or the interactions are at fault.
    """
    table = samples_as_arrow(samples)
    if "split" not in table.column_names:
        raise BadCall("Samples: expected the column split, found none.")
    if missing := table["split"].null_count:
        raise BadCall(f"Samples: expected a split everywhere, found {missing:,} nulls.")
    names = table["split"].unique().to_pylist()
    if TRAINED not in names:
        raise BadCall(
            f"Samples: expected a split {TRAINED}, found {listed(map(str, names)) or 'no sample'}."
        )
    if terms is None:
        terms = terms_of(table) or Terms("samples", disjoint=False, before=False)
    splits = {name: table.filter(pc.equal(table["split"], name)) for name in names}
    log = interactions if interactions is None else interactions_of(interactions)
    known = items if items is None else items_as_arrow(items)
    return report_of(terms.protocol, terms, sample_set(splits), log, known)


def items_as_arrow(items: Source) -> pa.Table:
    """Items with ids as text. Raises BadCall where a column is missing."""
    table = as_arrow(items, ITEM_COLUMNS)
    if lacking := [name for name in ITEM_COLUMNS if name not in table.column_names]:
        raise BadCall(f"Items: expected the column {lacking[0]}, found none.")
    try:
        return table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))
    except pa.ArrowException as error:
        found = " ".join(str(error).split())[:80]
        raise BadCall(f"Items: expected ids and digests as text, found others: {found}.") from error


def report_of(
    name: str, terms: Terms, samples: SampleSet, log: Interactions | None, items: pa.Table | None
) -> Report:
    """Everything about a set of samples but pictures that are nearly the same."""
    return Report(
        name,
        terms,
        {split: len(part.targets) for split, part in samples.parts.items()},
        {
            split: len(np.unique(part.users[part.users != NOBODY]))
            for split, part in samples.parts.items()
        },
        list(checks(samples, terms, log)),
        unseen(samples),
        None if log is None else popularity(samples, log),
        None if items is None else same_pictures(samples, items),
    )


def sentences(report: Report) -> Iterator[str]:
    """The report for people, a line for each thing."""
    counts = ", ".join(f"{split} {count:,}" for split, count in report.samples.items())
    yield f"{report.name} ({report.terms.protocol}): {counts} samples"
    for check in report.checks:
        yield check_told(check)
    if report.remark:
        yield f"  LEAK? what came first is not known. {report.remark}"
    for split, seen in report.unseen.items():
        yield f"  note  items that training does not show, {split}: {seen.items:,} of {seen.of:,}"
    if report.shift:
        medians = ", ".join(
            f"{split} {each.median:,.0f}" for split, each in report.shift.splits.items()
        )
        yield (
            f"  note  how often targets were interacted with, median: {medians}; "
            f"distance {report.shift.distance:.2f}"
        )
    if report.twins:
        yield f"  note  {twins_told(report.twins)}"


def check_told(check: Check) -> str:
    """`LEAK  a user in two splits: 610 of 610 users, such as 1, 2`."""
    mark = "LEAK" if check.leaks else "note" if check.found else "ok  "
    examples = f", such as {listed(check.examples)}" if check.found else ""
    share = f" ({check.share:.1%})" if check.found else ""
    return f"  {mark}  {check.name}: {check.found:,} of {check.of:,} {check.noun}{share}{examples}"


def twins_told(twins: Twins) -> str:
    near = "" if twins.near is None else f", {twins.near:,} more have nearly that"
    pairs = [f"{shown(pair.held_out)} ~ {shown(pair.trained)}" for pair in twins.pairs]
    examples = f", such as {', '.join(pairs[:3])}" if pairs else ""
    return (
        f"pictures of {twins.of:,} held-out targets: {twins.same:,} have that of another item in "
        f"training{near}{examples}"
    )


def told(report: Report) -> dict[str, Any]:
    """The report for programs."""
    shift = report.shift
    return {
        "config": report.name,
        "terms": report.terms._asdict(),
        "samples": report.samples,
        "users": report.users,
        "checks": [check._asdict() | {"leaks": check.leaks} for check in report.checks],
        "unseen_items": {split: each._asdict() for split, each in report.unseen.items()},
        "remark": report.remark,
        "popularity": shift
        and {
            "distance": shift.distance,
            **{
                split: {"median": each.median, "quartiles": each.quartiles}
                for split, each in shift.splits.items()
            },
        },
        "pictures": report.twins
        and report.twins._asdict() | {"pairs": [pair._asdict() for pair in report.twins.pairs]},
    }
