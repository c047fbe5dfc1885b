"""Do the raw files agree with each other and with the published counts?

`read` reports every disagreement, and answers with what is left without the faulty parts.
Errors are rows that would point nowhere; warnings are parts that go unused; notes are gaps.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from movieposter import raw
from movieposter.pickled import Captions, Posters
from movieposter.raw import Link, Movie, Ratings, RawFiles, ValidationLine
from pmg.captions import known_captions, note_empty
from pmg.histories import LATEST_TIME
from pmg.images import why_not_pixels
from pmg.options import LONGEST_HISTORY, Options
from pmg.problems import CORRECT_ENTRY, IF_MEANT, FileReport, Problems, listed
from pmg.raw.files import FETCH_AGAIN
from pmg.raw.scratch import Scratch

PUBLISHED = (9_742, 100_836, 610)  # movies, ratings, users: ml-latest-small, September 2018
EDITION_2016 = (9_125, 100_004, 671)  # an older one under the same name
LOWEST_STARS, HIGHEST_STARS = 0.5, 5.0

REMOVE = "Remove the line, or add the movie to info.csv"


class Movies(NamedTuple):
    """The checked raw data: every movie id that occurs is a key of `movies`."""

    movies: dict[int, Movie]  # in file order
    ratings: Ratings  # in file order
    style_by_movie: Captions  # empty where the file is keyed by user
    style_by_user: Captions  # empty where the file is keyed by movie
    target_captions: Captions
    posters: Posters
    validation: list[ValidationLine]
    links: dict[int, Link]


def read(folder: Path, _scratch: Scratch, options: Options, problems: Problems) -> Movies | None:
    """Read and check `folder` (RAW/movieposter); None where a file cannot be read at all.

    Files that can be read are checked all the same, each against those it can be compared with.
    """
    files = raw.read_files(folder, options.encoding, problems)
    reports = {name: FileReport(f"{folder.name}/{name}", problems) for name in raw.FILES}
    for name, part in ((raw.MOVIES, files.movies), (raw.RATINGS, files.ratings)):
        if part is not None and not len(part):
            reports[name].error("", "at least one record", "none", FETCH_AGAIN)
    if files.posters is not None and not files.posters.ids():
        reports[raw.POSTERS].error("", "at least one poster", "none", FETCH_AGAIN)
    movies = unique_movies(files.movies or [], reports[raw.MOVIES])
    ratings = files.ratings if files.ratings is not None else np.empty(0, raw.RATING)
    ratings = sound_ratings(ratings, reports[raw.RATINGS])
    posters = files.posters and sound_posters(files.posters, options, reports[raw.POSTERS])
    for name, captions in (
        (raw.STYLE_CAPTIONS, files.style_captions),
        (raw.TARGET_CAPTIONS, files.target_captions),
    ):
        note_empty(captions or {}, reports[name])
    if files.movies is None:
        return None
    ratings = known_ratings(ratings, movies, reports[raw.RATINGS])
    if files.ratings is not None:
        compare_counts(movies, files.ratings, reports[raw.RATINGS])
        unrated = movies.keys() - set(ratings["movie_id"].tolist())
        reports[raw.MOVIES].gaps("a rating of every movie", unrated)
    by_movie, by_user = keyed_style(files, movies, options, reports[raw.STYLE_CAPTIONS])
    target = known_captions(
        files.target_captions, movies.keys(), "movies", reports[raw.TARGET_CAPTIONS]
    )
    posters = posters and known_posters(posters, movies, reports[raw.POSTERS])
    lines = sound_lines(files.validation or [], movies, posters, reports[raw.VALIDATION])
    links = known_links(files.links or [], movies, reports[raw.LINKS])
    if posters is None or any(part is None for part in files):
        return None
    return Movies(movies, ratings, by_movie, by_user, target, posters, lines, links)


def unique_movies(movies: Iterable[Movie], report: FileReport) -> dict[int, Movie]:
    """Movies by id; of an id that occurs twice the first stays."""
    unique: dict[int, Movie] = {}
    for movie in movies:
        if (first := unique.setdefault(movie.movie_id, movie)) is not movie:
            found = f"{movie.movie_id} as in line {first.line}"
            report.error(f"line {movie.line}", "each id once", found, "Remove one of the lines")
        if movie.title is None:
            report.warning(
                f"line {movie.line}", "a title", "none", "Complete the line; until then it is null"
            )
    return unique


def sound_ratings(ratings: Ratings, report: FileReport) -> Ratings:
    """Ratings in half steps, one per user and movie; of two the first stays."""
    stars = ratings["stars"]
    sound = (stars >= LOWEST_STARS) & (stars <= HIGHEST_STARS) & (stars * 2 % 1 == 0)
    for rating in ratings[~sound]:
        expected = f"a rating from {LOWEST_STARS} to {HIGHEST_STARS} in half steps"
        place = f"line {rating['line']}, column rating"
        report.error(place, expected, f"{rating['stars']:g}", "Correct the value")
    ratings = ratings[sound]
    for rating in ratings[ratings["timestamp"] > LATEST_TIME]:
        expected, found = "a time in Unix seconds, before the year 2100", str(rating["timestamp"])
        remedy = "Divide by 1,000 if these are milliseconds"
        report.warning(f"line {rating['line']}, column timestamp", expected, found, remedy)
    first = first_of_pair(ratings)
    repeated = first != np.arange(len(ratings))
    unique: Ratings = ratings[~repeated]
    for rating, line in zip(ratings[repeated], ratings["line"][first][repeated], strict=True):
        found = f"user {rating['user_id']} and movie {rating['movie_id']} as in line {line}"
        remedy = "Remove one of the lines"
        report.error(f"line {rating['line']}", "one rating per user and movie", found, remedy)
    return unique


def first_of_pair(ratings: Ratings) -> npt.NDArray[np.intp]:
    """Of each rating, the index of the first with the same user and movie, (N,)."""
    _, movies = np.unique(ratings["movie_id"], return_inverse=True)
    _, users = np.unique(ratings["user_id"], return_inverse=True)
    pairs = users.astype(np.int64) * (int(movies.max(initial=0)) + 1) + movies
    _, first, pair = np.unique(pairs, return_index=True, return_inverse=True)
    first_of_each: npt.NDArray[np.intp] = first[pair]
    return first_of_each


def known_ratings(ratings: Ratings, movies: dict[int, Movie], report: FileReport) -> Ratings:
    known = np.isin(ratings["movie_id"], np.fromiter(movies, np.int64))
    for rating in ratings[~known]:
        found = f"movie {rating['movie_id']}"
        report.error(f"line {rating['line']}", "a movie of info.csv", found, REMOVE)
    return ratings[known]


def compare_counts(movies: dict[int, Movie], ratings: Ratings, report: FileReport) -> None:
    counts = (len(movies), len(ratings), len(np.unique(ratings["user_id"])))
    found = "{:,} movies, {:,} ratings, {:,} users".format(*counts)
    published = "{:,} movies, {:,} ratings, {:,} users".format(*PUBLISHED)
    if counts == EDITION_2016:
        remedy = "Take ml-latest-small of September 2018, or publish it as another data set"
        found = f"those of the 2016 edition: {found}"
        report.warning("", f"the edition of 2018 with {published}", found, remedy)
    elif counts != PUBLISHED:
        report.note("", f"the published counts, {published}", found, IF_MEANT)


def keyed_style(
    files: RawFiles, movies: dict[int, Movie], options: Options, report: FileReport
) -> tuple[Captions, Captions]:
    """Style captions by movie and by user, one of them empty."""
    style, ratings = files.style_captions, files.ratings
    if style is None or ratings is None:
        return {}, {}
    users = set(ratings["user_id"].tolist())
    # A movie whose line is broken is a movie all the same, and its id no sign of a user.
    ever_named = movies.keys() | set(ratings["movie_id"].tolist())
    only_movies = style.keys() & (ever_named - users | files.captioned)
    only_users = style.keys() & users - ever_named
    match style_key(only_movies, only_users, options, report) if style else "movie":
        case "movie":
            return known_captions(style, movies.keys(), "movies", report), {}
        case "user":
            return {}, known_captions(style, users, "users", report)
    return {}, {}


def style_key(
    only_movies: set[int], only_users: set[int], options: Options, report: FileReport
) -> str | None:
    """`movie` or `user`, as the option says; else as keys show that only the one or other has."""
    told, shown = options.style_key, None
    if bool(only_movies) != bool(only_users):
        shown = "movie" if only_movies else "user"
    if told and shown and told != shown:
        expected = f"keys that {told}s have, as --style-key says"
        found = f"keys that only {shown}s have ({listed(sorted(only_movies or only_users))})"
        report.warning("", expected, found, f"Leave --style-key {told} out, or replace the file")
    elif not (told or shown):
        found = "no key that only movies or only users have"
        if only_movies:
            found = f"keys that only movies have ({listed(sorted(only_movies))})"
            found += f" and keys that only users have ({listed(sorted(only_users))})"
        remedy = "Say which with --style-key movie or --style-key user"
        report.error("", "keys that tell whether they are movies or users", found, remedy)
    return told or shown


def sound_posters(posters: Posters, options: Options, report: FileReport) -> Posters:
    """Posters that can be published: RGB pixels of a size the format holds."""
    sound = set()
    for movie_id in posters.ids():
        header = posters.header(movie_id)
        fault = (
            why_not_pixels(header.shape, header.dtype, options)
            if header
            else ("an array of pixels", posters.described(movie_id), CORRECT_ENTRY)
        )
        if fault is None:
            sound.add(movie_id)
        else:
            report.error(f"key {movie_id}", *fault)
    return posters.only(sound)


def known_posters(posters: Posters, movies: dict[int, Movie], report: FileReport) -> Posters:
    ids = set(posters.ids())
    for movie_id in sorted(ids - movies.keys()):
        remedy = "Nothing: it goes unpublished"
        report.warning(f"key {movie_id}", "posters of known movies", "an unknown id", remedy)
    report.gaps("a poster of each of the movies", movies.keys() - ids)
    return posters.only(ids & movies.keys())


def named(movie_ids: Sequence[int]) -> str:
    """`movie 1`, or `movies 1, 2`."""
    return f"movie{'s' if len(movie_ids) > 1 else ''} {listed(movie_ids)}"


def sound_lines(
    lines: Iterable[ValidationLine],
    movies: dict[int, Movie],
    posters: Posters | None,
    report: FileReport,
) -> list[ValidationLine]:
    """Lines of known movies with posters, the target outside its history."""
    shown = movies.keys() if posters is None else set(posters.ids())
    sound = []
    for line in lines:
        place, ids = f"line {line.line}", (*line.history, line.target)
        twice = [movie_id for movie_id, count in Counter(line.history).items() if count > 1]
        if len(line.history) > LONGEST_HISTORY:
            found = f"{len(line.history):,}"
            report.error(place, f"at most {LONGEST_HISTORY:,} movies", found, "Correct the line")
        elif unknown := [movie_id for movie_id in ids if movie_id not in movies]:
            report.error(place, "movies of info.csv", named(unknown), REMOVE)
        elif line.target in line.history:
            found = f"movie {line.target} in both"
            report.error(place, "a target outside its history", found, "Correct the line")
        elif twice:
            found = f"{named(sorted(twice))} more than once"
            report.error(place, "a history that holds each movie once", found, "Correct the line")
        elif unseen := [movie_id for movie_id in ids if movie_id not in shown]:
            found = f"{named(unseen)} without"
            remedy = "Add the posters; until then the line is left out"
            report.warning(place, "movies with posters", found, remedy)
        else:
            sound.append(line)
    return sound


def known_links(
    links: Iterable[Link], movies: dict[int, Movie], report: FileReport
) -> dict[int, Link]:
    known: dict[int, Link] = {}
    for link in links:
        if link.movie_id not in movies:
            found, remedy = f"movie {link.movie_id}", "Nothing: it goes unused"
            report.warning(f"line {link.line}", "a movie of info.csv", found, remedy)
        elif (first := known.setdefault(link.movie_id, link)) is not link:
            found = f"movie {link.movie_id} as in line {first.line}"
            report.error(f"line {link.line}", "each movie once", found, "Remove one of the lines")
    return known
