"""Splits by hash: the same in every process, and of about the shares that are promised."""

import os
import subprocess
import sys
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pmg.splits import SHARES, share_of, split_of

IDS = st.text(max_size=40)


@given(IDS)
def test_an_owner_has_one_split(owner: str) -> None:
    assert split_of(owner) in SHARES
    assert split_of(owner) == split_of(owner)


@given(st.lists(IDS, min_size=1, max_size=3))
def test_shares_lie_from_nought_to_one(ids: list[str]) -> None:
    assert 0 <= share_of(*ids) < 1


@given(IDS, IDS)
def test_parts_are_told_apart(first: str, second: str) -> None:
    if first and second and "\x1f" not in first + second:
        assert share_of(first, second) != share_of(first + second)


def test_shares_are_about_80_to_10_to_10() -> None:
    counts = Counter(split_of(f"user {number}") for number in range(20_000))
    assert abs(counts["train"] - 16_000) < 300
    assert abs(counts["validation"] - 2_000) < 200
    assert abs(counts["test"] - 2_000) < 200


def test_what_is_published_never_moves() -> None:
    """Another split of the same user would put test samples of one version into another's train."""
    published = {
        "01-panda-bear": "train",
        "user 1": "test",
        "user 7": "validation",
        "用户四": "test",
        "用户五": "validation",
        "": "train",
    }
    code = f"from pmg.splits import split_of; print({{o: split_of(o) for o in {list(published)}}})"
    for seed in ("0", "1"):
        run = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
        assert run.stdout.strip() == str(published)
