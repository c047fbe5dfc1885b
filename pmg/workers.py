"""Processes that share work on one source; nothing else knows how many there are."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from pmg.domain import Domain, Source, open_source
from pmg.options import Options
from pmg.problems import BadCall

T = TypeVar("T")
R = TypeVar("R")

_opened: list[Source] = []  # a worker process's own source, opened once


class Workers:
    """Runs functions of (source, task) in `count` processes; with one, in this process.

    Each process opens the raw files itself: tasks are small descriptions and answers are small,
    and no picture travels through a pipe.
    """

    def __init__(self, count: int, source: Source) -> None:
        self._source = source
        self._pool = None
        if count > 1:
            # Forking a process with threads, which Arrow starts, can hang.
            self._pool = ProcessPoolExecutor(
                count,
                get_context("spawn"),
                _open,
                (source.domain, source.folder.parent, source.options),
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(self, function: Callable[[Source, T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Answers in the order of the tasks, as soon as they are there.

        Raises:
            BadCall: a worker process was killed.
        """
        if self._pool is None:
            yield from (function(self._source, task) for task in tasks)
            return
        futures = [self._pool.submit(_run, function, task) for task in tasks]
        try:
            for future in futures:
                yield future.result()
        except BrokenProcessPool as error:
            raise BadCall(
                "A worker process was ended from outside, as for want of memory. "
                "Start again with fewer --workers."
            ) from error
        finally:
            for future in futures:
                future.cancel()


def _open(domain: Domain[Any], raw_folder: Path, options: Options) -> None:
    _opened.append(open_source(domain, raw_folder, options))


def _run(function: Callable[[Source, Any], R], task: object) -> R:
    return function(_opened[0], task)
