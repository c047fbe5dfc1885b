"""Pushing to a Hub that fails, and being killed: readers see the whole set at every moment."""

import json
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pmg.building.build import build
from pmg.building.jobs import Request
from pmg_bench import DOMAINS
from tests.hub.server import Fault, Server, running
from tests.publishing import (
    REPOSITORY,
    bytes_in,
    bytes_of,
    published,
    push,
    start_push,
    uploads,
)

STICKERS = DOMAINS[2]
COMMIT, TAG, CREATE = r"/commit/main$", r"/tag/[0-9a-f]+$", r"^/api/repos/create$"
PREUPLOAD, BATCH, CONTENT = r"/preupload/main$", r"/objects/batch$", r"^/lfs/"
YAML = r"^/api/validate-yaml$"
REFS, TREE = r"/refs$", r"/tree/[0-9a-f]+$"
CALLS = [
    ("GET", REFS),
    ("GET", TREE),
    ("POST", CREATE),
    ("POST", PREUPLOAD),
    ("POST", BATCH),
    ("PUT", CONTENT),
    ("POST", r"/lfs/.*/verify$"),
    ("POST", r"/lfs/.*/complete$"),
    ("POST", YAML),
    ("POST", COMMIT),
    ("POST", TAG),
]
NOW = {"Retry-After": "0"}


@pytest.fixture(scope="module")
def stickers(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small built folder; not to be changed."""
    out = tmp_path_factory.mktemp("stickers") / "pmg-bench"
    build(Request([STICKERS], raw, out, known=DOMAINS))
    return out


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "hub") as server:
        yield server


def is_whole(hub: Server, out: Path) -> bool:
    """Whether readers saw nothing, and then all: the Hub's own commit, and one of ours."""
    repository = hub.hub.repositories[REPOSITORY]
    first, last = (bytes_of(files) for files in repository.commits.values())
    tagged = repository.tags == {"v1.0.0": repository.branches["main"]}
    return first == {} and last == bytes_in(out) and tagged


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 429, "headers": NOW, "times": 3},
        {"lost": True},
        {"latency": 1.0},
    ],
    ids=lambda fault: next(iter(fault)) + str(fault.get("status", "")),
)
def test_a_fault_of_a_call_is_survived(
    hub: Server, stickers: Path, method: str, path: str, fault: dict[str, object]
) -> None:
    hub.fail(Fault(method, path, **fault))  # type: ignore[arg-type] # as its fields are
    pushed = push(hub, stickers)
    assert pushed.returncode == 0, pushed.stderr
    assert hub.faults_left == 0
    assert is_whole(hub, stickers)
    again = Counter(uploads(hub))
    met = {path for path, count in again.items() if count > 1}
    assert len(met) <= 1, "what had arrived was sent again"


def test_a_hub_that_stays_down_is_told_in_a_sentence(hub: Server, stickers: Path) -> None:
    hub.fail(Fault("POST", COMMIT, times=100, status=503, headers=NOW))
    pushed = push(hub, stickers)
    assert (pushed.returncode, pushed.stdout) == (2, "")
    assert pushed.stderr.splitlines()[-1] == (
        f"pmg-bench: {REPOSITORY}: the Hub answers 503 (a fault). What was sent stays there; the "
        "same call goes on."
    )
    assert bytes_of(published(hub)) == {}
    hub.fail()
    sent = uploads(hub)
    assert push(hub, stickers).returncode == 0
    assert uploads(hub) == sent, "what had arrived was sent again"
    assert is_whole(hub, stickers)


def test_a_page_of_a_proxy_in_place_of_an_answer_is_survived(hub: Server, stickers: Path) -> None:
    hub.fail(Fault("POST", YAML, status=502, body=b"<html>Bad gateway</html>"))
    assert push(hub, stickers).returncode == 0
    assert is_whole(hub, stickers)


def test_a_card_that_the_hub_refuses_is_told_in_a_sentence(hub: Server, stickers: Path) -> None:
    said = {"errors": [{"message": '"license" must be one of a list'}], "warnings": []}
    hub.fail(Fault("POST", YAML, times=100, status=400, body=json.dumps(said).encode()))
    pushed = push(hub, stickers)
    assert (pushed.returncode, pushed.stdout) == (2, "")
    assert pushed.stderr.splitlines()[-1] == (
        f'pmg-bench: {REPOSITORY}: the Hub answers 400 ("license" must be one of a list). What was '
        "sent stays there; the same call goes on."
    )
    assert bytes_of(published(hub)) == {}


def test_nobody_waits_for_a_hub_that_asks_for_a_day(hub: Server, stickers: Path) -> None:
    hub.fail(Fault("POST", COMMIT, status=429, headers={"Retry-After": "86400"}))
    pushed = push(hub, stickers)
    assert (pushed.returncode, pushed.stdout) == (2, "")
    assert f"pmg-bench: {REPOSITORY}: the Hub answers 429 (a fault)." in pushed.stderr


def test_a_file_that_changes_after_it_was_verified_is_not_published(
    hub: Server, stickers: Path, tmp_path: Path
) -> None:
    out = Path(shutil.copytree(stickers, tmp_path / "out"))
    hub.fail(Fault("POST", CREATE, latency=3))
    with start_push(hub, out) as process:
        while process.poll() is None and not any(
            asked.path == "/api/repos/create" for asked in hub.log
        ):
            time.sleep(0.01)
        with (out / "croissant.json").open("a") as file:
            file.write(" ")
        answer, told = process.communicate(timeout=60)
    assert (process.returncode, answer) == (2, "")
    assert told.splitlines()[-1] == (
        f"pmg-bench: {out / 'croissant.json'}: expected the file that was verified, found it "
        "changed meanwhile. Start again."
    )
    assert bytes_of(published(hub)) == {}


def test_whoever_is_killed_in_mid_push_leaves_nothing_to_see(hub: Server, stickers: Path) -> None:
    hub.fail(Fault("POST", COMMIT, latency=60))
    with start_push(hub, stickers) as process:
        while process.poll() is None and not any(
            asked.path.endswith("/commit/main") for asked in hub.log
        ):
            time.sleep(0.01)
        process.kill()
    assert bytes_of(published(hub)) == {}
    sent = uploads(hub)
    assert sent
    hub.fail()
    pushed = push(hub, stickers)
    assert pushed.returncode == 0, pushed.stderr
    assert uploads(hub) == sent, "what had arrived was sent again"
    assert bytes_of(published(hub)) == bytes_in(stickers)


def test_whoever_is_killed_while_files_are_sent_goes_on(hub: Server, stickers: Path) -> None:
    hub.fail(Fault("PUT", CONTENT, times=100, latency=0.3))
    with start_push(hub, stickers) as process:
        while process.poll() is None and not any(
            asked.path.endswith("/verify") for asked in hub.log
        ):
            time.sleep(0.01)
        process.kill()
    assert bytes_of(published(hub)) == {}
    hub.fail()
    repository = hub.hub.repositories[REPOSITORY]
    arrived = {asked.path.split("/")[4] for asked in hub.log if asked.method == "PUT"
               and repository.stored(asked.path.split("/")[4])}  # fmt: skip
    assert arrived
    hub.log.clear()
    pushed = push(hub, stickers)
    assert pushed.returncode == 0, pushed.stderr
    assert not [path for path in uploads(hub) if path.split("/")[4] in arrived]
    assert is_whole(hub, stickers)


def test_somebody_else_who_published_meanwhile_is_not_overwritten(
    hub: Server, stickers: Path
) -> None:
    hub.fail(Fault("POST", COMMIT, latency=2))
    with start_push(hub, stickers) as process:
        while process.poll() is None and not any(
            asked.path.endswith("/commit/main") for asked in hub.log
        ):
            time.sleep(0.01)
        repository = hub.hub.repositories[REPOSITORY]
        theirs = dict(repository.files("main")) | {"README.md": repository.keep(b"theirs")}
        repository.commit("main", theirs, None)
        answer, told = process.communicate(timeout=60)
    assert (process.returncode, answer) == (1, "")
    assert f"{REPOSITORY}: expected the files that were sent, found others: " in told
    assert "Somebody else may have published there meanwhile: look, and start again." in told
    assert bytes_of(published(hub)) == {"README.md": b"theirs"}
    assert repository.tags == {}
