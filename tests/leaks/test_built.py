"""`leakcheck` and `verify` over built folders."""

import io
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from pmg.leaks.built import leakcheck_built
from pmg.leaks.pictures import NEAR, perceptual_hash
from pmg.leaks.report import sentences, told
from pmg.manifest import REBUILD, read_manifest
from pmg.options import Options
from pmg.problems import Severity
from pmg.verify import verify
from pmg_bench import DOMAINS, main
from ser30k.raw import IMAGES
from tests.built import build_all

BENCHES = [f"{domain.name}_bench" for domain in DOMAINS]


def test_nothing_that_is_built_leaks(built: Path) -> None:
    reports = leakcheck_built(built)
    names = [report.name for report in reports]
    assert names == [*(domain.name for domain in DOMAINS), *BENCHES]
    for report in reports:
        assert not report.leaks
        assert report.samples.keys() >= {"train", "validation"}
        if report.name in BENCHES:
            assert all(check.gates and check.of for check in report.checks)
            assert len(report.checks) == 5


def test_the_paper_s_histories_are_told_to_hold_what_came_later(built: Path) -> None:
    (report,) = leakcheck_built(built, "movieposter")
    after = {check.name: check for check in report.checks}[
        "an item of the history after the target"
    ]
    rows = pq.read_table(built / "movieposter/samples").to_pylist()
    ratings = pq.read_table(built / "movieposter/interactions").to_pylist()
    times = {(each["user_id"], each["item_id"]): each["timestamp"] for each in ratings}
    late = [
        row["sample_id"]
        for row in rows
        if row["user_id"]
        and max(row["history_timestamps"]) > times[row["user_id"], row["target_id"]]
    ]
    assert (after.found, after.gates) == (len(late), False)
    assert late


def test_what_came_first_may_not_be_known(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    copy = tmp_path / "raw"
    shutil.copytree(raw, copy)
    ratings = copy / "movieposter" / "ratings.csv"
    head, first, *lines = ratings.read_text(encoding="utf-8").splitlines()
    ratings.write_text("\n".join([head, f"{first}000", *lines]) + "\n", encoding="utf-8")
    out = tmp_path / "pmg-bench"
    assert main(["build", str(copy), str(out)]) == 0
    said = "expected interactions that movieposter_bench can be cut of, found Interactions: "
    assert capsys.readouterr().err.count(said) == 1
    assert "movieposter_bench" not in read_manifest(out).configs
    assert not [each for each in verify(out) if each.severity is Severity.ERROR]
    assert main(["leakcheck", str(out)]) == 1
    told = capsys.readouterr().out
    assert "LEAK? what came first is not known. movieposter: Interactions: expected timest" in told
    assert "ser30k_bench (bench)" in told
    assert main(["leakcheck", str(out), "ser30k_bench"]) == 0


def test_many_row_groups_and_none_are_read_as_one(out: Path) -> None:
    (report,) = leakcheck_built(out, "ser30k_bench")
    for split in ("train", "test"):
        (path,) = (out / "ser30k/bench").glob(f"{split}-*.parquet")
        pq.write_table(pq.read_table(path), path, row_group_size=7)
    (again,) = leakcheck_built(out, "ser30k_bench")
    assert told(again) == told(report)
    (path,) = (out / "ser30k/bench").glob("validation-*.parquet")
    pq.write_table(pq.read_table(path).slice(0, 0), path)
    (without,) = leakcheck_built(out, "ser30k_bench")
    assert without.samples == report.samples | {"validation": 0}


def test_the_verb_gates_on_leaks(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["leakcheck", str(out), "movieposter_bench"]) == 0
    told = capsys.readouterr().out
    assert "  ok    a user in two splits: 0 of 24 users\n" in told
    assert told.endswith("movieposter_bench-leaks.html: open it in a browser\n")
    assert (tmp_path / "movieposter_bench-leaks.html").is_file()
    main(["samples", str(out), "--protocol", "windows5,split=sample", "--domain", "movieposter"])
    capsys.readouterr()
    assert main(["leakcheck", str(out), "movieposter_windows5", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)["sets"]
    leaks = {each["name"]: each["found"] for each in found["checks"] if each["leaks"]}
    assert leaks.keys() == {"a held-out target in its user's training"}
    assert not (tmp_path / "movieposter_windows5-leaks.html").exists()
    assert main(["leakcheck", str(out), "--html", "all.html"]) == 1
    assert "LEAK  a held-out target in its user's training" in capsys.readouterr().out
    assert (tmp_path / "all.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["movieposter_items"], 2, "Config 'movieposter_items': expected one of samples, movie"),
        (["movieposter_bench", "--html", "no/where.html"], 2, "expected a folder to write it to"),
    ],
)
def test_wrong_calls_are_told(
    built: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, told: str
) -> None:
    assert main(["leakcheck", str(built), *arguments]) == code
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    "damage", ["lost", "cut off", "other columns", "texts for lists", "nulls for lists"]
)
def test_damaged_folders_are_told(
    out: Path, capsys: pytest.CaptureFixture[str], damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(out.parent)
    (path,) = (out / "movieposter/bench").glob("test-*.parquet")
    if damage == "lost":
        path.unlink()
    elif damage == "cut off":
        path.write_bytes(path.read_bytes()[:-100])
    elif damage == "texts for lists":
        table = pq.read_table(path)
        pq.write_table(table.set_column(2, "history_ids", table["target_id"]), path)
    elif damage == "nulls for lists":
        table = pq.read_table(path)
        nothing = pa.nulls(len(table), table["history_ids"].type)
        pq.write_table(table.set_column(2, "history_ids", nothing), path)
    else:
        pq.write_table(pa.table({"x": [1]}), path)
    assert main(["leakcheck", str(out), "movieposter_bench"]) == 1
    found = "none" if damage == "lost" else "another"
    told = capsys.readouterr().err
    assert told.startswith(f"{path.parent}")
    assert told.endswith(f": expected the file that was built, found {found}. {REBUILD}.\n")


def test_pictures_that_are_nearly_the_same_are_found(raw: Path, tmp_path: Path) -> None:
    copy = tmp_path / "raw"
    shutil.copytree(raw, copy)
    images = sorted((copy / "ser30k" / IMAGES).rglob("*.*"))
    donor, near = images[0], images[-1]
    with Image.open(donor) as opened:
        picture = opened.convert("RGB")
    picture.resize((picture.width * 2, picture.height * 2)).save(near, "JPEG", quality=70)
    near_id, donor_id = (
        each.relative_to(copy / "ser30k" / IMAGES).as_posix() for each in (near, donor)
    )
    out = tmp_path / "pmg-bench"
    build_all(copy, out)
    main(["samples", str(out), "--protocol", "leave_last_out3", "--domain", "ser30k"])
    (report,) = leakcheck_built(out, "ser30k_leave_last_out3")
    assert report.twins is not None
    assert report.twins.near
    pairs = {(pair.held_out, pair.trained) for pair in report.twins.pairs}
    assert (near_id, donor_id) in pairs


def test_hashes_are_of_what_is_seen_and_not_of_how_it_is_kept(raw: Path) -> None:
    def hash_of(image: Image.Image, kind: str, **options: object) -> int:
        file = io.BytesIO()
        image.save(file, kind, **options)
        number = perceptual_hash(file.getvalue())
        assert number is not None
        return number

    kept = []
    for path in sorted((raw / "ser30k" / IMAGES).rglob("*.*"))[::40]:
        with Image.open(path) as opened:
            image = opened.convert("RGB")
        first = hash_of(image, "PNG")
        kept.append(first)
        assert (first ^ hash_of(image, "JPEG", quality=90)).bit_count() <= NEAR
        larger = image.resize((image.width * 2, image.height * 2))
        assert (first ^ hash_of(larger, "WEBP", lossless=True)).bit_count() <= NEAR
    assert len(set(kept)) > 4


def test_withheld_pictures_are_compared_by_their_digests_alone(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "pmg-bench"
    build_all(raw, out, Options(without_images=True))
    for report in leakcheck_built(out):
        assert report.twins is not None
        assert report.twins.near is None
        assert "more have nearly that" not in "".join(sentences(report))
