"""The figures of the card: what they show is what the tables hold."""

import io
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import ClassLabel, Features, List, Value
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pmg.card.charts import draw_charts
from pmg.card.figures import SIDE, draw_samples, thumbnail, whole_samples
from pmg.distributions import MOST_BARS, Bars, bars, grouped
from pmg.manifest import Config, read_manifest
from pmg.whole_files import describe
from pmg_bench import DOMAINS

SMALL = 300_000  # bytes
RED, BLUE, NEAR = (255, 0, 0), (0, 0, 255), 40
MODES = [("PNG", "RGBA"), ("GIF", "P"), ("JPEG", "CMYK"), ("BMP", "L"), ("PNG", "I;16")]


def table(folder: Path, column: str, feature: object, values: list[object]) -> Config:
    """A config of one file with one column."""
    schema = Features({column: feature}).arrow_schema
    path = folder / "train.parquet"
    pq.write_table(pa.Table.from_pylist([{column: value} for value in values], schema), path)
    return Config(
        "toy", "items", "a toy", {"train": [describe(path, folder, len(values))]}, None, {}
    )


def test_every_domain_has_its_figures_and_they_are_small(built: Path) -> None:
    manifest = read_manifest(built)
    figures = {file.path: file.bytes for file in manifest.others if "figures/" in file.path}
    kinds = ("samples.jpg", "numbers.png")
    assert figures.keys() == {
        f"figures/{domain.name}-{kind}" for domain in DOMAINS for kind in kinds
    }
    assert max(figures.values()) < SMALL
    for name in figures:
        with Image.open(built / name) as image:
            image.load()


def test_without_pictures_none_is_shown(withheld: Path) -> None:
    assert not list(withheld.glob("figures/*-samples.jpg"))
    assert len(list(withheld.glob("figures/*-numbers.png"))) == len(DOMAINS)
    assert "-samples.jpg" not in (withheld / "README.md").read_text(encoding="utf-8")


def test_samples_are_the_first_of_the_table(built: Path) -> None:
    config = read_manifest(built).configs["movieposter"]
    rows = pq.read_table(built / config.files[0].path).slice(0, 3).to_pylist()
    assert list(whole_samples(built, config)) == [
        [each["bytes"] for each in (*row["history_images"], row["target_image"])] for row in rows
    ]


def encoded(color: str, size: tuple[int, int], kind: str, mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, color).save(file, kind)
    return file.getvalue()


def test_a_sample_is_seen_from_history_to_target(tmp_path: Path) -> None:
    red, blue = encoded("red", (40, 40), "PNG"), encoded("blue", (80, 40), "JPEG")
    draw_samples([[red, blue]], tmp_path / "samples.jpg")
    with Image.open(tmp_path / "samples.jpg") as image:
        strip = np.asarray(image).astype(int)[image.height // 2]
    places = [np.flatnonzero((abs(strip - color) < NEAR).all(1)) for color in (RED, BLUE)]
    assert all(len(place) >= SIDE - 2 for place in places)
    assert places[0].max() < places[1].min()


@pytest.mark.parametrize(("kind", "mode"), MODES)
def test_pictures_of_any_mode_are_shown(kind: str, mode: str) -> None:
    file = io.BytesIO()
    Image.new(mode, (30, 60)).save(file, kind)
    image = thumbnail(file.getvalue())
    assert (image.mode, image.size) == ("RGB", (SIDE // 2, SIDE))


def test_what_is_transparent_is_white() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(file, "PNG")
    assert thumbnail(file.getvalue()).getpixel((5, 5)) == (255, 255, 255)


def test_lists_are_counted_by_length_and_gaps_are_seen(tmp_path: Path) -> None:
    config = table(tmp_path, "ids", List(Value("string")), [["a"], ["a", "b", "c"], ["d"], None])
    assert bars(tmp_path, config, "ids", "title").counts == [("1", 2), ("2", 0), ("3", 1)]


def test_classes_are_counted_by_name(tmp_path: Path) -> None:
    config = table(tmp_path, "mood", ClassLabel(names=["glad", "sad", "odd"]), [1, 1, 0])
    chart = bars(tmp_path, config, "mood", "Moods")
    assert chart.counts == [("glad", 1), ("sad", 2), ("odd", 0)]


def test_a_column_of_nothing_is_drawn_as_nothing(tmp_path: Path) -> None:
    config = table(tmp_path, "stars", Value("float32"), [None])
    chart = bars(tmp_path, config, "stars", "Stars")
    assert chart.counts == []
    draw_charts([chart, Bars("One", [("1", 1)])], tmp_path / "chart.png")
    with Image.open(tmp_path / "chart.png") as image:
        image.load()


@given(st.lists(st.one_of(st.integers(-(2**62), 2**62), st.floats(-1e9, 1e9)), min_size=1))
def test_groups_hold_every_value_once(values: list[float]) -> None:
    found = grouped(Counter(values))
    assert sum(count for _, count in found) == len(values)
    assert len(found) <= MOST_BARS
