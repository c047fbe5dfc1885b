"""Raw folders with one fault each, of every domain: what is said of them, and what is built.

What `check` says stands word for word in the folder golden/ of the domain's tests.
"""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import movieposter
import pog_dataset
import ser30k
from pmg.cli import main
from pmg.domain import Domain
from pmg.problems import Severity
from pmg.verify import verify
from tests.built import left_out
from tests.faults import Fault
from tests.movieposter.faults import FAULTS as OF_MOVIES
from tests.movieposter.raw_folder import write_raw as write_movies
from tests.pog_dataset.faults import FAULTS as OF_FASHION
from tests.pog_dataset.raw_folder import write_raw as write_fashion
from tests.ser30k.faults import FAULTS as OF_STICKERS
from tests.ser30k.raw_folder import write_raw as write_stickers

REWRITE = "UPDATE_GOLDEN=1 python -m pytest tests/test_faulty_folders.py"
UPDATED = bool(os.environ.get("UPDATE_GOLDEN"))


class Case(NamedTuple):
    """A domain, a sound raw folder of it, and what goes wrong there."""

    domain: Domain[Any]
    write_raw: Callable[[Path], Path]
    fault: Fault

    @property
    def golden(self) -> Path:
        folder = Path(__file__).parent / self.domain.name / "golden"
        return folder / f"{self.fault.kind}.txt"


CASES = [
    Case(domain, write_raw, fault)
    for domain, write_raw, faults in (
        (movieposter.DOMAIN, write_movies, OF_MOVIES),
        (pog_dataset.DOMAIN, write_fashion, OF_FASHION),
        (ser30k.DOMAIN, write_stickers, OF_STICKERS),
    )
    for fault in faults
]


@pytest.fixture(params=CASES, ids=lambda case: f"{case.domain.name}-{case.fault.kind}")
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A case whose harm is done, in the folder raw/, named as people would in a command."""
    monkeypatch.chdir(tmp_path)
    case: Case = request.param
    case.fault.harm(case.write_raw(Path("raw")))
    return case


def content(raw: Path) -> dict[Path, str]:
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in raw.rglob("*")
        if path.is_file()
    }


def test_check_says_what_is_wrong_where_and_what_to_do(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(Path("raw"))
    code = main([case.domain], ["check", "raw", *case.fault.arguments])
    said = "".join(capsys.readouterr())
    if UPDATED:
        case.golden.write_text(said, encoding="utf-8")
    expected = case.golden.read_text(encoding="utf-8") if case.golden.exists() else None
    assert said == expected, f"If what is said now is right, run: {REWRITE}"
    assert code == case.fault.code
    assert content(Path("raw")) == before, "check has changed raw files"


FOUND_WHEN_DECODED = ("member_that_is_no_picture", "picture_cut_off")


def test_build_refuses_what_check_calls_an_error(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(Path("raw"))
    code = main([case.domain], ["build", "raw", "out", "--workers", "1", *case.fault.arguments])
    said = capsys.readouterr().err
    assert code == case.fault.code, said
    assert Path("out").exists() == (code == 0)
    # Of faults that show when a picture is decoded, the other pictures are finished by then.
    assert Path("out.incomplete").exists() == ("What is finished stays in" in said)
    assert Path("out.incomplete").exists() == (case.fault.kind in FOUND_WHEN_DECODED)
    assert content(Path("raw")) == before, "build has changed raw files"


def test_build_leaves_out_what_is_wrong_where_it_is_told_to(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    """Unless a file cannot be read at all, or nothing is left; what is built keeps its promises."""
    arguments = ["--workers", "1", "--on-problem", "skip", *case.fault.arguments]
    code = main([case.domain], ["build", "raw", "out", *arguments])
    said = capsys.readouterr().err
    assert not Path("out.incomplete").exists()
    if code:
        assert code == case.fault.code
        assert re.search("expected .*, found .*[.] [A-Z]", said)
        assert not Path("out").exists()
        return
    assert verify(Path("out")).count(Severity.ERROR) == 0
    assert left_out(Path("out"), case.domain.name) == bool(case.fault.code)


@pytest.mark.parametrize("domain", sorted({case.domain.name for case in CASES}))
def test_every_golden_text_belongs_to_one_fault(domain: str) -> None:
    texts = [case.golden for case in CASES if case.domain.name == domain]
    assert sorted(set(texts)) == sorted(texts)
    assert sorted(texts) == sorted(texts[0].parent.iterdir())
