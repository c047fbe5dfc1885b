"""The Fréchet distance of Gaussians, by hand."""

import numpy as np
import pytest

from pmg.evaluating.canvas import Picture
from pmg.evaluating.fid import WIDTH, Frechet, Moments, frechet
from pmg.problems import BadCall


def moments(mean: float, spread: float) -> Moments:
    """Those of ten features each of which has this mean and variance, and depends on no other."""
    rows = 10
    squares = np.full((WIDTH, WIDTH), rows * mean**2) + np.eye(WIDTH) * spread * (rows - 1)
    return Moments(rows, np.full(WIDTH, rows * mean), squares)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((1, 4), (1, 4), 0),
        ((0, 1), (2, 1), 4 * WIDTH),  # the means alone: 2^2 in each direction
        ((0, 1), (0, 9), (1 - 3) ** 2 * WIDTH),  # the deviations alone
    ],
)
def test_it_is_of_means_and_deviations(
    first: tuple[float, float], second: tuple[float, float], expected: float
) -> None:
    found = frechet(moments(*first), moments(*second))
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-4)


def test_what_is_left_out_is_gone() -> None:
    source = np.random.default_rng(0)
    features = source.normal(size=(6, WIDTH))

    def of(rows: slice) -> Moments:
        part = features[rows]
        return Moments(len(part), part.sum(axis=0), part.T @ part)

    rest = of(slice(0, 6)).less(of(slice(4, 6)))
    mean, covariance = rest.gaussian()
    np.testing.assert_allclose(mean, features[:4].mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(covariance, np.cov(features[:4].T), atol=1e-9)


@pytest.mark.parametrize("predicted", [0, 1, 2])
def test_too_few_predictions_are_told(predicted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch_fidelity")
    watcher = Frechet(model=None)  # of which nothing is asked
    features = np.zeros((1, WIDTH), np.float32)
    monkeypatch.setattr(watcher, "_features", lambda _: features)
    picture = Picture(None, np.zeros((11, 11, 3), np.uint8))
    for _ in range(predicted):
        watcher.see("one user", [picture], picture)
    with pytest.raises(BadCall, match="fid: expected predictions for several users"):
        watcher.estimate()
    watcher.close()
