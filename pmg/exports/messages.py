"""Messages: conversations over pictures, as vision-language models are fine-tuned on.

The layout is that of TRL for its SFT trainer: `images`, and `messages` whose contents have an
`image` for each of them. The user shows a history with its captions, the assistant answers with the
caption of the target.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pmg.columns import Row
from pmg.exports.exported import Exported, joined_splits, shelf_of
from pmg.exports.metadata import untold, write_metadata
from pmg.exports.pictures import write_pictures
from pmg.reading.layout import HISTORY, TARGET
from pmg.reading.rows import CAPTION, Joined
from pmg.reading.sources import Source

ASKED = "I like these, in this order. Describe the picture that I would like next."


def write(source: Source, name: str, folder: Path) -> Exported:
    """Write a config of samples; those whose target has no caption are left out."""
    joined = joined_splits(source, name)
    told = {split: captioned(each) for split, each in joined.items()}
    told = {split: numbers for split, numbers in told.items() if numbers}
    shown = {split: in_histories(joined[split], numbers) for split, numbers in told.items()}
    names = write_pictures(shelf_of(joined), shown, folder)
    rows = {split: message_rows(joined[split], told[split], names) for split in told}
    counts = {split: len(numbers) for split, numbers in told.items()}
    left_out = write_metadata(folder, rows, sum(counts.values()))
    return Exported(counts, [*without_caption(joined, told), *untold(left_out)])


def captioned(joined: Joined) -> list[int]:
    """The samples that have an answer."""
    targets = (joined.rows.value(TARGET, number) for number in range(len(joined.rows)))
    return [
        number
        for number, place in enumerate(targets)
        if joined.shelf.row(place, [CAPTION])[CAPTION] is not None
    ]


def in_histories(joined: Joined, numbers: list[int]) -> list[int]:
    """The places of all items in the histories of some samples."""
    return sorted({place for each in numbers for place in joined.rows.value(HISTORY, each)})


def message_rows(joined: Joined, numbers: list[int], names: dict[int, str]) -> Iterator[Row]:
    for number in numbers:
        row = joined.told(number)
        asked = [block for caption in row["history_captions"] for block in shown_with(caption)]
        yield {
            "images_file_names": [names[each] for each in joined.rows.value(HISTORY, number)],
            "messages": [
                {"role": "user", "content": [*asked, text_of(ASKED)]},
                {"role": "assistant", "content": [text_of(row["target_caption"])]},
            ],
            **{column: row[column] for column in ("sample_id", "user_id", "target_id")},
        }


def shown_with(caption: str | None) -> list[dict[str, Any]]:
    """A picture, and what is seen in it where that is known."""
    shown = {"type": "image", "text": None}
    return [shown] if caption is None else [shown, text_of(caption)]


def text_of(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def without_caption(joined: Mapping[str, Joined], told: Mapping[str, list[int]]) -> list[str]:
    """How many samples are left out, by split."""
    lacking = {split: len(each.rows) - len(told.get(split, ())) for split, each in joined.items()}
    return [
        f"{count:,} samples of {split} are left out, as their target has no caption"
        for split, count in lacking.items()
        if count
    ]
