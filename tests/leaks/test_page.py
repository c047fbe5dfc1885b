"""The page of leaks in a real browser."""

import shutil
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from pmg.leaks.built import leakcheck_built
from pmg.leaks.page import write_page
from pmg_bench import main
from tests.page.conftest import browser as browser  # noqa: PLC0414 - a fixture
from tests.page.reader import complaints, open_page


@pytest.fixture(scope="module")
def page(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of all sets, one of which leaks; names of stickers hold what HTML must escape."""
    folder = tmp_path_factory.mktemp("leaks")
    out = folder / "pmg-bench"
    shutil.copytree(built, out)
    assert main(["samples", str(out), "--protocol", "windows3,split=sample"]) == 0
    write_page(out, leakcheck_built(out), folder / "page.html")
    return folder / "page.html"


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_reads_on_phones_and_desks_in_both_themes(
    browser: Chrome, page: Path, width: int, theme: str
) -> None:
    open_page(browser, page, width, theme)
    assert complaints(browser) == []
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    assert wide <= width
    ink, paper = browser.execute_script(
        "const s = getComputedStyle(document.body); return [s.color, s.backgroundColor]"
    )
    dark = [sum(map(int, each[4:-1].split(", "))) < 384 for each in (ink, paper)]
    assert dark == ([True, False] if theme == "light" else [False, True])


def test_it_tells_what_was_found(browser: Chrome, page: Path) -> None:
    browser.get(page.as_uri())
    sections = browser.find_elements(By.TAG_NAME, "section")
    assert [section.get_attribute("id") for section in sections] == [
        report.name for report in leakcheck_built(page.parent / "pmg-bench")
    ]
    leaks = browser.find_elements(By.CSS_SELECTOR, "section li .bad")
    assert {leak.text for leak in leaks} == {"leak"}
    assert len(leaks) >= 3
    for image in browser.find_elements(By.CSS_SELECTOR, "figure img"):
        browser.execute_script("arguments[0].loading = 'eager'", image)
    browser.execute_async_script(
        "Promise.all([...document.images].map(i => i.decode())).then(arguments[0])"
    )
    widths = browser.execute_script("return [...document.images].map(i => i.naturalWidth)")
    assert widths
    assert min(widths) > 0
    curves = browser.find_elements(By.CSS_SELECTOR, "section > svg polyline")
    assert len(curves) >= 2 * len(sections)


def test_sets_are_reached_by_keyboard(browser: Chrome, page: Path) -> None:
    browser.get(page.as_uri())
    links = browser.find_elements(By.CSS_SELECTOR, "table a")
    links[-1].send_keys("\n")
    assert browser.current_url.endswith(f"#{links[-1].text}")
