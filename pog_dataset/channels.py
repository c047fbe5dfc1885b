"""The channels of captions in which items of fashion are described, for `caption`."""

from pathlib import Path

from pmg.captioning import STYLE, TARGET
from pmg.captioning.channels import Captioned, Channel, Kept
from pmg.captioning.json_captions import read_kept, write_captions
from pmg.options import Options
from pmg.problems import FileReport, Problems
from pmg.raw.archives import spool
from pmg.raw.pictures import RawPictures
from pmg.raw.scratch import Scratch
from pog_dataset import raw
from pog_dataset.check import Fashion, matched, places_of
from pog_dataset.rows import described

PROMPTS = Path(__file__).with_name("prompts")


def pictures(folder: Path, scratch: Scratch, options: Options, problems: Problems) -> RawPictures:
    """Pictures of the items, in their order. Raises BadData as `read_items` and `spool`."""
    reports = {name: FileReport(f"{folder.name}/{name}", problems) for name in raw.FILES}
    items = raw.read_items(folder / raw.ITEMS, options.encoding, problems)
    places = places_of(((item.item_id, item.line) for item in items), reports[raw.ITEMS])
    unpacked = spool(folder / raw.PICTURES, "the pictures", scratch, problems)
    members = matched(unpacked, places, reports[raw.PICTURES])
    return RawPictures(members, unpacked.length, unpacked.read)


def channel(name: str, file: str) -> Channel:
    def read(folder: Path, options: Options, problems: Problems) -> Kept:
        return read_kept(folder / file, options, problems)

    return Channel(file, PROMPTS / f"{name}.toml", read, str, write_captions)


CAPTIONED: Captioned[Fashion] = Captioned(
    pictures,
    {STYLE: channel(STYLE, raw.STYLE_CAPTIONS), TARGET: channel(TARGET, raw.CAPTIONS)},
    described,
)
