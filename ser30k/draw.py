"""Writes a raw folder in the true formats, with drawn stickers: the inverse of raw.py."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pmg.domain import DrawSettings
from pmg.progress import progress_bar
from ser30k import raw
from ser30k.annotations import ALL, BELOW
from ser30k.stickers import CHARACTERS, draw_sticker


class Scale(NamedTuple):
    """Sizes of an invented folder."""

    topics: int
    stickers: int
    picture_size: int  # pixels a side


SCALES = {
    "tiny": Scale(40, 240, 96),
    "small": Scale(120, 1_960, 160),
    "full": Scale(1_887, 30_739, 240),
}
EMOTIONS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
SHARES_OF_EMOTIONS = (0.08, 0.04, 0.04, 0.42, 0.12, 0.1, 0.2)
TEXTS = {
    "anger": ("NO!", "GRR"),
    "disgust": ("EW", "YUCK"),
    "fear": ("EEK", "HELP"),
    "happiness": ("YAY", "HELLO", "LOVE IT"),
    "sadness": ("SORRY", "MISS YOU"),
    "surprise": ("WOW", "WHAT?"),
    "neutral": ("OK", "HMM", "GOOD NIGHT"),
}
SHARE_WITH_TEXT, SHARE_AGREED, SHARE_WITHOUT_CAPTION = 0.4, 0.7, 0.02
SPLITS, SHARES_OF_SPLITS = ("train", "val", "test"), (0.7, 0.1, 0.2)
QUALITY = 90  # of JPEG
SECOND_FRAME, FRAME_MILLISECONDS = 10_000, 400


class Drawn(NamedTuple):
    """A sticker that was written, as the other files tell of it."""

    topic: str
    file_name: str
    text: str
    emotion: int  # 1 to 7
    caption: str


def draw(folder: Path, settings: DrawSettings) -> None:
    """Write the raw files into `folder`."""
    scale = SCALES[settings.scale]
    random = np.random.default_rng(settings.seed)
    size = min(settings.picture_size) if settings.picture_size else scale.picture_size
    drawn = write_stickers(folder / raw.IMAGES, scale, size, settings.seed, random)
    write_annotations(folder / raw.ANNOTATIONS, drawn, random)
    captions = {
        f"{each.topic}/{each.file_name}": each.caption
        for each in drawn
        if random.random() > SHARE_WITHOUT_CAPTION
    }
    write_json(folder / raw.CAPTIONS, captions)


def write_stickers(
    folder: Path, scale: Scale, size: int, seed: int, random: Generator
) -> list[Drawn]:
    """Draw every topic's stickers; most are JPEG, as in SER30K, others whatever chats send."""
    drawn: list[Drawn] = []
    share = random.lognormal(sigma=0.5, size=scale.topics)
    counts = 1 + random.multinomial(scale.stickers - scale.topics, share / share.sum())
    with progress_bar(scale.stickers, "draw", "stickers") as bar:
        for number, count in enumerate(counts.tolist(), 1):
            character = CHARACTERS[number % len(CHARACTERS)]
            topic = f"{number:02d}-{character}"
            (folder / topic).mkdir(parents=True)
            for own in range(1, count + 1):
                kind = int(random.choice(len(EMOTIONS), p=SHARES_OF_EMOTIONS))
                text = ""
                if random.random() < SHARE_WITH_TEXT:
                    text = str(random.choice(TEXTS[EMOTIONS[kind]]))
                look = (character, EMOTIONS[kind], text, size, seed + number, own)
                name, caption = write_sticker(folder / topic, own, number + own, look)
                drawn.append(Drawn(topic, name, text, kind + 1, caption))
                bar.update()
    return drawn


def write_sticker(
    folder: Path, number: int, turn: int, look: tuple[str, str, str, int, int, int]
) -> tuple[str, str]:
    """Write one sticker; answers with its file name and caption. Every eighth is no plain JPEG.

    Its name stands in it as a comment, so that no two have the same bytes.
    """
    drawing = draw_sticker(*look)
    image, stem = drawing.image, f"sticker_{number}"
    comment = f"{folder.name}/{stem}"
    text = PngInfo()
    text.add_text("Comment", comment)
    match turn % 32:
        case 5:
            name = f"{stem}.png"
            image.save(folder / name, pnginfo=text)
        case 12:
            name = f"{stem}.gif"
            other = draw_sticker(*look[:-1], number + SECOND_FRAME).image
            frames = [on_white(frame).quantize(64) for frame in (image, other)]
            frames[0].save(folder / name, save_all=True, append_images=frames[1:],
                           duration=FRAME_MILLISECONDS, loop=0, comment=comment)  # fmt: skip
        case 20:
            name = f"{stem}.png"
            on_white(image).quantize(64).save(folder / name, pnginfo=text)
        case 28:
            name = f"{stem}.jpg"
            on_white(image).convert("L").save(folder / name, quality=QUALITY, comment=comment)
        case _:
            name = f"{stem}.jpg"
            on_white(image).save(folder / name, quality=QUALITY, comment=comment)
    return name, drawing.caption


def on_white(image: Image.Image) -> Image.Image:
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def write_annotations(folder: Path, drawn: Sequence[Drawn], random: Generator) -> None:
    """All annotations in one file, and again by split, as SER30K has them."""
    (folder / BELOW).mkdir(parents=True)
    by_split: dict[str, list[dict[str, Any]]] = {split: [] for split in SPLITS}
    for each in drawn:
        split = str(random.choice(SPLITS, p=SHARES_OF_SPLITS))
        by_split[split].append(annotation(each, random))
    everything = [entry for entries in by_split.values() for entry in entries]
    write_json(folder / ALL, annotated(everything))
    for split, entries in by_split.items():
        write_json(folder / BELOW / f"{split}.json", annotated(entries))


def annotation(drawn: Drawn, random: Generator) -> dict[str, Any]:
    """What three annotators and the verdict say of a sticker; one of the three may differ."""
    said = [drawn.emotion] * 3
    if random.random() > SHARE_AGREED:
        said[int(random.integers(3))] = int(random.integers(1, len(EMOTIONS) + 1))
    names = {f"anno{number}": value for number, value in enumerate(said, 1)}
    return {
        "topic": drawn.topic,
        "file_name": drawn.file_name,
        "text": drawn.text,
        **names,
        "anno": drawn.emotion,
    }


def annotated(entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    categories = {str(number): name for number, name in enumerate(EMOTIONS, 1)}
    return {"annotations": entries, "categories": categories}


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
