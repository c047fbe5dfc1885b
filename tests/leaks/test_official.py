"""`verify` holds the official split to its rule, and to no leaks."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pmg.columns import Row
from pmg.manifest import REBUILD, read_manifest
from pmg.problems import Severity
from pmg.verify import verify
from pmg_bench import DOMAINS
from tests.edited import edit

BENCHES = [f"{domain.name}_bench" for domain in DOMAINS]


def plant_own_target(rows: list[Row]) -> None:
    rows[0]["history_ids"] = [rows[0]["target_id"]]


def plant_the_future(rows: list[Row]) -> None:
    first, second = rows[0], rows[1]
    assert first["user_id"] == second["user_id"]
    rows[0] = first | {"history_ids": [second["target_id"]]}


@pytest.mark.parametrize("config", BENCHES)
@pytest.mark.parametrize(
    ("plant", "name"),
    [
        (plant_own_target, "the target in its own history"),
        (plant_the_future, "an item of the history after the target"),
    ],
)
def test_verify_refuses_an_official_split_that_leaks(
    out: Path, config: str, plant: object, name: str
) -> None:
    first: list[str] = []

    def change(rows: list[Row]) -> None:
        plant(rows)  # type: ignore[operator]
        first.append(rows[0]["sample_id"])

    edit(out, config, change, split="test")
    told = [each.sentence for each in verify(out) if each.severity is Severity.ERROR]
    count = read_manifest(out).configs[config]
    total = sum(count.rows(split) for split in count.splits)
    expected = f"{config}: expected no leak ({name}), found 1 of {total:,} samples: test/{first[0]}"
    assert f"{expected}. {REBUILD}." in told


def without_bench(manifest: dict[str, Any]) -> None:
    del manifest["domains"]["movieposter"]["configs"]["movieposter_bench"]


def without_terms(manifest: dict[str, Any]) -> None:
    terms = manifest["domains"]["movieposter"]["configs"]["movieposter_bench"]["terms"]
    terms |= {"disjoint": False, "before": False}


def test_terms_that_are_made_weaker_help_nobody(out: Path) -> None:
    edit(out, "movieposter_bench", plant_the_future, split="test")
    change_manifest(out, without_terms)
    assert "no leak (an item of the history after the target)" in errors(out)


def swap_candidates(rows: list[Row]) -> None:
    rows[0]["candidate_ids"] = rows[0]["candidate_ids"][::-1]


def drop_a_sample(rows: list[Row]) -> None:
    rows.pop()


@pytest.mark.parametrize("change", [swap_candidates, drop_a_sample])
def test_verify_cuts_the_official_split_again(
    out: Path, change: Callable[[list[Row]], None]
) -> None:
    edit(out, "pog_dataset_bench", change, split="validation")
    expected = "expected the samples that its rule cuts of the other tables, found others"
    assert f"pog_dataset_bench, validation: {expected}. {REBUILD}." in errors(out)


def test_verify_holds_the_terms_to_what_was_cut(out: Path) -> None:
    change_manifest(out, without_terms)
    expected = "expected the terms bench, as cut, found others in the manifest"
    assert errors(out) == f"movieposter_bench: {expected}. {REBUILD}."


def test_verify_refuses_an_official_split_that_nobody_would_cut(out: Path) -> None:
    def rate_low(rows: list[Row]) -> None:
        for row in rows:
            row["rating"] = 1.0

    edit(out, "movieposter_interactions", rate_low)
    assert "movieposter_bench: expected none, as its rule cuts none (Interactions: " in errors(out)


def test_verify_misses_an_official_split(out: Path) -> None:
    change_manifest(out, without_bench)
    expected = "expected the samples that its rule cuts of the other tables, found none"
    assert f"movieposter_bench: {expected}. {REBUILD}." in errors(out)


def change_manifest(out: Path, change: Callable[[dict[str, Any]], None]) -> None:
    manifest = json.loads((out / "manifest.json").read_text())
    change(manifest)
    (out / "manifest.json").write_text(json.dumps(manifest))


def errors(out: Path) -> str:
    return " ".join(each.sentence for each in verify(out) if each.severity is Severity.ERROR)


def test_a_user_put_into_two_splits_is_refused(out: Path) -> None:
    users: list[Row] = []
    edit(out, "movieposter_bench", users.extend, split="train")
    edit(out, "movieposter_bench", lambda rows: rows.append(users[0] | {"sample_id": "x"}),
         split="test")  # fmt: skip
    told = errors(out)
    assert "no leak (a user in two splits), found 1 of" in told
    assert "no leak (a held-out target in its user's training), found 1 of" in told
