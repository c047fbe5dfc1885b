"""Stickers: SER30K with emotions and captions; a group of stickers is a pseudo-user."""

from pathlib import Path

from pmg.domain import Domain
from ser30k import channels, check, draw, raw, rows

DOMAIN = Domain(
    name=rows.NAME,
    about="Stickers for pseudo-users, each of whom uses the stickers of one group",
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
