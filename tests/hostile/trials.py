"""All cases, tried: what is said of each, and what becomes of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow.dataset as pds

from tests.hostile import archives, folders, pickles, pictures, texts
from tests.hostile.cases import WRITERS, Case, Row
from tests.hostile.sandbox import Outcome, Sandbox

GOLDEN = Path(__file__).parent / "golden"
KINDS = {
    "pickles": pickles,
    "archives": archives,
    "pictures": pictures,
    "texts": texts,
    "folders": folders,
}
ONE_PROCESS = ("--workers", "1")
READ, REFUSED = "read", "refused"


class Trial(NamedTuple):
    """What became of a case."""

    sound: Outcome  # of `check`, of `build`, and of `verify` of what was built
    skipping: Outcome | None  # of `build --on-problem skip` and `verify`, where it was refused

    @property
    def verdict(self) -> str:
        """As a golden text has it: whether it is read, and what `check` says is wrong."""
        check = self.sound.runs[0]
        lines = [line for line in check.said.splitlines() if not line.startswith("note: ")]
        return "\n".join((REFUSED if check.code else READ, *lines[:-1]))  # the last one counts


def all_cases() -> list[Case]:
    return [case for kind in KINDS.values() for case in kind.cases()]


def tried(case: Case, box: Sandbox, folder: Path) -> Trial:
    """Do the harm in `folder`, and run what a maintainer would."""
    case.harm(WRITERS[case.domain](folder / "raw"))
    given = ["--domain", case.domain, *case.arguments]
    sound = box.run(
        folder,
        ["check", "raw", *given],
        ["build", "raw", "out", *ONE_PROCESS, *given],
        ["verify", "out"],
    )
    if sound.faults() or sound.runs[0].code == 0:
        return Trial(sound, None)
    skip = ["build", "raw", "skipped", *ONE_PROCESS, "--on-problem", "skip", *given]
    return Trial(sound, box.run(folder, skip, ["verify", "skipped"]))


def as_built(folder: Path, domain: str, row: Row) -> dict[str, object]:
    """The row's columns as they were published."""
    table = pds.dataset(folder / domain / row.table, format="parquet").to_table()
    (found,) = table.filter(pds.field("item_id") == row.key).select(list(row.values)).to_pylist()
    return {
        name: value["bytes"] if isinstance(value, dict) else value for name, value in found.items()
    }


def golden_texts(kind: str) -> dict[str, str]:
    """What is said of each case of a kind."""
    text = (GOLDEN / f"{kind}.txt").read_text(encoding="utf-8")
    paragraphs = (part.partition(": ") for part in text.split("\n\n"))
    return {name: verdict.strip("\n") for name, _, verdict in paragraphs}


def write_golden(kind: str, verdicts: dict[str, str]) -> None:
    paragraphs = [f"{name}: {verdict}" for name, verdict in verdicts.items()]
    GOLDEN.mkdir(exist_ok=True)
    (GOLDEN / f"{kind}.txt").write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")


def table(counts: Sequence[tuple[str, list[str]]]) -> list[str]:
    """The table of the docs, from the verdicts of each kind."""
    lines = ["| input | cases | refused with a sentence | read as it stands |", "|---|--:|--:|--:|"]
    for kind, verdicts in counts:
        refused = sum(verdict.startswith(REFUSED) for verdict in verdicts)
        lines.append(f"| {kind} | {len(verdicts)} | {refused} | {len(verdicts) - refused} |")
    return lines
