"""Single values that are wrong: ratings, posters, captions, validation lines, titles."""

from pathlib import Path

import numpy as np

from tests.faults import Fault
from tests.movieposter.raw_folder import REMOVED, VALIDATION, edit, poster, repickle, replace


def ratings_out_of_range(raw: Path) -> None:
    edit(raw, "ratings.csv", "1,1,4.0,", "1,1,0.0,")
    edit(raw, "ratings.csv", "1,29,5.0,", "1,29,5.5,")
    edit(raw, "ratings.csv", "2,7789,3.5,", "2,7789,100,")


def ratings_all_wrong(raw: Path) -> None:
    lines = "".join(f"{user},1,9.0,964982703\n" for user in range(5, 1_214))
    edit(raw, "ratings.csv", "1,1,4.0,", f"{lines}1,1,4.0,")


def ratings_off_the_half_step(raw: Path) -> None:
    edit(raw, "ratings.csv", "1,1,4.0,", "1,1,3.7,")
    edit(raw, "ratings.csv", "2,7789,3.5,", "2,7789,4.25,")


def ratings_timed_in_milliseconds(raw: Path) -> None:
    edit(raw, "ratings.csv", "1,1,4.0,964982703", "1,1,4.0,964982703000")


def ratings_that_are_no_numbers(raw: Path) -> None:
    edit(raw, "ratings.csv", "1,1,4.0,", "1,1,four,")
    edit(raw, "ratings.csv", "2,2,4.0,1445714835", "2,tt2,4.0,2015-10-24")
    edit(raw, "ratings.csv", "4,318,4.0,", " 4,318,4.0,")


def movies_with_odd_fields(raw: Path) -> None:
    edit(raw, "info.csv", "2,", "1_000,")
    edit(raw, "info.csv", "Signal", "")
    edit(raw, "info.csv", '"11\'09""01 - Winter (2002)"', "Winter, or not")
    edit(raw, "info.csv", "River (2018)", '"River" (2018)')


def posters_of_other_types(raw: Path) -> None:
    repickle(raw, "image_data.pkl", {1: poster(1) / 255, 3: poster(3).astype(np.int64)})


def posters_of_other_shapes(raw: Path) -> None:
    shapes = {1: (4, 3), 3: (4, 3, 4), 11: (4, 3, 1), 29: (3, 4, 5), 318: (1, 4, 3, 3)}
    repickle(
        raw, "image_data.pkl", {movie: poster(movie, shape) for movie, shape in shapes.items()}
    )


def posters_without_pixels(raw: Path) -> None:
    repickle(raw, "image_data.pkl", {1: poster(1, (0, 3, 3)), 3: poster(3, (4, 0, 3))})


def posters_that_are_no_arrays(raw: Path) -> None:
    entries = {1: "posters/1.jpg", 3: None, 11: [[1, 2, 3]], 29: 29}
    repickle(raw, "image_data.pkl", entries)


def posters_too_large(raw: Path) -> None:
    repickle(raw, "image_data.pkl", {1: poster(1, (1, 16_384, 3)), 3: poster(3, (65_536, 1, 3))})


def captions_empty(raw: Path) -> None:
    repickle(raw, "style_captions.pkl", {1: "", 2: []})
    repickle(raw, "target_captions.pkl", {3: ["", "  "], 11: " \n"})


def captions_of_other_types(raw: Path) -> None:
    wrong = {1: None, 2: float("nan"), 3: ["a", None], 11: {"text": "b"}, 29: poster(29)}
    repickle(raw, "target_captions.pkl", wrong)


def captions_that_are_not_unicode(raw: Path) -> None:
    replace(raw, "target_captions.pkl", b"}(K\x01X\x04\x00\x00\x00caf\xe9K\x02X\x01\x00\x00\x00bu.")


def validation(raw: Path, *lines: str) -> None:
    replace(raw, "my_valid_data.txt", "\n".join((VALIDATION, *lines)).encode())


def validation_of_unknown_ids(raw: Path) -> None:
    validation(raw, "1;12;3,11", "1;3,12", "5;12,13")


def validation_with_target_in_history(raw: Path) -> None:
    validation(raw, "1;2;3,2")


def validation_with_a_movie_twice(raw: Path) -> None:
    validation(raw, "1;2;1,3", "2;1;2;1,3")


def validation_without_comma(raw: Path) -> None:
    validation(raw, "1;2;3", "1,2,3", ",11", "1;2,")


def validation_with_empty_element(raw: Path) -> None:
    validation(raw, "1;;3,11", "1;2;,3")


def validation_without_posters(raw: Path) -> None:
    repickle(raw, "image_data.pkl", {2: REMOVED, 7789: REMOVED})
    validation(raw, "2;7789,3")


def bytes_that_are_not_utf_8(raw: Path) -> None:
    path = raw / "movieposter" / "info.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))


def nul_bytes(raw: Path) -> None:
    edit(raw, "links.csv", "0113497", "0113\x00497")


FAULTS = (
    Fault("ratings_out_of_range", 1, ratings_out_of_range),
    Fault("ratings_all_wrong", 1, ratings_all_wrong),
    Fault("ratings_off_the_half_step", 1, ratings_off_the_half_step),
    Fault("ratings_timed_in_milliseconds", 0, ratings_timed_in_milliseconds),
    Fault("ratings_that_are_no_numbers", 1, ratings_that_are_no_numbers),
    Fault("movies_with_odd_fields", 1, movies_with_odd_fields),
    Fault("posters_of_other_types", 1, posters_of_other_types),
    Fault("posters_of_other_shapes", 1, posters_of_other_shapes),
    Fault("posters_without_pixels", 1, posters_without_pixels),
    Fault("posters_that_are_no_arrays", 1, posters_that_are_no_arrays),
    Fault("posters_too_large", 1, posters_too_large),
    Fault("posters_too_large_for_webp_only", 1, posters_too_large, ("--image-format", "png")),
    Fault("captions_empty", 0, captions_empty),
    Fault("captions_of_other_types", 1, captions_of_other_types),
    Fault("captions_that_are_not_unicode", 1, captions_that_are_not_unicode),
    Fault("validation_of_unknown_ids", 1, validation_of_unknown_ids),
    Fault("validation_with_target_in_history", 1, validation_with_target_in_history),
    Fault("validation_with_a_movie_twice", 1, validation_with_a_movie_twice),
    Fault("validation_without_comma", 1, validation_without_comma),
    Fault("validation_with_empty_element", 0, validation_with_empty_element),
    Fault("validation_without_posters", 0, validation_without_posters),
    Fault("bytes_that_are_not_utf_8", 1, bytes_that_are_not_utf_8),
    Fault("bytes_of_latin_1_asked_for", 0, bytes_that_are_not_utf_8, ("--encoding", "latin-1")),
    Fault("nul_bytes", 1, nul_bytes),
)
