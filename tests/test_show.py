"""What `show` reads for its pages."""

from pathlib import Path

import pyarrow.parquet as pq
from datasets import Features

from pmg.manifest import read_manifest
from pmg.show import SHOWN_ROWS, first_rows, show_samples


def test_emotions_are_shown_by_their_names(built: Path) -> None:
    for config, column in (("ser30k_items", "emotion"), ("ser30k", "history_emotions")):
        told = read_manifest(built).configs[config].splits["train"]
        files = [built / file.path for file in told]
        table = pq.read_table(files[0]).slice(0, SHOWN_ROWS)
        kind = Features.from_arrow_schema(table.schema)[column]
        names = getattr(kind, "feature", kind).names
        stored = table[column].to_pylist()
        shown = [row[column] for row in first_rows(files)]
        assert shown == [
            [names[each] for each in value] if isinstance(value, list) else names[value]
            for value in stored
        ]
        assert "happiness" in str(shown)


def test_the_page_of_the_demo_has_samples_of_every_domain(built: Path, tmp_path: Path) -> None:
    page = show_samples(built, tmp_path / "page.html").read_text(encoding="utf-8")
    for name, config in read_manifest(built).configs.items():
        if config.folder == "samples":
            for split in config.splits:
                assert f"{name}, {split}" in page
