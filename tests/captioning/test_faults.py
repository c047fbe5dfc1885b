"""An endpoint that fails as real ones do; each picture gets its caption once, or is listed."""

import json
from pathlib import Path

import pytest

from pmg.captioning import endpoint as client
from tests.captioning.asked import always, call, captions_of, made_of, stickers, told
from tests.captioning.conftest import Start

# By the last digit of what a picture is known by: what comes before its answer.
PASSING = {
    "0": ["429", "429"], "1": ["500"], "2": ["hang"], "3": ["cut"], "4": ["half"], "5": ["odd"],
    "6": ["other"], "7": ["number"], "8": ["html"], "9": ["503", "429", "half"], "a": ["long"],
    "b": ["loop"], "c": ["empty"], "d": ["refuse"], "e": ["french"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second between attempts, here a twentieth of it."""
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.02)
    monkeypatch.setattr(client, "FIRST_WAIT", 0.02)


@pytest.mark.filterwarnings("ignore:unclosed")  # connections that the endpoint cut
def test_a_thousand_pictures_get_one_caption_each_whatever_fails(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = []
    for at_once in (1, 16):
        raw = stickers(tmp_path / f"raw{at_once}", 1000 if at_once > 1 else 50)
        endpoint = start(faults=PASSING)
        more = ("--channel", "target", "--timeout", "1", "--at-once", str(at_once), "--json")
        assert call(raw, "ser30k", endpoint, *more) == 0
        found = told(capsys)
        captions = captions_of(raw, "ser30k", "target")
        assert (len(captions), found["listed"]) == (found["written"]["target"], [])
        assert set(endpoint.asked.values()) == {1}
        assert len(endpoint.asked) == len(captions)
        answers.append(captions)
    one_by_one, together = answers
    assert len(together) == 1000
    assert one_by_one == {key: together[key] for key in one_by_one}


def test_files_do_not_depend_on_how_many_are_asked_at_once(tmp_path: Path, start: Start) -> None:
    files = []
    for at_once in (1, 3, 16):
        raw = stickers(tmp_path / f"raw{at_once}", 60)
        faults = {digit: kinds for digit, kinds in PASSING.items() if kinds != ["hang"]}
        assert call(raw, "ser30k", start(faults=faults), "--at-once", str(at_once)) == 0
        names = ("captions.json", "style_captions.json", "made_captions.jsonl")
        files.append([(raw / "ser30k" / name).read_bytes() for name in names])
    assert files[0] == files[1] == files[2]


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("long", "too long, 3,089 characters"),
        ("loop", "repeating itself"),
        ("empty", "empty"),
        ("refuse", "refused"),
        ("french", "not in English"),
        ("length", "cut off after 130 tokens"),
        ("filter", "refused"),
    ],
)
def test_what_is_no_caption_twice_is_listed_and_never_asked_again(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str], fault: str, found: str
) -> None:
    raw = stickers(tmp_path / "raw", 4)
    endpoint = start(faults=always(fault))
    assert call(raw, "ser30k", endpoint, "--channel", "target", "--json") == 1
    listed = told(capsys)["listed"]
    assert [each["fault"] for each in listed] == [found] * 4
    assert set(endpoint.requests.values()) == {2}
    assert not (raw / "ser30k" / "captions.json").exists()
    assert call(raw, "ser30k", endpoint, "--channel", "target", "--json") == 1
    assert told(capsys)["listed"] == listed
    assert set(endpoint.requests.values()) == {2}


def test_what_fails_for_good_is_listed_and_asked_again_later(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = stickers(tmp_path / "raw", 3)
    endpoint = start(faults=always("400", times=1))
    assert call(raw, "ser30k", endpoint, "--channel", "target") == 1
    assert capsys.readouterr().out.splitlines()[:-1] == [
        *(
            f"error: ser30k/captions.json, key 01-squares/sticker_{number}.png: expected an "
            "answer, found HTTP 400, 'fault 400'. Ask again later."
            for number in range(3)
        ),
        "ser30k, target: 0 captions written.",
        "Asked 3 times.",
        "3 captions are lacking.",
    ]
    assert call(raw, "ser30k", endpoint, "--channel", "target") == 0
    assert len(captions_of(raw, "ser30k", "target")) == 3


def test_an_endpoint_that_answers_nothing_any_more_ends_it(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = stickers(tmp_path / "raw", 60)
    endpoint = start(faults=always("400"))
    assert call(raw, "ser30k", endpoint, "--channel", "target", "--at-once", "2") == 2
    journal = raw / "ser30k" / "captioning.jsonl"
    assert capsys.readouterr().err.partition("\n")[2] == (
        "pmg-bench: ser30k: expected answers, found none to 20 questions in a row, the last for "
        "HTTP 400, 'fault 400'. Look at the endpoint.\n"
        f"Answers are kept in {journal}: the same call goes on from there.\n"
    )
    assert endpoint.requests.total() < 30


def test_a_wrong_key_ends_it_at_once(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = stickers(tmp_path / "raw", 60)
    endpoint = start(faults=always("401"))
    assert call(raw, "ser30k", endpoint, "--channel", "target", "--at-once", "2") == 2
    assert "found HTTP 401, 'fault 401'. Look at --model" in capsys.readouterr().err
    assert endpoint.requests.total() <= 2


def test_pictures_that_do_not_decode_are_told_and_not_asked_about(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = stickers(tmp_path / "raw", 3)
    broken = raw / "ser30k" / "images" / "01-squares" / "sticker_1.png"
    broken.write_bytes(broken.read_bytes()[:40])
    endpoint = start()
    assert call(raw, "ser30k", endpoint) == 1
    assert "expected a picture that decodes" in capsys.readouterr().out
    assert endpoint.requests.total() == 4
    assert len(captions_of(raw, "ser30k", "target")) == 2
    assert call(raw, "ser30k", endpoint, "--json") == 1
    listed = told(capsys)["listed"]
    assert [(each["item_id"], each["channel"]) for each in listed] == [
        ("01-squares/sticker_1.png", "style"),
        ("01-squares/sticker_1.png", "target"),
    ]
    assert "expected a picture that decodes" in listed[0]["fault"]


def test_pictures_that_are_the_same_are_asked_about_once(tmp_path: Path, start: Start) -> None:
    raw = stickers(tmp_path / "raw", 2)
    folder = raw / "ser30k" / "images" / "01-squares"
    (folder / "sticker_2.png").write_bytes((folder / "sticker_0.png").read_bytes())
    endpoint = start()
    assert call(raw, "ser30k", endpoint, "--channel", "target") == 0
    assert endpoint.requests.total() == 2
    captions = captions_of(raw, "ser30k", "target")
    assert captions["01-squares/sticker_0.png"] == captions["01-squares/sticker_2.png"]
    assert len(made_of(raw, "ser30k")) == 3


def test_no_more_requests_a_minute_than_one_says(tmp_path: Path, start: Start) -> None:
    raw = stickers(tmp_path / "raw", 3)
    endpoint = start(faults=always("500", times=1))
    more = ("--channel", "target", "--requests-per-minute", "120")
    assert call(raw, "ser30k", endpoint, *more) == 0
    assert len(endpoint.times) == 6  # each was tried again
    first, *others = sorted(endpoint.times)
    assert all(later - first > 0.5 * number - 0.1 for number, later in enumerate(others, 1))


def test_a_key_goes_to_the_endpoint_and_nobody_elses_does(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of-somebody-else")
    monkeypatch.setenv("OPENAI_ORG_ID", "of-somebody-else")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Key: of-somebody-else")
    raw = stickers(tmp_path / "raw", 1)
    endpoint = start()
    call(raw, "ser30k", endpoint)
    monkeypatch.setenv("PMG_BENCH_API_KEY", "ours")
    call(raw, "ser30k", endpoint, "--replace", "--channel", "target", "--revision", "2")
    assert endpoint.keys == {"Bearer none", "Bearer ours"}
    assert not {"x-key", "openai-organization"} & endpoint.headers
    assert "ours" not in json.dumps(made_of(raw, "ser30k"))
