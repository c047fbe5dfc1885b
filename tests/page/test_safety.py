"""Text stays text, nothing is fetched, and no half page is left."""

from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from pmg.columns import Row
from tests.page.conftest import write
from tests.page.reader import Shown, complaints, texts, widths_of_pictures
from tests.page.rows import ATTRIBUTE, FORMS, SCRIPT, image, item, rating, sample


def test_text_stays_text(shown: Shown) -> None:
    row = sample(
        history_titles=[SCRIPT, ATTRIBUTE, "<b>bold</b>"],
        history_captions=[SCRIPT, ATTRIBUTE, "&amp;"],
        history_images=[image(), image(), {"bytes": b"x", "path": None}],
        sample_id=SCRIPT,
        user_id=ATTRIBUTE,
        preference_caption=SCRIPT,
    )
    table: Row = {SCRIPT: SCRIPT, "list": [ATTRIBUTE, None]}
    page = shown({"train": [row], SCRIPT: [table], "items": [item(title=ATTRIBUTE)]})
    assert texts(page, ".history .title") == [SCRIPT, ATTRIBUTE, "<b>bold</b>"]
    assert texts(page, ".history .caption") == [SCRIPT, ATTRIBUTE, "&amp;"]
    assert texts(page, "th") == [SCRIPT, "list"]
    assert texts(page, "td") == [SCRIPT, f"{ATTRIBUTE}, null"]
    assert texts(page, ".card .title") == [ATTRIBUTE]
    assert len(page.find_elements(By.TAG_NAME, "script")) == 2  # its own, and the rows as JSON
    assert page.find_elements(By.CSS_SELECTOR, "[onerror]") == []
    assert page.title == "PMG-Bench · some_config"
    assert complaints(page) == []


def test_the_network_is_never_asked(shown: Shown) -> None:
    page = shown({"train": FORMS["samples"]})
    widths_of_pictures(page)
    resources = "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    assert [name for name in page.execute_script(resources) if not name.startswith("data:")] == []
    refused = page.execute_async_script("""
        const done = arguments[0];
        document.addEventListener("securitypolicyviolation",
          (event) => done([event.effectiveDirective, event.blockedURI]), { once: true });
        document.body.append(Object.assign(new Image(), { src: "http://127.0.0.1:9/a.png" }));
    """)
    assert refused == ["img-src", "http://127.0.0.1:9/a.png"]


def test_a_script_from_elsewhere_does_not_run(shown: Shown) -> None:
    page = shown({"train": [rating()]})
    refused = page.execute_async_script("""
        const done = arguments[0];
        document.addEventListener("securitypolicyviolation",
          (event) => done(event.effectiveDirective), { once: true });
        const script = document.createElement("script");
        script.textContent = "document.title = 'run'";
        document.body.append(script);
    """)
    assert refused == "script-src-elem"
    assert page.title == "PMG-Bench · some_config"


def test_the_same_rows_give_the_same_file_and_nothing_beside_it(tmp_path: Path) -> None:
    html = tmp_path / "page.html"
    written = []
    for _ in range(2):
        write(html, {"train": FORMS["samples"]}, None)
        written.append(html.read_bytes())
    assert written[0] == written[1]
    assert list(tmp_path.iterdir()) == [html]


def test_a_page_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    html = tmp_path / "page.html"
    html.mkdir()
    with pytest.raises(OSError, match=r"page\.html"):
        write(html, {"train": [rating()]}, None)
    assert list(tmp_path.iterdir()) == [html]
