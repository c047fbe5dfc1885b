"""Exports as messages: what TRL trains vision-language models on."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pmg.exports.messages import ASKED
from pmg.manifest import read_manifest
from pmg_bench import DOMAINS, Samples
from tests.exports.conftest import Export, contents, read_back

SETS = [each for domain in DOMAINS for each in (domain.name, f"{domain.name}_bench")]


def answered(out: Path, config: str, split: str) -> list[dict[str, Any]]:
    return [
        row
        for row in Samples(out, config, split, decode=False)
        if row["target_caption"] is not None
    ]


@pytest.mark.parametrize("config", SETS)
def test_a_history_is_shown_and_the_target_is_described(
    built: Path, export: Export, config: str
) -> None:
    for split, rows in read_back(export(built, config, "messages")).items():
        for row, sample in zip(rows, answered(built, config, split), strict=True):
            assert row["images"] == contents(sample["history_images"])
            user, assistant = row["messages"]
            assert (user["role"], assistant["role"]) == ("user", "assistant")
            kinds = [block["type"] for block in user["content"]]
            assert kinds.count("image") == len(row["images"])
            captions = [caption for caption in sample["history_captions"] if caption is not None]
            texts = [block["text"] for block in user["content"] if block["type"] == "text"]
            assert texts == [*captions, ASKED]
            assert assistant["content"] == [{"type": "text", "text": sample["target_caption"]}]
            assert row["sample_id"] == sample["sample_id"]


def test_a_caption_stands_after_its_picture(built: Path, export: Export) -> None:
    folder = export(built, "movieposter_bench", "messages")
    (line, *_) = (folder / "train" / "metadata.jsonl").read_text(encoding="utf-8").splitlines()
    sample = answered(built, "movieposter_bench", "train")[0]
    assert json.loads(line) == {
        "images_file_names": [f"images/{item_id}.webp" for item_id in sample["history_ids"]],
        "messages": [
            {
                "role": "user",
                "content": [
                    block
                    for caption in sample["history_captions"]
                    for block in (
                        {"type": "image", "text": None},
                        {"type": "text", "text": caption},
                    )
                ]
                + [{"type": "text", "text": ASKED}],
            },
            {"role": "assistant", "content": [{"type": "text", "text": sample["target_caption"]}]},
        ],
        "sample_id": sample["sample_id"],
        "user_id": sample["user_id"],
        "target_id": sample["target_id"],
    }


def test_samples_without_an_answer_are_left_out_and_counted(
    built: Path, export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    export(built, "ser30k", "messages")
    left = {
        split: len(Samples(built, "ser30k", split)) - len(answered(built, "ser30k", split))
        for split in read_manifest(built).configs["ser30k"].splits
    }
    assert sum(left.values()) > 0
    said = capsys.readouterr().out
    for split, count in left.items():
        sentence = f"{count} samples of {split} are left out, as their target has no caption."
        assert (sentence in said) == (count > 0)


@pytest.mark.skipif(find_spec("trl") is None, reason="TRL is large, and not installed")
@pytest.mark.parametrize("config", SETS)
def test_trl_takes_them(built: Path, export: Export, config: str) -> None:
    folder = export(built, config, "messages")
    script = Path(__file__).with_name("read_back.py")
    run = subprocess.run(
        [sys.executable, str(script), "messages", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        f"{split} {len(answered(built, config, split))}"
        for split in read_manifest(built).configs[config].splits
    ]
