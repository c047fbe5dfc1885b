"""What a reader does with a page and sees of it."""

from collections.abc import Callable
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

Shown = Callable[..., Chrome]


def complaints(page: Chrome) -> list[object]:
    """Take what the console has said since it was last asked."""
    said: list[object] = page.get_log("browser")  # type: ignore[no-untyped-call] # selenium's gap
    return said


def texts(page: Chrome, css: str) -> list[str]:
    return [element.text for element in page.find_elements(By.CSS_SELECTOR, css)]


def widths_of_pictures(page: Chrome) -> list[int]:
    """Load what is lazy, wait for it, and give natural widths; a picture that fails raises."""
    widths: list[int] = page.execute_async_script("""
        const done = arguments[0], all = [...document.images];
        all.forEach((each) => { each.loading = "eager"; });
        Promise.all(all.map((each) => each.decode().then(() => each.naturalWidth)))
          .then(done, (error) => done([String(error)]));
    """)
    return widths


def is_cut(page: Chrome, css: str) -> bool:
    cut: bool = page.execute_script(
        "const e = document.querySelector(arguments[0]); return e.scrollHeight > e.clientHeight",
        css,
    )
    return cut


def search(page: Chrome, words: str) -> str:
    box = page.find_element(By.CSS_SELECTOR, "input[type=search]")
    box.clear()
    box.send_keys(words)
    return page.find_element(By.TAG_NAME, "output").text


def open_page(browser: Chrome, html: Path, width: int, theme: str) -> None:
    """Open a page at a width and in a theme; earlier complaints are forgotten."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    media = {"features": [{"name": "prefers-color-scheme", "value": theme}]}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    complaints(browser)
    browser.get(html.as_uri())
