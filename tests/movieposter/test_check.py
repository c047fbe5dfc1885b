"""What `check` says of raw folders with one fault or many, word for word."""

import json
import os
from pathlib import Path

import pytest

from movieposter import DOMAIN
from movieposter.raw import FILES
from pmg.cli import main
from pmg.domain import examine
from pmg.options import Options
from tests.movieposter.faults import Fault, agreement, files, values
from tests.movieposter.raw_folder import digests, edit, write_raw

GOLDEN = Path(__file__).parent / "golden"
REWRITE = "UPDATE_GOLDEN=1 python -m pytest tests/movieposter/test_check.py"
UPDATED = bool(os.environ.get("UPDATE_GOLDEN"))


def many_faults(raw: Path) -> None:
    """Faults of every severity, in every file."""
    for harm in (
        agreement.rating_of_unknown_movie,
        agreement.movies_twice,
        agreement.links_twice,
        agreement.links_of_unknown_movies,
        agreement.style_by_both,
        values.ratings_out_of_range,
        agreement.ratings_twice,
        values.posters_of_other_shapes,
        values.captions_of_other_types,
        values.validation_of_unknown_ids,
        values.nul_bytes,
    ):
        harm(raw)
    lines = "".join(f"Signal {number}\n" for number in range(7))
    edit(raw, "info.csv", "318,Signal", f"{lines}318,Signal")


FAULTS = (
    *agreement.FAULTS,
    *values.FAULTS,
    *files.FAULTS,
    Fault("many_faults", 1, many_faults),
)


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound raw folder, named as people would in a command."""
    monkeypatch.chdir(tmp_path)
    return write_raw(Path("raw"))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind)
def test_check_says_what_is_wrong_where_and_what_to_do(
    fault: Fault, raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fault.harm(raw)
    before = digests(raw)
    code = main([DOMAIN], ["check", str(raw), *fault.arguments])
    said = "".join(capsys.readouterr())
    golden = GOLDEN / f"{fault.kind}.txt"
    if UPDATED:
        golden.write_text(said, encoding="utf-8")
    expected = golden.read_text(encoding="utf-8") if golden.exists() else None
    assert said == expected, f"If what is said now is right, run: {REWRITE}"
    assert code == fault.code
    assert digests(raw) == before, "check has changed raw files"


def test_every_golden_text_belongs_to_one_fault() -> None:
    kinds = [fault.kind for fault in FAULTS]
    assert sorted(set(kinds)) == sorted(kinds)
    assert {path.stem for path in GOLDEN.iterdir()} - set(kinds) == set()


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
    _, problems = examine(DOMAIN, raw, raw, Options())
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
    _, problems = examine(DOMAIN, write_raw(tmp_path / "raw", protocol), tmp_path, Options())
    assert problems.summary() == "0 errors, 0 warnings, 1 note"
