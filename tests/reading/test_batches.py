"""Batches: arrays of one shape, with a mask for what is padding."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from pmg_bench import DOMAINS, BadCall, Samples, collate

CONFIGS = [each for domain in DOMAINS for each in (domain.name, f"{domain.name}_bench")]
ROWS = 6


@pytest.mark.parametrize("config", CONFIGS)
def test_histories_are_padded_and_masked(built: Path, config: str) -> None:
    rows = Samples(built, config, "train")[:ROWS]
    batch = collate(rows, size=(24, 16))
    longest = max(len(row["history_ids"]) for row in rows)
    assert batch["history_images"].shape == (ROWS, longest, 24, 16, 3)
    assert batch["target_image"].shape == (ROWS, 24, 16, 3)
    assert batch["history_mask"].sum(axis=1).tolist() == [len(row["history_ids"]) for row in rows]
    for row, pictures, mask in zip(
        rows, batch["history_images"], batch["history_mask"], strict=True
    ):
        length = len(row["history_ids"])
        assert mask.tolist() == [True] * length + [False] * (longest - length)
        assert not pictures[length:].any()
    assert batch["sample_id"] == [row["sample_id"] for row in rows]
    assert batch["history_captions"] == [row["history_captions"] for row in rows]


def test_a_picture_that_is_not_there_is_masked(built: Path) -> None:
    rows = Samples(built, "pog_dataset", "train")[:]
    batch = collate(rows, size=(8, 8))
    for row, mask in zip(rows, batch["outfit_mask"], strict=True):
        there = [image is not None for image in row["outfit_images"]]
        assert mask.tolist() == there + [False] * (len(mask) - len(there))
    assert any(None in row["outfit_images"] for row in rows)


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
def test_pictures_are_fitted_as_asked(built: Path, fit: str) -> None:
    rows = Samples(built, "movieposter", "validation")[:2]
    poster = rows[0]["target_image"].convert("RGB")
    bilinear = Image.Resampling.BILINEAR
    expected = {
        "crop": ImageOps.fit(poster, (20, 20), bilinear),
        "pad": ImageOps.pad(poster, (20, 20), bilinear, color="white"),
        "stretch": poster.resize((20, 20), bilinear),
    }
    batch = collate(rows, size=(20, 20), fit=fit)
    assert (batch["target_image"][0] == np.array(expected[fit])).all()


def test_every_format_gives_the_same_batch(built: Path) -> None:
    pil = collate(Samples(built, "ser30k_bench", "test")[:ROWS])
    arrays = collate(Samples(built, "ser30k_bench", "test", format="numpy")[:ROWS])
    for name in ("history_images", "history_mask", "target_image"):
        assert (pil[name] == arrays[name]).all()
    assert {name: pil[name] for name in pil if not hasattr(pil[name], "shape")} == {
        name: arrays[name] for name in arrays if not hasattr(arrays[name], "shape")
    }


def test_what_cannot_be_a_batch_is_refused(built: Path) -> None:
    with pytest.raises(BadCall, match=r"^collate: expected rows and a fit of crop, .*, found no"):
        collate([])
    rows = Samples(built, "ser30k", "test", decode=False)[:2]
    with pytest.raises(BadCall, match=r"found files\. Leave decode=False out"):
        collate(rows)
    with pytest.raises(BadCall, match="found 'squeeze'"):
        collate(rows, fit="squeeze")
    with pytest.raises(BadCall, match="expected a picture in every target_image, found none"):
        collate([{"target_image": None}])


def test_a_batch_of_no_pictures_at_all_has_a_shape() -> None:
    batch = partial(collate, size=(4, 2))([{"outfit_images": []}, {"outfit_images": []}])
    assert batch["outfit_images"].shape == (2, 0, 4, 2, 3)
    assert batch["outfit_mask"].shape == (2, 0)
