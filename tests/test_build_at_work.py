"""A build at work: its memory, and what happens when it is disturbed."""

import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from pmg.building.build import build
from pmg.building.jobs import Request
from pmg.domain import DrawSettings
from pmg.problems import BadCall
from pmg.raw.folder import draw_raw
from pmg.raw.pickles import DictWriter
from pmg_bench import DOMAINS
from tests.processes import anonymous, family, is_running, workers_of

ROOT = Path(__file__).parents[1]
LINUX = pytest.mark.skipif(
    not Path("/proc/self/smaps_rollup").exists(), reason="only Linux tells what processes do"
)
POSTER = (900, 700, 3)


def with_noise(raw: Path, count: int) -> Path:
    """Replace the posters by at most `count` of noise, which no codec makes small."""
    path = raw / "movieposter" / "image_data.pkl"
    movie_ids = list(pickle.loads(path.read_bytes()))[:count]
    noise = np.random.default_rng(0)
    with DictWriter(path) as posters:
        for movie_id in movie_ids:
            posters.add(movie_id, noise.integers(0, 256, POSTER, np.uint8))
    return raw


@pytest.fixture(scope="module")
def large(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Raw files that take some seconds to build."""
    folder = tmp_path_factory.mktemp("large") / "raw"
    shutil.copytree(raw, folder)
    return with_noise(folder, 60)


def start(raw: Path, out: Path, workers: int = 2) -> "subprocess.Popen[str]":
    command = [sys.executable, ROOT / "pmg_bench.py", "build", raw, out, "--workers", workers]
    return subprocess.Popen(
        list(map(str, command)), stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def heaps_written(out: Path) -> bool:
    return bool(list(out.with_name(f"{out.name}.incomplete").rglob("*.heap")))


def wait_for_heaps(process: "subprocess.Popen[str]", out: Path) -> None:
    while process.poll() is None and not heaps_written(out):
        time.sleep(0.005)


@LINUX
@pytest.mark.parametrize("workers", [1, 2])
def test_the_pickle_is_never_in_memory_whole(tmp_path: Path, workers: int) -> None:
    """Above what one idle process holds, a build takes a fixed amount for each worker."""
    raw = tmp_path / "raw"
    draw_raw(DOMAINS[0], raw, DrawSettings("small", 0, (8, 12), None))
    size = (with_noise(raw, 150) / "movieposter" / "image_data.pkl").stat().st_size
    idle = "import os, pmg_bench; from tests.processes import anonymous; "
    told = subprocess.run(
        [sys.executable, "-c", idle + "print(anonymous(os.getpid()))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    base = int(told.stdout)
    peak = 0
    with start(raw, tmp_path / "out", workers) as process:
        while process.poll() is None:
            pids = family(process.pid)
            peak = max(peak, sum(map(anonymous, pids)) - base)
            time.sleep(0.01)
    assert process.returncode == 0
    allowed = 110_000_000 * workers
    assert size > 1.2 * allowed
    assert 0 < peak < allowed


@LINUX
def test_a_killed_build_leaves_no_process_and_the_next_one_is_whole(
    large: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with start(large, out) as process:
        wait_for_heaps(process, out)
        pids = family(process.pid)
        process.kill()
    deadline = time.monotonic() + 20
    while any(is_running(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(pids) > 2
    assert not any(is_running(pid) for pid in pids)
    assert not out.exists()
    build(Request(DOMAINS, large, out, workers=2))
    assert not out.with_name("out.incomplete").exists()


@LINUX
def test_a_killed_worker_ends_the_build_with_a_sentence(large: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with start(large, out) as process:
        wait_for_heaps(process, out)
        os.kill(workers_of(process.pid)[0], signal.SIGKILL)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "A worker process was ended from outside" in told
    assert "Traceback" not in told
    assert not list(tmp_path.glob("out*"))


def test_ctrl_c_ends_all_processes_with_one_sentence(large: Path, tmp_path: Path) -> None:
    # A shell ignores SIGINT for what it starts in the background, and so would our child.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    out = tmp_path / "out"
    with start(large, out) as process:
        try:
            wait_for_heaps(process, out)
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
            _, told = process.communicate(timeout=60)
        finally:
            process.kill()
            signal.signal(signal.SIGINT, before)
    assert process.returncode == 130
    sentence, how_to_go_on = told.strip().splitlines()
    assert sentence == "pmg-bench: stopped; nothing is left under a final name."
    assert "out.incomplete: the same call goes on from there" in how_to_go_on
    assert not out.exists()


def test_two_builds_into_one_folder_are_one_too_many(large: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with start(large, out) as first:
        wait_for_heaps(first, out)
        with pytest.raises(BadCall, match="another build is at work in it"):
            build(Request(DOMAINS, large, out))
        first.communicate(timeout=120)
    assert first.returncode == 0
    assert out.is_dir()


def test_files_of_others_where_a_build_would_work_stay(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "out.incomplete").mkdir()
    (tmp_path / "out.incomplete" / "thesis.txt").write_text("dear")
    with pytest.raises(BadCall, match="expected no such folder, found files"):
        build(Request(DOMAINS, raw, tmp_path / "out"))
    assert (tmp_path / "out.incomplete" / "thesis.txt").read_text() == "dear"


def test_no_build_goes_among_raw_files(raw: Path) -> None:
    before = sorted(raw.rglob("*"))
    with pytest.raises(BadCall, match="expected a folder apart from the raw files"):
        build(Request(DOMAINS, raw, raw / "movieposter" / "out"))
    assert sorted(raw.rglob("*")) == before
