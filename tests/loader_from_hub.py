"""Reads configs from the Hub as a stream through PyTorch's DataLoader, as training does.

    python loader_from_hub.py ORG/NAME CONFIG...

Imports nothing of this project: it does what a stranger does.
"""

import sys
from collections import Counter
from typing import Any

from datasets import IterableDataset, load_dataset
from datasets.distributed import split_dataset_by_node
from torch.utils.data import DataLoader

WORKERS = (0, 1, 2, 4)
NODES = (1, 2, 3)


def told(row: dict[str, Any]) -> str:
    """A row with its pictures by their pixels, as they travel from a worker."""
    return str({name: as_text(value) for name, value in row.items()})


def as_text(value: Any) -> object:  # noqa: ANN401 - whatever a row holds
    if isinstance(value, list):
        return [as_text(each) for each in value]
    return hash(value.tobytes()) if hasattr(value, "tobytes") else value


def rows_of(samples: IterableDataset, workers: int) -> list[str]:
    loader = DataLoader(samples, batch_size=4, num_workers=workers, collate_fn=list)
    return [told(row) for batch in loader for row in batch]


repository, *configs = sys.argv[1:]
for config in configs:
    samples = load_dataset(repository, config, split="train", streaming=True)
    whole = Counter(told(row) for row in samples)
    for workers in WORKERS:
        for nodes in NODES:
            shares = [
                rows_of(split_dataset_by_node(samples, rank=rank, world_size=nodes), workers)
                for rank in range(nodes)
            ]
            assert Counter(row for share in shares for row in share) == whole, (workers, nodes)
    print(f"{config} {whole.total()} rows of {samples.num_shards} shards")
