"""The table of docs/leaks.md is what its command writes today."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_real_data import DATA, MOVIELENS

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not MOVIELENS.is_dir(), reason=f"no ratings of MovieLens in {DATA.name}")
def test_the_table_is_what_the_command_writes(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    page = tmp_path / "docs" / "leaks.md"
    page.write_text(page.read_text(encoding="utf-8").replace("573 of 608", "1 of 2"), "utf-8")
    run = subprocess.run(
        [sys.executable, str(tmp_path / "docs" / "leaks.py"), str(MOVIELENS)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert page.read_text("utf-8") == (ROOT / "docs" / "leaks.md").read_text("utf-8")
    for made in run.stdout.rstrip("\n").split("\n\n"):
        assert made in page.read_text("utf-8")
