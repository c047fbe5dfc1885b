"""Reads exports with the programs that they are for.

    python read_back.py messages DIR     # datasets, and TRL's own checks of the layout
    python read_back.py recbole DIR NAME # cornac

Imports nothing of this project: it does what a stranger does. Prints the rows of each split.
"""

import sys
from pathlib import Path


def read_messages(folder: Path) -> None:
    from datasets import load_dataset  # noqa: PLC0415 - only one of the programs may be there
    from trl.data_utils import (  # noqa: PLC0415 - the same
        is_conversational,
        prepare_multimodal_messages,
    )

    for split, rows in load_dataset("imagefolder", data_dir=str(folder)).items():
        for row in rows:
            assert is_conversational(row)
            images = row["images"]
            prepared = prepare_multimodal_messages(row["messages"], images=images)
            blocks = [block for message in prepared for block in message["content"]]
            assert [block["image"] for block in blocks if block["type"] == "image"] == images
            assert all(block["text"] for block in blocks if block["type"] == "text")
        print(split, len(rows))


def read_recbole(folder: Path, name: str) -> None:
    from cornac.data import Dataset, Reader  # noqa: PLC0415 - the same

    met = Reader().read(str(folder / name / f"{name}.inter"), fmt="UIRT", skip_lines=1)
    events = {(user, item) for user, item, _, _ in met}
    print("all", len(met))
    for path in sorted((folder / name).glob(f"{name}.*.inter")):
        samples = Reader().read(str(path), fmt="UIR", skip_lines=1)
        if name.endswith("_bench"):  # other targets may be of no click, as those of outfits
            assert {(user, item) for user, item, _ in samples} <= events
        built = Dataset.build(samples)
        print(path.name.split(".")[1], len(samples), built.num_users, built.num_items)


if __name__ == "__main__":
    if sys.argv[1] == "messages":
        read_messages(Path(sys.argv[2]))
    else:
        read_recbole(Path(sys.argv[2]), sys.argv[3])
