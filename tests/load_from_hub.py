"""Loads configs of a repository from the Hub, and compares all rows with those of a folder.

    python load_from_hub.py ORG/NAME FOLDER CONFIG...

Imports nothing of this project: it does what a stranger does.
"""

import sys

import pyarrow as pa
from datasets import load_dataset

repository, folder, *configs = sys.argv[1:]
for config in configs:
    local = load_dataset(folder, config)
    loaded = load_dataset(repository, config)
    assert loaded.keys() == local.keys()
    for split, rows in local.items():
        assert loaded[split].features == rows.features
        assert loaded[split].data.table.equals(rows.data.table)
        stream = load_dataset(repository, config, split=split, streaming=True).with_format("arrow")
        assert pa.concat_tables(list(stream.iter(1000))).equals(rows.data.table)
        first = next(iter(load_dataset(repository, config, split=split, streaming=True)))
        assert first.keys() == rows[0].keys()
        print(f"{config}/{split} {len(rows)} rows")
