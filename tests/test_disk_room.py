"""Room on the disk: looked at before anything is written, and told about right."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from pmg.building import work_folder
from pmg.building.build import build
from pmg.building.estimate import bytes_to_write
from pmg.building.jobs import Request
from pmg.options import Options
from pmg.problems import BadCall
from pmg.raw.scratch import Scratch
from pmg.source import open_source
from pmg_bench import DOMAINS


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_too_little_room_is_told_before_it_starts(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No disk of a size of our own can be had everywhere, so its answer is made up."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9 - 1_000_000, 1_000_000))
    with pytest.raises(BadCall, match=r"free disk, found 0\.00 GB\. Make room, or name a folder"):
        build(Request(DOMAINS, raw, tmp_path / "out"))
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: str(domain.name))
def test_the_estimate_is_near_what_is_written(
    raw: Path, tmp_path: Path, domain: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    (domain,) = (each for each in DOMAINS if each is domain)
    source = open_source(domain, raw, Scratch(tmp_path / "scratch"), Options())
    shown = domain.pictures(source.raw).found.keys()
    entries = source.entries_of(domain.tables, shown).entries
    estimated = bytes_to_write(source, domain.tables, entries)
    monkeypatch.setattr(work_folder, "empty", lambda _: None)
    build(Request([domain], raw, tmp_path / "out"))
    left = tmp_path / "out.incomplete"
    kinds = ("shards-*/*.parquet", "*.heap")
    written = sum(path.stat().st_size for kind in kinds for path in (left / domain.name).glob(kind))
    assert 0.8 * written < estimated < 1.25 * written
