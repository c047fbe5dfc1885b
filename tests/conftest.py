"""What tests share: a drawn raw folder, what was built from it, and a home of their own."""

import os
import tempfile

# Read by the libraries at import: no test may call the outside, or meet another's cache.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HOME"] = tempfile.mkdtemp(prefix="pmg-bench-tests-")

import shutil
from collections.abc import Iterator
from pathlib import Path

import datasets
import pytest
from hypothesis import settings

from pmg.building.build import build
from pmg.building.jobs import Request
from pmg.domain import DrawSettings
from pmg.options import Options
from pmg.raw.folder import draw_raw
from pmg_bench import DOMAINS

PICTURE_SIZE = (40, 60)

settings.register_profile("untimed", deadline=None)  # no test is of how fast something is
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An `HF_HOME` for this test and the processes it starts."""
    home = tmp_path / "hf-home"
    monkeypatch.setenv("HF_HOME", str(home))
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", home / "datasets")
    return home


@pytest.fixture(scope="session", autouse=True)
def _no_shared_home_left() -> Iterator[None]:
    yield
    shutil.rmtree(os.environ["HF_HOME"], ignore_errors=True)


@pytest.fixture(scope="session")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drawn raw folder with all domains; not to be changed."""
    folder = tmp_path_factory.mktemp("drawn") / "raw"
    for domain in DOMAINS:
        draw_raw(domain, folder, DrawSettings("tiny", 7, PICTURE_SIZE, None))
    return folder


@pytest.fixture
def out(built: Path, tmp_path: Path) -> Path:
    """A built folder that a test may damage."""
    return Path(shutil.copytree(built, tmp_path / "pmg-bench"))


@pytest.fixture(scope="session")
def built(raw: Path) -> Path:
    """What `build` makes of `raw`, named as people name it; not to be changed."""
    out = raw.parent / "pmg-bench"
    build(Request(DOMAINS, raw, out))
    return out


@pytest.fixture(scope="session")
def withheld(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was built without pictures; not to be changed."""
    out = tmp_path_factory.mktemp("withheld") / "pmg-bench"
    build(Request(DOMAINS, raw, out, Options(without_images=True)))
    return out
