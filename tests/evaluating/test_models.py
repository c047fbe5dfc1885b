"""Metrics with weights run the real loading and preprocessing, over models of chance."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from PIL import Image

from pmg.evaluating.canvas import Canvas, Picture
from pmg.evaluating.evaluate import Asked, Evaluation, evaluate
from pmg.evaluating.models import CLIP, DINO, WEIGHTED, clip, dino
from pmg.problems import BadCall
from pmg_bench import Samples
from tests.evaluating.untrained import write_alexnet, write_clip, write_dino, write_inception
from tests.evaluating.written import write_pictures

CONFIG = "movieposter_bench"
CANVAS = Canvas(64)


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Weights of chance in the caches of the libraries that would fetch trained ones."""
    torch: Any = pytest.importorskip("torch")
    for name in ("torchmetrics", "torchvision", "transformers", "torch_fidelity"):
        pytest.importorskip(name)
    torch.manual_seed(0)
    home, before = tmp_path_factory.mktemp("torch"), torch.hub.get_dir()
    (home / "checkpoints").mkdir()
    write_alexnet(home / "checkpoints")
    write_inception(home / "checkpoints")
    write_clip()
    write_dino()
    torch.hub.set_dir(str(home))
    yield
    torch.hub.set_dir(before)
    clip.cache_clear()
    dino.cache_clear()


@pytest.fixture
def perfect(built: Path, tmp_path: Path) -> Path:
    return write_pictures(
        tmp_path / "perfect", Samples(built, CONFIG, "test"), lambda row: row["target_image"]
    )


def scored(built: Path, folder: Path, *names: str, **own: str) -> Evaluation:
    return evaluate(built, folder, CONFIG, "test", CANVAS, Asked(names, **own))


@pytest.mark.usefixtures("untrained")
def test_perfect_predictions_score_as_such(built: Path, perfect: Path) -> None:
    found = scored(built, perfect, "lpips", "clip-i", "clip-t", "dino")
    means = {name: score.estimates["target"].mean for name, score in found.scores.items()}
    assert means["lpips"] == pytest.approx(0, abs=1e-6)
    assert means["clip-i"] == pytest.approx(1, abs=1e-5)
    assert means["dino"] == pytest.approx(1, abs=1e-5)
    assert -1 <= means["clip-t"] < 1
    assert found.scores["clip-i"].about["revision"] == CLIP[1]
    assert found.scores["dino"].about["revision"] == DINO[1]
    for name in ("lpips", "clip-i", "clip-t", "dino"):
        assert {"target", "history", "swapped", "personal"} == set(found.scores[name].estimates)
    assert not found.scores["lpips"].higher


@pytest.mark.usefixtures("untrained")
def test_lpips_is_that_of_torchmetrics() -> None:
    torch: Any = pytest.importorskip("torch")
    functional: Any = pytest.importorskip("torchmetrics.functional.image.lpips")
    pixels = np.random.default_rng(0).integers(0, 256, (4, 64, 64, 3), dtype=np.uint8)
    pictures = [Picture(place, each) for place, each in enumerate(pixels)]
    found = WEIGHTED["lpips"]().compare(pictures[0], pictures[1:])
    tensors = torch.from_numpy(pixels).permute(0, 3, 1, 2) / 255
    expected = [
        float(
            functional.learned_perceptual_image_patch_similarity(
                tensors[:1], each[None], "alex", normalize=True
            )
        )
        for each in tensors[1:]
    ]
    assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.usefixtures("untrained")
def test_clip_is_that_of_its_processor_and_model() -> None:
    torch: Any = pytest.importorskip("torch")
    transformers: Any = pytest.importorskip("transformers")
    model = transformers.CLIPModel.from_pretrained(CLIP[0], revision=CLIP[1])
    processor = transformers.CLIPProcessor.from_pretrained(CLIP[0], revision=CLIP[1])
    pixels = np.random.default_rng(1).integers(0, 256, (2, 64, 64, 3), dtype=np.uint8)
    captions = ["a red boat", "rain at night, " * 40]
    inputs = processor(
        text=captions,
        images=[Image.fromarray(each) for each in pixels],
        return_tensors="pt",
        padding=True,
        truncation=True,
    )
    with torch.inference_mode():
        made = model(**inputs)
    images, texts = made.image_embeds.numpy(), made.text_embeds.numpy()
    first, second = (Picture(place, each) for place, each in enumerate(pixels))
    assert_allclose(
        WEIGHTED["clip-i"]().compare(first, [second]), [images[0] @ images[1]], rtol=1e-4
    )
    assert_allclose(WEIGHTED["clip-t"]().compare(first, captions), texts @ images[0], rtol=1e-4)


@pytest.mark.usefixtures("untrained")
def test_fid_is_that_of_torchmetrics(built: Path, tmp_path: Path) -> None:
    torch: Any = pytest.importorskip("torch")
    fid: Any = pytest.importorskip("torchmetrics.image.fid")
    samples = Samples(built, CONFIG, "test")
    folder = write_pictures(tmp_path / "copies", samples, lambda row: row["history_images"][-1])
    estimate = scored(built, folder, "fid").scores["fid"].estimates["target"]
    other = fid.FrechetInceptionDistance(feature=2048)
    for row in samples:
        for image, real in ((row["target_image"], True), (row["history_images"][-1], False)):
            pixels = torch.from_numpy(CANVAS.pixels(image).copy()).permute(2, 0, 1)[None]
            other.update(pixels, real=real)
    expected = float(other.compute())
    assert estimate.mean == pytest.approx(expected, rel=1e-2, abs=1e-3)
    assert estimate.low < estimate.mean < estimate.high
    assert (estimate.samples, estimate.users) == (
        len(samples),
        len({row["user_id"] for row in samples}),
    )


@pytest.mark.usefixtures("untrained")
def test_weights_that_cannot_be_had_are_told(
    built: Path, perfect: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pmg.evaluating.models.CLIP", ("openai/another", CLIP[1]))
    clip.cache_clear()
    with pytest.raises(BadCall, match=r"openai/another: expected its files of .*found none"):
        scored(built, perfect, "clip-i")
    clip.cache_clear()


OWN = """
import numpy as np

def colours(images):
    return np.array([np.asarray(image).mean(axis=(0, 1)) for image in images])

def apart(first, second):
    return float(np.abs(np.asarray(first, float) - np.asarray(second, float)).mean())

def flat(images):
    return [0.0] * len(images)

def nothing(first, second):
    return None

def zero(images):
    return np.zeros((len(images), 3))

def imagined(images):
    return np.full((len(images), 3), 1j)

WIDTHS = [2]

def longer(images):
    WIDTHS.append(3)
    return np.ones((len(images), WIDTHS[-2]))

def attached(images):
    import torch
    return torch.ones((len(images), 3), requires_grad=True)

def endless(first, second):
    print("on its way")
    return 10**400

def leaves(first, second):
    raise SystemExit(7)

def tiny(images):
    return colours(images) * 1e-30

def faulty(*pictures):
    raise ValueError("no such layer")
"""


@pytest.fixture
def own_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    (tmp_path / "own_metrics.py").write_text(OWN)
    monkeypatch.chdir(tmp_path)
    yield "own_metrics"
    sys.modules.pop("own_metrics", None)


def test_functions_of_ones_own_are_scored(built: Path, perfect: Path, own_module: str) -> None:
    own = {"extractor": f"{own_module}:colours", "distance": f"{own_module}:apart"}
    found = scored(built, perfect, **own)
    small = scored(built, perfect, extractor=f"{own_module}:tiny").scores["extractor"].estimates
    assert small == found.scores["extractor"].estimates
    assert found.scores["extractor"].estimates["target"].mean == pytest.approx(1)
    assert found.scores["distance"].estimates["target"].mean == 0
    assert found.scores["distance"].estimates["history"].mean > 0
    assert found.scores["distance"].about == {"distance": own["distance"]}


@pytest.mark.parametrize(
    ("kind", "name", "sentence"),
    [
        ("extractor", "flat", "expected an array of 1 finite vectors of one length, found 'float"),
        ("extractor", "zero", "found 'some that are not finite, or all zero'"),
        ("extractor", "imagined", "found 'complex128 of"),
        ("extractor", "longer", "found '3 numbers, 2 before'"),
        ("extractor", "attached", "RuntimeError: Can.t call numpy"),
        ("distance", "nothing", "own_metrics:nothing: expected a number below .*, found NoneType"),
        ("distance", "endless", "own_metrics:endless: expected a number below .*, found int"),
        ("distance", "leaves", "own_metrics:leaves: expected it to score pictures, found 'SystemE"),
        ("extractor", "faulty", "own_metrics:faulty: expected it to score pictures, found"),
        ("distance", "faulty", "own_metrics:faulty: expected it to score pictures, found"),
    ],
)
def test_functions_that_score_nothing_are_told(
    built: Path, perfect: Path, own_module: str, kind: str, name: str, sentence: str
) -> None:
    with pytest.raises(BadCall, match=sentence):
        scored(built, perfect, **{kind: f"{own_module}:{name}"})
