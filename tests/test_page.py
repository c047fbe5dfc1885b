"""The page as a reader meets it: opened from disk in a real browser."""

import io
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from pmg.page import Row, write_page

LONG = "a lighthouse under a heavy sky, thin white capitals along the edge, waves on rocks, " * 4
SCRIPT = "<script>document.title = 'run'</script>"
ATTRIBUTE = '"onerror="document.title=\'run\'" x="'
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

Shown = Callable[..., Chrome]


@pytest.fixture(scope="module")
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


@pytest.fixture
def shown(browser: Chrome, tmp_path: Path) -> Shown:
    """Write rows as a page and open it at a width; nothing an earlier test did is left."""

    def show(rows: dict[str, list[Row]], width: int = 1440, theme: str = "light") -> Chrome:
        html = tmp_path / "page.html"
        write_page("some_config", rows, dict.fromkeys(rows, 12_345), html)
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        media = {"features": [{"name": "prefers-color-scheme", "value": theme}]}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        complaints(browser)
        browser.get(html.as_uri())
        return browser

    return show


def image(
    mode: str = "RGB", size: tuple[int, int] = (200, 300), kind: str = "PNG"
) -> dict[str, object]:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind)
    return {"bytes": file.getvalue(), "path": None}


def sample(number: int = 0, **changed: object) -> Row:
    return {
        "sample_id": f"sample-{number}",
        "user_id": f"u{number}",
        "history_ids": ["11", "12", "13"],
        "history_images": [image(), image("L"), image(size=(300, 300))],
        "history_titles": ["Harbour", "Amélie", "花样年华"],
        "history_captions": [LONG, None, "رحلة الليل"],
        "history_ratings": [4.5, None, 3.0],
        "preference_caption": "dark, painterly\nwarm colours",
        "target_id": f"t{number}",
        "target_title": f"Orbit {number}",
        "target_image": image(),
        "target_caption": LONG,
        **changed,
    }


def item(number: int = 0, **changed: object) -> Row:
    return {
        "item_id": f"i{number}",
        "image": image(),
        "image_width": 200,
        "image_height": 300,
        "title": f"Orbit {number}",
        "caption": LONG,
        "genres": ["Drama"],
        "image_sha256": "ab" * 32,
        "imdb_id": None,
        "annotator_1": 3,
        **changed,
    }


def outfit(number: int = 0) -> Row:
    return sample(
        number,
        history_images=[image(size=(300, 300))] * 3,
        outfit_item_ids=["o1", "o2"],
        outfit_images=[image(size=(300, 300)), None],
        outfit_captions=["jeans", None],
    )


def rating(number: int = 0) -> Row:
    return {"user_id": "7", "item_id": f"{number}", "rating": 0.1 + 0.2, "has_image": True}


FORMS: dict[str, list[Row]] = {
    "samples": [sample(number) for number in range(3)],
    "outfits": [outfit()],
    "items": [item(number) for number in range(9)],
    "table": [{**rating(number), "text": LONG, "none": None} for number in range(3)],
}


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


@pytest.mark.parametrize("width", [390, 1000, 1440])
@pytest.mark.parametrize("form", FORMS)
def test_pictures_load_without_complaint_and_nothing_sticks_out(
    shown: Shown, form: str, width: int
) -> None:
    page = shown({"train": FORMS[form]}, width)
    pictures = {"samples": 12, "outfits": 5, "items": 9, "table": 0}[form]
    natural = widths_of_pictures(page)
    assert len(natural) == pictures
    assert all(isinstance(each, int) and each > 0 for each in natural)
    assert complaints(page) == []
    inner, client, scroll = page.execute_script(
        "const e = document.documentElement; return [innerWidth, e.clientWidth, e.scrollWidth]"
    )
    assert inner == width  # on a phone it grows where something sticks out
    assert scroll <= client


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


def test_pictures_of_a_history_are_equally_high(shown: Shown) -> None:
    page = shown({"train": [sample(history_images=[image(), None, image(size=(400, 300))])]})
    heights = page.execute_script("""return [...document.querySelectorAll(".sample .frame")]
        .map((frame) => Math.round(frame.getBoundingClientRect().height))""")
    assert len(heights) == 4
    assert len(set(heights)) == 1


def test_the_header_counts_rows_and_leads_to_splits(shown: Shown) -> None:
    page = shown({"train": [rating(), rating()], "validation": [rating()]})
    assert texts(page, "h1") == ["PMG-Bench some_config"]
    links = page.find_elements(By.CSS_SELECTOR, "nav a")
    assert [link.text for link in links] == [
        "train showing 2 of 12,345 rows",
        "validation showing 1 of 12,345 rows",
    ]
    targets = [page.find_element(By.ID, f"split-{number}") for number in (1, 2)]
    assert [str(link.get_dom_attribute("href")) for link in links] == ["#split-1", "#split-2"]
    assert [target.text.split()[0] for target in targets] == ["train", "validation"]


def test_nulls_are_said_and_not_invented(shown: Shown) -> None:
    bare = sample(
        user_id=None,
        preference_caption=None,
        target_caption=None,
        target_image=None,
        history_titles=None,
    )
    del bare["history_ratings"]
    page = shown({"train": [bare]})
    assert texts(page, ".sample > header .none") == ["no user"]
    assert page.find_elements(By.TAG_NAME, "blockquote") == []
    assert texts(page, ".target .absent") == ["no picture"]
    assert texts(page, ".target .none") == ["no caption"]
    assert texts(page, ".history .title") == []
    assert "rated" not in page.find_element(By.TAG_NAME, "main").text
    assert "None" not in page.find_element(By.TAG_NAME, "body").text


def test_what_is_no_picture_gets_a_placeholder(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100_000)  # a bomb of a size a test can carry
    whole = image()["bytes"]
    assert isinstance(whole, bytes)
    pictures: list[object] = [
        None,
        {"bytes": None, "path": "gone.png"},
        {"bytes": b"no picture at all", "path": None},
        {"bytes": b"", "path": None},
        {"bytes": whole[: len(whole) // 2], "path": None},
        image(size=(400, 300)),  # beyond the cap, where Pillow warns
        image(size=(900, 300)),  # beyond its double, where Pillow raises
        image(),
    ]
    page = shown({"train": [item(image=picture) for picture in pictures]})
    assert texts(page, ".absent") == ["no picture"] * 2 + ["cannot be decoded"] * 5
    assert widths_of_pictures(page) == [200]


def test_every_usual_picture_becomes_a_small_thumbnail(shown: Shown) -> None:
    pictures = [
        *(image(mode, (1000, 2000)) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
        image("CMYK", (1000, 2000), "JPEG"),
        image("P", (1000, 2000), "GIF"),
        image("RGB", (1000, 2000), "WEBP"),
    ]
    page = shown({"train": [item(image=picture) for picture in pictures]})
    assert widths_of_pictures(page) == [160] * len(pictures)
    given = page.execute_script("""return [...document.images].map((each) =>
        [each.getAttribute("width"), each.getAttribute("height"), each.naturalHeight])""")
    assert given == [["160", "320", 320]] * len(pictures)


def test_a_turned_photograph_stands_upright(shown: Shown) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn right by 90 degrees
    file = io.BytesIO()
    Image.new("RGB", (300, 200)).save(file, "JPEG", exif=exif)
    page = shown({"train": [item(image={"bytes": file.getvalue(), "path": None})]})
    assert widths_of_pictures(page) == [200]


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
    assert len(page.find_elements(By.TAG_NAME, "script")) == 1
    assert page.find_elements(By.CSS_SELECTOR, "[onerror]") == []
    assert page.title == "PMG-Bench · some_config"
    assert complaints(page) == []


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
    assert not page.find_element(By.ID, "split-2").is_displayed()
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


def test_without_scripts_everything_is_there_but_the_search(shown: Shown) -> None:
    page = shown({"train": FORMS["samples"]})
    page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.refresh()
        assert texts(page, "h3") == ["sample-0", "sample-1", "sample-2"]
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
    assert texts(page, "nav a")[0] == "train showing 0 of 12,345 rows"


@pytest.mark.parametrize(("theme", "brightness"), [("light", range(200, 256)), ("dark", range(50))])
def test_the_theme_follows_the_reader(shown: Shown, theme: str, brightness: range) -> None:
    page = shown({"train": [sample()]}, 1440, theme)
    colour = page.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert all(int(part) in brightness for part in re.findall(r"\d+", colour))


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
        write_page("c", {"train": FORMS["samples"]}, {"train": 3}, html)
        written.append(html.read_bytes())
    assert written[0] == written[1]
    assert list(tmp_path.iterdir()) == [html]


def test_a_page_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    html = tmp_path / "page.html"
    html.mkdir()
    with pytest.raises(OSError, match=r"page\.html"):
        write_page("c", {"train": [rating()]}, {"train": 1}, html)
    assert list(tmp_path.iterdir()) == [html]
