"""Fashion: clicks on items and chosen outfits of Alibaba's POG, with pictures and captions."""

from pathlib import Path

from pmg.domain import Domain
from pog_dataset import channels, check, draw, raw, rows

DOMAIN = Domain(
    name=rows.NAME,
    about="Fashion for users of Alibaba's iFashion, after the items they clicked last",
    readme=Path(__file__).with_name("README.md"),
    files=raw.FILES,
    read=check.read,
    pictures=rows.raw_pictures,
    tables=rows.TABLES,
    events=rows.EVENTS,
    dropped=rows.dropped,
    draw=draw.draw,
    captioned=channels.CAPTIONED,
)
