"""Posters drawn from a title and its genres: stand-ins, since real ones may not be shipped."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from movieposter.posters import scenes
from movieposter.posters.stage import Stage, shifted
from pmg.drawing.canvas import Color, Pixels, blend, generator, grained, paint_soft, vignette
from pmg.drawing.lettering import Typeface, drawable, fit, set_lines, shade, small_print
from pmg.drawing.shapes import box

LIGHT = 150  # brightness from which dark letters read better than light ones
RESTLESS = 34  # spread of brightness from which letters need a calmer ground

FACES = (
    Typeface(tracking=0.05, weight=0.028, stretch=1.25),
    Typeface(tracking=0.16, weight=0.012, stretch=1.0),
    Typeface(tracking=0.08, weight=0.036, stretch=1.0),
    Typeface(tracking=0.05, weight=0.02, stretch=1.55),
    Typeface(tracking=0.11, weight=0.035, stretch=1.1),
)
CREDITS = (
    """A stand-in picture presents a film that nobody has seen starring the moon the horizon
    and a silhouette music by the wind costumes by the night edited by chance
    directed by a random seed""",
    """Drawn pictures in association with a lucky number present a film by nobody in particular
    with one silhouette and introducing the light photography by gradient sound by noise
    written by a title and its genres""",
    """From the makers of another poster comes a story told in one frame casting by polygon
    sets by the brush lighting by a soft ellipse produced by arithmetic
    no camera was used in the making of this picture""",
)


class Drawing(NamedTuple):
    """A poster and what can truly be said about it."""

    pixels: Pixels  # (height, width, 3), RGB, C-contiguous
    style_phrases: tuple[str, ...]  # what someone who likes it likes
    target_phrases: tuple[str, ...]  # what it shows


class Billing(NamedTuple):
    """The parts of a title as posters set them."""

    title: str
    year: str


class Ink(NamedTuple):
    """The colours of lettering, chosen for what lies beneath it."""

    letters: Color
    ground: Color
    name: str
    restless: bool  # whether letters would be lost in what lies beneath


def billing(movie_title: str) -> Billing:
    """Split "Matrix, The (1999)" into "The Matrix" and "1999"; other names are left out."""
    text = " ".join(movie_title.split())
    year = ""
    if found := re.search(r"\s*\((\d{4})(?:[-–]\d{0,4})?\)$", text):  # noqa: RUF001 - real dash
        text, year = text[: found.start()], found[1]
    text = re.sub(r"\s*\([^()]*\)$", "", text) or text
    text = re.sub(r"^(.*), (The|An?|Les?|La|Der|Die|Das|Il|El|Los|Las)$", r"\2 \1", text)
    return Billing(text, year)


def draw_poster(
    movie_title: str, genres: Sequence[str], width: int, height: int, seed: int
) -> Drawing:
    """Draw a movie poster of `width` x `height` pixels; the same arguments give the same pixels."""
    rng = generator("movie poster", seed, movie_title, *genres)
    scene, palette = scenes.choose(genres, rng)
    stage = Stage(
        (width, height),
        shifted(palette, rng),
        rng,
        title_above=bool(rng.random() < 0.4),  # noqa: PLR2004 - a share
    )
    words = scene.draw(stage)
    bill = billing(movie_title)
    vignette(stage.picture, stage.palette.ink, 0.5)
    lettering = _letter(stage, bill, words.taglines[int(rng.integers(len(words.taglines)))])
    return Drawing(grained(stage.picture, rng), words.style, (*words.target, *lettering))


def _letter(stage: Stage, bill: Billing, tagline: str) -> tuple[str, ...]:
    """Set title, tagline and credits; return what can be read, as phrases."""
    title = drawable(bill.title)
    # Title, tagline and credits: top and height of their boxes, in shares of the picture.
    title_box, tag_box, credit_box = (
        ((0.075, 0.165), (0.03, 0.019), (0.905, 0.042))
        if stage.title_above
        else ((0.725, 0.15), (0.035, 0.019), (0.905, 0.042))
    )
    foot = _ink(stage, 0.9, 0.99)
    head = _ink(stage, title_box[0], sum(title_box))
    face = FACES[int(stage.rng.integers(len(FACES)))]
    shown = title.upper() if stage.chance(0.8) else title
    phrases: tuple[str, ...] = ()
    read = _set_title(stage, shown, title_box, face, head)
    if read:
        place = "top" if stage.title_above else "bottom"
        phrases = (f'the title "{title[: len(read)]}" in {head.name} letters at the {place}',)
    top_ink = _ink(stage, tag_box[0], sum(tag_box))
    _set_small(stage, tagline.upper(), tag_box, 1, top_ink.letters, 0.8)
    credit = CREDITS[int(stage.rng.integers(len(CREDITS)))].upper()
    _set_small(stage, credit, credit_box, 3, foot.letters, 0.75)
    if _set_small(stage, bill.year, (0.96, 0.015), 1, foot.letters, 0.85):
        phrases += (f"the year {bill.year} in small print",)
    return phrases


def _ink(stage: Stage, top: float, bottom: float) -> Ink:
    """Choose light letters on dark ground, or dark letters on light ground, for a band."""
    p = stage.palette
    low = min(int(top * stage.height), stage.height - 1)
    band = stage.picture.crop((0, low, stage.width, max(low + 1, int(bottom * stage.height))))
    shades = np.asarray(band.resize((16, 4), Image.Resampling.BOX).convert("L"))
    restless = bool(shades.std() > RESTLESS)
    if shades.mean() > LIGHT:
        return Ink(p.ink, blend(p.glow, p.light, 0.4), "dark", restless)
    return Ink(blend(p.light, (255, 255, 255), 0.35), p.ink, "pale", restless)


def _set_title(
    stage: Stage, title: str, place: tuple[float, float], face: Typeface, ink: Ink
) -> str:
    """Set the title in its box; return what of it can be read at this size."""
    high = place[1] * stage.height
    setting = fit(title, 0.86 * stage.width, high, face, 4, 0.3 * stage.unit)
    if setting is None:
        return ""
    if ink.restless:
        edge = 0.03 * stage.unit
        band = box(-edge, place[0] * stage.height, stage.width + edge, sum(place) * stage.height)
        paint_soft(stage.picture, [band], ink.ground, 0.6, edge)
    mask = set_lines(setting, face)
    drop = round(0.24 * setting.size * face.stretch)
    x = (stage.width - mask.width) // 2
    y = round(place[0] * stage.height + (high - mask.height + drop) / 2)
    halo = max(1.0, 0.012 * stage.unit)
    margin = round(3 * halo)
    shadow = Image.new("L", (mask.width + 2 * margin, mask.height + 2 * margin))
    shadow.paste(mask, (margin, margin))
    shadow = shadow.filter(ImageFilter.BoxBlur(halo))
    stage.picture.paste(ink.ground, (x - margin, y - margin), shade(shadow, 0.8))
    stage.picture.paste(ink.letters, (x, y), mask)
    return " ".join(setting.lines)


def _set_small(
    stage: Stage, text: str, place: tuple[float, float], lines: int, color: Color, opacity: float
) -> bool:
    """Set small print in the middle of a band; False if it cannot be read at this size."""
    high = round(place[1] * stage.height)
    mask = small_print(drawable(text), round(0.8 * stage.width), high, lines)
    if mask is None:
        return False
    x = (stage.width - mask.width) // 2
    stage.picture.paste(color, (x, round(place[0] * stage.height)), shade(mask, opacity))
    return True
