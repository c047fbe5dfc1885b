"""Writes a raw folder in the true formats, with drawn pictures: the inverse of raw.py."""

import csv
import io
import json
import tarfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from PIL import Image

from pmg.domain import DrawSettings
from pmg.progress import progress_bar
from pog_dataset import raw
from pog_dataset.garments import CATEGORIES, COLOURS, PATTERNS, draw_garment
from pog_dataset.raw import Item, Outfit, UserLine


class Scale(NamedTuple):
    """Sizes of an invented folder."""

    items: int
    outfits: int
    users: int
    interactions: int  # clicks and choices
    picture_size: tuple[int, int]  # width, height in pixels
    drawn: int  # pictures that are drawn; others repeat them with another comment


SCALES = {
    "tiny": Scale(120, 60, 80, 800, (160, 160), 120),
    "small": Scale(2_000, 800, 600, 9_600, (300, 300), 500),
    "full": Scale(150_000, 40_000, 50_000, 800_000, (400, 400), 3_000),
}
OUTFIT_SIZES = (3, 4, 5, 6, 7, 8, 9)
SHARES_OF_SIZES = (0.65, 0.2, 0.08, 0.03, 0.02, 0.01, 0.01)  # 3.6 items on average, as in POG
SHARE_WITHOUT_PICTURE, SHARE_WITHOUT_CAPTION, SHARE_WITHOUT_TITLE = 0.03, 0.02, 0.01
TWO_LINES, NO_CHOICE = 0, 1  # what every tenth user has, by the last digit of their number
QUALITY = 92  # of JPEG, as web shops have it
EXTENSIONS = (".jpg", ".jpg", ".jpg", ".jpeg", ".JPG")
TITLES = (
    "【新款】{colour} {category}★韩版 宽松,显瘦",
    "{category} {colour}｜女 [夏季] 2018",
    "欧美风 {pattern} {category}，百搭",
    "{colour} {pattern} {category}",
)


class Look(NamedTuple):
    """What the picture of an item shows."""

    category: str
    colour: str
    pattern: str
    variant: int


def draw(folder: Path, settings: DrawSettings) -> None:
    """Write the raw files into `folder`."""
    scale = SCALES[settings.scale]
    random = np.random.default_rng(settings.seed)
    item_ids, outfit_ids, user_ids = (
        hexadecimal(random, count) for count in (scale.items, scale.outfits, scale.users)
    )
    looks = [look(random, number % scale.drawn) for number in range(scale.drawn)]
    write_items(folder / raw.ITEMS, item_ids, looks, random)
    outfits = invented_outfits(outfit_ids, item_ids, random)
    rows = ((outfit.outfit_id, ";".join(outfit.item_ids)) for outfit in outfits)
    write_csv(folder / raw.OUTFITS, raw.OUTFIT_SPELLING.columns, rows)
    lines = invented_lines(user_ids, item_ids, outfits, scale, random)
    rows3 = ((line.user_id, ";".join(line.clicks), ";".join(line.outfits)) for line in lines)
    write_csv(folder / raw.USERS, raw.USER_SPELLING.columns, rows3)
    captions = write_pictures(folder / raw.PICTURES, item_ids, looks, settings)
    kept = {key: text for key, text in captions.items() if random.random() > SHARE_WITHOUT_CAPTION}
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    (folder / raw.CAPTIONS).write_text(text, encoding="utf-8")


def hexadecimal(random: Generator, count: int) -> list[str]:
    """Ids of 32 hexadecimal digits, as in the source."""
    return [random.bytes(16).hex() for _ in range(count)]


def look(random: Generator, variant: int) -> Look:
    return Look(
        str(random.choice(CATEGORIES)),
        str(random.choice(list(COLOURS))),
        str(random.choice(PATTERNS)),
        variant,
    )


def write_items(
    path: Path, item_ids: Sequence[str], looks: Sequence[Look], random: Generator
) -> None:
    """Items with Chinese titles; the category's id is of its name."""
    cate_ids = dict(zip(CATEGORIES, hexadecimal(random, len(CATEGORIES)), strict=True))
    items = []
    for number, item_id in enumerate(item_ids):
        shown = looks[number % len(looks)]
        title = str(random.choice(TITLES)).format(**shown._asdict())
        if random.random() < SHARE_WITHOUT_TITLE:
            title = ""
        url = f"//img.example.com/{item_id[:8]}.jpg"
        items.append(Item(number + 2, item_id, cate_ids[shown.category], title, None, url))
    rows = ((item.item_id, item.cate_id, item.title, "", item.pic_url) for item in items)
    write_csv(path, (*raw.ITEM_SPELLING.columns, *raw.ITEM_SPELLING.optional), rows)


def invented_outfits(
    outfit_ids: Sequence[str], item_ids: Sequence[str], random: Generator
) -> list[Outfit]:
    sizes = random.choice(OUTFIT_SIZES, len(outfit_ids), p=SHARES_OF_SIZES)
    return [
        Outfit(line, outfit_id, tuple(distinct(random, item_ids, size)))
        for line, (outfit_id, size) in enumerate(zip(outfit_ids, sizes, strict=True), 2)
    ]


def distinct(random: Generator, item_ids: Sequence[str], size: int) -> list[str]:
    places = random.choice(len(item_ids), size, replace=False, shuffle=False)
    return [item_ids[place] for place in places.tolist()]


def invented_lines(
    user_ids: Sequence[str],
    item_ids: Sequence[str],
    outfits: Sequence[Outfit],
    scale: Scale,
    random: Generator,
) -> list[UserLine]:
    """A line per user; some have two, and as many have chosen no outfit."""
    clicks = scale.interactions - len(user_ids)
    share = random.lognormal(sigma=0.6, size=len(user_ids))
    counts = 1 + random.multinomial(clicks - len(user_ids), share / share.sum())
    popularity = 1 / (50 + random.permutation(len(item_ids)))
    clicked = random.choice(len(item_ids), clicks, p=popularity / popularity.sum())
    chosen = random.choice(len(outfits), len(user_ids))
    lines: list[UserLine] = []
    stops = np.cumsum(counts).tolist()
    for number, (user_id, stop) in enumerate(zip(user_ids, stops, strict=True)):
        own = [item_ids[place] for place in clicked[stop - int(counts[number]) : stop]]
        outfit = outfits[int(chosen[number])].outfit_id
        first, last = (own[: len(own) // 2], own[len(own) // 2 :])
        parts = {TWO_LINES: [(first, outfit), (last, outfits[number % len(outfits)].outfit_id)],
                 NO_CHOICE: [(own, "")]}.get(number % 10, [(own, outfit)])  # fmt: skip
        for part, choice in parts:
            outfit_ids = (choice,) if choice else ()
            lines.append(UserLine(len(lines) + 2, user_id, tuple(part), outfit_ids))
    return lines


def write_pictures(
    path: Path, item_ids: Sequence[str], looks: Sequence[Look], settings: DrawSettings
) -> dict[str, str]:
    """Write the archive in an order of its own; answers with captions by item id."""
    size = settings.picture_size or SCALES[settings.scale].picture_size
    random = np.random.default_rng(settings.seed)
    pictures: dict[int, tuple[bytes, str]] = {}
    captions = {}
    bar = progress_bar(len(item_ids), "draw", "pictures")
    with tarfile.open(path, "w:gz", compresslevel=1, format=tarfile.PAX_FORMAT) as archive, bar:
        for number in random.permutation(len(item_ids)).tolist():
            item_id, place = item_ids[number], number % len(looks)
            if place not in pictures:
                pictures[place] = drawn(looks[place], size, settings.seed)
            jpeg, captions[item_id] = pictures[place]
            bar.update()
            if random.random() < SHARE_WITHOUT_PICTURE:
                continue
            content = with_comment(jpeg, item_id)
            member = tarfile.TarInfo(f"images/{item_id}{EXTENSIONS[number % len(EXTENSIONS)]}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return dict(sorted(captions.items()))


def drawn(shown: Look, size: tuple[int, int], seed: int) -> tuple[bytes, str]:
    """A picture as JPEG, and its caption."""
    category, colour, pattern, variant = shown
    drawing = draw_garment(category, colour, pattern, *size, seed, variant)
    file = io.BytesIO()
    Image.fromarray(drawing.pixels).save(file, "JPEG", quality=QUALITY)
    return file.getvalue(), drawing.caption


def with_comment(jpeg: bytes, comment: str) -> bytes:
    """The same picture as bytes of its own: a comment follows the start of the file."""
    text = comment.encode()
    return jpeg[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2) + text + jpeg[2:]


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
