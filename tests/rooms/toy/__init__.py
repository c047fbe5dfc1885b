"""A domain as small as one can be, to see what it takes to join."""

from pathlib import Path

from pmg.domain import Domain
from toy import check, draw, raw, rows

DOMAIN = Domain(
    name="toy",
    about="Colours for owners of colours",
    readme=Path(__file__).with_name("README.md"),
    files=(raw.SWATCHES,),
    read=check.read,
    pictures=rows.raw_pictures,
    tables=rows.TABLES,
    events=rows.EVENTS,
    dropped=rows.dropped,
    draw=draw.draw,
)
