"""The command line as people meet it: what it prints, and its exit codes."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pmg_bench import main

ROOT = Path(__file__).parents[1]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "pmg_bench.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_demo_goes_the_whole_road_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert main(["demo"]) == 0
        told = capsys.readouterr().out
        for word in ("draw ", "check ", "build ", "load ", "show ", 'load_dataset("pmg-bench"'):
            assert word in told
        assert (tmp_path / "demo" / "pmg-bench" / "README.md").is_file()
        assert (tmp_path / "demo" / "samples.html").stat().st_size > 100_000


def test_the_lines_that_the_demo_prints_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["demo", str(tmp_path / "demo")]) == 0
    told = capsys.readouterr().out
    lines = [line.strip() for line in told.splitlines() if line.startswith("    ")]
    code = "\n".join(line for line in lines if ".show()" not in line)  # that opens a window
    monkeypatch.chdir(tmp_path / "demo")
    namespace: dict[str, object] = {}
    exec(code, namespace)  # noqa: S102 - what a newcomer would type
    assert namespace["samples"]


def test_the_demo_leaves_folders_of_others_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "raw").mkdir()
    assert main(["demo", str(tmp_path)]) == 2
    assert "found other files" in capsys.readouterr().err
    assert (tmp_path / "raw").is_dir()


def test_draw_check_build_show_verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw, out, html = tmp_path / "raw", tmp_path / "pmg-bench", tmp_path / "page.html"
    assert main(["draw", str(raw), "--picture-size", "24x36", "--seed", "3"]) == 0
    assert main(["check", str(raw)]) == 0
    assert main(["build", str(raw), str(out), "--workers", "2", "--version", "1.2.3"]) == 0
    assert main(["build", str(raw), str(out), "--workers", "1", "--version", "1.2.3"]) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert main(["show", str(out), "movieposter_items", "--html", str(html)]) == 0
    assert "PMG-Bench" in html.read_text()
    assert main(["verify", str(out)]) == 0
    assert "0 errors" in capsys.readouterr().out
    assert "version: 1.2.3" in (out / "README.md").read_text()


def test_json_for_programs(raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(raw), "--json"]) == 0
    checked = json.loads(capsys.readouterr().out)
    assert (checked["counts"]["error"], checked["counts"]["warning"]) == (0, 0)
    assert set(checked["problems"][0]) == {
        "severity", "file", "place", "expected", "found", "remedy",
    }  # fmt: skip
    assert main(["build", str(raw), str(tmp_path / "out"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"]["movieposter_items"] == {"train": 60}
    assert main(["verify", str(tmp_path / "out"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["error"] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["build", "raw", "out", "--workers", "0"], "expected a whole number from 1, found '0'"),
        (["build", "raw", "out", "--version", "1.0"], "expected X.Y.Z, found '1.0'"),
        (
            ["draw", "raw", "--picture-size", "20"],
            "expected 1x1 to 9999x9999 in pixels, found",
        ),
        (["draw", "raw", "--scale", "huge"], "invalid choice: 'huge'"),
        (["fly"], "invalid choice: 'fly'"),
        ([], "the following arguments are required: VERB"),
    ],
)
def test_a_wrong_call_ends_with_2_and_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "BUILT", "stickers"], "expected one of movieposter, "),
        (["draw", "RAW"], "expected no such folder, found one. Name another."),
        (["build", "RAW", "BUILT", "--image-format", "png"], "Build with --update"),
        (["build", "RAW", "/"], "/: expected a folder that can be renamed, found a disk."),
        (["build", "RAW", "out", "--image-format", "bmp"], "Option image_format: expected webp"),
        (["check", "RAW", "--encoding", "klingon"], "Option encoding: expected utf-8"),
        (["show", "BUILT", "--html", "no/such/folder/x.html"], "Make no/such/folder."),
    ],
)
def test_a_call_that_cannot_be_ends_with_2_and_a_sentence(
    raw: Path,
    built: Path,
    arguments: list[str],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = {"RAW": str(raw), "BUILT": str(built)}
    assert main([names.get(argument, argument) for argument in arguments]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("pmg-bench: ")
    assert sentence in told.err
    assert told.out == ""


def put_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


BAD_INPUT: dict[str, Callable[[Path], object]] = {
    "absent": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "a page": lambda path: path.write_bytes(b"<!DOCTYPE html><title>Not found</title>"),
    "a folder": put_folder,
    "a hostile pickle": lambda path: path.write_bytes(b"cos\nsystem\n(S'touch pwned'\ntR."),
}


@pytest.mark.parametrize("fault", BAD_INPUT)
@pytest.mark.parametrize("verb", ["check", "build"])
@pytest.mark.parametrize(
    "name",
    [
        "info.csv",
        "ratings.csv",
        "style_captions.pkl",
        "target_captions.pkl",
        "image_data.pkl",
        "my_valid_data.txt",
    ],
)
def test_bad_input_ends_with_1_and_a_sentence_and_nothing_else(
    raw: Path,
    tmp_path: Path,
    name: str,
    verb: str,
    fault: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(raw, tmp_path / "raw")
    BAD_INPUT[fault](tmp_path / "raw" / "movieposter" / name)
    assert main([verb, "raw", *(["out"] if verb == "build" else [])]) == 1
    told = capsys.readouterr()
    assert f"movieposter/{name}" in told.out + told.err
    assert ": expected " in told.out + told.err
    assert "Traceback" not in told.out + told.err
    assert {path.name for path in tmp_path.iterdir()} == {"raw"}


def test_truncated_pickles_end_with_the_byte(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(raw, tmp_path / "raw")
    truncate(tmp_path / "raw" / "movieposter" / "image_data.pkl")
    assert main(["build", str(tmp_path / "raw"), str(tmp_path / "out")]) == 1
    assert "movieposter/image_data.pkl, byte " in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_missing_folder_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for verb in (["check"], ["build"]):
        out = [str(tmp_path / "out")] if verb == ["build"] else []
        assert main([*verb, str(tmp_path / "nowhere"), *out]) == 1
        assert "expected a folder with the raw files of movieposter" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("verb", ["show", "verify"])
def test_a_folder_that_was_not_built_ends_with_1(
    raw: Path, verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in (raw, raw / "nowhere"):
        assert main([verb, str(folder)]) == 1
        sentence = "expected a built folder with manifest.json, found none. Name what"
        assert sentence in capsys.readouterr().err


def test_ctrl_c_ends_with_a_sentence(tmp_path: Path) -> None:
    # A shell ignores SIGINT for what it starts in the background, and so would our child.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, ROOT / "pmg_bench.py", "draw", tmp_path / "new", "--scale", "full"]
    with subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True) as process:
        try:
            while process.poll() is None and not list(tmp_path.rglob("image_data.pkl")):
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=60)
        finally:
            process.kill()
            signal.signal(signal.SIGINT, before)
    assert process.returncode == 130
    assert told.strip().endswith("pmg-bench: stopped; nothing is left under a final name.")
    assert not list((tmp_path / "new").iterdir())


def test_a_reader_that_goes_away_is_no_traceback(raw: Path) -> None:
    command = f"{sys.executable} {ROOT / 'pmg_bench.py'} check {raw} | true"
    ended = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)  # noqa: S602 - a pipe
    assert ended.stderr == ""


def test_help_names_every_verb() -> None:
    told = run("--help").stdout
    for verb in ("demo", "draw", "check", "build", "show", "verify"):
        assert f"    {verb} " in told
        assert run(verb, "--help").returncode == 0


def test_an_absent_domain_is_left_out_with_a_note(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(raw / "ser30k", tmp_path / "raw" / "ser30k")
    assert main(["check", str(tmp_path / "raw")]) == 0
    told = capsys.readouterr().err
    assert f"note: {tmp_path / 'raw' / 'pog_dataset'}: no such folder; left out." in told
    assert main(["build", str(tmp_path / "raw"), str(tmp_path / "out")]) == 0
    assert {path.name for path in (tmp_path / "out").glob("*/")} == {"ser30k", "figures"}


def test_a_domain_that_is_named_must_be_there(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(raw / "ser30k", tmp_path / "raw" / "ser30k")
    assert main(["check", str(tmp_path / "raw"), "--domain", "pog_dataset"]) == 1
    assert "expected a folder with the raw files of pog_dataset" in capsys.readouterr().err


def test_a_terminal_without_chinese_is_told_all_the_same(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "raw"
    shutil.copytree(raw / "pog_dataset", copy / "pog_dataset")
    with (copy / "pog_dataset" / "item_data.csv").open("a", encoding="utf-8") as items:
        items.write("连 衣,,,,\n")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    told = run("check", copy)
    assert told.returncode == 1
    assert "found '\\u8fde \\u8863'" in told.stdout
    assert "Traceback" not in told.stderr
