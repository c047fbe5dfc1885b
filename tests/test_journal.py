"""The journal: what it tells of is there, whatever happened to it or to the files."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmg.building import journal
from pmg.building.journal import Journal
from pmg.whole_files import describe, give_name, whole_file


def noted(folder: Path, names: list[str]) -> Journal:
    """A journal of files that hold their own names."""
    told = Journal(folder, "made so")
    for name in names:
        with whole_file(folder / name) as part:
            part.write_text(name)
        told.add(describe(folder / name, folder, key=name))
    return told


def found(folder: Path, made_with: str = "made so") -> list[str]:
    told = Journal(folder, made_with)
    return [key for key in told if told.get(key)]


@given(st.integers(min_value=0))
def test_a_journal_that_was_cut_off_tells_what_was_whole(cut: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        noted(folder, ["a", "b", "c"])
        path = folder / journal.NAME
        content = path.read_bytes()
        path.write_bytes(content[: cut % (len(content) + 1)])
        lines = path.read_bytes().count(b"\n")
        kept = found(folder)
        assert kept == ["a", "b", "c"][: len(kept)]
        assert len(kept) in {max(0, lines - 1), lines}  # a line is whole without its end, too
        noted(folder, ["d"])
        assert found(folder) == [*kept, "d"]


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_text("B")])
def test_a_file_that_is_not_as_it_was_was_never_written(tmp_path: Path, harm: object) -> None:
    noted(tmp_path, ["a", "b"])
    harm(tmp_path / "b")  # type: ignore[operator] # one of the two above
    assert found(tmp_path) == ["a"]


def test_what_was_made_in_another_way_is_forgotten(tmp_path: Path) -> None:
    noted(tmp_path, ["a"])
    assert found(tmp_path, "made otherwise") == []
    assert found(tmp_path) == []


def test_a_file_has_its_name_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with whole_file(path) as part:
        part.write_text("all of it")
        assert not path.exists()
    assert path.read_text() == "all of it"


def test_a_file_that_was_given_up_leaves_nothing(tmp_path: Path) -> None:
    def give_up() -> None:
        with whole_file(tmp_path / "a") as part:
            part.write_text("half of")
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        give_up()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_links_is_copied_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(_path: Path, _target: Path) -> None:
        raise OSError("not here")

    (tmp_path / "a").write_text("finished")
    monkeypatch.setattr(Path, "hardlink_to", no_links)
    give_name(tmp_path / "a", tmp_path / "folder" / "b")
    assert (tmp_path / "folder" / "b").read_text() == "finished"
    assert len(list((tmp_path / "folder").iterdir())) == 1
