"""Loads configs of ./pmg-bench by name, decoding every picture; runs on any datasets from 3.6.

Imports nothing of this project: it does what a stranger does.
"""

import sys
from typing import Any

from datasets import load_dataset


def count_pictures(row: dict[str, Any]) -> int:
    """Decoded pictures in a row; Pillow's images have a size."""
    lists = [value if isinstance(value, list) else [value] for value in row.values()]
    values = [part for parts in lists for part in parts]
    return sum(hasattr(value, "size") and value.convert("RGB").size[0] > 0 for value in values)


for config in sys.argv[1:]:
    for split, rows in load_dataset("pmg-bench", config).items():
        streamed = list(load_dataset("pmg-bench", config, split=split, streaming=True))
        assert len(streamed) == len(rows)
        assert [sorted(row) for row in streamed[:1]] == [sorted(rows.column_names)]
        pictures = sum(map(count_pictures, rows))
        assert pictures == sum(map(count_pictures, streamed))
        wanted = any("Image" in str(kind) for kind in rows.features.values())
        assert wanted == (pictures > 0), "pictures must not come back as plain structs"
        assert load_dataset("pmg-bench", config, split=split + "[:1]")[0].keys() == rows[0].keys()
        column = rows.column_names[0]
        assert load_dataset("pmg-bench", config, split=split, columns=[column]).column_names == [
            column
        ]
        print(f"{config}/{split} {len(rows)} rows, {pictures} pictures")
