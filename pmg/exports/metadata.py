"""metadata.jsonl: what `datasets` reads beside pictures in a folder, a line each."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pmg.columns import Row
from pmg.progress import progress_bar

METADATA = "metadata.jsonl"


def write_metadata(folder: Path, splits: Mapping[str, Iterable[Row]], total: int) -> list[str]:
    """Write the rows of each split, `total` in all, into its folder.

    Answers with the columns that were left out.

    `datasets` takes a column's type from its values, split by split, and refuses splits that
    differ. So a column of which some split has no value at all is left out of all of them.
    """
    told: dict[str, set[str]] = {}
    columns: dict[str, None] = {}
    with progress_bar(total, "export", "rows") as bar:
        for split, rows in splits.items():
            own = told[split] = set()
            with (folder / split / METADATA).open("w", encoding="utf-8") as file:
                for row in rows:
                    columns |= dict.fromkeys(row)
                    own.update(name for name, value in row.items() if is_told(value))
                    print(json.dumps(row, ensure_ascii=False), file=file)
                    bar.update()
    left_out = [name for name in columns if any(name not in own for own in told.values())]
    for split in splits if left_out else ():
        rewrite(folder / split / METADATA, left_out)
    return left_out


def untold(left_out: list[str]) -> list[str]:
    """What there is to say of columns that were left out."""
    if not left_out:
        return []
    return [f"columns left out, as some split has no value of them: {', '.join(left_out)}"]


def rewrite(path: Path, left_out: list[str]) -> None:
    """Leave columns out of a file, line by line."""
    before = path.rename(path.with_suffix(".before"))
    with before.open(encoding="utf-8") as lines, path.open("w", encoding="utf-8") as file:
        for row in map(json.loads, lines):
            kept = {name: value for name, value in row.items() if name not in left_out}
            print(json.dumps(kept, ensure_ascii=False), file=file)
    before.unlink()


def is_told(value: Any) -> bool:  # noqa: ANN401 - whatever a row holds
    """Whether there is something in it that tells its type."""
    return any(map(is_told, value)) if isinstance(value, list) else value is not None
