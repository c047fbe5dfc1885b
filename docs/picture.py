"""Makes docs/sample.png, the picture on top of README.md: a sample of the demo, as `show` has it.

Run by `make picture`; needs Chromium and its driver.
"""

import shutil
import tempfile
from pathlib import Path

from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from pmg_bench import main

WIDTH, HEIGHT = 1090, 1400  # pixels of the window
MARGIN = 28  # pixels
SAMPLE = 3  # its four posters are of four scenes


def screenshot(page: Path, picture: Path) -> None:
    """Save one sample of the page as a PNG, cut off where its target ends."""
    options = Options()
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(flag)
    options.add_argument(f"--window-size={WIDTH},{HEIGHT}")
    with Chrome(options=options, service=Service(shutil.which("chromedriver"))) as browser:
        browser.get(page.as_uri())
        sample = browser.find_elements(By.CLASS_NAME, "sample")[SAMPLE]
        target = sample.find_element(By.CLASS_NAME, "target")
        sample.screenshot(str(picture))
        right = target.rect["x"] + target.rect["width"] - sample.rect["x"] + MARGIN
    with Image.open(picture) as image:
        image.crop((0, 0, int(right), image.height)).save(picture, optimize=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(["demo", str(Path(folder) / "demo")])
        screenshot(Path(folder) / "demo" / "samples.html", Path(__file__).with_name("sample.png"))
