"""What `check` says of raw folders with many faults, to people and to programs."""

import json
from pathlib import Path

import pytest

from movieposter import DOMAIN
from movieposter.raw import FILES
from pmg.cli import main
from pmg.options import Options
from pmg.raw.scratch import Scratch
from pmg.source import examine
from tests.movieposter.faults import many_faults
from tests.movieposter.raw_folder import write_raw


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound raw folder, named as people would in a command."""
    monkeypatch.chdir(tmp_path)
    return write_raw(Path("raw"))


def test_all_faults_are_listed_in_one_run_worst_first(
    raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many_faults(raw)
    assert main([DOMAIN], ["check", str(raw)]) == 1
    *lines, summary = capsys.readouterr().out.splitlines()
    severities = [line.partition(":")[0] for line in lines]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert set(severities) == {"error", "warning", "note"}
    for name in FILES:
        assert any(line.startswith(f"error: movieposter/{name}") for line in lines), name
    assert summary == "30 errors, 3 warnings, 4 notes"


def test_json_has_every_problem_with_severity_and_its_five_parts(
    raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many_faults(raw)
    assert main([DOMAIN], ["check", str(raw), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    problems = examine(DOMAIN, raw, Scratch(raw), Options()).problems
    assert answer["counts"] == {"error": 30, "warning": 3, "note": 4}
    assert answer["problems"] == [
        {
            "severity": problem.severity.name.lower(),
            "file": problem.file,
            "place": problem.place,
            "expected": problem.expected,
            "found": problem.found,
            "remedy": problem.remedy,
        }
        for problem in problems
    ]
    assert answer["problems"][0] == {
        "severity": "error",
        "file": "movieposter/image_data.pkl",
        "place": "key 1",
        "expected": "pixels of shape (height, width, 3) and type uint8",
        "found": "(4, 3) uint8",
        "remedy": "Export the picture again as RGB bytes, or remove the entry",
    }


def test_json_of_a_sound_folder_counts_no_errors(
    raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([DOMAIN], ["check", str(raw), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"] == {"error": 0, "warning": 0, "note": 1}


@pytest.mark.parametrize("protocol", range(6))
def test_a_sound_folder_is_sound_in_every_protocol(tmp_path: Path, protocol: int) -> None:
    raw = write_raw(tmp_path / "raw", protocol)
    problems = examine(DOMAIN, raw, Scratch(tmp_path), Options()).problems
    assert problems.summary() == "0 errors, 0 warnings, 1 note"
