"""Reads samples through PyTorch's DataLoader, and compares them with those of one process.

    python load_in_workers.py FOLDER CONFIG...

Prints how many there are.
"""

import sys
from functools import partial
from typing import Any

import torch
from torch.utils.data import DataLoader

from pmg_bench import Samples, collate

SIZE = (32, 24)
WORKERS = 2


def same(one: Any, other: Any) -> bool:  # noqa: ANN401 - whatever a batch holds
    return bool(torch.equal(one, other)) if isinstance(one, torch.Tensor) else bool(one == other)


def main(folder: str, configs: list[str]) -> None:
    batches = partial(collate, size=SIZE)
    for config in configs:
        samples = Samples(folder, config, "train", format="torch")
        plain = list(DataLoader(samples, batch_size=5, collate_fn=batches))
        for context in ("fork", "spawn", "forkserver"):
            loader: DataLoader[Any] = DataLoader(
                samples,
                batch_size=5,
                num_workers=WORKERS,
                multiprocessing_context=context,
                collate_fn=batches,
            )
            for one, other in zip(loader, plain, strict=True):
                assert one.keys() == other.keys()
                assert all(same(one[name], other[name]) for name in one)
        first = plain[0]
        assert first["history_images"].shape[2:] == (3, *SIZE)
        assert first["target_image"].shape[1:] == (3, *SIZE)
        assert first["history_mask"].dtype == torch.bool
        print(config, sum(len(batch["sample_id"]) for batch in plain))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
