"""The command line: runs a verb, and answers with an exit code. It is handed the domains."""

import errno
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from pmg.arguments.parser import parser
from pmg.domain import Domain
from pmg.problems import BadCall, BadData, TooManyProblems

DATA_AT_FAULT = MACHINE_AT_FAULT = 1
CALL_AT_FAULT, INTERRUPTED = 2, 130
MACHINE_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOMEM)  # of a disk


def main(domains: Sequence[Domain[Any]], arguments: list[str] | None) -> int:
    """Run one verb; answers with the exit code: 0 done, 1 the data is at fault, 2 the call is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names may be Chinese, and the terminal not
            stream.reconfigure(errors="backslashreplace")
    call = parser(domains).parse_args(arguments)
    try:
        code = int(import_module(f"pmg.verbs.{call.verb}").run(domains, call))
        if sys.stdout:  # which may be closed
            sys.stdout.flush()
    except (BadData, TooManyProblems) as fault:
        tell(str(fault), fault)
        return DATA_AT_FAULT
    except BadCall as fault:
        tell(f"pmg-bench: {fault}", fault)
        return CALL_AT_FAULT
    except BrokenPipeError:
        # Whoever read our output has gone; what is left of it must go somewhere at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERRUPTED
    except OSError as fault:
        place = f"{fault.filename}: " if fault.filename else ""
        tell(f"pmg-bench: {place}{fault.strerror or fault}.", fault)
        return MACHINE_AT_FAULT if fault.errno in MACHINE_FAULTS else CALL_AT_FAULT
    except KeyboardInterrupt as fault:
        tell("pmg-bench: stopped; nothing is left under a final name.", fault)
        return INTERRUPTED
    return code


def tell(sentence: str, fault: BaseException) -> None:
    """Print a sentence, and what else there is to know about the fault."""
    print(sentence, *getattr(fault, "__notes__", ()), sep="\n", file=sys.stderr)
