"""Pushing to a Hub over HTTP, with the real client: what arrives, what is refused, what is sent."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pmg.building.build import build
from pmg.building.jobs import Request
from pmg.manifest import read_manifest
from pmg_bench import DOMAINS, PMGBench
from tests.hub.protocol import TOKEN
from tests.hub.server import Fault, Server, running
from tests.publishing import (
    REPOSITORY,
    ROOT,
    bytes_in,
    bytes_of,
    client_of,
    published,
    push,
    uploads,
)

CONFIGS = list(PMGBench.builder_configs)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "hub") as server:
        yield server


@pytest.fixture
def out(built: Path, tmp_path: Path) -> Path:
    """A built folder of this test's own, as `built`."""
    return Path(shutil.copytree(built, tmp_path / "out"))


def test_what_is_pushed_is_the_folder_and_the_program(hub: Server, built: Path) -> None:
    pushed = push(hub, built)
    assert pushed.returncode == 0, pushed.stderr
    assert re.fullmatch(
        rf"{REPOSITORY}: published; commit [0-9a-f]{{12}}, version v1\.0\.0\.\n", pushed.stdout
    )
    files = published(hub)
    assert bytes_of(files) == bytes_in(built)
    program = {path: blob for path, blob in files.items() if path.startswith("code/")}
    assert {
        "code/pmg_bench.py",
        "code/pmg/publishing/push.py",
        "code/movieposter/raw.py",
    } <= program.keys()
    for path, blob in program.items():
        assert blob.source.read_bytes() == (ROOT / path.removeprefix("code/")).read_bytes()
    repository = hub.hub.repositories[REPOSITORY]
    assert repository.tags == {"v1.0.0": repository.branches["main"]}
    assert len(repository.commits) == 2  # the Hub's own, and ours


def test_what_is_pushed_loads_with_every_row(hub: Server, built: Path) -> None:
    assert push(hub, built).returncode == 0
    script = Path(__file__).with_name("load_from_hub.py")
    run = subprocess.run(
        [sys.executable, str(script), REPOSITORY, str(built), *CONFIGS],
        env=client_of(hub),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told = dict(re.findall(r"^(\S+) (\d+) rows$", run.stdout, re.MULTILINE))
    assert told == {
        f"{name}/{split}": str(config.rows(split))
        for name, config in read_manifest(built).configs.items()
        for split in config.splits
    }


def run_code(hub: Server, code: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=client_of(hub), capture_output=True, text=True, check=False)


@pytest.mark.parametrize("flips", [0, 1])
def test_a_byte_that_flips_on_the_way_is_noticed_as_the_card_says(
    hub: Server, built: Path, flips: int
) -> None:
    assert push(hub, built).returncode == 0
    blocks = re.findall(r"```python\n(.*?)```", (built / "README.md").read_text(), re.DOTALL)
    (look,) = (block for block in blocks if "verify_repo_checksums" in block)
    name = "ser30k/items/train-00000-of-00001.parquet"
    within = (built / name).stat().st_size // 2  # a picture
    hub.fail(Fault("GET", "^/cdn/", times=flips, flip=within))
    load = f"from datasets import load_dataset; load_dataset({REPOSITORY!r}, 'ser30k_items')"
    loaded = run_code(hub, load)
    assert (loaded.returncode, hub.faults_left) == (0, 0), loaded.stderr
    found = run_code(hub, look)
    told = re.findall(r"^AssertionError: .*'path': '([^']*)'", found.stderr, re.MULTILINE)
    assert (told, found.returncode) == ([name] * flips, flips)


def test_the_same_again_sends_nothing(hub: Server, built: Path) -> None:
    assert push(hub, built).returncode == 0
    hub.log.clear()
    pushed = push(hub, built)
    assert pushed.returncode == 0, pushed.stderr
    assert "nothing to send, it is there already" in pushed.stdout
    assert [asked for asked in hub.log if asked.method != "GET"] == []
    assert len(hub.hub.repositories[REPOSITORY].commits) == 2


def test_of_an_update_its_own_files_travel_and_stale_ones_go(
    hub: Server, raw: Path, out: Path, tmp_path: Path
) -> None:
    assert push(hub, out).returncode == 0
    before = set(uploads(hub))
    own_raw = Path(shutil.copytree(raw, tmp_path / "own-raw"))
    lines = (own_raw / "pog_dataset" / "user_data.csv").read_text("utf-8").splitlines(True)
    (own_raw / "pog_dataset" / "user_data.csv").write_text("".join(lines[:-1]), "utf-8")
    build(Request(DOMAINS, own_raw, out, data_version="1.1.0", update=True, known=DOMAINS))
    changed = {
        path for path, content in bytes_in(out).items()
        if content != bytes_of(published(hub)).get(path)
    }  # fmt: skip
    pushed = push(hub, out)
    assert pushed.returncode == 0, pushed.stderr
    assert bytes_of(published(hub)) == bytes_in(out)
    sent = {path.split("/")[4] for path in set(uploads(hub)) - before}
    assert sent == {published(hub)[path].sha256 for path in changed if path.endswith(".parquet")}
    told = {"README.md", "croissant.json", "manifest.json"}
    figures = {path for path in changed if path.startswith("figures/")}
    assert figures <= {"figures/pog_dataset-samples.jpg", "figures/pog_dataset-numbers.png"}
    assert {path.split("/")[0] for path in changed - figures} == {*told, "pog_dataset"}
    tags = hub.hub.repositories[REPOSITORY].tags
    assert set(tags) == {"v1.0.0", "v1.1.0"}
    assert bytes_of(published(hub, "v1.0.0")) != bytes_of(published(hub, "v1.1.0"))


def test_what_is_no_more_part_of_the_set_is_dropped(hub: Server, built: Path, out: Path) -> None:
    assert push(hub, out).returncode == 0
    repository = hub.hub.repositories[REPOSITORY]
    files = dict(repository.files("main"))
    files |= {
        "ser30k/samples/train-00007-of-00009.parquet": files["README.md"],
        "code/pmg/gone.py": files["README.md"],
        "LICENSE": files["README.md"],
    }
    repository.commit("main", files, None)
    pushed = push(hub, out, REPOSITORY)
    assert pushed.returncode == 2  # the version is there, with other files
    assert "expected no version v1.0.0, found one with other files" in pushed.stderr
    repository.tags.clear()
    pushed = push(hub, out)
    assert pushed.returncode == 0, pushed.stderr
    left = bytes_of(published(hub))
    assert left.pop("LICENSE") == left["README.md"]  # not ours, and not in our folders
    assert left == bytes_in(built)
    assert "code/pmg/gone.py" not in published(hub)


def test_a_dry_run_lists_and_changes_nothing(hub: Server, built: Path) -> None:
    pushed = push(hub, built, REPOSITORY, "--dry-run")
    assert pushed.returncode == 0, pushed.stderr
    assert not hub.hub.repositories
    for path, content in bytes_in(built).items():
        assert f"  send  {len(content):>14,}  {path}\n" in pushed.stdout
    assert re.search(r"^[0-9,]+ files of [0-9,]+ bytes to send, 0 there already, 0 to drop\.$",
                     pushed.stdout, re.MULTILINE)  # fmt: skip
    assert push(hub, built).returncode == 0
    pushed = push(hub, built, REPOSITORY, "--dry-run")
    assert "\n0 files of 0 bytes to send, " in pushed.stdout


def test_a_branch_has_the_set_and_main_and_tags_stay(hub: Server, built: Path) -> None:
    pushed = push(hub, built, REPOSITORY, "--branch", "next")
    assert pushed.returncode == 0, pushed.stderr
    assert pushed.stdout.endswith(", branch next.\n")
    assert bytes_of(published(hub, "next")) == bytes_in(built)
    assert bytes_of(published(hub)) == {}
    assert hub.hub.repositories[REPOSITORY].tags == {}


def test_private_is_private(hub: Server, built: Path) -> None:
    assert push(hub, built, REPOSITORY, "--private").returncode == 0
    assert hub.hub.repositories[REPOSITORY].private
    assert push(hub, built, REPOSITORY, "--private").returncode == 0


def test_what_is_public_is_not_taken_for_private(hub: Server, built: Path) -> None:
    assert push(hub, built).returncode == 0
    pushed = push(hub, built, REPOSITORY, "--private")
    assert (pushed.returncode, pushed.stdout) == (2, "")
    assert pushed.stderr.splitlines()[-1] == (
        f"pmg-bench: {REPOSITORY}: expected a private repository, found a public one. "
        "Make it private on the Hub, or push without --private."
    )


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("pmg-bench", "Repository: expected ORG/NAME, found 'pmg-bench'."),
        ("a/b/c", "Repository: expected ORG/NAME, found 'a/b/c'."),
        (
            "org/a--b",
            (
                "Repository: expected a name that the Hub takes. Cannot have -- or .. in repo_id: "
                "'org/a--b'."
            ),
        ),
        (
            "org/pmg_bench",
            (
                "org/pmg_bench: expected another name: `datasets` would take pmg_bench.py in a "
                "repository pmg_bench for a loading script, and refuse to load. Call it pmg-bench."
            ),
        ),
    ],
)
def test_names_that_cannot_be_are_refused(
    hub: Server, built: Path, name: str, sentence: str
) -> None:
    pushed = push(hub, built, name)
    assert (pushed.returncode, pushed.stdout) == (2, "")
    assert pushed.stderr.splitlines() == [f"pmg-bench: {sentence}"]
    assert hub.log == []


def test_without_a_token_nobody_is_asked(hub: Server, built: Path) -> None:
    pushed = push(hub, built, HF_TOKEN="")
    assert (pushed.returncode, pushed.stdout) == (2, "")
    assert pushed.stderr.splitlines() == [
        (
            "pmg-bench: Hub: expected a token to write with, found none. "
            "Log in with `hf auth login`, or set HF_TOKEN."
        )
    ]
    assert hub.log == []


def test_a_token_that_may_only_read_is_told(hub: Server, built: Path) -> None:
    pushed = push(hub, built, HF_TOKEN=TOKEN.replace("write", "read"))
    assert (pushed.returncode, pushed.stdout) == (2, "")
    assert pushed.stderr.splitlines()[-1] == (
        f"pmg-bench: {REPOSITORY}: expected a token that may write there, found one that may not. "
        "Make one that may, and `hf auth login` with it."
    )


def test_a_damaged_folder_is_not_pushed(hub: Server, out: Path) -> None:
    path = next(out.rglob("items/*.parquet"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    pushed = push(hub, out)
    assert (pushed.returncode, pushed.stdout) == (1, "")
    assert f"error: {path.relative_to(out).as_posix()}: expected the sha256" in pushed.stderr
    assert hub.log == []
