"""A set without pictures, and raw files of a test's own."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def out(withheld: Path, tmp_path: Path) -> Path:
    """The same, of this test's own."""
    return Path(shutil.copytree(withheld, tmp_path / "pmg-bench"))


@pytest.fixture
def own(raw: Path, tmp_path: Path) -> Path:
    """Raw files of this test's own."""
    return Path(shutil.copytree(raw, tmp_path / "own"))


@pytest.fixture
def some(own: Path) -> Path:
    """Raw files that lack two stickers, and have another picture in place of a third."""
    stickers = sorted((own / "ser30k" / "images").rglob("*.png"))
    for path in stickers[:2]:
        path.unlink()
    shutil.copy(stickers[3], stickers[2])
    shutil.rmtree(own / "movieposter")
    shutil.rmtree(own / "pog_dataset")
    return own
