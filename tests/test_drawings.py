"""Drawn garments and stickers: the same from the same arguments, and true to their captions."""

from itertools import product

import numpy as np
import pytest

from pog_dataset.garments import CATEGORIES, COLOURS, PATTERNS, draw_garment
from ser30k.stickers import CHARACTERS, WORDS, draw_sticker


@pytest.mark.parametrize("category", CATEGORIES)
def test_garments_are_what_was_asked_for(category: str) -> None:
    first = draw_garment(category, "navy", "striped", 60, 80, 1, 1)
    assert first.pixels.shape == (80, 60, 3)
    assert first.caption == f"a navy striped {category} on a pale ground"
    again = draw_garment(category, "navy", "striped", 60, 80, 1, 1)
    assert np.array_equal(first.pixels, again.pixels)
    other = draw_garment(category, "navy", "striped", 60, 80, 1, 2)
    assert not np.array_equal(first.pixels, other.pixels)


@pytest.mark.parametrize("size", [1, 2, 16])
def test_tiny_garments_are_drawn(size: int) -> None:
    for colour, pattern in product(COLOURS, PATTERNS):
        assert draw_garment("hat", colour, pattern, size, size, 0, 0).pixels.any()


@pytest.mark.parametrize("emotion", WORDS)
def test_stickers_show_their_emotion_on_clear_ground(emotion: str) -> None:
    first = draw_sticker("fox", emotion, "WOW", 120, 3, 1)
    assert (first.image.mode, first.image.size) == ("RGBA", (120, 120))
    assert first.image.getpixel((0, 0))[3] == 0  # type: ignore[index] # four bands
    assert first.caption.startswith(WORDS[emotion])
    assert 'the words "WOW"' in first.caption
    again = draw_sticker("fox", emotion, "WOW", 120, 3, 1)
    assert first.image.tobytes() == again.image.tobytes()
    assert first.image.tobytes() != draw_sticker("fox", emotion, "WOW", 120, 3, 2).image.tobytes()


@pytest.mark.parametrize("size", [1, 2, 16])
def test_tiny_stickers_are_drawn_and_claim_no_words(size: int) -> None:
    for character in CHARACTERS:
        assert "words" not in draw_sticker(character, "fear", "HELP", size, 0, 0).caption
