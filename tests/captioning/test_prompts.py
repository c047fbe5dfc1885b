"""Prompts: a version is one text for good, so that what a caption tells of it stays true."""

import json
from pathlib import Path

import pytest

from pmg.captioning import CHANNELS
from pmg.captioning.gates import LANGUAGES
from pmg.captioning.prompts import Prompt, read_prompt
from pmg_bench import DOMAINS

RELEASED = Path(__file__).with_name("released_prompts.json")  # digests by prompt and version


def prompts() -> dict[str, Prompt]:
    return {
        f"{domain.name}/{name}": read_prompt(name, domain.captioned.channels[name].prompt)
        for domain in DOMAINS
        if domain.captioned
        for name in CHANNELS
    }


@pytest.mark.parametrize("name", prompts())
def test_a_prompt_that_changed_has_another_version(name: str) -> None:
    prompt = prompts()[name]
    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    assert prompt.digest == released.get(f"{name} {prompt.version}"), (
        f"{name} is not version {prompt.version} as it was released: "
        f"give it the next version, and add that to {RELEASED.name}"
    )


@pytest.mark.parametrize("name", prompts())
def test_a_prompt_leaves_room_for_its_answer(name: str) -> None:
    prompt = prompts()[name]
    assert prompt.language.upper() in LANGUAGES
    assert prompt.tokens > 2 * prompt.words  # English takes about 1.4 a word
    assert prompt.language in prompt.question


def test_line_ends_are_no_part_of_a_prompt(tmp_path: Path) -> None:
    domain = DOMAINS[0]
    assert domain.captioned
    path = domain.captioned.channels["style"].prompt
    other = tmp_path / "style.toml"
    other.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_prompt("style", other).digest == read_prompt("style", path).digest
