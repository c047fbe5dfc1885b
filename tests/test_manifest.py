"""The manifest of a folder that came from strangers: data, and no way out of the folder."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from pmg.building.build import build
from pmg.building.jobs import Request
from pmg.manifest import read_manifest
from pmg.problems import BadCall, BadData, TooManyProblems
from pmg_bench import DOMAINS, main

STICKERS = DOMAINS[2]
PATHS = ("", "x", "..", "../x", "/etc/passwd", "a\\b", "a\0b", "∞" * 300)
WRONG: tuple[Any, ...] = (*PATHS, None, -1, 1.5, True, [], {}, [1])
TRIED = 60  # of a folder that is verified as a whole; reading is tried with all


@pytest.fixture(scope="module")
def stickers(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small built folder; not to be changed but for its manifest."""
    out = tmp_path_factory.mktemp("stickers") / "pmg-bench"
    build(Request([STICKERS], raw, out, known=DOMAINS))
    return out


def changes(told: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - of JSON
    """Containers of a JSON value with each of their keys."""
    pairs = told.items() if isinstance(told, dict) else enumerate(told)
    for key, value in list(pairs):
        yield told, key
        if isinstance(value, dict | list):
            yield from changes(value)


def wrong_manifests(out: Path) -> Iterator[str]:
    """The manifest with one value at a time lost, or replaced by each of `WRONG`."""
    told = json.loads((out / "manifest.json").read_text())
    for container, key in list(changes(told)):
        before = container[key]
        for value in WRONG:
            container[key] = value
            yield json.dumps(told)
        container[key] = before
        if isinstance(container, dict):
            del container[key]
            yield json.dumps(told)
            container[key] = before


def test_what_is_read_names_files_of_the_folder_only(stickers: Path, tmp_path: Path) -> None:
    read = refused = 0
    for text in wrong_manifests(stickers):
        (tmp_path / "manifest.json").write_text(text)
        try:
            manifest = read_manifest(tmp_path)
        except BadData:
            refused += 1
            continue
        read += 1
        for file in manifest.files:
            path = PurePosixPath(file.path)
            assert not path.is_absolute()
            assert ".." not in path.parts
        for config in manifest.configs.values():
            for name in (config.domain, config.folder, *config.splits):
                assert PurePosixPath(name).name == name
    assert read > 100
    assert refused > 100


def test_verify_ends_with_a_sentence_whatever_the_manifest_says(
    stickers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = Path(shutil.copytree(stickers, tmp_path / "out"))
    texts = list(wrong_manifests(stickers))
    step = len(texts) // TRIED
    for text in texts[::step]:
        (out / "manifest.json").write_text(text)
        assert main(["verify", str(out)]) in (0, 1)
        assert capsys.readouterr().err.count("Traceback") == 0


def test_no_other_verb_is_led_astray(
    stickers: Path, raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files that would be linked or written elsewhere are refused before anything is."""
    out = Path(shutil.copytree(stickers, tmp_path / "out"))
    told = json.loads((out / "manifest.json").read_text())
    told["domains"]["ser30k"]["configs"]["ser30k"]["splits"]["train"][0]["path"] = "../../evil"
    (out / "manifest.json").write_text(json.dumps(told))
    for call in (
        ["attach", str(out), str(raw)],
        ["build", str(raw), str(out), "--update"],
        ["show", str(out), "--html", str(tmp_path / "page.html")],
        ["verify", str(out)],
    ):
        assert main(call) == 1
        assert "expected a manifest of this version" in capsys.readouterr().err


def test_nesting_without_end_is_no_manifest(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("[" * 100_000)
    with pytest.raises((BadData, BadCall, TooManyProblems), match="expected a manifest"):
        read_manifest(tmp_path)
