"""Builds that are killed go on where they were, and end with the same bytes."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from pmg.building.build import build
from pmg.building.jobs import DEFAULTS, Request
from pmg.options import Options
from pmg_bench import DOMAINS, main
from tests.built import digests
from tests.processes import family, is_running, workers_of
from tests.torture import SHARE

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHORT = Options(history=1)
LONGEST = 120  # seconds that a build may take on a busy machine; it hangs if it takes longer
STAGES = (
    "pmg.building.build.compare",
    "pmg.building.build.open_jobs",
    "pmg.building.encode.bind",
    "pmg.building.build.encode_pictures",
    "pmg.building.build.write_tables",
    "pmg.building.build.plant",
    "pmg.building.work_folder.sync_folder",
    "pmg.building.work_folder.empty",
)
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="only Linux tells what processes do"
)


def start(program: Path, *arguments: object) -> "subprocess.Popen[str]":
    """Start a program as the head of a process group of its own."""
    return subprocess.Popen(
        [sys.executable, program, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def start_build(raw: Path, out: Path) -> "subprocess.Popen[str]":
    return start(ROOT / "pmg_bench.py", "build", raw, out, "--workers", 2)


def goes_on(raw: Path, out: Path, built: Path, options: Options = DEFAULTS) -> None:
    """The same build once more ends with the same bytes, and leaves nothing beside them."""
    build(Request(DOMAINS, raw, out, options, update=True, known=DOMAINS))
    assert digests(out) == digests(built)
    assert (out / "README.md").read_bytes() == (built / "README.md").read_bytes()
    assert [path.name for path in out.parent.glob("out*")] == ["out"]


@pytest.fixture(scope="module")
def seconds(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """What a build takes that nobody disturbs."""
    begun = time.monotonic()
    with start_build(raw, tmp_path_factory.mktemp("undisturbed") / "out") as process:
        process.communicate(timeout=LONGEST)
    assert process.returncode == 0
    return time.monotonic() - begun


@pytest.mark.parametrize("seed", range(0, 100, SHARE))
def test_killed_at_any_moment(
    raw: Path, built: Path, tmp_path: Path, seconds: float, seed: int
) -> None:
    out = tmp_path / "out"
    with start_build(raw, out) as process:
        time.sleep(np.random.default_rng(seed).uniform(0.3, 1) * seconds)
        pids = family(process.pid)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=LONGEST)
    while any(is_running(pid) for pid in pids):
        time.sleep(0.01)
    if out.exists():
        assert digests(out) == digests(built)
    goes_on(raw, out, built)


@pytest.mark.parametrize("stage", STAGES)
def test_killed_at_the_end_of_a_stage(raw: Path, built: Path, tmp_path: Path, stage: str) -> None:
    out = tmp_path / "out"
    with start(HERE / "kill_driver.py", stage, "build", raw, out) as process:
        process.communicate(timeout=LONGEST)
    assert process.returncode == -signal.SIGKILL
    goes_on(raw, out, built)


@pytest.fixture(scope="module")
def short(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build with short histories makes, which nobody disturbs."""
    out = tmp_path_factory.mktemp("short") / "out"
    build(Request(DOMAINS, raw, out, SHORT))
    return out


@pytest.mark.parametrize("stage", STAGES)
def test_an_update_killed_at_the_end_of_a_stage(
    raw: Path, built: Path, short: Path, tmp_path: Path, stage: str
) -> None:
    out = tmp_path / "out"
    shutil.copytree(built, out)
    before = digests(out)
    call = ("build", raw, out, "--update", "--history", 1)
    with start(HERE / "kill_driver.py", stage, *call) as process:
        process.communicate(timeout=LONGEST)
    assert process.returncode == -signal.SIGKILL
    if out.exists() and stage != "pmg.building.work_folder.empty":
        assert digests(out) == before
    goes_on(raw, out, short, SHORT)


def test_an_update_killed_between_the_old_and_the_new(
    raw: Path, built: Path, short: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(built, out)
    call = ("build", raw, out, "--update", "--history", 1)
    with start(HERE / "kill_driver.py", "pathlib.Path.rename", *call) as process:
        process.communicate(timeout=LONGEST)
    assert process.returncode == -signal.SIGKILL
    assert not out.exists()
    assert main(["build", str(raw), str(out)]) == 0, "what was replaced is back"
    assert digests(out) == digests(built)
    goes_on(raw, out, short, SHORT)


@pytest.mark.parametrize("seed", range(0, 40, SHARE))
def test_a_killed_worker(raw: Path, built: Path, tmp_path: Path, seconds: float, seed: int) -> None:
    out = tmp_path / "out"
    drawn = np.random.default_rng(seed)
    with start_build(raw, out) as process:
        time.sleep(drawn.uniform(0.4, 1) * seconds)
        workers = workers_of(process.pid)
        if workers:
            os.kill(int(drawn.choice(workers)), signal.SIGKILL)
        _, told = process.communicate(timeout=LONGEST)
    assert "Traceback" not in told
    if process.returncode:
        assert process.returncode == 2
        assert "A worker process was ended from outside" in told
        assert "What is finished stays in" in told or not list(tmp_path.glob("out*"))
    goes_on(raw, out, built)
