"""A client of HTTP that waits, reads and tells no more than it should, whatever it talks to."""

import asyncio
import time
from importlib import import_module
from typing import Any, NamedTuple

MOST_BYTES = 4 << 20  # of an answer, unpacked; a caption has hundreds
# What is sent of an endpoint's business: environments hold headers that are of others'.
HEADERS = (
    *("accept", "accept-encoding", "authorization", "connection", "content-length"),
    *("content-type", "host", "transfer-encoding", "user-agent"),
)


class TooLong(Exception):  # noqa: N818 - never leaves this file
    """Raised for a body that nobody waits for."""


class Limits(NamedTuple):
    """How much is asked of an endpoint."""

    at_once: int  # requests
    seconds: float  # that one may take, to its last byte
    per_minute: int | None  # requests, those tried again included; None: as many as it answers


class Pace:
    """When requests may start, of whichever client."""

    def __init__(self, per_minute: int | None) -> None:
        self._apart = 60 / per_minute if per_minute else 0.0  # seconds
        self._next = 0.0

    async def wait(self) -> None:
        """Wait until one more may start."""
        now = time.monotonic()
        start = max(now, self._next)
        self._next = start + self._apart
        await asyncio.sleep(start - now)


def bounded_client(openai: Any, seconds: float, pace: Pace) -> Any:  # noqa: ANN401 - it may be absent
    """What `AsyncOpenAI` sends its requests with, each attempt in its time and at its pace."""

    class Bounded(openai.DefaultAsyncHttpxClient):  # type: ignore[misc] # it may not be there
        async def send(self, request: Any, **options: Any) -> Any:  # noqa: ANN401 - httpx's
            await pace.wait()
            for name in [each for each in request.headers if each.lower() not in HEADERS]:
                del request.headers[name]
            # httpx or its successor, whichever openai brings; other errors it would not try again.
            httpx = import_module(type(request).__module__.partition(".")[0])
            try:
                async with asyncio.timeout(seconds):
                    response = await super().send(request, **(options | {"stream": True}))
                    return await whole(response, request)
            except TimeoutError as error:
                raise httpx.ReadTimeout("too late", request=request) from error
            except TooLong as error:
                raise httpx.ReadError(str(error), request=request) from error

    return Bounded()


async def whole(response: Any, request: Any) -> Any:  # noqa: ANN401 - httpx's
    """The same response, read. Raises TooLong where it has too many bytes."""
    body = bytearray()
    try:
        async for part in response.aiter_bytes():
            body += part
            if len(body) > MOST_BYTES:
                raise TooLong(f"an answer of more than {MOST_BYTES >> 20} MiB")
    finally:
        await response.aclose()
    headers = [
        (name, value)
        for name, value in response.headers.items()
        if name.lower() not in ("content-encoding", "content-length", "transfer-encoding")
    ]
    return type(response)(
        response.status_code, headers=headers, content=bytes(body), request=request
    )
