"""The program's own files, which are published beside what they built."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pmg.domain import Domain

ROOT = Path(__file__).parents[2]  # of a checkout, or where packages are installed
CODE = "code"  # the folder of the program, beside what it built
DOOR = "pmg_bench.py"
OF_A_CHECKOUT = ("README.md", "dataset_card.md", "pyproject.toml", "requirements.txt")
CACHE = "__pycache__"


def program_files(domains: Sequence[Domain[Any]]) -> Iterator[tuple[str, Path]]:
    """Names below the program's root, and where the files are."""
    names = [DOOR, *(OF_A_CHECKOUT if (ROOT / "dataset_card.md").is_file() else ())]
    paths = [ROOT / name for name in names]
    for package in ("pmg", *(domain.name for domain in domains)):
        found = (ROOT / package).rglob("*")
        paths += [path for path in found if path.is_file() and CACHE not in path.parts]
    for path in sorted(paths):
        yield path.relative_to(ROOT).as_posix(), path
