"""Each colour once."""

from pathlib import Path
from typing import NamedTuple

from pmg.options import Options
from pmg.problems import BadData, FileReport, Problems
from pmg.raw.scratch import Scratch
from toy import raw
from toy.raw import Swatch


class Swatches(NamedTuple):
    items: dict[str, Swatch]


def read(folder: Path, _scratch: Scratch, options: Options, problems: Problems) -> Swatches | None:
    report = FileReport(f"{folder.name}/{raw.SWATCHES}", problems)
    items: dict[str, Swatch] = {}
    try:
        for swatch in raw.read_swatches(folder / raw.SWATCHES, options.encoding, problems):
            if items.setdefault(swatch.item_id, swatch) is not swatch:
                report.error(f"line {swatch.line}", "each id once", "it twice", "Remove one")
    except BadData as fault:
        problems.add(fault.problem)
        return None
    return Swatches(items)
