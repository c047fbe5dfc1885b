"""Raw files with a few bytes changed end in a correct build, or in a sentence."""

import collections
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.built import left_out
from tests.hostile.cases import WRITERS
from tests.hostile.conftest import MUTATIONS
from tests.hostile.mutations.agreement import disagreements, sound
from tests.hostile.mutations.mutate import Mutation, mutated
from tests.hostile.sandbox import Sandbox
from tests.torture import SHARE

AT_ONCE = 50  # mutations that a test tries
ALL = 10_000
SEEDS = range(0, ALL, AT_ONCE)
TRIED = SEEDS if SHARE == 1 else SEEDS[: 300 // AT_ONCE]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, and limits memory")


@pytest.mark.parametrize("first", TRIED)
def test_damage_is_told_or_read_as_others_read_it(
    first: int, box: Sandbox, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    outcomes: collections.Counter[str] = collections.Counter()
    faults = []
    for seed in range(first, first + AT_ONCE):
        folder = tmp_path / "case"
        mutation = mutated(seed, folder / "raw")
        outcome, wrong = tried(mutation, box, folder)
        outcomes[outcome] += 1
        faults += [f"{mutation}: {fault}" for fault in wrong]
        shutil.rmtree(folder)
    record_property(MUTATIONS, dict(outcomes))
    assert faults == []


def tried(mutation: Mutation, box: Sandbox, folder: Path) -> tuple[str, list[str]]:
    """What became of a mutation, and what is wrong with that."""
    skip = ["--on-problem", "skip"] if mutation.seed % 2 else []
    command = ["build", "raw", "out", "--workers", "1", "--domain", mutation.domain, *skip]
    outcome = box.run(folder, command, ["verify", "out"])
    if faults := outcome.faults():
        return "failed", faults
    build, verify = outcome.runs
    if build.code == 0:
        lacking = left_out(folder / "out", mutation.domain)
        faults += [] if verify.code == 0 else [verify.said]
        faults += disagreements(folder, mutation.domain, whole=not lacking)
        return "built, with something left out" if lacking else "built", faults
    if build.code != 1 or not re.search("expected .*, found .*[.] [A-Z]", build.said):
        faults.append(f"exit {build.code}: {build.said}")
    if (folder / "out").exists():
        faults.append("half a build was left")
    return "refused", faults


@pytest.mark.parametrize(
    ("domain", "file", "old", "new"),
    [
        ("movieposter", "info.csv", "Signal", "Signet"),
        ("movieposter", "ratings.csv", "4,318,4.0", "4,318,4.5"),
        ("movieposter", "my_valid_data.txt", "1;2;3", "2;1;3"),
        ("pog_dataset", "outfit_data.csv", "b2;d4;f6", "d4;b2;f6"),
        ("pog_dataset", "captions.json", "seen on d4", "seen on x4"),
        ("ser30k", "annotations/all_annos.json", "HELLO", "HULLO"),
    ],
)
def test_a_wrong_row_is_noticed(tmp_path: Path, domain: str, file: str, old: str, new: str) -> None:
    """Otherwise no mutation would prove anything."""
    shutil.copytree(sound(domain)[1], tmp_path / "case")
    path = tmp_path / "case" / "raw" / domain / file
    path.write_text(path.read_text().replace(old, new))
    assert list(disagreements(tmp_path / "case", domain, whole=True))
    assert list(disagreements(tmp_path / "case", domain, whole=False))


@pytest.mark.parametrize("domain", sorted(WRITERS))
def test_what_is_sound_is_read_as_others_read_it(domain: str) -> None:
    assert list(disagreements(sound(domain)[1], domain, whole=True)) == []
