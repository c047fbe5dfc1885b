"""Updating a built folder: what is the same stays, what is not is made, what is stale goes."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import NoReturn

import pyarrow.parquet as pq
import pytest
import yaml

from pmg.building.build import Built, build
from pmg.building.jobs import Request
from pmg.images import Picture, Pixels
from pmg.manifest import read_manifest
from pmg.options import Options
from pmg.problems import BadCall, Severity, TooManyProblems
from pmg.verify import verify
from pmg_bench import DOMAINS, main
from tests.built import digests
from tests.ser30k.raw_folder import write_raw as write_stickers

MOVIEPOSTER, POG_DATASET, SER30K = DOMAINS


def test_what_a_link_leads_to_is_looked_at(tmp_path: Path) -> None:
    """Annotations are read through links, so another text there is another input."""
    raw = write_stickers(tmp_path / "raw")
    path = raw / "ser30k" / "annotations" / "all_annos.json"
    elsewhere = path.rename(tmp_path / "elsewhere.json")
    path.symlink_to(elsewhere)
    (raw / "ser30k" / "annotations" / "image-level").rename(tmp_path / "splits")
    request = Request([SER30K], raw, tmp_path / "out", update=True)
    assert build(request).anew
    elsewhere.write_text(elsewhere.read_text().replace("HELLO", "WORLD"))
    assert build(request).anew
    texts = pq.read_table(tmp_path / "out" / "ser30k" / "items")["text"].to_pylist()
    assert "WORLD" in texts


def interrupted(*_: object) -> NoReturn:
    """In place of a stage of a build."""
    raise KeyboardInterrupt


@pytest.fixture
def own_raw(raw: Path, tmp_path: Path) -> Path:
    """Raw files of this test's own, as `raw`."""
    return Path(shutil.copytree(raw, tmp_path / "own-raw"))


@pytest.fixture
def out(built: Path, tmp_path: Path) -> Path:
    """A built folder of this test's own, as `built`."""
    return Path(shutil.copytree(built, tmp_path / "out"))


def update(raw: Path, out: Path, **others: object) -> Built:
    """Update all domains, or as `others` say."""
    request = Request(DOMAINS, raw, out, update=True, known=DOMAINS)
    return build(request._replace(**others))  # type: ignore[arg-type] # whatever a test says


def is_as_built_anew(raw: Path, out: Path, request: Request) -> bool:
    """Whether the folder is what a build without anything before it makes, and is sound."""
    anew = out.with_name("anew")
    build(request._replace(raw_folder=raw, out=anew, update=False))
    cards = [(folder / "README.md").read_text() for folder in (out, anew)]
    sound = verify(out).count(Severity.ERROR) == 0
    return digests(out) == digests(anew) and cards[0] == cards[1] and sound


def inodes(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_ino for path in folder.rglob("*.parquet")}


def never_encode(_pixels: Pixels, _image_format: str) -> Picture:
    raise AssertionError("a picture was encoded again")


def test_nothing_new_is_nothing_to_do(raw: Path, out: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    told = update(raw, out)
    assert not told.anew
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_new_captions_encode_no_picture(
    own_raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = own_raw / "movieposter" / "target_captions.pkl"
    path.write_bytes(path.read_bytes().replace(b"a poster", b"an image").replace(b"the", b"THE"))
    with monkeypatch.context() as patch:
        patch.setattr("pmg.raw.pictures.encode", never_encode)
        told = update(own_raw, out)
    assert (told.made, told.dropped) == (3, 3), "items, and samples of both splits"
    assert told.kept == len(list(out.rglob("*.parquet"))) - 3
    assert is_as_built_anew(own_raw, out, Request(DOMAINS, own_raw, out))


def test_a_new_rating_leaves_the_items(own_raw: Path, out: Path) -> None:
    ratings = own_raw / "movieposter" / "ratings.csv"
    text = ratings.read_text()
    ratings.write_text(re.sub(r",[0-9.]+,([0-9]+)\n$", r",0.5,\1\n", text))
    assert ratings.read_text() != text
    before = inodes(out / "movieposter" / "items")
    update(own_raw, out)
    assert inodes(out / "movieposter" / "items") == before
    assert is_as_built_anew(own_raw, out, Request(DOMAINS, own_raw, out))


def test_one_domain_is_updated_and_the_others_stay(own_raw: Path, out: Path) -> None:
    first = next((own_raw / "ser30k" / "images").rglob("*.png"))
    first.unlink()
    (own_raw / "movieposter" / "ratings.csv").write_text("not looked at")
    before = inodes(out / "movieposter") | inodes(out / "pog_dataset")
    told = update(own_raw, out, domains=[SER30K], options=Options(on_problem="skip"))
    assert inodes(out / "movieposter") | inodes(out / "pog_dataset") == before
    assert told.made > 0
    assert told.kept == len(list(out.rglob("*.parquet"))) - told.made
    assert verify(out).count(Severity.ERROR) == 0
    settings = [part.inputs.settings["on_problem"] for part in read_manifest(out).domains.values()]
    assert settings == ["fail", "fail", "skip"]
    card = (out / "README.md").read_text()
    assert "- `ser30k`: Pictures" in card
    assert "Built with `on_problem` skip." in card


def test_a_domain_is_added(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(Request([POG_DATASET], raw, out))
    update(raw, out, domains=[MOVIEPOSTER])
    assert list(read_manifest(out).domains) == ["movieposter", "pog_dataset"]
    assert is_as_built_anew(raw, out, Request([MOVIEPOSTER, POG_DATASET], raw, out))


def test_another_version_makes_no_table(raw: Path, out: Path) -> None:
    before = inodes(out)
    told = update(raw, out, data_version="1.2.0")
    assert (told.made, told.dropped) == (0, 0)
    assert inodes(out) == before
    front = yaml.safe_load((out / "README.md").read_text().split("---\n")[1])
    assert front["version"] == "1.2.0"
    assert json.loads((out / "manifest.json").read_text())["data_version"] == "1.2.0"
    assert verify(out).count(Severity.ERROR) == 0


def test_another_image_format_makes_what_shows_posters(raw: Path, out: Path) -> None:
    options = Options(image_format="png")
    update(raw, out, domains=[MOVIEPOSTER], options=options)
    anew = Request([MOVIEPOSTER], raw, out, options)
    build(anew._replace(out=out.with_name("anew")))
    assert digests(out / "movieposter") == digests(out.with_name("anew") / "movieposter")


def test_a_damaged_file_is_told_and_made_again(raw: Path, built: Path, out: Path) -> None:
    path = next((out / "ser30k" / "items").iterdir())
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(BadCall, match="found it damaged"):
        build(Request(DOMAINS, raw, out))
    with pytest.raises(BadCall, match="found it damaged"):
        update(raw, out, domains=[MOVIEPOSTER], data_version="2.0.0")
    update(raw, out)
    assert digests(out) == digests(built)


def test_a_file_with_other_bytes_is_not_kept(own_raw: Path, out: Path) -> None:
    """Nobody sees it by its size, but what is kept is looked at before."""
    path = next((out / "movieposter" / "interactions").iterdir())
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    captions = own_raw / "movieposter" / "target_captions.pkl"
    captions.write_bytes(captions.read_bytes().replace(b"the", b"THE"))
    update(own_raw, out)
    assert is_as_built_anew(own_raw, out, Request(DOMAINS, own_raw, out))


def test_a_domain_that_raw_does_not_have_stays(
    own_raw: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(own_raw / "pog_dataset")
    before = inodes(out)
    call = ["build", str(own_raw), str(out), "--update", "--version", "1.1.0"]
    assert main(call) == 0
    told = capsys.readouterr()
    assert "pog_dataset: no such folder; it stays as it is." in told.err
    assert f"updated: {len(before)} files kept, 0 made, 0 dropped." in told.out
    assert inodes(out) == before


def test_what_comes_of_an_update_is_told_to_programs(
    own_raw: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    captions = own_raw / "ser30k" / "captions.json"
    captions.write_text(captions.read_text().replace("sticker", "picture"))
    assert main(["build", str(own_raw), str(out), "--update", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["built"]
    assert told["shards"]["made"] == told["shards"]["dropped"] > 0
    assert told["shards"]["kept"] > 0
    assert told["seconds"] > 0
    assert told["peak_memory"] > 10_000_000


def test_what_others_put_there_is_not_replaced(raw: Path, out: Path) -> None:
    (out / ".git").mkdir()
    (out / ".git" / "HEAD").write_text("ref: refs/heads/main")
    with pytest.raises(BadCall, match=r"HEAD: expected nothing beside what was built"):
        update(raw, out, data_version="2.0.0")
    assert (out / ".git" / "HEAD").read_text() == "ref: refs/heads/main"


def test_nothing_damaged_stays(own_raw: Path, out: Path) -> None:
    """Of the domains that are not built anew; the sizes of their files tell nothing."""
    before = digests(out)
    for place in (100, -20):  # among the data, and in the footer
        path = next((out / "ser30k" / "items").iterdir())
        content = bytearray(path.read_bytes())
        content[place] ^= 1
        path.write_bytes(content)
        with pytest.raises(BadCall, match="found it damaged"):
            update(own_raw, out, domains=[MOVIEPOSTER], data_version="2.0.0")
        content[place] ^= 1
        path.write_bytes(content)
    assert digests(out) == before


def test_what_the_sentence_about_damage_says_helps(raw: Path, built: Path, out: Path) -> None:
    path = next((out / "ser30k" / "items").iterdir())
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    with pytest.raises(BadCall, match="Remove it, and build its domain with --update"):
        update(raw, out, data_version="2.0.0")
    path.unlink()
    update(raw, out, domains=[SER30K], data_version="2.0.0")
    assert digests(out) == digests(built)


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), KeyboardInterrupt()])
def test_what_was_there_is_back_where_the_new_cannot_be(
    raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    before = digests(out)
    rename, tree = Path.rename, out.with_name("out.incomplete") / "out"

    def failing(path: Path, target: Path) -> Path:
        if path == tree:
            raise error
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(type(error)):
        update(raw, out, data_version="2.0.0")
    assert digests(out) == before
    assert json.loads((out / "manifest.json").read_text())["data_version"] == "1.0.0"


def test_an_empty_folder_in_the_place_of_what_was_there(raw: Path, out: Path) -> None:
    """A build was killed between taking the old away and putting the new there."""
    work = out.with_name("out.incomplete")
    work.mkdir()
    (work / ".pmg-bench.lock").touch()
    before = digests(out)
    out.rename(work / "replaced")
    out.mkdir()
    assert not update(raw, out).anew
    assert digests(out) == before
    out.rename(work.with_name("kept"))
    work.mkdir()
    (work / ".pmg-bench.lock").touch()
    work.with_name("kept").rename(work / "replaced")
    out.mkdir()
    (out / "thesis.txt").write_text("dear")
    with pytest.raises(BadCall, match="found something else"):
        update(raw, out)
    assert digests(work / "replaced") == before


def test_a_link_is_followed(raw: Path, out: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(out)
    update(raw, link, data_version="2.0.0")
    assert link.is_symlink()
    assert json.loads((out / "manifest.json").read_text())["data_version"] == "2.0.0"


def left_by_an_update(raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in work of an update to shorter histories that was stopped at its end."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pmg.building.build.plant", stop)
        with pytest.raises(KeyboardInterrupt):
            update(raw, out, options=Options(history=1))
    return out.with_name("out.incomplete")


def test_a_call_with_nothing_to_do_leaves_what_another_finished(
    raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = left_by_an_update(raw, out, monkeypatch)
    before = sorted(work.rglob("*"))
    assert not build(Request(DOMAINS, raw, out)).anew
    with pytest.raises(BadCall, match="Build with --update"):
        build(Request(DOMAINS, raw, out, Options("png")))
    assert sorted(work.rglob("*")) == before


def test_what_an_abandoned_build_finished_does_not_pile_up(
    raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = left_by_an_update(raw, out, monkeypatch)
    first = {path.parent.name for path in work.rglob("*.parquet")}
    monkeypatch.setattr("pmg.building.build.plant", interrupted)
    with pytest.raises(KeyboardInterrupt):
        update(raw, out, options=Options(history=2))
    assert not first & {path.parent.name for path in work.rglob("*.parquet")}


def test_an_archive_that_was_replaced_is_unpacked_again(
    own_raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the size and the time that it had; what it holds is known by its sum."""
    out = tmp_path / "new"
    archive = own_raw / "pog_dataset" / "images.tar.gz"
    with monkeypatch.context() as patch:
        patch.setattr("pmg.building.build.plant", interrupted)
        with pytest.raises(KeyboardInterrupt):
            build(Request([POG_DATASET], own_raw, out))
    times, content = archive.stat(), bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    os.utime(archive, ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(TooManyProblems, match=r"images\.tar\.gz"):
        build(Request([POG_DATASET], own_raw, out))
