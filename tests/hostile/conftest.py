"""A sandbox for the tests of a process."""

from collections.abc import Iterator

import pytest

from tests.hostile.sandbox import Sandbox, sandbox


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("sandbox")) as started:
        yield started
