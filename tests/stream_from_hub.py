"""Streams configs from the Hub: shared among nodes, and stopped and gone on with.

    python stream_from_hub.py ORG/NAME CONFIG...

Imports nothing of this project: it does what a stranger does.
"""

import sys
from collections import Counter
from itertools import islice

from datasets import IterableDataset, load_dataset
from datasets.distributed import split_dataset_by_node


def keys(rows: IterableDataset) -> list[str]:
    """What tells rows apart, in their order."""
    return [str({name: value for name, value in row.items() if "image" not in name or
                 name == "image_sha256"}) for row in rows]  # fmt: skip


repository, *configs = sys.argv[1:]
for config in configs:

    def opened(config: str = config) -> IterableDataset:
        return load_dataset(repository, config, split="train", streaming=True)

    whole = keys(opened())
    for nodes in (1, 2, 3):
        shares = [
            keys(split_dataset_by_node(opened(), rank=rank, world_size=nodes))
            for rank in range(nodes)
        ]
        assert Counter(key for share in shares for key in share) == Counter(whole)
    read: list[str] = []
    state = None
    for count in (len(whole) // 3, len(whole) // 3, len(whole)):
        rows = opened()
        if state is not None:
            rows.load_state_dict(state)
        read += keys(islice(rows, count))
        state = rows.state_dict()
    assert read == whole
    print(f"{config} {len(whole)} rows")
