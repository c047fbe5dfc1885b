"""Tasks of Ray: their order, how many at a time, and what they raise; nodes that are refused."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pmg.building.build import build
from pmg.building.jobs import Request
from pmg.building.nodes import Expected, faults_here, refuse_nodes, versions_of
from pmg.inputs import libraries
from pmg.problems import BadCall
from pmg_bench import DOMAINS, main
from tests.ray_tasks import PROBLEM, WORKERS, Timed

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def tasks_told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What became of tasks on a cluster."""
    work = tmp_path_factory.mktemp("tasks")
    command = [sys.executable, "-m", "tests.ray_tasks", str(work)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return {**json.loads(ended.stdout), "tries": (work / "tries").read_text().count("once")}


def test_answers_come_in_order_and_others_go_on_while_one_is_slow(
    tasks_told: dict[str, Any],
) -> None:
    answers = [Timed(*each) for each in tasks_told["answers"]]
    assert [answer.task for answer in answers] == list(range(8))
    slow, *others = answers
    assert sum(other.end < slow.end for other in others) >= WORKERS
    assert tasks_told["taken_by_first"] == 2 * WORKERS


def test_no_more_than_the_workers_are_at_work(tasks_told: dict[str, Any]) -> None:
    answers = [Timed(*each) for each in tasks_told["answers"]]
    starts = [(answer.start, 1) for answer in answers]
    ends = [(answer.end, -1) for answer in answers]
    at_work = most = 0
    for _, change in sorted(starts + ends):
        at_work += change
        most = max(most, at_work)
    assert most == WORKERS


def test_what_a_task_raises_is_raised_here(tasks_told: dict[str, Any]) -> None:
    disk, data = tasks_told["disk"], tasks_told["data"]
    assert disk == {
        "type": "OSError",
        "text": "[Errno 28] No space left on device: '/full/file'",
        "told": [28, "No space left on device", "/full/file"],
    }
    assert (data["type"], data["text"]) == ("BadData", PROBLEM.sentence)


def test_a_task_that_is_lost_each_time_ends_with_a_sentence(tasks_told: dict[str, Any]) -> None:
    lost = tasks_told["lost"]
    assert tasks_told["tries"] == 4
    assert lost["type"] == "BadCall"
    assert lost["text"].startswith("Engine ray: a task was lost 4 times, as for want of memory")
    assert lost["text"].endswith("Start again, with fewer --workers or larger nodes.")


def call_without_ray(*arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run the program where no Ray can be imported."""
    hidden = "import sys; sys.modules['ray'] = None; from pmg_bench import main; "
    return subprocess.run(
        [sys.executable, "-c", f"{hidden}sys.exit(main(sys.argv[1:]))", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_ray_is_asked_for_only_by_its_name(raw: Path, tmp_path: Path) -> None:
    without = call_without_ray("build", raw, tmp_path / "out", "--engine", "ray")
    assert without.returncode == 2
    assert without.stderr.splitlines()[-1] == (
        "pmg-bench: Engine ray: expected Ray to be installed, found none. "
        'Install it with `pip install "pmg-bench[ray]"`.'
    )
    assert not list(tmp_path.glob("out*"))
    assert call_without_ray("build", raw, tmp_path / "out", "--domain", "ser30k").returncode == 0


def test_an_engine_that_is_none_is_refused(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["build", str(raw), str(tmp_path / "out"), "--engine", "spark"])
    assert ended.value.code == 2
    assert "invalid choice: 'spark'" in capsys.readouterr().err
    with pytest.raises(BadCall, match="Engine: expected local or ray, found 'spark'"):
        build(Request(DOMAINS, raw, tmp_path / "out", engine="spark"))


def test_an_address_where_no_cluster_is_ends_with_a_sentence(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    command = [sys.executable, ROOT / "pmg_bench.py", "build", raw, tmp_path / "out", "--engine"]
    ended = subprocess.run(
        [*map(str, command), "ray"], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 2
    sentence = ended.stderr.splitlines()[-1]
    assert sentence.startswith("pmg-bench: RAY_ADDRESS=127.0.0.1:1: expected a Ray cluster that")
    assert "found none: Connection refused. Start one, or name another." in sentence


@pytest.fixture
def here(raw: Path, tmp_path: Path) -> Expected:
    """What a node finds that is this machine."""
    (tmp_path / "token").touch()
    file = raw / "movieposter" / "ratings.csv"
    files = {str(file): file.stat().st_size}
    return Expected(versions_of(libraries()), raw, files, tmp_path)


def test_a_node_like_this_one_has_no_faults(here: Expected) -> None:
    assert faults_here(here, "token", "answer") == []
    assert (here.work / "answer").is_file()
    refuse_nodes({"node a": [], "node b": []})


def test_a_node_tells_all_its_faults(here: Expected, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    versions = {**here.versions, "pmg-bench": "0.0.1", "datasets": "1.0"}
    other = here._replace(versions=versions, raw=nowhere, work=nowhere)
    installed = here.versions
    assert faults_here(other, "token", "answer") == [
        f"pmg-bench {installed['pmg-bench']} instead of 0.0.1",
        f"datasets {installed['datasets']} instead of 1.0",
        f"no folder {nowhere}",
        f"no folder {nowhere}, or another one",
    ]


def test_a_folder_of_the_same_name_is_not_the_same(here: Expected) -> None:
    files = {path: size + 1 for path, size in here.files.items()}
    other = here._replace(files=files)
    assert faults_here(other, "no such token", "answer") == [
        f"other files in {here.raw}",
        f"no folder {here.work}, or another one",
    ]
    assert not (here.work / "answer").exists()


def test_the_sentence_names_the_nodes_that_are_refused() -> None:
    faults = {f"node {number}": ["no folder /data"] for number in range(7)}
    with pytest.raises(BadCall) as refused:
        refuse_nodes({**faults, "node z": []})
    sentence = str(refused.value)
    assert "found node 0: no folder /data; node 1: no folder /data; " in sentence
    assert "node 4: no folder /data; and 2 more. Name folders on a file system" in sentence
    assert "node z" not in sentence
