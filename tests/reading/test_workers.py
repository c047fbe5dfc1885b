"""Samples in the workers of PyTorch's DataLoader, started in whatever way."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from pmg.manifest import read_manifest
from tests.reading.conftest import run_python

CONFIGS = ["movieposter_bench", "pog_dataset", "ser30k_bench"]


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is large, and not installed")
def test_workers_read_what_one_process_reads(built: Path) -> None:
    script = str(Path(__file__).with_name("load_in_workers.py"))
    run = run_python(script, str(built), *CONFIGS)
    assert run.returncode == 0, run.stderr
    configs = read_manifest(built).configs
    assert run.stdout.splitlines() == [f"{name} {configs[name].rows('train')}" for name in CONFIGS]
