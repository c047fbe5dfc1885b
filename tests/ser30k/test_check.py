"""What is read of sound raw folders of stickers, and of faulty ones all the same."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmg.options import Options
from pmg.problems import Problems, Severity
from pmg.raw.scratch import Scratch
from ser30k.check import Stickers, read
from ser30k.raw import natural_key
from tests.ser30k import faults
from tests.ser30k.raw_folder import CAPTIONS, CAT, EMOTIONS, ITEM_IDS, PANDA, write_raw


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return write_raw(tmp_path / "raw")


def examined(raw: Path) -> tuple[Stickers | None, Problems]:
    problems = Problems()
    return read(raw / "ser30k", Scratch(raw.parent), Options(), problems), problems


def stickers_of(raw: Path, harm: Callable[[Path], None] = faults.nothing) -> Stickers:
    harm(raw)
    stickers, _ = examined(raw)
    assert stickers is not None
    return stickers


def test_a_sound_folder_is_read_as_it_was_written(raw: Path) -> None:
    stickers = stickers_of(raw)
    assert tuple(stickers.stickers) == ITEM_IDS
    assert stickers.with_picture == set(ITEM_IDS)
    assert stickers.emotions == EMOTIONS
    assert stickers.captions == {item_id: (text,) for item_id, text in CAPTIONS.items()}
    first = stickers.annotations[f"{PANDA}/sticker_1.jpg"]
    assert (first.text, first.emotion, first.annotators, first.split) == (
        "HELLO",
        1,
        (1, 1, 7),
        "train",
    )
    assert stickers.annotations[f"{CAT}/sticker_2.jpg"].text is None
    for item_id, sticker in stickers.stickers.items():
        assert sticker.item_id == item_id
        assert sticker.size == (stickers.folder / "images" / item_id).stat().st_size


@pytest.mark.parametrize("harm", [faults.splits_directly, faults.categories_by_name])
def test_ways_to_write_annotations_read_the_same(
    tmp_path: Path, raw: Path, harm: Callable[[Path], None]
) -> None:
    other = stickers_of(write_raw(tmp_path / "other"), harm)
    sound = stickers_of(raw)
    assert other.emotions == sound.emotions
    assert [entry[2:] for entry in other.annotations.values()] == [
        entry[2:] for entry in sound.annotations.values()
    ]


def test_an_annotated_sticker_without_file_exists_without_picture(raw: Path) -> None:
    stickers = stickers_of(raw, faults.stickers_without_file)
    assert tuple(stickers.stickers) == ITEM_IDS
    assert stickers.stickers[ITEM_IDS[1]].size == 0
    assert stickers.with_picture == set(ITEM_IDS) - {ITEM_IDS[1]}


def test_links_and_what_is_no_picture_are_never_published(raw: Path) -> None:
    faults.links(raw)
    stickers = stickers_of(raw, faults.files_that_are_no_stickers)
    assert stickers.with_picture == set(ITEM_IDS[2:])
    assert set(stickers.stickers) == set(ITEM_IDS)


def test_captions_find_their_stickers_under_other_keys(raw: Path) -> None:
    stickers = stickers_of(raw, faults.captions_under_other_keys)
    assert stickers.captions == {
        ITEM_IDS[0]: ("a bear",),
        ITEM_IDS[1]: ("a cat",),
        f"{CAT}/sticker_2.jpg": ("a bear",),
    }


def test_verdicts_that_are_no_emotion_are_null(raw: Path) -> None:
    stickers = stickers_of(raw, faults.entries_that_are_wrong)
    said = [stickers.annotations[item_id] for item_id in ITEM_IDS[:4]]
    assert [entry.emotion for entry in said] == [None, 3, None, None]
    assert said[0].annotators == (None, 1, 7)
    assert said[1].annotators == (2, None, None)
    assert said[2].annotators == (None, 3, 7)


def test_without_categories_emotions_have_no_names(raw: Path) -> None:
    assert stickers_of(raw, faults.categories_missing).emotions is None


def test_only_one_note_on_a_sound_folder(raw: Path) -> None:
    _, problems = examined(raw)
    assert [problem.severity for problem in problems] == [Severity.NOTE]


def test_numbers_in_names_compare_as_numbers() -> None:
    names = ["sticker_10", "sticker_2", "sticker_02", "a", "", "sticker", "sticker_" + "9" * 5000]
    assert sorted(names, key=natural_key) == [
        "",
        "a",
        "sticker",
        "sticker_02",
        "sticker_2",
        "sticker_10",
        "sticker_" + "9" * 5000,
    ]


@given(st.lists(st.text("a0129_"), unique=True))
def test_natural_order_does_not_depend_on_the_order_before(
    names: list[str],
) -> None:
    ordered = sorted(names, key=natural_key)
    assert sorted(sorted(names), key=natural_key) == ordered
    assert len({natural_key(name) for name in names}) == len(names)
