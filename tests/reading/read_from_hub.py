"""Reads samples from the Hub, and compares them with those of a folder.

python read_from_hub.py ORG/NAME FOLDER CONFIG SPLIT [first|fetch|all|workers] ...
"""

import sys
from functools import partial

from pmg.reading import remote
from pmg_bench import BadCall, BadData, Items, Samples, collate

REFUSED = 3
remote.SMALL = remote.LARGEST_GAP = 0  # or a drawn set, which is small, would come whole


def main(repository: str, folder: str, config: str, split: str, works: list[str]) -> None:
    samples, local = Samples(repository, config, split), Samples(folder, config, split)
    assert samples.features == local.features
    for work in works:
        if work == "first":
            assert samples[0] == local[0]
        elif work == "fetch":
            assert samples.fetch() is samples
        elif work == "item":
            items = Items(repository, f"{config.removesuffix('_bench')}_items")
            assert items[local[0]["target_id"]]["image"] == local[0]["target_image"]
        elif work == "workers":
            from torch.utils.data import DataLoader  # noqa: PLC0415 - it takes seconds

            loader = DataLoader(
                samples, batch_size=4, num_workers=2, collate_fn=partial(collate, size=(8, 8))
            )
            ids = [sample_id for batch in loader for sample_id in batch["sample_id"]]
            assert ids == [row["sample_id"] for row in local]
        else:
            assert [*samples] == [*local]
        print(work, flush=True)


if __name__ == "__main__":
    try:
        repository, folder, config, split, *works = sys.argv[1:]
        main(repository, folder, config, split, works)
    except (BadCall, BadData) as fault:
        print(fault, file=sys.stderr)
        sys.exit(REFUSED)
