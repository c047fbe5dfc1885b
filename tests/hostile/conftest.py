"""A sandbox for the tests of a process, and the count of what became of mutations."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.hostile.sandbox import Sandbox, sandbox

MUTATIONS = "mutations"  # a property of tests: how many ended how


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("sandbox")) as started:
        yield started


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == MUTATIONS and report.when == "call":
                    counts.update(value)
    if counts:
        told = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items()))
        terminalreporter.write_line(f"{counts.total():,} mutations: {told}")
