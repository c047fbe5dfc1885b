"""Predictions as a model writes them."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from pmg.columns import Row
from pmg_bench import Samples

Predict = Callable[[Row], Image.Image]


def write_pictures(folder: Path, samples: Samples, predict: Predict) -> Path:
    """A PNG for each sample."""
    folder.mkdir()
    for row in samples:
        predict(row).save(folder / f"{row['sample_id']}.png")
    return folder


def write_texts(path: Path, texts: dict[str, Any]) -> Path:
    """A line for each sample."""
    lines = [json.dumps({"sample_id": sample, "text": text}) for sample, text in texts.items()]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
