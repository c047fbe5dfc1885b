"""Prompts: what a model is asked of a picture, and what an answer must be."""

import tomllib
from pathlib import Path
from typing import NamedTuple

from pmg.digests import digest_of


class Prompt(NamedTuple):
    """A prompt of a domain's folder."""

    channel: str
    version: int
    language: str  # that answers are in, by its English name
    words: int  # the most of an answer
    tokens: int  # where a model is stopped
    system: str
    question: str

    @property
    def digest(self) -> str:
        """Of all that shapes an answer; any change of it asks for another version."""
        return digest_of(self._asdict())


def read_prompt(channel: str, path: Path) -> Prompt:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    texts = {name: told[name].strip() for name in ("system", "question")}
    return Prompt(channel=channel, **(told | texts))
