"""Drawn posters: the same from the same arguments, of any size, and as hard to shrink as photos."""

import io
import subprocess
import sys
from itertools import product

import numpy as np
import pytest
from PIL import Image

from movieposter.posters.poster import Drawing, billing, draw_poster
from movieposter.posters.scenes import BY_GENRE, SCENES
from movieposter.posters.stage import Stage
from pmg.drawing.canvas import generator
from pmg.drawing.lettering import Typeface, drawable, fit

STANDARD = (333, 500)
GENRES = [[genre] for genre in BY_GENRE] + [[], ["Comedy", "Romance"], ["Action", "Sci-Fi"]]


def poster(
    title: str = "Heat (1995)", genres: tuple[str, ...] = ("Crime",), seed: int = 0
) -> Drawing:
    return draw_poster(title, genres, 100, 150, seed)


def encoded_share(pixels: np.ndarray, **options: object) -> float:
    """Encoded bytes as a share of raw bytes."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, **options)  # type: ignore[arg-type]  # Pillow's own options
    return file.tell() / pixels.nbytes


def test_same_arguments_draw_the_same_poster() -> None:
    first, second = poster(), poster()
    assert np.array_equal(first.pixels, second.pixels)
    assert first[1:] == second[1:]


def test_same_poster_in_another_process_with_another_hash_seed() -> None:
    code = (
        "import sys; from movieposter.posters.poster import draw_poster;"
        "drawing = draw_poster('Heat (1995)', ['Crime'], 100, 150, 0);"
        "sys.stdout.buffer.write(drawing.pixels.tobytes())"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1] == poster().pixels.tobytes()


@pytest.mark.parametrize("other", [poster(seed=1), poster("Heat (1996)"), poster(genres=("War",))])
def test_other_arguments_draw_another_poster(other: Drawing) -> None:
    assert not np.array_equal(poster().pixels, other.pixels)


@pytest.mark.parametrize(
    ("width", "height"),
    [(8, 8), (8, 40), (9, 31), (40, 8), (60, 90), (333, 500), (750, 500), (1030, 20)],
)
def test_every_size_is_drawn_in_every_genre(width: int, height: int) -> None:
    for genres in GENRES:
        pixels = draw_poster("Heat (1995)", genres, width, height, 3).pixels
        assert pixels.shape == (height, width, 3)
        assert pixels.dtype == np.uint8
        assert pixels.flags.c_contiguous


def test_huge_poster() -> None:
    assert draw_poster("Heat (1995)", ["Action"], 2000, 3000, 0).pixels.shape == (3000, 2000, 3)


@pytest.mark.parametrize(
    "title",
    [
        "",
        " ",
        "(1995)",
        "千と千尋の神隠し (2001)",
        "Amélie à l'œuvre… (2001)",
        "\ud800\x00\n\t\u202e",
        "🎬🎬",
        "A" * 500,
        "word " * 300,
        "((((",
    ],
)
def test_odd_titles_are_drawn(title: str) -> None:
    drawing = draw_poster(title, ["Drama"], 120, 180, 0)
    assert drawing.pixels.shape == (180, 120, 3)
    assert all(phrase.strip() == phrase != "" for phrase in drawing[1] + drawing[2])


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_plays_in_all_its_palettes(name: str) -> None:
    scene = SCENES[name]
    seen = set()
    for palette, title_above in product(scene.palettes, (False, True)):
        stage = Stage((90, 135), palette, generator(name), title_above=title_above)
        words = scene.draw(stage)
        assert words.style
        assert words.target
        assert words.taglines
        assert any(palette.name in phrase for phrase in words.target)
        seen.add(stage.picture.tobytes())
    assert len(seen) == 2 * len(scene.palettes)


def test_genres_name_scenes_that_exist() -> None:
    assert {name for names in BY_GENRE.values() for name in names} <= set(SCENES)


def test_every_poster_has_bytes_of_its_own() -> None:
    drawings = {
        draw_poster("Heat (1995)", ["Crime"], 60, 90, seed).pixels.tobytes() for seed in range(80)
    }
    assert len(drawings) == 80


def test_title_is_named_only_where_it_is_drawn() -> None:
    def titled(title: str, width: int, height: int) -> bool:
        phrases = draw_poster(title, ["Crime"], width, height, 0).target_phrases
        return any(phrase.startswith("the title") for phrase in phrases)

    assert titled("Heat (1995)", 333, 500)
    assert not titled("千と千尋の神隠し (2001)", 333, 500)
    assert not titled("Heat (1995)", 8, 8)


@pytest.mark.parametrize(
    ("movie_title", "title", "year"),
    [
        ("Matrix, The (1999)", "The Matrix", "1999"),
        ("Toy Story (1995) ", "Toy Story", "1995"),
        ("Postman, The (Postino, Il) (1994)", "The Postman", "1994"),
        ("Nameless", "Nameless", ""),
        ("(500) Days of Summer (2009)", "(500) Days of Summer", "2009"),
        ("2001: A Space Odyssey (1968)", "2001: A Space Odyssey", "1968"),
    ],
)
def test_titles_are_set_as_posters_set_them(movie_title: str, title: str, year: str) -> None:
    assert billing(movie_title) == (title, year)


def test_lettering_stays_in_its_box() -> None:
    face = Typeface()
    setting = fit("The Good, the Bad and the Ugly", 300, 80, face)
    assert setting is not None
    assert " ".join(setting.lines) == "The Good, the Bad and the Ugly"
    assert len(setting.lines) > 1
    assert fit("Heat", 4, 4, face) is None
    assert drawable("Amélie – 千") == "Amelie -"  # noqa: RUF001 - a real dash


@pytest.mark.parametrize("size", [STANDARD, (500, 750)])
def test_posters_shrink_as_photographs_do(size: tuple[int, int]) -> None:
    shares = []
    for number, genres in enumerate(GENRES):
        pixels = draw_poster(f"The Poster {number} (1999)", genres, *size, 1).pixels
        shares.append(
            (encoded_share(pixels, format="PNG"), encoded_share(pixels, format="JPEG", quality=90))
        )
    png, jpeg = np.array(shares).T
    assert 0.45 < png.mean() < 0.55
    assert 0.08 < jpeg.mean() < 0.12
    assert png.min() > 0.35
    assert png.max() < 0.65
    assert jpeg.min() > 0.06
    assert jpeg.max() < 0.16
