"""The published set as a stream: shared among nodes, and gone on with where it was left."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from pmg.building import row_files, shards
from pmg.manifest import read_manifest
from tests.built import build_all
from tests.hub.server import Fault, running
from tests.publishing import REPOSITORY, client_of, push

WITH_PICTURES = ["movieposter", "ser30k"]
CONFIGS = ["movieposter", "movieposter_interactions", "pog_dataset_items", "ser30k"]


@pytest.mark.parametrize("faulty", [False, True], ids=["well", "faulty"])
def test_every_row_comes_once_and_a_stop_is_gone_on_from(
    built: Path, tmp_path: Path, faulty: bool
) -> None:
    script = Path(__file__).with_name("stream_from_hub.py")
    with running(tmp_path / "hub") as hub:
        assert push(hub, built).returncode == 0
        if faulty:
            hub.fail(
                Fault("GET", "^/cdn/", times=2, status=503),
                Fault("GET", "^/cdn/", times=2, reset_after=1000),
            )
        run = subprocess.run(
            [sys.executable, str(script), REPOSITORY, *CONFIGS],
            env=client_of(hub),
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        assert hub.faults_left == 0
    told = dict(re.findall(r"^(\S+) (\d+) rows$", run.stdout, re.MULTILINE))
    manifest = read_manifest(built)
    assert told == {name: str(manifest.configs[name].rows("train")) for name in CONFIGS}


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is large, and not installed")
def test_every_row_comes_once_through_any_number_of_loader_workers(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_files, "GROUP_BYTES", 50_000)
    monkeypatch.setattr(shards, "SHARD_BYTES", 100_000)
    build_all(raw, tmp_path / "pmg-bench")
    manifest = read_manifest(tmp_path / "pmg-bench")
    counts = {name: len(manifest.configs[name].splits["train"]) for name in WITH_PICTURES}
    assert min(counts.values()) > 2  # or workers and nodes would have none to share
    script = Path(__file__).with_name("loader_from_hub.py")
    with running(tmp_path / "hub") as hub:
        assert push(hub, tmp_path / "pmg-bench").returncode == 0
        run = subprocess.run(
            [sys.executable, str(script), REPOSITORY, *WITH_PICTURES],
            env=client_of(hub),
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        f"{name} {manifest.configs[name].rows('train')} rows of {count} shards"
        for name, count in counts.items()
    ]
