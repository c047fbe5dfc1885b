"""Pushing and loading over xet, which users have by default."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pmg.building.build import build
from pmg.building.jobs import Request
from pmg.manifest import read_manifest
from pmg_bench import DOMAINS
from tests.hub.server import Fault, Server, running
from tests.hub.xet import hashes
from tests.publishing import (
    REPOSITORY,
    bytes_in,
    bytes_of,
    client_of,
    published,
    push,
    start_push,
    uploads,
)

XET = {"HF_HUB_DISABLE_XET": "0"}


@pytest.fixture
def cas(tmp_path: Path) -> Path:
    """Where what is sent by xet arrives."""
    return tmp_path / "cas"


@pytest.fixture
def hub(tmp_path: Path, cas: Path) -> Iterator[Server]:
    with running(tmp_path / "hub", cas) as server:
        yield server


def is_whole(hub: Server, out: Path) -> bool:
    """Whether readers saw nothing, and then all: the Hub's own commit, and one of ours."""
    repository = hub.hub.repositories[REPOSITORY]
    first, last = (bytes_of(files) for files in repository.commits.values())
    return first == {} and last == bytes_in(out)


def test_all_tables_arrive_by_xet_in_one_commit(hub: Server, cas: Path, built: Path) -> None:
    pushed = push(hub, built, **XET)
    assert pushed.returncode == 0, pushed.stderr
    assert is_whole(hub, built)
    assert uploads(hub) == []  # nothing by LFS
    assert {file.sha256 for file in read_manifest(built).shards} <= hashes(cas).keys()


def test_pushing_again_sends_nothing(hub: Server, cas: Path, built: Path) -> None:
    assert push(hub, built, **XET).returncode == 0
    arrived, asked = bytes_in(cas), len(hub.log)
    again = push(hub, built, **XET)
    assert "nothing to send, it is there already" in again.stdout
    assert bytes_in(cas) == arrived
    assert {asked.method for asked in hub.log[asked:]} == {"GET"}


def test_what_is_pushed_loads_by_xet_with_every_row(hub: Server, built: Path) -> None:
    assert push(hub, built, **XET).returncode == 0
    script = Path(__file__).with_name("load_from_hub.py")
    run = subprocess.run(
        [sys.executable, str(script), REPOSITORY, str(built), "movieposter", "ser30k_items"],
        env=client_of(hub, **XET),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert any("/xet-read-token/" in asked.path for asked in hub.log)


def test_whoever_is_killed_in_mid_push_goes_on(hub: Server, cas: Path, built: Path) -> None:
    hub.fail(Fault("POST", "/commit/main$", latency=60))
    with start_push(hub, built, **XET) as process:
        while process.poll() is None and not any(
            asked.path.endswith("/commit/main") for asked in hub.log
        ):
            time.sleep(0.01)
        process.kill()
    assert bytes_of(published(hub)) == {}
    hub.fail()
    arrived = contents(cas)
    assert arrived
    pushed = push(hub, built, **XET)
    assert pushed.returncode == 0, pushed.stderr
    assert is_whole(hub, built)
    assert contents(cas) == arrived, "what had arrived was sent again"


def contents(cas: Path) -> set[str]:
    """The blocks of chunks that arrived, by the names that their contents give them."""
    return {path.name for path in cas.rglob("default.*")}


def test_a_fault_of_the_way_to_xet_is_survived(hub: Server, built: Path) -> None:
    hub.fail(Fault("GET", "/xet-write-token/", status=500))
    pushed = push(hub, built, **XET)
    assert pushed.returncode == 0, pushed.stderr
    assert is_whole(hub, built)


def test_who_may_not_send_by_xet_is_told_at_once(hub: Server, built: Path) -> None:
    hub.fail(Fault("GET", "/xet-write-token/", times=100, status=401))
    pushed = push(hub, built, **XET)
    assert (pushed.returncode, pushed.stdout) == (2, "")
    assert f"pmg-bench: {REPOSITORY}: the Hub refuses, or gives no answer" in pushed.stderr
    assert "401 Unauthorized" in pushed.stderr
    assert bytes_of(published(hub)) == {}
    assert sum("/xet-write-token/" in asked.path for asked in hub.log) == 1


def test_of_an_update_its_own_chunks_travel(
    hub: Server, cas: Path, raw: Path, built: Path, tmp_path: Path
) -> None:
    out = Path(shutil.copytree(built, tmp_path / "out"))
    assert push(hub, out, **XET).returncode == 0
    before = contents(cas)
    own_raw = Path(shutil.copytree(raw, tmp_path / "own-raw"))
    captions = own_raw / "ser30k" / "captions.json"
    captions.write_text(json.dumps(dict.fromkeys(json.loads(captions.read_text()), "all new")))
    build(Request(DOMAINS, own_raw, out, data_version="1.1.0", update=True, known=DOMAINS))
    assert push(hub, out, **XET).returncode == 0
    assert bytes_of(published(hub)) == bytes_in(out)
    sent = sum(path.stat().st_size for path in cas.rglob("default.*") if path.name not in before)
    whole = sum(file.bytes for file in read_manifest(out).domains["ser30k"].shards)
    assert sent < whole / 2  # pictures are chunks that were there
