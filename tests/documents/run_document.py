"""Runs all code of a document, block by block, as a reader would who types it in.

    python run_document.py DOCUMENT

Python goes on in one session, in the current folder; commands are run there too. `make` says what
it would do, as this is one of the tests that `make test` runs.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BUILT = Path("pmg-bench")  # a link to a set, where a block does not make one of that name
MAKES = re.compile(r"build \S+ pmg-bench|--local-dir pmg-bench")
LARGE = ("--scale full", "--scale tiny")  # what a reader draws, and what there is time for here


class Block(NamedTuple):
    """Code in a document."""

    language: str
    code: str


def blocks(document: Path) -> Iterator[Block]:
    """All code of a document, in its order."""
    for found in BLOCK.finditer(document.read_text(encoding="utf-8")):
        yield Block(*found.groups())


def run_shell(code: str) -> None:
    """Run commands, one a line. Raises CalledProcessError where one fails."""
    for line in code.splitlines():
        words = shlex.split(line.replace(*LARGE), comments=True)
        program = {
            "python": [sys.executable],
            "hf": [str(Path(sys.executable).with_name("hf"))],
            "make": ["make", "--dry-run", "--directory", str(ROOT)],
        }[words[0]]
        rest = [str(ROOT / word) if word.endswith(".py") else word for word in words[1:]]
        subprocess.run([*program, *rest], check=True, stdout=subprocess.DEVNULL)


def main(document: Path) -> None:
    session: dict[str, Any] = {"__name__": "document"}
    target = BUILT.readlink()
    for number, block in enumerate(blocks(document)):
        if MAKES.search(block.code):
            BUILT.unlink()
        if block.language == "python":
            exec(compile(block.code, str(document), "exec"), session)  # noqa: S102 - our own
        else:
            run_shell(block.code)
        if not BUILT.is_symlink():
            BUILT.rename(f"made-{number}")
            BUILT.symlink_to(target)
        print(block.language, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
