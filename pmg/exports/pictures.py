"""Pictures of an export: files byte for byte as they were published, each written once."""

import io
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from pmg.columns import LONGEST_ID
from pmg.digests import digest_of
from pmg.progress import progress_bar
from pmg.reading.fetching import fetched
from pmg.reading.shelves import Shelf
from pmg.whole_files import give_name

ENDINGS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "GIF": ".gif", "BMP": ".bmp"}
FOLDER = "images"  # beside the metadata of a split, which name only what lies below them


def write_pictures(shelf: Shelf, places: Mapping[str, list[int]], folder: Path) -> dict[int, str]:
    """Write the pictures at these places, by split, below the folders of these splits.

    Answers with the name of each below a split's folder, by place. Splits that share a picture
    link to one file, where the disk can do that.

    Raises:
        BadData: a picture cannot be read.
    """
    splits: dict[int, list[str]] = {}
    for split, own in places.items():
        (folder / split / FOLDER).mkdir(parents=True)
        for place in own:
            splits.setdefault(place, []).append(split)
    names: dict[int, str] = {}
    taken: set[str] = set()
    for _ in fetched(shelf.lacking(splits)):
        pass
    with progress_bar(len(splits), "export", "pictures") as bar:
        for place in sorted(splits):
            if (data := shelf.picture(place)) is not None:
                item_id = str(shelf.row(place, ["item_id"])["item_id"])
                names[place] = f"{FOLDER}/{file_name(item_id, ending_of(data), taken)}"
                first, *others = (folder / split / names[place] for split in splits[place])
                first.write_bytes(data)
                for other in others:
                    give_name(first, other)
            bar.update()
    return names


def file_name(item_id: str, ending: str, taken: set[str]) -> str:
    """A name made of an item's id that is safe in any folder, and none of those taken."""
    name = quote(item_id, safe="", errors="surrogatepass").removesuffix(ending) + ending
    if name.startswith(".") or len(name) > LONGEST_ID or name.casefold() in taken:
        name = f"sha256-{digest_of(item_id)}{ending}"
    taken.add(name.casefold())
    return name


def ending_of(data: bytes) -> str:
    """What names of files of the picture's format end with, as ".webp"."""
    with Image.open(io.BytesIO(data)) as picture:
        return ENDINGS[str(picture.format)]
