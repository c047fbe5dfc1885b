"""The published set as a stream: shared among nodes, and gone on with where it was left."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pmg.manifest import read_manifest
from tests.hub.server import Fault, running
from tests.publishing import REPOSITORY, client_of, push

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
