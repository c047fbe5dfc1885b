"""Reports of evaluations: a table for people, JSON for programs."""

from collections.abc import Iterator, Sequence
from typing import Any

from pmg import __version__
from pmg.evaluating.evaluate import Evaluation, Score
from pmg.evaluating.tallies import (
    CONFIDENCE,
    HISTORY,
    PERSONAL,
    RESAMPLES,
    SEED,
    SWAPPED,
    TARGET,
    Estimate,
)
from pmg.problems import listed

COLUMNS = (TARGET, HISTORY, SWAPPED, PERSONAL)
SHOWN = 5  # sentences of a kind


def told(found: Evaluation) -> dict[str, Any]:
    """All of an evaluation, as JSON has it."""
    return {
        "pmg-bench": __version__,
        "config": found.config,
        "split": found.split,
        "samples": found.samples,
        **found.canvas._asdict(),
        "interval": {"confidence": CONFIDENCE, "resamples of users": RESAMPLES, "seed": SEED},
        "scored": found.scored,
        "coverage": {kind: count / found.samples for kind, count in found.scored.items()},
        "missing": found.missing,
        "extra": found.extra,
        "unreadable": found.unreadable,
        "metrics": {name: score_told(score) for name, score in found.scores.items()},
    }


def score_told(score: Score) -> dict[str, Any]:
    estimates = {name: each._asdict() for name, each in score.estimates.items()}
    return {"of": score.of, "higher is more alike": score.higher, **score.about, **estimates}


def sentences(found: Evaluation) -> Iterator[str]:
    """The report for people, line by line."""
    canvas = found.canvas
    yield f"{found.config}, {found.split}: {found.samples:,} samples"
    for kind, count in found.scored.items():
        share = count / found.samples
        yield f"{count:,} with a {kind} ({share:.1%}){missing(found.missing[kind])}"
    yield f"pictures at {canvas.size} x {canvas.size}, {canvas.interpolation}, {canvas.fit}"
    yield ""
    yield from table(["", *COLUMNS], [row(name, score) for name, score in found.scores.items()])
    yield ""
    yield (
        f"In brackets the {CONFIDENCE:.0%} interval, users drawn again. swapped: with another "
        "user's history. personal: history less swapped; 0 where the user does not matter."
    )
    yield from some("extra, not scored", found.extra)
    yield from some("unreadable, not scored", found.unreadable)


def missing(samples: Sequence[str]) -> str:
    return f"; {len(samples):,} without: {listed(samples)}" if samples else ""


def some(what: str, told: Sequence[str]) -> Iterator[str]:
    """The first sentences of a kind, and how many more there are."""
    for sentence in told[:SHOWN]:
        yield f"{what}: {sentence}."
    if len(told) > SHOWN:
        yield f"{what}: … and {len(told) - SHOWN:,} more."


def row(name: str, score: Score) -> list[str]:
    arrow = "↑" if score.higher else "↓"
    return [f"{name} {arrow}", *(shown(score.estimates.get(column)) for column in COLUMNS)]


def shown(estimate: Estimate | None) -> str:
    """A mean with its interval, as `0.1234 [0.1200, 0.1267]`."""
    if estimate is None:
        return "–"  # noqa: RUF001 - as tables have it
    return f"{number(estimate.mean)} [{number(estimate.low)}, {number(estimate.high)}]"


def number(value: float) -> str:
    value = round(value, 4) + 0.0  # no negative zero
    return f"{value:.4f}" if abs(value) < 10 else f"{value:.2f}"  # noqa: PLR2004 - digits enough


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns side by side."""
    widths = [max(map(len, column)) for column in zip(heading, *rows, strict=True)]
    for line in (heading, *rows):
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield "  ".join(cells).rstrip()
