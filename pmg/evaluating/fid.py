"""FID: how far all predictions together are from all targets together.

The Fréchet distance of two Gaussians over the features of an Inception network (M. Heusel et
al., 2017): |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)).
"""

import hashlib
import tempfile
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from typing import IO, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pmg.evaluating.canvas import Picture
from pmg.evaluating.tallies import Estimate
from pmg.extras import MODELS, library
from pmg.pretrained import device
from pmg.problems import BadCall

FID = "fid"
WIDTH = 2048  # of the features
GROUPS = 10  # of users, one of which is left out at a time
NORMAL = 1.96  # standard errors either side of what has 95 %
FEWEST = 2  # predictions that a Gaussian needs
AT_ONCE = 1_000  # features in memory
Floats = npt.NDArray[np.float64]


class Moments(NamedTuple):
    """What a Gaussian needs of features."""

    rows: int
    total: Floats  # (WIDTH,)
    squares: Floats  # (WIDTH, WIDTH)

    def less(self, other: "Moments") -> "Moments":
        rows, total, squares = other
        return Moments(self.rows - rows, self.total - total, self.squares - squares)

    def gaussian(self) -> tuple[Floats, Floats]:
        mean = self.total / self.rows
        return mean, (self.squares - self.rows * np.outer(mean, mean)) / (self.rows - 1)


def frechet(first: Moments, second: Moments) -> float:
    """The distance of two Gaussians; through symmetric roots, as those are exact and fast."""
    (m1, c1), (m2, c2) = first.gaussian(), second.gaussian()
    values, vectors = np.linalg.eigh(c1)
    root = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
    between = np.sqrt(np.clip(np.linalg.eigvalsh(root @ c2 @ root), 0, None)).sum()
    return float(((m1 - m2) ** 2).sum() + np.trace(c1) + np.trace(c2) - 2 * between)


class Kept:
    """Features on the disk, each with the group of its user."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self.groups: list[int] = []

    def add(self, features: npt.NDArray[np.float32], group: int) -> None:
        self._file.write(features.astype(np.float32).tobytes())
        self.groups += [group] * len(features)

    def moments(self, group: int | None = None) -> Moments:
        """Those of all features, or of a group's."""
        self._file.seek(0)
        count, total = 0, np.zeros(WIDTH)
        squares = np.zeros((WIDTH, WIDTH))
        for start in range(0, len(self.groups), AT_ONCE):
            rows = np.frombuffer(self._file.read(AT_ONCE * WIDTH * 4), np.float32)
            features = rows.reshape(-1, WIDTH).astype(np.float64)
            if group is not None:
                features = features[np.array(self.groups[start : start + AT_ONCE]) == group]
            count += len(features)
            total += features.sum(axis=0)
            squares += features.T @ features
        return Moments(count, total, squares)

    def close(self) -> None:
        self._file.close()


class Frechet:
    """Watches predictions and targets, and has their distance in the end."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - of torchmetrics
        self._model = model
        self._predicted, self._targets = Kept(), Kept()
        self._users: set[str] = set()
        self.about = {
            "model": f"Inception v3 of TensorFlow, torch-fidelity {version('torch-fidelity')}'s",
            "features": f"{WIDTH}, the last pooling",
            "preprocessing": f"299 x 299, antialiased, torchmetrics {version('torchmetrics')}",
            "interval": f"jackknife over {GROUPS} groups of users",
        }

    def see(self, user: str, predicted: Sequence[Picture], target: Picture) -> None:
        group = hashlib.sha256(user.encode()).digest()[0] % GROUPS
        self._users.add(user)
        for kept, pictures in ((self._predicted, predicted), (self._targets, [target])):
            kept.add(self._features(pictures), group)

    def estimate(self) -> Estimate:
        """The distance, and what it would vary by with other users.

        A group of users is left out at a time (J. Shao and D. Tu, *The Jackknife and Bootstrap*,
        1995).

        Raises:
            BadCall: fewer than two groups of users have predictions.
        """
        sizes = Counter(self._predicted.groups)
        if sizes.total() - max(sizes.values(), default=0) < FEWEST:
            raise BadCall("fid: expected predictions for several users, found too few.")
        predicted, targets = self._predicted.moments(), self._targets.moments()
        whole = frechet(predicted, targets)
        parts = [
            frechet(
                predicted.less(self._predicted.moments(group)),
                targets.less(self._targets.moments(group)),
            )
            for group in sorted(sizes)
        ]
        spread = np.array(parts) - np.mean(parts)
        error = float(np.sqrt((len(parts) - 1) / len(parts) * (spread**2).sum()))
        low, high = whole - NORMAL * error, whole + NORMAL * error
        return Estimate(whole, low, high, predicted.rows, len(self._users))

    def close(self) -> None:
        """Free the disk."""
        self._predicted.close()
        self._targets.close()

    def _features(self, pictures: Sequence[Picture]) -> npt.NDArray[np.float32]:
        torch = library("torch", MODELS)
        pixels = np.stack([each.pixels for each in pictures])
        with torch.inference_mode():
            tensors = torch.from_numpy(pixels).to(device()).permute(0, 3, 1, 2)
            return np.asarray(self._model(tensors).float().cpu().numpy())


def inception() -> Frechet:
    """A watcher with the usual network. Raises BadCall without its libraries or weights."""
    library("torch_fidelity", MODELS)
    try:
        model = library("torchmetrics.image.fid", MODELS).NoTrainInceptionV3(
            name="inception-v3-compat", features_list=[str(WIDTH)]
        )
    except OSError as error:
        raise BadCall(
            "fid: expected torch-fidelity's Inception network, here or on its site, found none. "
            "Look whether github.com can be reached."
        ) from error
    return Frechet(model.to(device()))
