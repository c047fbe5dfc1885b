"""Files that disagree with each other, with themselves, or with the published counts."""

from itertools import islice, product
from pathlib import Path

from tests.faults import Fault
from tests.movieposter.raw_folder import (
    INFO,
    RATINGS,
    REMOVED,
    edit,
    poster,
    repickle,
    replace,
    write_pickle,
)

FIRST_MOVIE = "1,Silent"
LAST_RATING = "4,318,4.0,986848784\n"
LAST_LINK = "193609,0101726,37891\n"


def nothing(_: Path) -> None:
    pass


def rating_of_unknown_movie(raw: Path) -> None:
    edit(raw, "ratings.csv", LAST_RATING, f"4,12,4.0,986935047\n{LAST_RATING}4,13,3.5,986935047\n")


def movies_without_rating(raw: Path) -> None:
    lines = "".join(f"{movie},Sea {movie},Drama\n" for movie in range(1001, 1008))
    edit(raw, "info.csv", FIRST_MOVIE, lines + FIRST_MOVIE)


def posters_of_unknown_movies(raw: Path) -> None:
    repickle(raw, "image_data.pkl", {12: poster(12), 5: poster(5)})


def movies_without_poster(raw: Path) -> None:
    repickle(raw, "image_data.pkl", {2: REMOVED, 193609: REMOVED})
    edit(raw, "my_valid_data.txt", "1;2;3,11", "1;3,11")


def captions_of_unknown_movies(raw: Path) -> None:
    repickle(raw, "style_captions.pkl", {12: "dim"})
    repickle(raw, "target_captions.pkl", {12: "a door", 5: "a lamp"})


def movies_without_caption(raw: Path) -> None:
    repickle(raw, "style_captions.pkl", {2: REMOVED})
    repickle(raw, "target_captions.pkl", {2: REMOVED, 318: REMOVED})


def links_of_unknown_movies(raw: Path) -> None:
    edit(raw, "links.csv", LAST_LINK, f"{LAST_LINK}12,0112896,12110\n")


def movies_twice(raw: Path) -> None:
    edit(raw, "info.csv", "318,Signal", "2,Garden,Comedy\n318,Signal")


def links_twice(raw: Path) -> None:
    edit(raw, "links.csv", LAST_LINK, f"{LAST_LINK}1,0114709,862\n")


def ratings_twice(raw: Path) -> None:
    edit(raw, "ratings.csv", LAST_RATING, f"{LAST_RATING}1,29,3.0,964982931\n1,29,5.0,964982224\n")


def keys_set_twice(raw: Path) -> None:
    """As an export leaves them that appends: later entries of the pickle repeat keys 1 and 2."""
    order = [1, 2, 3, 11, 29, 1, 2]
    entries = b"".join(b"K%cX\x03\x00\x00\x00%03d" % (movie, movie) for movie in order)
    replace(raw, "target_captions.pkl", b"}(" + entries + b"u.")


def keys_that_mean_one_movie(raw: Path) -> None:
    repickle(raw, "target_captions.pkl", {"3": "in text", "003": "with zeros"})
    repickle(raw, "image_data.pkl", {"11": poster(12)})


def keys_that_are_no_ids(raw: Path) -> None:
    repickle(raw, "target_captions.pkl", {"tt0114709": "by another id", -1: "by a row"})


def edition(raw: Path, movies: int, ratings: int, users: int) -> None:
    """Add movies, users and ratings up to these counts, no user and movie twice."""
    more = range(200_001, 200_001 + movies - 8)
    lines = "".join(f"{movie},Sea {movie},Drama\n" for movie in more)
    replace(raw, "info.csv", (INFO + lines).encode())
    pairs = islice(product(more, range(5, users + 1)), 0, None, 53)
    rated = "".join(
        f"{user},{movie},4.0,964982703\n" for movie, user in islice(pairs, ratings - 14)
    )
    replace(raw, "ratings.csv", (RATINGS + rated).encode())


def edition_of_2016(raw: Path) -> None:
    edition(raw, 9_125, 100_004, 671)


def edition_of_2018(raw: Path) -> None:
    edition(raw, 9_742, 100_836, 610)


def style_captions(raw: Path, *keys: int) -> None:
    replace(raw, "style_captions.pkl", None)
    path = raw / "movieposter" / "style_captions.pkl"
    write_pickle(path, {key: f"what {key} likes" for key in keys})


def style_by_user(raw: Path) -> None:
    style_captions(raw, 1, 2, 3, 4)


def style_by_either(raw: Path) -> None:
    style_captions(raw, 1, 2, 3)


def style_by_both(raw: Path) -> None:
    style_captions(raw, 1, 4, 11, 29)


FAULTS = (
    Fault("nothing_wrong", 0, nothing),
    Fault("rating_of_unknown_movie", 1, rating_of_unknown_movie),
    Fault("movies_without_rating", 0, movies_without_rating),
    Fault("posters_of_unknown_movies", 0, posters_of_unknown_movies),
    Fault("movies_without_poster", 0, movies_without_poster),
    Fault("captions_of_unknown_movies", 0, captions_of_unknown_movies),
    Fault("movies_without_caption", 0, movies_without_caption),
    Fault("links_of_unknown_movies", 0, links_of_unknown_movies),
    Fault("movies_twice", 1, movies_twice),
    Fault("links_twice", 1, links_twice),
    Fault("ratings_twice", 1, ratings_twice),
    Fault("keys_set_twice", 1, keys_set_twice),
    Fault("keys_that_mean_one_movie", 1, keys_that_mean_one_movie),
    Fault("keys_that_are_no_ids", 1, keys_that_are_no_ids),
    Fault("edition_of_2016", 0, edition_of_2016),
    Fault("edition_of_2018", 0, edition_of_2018),
    Fault("style_by_movie_against_the_option", 0, nothing, ("--style-key", "user")),
    Fault("style_by_user", 0, style_by_user),
    Fault("style_by_user_against_the_option", 0, style_by_user, ("--style-key", "movie")),
    Fault("style_by_either", 1, style_by_either),
    Fault("style_by_either_told_movie", 0, style_by_either, ("--style-key", "movie")),
    Fault("style_by_either_told_user", 0, style_by_either, ("--style-key", "user")),
    Fault("style_by_both", 1, style_by_both),
    Fault("style_by_both_told_user", 0, style_by_both, ("--style-key", "user")),
)
