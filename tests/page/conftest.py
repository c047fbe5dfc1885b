"""A real browser, and pages to open in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from pmg.columns import Row
from pmg.pages.content import Content
from pmg.pages.facts import NO_FACTS
from pmg.pages.page import ROOM, write_page
from tests.page.reader import Shown, open_page

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        pytest.skip("Chromium is not installed")
    options = ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=Service(chromedriver))
    try:
        yield driver
    finally:
        driver.quit()


def write(html: Path, rows: dict[str, list[Row]], group: str | None) -> None:
    """Write rows, by split, as a page."""
    content = Content(ROOM)
    for split, own in rows.items():
        content.add(split, 12_345, own, group)
    write_page("some_config", content, NO_FACTS, html)


@pytest.fixture
def shown(browser: Chrome, tmp_path: Path) -> Shown:
    """Write rows as a page and open it at a width; nothing an earlier test did is left."""

    def show(
        rows: dict[str, list[Row]],
        width: int = 1440,
        theme: str = "light",
        group: str | None = None,
    ) -> Chrome:
        html = tmp_path / "page.html"
        write(html, rows, group)
        open_page(browser, html, width, theme)
        return browser

    return show
