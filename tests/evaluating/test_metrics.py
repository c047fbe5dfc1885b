"""Metrics are those of the field: by hand where that can be done, else as others compute them."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from pmg.evaluating.canvas import Picture
from pmg.evaluating.metrics import Metric, plain_metrics, words_of
from pmg.reading.pictures import Pixels

METRICS = {metric.name: metric for metric in plain_metrics()}
SIDE = 32
BORDER = 5  # pixels whose window of 11 reaches beyond the picture
LEVELS = st.integers(0, 255)


def constant(level: int) -> Pixels:
    return np.full((SIDE, SIDE, 3), level, np.uint8)


def noise(seed: int) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)


def noisy(pixels: Pixels, seed: int, most: int) -> Pixels:
    added = np.random.default_rng(seed).integers(-most, most + 1, pixels.shape)
    return np.asarray(np.clip(pixels + added, 0, 255), np.uint8)


def one(name: str, prediction: object, reference: object) -> float:
    metric: Metric = METRICS[name]
    (score,) = metric.compare(prediction, [reference])
    return score


def of_pictures(name: str, prediction: Pixels, reference: Pixels) -> float:
    return one(name, Picture(None, prediction), Picture(hash(reference.tobytes()), reference))


@given(LEVELS, LEVELS)
def test_ssim_of_constant_pictures_is_that_of_their_means(first: int, second: int) -> None:
    c1 = (0.01 * 255) ** 2
    expected = (2 * first * second + c1) / (first**2 + second**2 + c1)
    found = of_pictures("ssim", constant(first), constant(second))
    assert found == pytest.approx(expected, abs=1e-6)


@given(LEVELS, LEVELS)
def test_psnr_of_constant_pictures_is_that_of_their_difference(first: int, second: int) -> None:
    difference = abs(first - second)
    expected = 20 * math.log10(255 / difference) if difference else 100
    assert of_pictures("psnr", constant(first), constant(second)) == pytest.approx(expected)


@pytest.mark.parametrize("most", [1, 20, 255])
def test_image_metrics_are_those_of_torchmetrics(most: int) -> None:
    torch = pytest.importorskip("torch")
    functional = pytest.importorskip("torchmetrics.functional.image")
    first = noise(0)
    second = noisy(first, 1, most)
    tensors = [
        torch.from_numpy(each).permute(2, 0, 1)[None].double() / 255 for each in (first, second)
    ]
    psnr = functional.peak_signal_noise_ratio(*tensors, data_range=1.0)
    _, each = functional.structural_similarity_index_measure(
        *tensors, data_range=1.0, return_full_image=True
    )
    inner = each[..., BORDER:-BORDER, BORDER:-BORDER]  # its mean has the border, too
    assert of_pictures("psnr", first, second) == pytest.approx(float(psnr), abs=1e-4)
    assert of_pictures("ssim", first, second) == pytest.approx(float(inner.mean()), abs=1e-9)


def test_what_is_the_same_scores_as_the_same() -> None:
    same = noise(2)
    found = {name: of_pictures(name, same, same) for name in ("ssim", "psnr", "copy", "near-copy")}
    assert found == {"ssim": pytest.approx(1), "psnr": 100, "copy": 1, "near-copy": 1}


def test_a_near_copy_is_one_and_another_picture_is_none() -> None:
    shapes = np.repeat(np.repeat(noise(5)[::4, ::4], 4, axis=0), 4, axis=1)  # squares of 4
    near = noisy(shapes, 3, 2)
    assert [of_pictures(name, near, shapes) for name in ("copy", "near-copy")] == [0, 1]
    assert [of_pictures(name, noise(4), shapes) for name in ("copy", "near-copy")] == [0, 0]


def test_several_references_are_scored_as_each_alone() -> None:
    references = [noise(seed) for seed in range(5)]
    prediction = noisy(references[3], 9, 30)
    pictures = [Picture(place, pixels) for place, pixels in enumerate(references)]
    for name in ("ssim", "psnr"):
        together = METRICS[name].compare(Picture(None, prediction), pictures)
        alone = [of_pictures(name, prediction, each) for each in references]
        assert_allclose(together, alone)


@pytest.mark.parametrize(
    ("prediction", "reference", "expected"),
    [
        ("the cat sat", "the cat sat", 1.0),
        ("the cat sat", "The cat, sat!", 1.0),
        ("dogs", "the cat sat", 0.0),
        ("the cat", "the cat sat down", 2 * 1 * 0.5 / 1.5),  # precision 1, recall 1/2
        ("sat cat the", "the cat sat", 1 / 3),  # one word in the same order
        ("红色的船", "红色的帆", 3 / 4),
        ("", "the cat", 0.0),
    ],
)
def test_rouge_l_is_of_words_in_one_order(prediction: str, reference: str, expected: float) -> None:
    assert one("rouge-l", prediction, reference) == pytest.approx(expected)


def test_bleu_is_by_hand() -> None:
    assert one("bleu", "a b c d e", "a b c d e") == pytest.approx(1)
    # Of five words four are right, of four pairs three, of three triples two, of two fours one.
    product = (4 / 5) * (3 / 4) * (2 / 3) * (1 / 2)
    assert one("bleu", "a b c d x", "a b c d e") == pytest.approx(product ** (1 / 4))
    # Three words of six: as long a text would need e^(1 - 6/3) more.
    assert one("bleu", "a b c", "a b c d e f") == pytest.approx(math.exp(1 - 6 / 3))
    assert one("bleu", "", "a b c") == 0


def test_text_metrics_are_those_of_torchmetrics() -> None:
    pytest.importorskip("torch")
    functional = pytest.importorskip("torchmetrics.functional.text")
    pairs = [
        ("a red boat on a dark sea", "a red boat on a calm sea at night"),
        ("two people stand in the rain", "a man and a woman stand in the heavy rain"),
    ]
    for prediction, reference in pairs:
        rouge: Any = functional.rouge_score(prediction, reference, rouge_keys="rougeL")
        assert one("rouge-l", prediction, reference) == pytest.approx(
            float(rouge["rougeL_fmeasure"]), abs=1e-6
        )
    bleu = functional.bleu_score([pairs[0][0]], [[pairs[0][1]]])
    assert one("bleu", *pairs[0]) == pytest.approx(float(bleu), abs=1e-6)


@given(st.text())
def test_any_text_can_be_scored(text: str) -> None:
    own = 1.0 if words_of(text) else 0.0
    assert one("rouge-l", text, text) == own
    assert 0 <= one("bleu", text, "a red boat") <= 1
