"""What the Hub's client meets, and asking it again where that passes."""

import re
import time
from collections.abc import Callable
from json import JSONDecodeError
from typing import TypeVar

from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

T = TypeVar("T")

MAIN = "main"
DATASET = "dataset"
WAITS = (1, 2, 4, 8, 16, 32, 64)  # seconds before each further attempt: two minutes in all
LONGEST_WAIT = 600  # seconds that a Hub may ask for; its limits are by five minutes
PASSING = (408, 425, 429, 500, 502, 503, 504)  # answers that may be others a moment later
# Of calls and connections: the client's HTTP library is another in each of its versions, and what
# derives from its error too. hf_xet's own faults are RuntimeErrors; those of an answer that cannot
# be read, and of a card that the Hub refuses, are ValueErrors.
FAULTS: tuple[type[Exception], ...] = (
    HfHubHTTPError,
    HfHubHTTPError.__bases__[0],
    ConnectionError,
    TimeoutError,
    RuntimeError,
    ValueError,
)
# hf_xet tells of what it is answered in words only (1.8).
XET_STATUS = re.compile(r"HTTP status (?:client|server) error \(([0-9]{3})")


def persist(call: Callable[[], T], done: Callable[[], T | None] = lambda: None) -> T:
    """What `call` answers, called again after faults that pass.

    `done` is asked before each further attempt; what it answers, unless None, is the answer of the
    last attempt, which was lost.
    """
    for wait in WAITS:
        try:
            return call()
        except FAULTS as error:
            pause = asked_to_wait(error, wait)
            if not passes(error) or pause > LONGEST_WAIT:
                raise
            time.sleep(pause)
        if (settled := done()) is not None:
            return settled
    return call()


def passes(error: BaseException) -> bool:
    """Whether the same call may succeed a moment later."""
    if isinstance(error, HfHubHTTPError):
        return error.response.status_code in PASSING
    if isinstance(error, RuntimeError) and isinstance(error.__cause__, FAULTS):
        return passes(error.__cause__)  # as the client wraps those of an upload
    if isinstance(error, ValueError):
        return isinstance(error, JSONDecodeError)
    if said := XET_STATUS.search(str(error)):
        return int(said[1]) in PASSING
    return not isinstance(error, OfflineModeIsEnabled)


def asked_to_wait(error: Exception, usual: int) -> int:
    """Seconds that the Hub asks to wait, if it does."""
    if isinstance(error, HfHubHTTPError):
        said = error.response.headers.get("Retry-After", "")
        return int(said) if said.isdecimal() else usual
    return usual
