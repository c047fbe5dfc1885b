"""Engines: what runs the tasks of a build. Nothing else knows which there are."""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, TypeVar

from pmg.building.jobs import Request
from pmg.building.nodes import Expected, versions_of
from pmg.inputs import libraries
from pmg.problems import BadCall
from pmg.workers import ALLOCATORS, Workers

T = TypeVar("T")
R = TypeVar("R")

LOCAL, RAY = ENGINES = ("local", "ray")
# Where the functions of tasks are.
OF_TASKS = ("pmg.building.heaps", "pmg.building.shards", "pmg.raw.segments")
ADDRESS, OWN = "RAY_ADDRESS", "local"  # Ray's own words: which cluster, and one just for us


class Engine(Protocol):
    """Runs functions of a task, several at a time.

    Tasks and answers are small descriptions, with absolute paths. A function writes whole files
    under names that nobody else has, so that a task may be run again wherever it was lost.
    """

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Answers in the order of the tasks, which are taken as there is room for them.

        What a task raises is raised here.

        Raises:
            BadCall: what ran a task was lost, and so often that it is not tried again.
        """


def require_engine(name: str) -> None:
    """Raise BadCall where there is no such engine, or it is not installed."""
    if name not in ENGINES:
        raise BadCall(f"Engine: expected {' or '.join(ENGINES)}, found {name!r}.")
    if name == RAY and find_spec("ray") is None:
        raise BadCall(
            "Engine ray: expected Ray to be installed, found none. "
            'Install it with `pip install "pmg-bench[ray]"`.'
        )


@contextmanager
def open_engine(request: Request, work: Path) -> Iterator[Engine]:
    """The engine that was asked for, while the block runs; `work` is the folder in work.

    Raises:
        BadCall: a cluster that cannot be reached, or a node of it that would not do the same.
    """
    if request.engine == LOCAL:
        with Workers(request.workers or 1, OF_TASKS) as workers:
            yield workers
        return
    address = os.environ.get(ADDRESS) or OWN
    with _environment(ray_settings(own=address == OWN)):
        from pmg.building.ray_engine import open_ray  # noqa: PLC0415 - an optional requirement

        with open_ray(address, request.workers, expected(request, work)) as engine:
            yield engine


def expected(request: Request, work: Path) -> Expected:
    """What every node must have and see, as it is here."""
    domains = [(request.raw_folder / domain.name, domain.files) for domain in request.domains]
    paths = [folder / name for folder, names in domains for name in names]
    files = {str(path): path.stat().st_size for path in paths if path.is_file()}
    return Expected(versions_of(libraries()), request.raw_folder, files, work)


def ray_settings(*, own: bool) -> dict[str, str]:
    """What Ray reads when it is imported and hands to all that it starts, for our own cluster too.

    Our own listens to this machine only, and there to nobody but us.
    """
    settings = {
        "RAY_USAGE_STATS_ENABLED": "0",  # nothing is told to anybody
        "RAY_DEDUP_LOGS_SKIP_REGEX": "^",  # or it prints among what we answer
        "RAY_task_oom_retries": "3",  # of tasks ended for want of memory; else without end
        **ALLOCATORS,
    }
    if own:
        settings |= {
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # what it calls a machine by itself
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": secrets.token_hex(32),  # else one is left in the user's home
        }
    return settings


@contextmanager
def _environment(settings: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(settings | before)  # what the user set stays
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
