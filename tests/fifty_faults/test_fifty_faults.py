"""`check` lists fifty kinds of fault in one run, worst first, none of them hiding another."""

import json
import os
from itertools import groupby
from pathlib import Path

import pytest

from pmg.problems import SHOWN_PER_KIND
from pmg_bench import main
from tests.fifty_faults.raw_folder import write_raw

GOLDEN = Path(__file__).with_name("golden.txt")
REWRITE = "UPDATE_GOLDEN=1 python -m pytest tests/fifty_faults"


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_raw(Path("raw"))


def test_people_read_all_of_them(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(raw)]) == 1
    said = capsys.readouterr().out
    if "UPDATE_GOLDEN" in os.environ:
        GOLDEN.write_text(said, encoding="utf-8")
    assert said == GOLDEN.read_text(encoding="utf-8"), f"If this is right, run: {REWRITE}"


def test_programs_read_all_of_them(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(raw), "--json"]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    kinds = {
        (each["severity"], each["file"], each["expected"], each["remedy"])
        for each in problems
        if each["severity"] != "note"
    }
    assert len(kinds) >= 50
    severities = [each["severity"] for each in problems]
    assert [name for name, _ in groupby(severities)] == ["error", "warning", "note"]
    assert all({"file", "place", "expected", "found", "remedy"} < each.keys() for each in problems)


def test_none_takes_more_than_its_share(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of 1,209 wrong ratings, in the midst of the others, five are told and the rest counted."""
    main(["check", str(raw)])
    lines = capsys.readouterr().out.splitlines()
    wrong = [line for line in lines if "expected a rating from 0.5 to 5.0" in line]
    assert len(wrong) == SHOWN_PER_KIND
    assert "error: movieposter/ratings.csv: … and 1,204 more of this kind." in lines
