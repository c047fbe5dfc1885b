"""Damage by chance: a byte or two of a raw file are others, or its end is gone."""

import gzip
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.hostile.cases import WRITERS

TAR = "the tar in images.tar.gz"  # damaged below its wrapping, which would only tell of a checksum


class Mutation(NamedTuple):
    """What was damaged."""

    seed: int
    domain: str
    file: str  # below the domain's folder, or `TAR`
    how: str

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.domain}/{self.file}, {self.how}"


def mutated(seed: int, raw: Path) -> Mutation:
    """Write a sound raw folder and damage one file of it, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - damage, not secrets
    domain = dice.choice(sorted(WRITERS))
    WRITERS[domain](raw)
    file = dice.choice(files_of(domain))
    path = raw / domain / ("images.tar.gz" if file == TAR else file)
    content = bytearray(gzip.decompress(path.read_bytes()) if file == TAR else path.read_bytes())
    how = damage(content, dice)
    path.write_bytes(gzip.compress(content, 1, mtime=0) if file == TAR else content)
    return Mutation(seed, domain, file, how)


def damage(content: bytearray, dice: random.Random) -> str:
    """Change the bytes; answers with what was done."""
    if dice.random() < 0.2:
        length = dice.randrange(len(content))
        del content[length:]
        return f"cut off at byte {length}"
    places = sorted(
        dice.sample(range(len(content)), min(dice.choice((1, 1, 1, 2, 3)), len(content)))
    )
    for place in places:
        content[place] ^= 1 << dice.randrange(8) if dice.random() < 0.5 else dice.randrange(1, 256)
    return f"other bytes at {', '.join(map(str, places))}"


@cache
def files_of(domain: str) -> Sequence[str]:
    """Files that may be damaged; of pictures in a folder one of each kind."""
    with TemporaryDirectory() as folder:
        raw = WRITERS[domain](Path(folder) / "raw") / domain
        names = [
            path.relative_to(raw).as_posix() for path in sorted(raw.rglob("*")) if path.is_file()
        ]
    pictures = {Path(name).suffix: name for name in names if name.startswith("images/")}
    others = [name for name in names if not name.startswith("images/")]
    return sorted([*others, *pictures.values(), *([TAR] if "images.tar.gz" in names else [])])
