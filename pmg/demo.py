"""Demo: the whole road on drawn data, for somebody who has nothing yet."""

import shutil
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasets import load_dataset

from pmg.building.build import build
from pmg.building.jobs import Request
from pmg.check import check
from pmg.domain import Domain, DrawSettings
from pmg.options import Options
from pmg.pages.show import show_samples
from pmg.problems import BadCall
from pmg.raw.folder import draw_raw

MADE = ("raw", "pmg-bench", "samples.html")  # what the demo makes, and may make anew
MARK = ".made-by-pmg-bench-demo"


def demo(domains: Sequence[Domain[Any]], folder: Path) -> None:
    """Draw, check, build, load and show, in `folder`; a second run makes it anew.

    Raises:
        BadCall: `folder` holds something that no demo made.
    """
    prepare(folder)
    raw, out, html = (folder / name for name in MADE)
    for domain in domains:
        drawn = draw_raw(domain, raw, DrawSettings("tiny", 0, None, None))
        print(f"draw   {drawn}: stand-ins for what cannot be given away")
    for domain in domains:
        problems = check(domain, raw, Options())
        print(f"check  {raw / domain.name}: {problems.summary()}")
    manifest = build(Request(domains, raw, out)).manifest
    for name, config in manifest.configs.items():
        rows = ", ".join(f"{split} {config.rows(split):,}" for split in config.splits)
        print(f"build  {name}: {rows}")
    for domain in domains:
        sample = load_dataset(str(out.resolve()), domain.name, split="train")[0]
        print(f"load   {domain.name}, row 0: {sample['history_ids']} → {sample['target_id']}")
    print(f"show   {show_samples(out, html)}: open it in a browser")
    print(next_lines(folder, next(iter(manifest.configs))))


def prepare(folder: Path) -> None:
    """Leave `folder` empty but for the mark; only what a demo made is removed."""
    if folder.exists() and not (folder / MARK).is_file() and any(folder.iterdir()):
        raise BadCall(
            f"{folder}: expected no folder, or one of an earlier demo, found other files. "
            "Name another DIR."
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
    for name in MADE:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def next_lines(folder: Path, config: str) -> str:
    """What to type next."""
    return textwrap.dedent(f"""
        Next, in {folder}:

            from datasets import load_dataset
            samples = load_dataset("pmg-bench", "{config}", split="train")
            samples[0]["target_image"].show()
            stream = load_dataset("pmg-bench", "{config}_items", split="train", streaming=True)
            next(iter(stream))["title"]
    """).rstrip()
