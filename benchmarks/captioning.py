"""Asking for captions, beside what the endpoint can answer; it is a process of its own.

It answers half as many requests at a time as are asked, each after so many seconds, as a GPU does
with a batch; the others wait.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

from benchmarks import raw_data
from benchmarks.trials import ROOT, Row, Run, Spread, in_turn, run_alone
from movieposter import DOMAIN
from pmg.captioning import AT_ONCE
from pmg.captioning.answers import Answer, Key, Model, Question, Unanswered
from pmg.captioning.bounded_client import Limits
from pmg.captioning.caption import Request, caption, required
from pmg.captioning.endpoint import Endpoint
from pmg.captioning.gates import detector, fault_of
from pmg.captioning.pictures import as_shown, as_uri
from pmg.captioning.prompts import read_prompt
from pmg.memory import PeakMemory
from pmg.options import Options
from pmg.problems import Problems
from pmg.raw.scratch import Scratch
from tests.captioning.endpoint import MODEL

SLOTS = AT_ONCE // 2  # of the endpoint
FACTOR = 4  # of the posters that are drawn: 1,600
SECONDS = (0.4, 0.2, 0.1, 0.05)  # of an answer: 40, 80, 160, 320 a second
PICTURES, FEW = 1_000, 400
TIMES = 3


def rows(folder: Path) -> Iterator[Row]:
    raw = raw_data.posters(folder, FACTOR)
    cells = []
    for seconds in SECONDS:
        capacity = SLOTS / seconds
        (runs,) = in_turn(TIMES, partial(asked_of, raw, seconds, PICTURES))
        rates = Spread.of([PICTURES / run.seconds for run in runs])
        ratio = Spread.of([PICTURES / run.seconds / capacity for run in runs])
        work = f"captions of {PICTURES:,} posters of 500 x 750"
        rival = f"an endpoint of {SLOTS} at a time, {seconds:g} s each"
        told = f"{rates.shown('.1f')}/s"
        cells.append(Row(work, rival, told, f"{capacity:.0f}/s", ratio, at_least=0.9))
    with running_endpoint(0) as address:
        spent = run_alone("captioning:parts", str(raw), address).told
    cells[-1] = cells[-1]._replace(
        note="milliseconds of one processor: "
        + ", ".join(f"{name} {each:.1f}" for name, each in spent.items())
    )
    yield from cells
    few, many = in_turn(
        TIMES,
        partial(asked_of, raw, SECONDS[2], FEW),
        partial(asked_of, raw, SECONDS[2], raw_data.POSTERS * FACTOR),
    )
    used = [Spread.of([run.told["memory"] for run in runs]) for runs in (few, many)]
    pairs = zip(few, many, strict=True)
    growth = Spread.of([after.told["memory"] / before.told["memory"] for before, after in pairs])
    shown = [f"{each.middle / 1e6:.0f} MB" for each in used]
    work = f"memory of asking about {raw_data.POSTERS * FACTOR:,} posters"
    yield Row(work, f"{FEW:,}, ours", shown[1], shown[0], growth, None, at_most=1.1,
              note="`Anonymous` at most; pages of the pickle are the file's")  # fmt: skip


def asked_of(raw: Path, seconds: float, pictures: int) -> Run:
    """Ask about the first pictures, in a process of its own."""
    with running_endpoint(seconds) as address:
        return run_alone("captioning:asked", str(raw), address, pictures)


def parts(raw: str, address: str) -> dict[str, float]:
    """What asking about a poster takes of a processor, in milliseconds, part by part."""
    folder, options = Path(raw) / DOMAIN.name, Options()
    captioned = required(DOMAIN)
    pictures = captioned.pictures(folder, Scratch(folder), options, Problems())
    prompt = read_prompt("target", captioned.channels["target"].prompt)
    item_ids = list(pictures.found)[:FEW]
    loaded = [pictures.read(pictures.found[item_id]) for item_id in item_ids]
    keys, summed = timed(lambda each: Key(each.sha256(), "target", prompt.digest), loaded)
    images, shown = timed(as_shown, loaded)
    _, encoded = timed(as_uri, images)
    both = zip(keys, images, strict=True)
    questions = [Question(key, prompt, prompt.question, image) for key, image in both]
    answers: list[Answer | Unanswered] = []
    engine = Endpoint(address, Model(MODEL, None), Limits(AT_ONCE, 60, None))
    start = time.process_time()
    engine.ask(questions, lambda _, answer: answers.append(answer))
    client = (time.process_time() - start) / FEW * 1e3 - encoded
    detector()
    _, judged = timed(lambda each: fault_of(each, prompt), answers)
    return {
        "the picture's sum": summed,
        "its pixels": shown,
        "JPEG": encoded,
        "the client": client,
        "the gates": judged,
    }


def timed(work: Callable[[Any], Any], things: list[Any]) -> tuple[list[Any], float]:
    """What work makes of things, and milliseconds of a processor for each."""
    start = time.process_time()
    made = [work(each) for each in things]
    return made, (time.process_time() - start) / len(things) * 1e3


@contextmanager
def running_endpoint(seconds: float) -> Iterator[str]:
    """An endpoint in a process of its own; its address."""
    command = [sys.executable, "-m", "tests.captioning.endpoint", str(SLOTS), str(seconds), "{}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        port = process.stdout.readline().strip() if process.stdout else ""
        if not port:
            sys.exit("The endpoint did not start.")
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def asked(raw: str, address: str, pictures: int) -> dict[str, float]:
    """Seconds from the first request to the last answer, as the endpoint saw them; and memory."""
    with TemporaryDirectory() as folder, PeakMemory() as memory:
        copy = Path(folder) / "raw"
        (copy / DOMAIN.name).mkdir(parents=True)
        for name in ("info.csv", "image_data.pkl"):
            (copy / DOMAIN.name / name).symlink_to(Path(raw).absolute() / DOMAIN.name / name)
        request = Request(DOMAIN, copy, ("target",), Options(), None, MODEL, pictures, None)
        limits = Limits(AT_ONCE, 60, None)
        outcome = caption(request, lambda _: Endpoint(address, Model(MODEL, None), limits))
        rmtree(copy)
    if len(outcome.written["target"]) != pictures:
        sys.exit(f"{len(outcome.written['target']):,} captions of {pictures:,} pictures.")
    with urlopen(f"{address}/counts") as answer:  # noqa: S310 - of this machine
        first, last = json.load(answer)["times"]
    return {"seconds": last - first, "memory": memory.peak}
