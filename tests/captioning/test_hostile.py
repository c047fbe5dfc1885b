"""Endpoints, journals and pictures that nobody would think of: a sentence each, and no hang."""

import json
import os
from pathlib import Path

import pytest
from PIL import Image

from pmg.captioning import endpoint as client
from tests.captioning.asked import TELLER, always, call, captions_of, stickers, told
from tests.captioning.conftest import Start


@pytest.fixture(autouse=True)
def _few_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "RETRIES", 1)
    monkeypatch.setattr(client, "FIRST_WAIT", 0.02)
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.02)


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("nested", "an answer that is not of the protocol"),
        ("huge", "a broken connection, 'an answer of more than 4 MiB'"),
        ("bomb", "a broken connection, 'an answer of more than 4 MiB'"),
        ("drip", "nothing whole within 1 s"),
        ("hang", "nothing whole within 1 s"),
    ],
)
def test_bodies_that_are_no_answers_are_told(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str], fault: str, found: str
) -> None:
    raw = stickers(tmp_path / "raw", 1)
    more = ("--channel", "target", "--timeout", "1", "--json")
    assert call(raw, "ser30k", start(faults=always(fault)), *more) == 1
    assert [each["fault"] for each in told(capsys)["listed"]] == [found]


def test_counts_that_nobody_could_count_are_left_out(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = stickers(tmp_path / "raw", 2)
    assert call(raw, "ser30k", start(faults=always("counts")), "--channel", "target") == 0
    assert "Asked 2 times.\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    "models",
    [
        b"[" * 100_000,
        b'{"data": 7}',
        b'{"data": [7, {}, {"id": 5}, {"id": {}}, null]}',
        b"7",
        b"no JSON",
        b"",
    ],
    ids=repr,
)
def test_lists_of_models_that_are_none_are_passed_over(
    tmp_path: Path, start: Start, models: bytes
) -> None:
    endpoint = start()
    endpoint.models = models
    raw = stickers(tmp_path / "raw", 1)
    assert call(raw, "ser30k", endpoint, "--channel", "target") == 0


@pytest.mark.parametrize(
    "address", ["http://999.999.999.999", "http://[v1.x]", "http://" + "a" * 70_000]
)
def test_addresses_that_only_the_client_knows_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    raw = stickers(tmp_path / "raw", 1)
    assert call(raw, "ser30k", None, "--endpoint", address) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("pmg-bench: ")
    assert "expected an address" in said or "expected an endpoint" in said


def test_a_password_in_an_address_is_not_repeated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = stickers(tmp_path / "raw", 1)
    assert call(raw, "ser30k", None, "--endpoint", "http://me:secret@localhost:9") == 2
    said = capsys.readouterr().err
    assert "without a name and password" in said
    assert "secret" not in said


def test_a_key_that_cannot_be_sent_is_told(
    tmp_path: Path,
    start: Start,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PMG_BENCH_API_KEY", "schlüssel\n")
    raw = stickers(tmp_path / "raw", 1)
    assert call(raw, "ser30k", start()) == 2
    assert "PMG_BENCH_API_KEY: expected letters" in capsys.readouterr().err


LINE = {
    "picture": "0" * 64,
    "channel": "target",
    "prompt": "1" * 64,
    "model": TELLER,
    "revision": "",
    "text": "a panda",
    "fault": "",
    "date": "2026-11-26",
}


@pytest.mark.parametrize(
    "change",
    [
        {"text": ""},
        {"text": "1."},
        {"text": "\ud800 panda"},
        {"date": "x | y"},
        {"date": "9999-99-99"},
        {"text": 7},
        {"more": ""},
    ],
    ids=repr,
)
def test_lines_of_a_journal_that_nobody_wrote_count_for_nothing(
    tmp_path: Path, start: Start, change: dict[str, object]
) -> None:
    raw, endpoint = stickers(tmp_path / "raw", 1), start()
    assert call(raw, "ser30k", endpoint, "--channel", "target") == 0
    journal = raw / "ser30k" / "captioning.jsonl"
    first = json.loads(journal.read_text(encoding="utf-8"))
    journal.write_text(json.dumps(first | change) + "\n", encoding="utf-8")
    right = captions_of(raw, "ser30k", "target")
    (raw / "ser30k" / "captions.json").unlink()
    assert call(raw, "ser30k", endpoint, "--channel", "target") == 0
    assert captions_of(raw, "ser30k", "target") == right
    assert endpoint.requests.total() == 2


def test_a_journal_without_line_ends_takes_no_memory(tmp_path: Path, start: Start) -> None:
    raw = stickers(tmp_path / "raw", 1)
    journal = raw / "ser30k" / "captioning.jsonl"
    journal.write_bytes(json.dumps(LINE).encode() + b"\n" + b"x" * (3 << 20))
    assert call(raw, "ser30k", start(), "--channel", "target") == 0
    assert journal.read_bytes().count(b"\n") == 3


@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "link", "broken link"])
@pytest.mark.parametrize("name", ["captioning.jsonl", ".captioning.lock"])
def test_what_is_no_file_of_ours_is_told_and_not_written_to(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str], kind: str, name: str
) -> None:
    raw = stickers(tmp_path / "raw", 1)
    path, victim = raw / "ser30k" / name, tmp_path / "victim"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero" if kind == "device" else victim)
    if kind == "link":
        victim.write_text("mine", encoding="utf-8")
    assert call(raw, "ser30k", start()) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    found = "no regular file" if kind in ("folder", "pipe") else "a link"
    assert said.startswith(f"{path}: expected ")
    assert said.endswith(f", found {found}. Move it away.")
    assert [each.read_text() for each in [victim] if each.exists()] == ["mine"] * (kind == "link")


def test_a_picture_that_no_model_can_be_shown_is_told_and_the_others_asked_about(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = stickers(tmp_path / "raw", 2)
    Image.new("RGB", (70_000, 3)).save(raw / "ser30k" / "images" / "01-squares" / "thin.png")
    Image.new("RGB", (5_000, 30)).save(raw / "ser30k" / "images" / "01-squares" / "wide.png")
    assert call(raw, "ser30k", start(), "--channel", "target") == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        "error: ser30k, item 01-squares/thin.png: expected a picture at most 200 times as long "
        "as wide, found 70,000 x 3 pixels. Caption it by hand."
    )
    assert len(captions_of(raw, "ser30k", "target")) == 3


def test_a_page_over_another_raw_file_is_refused(
    uncaptioned: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    other = uncaptioned / "pog_dataset" / "item_data.csv"
    before = other.read_bytes()
    assert call(uncaptioned, "ser30k", start(), "--html", str(other)) == 2
    assert "expected a page outside of" in capsys.readouterr().err
    assert other.read_bytes() == before
