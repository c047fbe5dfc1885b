"""Samples of a set on the Hub that is not on this disk: what they show is fetched, and no more."""

import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from pmg.manifest import read_manifest
from pmg.whole_files import WrittenFile
from pmg_bench import Samples
from tests.hub.server import Fault, Server, running
from tests.publishing import REPOSITORY, client_of, push
from tests.reading.conftest import run_python
from tests.reading.read_from_hub import REFUSED

CONFIGS = ["movieposter_bench", "pog_dataset", "ser30k_bench"]
PICTURES = r"^/cdn/"
PREFIX = 4  # bytes of a picture's length, which stands before it
ANSWERS = 10_000  # bytes of what the Hub tells of files


def read(
    hub: Server, folder: Path, config: str, split: str, *works: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    script = str(Path(__file__).with_name("read_from_hub.py"))
    arguments = (script, REPOSITORY, str(folder), config, split, *works)
    return run_python(*arguments, **client_of(hub, **environment))


@pytest.fixture(scope="module")
def pushed(sharded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("hub")) as server:
        home = str(tmp_path_factory.mktemp("home"))
        assert push(server, sharded, HF_HOME=home).returncode == 0
        yield server


@pytest.fixture
def hub(pushed: Server) -> Server:
    """A Hub that has the set, was asked for nothing yet, and has no faults."""
    pushed.log.clear()
    pushed.fail()
    return pushed


def items_of(folder: Path, config: str) -> list[WrittenFile]:
    name = f"{config.removesuffix('_bench')}_items"
    return read_manifest(folder).configs[name].files


def asked(hub: Server) -> list[str]:
    """Files that were read from the CDN, by their last part."""
    return [each.path.rpartition("/")[2] for each in hub.log if re.search(PICTURES, each.path)]


def shown(folder: Path, config: str, split: str) -> dict[str, bytes]:
    """The pictures that samples show, by item."""
    found: dict[str, bytes] = {}
    for row in Samples(folder, config, split, decode=False):
        for name in ("history", "target", "outfit"):
            ids = row.get({"outfit": "outfit_item_ids"}.get(name, f"{name}_ids"), [])
            images = row.get(f"{name}_images", [])
            found |= {key: each["bytes"] for key, each in zip(ids, images, strict=True) if each}
        found[row["target_id"]] = row["target_image"]["bytes"]
    return found


@pytest.mark.parametrize("config", CONFIGS)
def test_what_samples_show_is_fetched_once_and_nothing_else(
    sharded: Path, hub: Server, config: str
) -> None:
    def sent(*works: str, **more: str) -> int:
        before = hub.sent
        run = read(hub, sharded, config, "test", *works, **more)
        assert run.returncode == 0, run.stderr
        assert run.stdout.split() == [*works]
        return hub.sent - before

    sent()
    pictures = shown(sharded, config, "test")
    needed = sum(len(data) + PREFIX for data in pictures.values())
    assert needed <= sent("fetch") <= needed + ANSWERS
    assert needed < sum(file.bytes for file in items_of(sharded, config)) / 2
    hub.log.clear()
    sent("all", "first")
    assert not asked(hub)
    sent("all", HF_HUB_OFFLINE="1")


@pytest.mark.parametrize("config", CONFIGS)
def test_a_sample_or_an_item_fetches_its_own_pictures(
    sharded: Path, hub: Server, config: str
) -> None:
    assert read(hub, sharded, config, "test").returncode == 0
    samples = Samples(sharded, config, "test", decode=False)
    row = samples[0]
    images = [*row["history_images"], row["target_image"], *row.get("outfit_images", [])]
    needed = sum(len(each["bytes"]) + PREFIX for each in images if each)
    before = hub.sent
    run = read(hub, sharded, config, "test", "first", "item")
    assert run.returncode == 0, run.stderr
    assert needed <= hub.sent - before <= needed + ANSWERS
    assert read(hub, sharded, config, "test", "all").returncode == 0


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is sharded, and not installed")
def test_workers_fetch_what_they_need(sharded: Path, hub: Server) -> None:
    run = read(hub, sharded, "movieposter_bench", "test", "workers", "all")
    assert run.returncode == 0, run.stderr


def test_what_was_downloaded_is_not_fetched_again(sharded: Path, hub: Server) -> None:
    call = f"snapshot_download({REPOSITORY!r}, repo_type='dataset')"
    script = f"from huggingface_hub import snapshot_download; {call}"
    assert run_python("-c", script, **client_of(hub)).returncode == 0
    hub.log.clear()
    run = read(hub, sharded, "ser30k", "test", "all", "fetch", "item")
    assert run.returncode == 0, run.stderr
    assert not asked(hub)


def test_faults_that_pass_are_waited_for(sharded: Path, hub: Server) -> None:
    assert read(hub, sharded, "movieposter_bench", "test").returncode == 0
    hub.fail(Fault("GET", PICTURES, times=2, status=503), Fault("GET", PICTURES, reset_after=100))
    run = read(hub, sharded, "movieposter_bench", "test", "fetch", "all")
    assert run.returncode == 0, run.stderr
    assert hub.faults_left == 0


def test_faults_that_stay_are_sentences(sharded: Path, hub: Server) -> None:
    assert read(hub, sharded, "movieposter_bench", "test").returncode == 0
    hub.fail(Fault("GET", PICTURES, times=1000, status=403))
    run = read(hub, sharded, "movieposter_bench", "test", "fetch")
    assert run.returncode == REFUSED
    assert re.search(
        r"^org/pmg-bench: the Hub was not reached \(HfHubHTTPError: .*403.*\)\. "
        r"Try again; what was fetched stays\.$",
        run.stderr,
        re.MULTILINE,
    )
    hub.fail(Fault("GET", PICTURES, times=1000, flip=0))  # the length that stands before a picture
    run = read(hub, sharded, "movieposter_bench", "test", "all")
    assert run.returncode == REFUSED
    assert re.search(
        r"expected the file that was built, found another, at byte [\d,]+\.", run.stderr
    )


def test_what_is_not_there_is_a_sentence(
    hub: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "org").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, expected in {
        "org/none": "expected a data set on the Hub, found none, or one that asks for a token",
        "org": "org: expected a built folder with manifest.json, found none.",
        "nothing": "expected a built folder, or a repository as ORG/NAME, found neither",
    }.items():
        script = f"from pmg_bench import Samples; Samples({name!r})"
        run = run_python("-c", script, **client_of(hub))
        assert expected in run.stderr.splitlines()[-1]
