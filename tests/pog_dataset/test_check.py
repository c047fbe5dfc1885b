"""What `check` says of raw folders of fashion with one fault, word for word."""

import os
from pathlib import Path

import pytest

from pmg.cli import main
from pog_dataset import DOMAIN
from tests.pog_dataset.faults import FAULTS, Fault
from tests.pog_dataset.raw_folder import write_raw

GOLDEN = Path(__file__).parent / "golden"
REWRITE = "UPDATE_GOLDEN=1 python -m pytest tests/pog_dataset/test_check.py"
UPDATED = bool(os.environ.get("UPDATE_GOLDEN"))


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound raw folder, named as people would in a command."""
    monkeypatch.chdir(tmp_path)
    return write_raw(Path("raw"))


def content(raw: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind)
def test_check_says_what_is_wrong_where_and_what_to_do(
    fault: Fault, raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fault.harm(raw)
    before = content(raw)
    code = main([DOMAIN], ["check", str(raw)])
    said = "".join(capsys.readouterr())
    golden = GOLDEN / f"{fault.kind}.txt"
    if UPDATED:
        golden.write_text(said, encoding="utf-8")
    expected = golden.read_text(encoding="utf-8") if golden.exists() else None
    assert said == expected, f"If what is said now is right, run: {REWRITE}"
    assert code == fault.code
    assert content(raw) == before, "check has changed raw files"


def test_every_golden_text_belongs_to_one_fault() -> None:
    assert sorted(path.stem for path in GOLDEN.iterdir()) == sorted(fault.kind for fault in FAULTS)
