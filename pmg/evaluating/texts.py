"""Predicted texts: lines of JSON, each of a sample."""

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from pmg.problems import quoted, shown

LONGEST = 1 << 16  # characters of a text
LONGEST_LINE = 1 << 20  # bytes; JSON may write a character in six
TOLD = 1_000  # sentences of a kind; a million bad lines must not fill the memory
EXPECTED = '{"sample_id": …, "text": …}'


def read_texts(
    path: Path, ids: Collection[str], texts: dict[str, str], extra: list[str], unread: list[str]
) -> None:
    """Add the texts of a file of JSON lines, by sample; a line that is none is told.

    Args:
        path: the file.
        ids: of the samples.
        texts: gets them.
        extra: gets sentences about texts of no sample.
        unread: gets sentences about lines that are none.
    """
    for number, line in enumerate(lines_of(path), 1):
        place = f"{path.name}, line {number}"
        if not line.strip():
            continue
        try:
            sample, text = told(line)
        except ValueError as error:
            tell(unread, f"{place}: {error}")
            continue
        if sample in texts:
            tell(unread, f"{place}: expected each sample once, found {shown(sample)} again")
        elif sample not in ids:
            tell(extra, f"{place}: expected the id of a sample, found {shown(sample)}")
        else:
            texts[sample] = text


def tell(sentences: list[str], sentence: str) -> None:
    """Add a sentence to its kind, as long as there are not too many."""
    if len(sentences) < TOLD:
        sentences.append(sentence)
    elif len(sentences) == TOLD:
        sentences.append(f"more than {TOLD:,}: expected fewer, found others like these")


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a file, those that are too long cut off."""
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE):
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = file.readline(LONGEST_LINE)
            yield line


def told(line: bytes) -> tuple[str, str]:
    """The sample and text of a line. Raises ValueError with a sentence for what is neither."""
    found = quoted(line.decode("utf-8", "replace").strip())
    if len(line) >= LONGEST_LINE:
        raise ValueError(f"expected at most {LONGEST_LINE:,} bytes, found more: {found}")
    try:
        row = json.loads(line, object_pairs_hook=once)
    except RecursionError:
        row = None
    except ValueError as error:
        raise ValueError(f"expected {EXPECTED}, found {found}") from error
    values = [row.get(name) if isinstance(row, dict) else None for name in ("sample_id", "text")]
    sample, text = values
    if not isinstance(sample, str) or not isinstance(text, str):
        raise ValueError(f"expected {EXPECTED}, found {found}")  # noqa: TRY004 - of what was read
    if len(text) > LONGEST:
        raise ValueError(f"expected a text of at most {LONGEST:,} characters, found {len(text):,}")
    return sample, text


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON. Raises ValueError where a key is there twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError(EXPECTED)
    return made
