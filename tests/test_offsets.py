"""Shards tell where their pictures lie: at each place is the picture, to the byte."""

import mmap
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmg.building import row_files, shards
from pmg.manifest import read_manifest
from pmg.offsets import LENGTH, NONE, About, Offsets, about, starts_of, told
from tests.built import build_all

PICTURES = st.lists(st.none() | st.binary(min_size=1, max_size=90), min_size=1, max_size=12)


@pytest.mark.parametrize("group_bytes", [1, 20_000, 16 << 20])
def test_every_picture_lies_where_its_shard_says(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group_bytes: int
) -> None:
    monkeypatch.setattr(row_files, "GROUP_BYTES", group_bytes)
    monkeypatch.setattr(shards, "SHARD_BYTES", 100_000)
    build_all(raw, tmp_path / "out")
    found, manifest = 0, read_manifest(tmp_path / "out")
    for config in manifest.configs.values():
        for file in config.files:
            path = tmp_path / "out" / file.path
            key, offsets = about(pq.read_metadata(path).metadata)
            assert key == file.key
            if config.folder != "items":
                assert offsets is None
                continue
            assert offsets is not None
            content = path.read_bytes()
            images = pq.read_table(path, columns=["image"])["image"].to_pylist()
            for image, start, length in zip(images, *offsets, strict=True):
                if image is None:
                    assert (start, length) == (NONE, 0)
                else:
                    assert content[start : start + length] == image["bytes"]
                    assert content[start - LENGTH.size : start] == LENGTH.pack(length)
                    found += 1
    assert found == sum(
        domain.pictures for domain in read_manifest(tmp_path / "out").domains.values()
    )


@given(PICTURES, st.binary(max_size=40))
def test_pictures_are_found_among_whatever_else(pictures: list[bytes | None], other: bytes) -> None:
    """Each after its length, in their order, with something else between, as headers of pages."""
    content = b"PAR1" + b"".join(
        other + LENGTH.pack(len(picture)) + picture for picture in pictures if picture is not None
    )
    with mmap.mmap(-1, len(content)) as file:
        file.write(content)
        starts = [*starts_of(file, pictures, 0)]
    for picture, start in zip(pictures, starts, strict=True):
        assert start == NONE if picture is None else content[start:].startswith(picture)
    there = [start for start in starts if start != NONE]
    assert there == sorted(there)


def test_a_picture_that_is_not_there_is_a_fault() -> None:
    with mmap.mmap(-1, 64) as file:
        file.write(LENGTH.pack(3) + b"abd")
        with pytest.raises(ValueError, match="a picture that is not in its shard as it is"):
            list(starts_of(file, [b"abc"], 0))


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))), st.text())
def test_what_a_shard_tells_is_read_back(pairs: list[tuple[int, int]], key: str) -> None:
    starts, lengths = ([pair[place] for pair in pairs] for place in (0, 1))
    offsets = Offsets(np.array(starts, np.uint32), np.array(lengths, np.uint32))
    again = about(told(key, offsets))
    assert again.key == key
    assert again.offsets is not None
    assert [again.offsets.starts.tolist(), again.offsets.lengths.tolist()] == [starts, lengths]
    assert about(told(key, None)) == About(key, None)


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {},
        {b"pmg_bench": b"no JSON"},
        {b"pmg_bench": b"[]"},
        {b"pmg_bench": b'{"key": "k", "starts": "AAAA", "lengths": ""}'},
        {b"pmg_bench": b'{"key": "k", "starts": "AAAAAA==", "lengths": ""}'},
        {b"pmg_bench": b'{"key": "k", "starts": "!", "lengths": ""}'},
        {b"pmg_bench": b'{"key": "k", "starts": ""}'},
    ],
)
def test_what_is_no_shard_of_ours_is_a_fault(metadata: dict[bytes, bytes] | None) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        about(metadata)
