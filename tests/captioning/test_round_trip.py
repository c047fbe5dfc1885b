"""draw → delete captions → caption → check → build → load: all there, and where it comes from."""

from pathlib import Path

import pytest
from datasets import load_dataset

from pmg_bench import DOMAINS, main
from tests.built import build_all
from tests.captioning.asked import FILES, TELLER, call, captions_of, made_of
from tests.captioning.conftest import Start


def test_what_was_deleted_is_captioned_checked_built_and_loaded(
    uncaptioned: Path, start: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint = start()
    for domain in DOMAINS:
        assert call(uncaptioned, domain.name, endpoint) == 0
    assert main(["check", str(uncaptioned)]) == 0
    build_all(uncaptioned, tmp_path / "pmg-bench")
    assert main(["verify", str(tmp_path / "pmg-bench")]) == 0
    for domain in DOMAINS:
        items = load_dataset(str(tmp_path / "pmg-bench"), f"{domain.name}_items", split="train")
        shown = items.filter(lambda row: row["image_sha256"] is not None).remove_columns("image")
        assert len(shown) > 50
        for channel, column in (("style", "style_caption"), ("target", "caption")):
            captions = captions_of(uncaptioned, domain.name, channel)
            texts = [one_line(text) for text in captions.values()]
            assert sorted(shown[column]) == sorted(texts)
    capsys.readouterr()


def test_every_sample_shows_style_captions(uncaptioned: Path, start: Start, tmp_path: Path) -> None:
    endpoint = start()
    for domain in DOMAINS:
        call(uncaptioned, domain.name, endpoint)
    build_all(uncaptioned, tmp_path / "pmg-bench")
    for domain in DOMAINS:
        samples = load_dataset(str(tmp_path / "pmg-bench"), domain.name, split="train")
        row = samples.select_columns(["history_style_captions", "preference_caption"])[0]
        assert None not in row["history_style_captions"]
        assert row["preference_caption"] == "\n".join(row["history_style_captions"])


def test_the_card_tells_model_prompt_and_day(
    uncaptioned: Path, start: Start, tmp_path: Path
) -> None:
    call(uncaptioned, "ser30k", start(), "--revision", "abc123")
    build_ser30k(uncaptioned, tmp_path / "pmg-bench")
    card = (tmp_path / "pmg-bench" / "README.md").read_text(encoding="utf-8")
    (made, *_) = made_of(uncaptioned, "ser30k")
    count = len(captions_of(uncaptioned, "ser30k", "style"))
    prompt = f"`ser30k/style 1` (`{made['digest'][:12]}`)"
    assert (
        f"| `ser30k` | style | {count} | `{TELLER}` | `abc123` | {prompt} | {made['date']} |"
        in card.splitlines()
    )


def test_a_caption_that_was_changed_by_hand_is_of_unknown_origin(
    uncaptioned: Path, start: Start, tmp_path: Path
) -> None:
    call(uncaptioned, "ser30k", start(), "--channel", "target")
    path = uncaptioned / "ser30k" / FILES["ser30k", "target"]
    captions = captions_of(uncaptioned, "ser30k", "target")
    first = next(iter(captions.values()))
    path.write_text(path.read_text(encoding="utf-8").replace(first, "mended by hand"), "utf-8")
    build_ser30k(uncaptioned, tmp_path / "pmg-bench")
    card = (tmp_path / "pmg-bench" / "README.md").read_text(encoding="utf-8")
    assert f"| `ser30k` | target | {len(captions) - 1} | `{TELLER}` |" in card
    assert "| `ser30k` | target | 1 | not told by the raw files |" in card


def test_captions_that_came_are_of_unknown_origin(built: Path) -> None:
    card = (built / "README.md").read_text(encoding="utf-8")
    assert "| `movieposter` | style | 60 | not told by the raw files |  |  |  |" in card


def build_ser30k(raw: Path, out: Path) -> None:
    assert main(["build", str(raw), str(out), "--domain", "ser30k"]) == 0


def one_line(caption: str | list[str]) -> str:
    return caption if isinstance(caption, str) else ", ".join(caption)
