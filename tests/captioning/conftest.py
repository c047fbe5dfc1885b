"""What these tests share: raw folders without captions, and endpoints."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.captioning.endpoint import Endpoint

Start = Callable[..., Endpoint]


@pytest.fixture
def uncaptioned(raw: Path, tmp_path: Path) -> Path:
    """The drawn raw folder without any file of captions."""
    return Path(shutil.copytree(raw, tmp_path / "raw", ignore=shutil.ignore_patterns("*captions*")))


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts endpoints: so many answers at a time, seconds of each, faults by a digit."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    started: list[Endpoint] = []

    def start(
        at_once: int = 16, seconds: float = 0.0, faults: dict[str, list[str]] | None = None
    ) -> Endpoint:
        endpoint = Endpoint(at_once, seconds, faults or {})
        threading.Thread(target=endpoint.serve_forever, daemon=True).start()
        started.append(endpoint)
        return endpoint

    yield start
    for endpoint in started:
        endpoint.shutdown()
        endpoint.server_close()
