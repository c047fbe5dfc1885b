"""A page reads well: order, captions, search, themes, by mouse or keyboard."""

import re

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from pmg.columns import Row
from tests.page.reader import Shown, is_cut, search, texts, widths_of_pictures
from tests.page.rows import FORMS, LONG, image, item, outfit, rating, sample


def test_a_sample_reads_from_history_to_target(shown: Shown) -> None:
    page = shown({"train": [sample()]})
    assert texts(page, ".sample h3") == ["sample-0"]
    assert texts(page, ".sample > header p span") == ["user u0", "train"]
    assert texts(page, "blockquote") == ["dark, painterly\nwarm colours"]
    assert texts(page, ".history .rank") == ["1", "2", "3"]
    assert texts(page, ".history .title") == ["Harbour", "Amélie", "花样年华"]
    assert texts(page, ".history .id") == ["11", "12", "13"]
    facts = [text.split() for text in texts(page, ".history .facts")]
    assert [words[1:-1] for words in facts] == [["rated", "4.5"], ["rated"], ["rated", "3.0"]]
    assert [words[0] for words in facts] == ["★", "not", "★"]
    assert texts(page, ".history .none") == ["no caption"]
    assert texts(page, ".target .title") == ["Orbit 0"]
    lefts = page.execute_script("""return [".history li:last-child", ".arrow", ".target"]
        .map((css) => document.querySelector(css).getBoundingClientRect().left)""")
    assert lefts == sorted(lefts)


def test_the_header_counts_rows_of_splits(shown: Shown) -> None:
    page = shown({"train": [rating(), rating()], "validation": [rating()]})
    assert texts(page, "h1") == ["PMG-Bench some_config"]
    assert texts(page, "nav button") == [
        "train showing 2 of 12,345 rows",
        "validation showing 1 of 12,345 rows",
    ]
    assert texts(page, "h2") == ["train", "validation"]


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("css", [".history .caption p", ".target .caption p", ".quote p"])
def test_keyboard_focus_shows_a_caption_in_full(shown: Shown, css: str, width: int) -> None:
    page = shown({"train": [sample(preference_caption=LONG * 3, target_caption=LONG * 3)]}, width)
    assert is_cut(page, css)
    wanted = page.find_element(By.CSS_SELECTOR, css)
    for _ in range(20):
        page.switch_to.active_element.send_keys(Keys.TAB)
        if page.switch_to.active_element == wanted:
            break
    assert page.switch_to.active_element == wanted
    assert not is_cut(page, css)
    page.switch_to.active_element.send_keys(Keys.TAB)
    assert is_cut(page, css)


def test_each_text_finds_its_own_direction(shown: Shown) -> None:
    page = shown({"train": [sample()]})
    directions = page.execute_script("""
        return [...document.querySelectorAll(".history .caption p, .history .title p")]
          .map((each) => getComputedStyle(each).direction)""")
    assert directions == ["ltr", "ltr", "ltr", "ltr", "rtl"]


def test_the_search_narrows_rows_and_counts_them(shown: Shown) -> None:
    samples = [sample(number, history_titles=["A", "B", "C"]) for number in range(3)]
    samples[1]["history_titles"] = ["Amélie of the North", "B", "C"]
    page = shown({"train": samples, "validation": [sample(7)]})
    assert texts(page, "output") == ["4 rows"]
    assert search(page, "AMELIE north") == "1 of 4 match"
    assert [text for text in texts(page, "h3") if text] == ["sample-1"]
    assert texts(page, "h2") == ["train"]
    assert search(page, "sample-7") == "1 of 4 match"
    assert search(page, "lighthouse") == "4 of 4 match"
    assert search(page, "u2") == "1 of 4 match"
    assert search(page, "history") == "0 of 4 match"  # the page's own words are not data
    page.find_element(By.CSS_SELECTOR, "input").send_keys(Keys.CONTROL, "a", Keys.DELETE)
    assert texts(page, "output") == ["4 rows"]
    assert len([text for text in texts(page, "h3") if text]) == 4


@pytest.mark.parametrize(("form", "row"), [("items", "article"), ("table", "tbody tr")])
def test_other_forms_can_be_searched(shown: Shown, form: str, row: str) -> None:
    page = shown({"train": FORMS[form][:3]})
    assert search(page, "i2" if form == "items" else "2") == "1 of 3 match"
    assert search(page, "nothing like it") == "0 of 3 match"
    assert not any(each.is_displayed() for each in page.find_elements(By.CSS_SELECTOR, row))


def test_without_scripts_the_page_says_what_it_takes(shown: Shown) -> None:
    page = shown({"train": FORMS["samples"]})
    page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.refresh()
        assert "takes its script" in page.find_element(By.TAG_NAME, "body").text
        assert not page.find_element(By.CSS_SELECTOR, "input").is_displayed()
    finally:
        page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_items_are_cards_with_their_fields(shown: Shown) -> None:
    unnamed = item(1, title=None, caption=None, image_width=None)
    sticker = item(2, file_name="2.jpg")
    del sticker["title"]
    page = shown({"train": [item(), unnamed, sticker]})
    assert texts(page, ".card .title") == ["Orbit 0", "i1", "2.jpg"]
    assert texts(page, ".card .words > .none") == ["no caption"]
    assert texts(page, ".card:first-child dt") == ["size", "item_id", "image_sha256", "annotator_1"]
    assert texts(page, ".card:first-child dd")[:2] == ["200 \N{MULTIPLICATION SIGN} 300", "i0"]
    assert "size" not in texts(page, ".card:nth-child(2) dt")


def test_other_rows_are_a_table(shown: Shown) -> None:
    first: Row = {**rating(), "at": 964982703, "ids": ["a", None, "b"], "gone": None}
    second: Row = {**rating(1), "thumbs": [image(), None]}
    page = shown({"train": [first, second]})
    columns = ["user_id", "item_id", "rating", "has_image", "at", "ids", "gone", "thumbs"]
    assert texts(page, "th") == columns
    cells = ["7", "0", "0.3", "true", "964982703", "a, null, b", *["\N{EN DASH}"] * 2]
    assert texts(page, "tbody tr:first-child td") == cells
    assert texts(page, "td .absent") == ["no picture"]
    assert widths_of_pictures(page) == [200]


def test_the_rest_of_an_outfit_is_a_group_of_its_own(shown: Shown) -> None:
    page = shown({"train": [outfit()]})
    assert texts(page, ".outfit h4") == ["The rest of the outfit 2"]
    assert texts(page, ".outfit .id") == ["o1", "o2"]
    assert texts(page, ".outfit .caption") == ["jeans"]
    assert texts(page, ".outfit .absent") == ["no picture"]


@pytest.mark.parametrize("row", [sample(history_images=[], history_ids=[]), sample()])
def test_lists_that_differ_in_length_are_shown_as_far_as_they_go(shown: Shown, row: Row) -> None:
    row = {**row, "history_titles": ["only one"], "history_captions": [], "history_ratings": None}
    page = shown({"train": [row]})
    assert texts(page, ".history .title") == ["only one"]


def test_a_split_without_rows_says_so(shown: Shown) -> None:
    page = shown({"train": [], "test": [rating()]})
    assert texts(page, "main .none") == ["No rows to show."]
    assert texts(page, "nav button")[0] == "train showing 0 of 12,345 rows"


@pytest.mark.parametrize(("theme", "brightness"), [("light", range(200, 256)), ("dark", range(50))])
def test_the_theme_follows_the_reader(shown: Shown, theme: str, brightness: range) -> None:
    page = shown({"train": [sample()]}, 1440, theme)
    colour = page.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert all(int(part) in brightness for part in re.findall(r"\d+", colour))
