"""Calls of `caption` in tests, and what they leave."""

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pmg_bench import main
from tests.captioning.endpoint import MODEL as TELLER
from tests.captioning.endpoint import Endpoint

FILES = {
    ("movieposter", "style"): "style_captions.pkl",
    ("movieposter", "target"): "target_captions.pkl",
    ("pog_dataset", "style"): "style_captions.json",
    ("pog_dataset", "target"): "captions.json",
    ("ser30k", "style"): "style_captions.json",
    ("ser30k", "target"): "captions.json",
}
__all__ = ["FILES", "TELLER", "always", "call", "captions_of", "made_of", "stickers", "told"]


def call(raw: Path, domain: str, endpoint: Endpoint | None, *more: str) -> int:
    """Run `caption` on a domain; both channels, unless another is asked for."""
    arguments = ["caption", str(raw), "--domain", domain]
    if "--channel" not in more:
        arguments += ["--channel", "both"]
    if endpoint is not None:
        arguments += ["--endpoint", endpoint.address, "--model", TELLER]
    if "--html" not in more and "--json" not in more:
        arguments += ["--html", str(raw.parent / f"{domain}.html")]
    return main([*arguments, *more])


def told(capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401 - of JSON
    return json.loads(capsys.readouterr().out)


def captions_of(raw: Path, domain: str, channel: str) -> dict[Any, Any]:
    """What the file of a channel holds."""
    path = raw / domain / FILES[domain, channel]
    if path.suffix == ".pkl":
        return dict(pickle.loads(path.read_bytes()))
    return dict(json.loads(path.read_text(encoding="utf-8")))


def made_of(raw: Path, domain: str) -> list[dict[str, str]]:
    """The lines of the side file."""
    text = (raw / domain / "made_captions.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def always(fault: str, times: int = 9) -> dict[str, list[str]]:
    """Faults of an endpoint: the same of every picture."""
    return {digit: [fault] * times for digit in "0123456789abcdef"}


def stickers(raw: Path, count: int, square: int = 8) -> Path:
    """A raw folder of so many stickers of one topic, each of other squares; nothing else."""
    folder = raw / "ser30k" / "images" / "01-squares"
    folder.mkdir(parents=True)
    for number in range(count):
        bits = [255 * (number >> bit & 1) for bit in range(16)]
        pixels = np.array(bits, np.uint8).reshape(4, 4).repeat(square, 0).repeat(square, 1)
        Image.fromarray(pixels).save(folder / f"sticker_{number}.png")
    return raw
