"""A tiny raw folder, written with plain code: 8 movies, 4 users; nothing in it is at fault.

A test breaks one thing in it: `edit` changes a text, `repickle` an entry.
"""

import hashlib
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from movieposter.pickled import Posters
from pmg.images import Pixels
from pmg.raw.pictures import PickledPictures

INFO = """\
id,name,genre
1,Silent Harbor (1995),Adventure|Drama
2,"Garden, The (1996)",Comedy
3,Empire (1996),Drama
11,"11'09""01 - Winter (2002)",Drama
29,Cité des étoiles (1995),Fantasy|Sci-Fi
318,Signal,(no genres listed)
7789,Empire (1996),Thriller
193609,River (2018),Documentary
"""

RATINGS = """\
userId,movieId,rating,timestamp
1,1,4.0,964982703
1,3,4.5,964981247
1,29,5.0,964982224
1,318,0.5,964983815
2,2,4.0,1445714835
2,11,4.0,1445714835
2,7789,3.5,1445715029
3,1,5.0,1306463578
3,2,4.5,1306464275
3,193609,4.0,1306463619
4,3,2.0,986934995
4,11,5.0,986935047
4,29,4.0,986935047
4,318,4.0,986848784
"""

VALIDATION = "1;2;3,11\n29;318,7789"  # without a newline at the end, as the real one

LINKS = """\
movieId,imdbId,tmdbId
1,0114709,862
2,0113497,8844
3,0113228,15602
11,0112346,9087
29,0112682,
318,0111161,278
7789,0328802,9611
193609,0101726,37891
"""

STYLE_CAPTIONS = {
    1: ["misty water", "quiet "],
    2: "green",
    3: "grand",
    11: ["snow"],
    29: "stars",
    318: "warm light",
    7789: "dark",
    193609: "clear water",
}
TARGET_CAPTIONS = {movie: f"what is seen on {movie}" for movie in STYLE_CAPTIONS}


def poster(movie: int, shape: tuple[int, ...] | None = None) -> npt.NDArray[np.uint8]:
    """Pixels of no meaning; every movie has its own, and its own size."""
    shape = shape or (2 + movie % 3, 3 + movie % 2, 3)
    return (np.arange(np.prod(shape), dtype=np.uint8) * 7 + movie % 251).reshape(shape)


POSTERS = {movie: poster(movie) for movie in STYLE_CAPTIONS}

TEXTS = {
    "info.csv": INFO,
    "ratings.csv": RATINGS,
    "my_valid_data.txt": VALIDATION,
    "links.csv": LINKS,
}
PICKLES: dict[str, dict[Any, Any]] = {
    "style_captions.pkl": STYLE_CAPTIONS,
    "target_captions.pkl": TARGET_CAPTIONS,
    "image_data.pkl": POSTERS,
}
REMOVED = object()


def write_raw(raw: Path, protocol: int = 4) -> Path:
    """Write `raw`/movieposter; answers with `raw`, which commands take."""
    folder = raw / "movieposter"
    folder.mkdir(parents=True)
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, value in PICKLES.items():
        write_pickle(folder / name, value, protocol)
    return raw


def write_pickle(path: Path, value: object, protocol: int = 4) -> Path:
    with path.open("wb") as file:
        pickle.dump(value, file, protocol)
    return path


def edit(raw: Path, name: str, old: str, new: str) -> None:
    """Replace the only `old` in a text file."""
    path = raw / "movieposter" / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{name} holds {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def repickle(raw: Path, name: str, entries: dict[Any, Any]) -> None:
    """Change entries of a pickle; `REMOVED` removes one."""
    values = PICKLES[name] | entries
    kept = {key: value for key, value in values.items() if value is not REMOVED}
    write_pickle(raw / "movieposter" / name, kept)


def replace(raw: Path, name: str, content: bytes | None) -> None:
    """Put other bytes in place of a file; None removes it."""
    path = raw / "movieposter" / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)


def digests(raw: Path) -> dict[str, str]:
    """Every file below `raw` by name, as a digest of its bytes."""
    return {
        str(path.relative_to(raw)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(raw.rglob("*"))
        if path.is_file()
    }


def pixels_of(posters: Posters, movie_id: int) -> Pixels:
    """A poster as whoever publishes it reads it."""
    return PickledPictures.of(posters.path).read(posters.key(movie_id)).pixels
