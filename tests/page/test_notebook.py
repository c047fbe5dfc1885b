"""Strips in a notebook: the samples of the page, without its script."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from datasets import load_dataset
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from pmg.problems import BadCall
from pmg_bench import Samples, show
from tests.page.reader import complaints, open_page, texts, widths_of_pictures
from tests.page.rows import ATTRIBUTE, SCRIPT, item, sample

SOURCES: dict[str, Callable[[Path], object]] = {
    "pictures": lambda out: Samples(out, "movieposter", "train"),
    "arrays": lambda out: Samples(out, "movieposter", "train", format="numpy"),
    "files": lambda out: Samples(out, "movieposter", "train", decode=False),
    "a Dataset": lambda out: load_dataset(str(out), "movieposter", split="train"),
}


@pytest.mark.parametrize("source", SOURCES)
def test_strips_are_the_samples_in_whatever_form(source: str, built: Path) -> None:
    html = show(SOURCES[source](built), rows=2)._repr_html_()  # type: ignore[arg-type] # of any kind
    rows = Samples(built, "movieposter", "train")[:2]
    titles = [title for row in rows for title in (*row["history_titles"], row["target_title"])]
    assert re.findall(r"<div dir=\"auto\"><b>(.*?)</b>", html) == titles
    assert html.count("<img src=") == len(titles)
    assert "<script" not in html


def test_a_notebook_shows_them_without_a_complaint(
    built: Path, browser: Chrome, tmp_path: Path
) -> None:
    html = tmp_path / "cell.html"
    strips = show(Samples(built, "ser30k_bench", "test"), rows=3)
    head = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">'
    html.write_text(head + strips._repr_html_(), encoding="utf-8")
    open_page(browser, html, 1440, "light")
    assert all(width > 0 for width in widths_of_pictures(browser))
    assert len(browser.find_elements(By.TAG_NAME, "img")) > 3
    assert complaints(browser) == []
    assert len(texts(browser, "summary")) == len(browser.find_elements(By.TAG_NAME, "img"))


def test_text_stays_text() -> None:
    row = sample(history_titles=[SCRIPT, ATTRIBUTE, "<b>bold</b>"], sample_id=SCRIPT)
    html = show([row])._repr_html_()
    assert SCRIPT not in html
    assert "<b>bold" not in html
    assert 'x="' not in html


def test_what_is_no_sample_is_refused() -> None:
    with pytest.raises(
        BadCall, match="samples with history_images and target_image, found item_id"
    ):
        show([item()])


def test_no_rows_are_no_strips() -> None:
    assert show([])._repr_html_().strip() == ""
    assert repr(show([sample()] * 9, rows=4)) == "Strips(4 samples)"
