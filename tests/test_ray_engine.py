"""Builds on Ray: the same bytes as here, whichever node is lost, and the same sentences."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from pmg.building.build import build
from pmg.building.jobs import Request
from pmg.domain import DrawSettings
from pmg.raw.folder import draw_raw
from pmg_bench import DOMAINS
from tests.built import digests
from tests.processes import command_of, family, is_running
from tests.test_build_at_work import with_noise
from tests.test_build_faults import broken_poster

ROOT = Path(__file__).parents[1]
MOVIES = DOMAINS[0]
POSTERS = 90
CHUNKS = 6  # of 32 MB that they fill
LONGEST = 120  # seconds that a build may take on a busy machine; it hangs if it takes longer
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="only Linux tells what processes do"
)


class Nodes(NamedTuple):
    """A cluster: its address, and the processes that head its nodes."""

    address: str
    heads: list[int]

    def at_work(self, node: int) -> list[str]:
        """What the processes of a node do that are at a task."""
        commands = [command_of(pid).rstrip("\0") for pid in family(self.heads[node])]
        return [each for each in commands if each in ("ray::write_heap", "ray::write_shard")]

    def signal(self, node: int, number: int) -> None:
        """Send a signal to every process of a node."""
        for pid in family(self.heads[node]):
            os.kill(pid, number)


@contextmanager
def cluster(*python_paths: str) -> Iterator[Nodes]:
    """A cluster of this machine with a node for each path, on which its Python looks first."""
    with tempfile.TemporaryDirectory(prefix="r", ignore_cleanup_errors=True) as folder:
        command = [sys.executable, str(ROOT / "tests" / "ray_nodes.py"), folder, *python_paths]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdout is not None
            try:
                yield Nodes(**json.loads(process.stdout.readline()))
            finally:
                process.communicate()


def start(raw: Path, out: Path, *more: str, **environment: str) -> "subprocess.Popen[str]":
    """Start a build; no cluster of others is met."""
    outside = {key: value for key, value in os.environ.items() if not key.startswith("RAY_")}
    command = [sys.executable, ROOT / "pmg_bench.py", "build", raw, out, *more]
    return subprocess.Popen(
        list(map(str, command)),
        env=outside | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def start_on(nodes: Nodes, raw: Path, out: Path) -> "subprocess.Popen[str]":
    settings = {"RAY_ADDRESS": nodes.address, "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
    return start(raw, out, "--engine", "ray", **settings)


def finished_heaps(out: Path) -> set[str]:
    """Names of heaps in the journal; each attempt gives names of its own."""
    journal = out.with_name(f"{out.name}.incomplete") / "journal.jsonl"
    return set(
        re.findall(r"[0-9a-f]+-[0-9]+\.heap", journal.read_text() if journal.is_file() else "")
    )


def wait_for_heaps(process: "subprocess.Popen[str]", out: Path, count: int = 1) -> None:
    while process.poll() is None and len(finished_heaps(out)) < count:
        time.sleep(0.01)


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder with a short path, as Ray needs for its sockets."""
    with tempfile.TemporaryDirectory(prefix="r", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def posters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Raw files that take some seconds to build."""
    raw = tmp_path_factory.mktemp("posters") / "raw"
    draw_raw(MOVIES, raw, DrawSettings("small", 7, (8, 12), None))
    return with_noise(raw, POSTERS)


@pytest.fixture(scope="module")
def made_here(posters: Path) -> dict[str, str]:
    """What the local engine makes of them."""
    out = posters.with_name("local")
    build(Request([MOVIES], posters, out, workers=2))
    return digests(out)


def test_a_lost_node_costs_its_tasks_and_no_byte(
    posters: Path, made_here: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    lost: list[str] = []
    with cluster("", "") as nodes, start_on(nodes, posters, out) as process:
        wait_for_heaps(process, out)
        while process.poll() is None and not lost:
            nodes.signal(1, signal.SIGSTOP)  # so that no task ends between the look and the loss
            lost = nodes.at_work(1)
            nodes.signal(1, signal.SIGKILL if lost else signal.SIGCONT)
            time.sleep(0.01)
        finished = finished_heaps(out)
        assert lost == ["ray::write_heap"]
        assert 0 < len(finished) < CHUNKS
        assert not out.exists()
        _, told = process.communicate(timeout=LONGEST)
    assert process.returncode == 0, told
    assert "Traceback" not in told
    assert digests(out) == made_here
    assert not out.with_name("out.incomplete").exists()


@pytest.mark.parametrize(("first", "then"), [("ray", "local"), ("local", "ray")])
def test_a_killed_build_goes_on_with_the_other_engine(
    posters: Path, made_here: dict[str, str], tmp_path: Path, scratch: Path, first: str, then: str
) -> None:
    out = tmp_path / "out"
    settings = {"RAY_TMPDIR": str(scratch)}
    with start(posters, out, "--workers", "2", "--engine", first, **settings) as process:
        wait_for_heaps(process, out)
        # Ray's agents take a minute to see that their node has gone; they write nothing meanwhile.
        pids = [pid for pid in family(process.pid) if "Agent" not in command_of(pid)]
        process.kill()
    before = finished_heaps(out)
    assert 0 < len(before) < CHUNKS
    with start(posters, out, "--workers", "2", "--engine", then, **settings) as process:
        while process.poll() is None and finished_heaps(out) <= before:
            time.sleep(0.005)
        left = finished_heaps(out)
        _, told = process.communicate(timeout=LONGEST)
    assert process.returncode == 0, told
    assert before < left, "what was finished was made anew"
    assert digests(out) == made_here
    deadline = time.monotonic() + 20
    while any(map(is_running, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(pids) > 2
    assert not any(map(is_running, pids))


def test_ctrl_c_ends_our_own_cluster_with_one_sentence(
    posters: Path, tmp_path: Path, scratch: Path
) -> None:
    # A shell ignores SIGINT for what it starts in the background, and so would our child.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    out, home = tmp_path / "out", tmp_path / "home"
    home.mkdir()
    settings = {"HOME": str(home), "RAY_TMPDIR": str(scratch)}
    with start(posters, out, "--engine", "ray", **settings) as process:
        try:
            wait_for_heaps(process, out, 2)  # the last one may be on its way into the journal yet
            pids = family(process.pid)
            assert list(scratch.iterdir())
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
            pressed = time.monotonic()
            answer, told = process.communicate(timeout=60)
        finally:
            process.kill()
            signal.signal(signal.SIGINT, before)
    assert time.monotonic() - pressed < 10
    sentence, how_to_go_on = told.splitlines()[-2:]
    assert (process.returncode, answer) == (130, ""), told
    assert sentence == "pmg-bench: stopped; nothing is left under a final name.", told
    assert "out.incomplete: the same call goes on from there" in how_to_go_on
    assert all(line.startswith("note: ") for line in told.splitlines()[:-2])
    assert len(pids) > 5
    assert not any(map(is_running, pids))
    assert not [*scratch.iterdir(), *home.iterdir()]


def test_a_faulty_picture_is_told_as_it_is_here(raw: Path, tmp_path: Path) -> None:
    copy = broken_poster(raw, tmp_path / "raw")
    ends = []
    for engine in ("local", "ray"):
        with start(copy, tmp_path / engine, "--workers", "2", "--engine", engine) as process:
            answer, told = process.communicate(timeout=LONGEST)
        place = str(tmp_path / engine)
        ends.append((process.returncode, answer, told.replace(place, "OUT")))
    assert ends[0] == ends[1]
    assert ends[1][0] == 1
    assert "movieposter/image_data" in ends[1][2]


def test_a_node_with_other_libraries_is_refused(raw: Path, tmp_path: Path) -> None:
    told_of = tmp_path / "packages" / "pyarrow-1.0.dist-info" / "METADATA"
    told_of.parent.mkdir(parents=True)
    told_of.write_text("Metadata-Version: 2.1\nName: pyarrow\nVersion: 1.0\n")
    out = tmp_path / "out"
    with cluster("", str(tmp_path / "packages")) as nodes, start_on(nodes, raw, out) as process:
        answer, told = process.communicate(timeout=LONGEST)
    assert (process.returncode, answer) == (2, "")
    sentence = told.splitlines()[-1]
    assert sentence.startswith("pmg-bench: Engine ray: expected nodes that share RAW and OUT")
    assert sentence.count("node 127.0.0.1 (") == 1
    assert "): pyarrow 1.0 instead of " in sentence
    assert not list(tmp_path.glob("out*"))
