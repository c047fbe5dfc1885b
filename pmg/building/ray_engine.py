"""The engine of several machines: tasks of a Ray cluster. Nothing else imports Ray.

A cluster is the one that RAY_ADDRESS names, or one of this machine that ends with the build.
"""

import logging
import os
import re
import secrets
import socket
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import ray
from ray.exceptions import RayError, RayTaskError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from pmg.building.nodes import Expected, faults_here, other_versions, refuse_nodes, token_name
from pmg.problems import BadCall

T = TypeVar("T")
R = TypeVar("R")

OWN = "local"  # as Ray calls a cluster that it starts for us
RETRIES = 3  # of a task whose process or node was lost
WAITING_PER_WORKER = 2  # finished ones included: while a slow one is waited for, others go on
SECONDS_BETWEEN_LOOKS = 5.0  # at whether any node is left
SECONDS_TO_CONNECT, SECONDS_TO_ANSWER = 10.0, 60.0
HOST_AND_PORT = re.compile(r"([\w.-]+):([0-9]{1,5})")
STORE_BYTES = 80 << 20  # the least that Ray allows; descriptions need none of it
QUIET: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.CRITICAL}


@contextmanager
def open_ray(address: str, count: int | None, expected: Expected) -> Iterator["RayEngine"]:
    """An engine of at most `count` tasks at a time; None: one for every processor of the cluster.

    Raises:
        BadCall: a cluster that cannot be reached, or a node that is not as expected.
    """
    settings: dict[str, Any] = {"dir": short_folder(), "ignore_cleanup_errors": True}
    with TemporaryDirectory(prefix="pmg-", **settings) as scratch:
        try:
            connect(address, count, scratch)
            refuse_nodes(faults_by_node(expected))
            yield RayEngine(count or processors(), expected.versions)
        finally:
            # Ends what is out, too. To cancel it first can meet a task that finishes: Ray aborts.
            ray.shutdown()


def short_folder() -> str | None:
    """Where Ray's sockets may lie: their paths have at most 107 characters, and it takes 70."""
    folder = os.environ.get("RAY_TMPDIR", "/tmp")  # noqa: S108 - a folder of our own is made there
    return folder if Path(folder).is_dir() else None


def connect(address: str, count: int | None, scratch: str) -> None:
    """Reach a cluster, or start our own; of that, logs and sockets lie in `scratch`."""
    own: dict[str, Any] = {
        "num_cpus": count,
        "include_dashboard": False,
        "object_store_memory": STORE_BYTES,
        "_temp_dir": scratch,
    }
    try:
        require_listener(address)
        ray.init(address, **QUIET, **(own if address == OWN else {}))
    except (RuntimeError, ValueError, OSError) as error:
        raise BadCall(
            f"RAY_ADDRESS={address}: expected a Ray cluster that answers, with the same versions "
            f"of Ray and Python and a node on this machine, found none: {first_sentence(error)} "
            "Start one, or name another."
        ) from error


def require_listener(address: str) -> None:
    """Raise OSError where nothing listens; Ray would try for minutes, and not in silence."""
    if found := HOST_AND_PORT.fullmatch(address):
        socket.create_connection((found[1], int(found[2])), SECONDS_TO_CONNECT).close()


def nodes() -> dict[str, str]:
    """Ids of the living nodes that run tasks, with what people call them."""
    return {
        node["NodeID"]: f"node {node['NodeManagerAddress']} ({node['NodeID'][:8]})"
        for node in ray.nodes()
        if node["Alive"] and node["Resources"].get("CPU")
    }


def processors() -> int:
    return max(1, int(ray.cluster_resources().get("CPU", 0)))


def faults_by_node(expected: Expected) -> dict[str, list[str]]:
    """What is wrong with each node, by name."""
    token = secrets.token_hex(8)
    asked = {}
    (expected.work / token_name(token)).touch()
    try:
        for node in nodes():
            there = NodeAffinitySchedulingStrategy(node, soft=False)
            ask = ray.remote(faults_here).options(num_cpus=0, scheduling_strategy=there)
            asked[node] = ask.remote(expected, token_name(token), token_name(token, node))
        return {
            name: faults_told(asked[node]) or faults_seen(expected, token_name(token, node))
            for node, name in nodes().items()
            if node in asked
        }
    finally:
        for path in expected.work.glob(f"{token}*"):
            path.unlink()


def faults_told(answer: Any) -> list[str]:  # noqa: ANN401 - Ray's
    try:
        return list(ray.get(answer, timeout=SECONDS_TO_ANSWER))
    except RayError as error:  # as where this program is not installed
        return [f"no answer ({first_sentence(cause_of(error)).rstrip('.')})"]


def faults_seen(expected: Expected, answer: str) -> list[str]:
    seen = (expected.work / answer).is_file()
    return [] if seen else [f"another {expected.work}"]


class RayEngine:
    """Runs at most `count` tasks at a time, each on a node with these versions or not at all."""

    def __init__(self, count: int, versions: dict[str, str]) -> None:
        self._count, self._versions = count, versions
        self._at_work: list[Any] = []  # tasks that nobody has seen finished

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        remaining = iter(tasks)
        waiting: deque[Any] = deque()  # whose answers were not yet taken
        while True:
            room = min(
                self._count - len(self._at_work), self._count * WAITING_PER_WORKER - len(waiting)
            )
            for task in islice(remaining, room):
                waiting.append(self._start(function, task))
            if not waiting:
                return
            self._wait()
            while waiting and waiting[0] not in self._at_work:
                yield answer_of(waiting.popleft())

    def _start(self, function: Callable[[T], R], task: T) -> Any:  # noqa: ANN401 - Ray's
        run = ray.remote(run_on_node).options(
            name=function.__name__, num_cpus=1, max_retries=RETRIES, scheduling_strategy="SPREAD"
        )
        started = run.remote(self._versions, function, task)
        self._at_work.append(started)
        return started

    def _wait(self) -> None:
        """Wait until a task has finished, or for some time."""
        _, self._at_work = ray.wait(self._at_work, timeout=SECONDS_BETWEEN_LOOKS)
        if self._at_work and not nodes():
            raise BadCall("Engine ray: every node was lost. Start again, with others.")


def run_on_node(versions: dict[str, str], function: Callable[[T], R], task: T) -> R:
    """Run a task where the versions are the expected ones, as they may not be on a late node.

    Raises:
        BadCall: they are not.
    """
    if others := list(other_versions(versions)):
        refuse_nodes({"a node that came later": others})
    return function(task)


def answer_of(finished: Any) -> Any:  # noqa: ANN401 - of any task
    """What a task answered. Raises what it raised, or BadCall where it was lost too often."""
    try:
        return ray.get(finished)
    except RayTaskError as error:
        raise cause_of(error) from error
    except RayError as error:
        raise BadCall(
            f"Engine ray: a task was lost {RETRIES + 1} times, as for want of memory: "
            f"{first_sentence(error)} Start again, with fewer --workers or larger nodes."
        ) from error


def cause_of(error: RayError) -> BaseException:
    """What was raised on the node, as it was there."""
    cause = getattr(error, "cause", None)
    return cause if isinstance(cause, BaseException) else error


def first_sentence(error: BaseException) -> str:
    """What an error says first; pages may follow, and names of logs that have gone."""
    said = error.strerror if isinstance(error, OSError) else None
    text = next(iter((said or str(error)).strip().splitlines()), "") or type(error).__name__
    return f"{text.split('. ')[0].rstrip('.')}."
