"""Imports run one way: pmg ← domains ← door."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pmg_bench import DOMAINS

ROOT = Path(__file__).parents[1]
DOMAIN_NAMES = {domain.name for domain in DOMAINS}
DOOR = "pmg_bench"
FILES = sorted(path for room in ("pmg", *DOMAIN_NAMES) for path in (ROOT / room).rglob("*.py"))
ROOM_FILES = {"README.md", "__init__.py", "raw.py", "check.py", "rows.py", "draw.py"}


def imported(path: Path) -> Iterator[str]:
    """The first names of all modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where they lead"
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_arrow_runs_back(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    forbidden = DOMAIN_NAMES - {room} | {DOOR}
    for name in imported(path):
        assert name not in forbidden, f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("domain", sorted(DOMAIN_NAMES))
def test_a_domain_has_its_six_files(domain: str) -> None:
    assert {path.name for path in (ROOT / domain).iterdir()} >= ROOM_FILES


@pytest.mark.parametrize("domain", sorted(DOMAIN_NAMES))
def test_raw_parsing_knows_no_arrow(domain: str) -> None:
    assert not {"datasets", "pyarrow"} & set(imported(ROOT / domain / "raw.py"))
