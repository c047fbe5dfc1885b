"""Processes that share work; nothing else knows how many there are."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import MetaPathFinder
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import ModuleType, TracebackType
from typing import Any, Self, TypeVar

import pyarrow as pa

from pmg.problems import BadCall

T = TypeVar("T")
R = TypeVar("R")

ALLOCATORS = {  # what the C library and Arrow do with freed memory
    # A codec asks for the same megabytes for each picture: new pages take a tenth of its time.
    "MALLOC_TRIM_THRESHOLD_": f"{4 << 20}",  # bytes that stay
    "MALLOC_MMAP_THRESHOLD_": f"{4 << 20}",  # what is larger goes at once
    "MALLOC_ARENA_MAX": "1",  # or each thread would keep some of its own
    # Of Arrow's pools the fastest for row groups; where it is missing the usual one, which would
    # keep 40 MB of them.
    **(
        {"ARROW_DEFAULT_MEMORY_POOL": "jemalloc"}
        if "jemalloc" in pa.supported_memory_backends()
        else {"MIMALLOC_PURGE_DELAY": "0"}
    ),
}
WAITING_PER_WORKER = 2  # enough that none is idle, few enough that tasks fill no memory


class Workers:
    """Runs functions of a task in `count` processes; with one, in this process.

    Tasks and answers are small descriptions: no picture travels through a pipe. The processes
    end with the block, and whenever this one ends, however it does.
    """

    def __init__(self, count: int, modules: Sequence[str] = ()) -> None:
        """`modules` are imported by the processes while nobody has work for them yet."""
        self._count, self._waiting, self._modules = count, count * WAITING_PER_WORKER, modules
        self._pool = None
        if count > 1:
            # Forking a process with threads, which Arrow starts, can hang.
            context = get_context("spawn")
            theirs, self._lifeline = context.Pipe(duplex=False)
            self._pool = ProcessPoolExecutor(count, context, _start, (theirs,))

    def __enter__(self) -> Self:
        for _ in range(self._count if self._pool else 0):
            self._submit(_import_all, self._modules)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            if error is not None:  # what they are at would take seconds, and is made anew anyway
                self._lifeline.close()
            self._pool.shutdown(cancel_futures=True)
            self._lifeline.close()

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
            waiting = [self._submit(function, task) for task in islice(remaining, self._waiting)]
            while waiting:
                answer = waiting.pop(0).result()
                waiting += [self._submit(function, task) for task in islice(remaining, 1)]
                yield answer
        except BrokenProcessPool as error:
            raise BadCall(
                "A worker process was ended from outside, as for want of memory. "
                "Start again, with fewer --workers."
            ) from error

    def _submit(self, function: Callable[[T], R], task: T) -> Future[R]:
        if self._pool is None:
            raise ValueError("no processes")
        with _light_processes():
            return self._pool.submit(function, task)


@contextmanager
def _light_processes() -> Iterator[None]:
    """Keep what is started from importing our main module, and from hoarding freed memory.

    With them a process takes three times the memory that its tasks do.
    """
    main = sys.modules["__main__"]
    added = ALLOCATORS.keys() - os.environ.keys()
    # A terminal sends Ctrl-C to all: theirs waits until they leave it to us.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    sys.modules["__main__"] = ModuleType("__main__")
    os.environ.update({name: ALLOCATORS[name] for name in added})
    try:
        yield
    finally:
        sys.modules["__main__"] = main
        for name in added:
            del os.environ[name]
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _NoPandas(MetaPathFinder):
    """Arrow would import it, for 30 MB, only to ask whether a list is one of its series."""

    def find_spec(self, name: str, *_: Any) -> None:  # noqa: ANN401 - as importlib has it
        if name == "pandas":
            raise ModuleNotFoundError(name)


def _import_all(modules: Sequence[str]) -> None:
    for name in modules:
        import_module(name)


def _start(lifeline: Connection) -> None:
    """Leave Ctrl-C to the parent, and end when it lets go of the lifeline, as by ending itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.meta_path.insert(0, _NoPandas())

    def wait() -> None:
        lifeline.poll(None)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
