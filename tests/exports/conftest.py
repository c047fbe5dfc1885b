"""Exports in tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datasets import Features, Image, List, load_dataset

from pmg_bench import main

Export = Callable[[Path, str, str], Path]


def read_back(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of an exported folder by split, as `datasets` reads it, pictures as their files."""
    rows = {}
    for split, read in load_dataset("imagefolder", data_dir=str(folder)).items():
        files = {name: encoded(kind) for name, kind in read.features.items()}
        rows[split] = [
            {name: contents(value) for name, value in row.items()}
            for row in read.cast(Features(files))
        ]
    return rows


def encoded(kind: Any) -> Any:  # noqa: ANN401 - a feature
    if isinstance(kind, List) and isinstance(kind.feature, Image):
        return List(Image(decode=False))
    return Image(decode=False) if isinstance(kind, Image) else kind


def contents(value: Any) -> Any:  # noqa: ANN401 - whatever a row holds
    """A value with the bytes of a picture in place of where it is."""
    if isinstance(value, list):
        return [contents(each) for each in value]
    if isinstance(value, dict) and "path" in value:
        return value["bytes"] or Path(value["path"]).read_bytes()
    return value


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """Exports a config by the command line; answers with the folder."""

    def run(out: Path, config: str, form: str) -> Path:
        folder = tmp_path / f"{config}-{form}"
        assert main(["export", str(out), config, str(folder), "--as", form]) == 0
        return folder

    return run
