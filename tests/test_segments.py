"""Pictures of an archive, looked at while the next ones are unpacked."""

import gzip
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from PIL import Image

from pmg.images import as_it_came
from pmg.problems import Problems
from pmg.raw.archives import Spool, spool
from pmg.raw.scratch import Scratch
from pmg.raw.segments import SEGMENT_BYTES, Look, Segment, check_segment, when_written
from pmg.workers import Workers

PICTURES = 60


def jpeg(seed: int) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((400, 300 + seed), 90).convert("RGB").save(file, "JPEG", quality=100)
    return file.getvalue()


@pytest.fixture(scope="module")
def members() -> dict[str, bytes]:
    """More than one segment; every tenth is no picture."""
    return {
        f"{number}.jpg": bytes(300_000) if number % 10 == 7 else jpeg(number)
        for number in range(PICTURES)
    }


@pytest.fixture
def archive(tmp_path: Path, members: dict[str, bytes]) -> Path:
    path = tmp_path / "pog_dataset" / "images.tar.gz"
    path.parent.mkdir()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    path.write_bytes(gzip.compress(packed.getvalue(), 1))
    return path


def unpacked(archive: Path, look: Look) -> Spool:
    problems = Problems()
    found = spool(archive, "the pictures", Scratch(archive.parent / "scratch", look), problems)
    assert not list(problems)
    return found


def check_all(segments: Iterator[Segment]) -> Iterator[pa.RecordBatch]:
    return map(check_segment, segments)


@pytest.mark.parametrize("look", [check_all, when_written(check_all)])
def test_what_is_seen_is_what_reading_again_would_find(
    archive: Path, members: dict[str, bytes], look: Look
) -> None:
    assert sum(map(len, members.values())) > 1.5 * SEGMENT_BYTES
    found = unpacked(archive, look)
    numbers = {name: number for number, name in enumerate(found.names())}
    backwards = dict(reversed(numbers.items()))
    seen = found.seen(backwards)
    sound = [name for name in backwards if any(members[name])]
    assert seen.places["item_id"].to_pylist() == sound
    for told in seen.places.to_pylist():
        picture = as_it_came(members[told["item_id"]], "file", "place")
        expected = {name: getattr(picture, name) for name in ("width", "height", "mode", "sha256")}
        assert {name: told[name] for name in expected} == expected
        start = told["offset"]
        assert found.path.read_bytes()[start : start + told["length"]] == picture.data
    assert len(seen.problems) == PICTURES - len(sound) == PICTURES // 10
    assert {problem.place for problem in seen.problems} == {
        f"member '{name}'" for name in members if name not in sound
    }


def test_other_processes_see_what_is_still_being_unpacked(archive: Path) -> None:
    with Workers(2) as workers:
        found = unpacked(archive, lambda segments: workers.map(check_segment, segments))
        numbers = {name: number for number, name in enumerate(found.names())}
        elsewhere = found.seen(numbers)
    here = unpacked(archive.rename(archive.with_name("again.tar.gz")), check_all).seen(numbers)
    assert elsewhere.places.equals(here.places)


def test_nobody_need_look(archive: Path, members: dict[str, bytes]) -> None:
    problems = Problems()
    found = spool(archive, "the pictures", Scratch(archive.parent / "scratch"), problems)
    seen = found.seen({name: number for number, name in enumerate(found.names())})
    assert not len(seen.places)
    assert not seen.problems
    assert {name: found.read(number).data for number, name in enumerate(found.names())} == members
