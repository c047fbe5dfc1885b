"""Metrics: how alike a prediction is to what was shown, and those that need no weights.

Each compares one prediction with several references at once. The image metrics are
scikit-image's, the text metrics rouge-score's and sacrebleu's; docs/evaluating.md has the formulas.
"""

import os
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from importlib.metadata import version
from statistics import fmean
from typing import Any, TypeAlias

import imagehash
import numpy as np
from PIL import Image

from pmg.evaluating.canvas import Picture, Recent
from pmg.extras import EVALUATE, library
from pmg.leaks.pictures import NEAR
from pmg.reading.pictures import Pixels

PICTURE, TEXT = "picture", "text"  # what is predicted, and what it is compared with
IDENTICAL = 100.0  # dB, in place of infinity
LEVELS = 255  # between the darkest and the brightest value of a pixel
KEPT_HASHES = 100_000
MOST_THREADS = 4  # each has a gigabyte at the largest size
SINGLE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"  # letters that are words: Chinese …
WORD = re.compile(rf"[{SINGLE}]|[^\W{SINGLE}]+")
Value: TypeAlias = Any  # a Picture or a text


@dataclass(frozen=True)
class Metric:
    """A score of one prediction against each of several references."""

    name: str
    of: str  # what is predicted: PICTURE or TEXT
    against: str  # what it is compared with
    higher: bool  # whether more is more alike
    compare: Callable[[Value, Sequence[Value]], Sequence[float]]
    over: Callable[[Sequence[float]], float] = fmean  # what several references come to
    about: dict[str, str] = field(default_factory=dict)  # all that makes the number what it is


def plain_metrics() -> list[Metric]:
    """Those without weights. Raises BadCall where their libraries are not installed."""
    metric = library("skimage.metrics", EVALUATE)
    rouge = library("rouge_score.rouge_scorer", EVALUATE)
    bleu = library("sacrebleu.metrics", EVALUATE)
    scorer = rouge.RougeScorer(["rougeL"], tokenizer=Words())
    counted = bleu.BLEU(effective_order=True, tokenize="none")
    hashes: Recent[int, Any] = Recent(KEPT_HASHES)
    image = {"library": f"scikit-image {version('scikit-image')}", "data range": f"0 to {LEVELS}"}
    words = "words, lower case; Chinese by its characters"
    return [
        Metric("ssim", PICTURE, PICTURE, True, partial(each_of, partial(ssim, metric)), about={
            **image, "window": "Gaussian of 11 pixels, sigma 1.5", "channels": "RGB, their mean"}),
        Metric("psnr", PICTURE, PICTURE, True, partial(each_of, partial(psnr, metric)), about={
            **image, "identical pictures": f"{IDENTICAL:g} dB"}),
        Metric("copy", PICTURE, PICTURE, True, partial(each_of, is_copy), max, {
            "a copy": "every pixel is the same"}),
        Metric("near-copy", PICTURE, PICTURE, True, partial(near_copies, hashes), max, {
            "a near copy": f"at most {NEAR} of 64 bits of the perceptual hash differ",
            "library": f"ImageHash {version('ImageHash')}"}),
        Metric("rouge-l", TEXT, TEXT, True, partial(each_text, partial(rouge_l, scorer)), about={
            "library": f"rouge-score {version('rouge-score')}", "tokens": words}),
        Metric("bleu", TEXT, TEXT, True, partial(each_text, partial(bleu_of, counted)), about={
            "library": f"sacrebleu {version('sacrebleu')}", "tokens": words,
            "of": "sentences, 0 to 1", "signature": "eff:yes, smooth:exp"}),
    ]  # fmt: skip


class Words:
    """Splits a text as ROUGE and BLEU count it; theirs would drop every letter but English ones."""

    def tokenize(self, text: str) -> list[str]:
        return words_of(text)


def words_of(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def each_of(
    score: Callable[[Pixels, Pixels], float], prediction: Picture, references: Sequence[Picture]
) -> list[float]:
    """Scores of pixels, side by side on the processors."""
    return list(pool().map(lambda each: score(prediction.pixels, each.pixels), references))


@cache
def pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS))


def each_text(
    score: Callable[[str, str], float], prediction: str, references: Sequence[str]
) -> list[float]:
    return [score(prediction, each) for each in references]


def ssim(metric: Any, first: Pixels, second: Pixels) -> float:  # noqa: ANN401 - a module
    """Structural similarity, -1 to 1 (Z. Wang et al., 2004), with its Gaussian window."""
    found = metric.structural_similarity(
        first,
        second,
        channel_axis=-1,
        data_range=LEVELS,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
    )
    return float(found)


def psnr(metric: Any, first: Pixels, second: Pixels) -> float:  # noqa: ANN401 - a module
    """Peak signal-to-noise ratio in dB."""
    if np.array_equal(first, second):
        return IDENTICAL
    return float(metric.peak_signal_noise_ratio(first, second, data_range=LEVELS))


def is_copy(first: Pixels, second: Pixels) -> float:
    return float(np.array_equal(first, second))


def near_copies(
    hashes: Recent[int, Any], prediction: Picture, references: Sequence[Picture]
) -> list[float]:
    """1 where the perceptual hashes of two pictures differ by no more than `NEAR` bits, else 0."""
    own = hash_of(prediction.pixels)
    shown = {each.item: each for each in references}

    def made(lacking: list[int]) -> list[Any]:
        return [hash_of(shown[item].pixels) for item in lacking]

    items = [each.item for each in references if each.item is not None]
    return [float(own - each <= NEAR) for each in hashes.of(items, made)]


def hash_of(pixels: Pixels) -> Any:  # noqa: ANN401 - ImageHash's
    return imagehash.phash(Image.fromarray(pixels))


def rouge_l(scorer: Any, prediction: str, reference: str) -> float:  # noqa: ANN401 - rouge-score's
    """ROUGE-L's F1, 0 to 1 (C.-Y. Lin, 2004): of the longest words they have in one order."""
    return float(scorer.score(reference, prediction)["rougeL"].fmeasure)


def bleu_of(bleu: Any, prediction: str, reference: str) -> float:  # noqa: ANN401 - sacrebleu's
    """BLEU of a sentence, 0 to 1 (K. Papineni et al., 2002; smoothed as by M. Post, 2018)."""
    first, second = " ".join(words_of(prediction)), " ".join(words_of(reference))
    return float(bleu.sentence_score(first, [second]).score / 100)
