"""Twenty colours of four owners."""

from pathlib import Path

from pmg.domain import DrawSettings
from toy import raw


def draw(folder: Path, settings: DrawSettings) -> None:
    lines = [",".join(raw.COLUMNS)]
    for number in range(20):
        owner, red = number % 4, (number * 12 + settings.seed) % 256
        lines.append(f"colour-{number},{owner},{red},90,30")
    (folder / raw.SWATCHES).write_text("\n".join(lines) + "\n", encoding="utf-8")
