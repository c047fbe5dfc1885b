"""Loads an export with RecBole 1.2, for a sequential model, and prints what it found.

    python read_by_recbole.py DIR NAME

In an environment of its own: pip install recbole "numpy<2" "pandas<3" ray thop. Imports nothing of
this project.
"""

import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")  # RecBole's own, of what pandas will no longer do

from recbole.config import Config  # noqa: E402 - after its warnings are silenced
from recbole.data import create_dataset, data_preparation  # noqa: E402 - the same


def main(folder: Path, name: str) -> None:
    config = Config(
        model="SASRec",
        dataset=name,
        config_file_list=[str(folder / f"{name}.yaml")],
        config_dict={
            "data_path": str(folder),
            "load_col": None,
            "train_neg_sample_args": None,
            "use_gpu": False,
        },
    )
    found = create_dataset(config)
    parts = data_preparation(config, found)
    samples = ", ".join(f"{len(part.dataset):,}" for part in parts)
    print(f"{name}: {found.user_num - 1:,} users and {found.item_num - 1:,} items;")
    print(f"samples of train, valid and test: {samples};")
    print(f"fields: {', '.join(next(iter(parts[0])).columns)}")


if __name__ == "__main__":
    sys.argv, (folder, name) = sys.argv[:1], sys.argv[1:]  # RecBole reads what is left of them
    main(Path(folder), name)
