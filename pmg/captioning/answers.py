"""Answers: what an engine says to a question about a picture, and which captions they become."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from PIL import Image

from pmg.captioning.prompts import Prompt
from pmg.captions import Phrases

STOPPED, CUT_OFF, REFUSED = "stopped", "cut off", "refused"  # how an answer ends
LIST_MARK = re.compile(r"(?:[-*•–]|[0-9]{1,2}[.)])(?:\s+|$)")  # noqa: RUF001 - a dash is one, too


class Model(NamedTuple):
    """Who answers."""

    name: str
    revision: str | None  # None where an endpoint does not tell


class Key(NamedTuple):
    """What an answer depends on, beside the model."""

    picture: str  # its sha256
    channel: str
    prompt: str  # its digest


class Question(NamedTuple):
    """One picture, and what is asked of it."""

    key: Key
    prompt: Prompt
    text: str  # the prompt's question, with what was wrong with an earlier answer
    image: Image.Image | None  # None once it is on its way


class Answer(NamedTuple):
    """What came back."""

    text: str
    ending: str
    tokens_in: int = 0  # as the engine counts them; 0 where it does not
    tokens_out: int = 0


class Unanswered(NamedTuple):
    """That nothing came back, and why; a later call asks again."""

    why: str


Heard = Callable[[Question, Answer | Unanswered], None]


class Engine(Protocol):
    """Asks a model; whether over HTTP or in process is its own affair."""

    @property
    def model(self) -> Model: ...

    def ask(self, questions: Iterable[Question], heard: Heard) -> None:
        """Ask all questions, and tell of each answer as it comes, in whatever order.

        Raises:
            BadCall: the model is not to be had, or answers nothing any more.
        """


def phrases_of(answer: str) -> Phrases:
    """The phrases of an answer, which has one on each line, less the mark of a list before it."""
    stripped = (line.strip() for line in answer.splitlines())
    lines = (line[mark.end() :] if (mark := LIST_MARK.match(line)) else line for line in stripped)
    return tuple(line for line in lines if line)
