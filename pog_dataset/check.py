"""Do the raw files agree with each other?

`read` reports every disagreement, and answers with what is left without the faulty parts.
Errors are rows that would point nowhere; warnings are parts that go unused; notes are gaps.
"""

import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pmg.captions import Phrases, compare_owners, note_empty
from pmg.options import Options
from pmg.piles import Numbers, Shelf
from pmg.problems import IF_MEANT, FileReport, Problems, listed, quoted
from pmg.raw.archives import Spool
from pmg.raw.files import FETCH_AGAIN
from pmg.raw.scratch import Scratch
from pog_dataset import raw
from pog_dataset.raw import Item, Outfit, UserLine

PICTURE_NAMES = {".jpg", ".jpeg", ".png", ".webp", ".gif"}  # in any letter case
MOST_ITEMS = 100  # of an outfit; the source has 3 to 9, and a sample shows all their pictures
REMOVE_ONE = "Remove one of the lines"
ADD_ITEM = "Remove the id, or add the item to item_data.csv"


class Fashion(NamedTuple):
    """The checked raw data: every id that occurs is a key of `items` or `outfits`."""

    items: Shelf[Item]  # in file order
    outfits: dict[str, Outfit]  # in file order
    users: list[UserLine]  # in file order
    captions: Shelf[Phrases]  # by item id, and by keys that are none
    style_captions: Mapping[str, Phrases]  # the same; empty where the file is absent
    pictures: Numbers  # by item id, the number of the member in the spool
    spool: Spool


def read(folder: Path, scratch: Scratch, options: Options, problems: Problems) -> Fashion | None:
    """Read and check `folder` (RAW/pog_dataset); None where a file cannot be read at all."""
    files = raw.read_files(folder, scratch, options.encoding, problems)
    reports = {name: FileReport(f"{folder.name}/{name}", problems) for name in raw.FILES}
    for name, part in zip(raw.FILES, files[:3], strict=False):
        if part is not None and not part:
            reports[name].error("", "at least one record", "none", FETCH_AGAIN)
    captions = {name: each for name, each in files.captions.items() if each is not None}
    for name, each in captions.items():
        note_empty(each, reports[name])
    ids = ((item.item_id, item.line) for item in files.items or ())
    places = places_of(ids, reports[raw.ITEMS])
    if files.items is None or files.outfits is None or files.users is None:
        return None
    items = Shelf(files.items, places)
    outfits = known_outfits(files.outfits, items, reports[raw.OUTFITS])
    users = known_users(files.users, items, outfits, reports[raw.USERS])
    for name, each in captions.items():
        compare_owners(each, items.keys(), "items", reports[name])
    if None in files.captions.values() or files.pictures is None:
        return None
    pictures = matched(files.pictures, places, reports[raw.PICTURES])
    note_unshown(outfits, pictures.keys(), reports[raw.OUTFITS])
    seen = captions[raw.CAPTIONS]
    liked: Mapping[str, Phrases] = captions.get(raw.STYLE_CAPTIONS, {})
    return Fashion(items, outfits, users, seen, liked, pictures, files.pictures)


def places_of(ids: Iterable[tuple[str, int]], report: FileReport) -> dict[str, int]:
    """The place of each id among ids and their lines; of an id that occurs twice the first."""
    places: dict[str, int] = {}
    lines = array("q")
    for place, (own_id, line) in enumerate(ids):
        lines.append(line)
        if (first := places.setdefault(sys.intern(own_id), place)) != place:
            found = f"{own_id} as in line {lines[first]}"
            report.error(f"line {line}", "each id once", found, REMOVE_ONE)
    return places


def known_outfits(
    outfits: Sequence[Outfit], items: Mapping[str, Item], report: FileReport
) -> dict[str, Outfit]:
    """Outfits of known items, each item once."""
    sound = {}
    ids = ((outfit.outfit_id, outfit.line) for outfit in outfits)
    for outfit_id, number in places_of(ids, report).items():
        outfit = outfits[number]
        place = f"line {outfit.line}"
        report_unknown(outfit.item_ids, items, place, report)
        known = [item_id for item_id in outfit.item_ids if item_id in items]
        once = tuple(dict.fromkeys(known))
        if len(once) > MOST_ITEMS:
            found = f"{len(once):,}"
            report.error(place, f"at most {MOST_ITEMS} items", found, "Correct the line")
            continue
        if len(once) < len(known):
            expected, found = "each item once in an outfit", "one of them more than once"
            report.warning(place, expected, found, "Nothing: it is read once")
        if once:
            sound[outfit_id] = outfit._replace(item_ids=once)
        elif not outfit.item_ids:
            report.error(place, "at least one item", "none", "Complete the line, or remove it")
    return sound


def known_users(
    lines: Iterable[UserLine],
    items: Mapping[str, Item],
    outfits: dict[str, Outfit],
    report: FileReport,
) -> list[UserLine]:
    """Lines whose clicks and outfits are known; what is not goes from its line."""
    sound = []
    for line in lines:
        place = f"line {line.line}"
        report_unknown(line.clicks, items, place, report)
        if unknown := [each for each in line.outfits if each not in outfits]:
            remedy = "Remove the id, or add the outfit to outfit_data.csv"
            found = f"outfit {listed(unknown)}"
            report.error(place, "outfits of outfit_data.csv", found, remedy)
        clicks = tuple(each for each in line.clicks if each in items)
        chosen = tuple(each for each in line.outfits if each in outfits)
        whole = clicks == line.clicks and chosen == line.outfits
        sound.append(line if whole else line._replace(clicks=clicks, outfits=chosen))
    return sound


def report_unknown(
    item_ids: Iterable[str], items: Mapping[str, Item], place: str, report: FileReport
) -> None:
    if unknown := [item_id for item_id in item_ids if item_id not in items]:
        report.error(place, "items of item_data.csv", f"item {listed(unknown)}", ADD_ITEM)


def matched(spool: Spool, places: dict[str, int], report: FileReport) -> Numbers:
    """Members by the item that their file is named after, in the order of the items.

    The first of two for one item would depend on the order of the archive, so neither stays.
    """
    found = Numbers(places)
    twice: set[str] = set()
    for number, member in enumerate(spool.names()):
        place, item_id = f"member {quoted(member)}", named_item(member)
        if item_id is None:
            expected = f"pictures ({', '.join(sorted(PICTURE_NAMES))})"
            report.warning(place, expected, "another file", "Nothing: it goes unused")
        elif item_id not in places:
            remedy = "Nothing: it goes unpublished"
            report.warning(place, "pictures of known items", "an unknown id", remedy)
        elif item_id in found:
            twice.add(item_id)
        else:
            found.put(item_id, number)
    names: dict[str, list[str]] = {item_id: [] for item_id in sorted(twice)}
    for member in spool.names() if twice else ():
        names.get(named_item(member) or "", []).append(quoted(member))
    for item_id, members in names.items():
        remedy = "Remove all but one of them; until then none is published"
        found_of = " and ".join(sorted(members))
        report.error(f"item {item_id}", "one picture of each item", found_of, remedy)
        found.put(item_id, None)
    report.gaps("a picture of each of the items", places.keys() - found.keys())
    return found


def named_item(member: str) -> str | None:
    """The id that a picture in the archive is named after; None where it is no picture."""
    name = PurePosixPath(member)
    return name.stem if name.suffix.lower() in PICTURE_NAMES else None


def note_unshown(outfits: dict[str, Outfit], shown: AbstractSet[str], report: FileReport) -> None:
    """Note outfits of which no item has a picture: nobody's target can be drawn from them."""
    unshown = [each.outfit_id for each in outfits.values() if shown.isdisjoint(each.item_ids)]
    if unshown:
        found = f"{len(unshown):,} without: {listed(sorted(unshown))}"
        report.note("", "an item with a picture in each outfit", found, IF_MEANT)
