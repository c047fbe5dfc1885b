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


def bounded_client(openai: Any, limits: Limits) -> Any:  # noqa: ANN401 - openai may not be there
    """What `AsyncOpenAI` sends its requests with, each attempt as `limits` has it."""

    class Bounded(openai.DefaultAsyncHttpxClient):  # type: ignore[misc] # it may not be there
        next_start = 0.0

        async def send(self, request: Any, **options: Any) -> Any:  # noqa: ANN401 - httpx's
            await self.pace()
            for name in [each for each in request.headers if each.lower() not in HEADERS]:
                del request.headers[name]
            # httpx or its successor, whichever openai brings; other errors it would not try again.
            httpx = import_module(type(request).__module__.partition(".")[0])
            try:
                async with asyncio.timeout(limits.seconds):
                    response = await super().send(request, **(options | {"stream": True}))
                    return await whole(response, request)
            except TimeoutError as error:
                raise httpx.ReadTimeout("too late", request=request) from error
            except TooLong as error:
                raise httpx.ReadError(str(error), request=request) from error

        async def pace(self) -> None:
            """Wait until one more request may start."""
            if limits.per_minute is not None:
                now = time.monotonic()
                start = max(now, self.next_start)
                self.next_start = start + 60 / limits.per_minute
                await asyncio.sleep(start - now)

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
