"""Asking: every picture once, what is no caption once more, all of it into the journal."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pmg.captioning.answers import Answer, Engine, Key, Question, Unanswered
from pmg.captioning.gates import correction, fault_of
from pmg.captioning.journal import Journal
from pmg.captioning.pictures import as_shown
from pmg.captioning.prompts import Prompt
from pmg.problems import BadCall, BadData, Problem, shown
from pmg.progress import Progress, progress_bar
from pmg.raw.pictures import Loaded, RawPictures

MOST_IN_A_ROW = 20  # questions without an answer: whoever was to answer has gone
ATTEMPTS = 2  # at a question


class Wanted(NamedTuple):
    """Pictures, what is wanted of each, and how it is asked for."""

    domain: str
    pictures: RawPictures
    channels: Mapping[str, Sequence[str]]  # by item id
    prompts: Mapping[str, Prompt]  # by channel

    @property
    def questions(self) -> int:
        return sum(map(len, self.channels.values()))


class Asking:
    """Asks for all that is wanted and not in the journal; engines call it from any thread."""

    def __init__(self, wanted: Wanted, journal: Journal) -> None:
        self.domain = wanted.domain
        self._wanted, self._journal = wanted, journal
        self._lock = threading.Lock()
        self._pictures: dict[str, bytes] = {}  # sha256 by item id
        self._bar: Progress
        self._in_a_row = 0
        self.unreadable: dict[str, Problem] = {}  # by item id
        self.silent: dict[Key, str] = {}  # why nothing came back
        self.asked = 0
        self.tokens = [0, 0]  # in, out

    def run(self, engine: Engine) -> None:
        """Ask; then ask again for what was no caption.

        Raises:
            BadCall: as the engine, or where too many questions in a row stay without an answer.
        """
        with progress_bar(self._wanted.questions, f"{self._wanted.domain}: ask", "answers") as bar:
            self._bar = bar
            engine.ask(self._first(), self._hear)
        if again := self._faulty_once():
            with progress_bar(len(again), f"{self._wanted.domain}: ask again", "answers") as bar:
                self._bar = bar
                engine.ask(self._again(again), self._hear)

    def keys_of(self, channel: str) -> Iterator[tuple[str, Key]]:
        """What was wanted in a channel of pictures that could be read, with the item."""
        digest = self._wanted.prompts[channel].digest
        for item_id, picture in self._pictures.items():
            if channel in self._wanted.channels[item_id]:
                yield item_id, Key(picture.hex(), channel, digest)

    def channels_of(self, item_id: str) -> Sequence[str]:
        return self._wanted.channels[item_id]

    def _faulty_once(self) -> dict[Key, str]:
        """Questions whose only answer was no caption, with an item of the picture."""
        faulty = {}
        for channel in self._wanted.prompts:
            for item_id, key in self.keys_of(channel):
                state = self._journal.state(key)
                if state and not state.is_answered and state.attempts < ATTEMPTS:
                    faulty[key] = item_id
        return faulty

    def _first(self) -> Iterator[Question]:
        """A question about every picture that was never asked about; of two alike about one."""
        under_way: set[Key] = set()
        for item_id, channels in self._wanted.channels.items():
            if (loaded := self._loaded(item_id)) is None:
                self._tell(len(channels))
                continue
            picture = loaded.sha256()
            self._pictures[item_id] = bytes.fromhex(picture)
            for channel in channels:
                prompt = self._wanted.prompts[channel]
                key = Key(picture, channel, prompt.digest)
                if key in under_way or self._state_of(key):
                    self._tell(1)
                elif question := self._question(item_id, loaded, key, prompt.question):
                    under_way.add(key)
                    yield question

    def _again(self, faulty: Mapping[Key, str]) -> Iterator[Question]:
        for key, item_id in faulty.items():
            prompt = self._wanted.prompts[key.channel]
            with self._lock:
                fault = self._journal.said(key).fault
            text = f"{prompt.question}\n\n{correction(fault, prompt)}"
            loaded = self._loaded(item_id)
            if loaded and (question := self._question(item_id, loaded, key, text)):
                yield question

    def _loaded(self, item_id: str) -> Loaded | None:
        try:
            return self._wanted.pictures.read(self._wanted.pictures.found[item_id])
        except BadData as fault:
            self.unreadable[item_id] = fault.problem
            return None

    def _question(self, item_id: str, loaded: Loaded, key: Key, text: str) -> Question | None:
        try:
            image = as_shown(loaded)
        except BadData as fault:
            problem = fault.problem
            if not problem.file:
                problem = problem._replace(file=self.domain, place=f"item {shown(item_id)}")
            self.unreadable[item_id] = problem
            self._tell(1)
            return None
        return Question(key, self._wanted.prompts[key.channel], text, image)

    def _state_of(self, key: Key) -> bool:
        with self._lock:
            return self._journal.state(key) is not None

    def _tell(self, count: int) -> None:
        with self._lock:
            self._bar.update(count)

    def _hear(self, question: Question, answer: Answer | Unanswered) -> None:
        """Judge an answer, and note it. Raises BadCall where no answer comes any more."""
        fault = fault_of(answer, question.prompt) if isinstance(answer, Answer) else None
        with self._lock:
            self.asked += 1
            self._bar.update()
            if isinstance(answer, Unanswered):
                self.silent[question.key] = answer.why
                self._in_a_row += 1
                if self._in_a_row >= MOST_IN_A_ROW:
                    raise BadCall(
                        f"{self._wanted.domain}: expected answers, found none to "
                        f"{MOST_IN_A_ROW} questions in a row, the last for {answer.why}. "
                        "Look at the endpoint."
                    )
                return
            self._in_a_row = 0
            self.silent.pop(question.key, None)
            self.tokens[0] += answer.tokens_in
            self.tokens[1] += answer.tokens_out
            self._journal.add(question.key, answer.text, fault or "")
