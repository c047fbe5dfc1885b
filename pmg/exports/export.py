"""Export: a config of a built folder into another program's format."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from pmg.exports import FORMATS, imagefolder, messages, recbole
from pmg.exports.exported import Exported
from pmg.reading.sources import Source, opened
from pmg.whole_files import whole_folder

Writer: TypeAlias = Callable[[Source, str, Path], Exported]
WRITERS: dict[str, Writer] = dict(
    zip(FORMATS, (messages.write, imagefolder.write, recbole.write), strict=True)
)


def export(out: Path, config: str, folder: Path, form: str) -> Exported:
    """Write a config of `out` into a new folder, in one of the formats; it appears whole or not.

    Raises:
        BadCall: there is such a folder, or no such config, or one that the format has no use for.
        BadData: `out` was not built, or is damaged.
        TooManyProblems: samples name items that are unknown, or that have no picture.
    """
    source = opened(out)
    name, _ = source.config(config)
    with whole_folder(folder) as incomplete:
        return WRITERS[form](source, name, incomplete)
