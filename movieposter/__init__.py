"""Movie posters: MovieLens ratings, a poster and two captions per movie."""

from pathlib import Path

from movieposter import channels, check, draw, raw, rows
from pmg.domain import Domain

DOMAIN = Domain(
    name=rows.NAME,
    about="Movie posters for users of MovieLens, after the movies they rated best",
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
