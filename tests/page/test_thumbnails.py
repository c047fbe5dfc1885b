"""Thumbnails take no more room than there is, each picture once."""

import io

import numpy as np
from PIL import Image

from pmg.columns import Row
from pmg.pages.content import Content
from pmg.pages.thumbnails import HEIGHTS, Album
from tests.page.rows import item, sample


def noise(seed: int, size: tuple[int, int] = (200, 300)) -> dict[str, object]:
    pixels = np.random.default_rng(seed).integers(0, 256, (*size[::-1], 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return {"bytes": file.getvalue(), "path": None}


def items(count: int) -> list[Row]:
    return [item(number, image=noise(number)) for number in range(count)]


def test_a_picture_is_kept_once_however_often_it_is_shown() -> None:
    album = Album(10_000_000)
    places = [album.place(noise(seed)) for seed in (1, 2, 1, 2, 3)]
    assert places == [0, 1, 0, 1, 2]
    assert len(album.pictures) == 3
    assert album.place(None) == album.place({"bytes": None, "path": "gone"}) == 3


def test_many_pictures_are_smaller_ones() -> None:
    one = Album(10_000_000)
    one.place(noise(0))
    room = one.bytes * 3
    album = Album(room)
    heights = []
    for seed in range(12):
        album.place(noise(seed))
        assert album.bytes <= room
        assert len({picture.height for picture in album.pictures}) == 1
        heights.append(album.pictures[0].height)
    assert heights[0] == 300
    assert heights == sorted(heights, reverse=True)
    assert heights[-1] in HEIGHTS[1:]


def test_rows_end_where_no_more_would_fit() -> None:
    content = Content(room=20_000)
    content.add("train", 30, items(30))
    (split,) = content.splits
    assert 1 < len(split.rows) < 30
    assert split.total == 30
    assert content.album.pictures[0].height == HEIGHTS[-1]


def test_the_same_rows_are_told_the_same_way() -> None:
    told = []
    for _ in range(2):
        content = Content(room=60_000)
        content.add("train", 8, items(8))
        content.add("test", 1, [sample()])
        told.append(content.told())
    assert told[0] == told[1]
