"""The page of captions beside their pictures, in a real browser."""

from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.captioning.asked import TELLER, call, captions_of, stickers
from tests.captioning.conftest import Start
from tests.page.conftest import browser as browser  # noqa: PLC0414 - a fixture
from tests.page.reader import complaints, open_page, texts, widths_of_pictures

FAULTS = {"3": ["markup"], "5": ["refuse"] * 2, "7": ["markup too long"] * 2, "b": ["400"]}


@pytest.fixture
def page(tmp_path: Path, start: Start) -> Path:
    folder = stickers(tmp_path / "raw", 60)
    assert call(folder, "ser30k", start(faults=FAULTS), "--channel", "target") == 1
    return tmp_path / "ser30k.html"


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1440, "light")])
def test_it_is_readable_and_asks_the_network_for_nothing(
    browser: Chrome, page: Path, width: int, theme: str
) -> None:
    open_page(browser, page, width, theme)
    assert min(widths_of_pictures(browser)) > 1
    assert complaints(browser) == []
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    assert wide <= width
    resources = "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    assert [each for each in browser.execute_script(resources) if each[:5] != "data:"] == []


def test_every_caption_stands_beside_its_picture(
    browser: Chrome, page: Path, tmp_path: Path
) -> None:
    open_page(browser, page, 1440, "light")
    captions = captions_of(tmp_path / "raw", "ser30k", "target")
    cards = dict(
        zip(texts(browser, "section:last-of-type h3"), shown_captions(browser), strict=True)
    )
    assert cards == {
        key: text if isinstance(text, str) else "\n".join(text) for key, text in captions.items()
    }
    assert TELLER in texts(browser, "header p")[0]
    assert f"{60 - len(captions)} lacking." in texts(browser, "header p")[0]


def shown_captions(browser: Chrome) -> list[str]:
    found: list[str] = browser.execute_script(
        "return [...document.querySelectorAll('section:last-of-type article')]"
        ".map((each) => each.querySelector('ul, .said').innerText)"
    )
    return found


def test_what_is_lacking_comes_first_with_the_reason(browser: Chrome, page: Path) -> None:
    open_page(browser, page, 1440, "light")
    titles = texts(browser, "section h2")
    assert titles == ["Pictures without the caption asked for", "Pictures with their new captions"]
    reasons = set(texts(browser, "h4.bad"))
    assert reasons == {
        "target: refused",
        "target: too long, 105 words",
        "target: HTTP 400, 'fault 400'",
    }


def test_markup_of_an_answer_is_text(browser: Chrome, page: Path) -> None:
    open_page(browser, page, 1440, "light")
    assert browser.title == "Captions of ser30k"
    said = " ".join(texts(browser, ".said, li"))
    assert "<img src=x>" in said
    assert "<img src=x onerror=alert(1)>" in said
    assert browser.find_elements(By.CSS_SELECTOR, "script, [onerror]") == []
