"""The channels of captions in which posters are described, for `caption`."""

import os
import pickle
from collections.abc import Mapping
from pathlib import Path

from movieposter import raw
from movieposter.check import Movies, keyed_style, known_posters, sound_posters, unique_movies
from movieposter.pickled import Captions, read_captions, read_posters
from movieposter.raw import Movie
from movieposter.rows import described, pictures_of
from pmg.captioning import STYLE, TARGET
from pmg.captioning.channels import Captioned, CaptionKey, Channel, Kept
from pmg.captions import Phrases
from pmg.columns import Shown
from pmg.options import Options
from pmg.problems import BadCall, FileReport, Problems
from pmg.raw.pictures import RawPictures
from pmg.raw.scratch import Scratch
from pmg.raw.tables import is_whole_number

PROMPTS = Path(__file__).with_name("prompts")
PROTOCOL = 4  # of pickles, as of the benchmark's own files


def pictures(folder: Path, _: Scratch, options: Options, problems: Problems) -> RawPictures:
    """Posters of the movies, in their order. Raises BadData as `read_movies`, `read_posters`."""
    report = FileReport(f"{folder.name}/{raw.POSTERS}", problems)
    movies = known_movies(folder, options, problems)
    posters = sound_posters(read_posters(folder / raw.POSTERS, problems), options, report)
    return pictures_of(movies, known_posters(posters, movies, report))


def known_movies(folder: Path, options: Options, problems: Problems) -> dict[int, Movie]:
    """Movies by id. Raises BadData as `raw.read_movies`."""
    movies = raw.read_movies(folder / raw.MOVIES, options.encoding, problems)
    return unique_movies(movies, FileReport(f"{folder.name}/{raw.MOVIES}", problems))


def read_style(folder: Path, options: Options, problems: Problems) -> Kept:
    """Style captions by movie.

    Raises:
        BadCall: they are, or may be, of users, who have no pictures that one could ask about.
        BadData: as `read_captions`.
    """
    kept = read_kept(folder / raw.STYLE_CAPTIONS, problems)
    if not kept.captions:
        return kept
    elsewhere = Problems()  # told by `check`
    files = raw.read_files(folder, options.encoding, elsewhere)
    movies = unique_movies(files.movies or [], FileReport("", elsewhere))
    by_movie, _ = keyed_style(files, movies, options, FileReport("", elsewhere))
    is_told = options.style_key == "movie" or kept.captions.keys() & files.captioned
    if not (by_movie or (files.ratings is None and is_told)):
        raise BadCall(
            f"{folder / raw.STYLE_CAPTIONS}: expected captions by movie, found keys that are, or "
            "may be, users. Say `--style-key movie` where they are movies, else move the file away."
        )
    return kept


def read_target(folder: Path, _: Options, problems: Problems) -> Kept:
    return read_kept(folder / raw.TARGET_CAPTIONS, problems)


def read_kept(path: Path, problems: Problems) -> Kept:
    """What a pickle holds; nothing where it is not there. Raises BadData as `read_captions`."""
    captions: Captions = read_captions(path, problems) if os.path.lexists(path) else {}
    return Kept(dict(captions.items()), {str(movie_id): (movie_id,) for movie_id in captions})


def write(path: Path, captions: Mapping[CaptionKey, Phrases], _: Options) -> None:
    values = {key: list(phrases) for key, phrases in captions.items()}
    path.write_bytes(pickle.dumps(values, PROTOCOL))


def described_by(movies: Movies, item_id: str) -> Shown:
    """An item by its id as the tables have it: 7 is one, 07 is none."""
    if is_whole_number(item_id) and str(int(item_id)) == item_id:
        return described(movies, item_id)
    return Shown(item_id, None)


CAPTIONED: Captioned[Movies] = Captioned(
    pictures,
    {
        STYLE: Channel(raw.STYLE_CAPTIONS, PROMPTS / "style.toml", read_style, int, write),
        TARGET: Channel(raw.TARGET_CAPTIONS, PROMPTS / "target.toml", read_target, int, write),
    },
    described_by,
)
