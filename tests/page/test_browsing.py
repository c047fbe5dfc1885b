"""A page is browsed: filtered, sorted, walked through by keyboard, and stays light."""

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from pmg.columns import Row
from tests.page.reader import Shown, complaints, search, texts
from tests.page.rows import image, sample

GROUP = "target_genres"


def of_user(number: int, user: str, genre: str, ratings: list[float | None]) -> Row:
    history = len(ratings)
    return sample(
        number,
        user_id=user,
        history_ids=[f"{number}-{place}" for place in range(history)],
        history_images=[image()] * history,
        history_titles=["A title"] * history,
        history_captions=["a caption"] * history,
        history_ratings=ratings,
        target_genres=[genre, "Drama"],
    )


ROWS = {
    "train": [
        of_user(0, "u1", "Comedy", [3.0, 4.0]),
        of_user(1, "u2", "Western", [5.0]),
        of_user(2, "u10", "Comedy", [None, 1.0, 2.0]),
    ],
    "test": [of_user(3, "u2", "Comedy", [4.5])],
}


def choose(page: Chrome, name: str, value: str) -> None:
    Select(page.find_element(By.NAME, name)).select_by_value(value)


def chosen(page: Chrome) -> list[str]:
    return texts(page, "h3")


@pytest.fixture
def page(shown: Shown) -> Chrome:
    return shown(ROWS, group=GROUP)


def test_one_split_is_shown_and_all_again(page: Chrome) -> None:
    _, test = page.find_elements(By.CSS_SELECTOR, "nav button")
    test.click()
    assert chosen(page) == ["sample-3"]
    assert texts(page, "output") == ["1 of 4 match"]
    assert test.get_dom_attribute("aria-pressed") == "true"
    test.click()
    assert chosen(page) == ["sample-0", "sample-1", "sample-2", "sample-3"]
    assert texts(page, "output") == ["4 rows"]


def test_filters_by_user_and_group_narrow_each_other(page: Chrome) -> None:
    users = Select(page.find_element(By.NAME, "user"))
    options = [option.text for option in users.options]
    assert options == ["every user", "u1 (1)", "u2 (2)", "u10 (1)"]
    choose(page, "user", "u2")
    assert chosen(page) == ["sample-1", "sample-3"]
    choose(page, "group", "Comedy")
    assert chosen(page) == ["sample-3"]
    assert texts(page, "h2") == ["test"]
    assert texts(page, ".sample header p span")[-1] == "genre Comedy"
    assert search(page, "sample-1") == "0 of 4 match"
    choose(page, "user", "")
    choose(page, "group", "")
    assert chosen(page) == ["sample-1"]


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("longest history", [2, 0, 1, 3]),
        ("shortest history", [1, 0, 2, 3]),
        ("best rated history", [1, 0, 2, 3]),
        ("worst rated history", [2, 0, 1, 3]),
        ("", [0, 1, 2, 3]),
    ],
)
def test_rows_are_sorted_within_their_split(page: Chrome, order: str, ids: list[int]) -> None:
    choose(page, "order", order)
    assert chosen(page) == [f"sample-{number}" for number in ids]


def focused(page: Chrome) -> str:
    return page.switch_to.active_element.find_element(By.TAG_NAME, "h3").text


def test_the_keyboard_alone_walks_and_searches(page: Chrome) -> None:
    body = page.find_element(By.TAG_NAME, "body")
    body.send_keys("j")
    first = focused(page)
    page.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    assert [first, focused(page)] == ["sample-0", "sample-1"]
    page.switch_to.active_element.send_keys("jjjj")
    assert focused(page) == "sample-3"  # the last stays the last
    page.switch_to.active_element.send_keys("k", Keys.ARROW_LEFT)
    assert focused(page) == "sample-1"
    page.switch_to.active_element.send_keys("/")
    box = page.switch_to.active_element
    assert box.get_dom_attribute("type") == "search"
    box.send_keys("jk/")  # in the box these are letters
    assert box.get_property("value") == "jk/"
    assert texts(page, "output") == ["0 of 4 match"]
    box.send_keys(Keys.ESCAPE)
    assert texts(page, "output") == ["4 rows"]


def test_everything_can_be_reached_by_tab(page: Chrome) -> None:
    reached = set()
    for _ in range(40):
        page.switch_to.active_element.send_keys(Keys.TAB)
        element = page.switch_to.active_element
        reached.add(element.get_dom_attribute("name") or element.get_dom_attribute("type"))
        reached.add(element.get_dom_attribute("id"))
    assert {"user", "group", "order", "search", "previous", "next"} <= reached


def test_buttons_walk_too(page: Chrome) -> None:
    page.find_element(By.ID, "next").click()
    assert focused(page) == "sample-0"
    page.find_element(By.ID, "next").click()
    page.find_element(By.ID, "previous").click()
    assert focused(page) in {"sample-0", "sample-1"}  # from what is in sight


def test_many_rows_are_made_as_they_are_scrolled_to(shown: Shown) -> None:
    rows = [sample(number, target_title=f"Number {number}") for number in range(1_000)]
    page = shown({"train": rows})
    made = "return document.querySelectorAll('.sample').length"
    assert page.execute_script(made) < 100
    assert texts(page, "output") == ["1000 rows"]
    pictures = page.execute_script("return JSON.parse(content.textContent).pictures.length")
    assert pictures == 3  # of all steps of all samples, each once
    assert search(page, "number 999") == "1 of 1000 match"
    page.find_element(By.CSS_SELECTOR, "input[type=search]").send_keys(Keys.ESCAPE)
    before = page.execute_script(made)
    page.execute_script("window.scrollTo(0, document.body.scrollHeight)")
    page.execute_async_script("setTimeout(arguments[0], 300)")
    assert page.execute_script(made) > before
    assert complaints(page) == []
