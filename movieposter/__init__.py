"""Movie posters: MovieLens ratings, a poster and two captions per movie."""

from movieposter import check, draw, raw, rows
from pmg.domain import Domain

DOMAIN = Domain(
    name=rows.NAME,
    about="Movie posters for users of MovieLens, after the movies they rated best",
    files=raw.FILES,
    read=check.read,
    pictures=rows.raw_pictures,
    tables=rows.TABLES,
    dropped=rows.dropped,
    draw=draw.draw,
)
