"""Models: metrics whose weights are fetched when they are asked for.

Each model is pinned to a revision, so that a number means the same next year.
"""

from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np
from PIL import Image

from pmg.evaluating.canvas import Picture, Recent
from pmg.evaluating.metrics import PICTURE, TEXT, Metric
from pmg.evaluating.vectors import KEPT, Alike, Vectors, unit
from pmg.extras import MODELS, library
from pmg.pretrained import device, pretrained
from pmg.problems import BadCall

CLIP = ("openai/clip-vit-large-patch14", "32bd64288804d66eefd0ccbe215aa642df71cc41")
DINO = ("facebook/dinov2-base", "f9e44c814b77203eaa57a6bdbbd535f21ede1415")
ALEXNET = "IMAGENET1K_V1"  # torchvision's name of the weights


@cache
def clip() -> tuple[Any, Any, Any]:
    """The model, what prepares pictures for it, and what does texts."""
    model = pretrained("CLIPModel", CLIP)
    images, words = pretrained("CLIPImageProcessor", CLIP), pretrained("CLIPTokenizer", CLIP)
    return model.eval().to(device()), images, words


def pooled(made: Any) -> Vectors:  # noqa: ANN401 - of transformers
    """The one vector of each, whichever version of transformers made them."""
    vectors = made if hasattr(made, "cpu") else made.pooler_output
    return np.asarray(vectors.float().cpu().numpy())


def clip_images(images: list[Image.Image]) -> Vectors:
    model, processor, _ = clip()
    with library("torch", MODELS).inference_mode():
        inputs = processor(images=images, return_tensors="pt").to(model.device)
        return pooled(model.get_image_features(**inputs))


def clip_texts(texts: list[str]) -> Vectors:
    model, _, words = clip()
    with library("torch", MODELS).inference_mode():
        inputs = words(texts, padding=True, truncation=True, return_tensors="pt").to(model.device)
        return unit(pooled(model.get_text_features(**inputs)))


@cache
def dino() -> tuple[Any, Any]:
    model = pretrained("AutoModel", DINO)
    return model.eval().to(device()), pretrained("AutoImageProcessor", DINO)


def dino_images(images: list[Image.Image]) -> Vectors:
    """The class token of the last layer."""
    model, processor = dino()
    with library("torch", MODELS).inference_mode():
        inputs = processor(images=images, return_tensors="pt").to(model.device)
        return np.asarray(model(**inputs).last_hidden_state[:, 0].float().cpu().numpy())


def told(place: tuple[str, str], **more: str) -> dict[str, str]:
    model, revision = place
    own = {"preprocessing": "the model's own, after the canvas"}
    return {"model": model, "revision": revision, **own, **more}


def clip_i() -> Metric:
    clip()
    about = told(CLIP, score="cosine of image embeddings")
    return Metric(
        "clip-i", PICTURE, PICTURE, True, Alike("clip-i", clip_images).compare, about=about
    )


def clip_t() -> Metric:
    clip()
    alike, recent = Alike("clip-t", clip_images), Recent[str, Any](KEPT)

    def compare(prediction: Picture, captions: Sequence[str]) -> list[float]:
        (own,) = alike.vectors([prediction])
        return [float(own @ each) for each in recent.of(captions, clip_texts)]

    about = told(CLIP, score="cosine of image and caption embeddings", caption="77 tokens of it")
    return Metric("clip-t", PICTURE, TEXT, True, compare, about=about)


def dino_i() -> Metric:
    dino()
    about = told(DINO, score="cosine of class tokens")
    return Metric("dino", PICTURE, PICTURE, True, Alike("dino", dino_images).compare, about=about)


def lpips() -> Metric:
    """LPIPS (R. Zhang et al., 2018) over AlexNet. Raises BadCall without libraries or weights."""
    torch, image = library("torch", MODELS), library("torchmetrics.image.lpip", MODELS)
    library("torchvision", MODELS)
    try:
        model = image.LearnedPerceptualImagePatchSimilarity("alex", normalize=True).to(device())
    except OSError as error:
        raise BadCall(
            "lpips: expected torchvision's AlexNet, here or on its site, found none. "
            "Look whether download.pytorch.org can be reached."
        ) from error

    def compare(prediction: Picture, references: Sequence[Picture]) -> list[float]:
        pixels = np.stack([prediction.pixels, *(each.pixels for each in references)])
        with torch.inference_mode():
            tensors = torch.from_numpy(pixels).to(device()).permute(0, 3, 1, 2) / 255
            first = tensors[:1].expand(len(references), -1, -1, -1)
            found = model.net(first, tensors[1:], normalize=True)
        return [float(each) for each in found.flatten()]

    about = {
        "model": f"AlexNet, torchvision's {ALEXNET}",
        "linear layers": f"version 0.1, of torchmetrics {version('torchmetrics')}",
        "preprocessing": "-1 to 1 at the canvas' size",
    }
    return Metric("lpips", PICTURE, PICTURE, False, compare, about=about)


WEIGHTED: dict[str, Callable[[], Metric]] = {
    "lpips": lpips,
    "clip-i": clip_i,
    "clip-t": clip_t,
    "dino": dino_i,
}
