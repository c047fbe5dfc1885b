"""Files and sentences of attaching in tests."""

from pathlib import Path

from pmg.problems import Severity
from pmg.verify import verify

POSTERS = "movieposter/image_data.pkl"


def errors(folder: Path) -> list[str]:
    return list(verify(folder).sentences(mildest=Severity.ERROR))


def items_of(paths: list[Path], folder: Path) -> list[str]:
    return [path.relative_to(folder / "ser30k" / "images").as_posix() for path in paths]
