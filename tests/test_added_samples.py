"""`samples` and `build --protocol`: one way in, the same bytes."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from datasets import load_dataset

from pmg.building import added_samples
from pmg.building.build import build
from pmg.building.jobs import Request
from pmg.building.work_folder import locked_folder
from pmg.columns import Row
from pmg.manifest import read_manifest
from pmg.problems import Severity
from pmg.protocols.protocol import read_protocol
from pmg.verify import verify
from pmg_bench import DOMAINS, main
from tests.built import digests
from tests.edited import edit
from tests.test_contract import OLD_PYTHON

SPEC = "windows3,negatives=2,seed=1,within=category"


def errors(out: Path) -> list[str]:
    return [each.sentence for each in verify(out) if each.severity is Severity.ERROR]


def test_it_gives_the_bytes_that_build_gives(raw: Path, out: Path, tmp_path: Path) -> None:
    before = digests(out)
    assert main(["samples", str(out), "--protocol", SPEC]) == 0
    added = digests(out)
    assert added.items() > before.items()
    build(Request(DOMAINS, raw, tmp_path / "built", protocol=read_protocol(SPEC)))
    assert digests(tmp_path / "built") == added
    for name in ("README.md", "croissant.json"):
        assert (tmp_path / "built" / name).read_text("utf-8") == (out / name).read_text("utf-8")
    assert read_manifest(tmp_path / "built") == read_manifest(out)
    assert errors(out) == errors(tmp_path / "built") == []


def test_it_loads_and_the_card_tells_of_it(
    out: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["samples", str(out), "--protocol", "temporal4,fraction=0.8",
                 "--domain", "movieposter"]) == 0  # fmt: skip
    monkeypatch.chdir(out.parent)
    loaded = load_dataset("pmg-bench", "movieposter_temporal4")
    assert loaded.keys() == {"train", "test"}
    assert "`movieposter_temporal4`" in (out / "README.md").read_text(encoding="utf-8")
    assert "temporal4,fraction=0.8" in (out / "README.md").read_text(encoding="utf-8")
    if not OLD_PYTHON.exists():
        pytest.skip("`make .venv-datasets3/ready` makes the old datasets")
    code = (
        "from datasets import load_dataset\n"
        "print(len(load_dataset('pmg-bench', 'movieposter_temporal4', split='test')))"
    )
    run = subprocess.run(
        [str(OLD_PYTHON), "-c", code],
        cwd=out.parent,
        env=os.environ | {"HF_HOME": str(own_home / "old")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.strip() == str(len(loaded["test"])), run.stderr


def test_the_same_again_is_nothing_to_do(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["samples", str(out), "--protocol", "windows3", "--json"]
    assert main(call) == 0
    first = json.loads(capsys.readouterr().out)
    state = (out / "manifest.json").read_bytes()
    assert main(call) == 0
    second = json.loads(capsys.readouterr().out)
    assert (out / "manifest.json").read_bytes() == state
    assert [each["added"] for each in first.values()] == [True] * 3
    assert [each["added"] for each in second.values()] == [False] * 3
    assert first["movieposter_windows3"]["terms"]["filters"]
    assert main(call[:-1]) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_others_under_the_name_are_replaced_when_asked(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["samples", str(out), "--protocol", "windows3"]) == 0
    before = digests(out)
    other = ["samples", str(out), "--protocol", "windows3,step=2", "--domain", "ser30k"]
    assert main(other) == 2
    assert capsys.readouterr().err == (
        f"pmg-bench: {out}, config ser30k_windows3: expected none, or one by the same protocol, "
        "found windows3. Replace it with --update.\n"
    )
    assert digests(out) == before
    assert main([*other, "--update"]) == 0
    assert digests(out) != before
    assert errors(out) == []


def test_domains_join_one_after_the_other(out: Path) -> None:
    assert main(["samples", str(out), "--protocol", "windows3", "--domain", "ser30k"]) == 0
    assert main(["samples", str(out), "--protocol", "windows3"]) == 0
    assert main(["samples", str(out), "--protocol", "windows3,step=1"]) == 0
    found = {name for name in read_manifest(out).configs if name.endswith("_windows3")}
    assert found == {f"{domain.name}_windows3" for domain in DOMAINS}
    assert errors(out) == []


def test_two_calls_at_once_lose_nothing(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def after_another(folder: Path) -> Iterator[Path]:
        monkeypatch.setattr(added_samples, "locked_folder", locked_folder)
        assert main(["samples", str(out), "--protocol", "windows3"]) == 0
        with locked_folder(folder) as path:
            yield path

    monkeypatch.setattr(added_samples, "locked_folder", after_another)
    assert main(["samples", str(out), "--protocol", "windows4"]) == 0
    assert {"ser30k_windows3", "ser30k_windows4"} <= read_manifest(out).configs.keys()
    assert errors(out) == []


def test_what_lies_beside_stays(out: Path) -> None:
    (out / ".cache" / "huggingface" / "empty").mkdir(parents=True)
    (out / ".gitattributes").write_text("x")
    (out / ".cache" / "huggingface" / "link").symlink_to("nowhere")
    assert main(["samples", str(out), "--protocol", "windows3"]) == 0
    assert (out / ".cache" / "huggingface" / "empty").is_dir()
    assert (out / ".cache" / "huggingface" / "link").is_symlink()
    assert (out / ".gitattributes").read_text() == "x"


def test_updates_cut_them_again(raw: Path, out: Path, tmp_path: Path) -> None:
    assert main(["samples", str(out), "--protocol", "windows3"]) == 0
    copy = tmp_path / "raw"
    shutil.copytree(raw, copy)
    ratings = copy / "movieposter" / "ratings.csv"
    lines = ratings.read_text(encoding="utf-8").splitlines(keepends=True)
    ratings.write_text("".join(lines[:-20]), encoding="utf-8")
    assert main(["build", str(copy), str(out), "--update"]) == 0
    fresh = tmp_path / "fresh"
    build(Request(DOMAINS, copy, fresh, protocol=read_protocol("windows3")))
    assert digests(out) == digests(fresh)


def test_build_asks_for_an_update_where_out_lacks_them(
    raw: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["build", str(raw), str(out), "--protocol", "windows4"]
    assert main(call) == 2
    assert "Build with --update" in capsys.readouterr().err
    assert main([*call, "--update"]) == 0
    assert main(call) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert main(["build", str(raw), str(out)]) == 0
    assert "movieposter_windows4" in read_manifest(out).configs


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--protocol", "temporal5,fraction=0.8", "--domain", "ser30k"],
            (
                "ser30k: expected interactions with timestamp, which temporal5,fraction=0.8 goes"
                " by, found none. Choose another protocol, or another domain by --domain."
            ),
        ),
        (
            ["--protocol", "windows3,k_core=500", "--domain", "movieposter"],
            (
                "movieposter, Interactions: expected some to make samples of, found none. with a"
                " picture: 720 → 720 interactions, 24 → 24 users, 60 → 60 items. 500-core: 720 → 0"
                " interactions, 24 → 0 users, 60 → 0 items."
            ),
        ),
    ],
)
def test_what_cannot_be_cut_leaves_all_as_it_was(
    out: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    before = digests(out)
    assert main(["samples", str(out), *arguments]) == 2
    assert capsys.readouterr().err == f"pmg-bench: {sentence}\n"
    assert digests(out) == before
    assert not [path for path in out.parent.glob("pmg-bench.incomplete/*") if path.is_dir()]


def test_build_refuses_a_protocol_before_it_encodes(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["build", str(raw), str(tmp_path / "out"), "--protocol", "temporal5,fraction=0.5"]
    assert main(call) == 2
    told = capsys.readouterr().err
    assert "pog_dataset: expected interactions with timestamp" in told
    assert "encode" not in told
    assert not (tmp_path / "out").exists()


def test_damaged_tables_are_not_cut(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = (out / "movieposter" / "interactions").glob("*.parquet")
    path.write_bytes(path.read_bytes()[:-100])
    assert main(["samples", str(out), "--protocol", "windows3"]) == 2
    assert "expected the file that was built, found it damaged" in capsys.readouterr().err


def test_interactions_with_unknown_items_are_not_cut(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def invent(rows: list[Row]) -> None:
        rows[0]["item_id"] = "nothing"

    edit(out, "movieposter_interactions", invent)
    before = digests(out)
    call = ["samples", str(out), "--protocol", "windows3", "--domain", "movieposter"]
    assert main(call) == 2
    assert capsys.readouterr().err == (
        "pmg-bench: movieposter, Items: expected all items of the interactions, found 1 of 61 that "
        "are not among them: nothing.\n"
    )
    assert digests(out) == before


def test_a_domain_that_is_not_there_is_named(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "movies"
    build(Request(DOMAINS[:1], raw, out))
    assert main(["samples", str(out), "--protocol", "windows3", "--domain", "ser30k"]) == 2
    assert capsys.readouterr().err == (
        f"pmg-bench: {out}: expected the domain ser30k, found none of it. Build it first.\n"
    )


def test_help_names_the_rules_with_their_options() -> None:
    run = subprocess.run(
        [sys.executable, "pmg_bench.py", "samples", "--help"],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "leave_last_out: shortest, min_rating, k_core" in " ".join(run.stdout.split())
