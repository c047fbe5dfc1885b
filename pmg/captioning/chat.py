"""Chat: a question and its answer as OpenAI's protocol has them."""

from typing import Any
from urllib.parse import urlsplit

from pmg.captioning.answers import CUT_OFF, REFUSED, STOPPED, Answer, Model, Question
from pmg.problems import BadCall, quoted

PATH = "/chat/completions"
MOST_TOKENS = 10**9  # that any answer could count
ENDINGS = {"length": CUT_OFF, "content_filter": REFUSED}


def base_of(url: str) -> str:
    """The address that the protocol's paths follow. Raises BadCall for what is none."""
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0  # which raises where it is no number of one
        is_address = parts.scheme in ("http", "https") and parts.hostname and has_port
    except ValueError:
        is_address = None
    if not is_address or not url.isascii() or not url.isprintable():
        raise no_address(url)
    if "@" in parts.netloc:
        raise BadCall("--endpoint: expected an address without a name and password, found one.")
    return url.rstrip("/") + ("" if parts.path.strip("/") else "/v1")


def no_address(url: str) -> BadCall:
    shown = quoted(url)
    return BadCall(f"--endpoint {shown}: expected an address, as http://localhost:8000/v1.")


def request_of(model: Model, question: Question, uri: str) -> dict[str, Any]:
    content = [
        {"type": "image_url", "image_url": {"url": uri}},
        {"type": "text", "text": question.text},
    ]
    return {
        "model": model.name,
        "messages": [
            {"role": "system", "content": question.prompt.system},
            {"role": "user", "content": content},
        ],
        "max_tokens": question.prompt.tokens,
        "temperature": 0,
    }


def answer_of(made: Any) -> Answer:  # noqa: ANN401 - openai's, of whatever came
    """Raises AttributeError, TypeError or LookupError for what is no answer of the protocol."""
    choice = made.choices[0]
    if choice.message.content is not None and not isinstance(choice.message.content, str):
        raise TypeError(choice)
    ending = ENDINGS.get(choice.finish_reason, STOPPED)
    if getattr(choice.message, "refusal", None):
        ending = REFUSED
    usage = [getattr(made.usage, name, 0) for name in ("prompt_tokens", "completion_tokens")]
    counted = (each if type(each) is int and 0 <= each <= MOST_TOKENS else 0 for each in usage)
    return Answer(choice.message.content or "", ending, *counted)


def said_by(error: Any) -> str:  # noqa: ANN401 - openai's
    """What the endpoint says of an error."""
    body = error.body
    told = body.get("message") if isinstance(body, dict) else body
    return told if isinstance(told, str) else str(error.message)
