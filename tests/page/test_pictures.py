"""Pictures load, stand in line, and are honest about what is missing."""

import io

import pytest
from PIL import Image
from selenium.webdriver.common.by import By

from tests.page.reader import Shown, complaints, texts, widths_of_pictures
from tests.page.rows import FORMS, image, item, sample


@pytest.mark.parametrize("width", [390, 1000, 1440])
@pytest.mark.parametrize("form", FORMS)
def test_pictures_load_without_complaint_and_nothing_sticks_out(
    shown: Shown, form: str, width: int
) -> None:
    page = shown({"train": FORMS[form]}, width)
    pictures = {"samples": 12, "outfits": 5, "items": 9, "table": 0}[form]
    natural = widths_of_pictures(page)
    assert len(natural) == pictures
    assert all(isinstance(each, int) and each > 0 for each in natural)
    assert complaints(page) == []
    inner, client, scroll = page.execute_script(
        "const e = document.documentElement; return [innerWidth, e.clientWidth, e.scrollWidth]"
    )
    assert inner == width  # on a phone it grows where something sticks out
    assert scroll <= client


def test_pictures_of_a_history_are_equally_high(shown: Shown) -> None:
    page = shown({"train": [sample(history_images=[image(), None, image(size=(400, 300))])]})
    heights = page.execute_script("""return [...document.querySelectorAll(".sample .frame")]
        .map((frame) => Math.round(frame.getBoundingClientRect().height))""")
    assert len(heights) == 4
    assert len(set(heights)) == 1


def test_nulls_are_said_and_not_invented(shown: Shown) -> None:
    bare = sample(
        user_id=None,
        preference_caption=None,
        target_caption=None,
        target_image=None,
        history_titles=None,
    )
    del bare["history_ratings"]
    page = shown({"train": [bare]})
    assert texts(page, ".sample > header .none") == ["no user"]
    assert page.find_elements(By.TAG_NAME, "blockquote") == []
    assert texts(page, ".target .absent") == ["no picture"]
    assert texts(page, ".target .none") == ["no caption"]
    assert texts(page, ".history .title") == []
    assert "rated" not in page.find_element(By.TAG_NAME, "main").text
    assert "None" not in page.find_element(By.TAG_NAME, "body").text


def test_what_is_no_picture_gets_a_placeholder(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100_000)  # a bomb of a size a test can carry
    whole = image()["bytes"]
    assert isinstance(whole, bytes)
    pictures: list[object] = [
        None,
        {"bytes": None, "path": "gone.png"},
        {"bytes": b"no picture at all", "path": None},
        {"bytes": b"", "path": None},
        {"bytes": whole[: len(whole) // 2], "path": None},
        image(size=(400, 300)),  # beyond the cap, where Pillow warns
        image(size=(900, 300)),  # beyond its double, where Pillow raises
        image(),
    ]
    page = shown({"train": [item(image=picture) for picture in pictures]})
    assert texts(page, ".absent") == ["no picture"] * 2 + ["cannot be decoded"] * 5
    assert widths_of_pictures(page) == [200]


def test_every_usual_picture_becomes_a_small_thumbnail(shown: Shown) -> None:
    pictures = [
        *(image(mode, (1000, 2000)) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
        image("CMYK", (1000, 2000), "JPEG"),
        image("P", (1000, 2000), "GIF"),
        image("RGB", (1000, 2000), "WEBP"),
    ]
    page = shown({"train": [item(image=picture) for picture in pictures]})
    assert widths_of_pictures(page) == [160] * len(pictures)
    given = page.execute_script("""return [...document.images].map((each) =>
        [each.getAttribute("width"), each.getAttribute("height"), each.naturalHeight])""")
    assert given == [["160", "320", 320]] * len(pictures)


def test_a_turned_photograph_stands_upright(shown: Shown) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn right by 90 degrees
    file = io.BytesIO()
    Image.new("RGB", (300, 200)).save(file, "JPEG", exif=exif)
    page = shown({"train": [item(image={"bytes": file.getvalue(), "path": None})]})
    assert widths_of_pictures(page) == [200]
