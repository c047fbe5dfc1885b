"""Whatever a stranger puts into a raw folder is read correctly, or refused with a sentence.

What `check` says of each case stands word for word in golden/; `python -m tests.hostile` writes it.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.built import left_out
from tests.hostile.cases import WRITERS, Case
from tests.hostile.limits import limits
from tests.hostile.sandbox import MOST_MEMORY, ROOT, Outcome, Run, Sandbox
from tests.hostile.trials import GOLDEN, KINDS, all_cases, as_built, golden_texts, table, tried
from tests.movieposter.raw_folder import digests

REWRITE = "If what is said now is right, run: python -m tests.hostile"
DOCUMENT = Path(__file__).parents[2] / "docs" / "hostile_input.md"
AT_LEAST = {"pickles": 150, "archives": 40, "pictures": 40, "texts": 70, "folders": 10}
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, and limits memory")


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: f"{case.kind}: {case.name}")
def test_is_read_correctly_or_refused(case: Case, box: Sandbox, tmp_path: Path) -> None:
    folder = tmp_path / "case"
    trial = tried(case, box, folder)
    assert trial.sound.faults() == []
    check, build, verify = trial.sound.runs
    assert trial.verdict == golden_texts(case.kind).get(case.name), REWRITE
    assert build.code == verify.code == check.code
    assert (folder / "out").exists() == (build.code == 0)
    assert (case.row is None) or check.code == 0, "what is right was refused"
    if case.row:
        assert as_built(folder / "out", case.domain, case.row) == case.row.values
    if trial.skipping is None:
        return
    assert trial.skipping.faults() == []
    skipped, verify = trial.skipping.runs
    assert verify.code == skipped.code
    assert left_out(folder / "skipped", case.domain) == (skipped.code == 0)
    assert skipped.code == 0 or re.search("expected .*, found .*[.] [A-Z]", skipped.said)


def test_raw_files_stay_as_they_are(box: Sandbox, tmp_path: Path) -> None:
    for number, case in enumerate(all_cases()[::40]):
        folder = tmp_path / str(number)
        case.harm(WRITERS[case.domain](folder / "raw"))
        before = digests(folder / "raw")
        box.run(folder, ["check", "raw"], ["build", "raw", "out", "--workers", "1"])
        assert before
        assert digests(folder / "raw") == before


def test_the_document_counts_the_cases() -> None:
    counts = [(kind, list(golden_texts(kind).values())) for kind in KINDS]
    assert "\n".join(table(counts)) in DOCUMENT.read_text(encoding="utf-8"), REWRITE
    assert {kind: len(verdicts) for kind, verdicts in counts}.items() >= {}.items()
    for kind, verdicts in counts:
        assert len(verdicts) >= AT_LEAST[kind]


def test_the_document_tells_the_limits() -> None:
    assert "\n".join(limits()) in DOCUMENT.read_text(encoding="utf-8"), REWRITE


def test_every_golden_text_belongs_to_one_case() -> None:
    names = [(case.kind, case.name) for case in all_cases()]
    assert sorted(names) == sorted(set(names))
    assert sorted(names) == sorted((kind, name) for kind in KINDS for name in golden_texts(kind))
    assert sorted(GOLDEN.iterdir()) == sorted(GOLDEN / f"{kind}.txt" for kind in KINDS)


def test_the_sandbox_notices(box: Sandbox, tmp_path: Path) -> None:
    """Otherwise no case above would prove anything."""
    (tmp_path / "case").mkdir()
    outside = tmp_path / "outside.html"
    outcome = box.run(
        tmp_path / "case", ["show", "--html", str(outside), "nothing"], ["demo", str(outside)]
    )
    assert any("outside.html" in event for event in outcome.events)
    assert Outcome(-14, [Run(0, "Traceback")], [], 60.0, MOST_MEMORY + 1).faults() == [
        "ended by signal 14 after 60 s",
        "512 MiB of memory",
        "a traceback",
    ]


def test_the_hook_hears_what_pickles_do(tmp_path: Path) -> None:
    program = """
import os, subprocess, sys
from pathlib import Path
from tests.hostile.zygote import listen

inside = Path(sys.argv[1]) / "inside"
inside.mkdir()
seen = listen(inside)
(inside / "file").write_text("where it may")
assert not seen, seen
import colorsys
os.system("true")
subprocess.run(["true"])
eval("1 + 1")
(inside.parent / "file").write_text("where it may not")
print(" ".join(event.partition(" ")[0] for event in seen))
"""
    run = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert {"import", "os.system", "subprocess.Popen", "exec", "open"} <= set(run.stdout.split())
