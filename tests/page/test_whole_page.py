"""The page that `show` writes, distributions and all, is readable on a phone and a desk."""

from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from pmg.pages import ROWS
from pmg.pages.show import show
from pmg_bench import DOMAINS
from tests.page.reader import complaints, is_cut, open_page, texts, widths_of_pictures
from tests.page.rows import LONG, sample

SMALLEST_TEXT = 12  # pixels
CONTRAST = 4.5  # WCAG 2.2 AA, of text of a usual size
MEASURE = """
const channels = (text) => text.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => {
  const linear = [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
};
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const found = channels(getComputedStyle(at).backgroundColor);
    if (found.length === 3 || found[3] === 1) return found;
  }
  return [255, 255, 255];
};
const own = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
return [...document.querySelectorAll("body *:not(script):not(title)")]
  .filter((e) => own(e) && e.checkVisibility() && !e.closest(".rank, .spoken, select"))
  .map((e) => {
    const style = getComputedStyle(e);
    const [a, b] = [light(channels(style.color)), light(behind(e))].sort((x, y) => y - x);
    return [e.tagName + "." + e.className, (a + 0.05) / (b + 0.05), parseFloat(style.fontSize)];
  });
"""


@pytest.fixture(scope="module")
def html(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return show(DOMAINS, built, "pog_dataset", tmp_path_factory.mktemp("page") / "page.html", ROWS)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_it_is_readable(html: Path, browser: Chrome, width: int, theme: str) -> None:
    open_page(browser, html, width, theme)
    browser.execute_script("document.querySelector('details').open = true")
    measured: list[Any] = browser.execute_script(MEASURE)
    assert len(measured) > 100
    assert [each for each in measured if each[1] < CONTRAST] == []
    assert [each for each in measured if each[2] < SMALLEST_TEXT] == []
    client, scroll = browser.execute_script(
        "const e = document.documentElement; return [e.clientWidth, e.scrollWidth]"
    )
    assert scroll <= client
    assert all(each > 0 for each in widths_of_pictures(browser))
    assert complaints(browser) == []


def test_distributions_stand_open_on_a_desk_and_closed_on_a_phone(
    html: Path, browser: Chrome
) -> None:
    for width, is_open in ((1440, True), (390, False)):
        open_page(browser, html, width, "light")
        charts = browser.find_elements(By.CSS_SELECTOR, ".chart svg")
        assert len(charts) >= 5
        assert all(each.is_displayed() == is_open for each in charts)
    assert texts(browser, "summary") == [
        "Distributions, coverage, and what was found in the raw files"
    ]


def test_a_tap_shows_a_caption_in_full(shown: Any) -> None:  # noqa: ANN401 - a fixture of pages
    page: Chrome = shown({"train": [sample(target_caption=LONG * 3)]}, 390)
    assert is_cut(page, ".target .caption p")
    page.find_element(By.CSS_SELECTOR, ".target .caption p").click()
    assert not is_cut(page, ".target .caption p")
