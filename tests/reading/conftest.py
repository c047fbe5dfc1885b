"""Reading in tests: a set of many small files, and Python in processes of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pmg.building import row_files, shards
from pmg_bench import BadCall, BadData, TooManyProblems
from tests.built import build_all
from tests.publishing import ROOT


@pytest.fixture(scope="session")
def sharded(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `build` makes of `raw` in many small shards and row groups; not to be changed."""
    out = tmp_path_factory.mktemp("sharded") / "pmg-bench"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_files, "GROUP_BYTES", 20_000)
        patch.setattr(shards, "SHARD_BYTES", 60_000)
        build_all(raw, out)
    return out


def run_python(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Python in a process of its own, which finds the project."""
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def told(out: Path, call: Callable[[], object]) -> str:
    """What is told of a call that cannot be, with the folder's name in place of its path."""
    with pytest.raises((BadCall, BadData, TooManyProblems)) as fault:
        call()
    return str(fault.value).replace(str(out), "OUT")
