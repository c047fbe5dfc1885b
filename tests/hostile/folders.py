"""Raw folders with links, depths and files that no picture or table is."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.hostile.cases import Case

TOPIC = "ser30k/images/02-cat"


def linked(name: str, target: str) -> Callable[[Path], None]:
    def link(raw: Path) -> None:
        (raw / name).unlink(missing_ok=True)
        (raw / name).symlink_to(target)

    return link


def deep(raw: Path) -> None:
    """600 folders, one in the other."""
    here = os.open(raw / TOPIC, os.O_RDONLY)
    for _ in range(600):
        os.mkdir("a", dir_fd=here)
        inner = os.open("a", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


def sparse(name: str, size: int) -> Callable[[Path], None]:
    """A file of a terabyte that takes no room."""

    def truncate(raw: Path) -> None:
        with (raw / name).open("wb") as file:
            file.truncate(size)

    return truncate


def moved_away(raw: Path, name: str) -> None:
    """Only a link to the folder is left."""
    (raw / name).rename(raw.parent / "elsewhere")
    (raw / name).symlink_to(raw.parent / "elsewhere")


def fifo(name: str) -> Callable[[Path], None]:
    def make(raw: Path) -> None:
        (raw / name).unlink(missing_ok=True)
        os.mkfifo(raw / name)

    return make


def many_files(raw: Path) -> None:
    for number in range(5_000):
        (raw / TOPIC / f"{number}.txt").write_bytes(b"")


def cases() -> Iterator[Case]:
    harms: dict[str, tuple[str, Callable[[Path], None]]] = {
        "folders 600 deep": ("ser30k", deep),
        "a picture of a terabyte": ("ser30k", sparse(f"{TOPIC}/big.jpg", 1 << 40)),
        "a link to the machine's memory": ("ser30k", linked(f"{TOPIC}/x.jpg", "/proc/kcore")),
        "a link to zeros": ("movieposter", linked("movieposter/ratings.csv", "/dev/zero")),
        "a link to nothing": ("movieposter", linked("movieposter/links.csv", "nowhere")),
        "a link to itself": ("movieposter", linked("movieposter/links.csv", "links.csv")),
        "a link to what never ends": ("ser30k", linked(f"{TOPIC}/x.jpg", "/proc/kmsg")),
        "a link to annotations": (
            "ser30k",
            lambda raw: moved_away(raw, "ser30k/annotations/image-level"),
        ),
        "a link to a folder of users": ("ser30k", linked("ser30k/images/03-home", "/root")),
        "a fifo for a table": ("movieposter", fifo("movieposter/ratings.csv")),
        "a fifo for an archive": ("pog_dataset", fifo("pog_dataset/images.tar.gz")),
        "a fifo for a picture": ("ser30k", fifo(f"{TOPIC}/sticker_1.jpg")),
        "5,000 empty files": ("ser30k", many_files),
    }
    for name, (domain, harm) in harms.items():
        yield Case("folders", name, domain, harm)
