"""Endpoints that speak OpenAI's protocol: many requests at a time, and what may become of them."""

import asyncio
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, TypeAlias

from pmg.captioning.answers import Answer, Heard, Model, Question, Unanswered
from pmg.captioning.bounded_client import Limits, Pace, bounded_client
from pmg.captioning.chat import PATH, answer_of, base_of, no_address, request_of, said_by
from pmg.captioning.pictures import as_uri
from pmg.extras import CAPTION, library
from pmg.problems import BadCall, quoted

KEY = "PMG_BENCH_API_KEY"  # not OPENAI_API_KEY: no key goes to a server that it is not of
RETRIES = 6  # of a request
FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0  # seconds between two attempts, as the client has it
READY = 4  # questions whose pictures are prepared, so that no answer is waited for with idle hands
NOT_ALLOWED = (401, 403)
FATAL = (*NOT_ALLOWED, 404)  # what the next request would be told too
LONGEST = 200  # characters of what an endpoint says
# What comes of reading bodies that are something else.
NO_PROTOCOL = (ValueError, TypeError, AttributeError, LookupError, RecursionError)


class Endpoint:
    """An engine over HTTP: vLLM, SGLang, llama.cpp and whoever else speaks the protocol."""

    def __init__(self, url: str, model: Model, limits: Limits) -> None:
        """Look whether the endpoint is there and has the model.

        Raises:
            BadCall: it has not, or `url` is no address of one.
        """
        self.model = model
        self._url, self._limits = base_of(url), limits
        self._openai = library("openai", CAPTION)
        self._key, self._pace = key_said(), Pace(limits.per_minute)
        asyncio.run(self._require_model())

    def ask(self, questions: Iterable[Question], heard: Heard) -> None:
        """As `Engine`."""
        asyncio.run(self._ask_all(iter(questions), heard))

    def _client(self, retries: int) -> Any:  # noqa: ANN401 - openai may not be there
        try:
            return self._openai.AsyncOpenAI(
                base_url=self._url,
                api_key=self._key,
                timeout=self._limits.seconds,
                max_retries=retries,
                http_client=bounded_client(self._openai, self._limits.seconds, self._pace),
            )
        except Exception as error:  # what it takes for no address, in its own kinds
            raise no_address(self._url) from error

    async def _require_model(self) -> None:
        async with self._client(2) as client:
            try:
                listed = [each.id async for each in client.models.list() if is_text(each.id)]
            except self._openai.APIConnectionError as error:
                raise BadCall(
                    f"{self._url}: expected an endpoint, found none that answers. "
                    "Look whether it runs, and whether the address is right."
                ) from error
            except self._openai.APIStatusError as error:
                self._refuse(error, NOT_ALLOWED)
                return  # not all can list their models
            except NO_PROTOCOL:
                return
        if listed and self.model.name not in listed:
            found = ", ".join(map(quoted, listed[:5]))
            raise BadCall(
                f"{self._url}: expected the model {self.model.name}, found {found}. "
                "Name one of these with --model."
            )

    def _refuse(self, error: Any, statuses: tuple[int, ...]) -> None:  # noqa: ANN401 - openai's
        """Raise BadCall for what every request would be told."""
        if error.status_code in statuses:
            raise BadCall(
                f"{self._url}: expected answers, found HTTP {error.status_code}, "
                f"{quoted(said_by(error), LONGEST)}. Look at --model, the address and {KEY}."
            ) from error

    async def _ask_all(self, questions: Iterator[Question], heard: Heard) -> None:
        """Prepare, ask and hear side by side, so that no answer waits for what is done here."""
        at_once = self._limits.at_once
        ready: Prepared = asyncio.Queue(READY)
        answers: Answers = asyncio.Queue()
        try:
            async with self._client(RETRIES) as client, asyncio.TaskGroup() as group:
                group.create_task(prepare(questions, ready, at_once))
                group.create_task(hear(answers, heard, at_once))
                for _ in range(at_once):
                    group.create_task(self._work(client, ready, answers))
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from None
        finally:
            while not answers.empty():  # where it ended early; they are paid for
                if answer := answers.get_nowait():
                    with suppress(BadCall):
                        heard(*answer)

    async def _work(self, client: Any, ready: "Prepared", answers: "Answers") -> None:  # noqa: ANN401
        while (asked := await ready.get()) is not None:
            answer = await self._answer(client, *asked)
            await answers.put((asked[0], answer))
        await answers.put(None)

    async def _answer(self, client: Any, question: Question, uri: str) -> Answer | Unanswered:  # noqa: ANN401
        """The answer to one question; what is no answer at all is asked for again."""
        openai = self._openai
        for attempt in range(RETRIES + 1):
            if attempt:
                await asyncio.sleep(min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT))
            try:
                # As `chat.completions.create`, which would look for files in every part first.
                body = request_of(self.model, question, uri)
                made = await client.post(PATH, body=body, cast_to=openai.types.chat.ChatCompletion)
                return answer_of(made)
            except openai.APIStatusError as error:
                self._refuse(error, FATAL)
                return Unanswered(f"HTTP {error.status_code}, {quoted(said_by(error), LONGEST)}")
            except openai.APIConnectionError as error:
                return Unanswered(broken_by(error, self._limits.seconds))
            except (*NO_PROTOCOL, openai.OpenAIError):
                continue
        return Unanswered("an answer that is not of the protocol")


# The queues end with a None for each worker.
Prepared: TypeAlias = "asyncio.Queue[tuple[Question, str] | None]"
Answers: TypeAlias = "asyncio.Queue[tuple[Question, Answer | Unanswered] | None]"


async def prepare(questions: Iterator[Question], ready: Prepared, workers: int) -> None:
    while (asked := await asyncio.to_thread(next_prepared, questions)) is not None:
        await ready.put(asked)
    for _ in range(workers):
        await ready.put(None)


def next_prepared(questions: Iterator[Question]) -> tuple[Question, str] | None:
    """A question, and its picture as an endpoint takes it; None where there are no more."""
    question = next(questions, None)
    if question is None or question.image is None:
        return None
    return question._replace(image=None), as_uri(question.image)


async def hear(answers: Answers, heard: Heard, workers: int) -> None:
    while workers:
        if (answer := await answers.get()) is None:
            workers -= 1
        else:
            await asyncio.to_thread(heard, *answer)


def is_text(value: object) -> bool:
    return isinstance(value, str)


def broken_by(error: Exception, seconds: float) -> str:
    """Why a connection came to nothing."""
    cause = error.__cause__ or error
    if "Timeout" in type(cause).__name__:
        return f"nothing whole within {seconds:g} s"
    return f"a broken connection, {quoted(str(cause), LONGEST)}"


def key_said() -> str:
    """The key that endpoints are told. Raises BadCall for what is none."""
    key = os.environ.get(KEY) or "none"
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise BadCall(f"{KEY}: expected letters, digits and signs, found other characters.")
    return key
