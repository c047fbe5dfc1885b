"""Processes that share work; nothing else knows how many there are."""

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import connection, get_context, parent_process
from types import TracebackType
from typing import Any, Self, TypeVar

from pmg.problems import BadCall

T = TypeVar("T")
R = TypeVar("R")

WAITING_PER_WORKER = 2  # enough that none is idle, few enough that tasks fill no memory


class Workers:
    """Runs functions of a task in `count` processes; with one, in this process.

    Tasks and answers are small descriptions: no picture travels through a pipe.
    """

    def __init__(self, count: int) -> None:
        self._waiting = count * WAITING_PER_WORKER
        self._pool = None
        if count > 1:
            # Forking a process with threads, which Arrow starts, can hang.
            self._pool = ProcessPoolExecutor(count, get_context("spawn"), _live_with_the_parent)

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

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Answers in the order of the tasks, which are taken as workers become free.

        Raises:
            BadCall: a worker process was ended from outside.
        """
        if self._pool is None:
            yield from map(function, tasks)
            return
        remaining = iter(tasks)
        try:
            waiting: list[Future[R]] = [
                self._pool.submit(function, task) for task in islice(remaining, self._waiting)
            ]
            while waiting:
                answer = waiting.pop(0).result()
                waiting += [self._pool.submit(function, task) for task in islice(remaining, 1)]
                yield answer
        except BrokenProcessPool as error:
            raise BadCall(
                "A worker process was ended from outside, as for want of memory. "
                "Start again, with fewer --workers."
            ) from error


def _live_with_the_parent() -> None:
    """Leave Ctrl-C to the parent, and end when it does, however it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent: Any = parent_process()

    def wait() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
