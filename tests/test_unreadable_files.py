"""Raw files that may not be read are problems of the data, with their names."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.cases import WRITERS

ROOT = Path(__file__).parents[1]
# Who runs as root reads everything, unless these rights are given up.
WITHOUT_RIGHTS = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
pytestmark = pytest.mark.skipif(
    os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root reads every file"
)


def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
    rights = WITHOUT_RIGHTS if os.geteuid() == 0 else []
    command = [*rights, sys.executable, str(ROOT / "pmg_bench.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def unreadable(tmp_path: Path) -> Callable[[str], Path]:
    def make(name: str) -> Path:
        raw = tmp_path / "raw"
        WRITERS[name.partition("/")[0]](raw)
        (raw / name).chmod(0)
        return raw

    return make


@pytest.mark.parametrize(
    "name",
    [
        *("movieposter/ratings.csv", "movieposter/image_data.pkl", "pog_dataset/images.tar.gz"),
        *("pog_dataset/captions.json", "ser30k/captions.json"),
    ],
)
def test_check_and_build_say_the_same(name: str, unreadable: Callable[[str], Path]) -> None:
    raw = unreadable(name)
    said = []
    for command in (["check", raw], ["build", raw, raw.parent / "out"]):
        answer = run(*command, "--domain", name.partition("/")[0])
        assert answer.returncode == 1, answer.stderr
        said.append(answer.stdout + answer.stderr)
    for each in said:
        assert f"error: {name}: expected " in each
        assert "found a file that cannot be read. Give read permission on it." in each
    assert not (raw.parent / "out").exists()


def test_a_picture_is_left_out_where_it_may_be(unreadable: Callable[[str], Path]) -> None:
    raw = unreadable("ser30k/images/01-panda-bear/sticker_2.png")
    assert run("check", raw).returncode == 1
    answer = run("build", raw, raw.parent / "out", "--on-problem", "skip")
    assert answer.returncode == 0, answer.stderr
    told = (raw.parent / "out" / "ser30k" / "problems.txt").read_text(encoding="utf-8")
    assert "sticker_2.png" in told
    assert "found a file that cannot be read" in told
