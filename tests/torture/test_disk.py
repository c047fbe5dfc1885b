"""A disk that is full or fails, at any call: a sentence, nothing partial, the next run ends well.

A small library that stands before the system's calls makes one of them fail, and no other.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import tests.movieposter.raw_folder
import tests.pog_dataset.raw_folder
import tests.ser30k.raw_folder
from tests.torture import SHARE

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMPILER = shutil.which("cc")
PARTS = 4  # that may run at the same time
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or COMPILER is None,
    reason="the failing disk is a library of Linux that a C compiler makes",
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Raw files of all domains, a few items each."""
    folder = tmp_path_factory.mktemp("tiny") / "raw"
    tests.movieposter.raw_folder.write_raw(folder)
    tests.pog_dataset.raw_folder.write_raw(folder)
    return tests.ser30k.raw_folder.write_raw(folder)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("disk") / "faulty_disk.so"
    source = HERE / "faulty_disk.c"
    subprocess.run([str(COMPILER), "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


def driven(disk: Path, raw: Path, folder: Path, *numbers: int, calls: str = "") -> list[Any]:
    """What the driver tells, line by line."""
    folder.mkdir(exist_ok=True)
    environment = {"LD_PRELOAD": str(disk), "FAULTY_FOLDER": str(folder), "CALLS": calls}
    told = subprocess.run(
        [sys.executable, HERE / "disk_driver.py", raw, folder, *map(str, numbers)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in told.stdout.splitlines()]


@pytest.mark.parametrize("part", range(PARTS))
def test_any_call_may_fail(disk: Path, tiny: Path, tmp_path: Path, part: int) -> None:
    (whole,) = driven(disk, tiny, tmp_path / "whole", -1, 1)
    assert whole["code"] == 0
    assert all(count > 20 for count in whole["counts"])
    calls = json.dumps(whole["counts"])
    tried = driven(disk, tiny, tmp_path / "out", part, PARTS * SHARE, calls=calls)
    assert len(tried) >= sum(whole["counts"]) // (PARTS * SHARE)
    finished = tried[0]["next_out"]
    for each in tried:
        if each["code"] == 0:  # it was about removing what is of no use any more
            assert each["out"] == finished, each
        else:
            assert each["code"] == 1, each
            assert each["out"] in (None, finished), each
            assert "No space left on device" in each["said"] or "nput/output" in each["said"], each
            assert "Traceback" not in each["said"], each
        assert (each["next"], each["next_out"]) == (0, finished), each
        assert each["left"] == [each["call"].replace(" ", "-")], each
