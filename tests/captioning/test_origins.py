"""made_captions.jsonl: what a stranger's may hold, and what is told of it."""

import json
import os
from pathlib import Path

import pytest

from pmg.columns import Shown
from pmg.origins import MADE, Origin, count_origins, digest_of_caption
from pmg.problems import Problems
from pmg_bench import main

LINE = {
    "item": "01-fox/sticker_1.jpg",
    "channel": "target",
    "caption": digest_of_caption("a fox"),
    "picture": "0" * 64,
    "model": "Qwen/Qwen2.5-VL-7B-Instruct",
    "revision": "cc594898",
    "prompt": "ser30k/target 1",
    "digest": "1" * 64,
    "date": "2026-11-26",
}


def origins(folder: Path, *lines: object) -> tuple[list[Origin], list[str]]:
    """What lines come to, where every item is called a fox."""
    folder.mkdir(exist_ok=True)
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / MADE).write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    problems = Problems()
    found = count_origins(folder / MADE, lambda item: Shown(item, "a fox"), problems)
    return found, list(problems.sentences())


def test_lines_are_counted_by_where_captions_come_from(tmp_path: Path) -> None:
    found, faults = origins(
        tmp_path / "ser30k",
        LINE,
        LINE | {"item": "2", "date": "2026-12-01"},
        LINE | {"item": "3", "revision": ""},
        "",
        LINE | {"item": "4", "caption": digest_of_caption("a wolf")},
        LINE | {"item": "5", "channel": "style"},
    )
    model, prompt = LINE["model"], ("ser30k/target 1", "1" * 64)
    assert found == [
        Origin("target", model, "", *prompt, "2026-11-26", "2026-11-26", 1),
        Origin("target", model, "cc594898", *prompt, "2026-11-26", "2026-12-01", 2),
    ]
    assert faults == []


FAULTY = {
    "no JSON": '{"item": ',
    "a list": "[]",
    "a number": "7",
    "deep": "[" * 3000,
    "no item": {name: value for name, value in LINE.items() if name != "item"},
    "one more": LINE | {"more": "x"},
    "a channel that is none": LINE | {"channel": "sound"},
    "Markdown": LINE | {"model": "x`|<script>"},
    "a line in a name": LINE | {"model": "x\n| y"},
    "no digest": LINE | {"digest": "0"},
    "no date": LINE | {"date": "yesterday"},
    "a date that never was": LINE | {"date": "2026-02-30"},
    "a number for a text": LINE | {"revision": 7},
    "nothing for an item": LINE | {"item": ""},
}


@pytest.mark.parametrize("line", FAULTY.values(), ids=FAULTY)
def test_other_lines_are_told(tmp_path: Path, line: object) -> None:
    found, (fault, *others) = origins(tmp_path / "ser30k", LINE, line)
    assert [origin.captions for origin in found] == [1]
    assert fault.startswith(
        f"error: ser30k/{MADE}, line 2: expected a caption's item, channel, model, prompt and "
        "date in JSON, found "
    )
    assert fault.endswith(" Remove the line.")
    assert others == []


def test_a_caption_that_is_told_of_twice_is_told(tmp_path: Path) -> None:
    found, faults = origins(tmp_path / "ser30k", LINE, LINE | {"model": "another"})
    assert [origin.model for origin in found] == [LINE["model"]]
    (fault,) = faults
    assert fault == (
        f"error: ser30k/{MADE}, line 2: expected each caption once, found 'target "
        "01-fox/sticker_1.jpg' again. Remove the line."
    )


def test_check_and_build_tell_what_is_wrong_with_it(
    uncaptioned: Path, raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = uncaptioned / "ser30k"
    (folder / "captions.json").write_bytes((raw / "ser30k" / "captions.json").read_bytes())
    (folder / MADE).write_text("{}\n", encoding="utf-8")
    expected = (
        f"error: ser30k/{MADE}, line 1: expected a caption's item, channel, model, prompt and "
        "date in JSON, found '{}'. Remove the line."
    )
    only = ("--domain", "ser30k")
    assert main(["check", str(uncaptioned), *only]) == 1
    assert expected in capsys.readouterr().out
    out = tmp_path / "pmg-bench"
    assert main(["build", str(uncaptioned), str(out), *only]) == 1
    assert expected in capsys.readouterr().err
    assert main(["build", str(uncaptioned), str(out), *only, "--on-problem", "skip"]) == 0


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_is_no_file_is_told(
    uncaptioned: Path, raw: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    folder = uncaptioned / "ser30k"
    (folder / "captions.json").write_bytes((raw / "ser30k" / "captions.json").read_bytes())
    match kind:
        case "folder":
            (folder / MADE).mkdir()
        case "link":
            (folder / MADE).symlink_to(folder / "nowhere")
        case _:
            os.mkfifo(folder / MADE)
    assert main(["check", str(uncaptioned), "--domain", "ser30k"]) == 1
    assert f"error: ser30k/{MADE}: expected lines of JSON" in capsys.readouterr().out


def test_new_origins_are_an_update(raw: Path, uncaptioned: Path, tmp_path: Path) -> None:
    folder, out = uncaptioned / "ser30k", tmp_path / "pmg-bench"
    (folder / "captions.json").write_bytes((raw / "ser30k" / "captions.json").read_bytes())
    build = ["build", str(uncaptioned), str(out), "--domain", "ser30k"]
    assert main(build) == 0
    assert LINE["model"] not in (out / "README.md").read_text(encoding="utf-8")
    captions = json.loads((folder / "captions.json").read_text(encoding="utf-8"))
    item, text = next(iter(captions.items()))
    line = LINE | {"item": item, "caption": digest_of_caption(text)}
    (folder / MADE).write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert main(build) == 2
    assert main([*build, "--update"]) == 0
    card = (out / "README.md").read_text(encoding="utf-8")
    assert f"| `ser30k` | target | 1 | `{LINE['model']}` | `cc594898` |" in card
