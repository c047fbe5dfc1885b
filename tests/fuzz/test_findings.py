"""What the fuzzer, or a person, once broke a reader with breaks none any more."""

from pathlib import Path

import pytest

from tests.fuzz.targets import FINDINGS, TARGETS, seeds

FOUND = sorted(path for path in FINDINGS.rglob("*") if path.is_file())


@pytest.mark.parametrize("finding", FOUND, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_finding_stays_mended(finding: Path, tmp_path: Path) -> None:
    TARGETS[finding.parent.name](tmp_path, finding.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_lets_sound_files_pass(target: str, tmp_path: Path) -> None:
    fed = tmp_path / "fed"
    fed.mkdir()
    contents = list(seeds(target, tmp_path / "raw"))
    assert contents
    for content in contents:
        TARGETS[target](fed, content)
