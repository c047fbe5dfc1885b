"""Long work shows itself: lines in a file, a bar on a terminal, and what it took at the end."""

import os
import pty
import re
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path

import pytest

from pmg import progress
from pmg.memory import PeakMemory
from pmg.progress import duration, progress_bar
from pmg.workers import Workers
from pmg_bench import main
from tests.imported import imported

ROOT = Path(__file__).parents[1]


def test_lines_tell_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0)
    with progress_bar(3_000, "movieposter: encode", "pictures") as bar:
        time.sleep(0.01)
        bar.update(1_000)
        bar.update(2_000)
    going, ended = capsys.readouterr().err.splitlines()
    rate = r"movieposter: encode: 1,000 of 3,000 pictures, [0-9,]+/s, [0-9]+ s left"
    assert re.fullmatch(rate, going)
    assert ended == "movieposter: encode: 3,000 pictures in 0 s"


def test_short_work_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(2, "check", "pictures") as bar:
        bar.update()
        bar.update()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.4, "0 s"),
        (59.4, "59 s"),
        (60, "1 min 0 s"),
        (3_599, "59 min 59 s"),
        (8_040, "2 h 14 min"),
    ],
)
def test_durations_are_for_people(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def test_a_terminal_has_a_bar_for_each_stage(raw: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    command = [sys.executable, "pmg_bench.py", "build", str(raw), str(tmp_path / "out")]
    with subprocess.Popen(command, cwd=ROOT, stderr=theirs, stdout=subprocess.DEVNULL) as process:
        os.close(theirs)
        shown = b""
        while block := read(ours):
            shown += block
    assert process.returncode == 0
    for stage in (b"digest", b"encode", b"write"):
        assert re.search(rb"movieposter: " + stage + rb": +[0-9]+%\|.*/s\]", shown)
    assert b"images.tar.gz: unpack" in shown


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4_096)
    except OSError:  # as Linux tells that the other end was closed
        return b""


def test_a_build_ends_with_what_it_took(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", str(raw), str(tmp_path / "out")]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    took = r"It took [0-9]+ s, [0-9,]+ pictures a second, at most [0-9,]+ MB of memory, with 1 "
    assert re.fullmatch(took + r"worker\.", last)


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="only Linux tells")
def test_peak_memory_counts_this_process_and_those_it_started() -> None:
    command = [sys.executable, "-c", "import time; held = bytearray(200_000_000); time.sleep(1.5)"]
    with PeakMemory() as alone:
        time.sleep(0.3)
    with PeakMemory() as memory:
        subprocess.run(command, check=True)
    assert alone.peak > 0
    assert 200_000_000 < memory.peak - alone.peak < 260_000_000


def test_workers_import_no_more_than_their_tasks_need() -> None:
    with Workers(2) as workers:
        for modules in workers.map(imported, range(4)):
            assert {"pyarrow", "PIL", "pmg.building.shards", "pmg.building.heaps"} <= modules
            assert not {"datasets", "pandas", "pmg_bench", "pmg.domain"} & modules


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="only Linux tells")
def test_a_process_that_is_about_to_start_is_not_its_parent_once_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pmg.memory.SECONDS_BETWEEN_LOOKS", 0)
    held = bytearray(b"x") * 300_000_000
    end = threading.Event()

    def come_and_go() -> None:
        while not end.is_set():
            bytearray(b"x") * 5_000_000

    with PeakMemory() as alone:
        time.sleep(0.3)
    other = threading.Thread(target=come_and_go)
    other.start()
    with PeakMemory() as memory:
        for _ in range(100):
            subprocess.run(["true"], check=True)  # noqa: S607 - of any system
    end.set()
    other.join()
    assert held
    assert memory.peak - alone.peak < 200_000_000
