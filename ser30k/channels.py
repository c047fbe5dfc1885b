"""The channels of captions in which stickers are described, for `caption`."""

from pathlib import Path

from pmg.captioning import STYLE, TARGET
from pmg.captioning.channels import Captioned, CaptionKey, Channel, Kept
from pmg.captioning.json_captions import read_kept, write_captions
from pmg.options import Options
from pmg.problems import BadData, Problems
from pmg.raw.pictures import PictureFiles, RawPictures
from pmg.raw.scratch import Scratch
from ser30k import raw
from ser30k.captions import meant_by, named_alike
from ser30k.check import Stickers, read_images
from ser30k.raw import StickerFiles
from ser30k.rows import described

PROMPTS = Path(__file__).with_name("prompts")


def pictures(folder: Path, _: Scratch, _options: Options, problems: Problems) -> RawPictures:
    """Stickers in natural order. Raises BadData where there is no folder of them."""
    images = readable_images(folder, problems)
    sizes = {each.item_id: each.size for each in images.stickers if each.item_id in images.sound}
    files = PictureFiles(folder / raw.IMAGES, f"{folder.name}/{raw.IMAGES}")
    return RawPictures({item_id: item_id for item_id in sizes}, sizes.__getitem__, files.read)


def readable_images(folder: Path, problems: Problems) -> StickerFiles:
    images = read_images(folder / raw.IMAGES, found := Problems())
    problems.merge(found)
    if images is None:
        raise BadData(next(iter(found)))
    return images


def channel(name: str, file: str) -> Channel:
    def read(folder: Path, options: Options, problems: Problems) -> Kept:
        """The file's captions, where a sticker may go by its path or, if one has it, its name."""
        kept = read_kept(folder / file, options, problems)
        stickers = {each.item_id: each for each in readable_images(folder, Problems()).stickers}
        alike, keys = named_alike(stickers), dict[str, list[CaptionKey]]()
        for key in kept.keys:
            if len(meant := meant_by(key, stickers, alike)) == 1:
                keys.setdefault(meant[0], []).append(key)
        return kept._replace(keys=keys)

    return Channel(file, PROMPTS / f"{name}.toml", read, str, write_captions)


CAPTIONED: Captioned[Stickers] = Captioned(
    pictures,
    {STYLE: channel(STYLE, raw.STYLE_CAPTIONS), TARGET: channel(TARGET, raw.CAPTIONS)},
    described,
)
