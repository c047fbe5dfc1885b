"""Killed and started again: no answer is paid for twice, and the files come out the same."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pmg.captioning.endpoint import Endpoint as Client
from pmg.captioning.gates import fault_of
from pmg.captioning.prompts import Prompt, read_prompt
from tests.captioning.asked import TELLER, call, captions_of, made_of, stickers
from tests.captioning.conftest import Start
from tests.captioning.endpoint import Endpoint

ROOT = Path(__file__).parents[2]
FILES = ("captions.json", "style_captions.json", "made_captions.jsonl")
AT_ONCE = 4


def begun(raw: Path, endpoint: Endpoint) -> subprocess.Popen[str]:
    command = [
        *(sys.executable, str(ROOT / "pmg_bench.py"), "caption", str(raw), "--domain", "ser30k"),
        *("--channel", "both", "--endpoint", endpoint.address, "--model", TELLER, "--json"),
        *("--at-once", str(AT_ONCE)),
    ]
    return subprocess.Popen(
        command, cwd=raw.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def journal_of(raw: Path) -> list[str]:
    path = raw / "ser30k" / "captioning.jsonl"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def killed_after(raw: Path, endpoint: Endpoint, answers: int, how: signal.Signals) -> str:
    """Start, and end it as soon as there are so many answers; what it said on standard error."""
    process = begun(raw, endpoint)
    while len(journal_of(raw)) < answers:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    process.send_signal(how)
    return process.communicate(timeout=60)[1]


def test_after_kills_only_what_was_under_way_is_asked_again(tmp_path: Path, start: Start) -> None:
    whole = stickers(tmp_path / "whole", 60)
    assert call(whole, "ser30k", start()) == 0
    raw, endpoint = stickers(tmp_path / "killed", 60), start(AT_ONCE, 0.03)
    for answers in (20, 55, 90):
        killed_after(raw, endpoint, answers, signal.SIGKILL)
        assert not any((raw / "ser30k" / name).exists() for name in FILES)
        with (raw / "ser30k" / "captioning.jsonl").open("a") as journal:
            journal.write('{"picture": "cut off in the mid')
    process = begun(raw, endpoint)
    told = json.loads(process.communicate(timeout=120)[0])
    assert (process.returncode, told["written"]) == (0, {"style": 60, "target": 60})
    again = endpoint.asked.total() - 120
    assert 0 <= again <= 3 * 2 * AT_ONCE  # asked, or answered and not yet noted, at each kill
    for name in FILES:
        assert (raw / "ser30k" / name).read_bytes() == (whole / "ser30k" / name).read_bytes()


@pytest.mark.parametrize("left", [FILES[2:], FILES[1:], ()], ids=["origins", "style too", "none"])
def test_ended_between_its_files_it_writes_the_others(
    tmp_path: Path, start: Start, left: tuple[str, ...]
) -> None:
    """The file of origins is the first, then one channel after the other."""
    raw, endpoint = stickers(tmp_path / "raw", 5), start()
    assert call(raw, "ser30k", endpoint) == 0
    whole = {name: (raw / "ser30k" / name).read_bytes() for name in FILES}
    for name in set(FILES) - set(left):
        (raw / "ser30k" / name).unlink()
    assert call(raw, "ser30k", endpoint, "--only-missing") == 0
    assert endpoint.requests.total() == 10
    assert {name: (raw / "ser30k" / name).read_bytes() for name in FILES} == whole


def test_ctrl_c_says_where_the_answers_are(tmp_path: Path, start: Start) -> None:
    raw, endpoint = stickers(tmp_path / "raw", 60), start(AT_ONCE, 0.03)
    said = killed_after(raw, endpoint, 10, signal.SIGINT)
    assert "Traceback" not in said
    assert said.endswith(
        "pmg-bench: stopped; nothing is left under a final name.\n"
        f"Answers are kept in {raw / 'ser30k' / 'captioning.jsonl'}: the same call goes on from "
        "there.\n"
    )


def test_two_at_once_in_a_folder_are_refused(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, endpoint = stickers(tmp_path / "raw", 60), start(AT_ONCE, 0.05)
    first = begun(raw, endpoint)
    while not journal_of(raw):
        assert first.poll() is None
        time.sleep(0.01)
    try:
        assert call(raw, "ser30k", endpoint) == 2
        assert "another `caption` is at work on it." in capsys.readouterr().err
    finally:
        os.kill(first.pid, signal.SIGKILL)
        first.communicate()


def test_another_revision_is_asked_anew(tmp_path: Path, start: Start) -> None:
    raw, endpoint = stickers(tmp_path / "raw", 3), start()
    for revision in ("a", "b"):
        more = ("--channel", "target", "--replace", "--revision", revision)
        assert call(raw, "ser30k", endpoint, *more) == 0
    assert set(endpoint.requests.values()) == {2}


def test_another_version_of_a_prompt_is_asked_anew_and_told(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, endpoint = stickers(tmp_path / "raw", 3), start()
    assert call(raw, "ser30k", endpoint, "--channel", "target") == 0
    before = captions_of(raw, "ser30k", "target")

    def second(channel: str, path: Path) -> Prompt:
        return read_prompt(channel, path)._replace(version=2, question="What is it?")

    monkeypatch.setattr("pmg.captioning.caption.read_prompt", second)
    assert call(raw, "ser30k", endpoint, "--channel", "target") == 2
    assert call(raw, "ser30k", endpoint, "--channel", "target", "--replace") == 0
    assert endpoint.requests.total() == 6
    assert not set(before.values()) & set(captions_of(raw, "ser30k", "target").values())
    assert {each["prompt"] for each in made_of(raw, "ser30k")} == {"ser30k/target 2"}


def test_a_caption_that_came_meanwhile_stays(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes one by hand while a model is asked for it."""
    raw, endpoint = stickers(tmp_path / "raw", 3), start()
    by_hand = {"01-squares/sticker_1.png": "by hand"}
    ask = Client.ask

    def asked(self: Client, *given: Any) -> None:  # noqa: ANN401 - as it was called
        ask(self, *given)
        (raw / "ser30k" / "captions.json").write_text(json.dumps(by_hand), encoding="utf-8")

    monkeypatch.setattr(Client, "ask", asked)
    assert call(raw, "ser30k", endpoint, "--channel", "target") == 0
    captions = captions_of(raw, "ser30k", "target")
    assert len(captions) == 3
    assert by_hand.items() <= captions.items()
    assert len(made_of(raw, "ser30k")) == 2


def test_answers_that_came_are_kept_where_asking_ends_early(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What hears them is slow, so that some wait when a refusal ends the call."""
    raw = stickers(tmp_path / "raw", 60)
    endpoint = start(faults={"0": ["late 401"]})

    def slow(*given: Any) -> str | None:  # noqa: ANN401 - as it was called
        time.sleep(0.05)
        return fault_of(*given)

    monkeypatch.setattr("pmg.captioning.asking.fault_of", slow)
    assert call(raw, "ser30k", endpoint, "--channel", "target", "--at-once", "8") == 2
    time.sleep(0.2)  # what was under way when it ended is answered, too
    under_way = endpoint.asked.total() - len(journal_of(raw))
    assert 0 <= under_way <= 8
