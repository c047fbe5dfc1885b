"""Predictions are found by the names of samples; whatever cannot be scored is told."""

import json
import os
from pathlib import Path

import pytest
from PIL import Image

from pmg.evaluating.predictions import Predictions, found_in, opened
from pmg.problems import BadData
from tests.evaluating.written import png, write_texts

IDS = {"bench-1-2", "bench-1", "sha256-ab", "x.y"}
PICTURE = png(Image.new("RGB", (4, 4), "red"))


def written(folder: Path, *names: str) -> Predictions:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(PICTURE)
    return found_in(folder, IDS)


def names(found: Predictions) -> dict[str, list[str]]:
    return {sample: [path.name for path in paths] for sample, paths in found.pictures.items()}


def test_pictures_are_of_the_sample_in_their_name(tmp_path: Path) -> None:
    found = written(tmp_path, "bench-1-2.png", "sha256-ab-1.jpg", "sha256-ab-2.webp", "x.y.PNG")
    assert names(found) == {
        "bench-1-2": ["bench-1-2.png"],
        "sha256-ab": ["sha256-ab-1.jpg", "sha256-ab-2.webp"],
        "x.y": ["x.y.PNG"],
    }
    assert found.extra == found.unreadable == []


def test_a_name_that_is_an_id_is_of_that_sample(tmp_path: Path) -> None:
    # It could be the second one of bench-1; an id comes first.
    assert names(written(tmp_path, "bench-1-2.png", "bench-1-3.png")) == {
        "bench-1-2": ["bench-1-2.png"],
        "bench-1": ["bench-1-3.png"],
    }


def test_what_is_of_no_sample_is_extra(tmp_path: Path) -> None:
    found = written(tmp_path / "p", "nobody.png", "bench-1.txt", "bench-1-0.png", "bench-1-.png")
    (tmp_path / "p" / "folder").mkdir()
    again = found_in(tmp_path / "p", IDS)
    assert names(found) == {}
    assert found.extra == [
        f"{name}: expected SAMPLE_ID.png, found no such sample"
        for name in ("bench-1-.png", "bench-1-0.png", "bench-1.txt", "nobody.png")
    ]
    assert "folder: expected SAMPLE_ID.png, found no such sample" in again.extra


def test_two_files_of_one_prediction_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"expected one file of bench-1, found bench-1\.jpg, too"):
        written(tmp_path, "bench-1.jpg", "bench-1.png")


def test_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"expected a folder of SAMPLE_ID.png, or .*, found none"):
        found_in(tmp_path / "nowhere", IDS)


def test_texts_are_read_from_a_file_or_beside_pictures(tmp_path: Path) -> None:
    path = write_texts(tmp_path / "predictions.jsonl", {"bench-1": "红色的船\n", "x.y": ""})
    for place in (path, tmp_path):
        assert found_in(place, IDS).texts == {"bench-1": "红色的船\n", "x.y": ""}


def test_lines_that_are_no_prediction_are_told(tmp_path: Path) -> None:
    lines = [
        "nonsense",
        "[" * 100_000,
        "[]",
        '{"sample_id": "x.y"}',
        '{"sample_id": 1, "text": "a"}',
        '{"sample_id": "x.y", "text": null}',
        json.dumps({"sample_id": "x.y", "text": "a" * 100_000}),
        '{"sample_id": "nobody", "text": "a"}',
        '{"sample_id": "bench-1", "text": "first"}',
        "",
        '{"sample_id": "bench-1", "text": "second"}',
        '{"sample_id": "x.y", "text": "one", "text": "two"}',
    ]
    path = tmp_path / "predictions.jsonl"
    path.write_text("\n".join(lines))
    found = found_in(path, IDS)
    assert found.texts == {"bench-1": "first"}
    assert [told.partition(":")[0] for told in found.unreadable] == [
        f"predictions.jsonl, line {number}" for number in (1, 2, 3, 4, 5, 6, 7, 11, 12)
    ]
    assert found.unreadable[-2].endswith("expected each sample once, found bench-1 again")
    assert found.extra == [
        "predictions.jsonl, line 8: expected the id of a sample, found nobody",
    ]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "another file"),
        (b"GIF89a, or so", "another file"),
        (PICTURE[:50], "image file is truncated|another file|broken"),
    ],
)
def test_what_does_not_decode_is_told(data: bytes, found: str, tmp_path: Path) -> None:
    path = tmp_path / "bench-1.png"
    path.write_bytes(data)
    with pytest.raises(
        ValueError, match=f"bench-1.png: expected a picture that decodes.*({found})"
    ):
        opened(path)


def test_a_picture_of_16_bits_is_told_as_it_would_be_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "bench-1.png"
    Image.new("I;16", (4, 4), 40_000).save(path)
    with pytest.raises(ValueError, match="found more than 8 bits a channel"):
        opened(path)


def test_a_turned_picture_is_scored_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn right by 90 degrees
    path = tmp_path / "bench-1.jpg"
    Image.new("RGB", (30, 20)).save(path, exif=exif)
    assert opened(path).size == (20, 30)


def test_a_bomb_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bench-1.png"
    Image.new("1", (11_000, 10_000)).save(path)
    with pytest.raises(ValueError, match=r"found 11,000 x 10,000 pixels, more than 100,000,000"):
        opened(path)


@pytest.mark.parametrize("name", ["bench-1.png", "predictions.jsonl"])
def test_what_is_no_file_is_not_waited_for(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    for make, kind in (
        (os.mkfifo, "a link to nothing, or no file of data"),
        (lambda path: path.symlink_to("/dev/zero"), "a link to nothing, or no file of data"),
        (lambda path: path.symlink_to("nowhere"), "a link to nothing, or no file of data"),
        (Path.mkdir, "a folder"),
    ):
        make(path)
        found = found_in(tmp_path, IDS)
        assert found.unreadable == [f"{name}: expected a file, found {kind}"]
        assert names(found) == {}
        assert found.texts == {}
        path.rmdir() if path.is_dir() else path.unlink()


def test_a_format_whose_reader_calls_other_programs_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "bench-1.png"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 4 4\n%%EndComments\n")
    with pytest.raises(ValueError, match="expected a picture that decodes, found another file"):
        opened(path)


def test_long_lines_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "predictions.jsonl"
    path.write_text("x" * 3_000_000 + '\nnonsense\n{"sample_id": "x.y", "text": "a"}')
    found = found_in(path, IDS)
    assert [told.partition(": ")[0] for told in found.unreadable] == [
        "predictions.jsonl, line 1",
        "predictions.jsonl, line 2",
    ]
    assert "expected at most 1,048,576 bytes, found more" in found.unreadable[0]
    assert found.texts == {"x.y": "a"}


def test_many_bad_lines_do_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "predictions.jsonl"
    path.write_text("nonsense\n" * 5_000)
    found = found_in(path, IDS)
    assert len(found.unreadable) == 1_001
    assert found.unreadable[-1].startswith("more than 1,000: expected fewer")
