"""How `caption` is called, what it says, and what it refuses."""

import sys
from pathlib import Path

import pytest

from pmg.captioning.gates import detector
from pmg_bench import main
from tests.captioning.asked import TELLER, call, stickers, told
from tests.captioning.conftest import Start


def test_the_cost_is_told_before_anything_is_asked(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, endpoint = stickers(tmp_path / "raw", 100, square=70), start()
    more = ("--dry-run", "--price", "0.5,2")
    assert call(raw, "ser30k", endpoint, *more) == 0
    said = capsys.readouterr().err
    # 280 x 280 pixels are 10 x 10 tokens; answers of 45 and 50 words are 60 and 66 2/3.
    assert said.startswith("200 questions: about ")
    words = said.replace(",", "").split()
    given, made = int(words[3]), int(words[7])
    assert given > 200 * 100
    assert made == round(100 * (45 + 50) * 4 / 3)
    assert said.endswith(f"out, {(given * 0.5 + made * 2) / 1e6:,.2f} in all.\n")
    assert not endpoint.requests
    assert sorted(path.name for path in (raw / "ser30k").iterdir()) == ["images"]


def test_programs_are_told_in_json(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = stickers(tmp_path / "raw", 2)
    more = ("--channel", "style", "--price", "1,1", "--json")
    assert call(raw, "ser30k", start(), *more) == 0
    found = told(capsys)
    estimate = found.pop("estimate")
    assert (estimate["questions"], estimate["is_begun"]) == (2, False)
    assert estimate["cost"] == (estimate["given"] + estimate["made"]) / 1e6
    assert found == {
        "domain": "ser30k",
        "asked": 2,
        "tokens": {"in": 600, "out": 24},
        "written": {"style": 2},
        "listed": [],
    }
    assert not list(tmp_path.glob("*.html"))


def test_nothing_to_ask_is_done(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, endpoint = stickers(tmp_path / "raw", 2), start()
    assert call(raw, "ser30k", endpoint) == 0
    assert call(raw, "ser30k", endpoint, "--only-missing") == 0
    assert capsys.readouterr().out.endswith("Asked 0 times.\n")


def test_progress_is_told(
    tmp_path: Path,
    start: Start,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pmg.progress.SECONDS_BETWEEN_LINES", 0.2)
    raw = stickers(tmp_path / "raw", 40)
    assert call(raw, "ser30k", start(2, 0.05), "--channel", "target") == 0
    line = next(line for line in capsys.readouterr().err.splitlines() if "left" in line)
    assert line.startswith("ser30k: ask: ")
    assert " of 40 answers, " in line
    assert "/s, " in line


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("http://127.0.0.1:9/v1", "expected an endpoint, found none that answers."),
        ("localhost:8000", "expected an address, as http://localhost:8000/v1."),
        ("ftp://localhost/", "expected an address, as http://localhost:8000/v1."),
        ("http://[::1/v1", "expected an address, as http://localhost:8000/v1."),
        ("http://127.0.0.1:999999/v1", "expected an address, as http://localhost:8000/v1."),
        ("", "expected an address, as http://localhost:8000/v1."),
    ],
)
def test_what_is_no_endpoint_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str, found: str
) -> None:
    raw = stickers(tmp_path / "raw", 1)
    more = ("--endpoint", address, "--html", str(tmp_path / "page.html"))
    assert call(raw, "ser30k", None, *more) == 2
    assert found in capsys.readouterr().err


def test_a_model_that_the_endpoint_does_not_have_is_refused(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, endpoint = stickers(tmp_path / "raw", 1), start()
    assert call(raw, "ser30k", endpoint, "--model", "another/model") == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"pmg-bench: {endpoint.address}/v1: expected the model another/model, found '{TELLER}'. "
        "Name one of these with --model."
    )


@pytest.mark.parametrize(
    ("more", "option"),
    [
        (("--limit", "0"), "--limit"),
        (("--at-once", "-1"), "--at-once"),
        (("--timeout", "0"), "--timeout"),
        (("--price", "1"), "--price"),
        (("--channel", "sound"), "--channel"),
        (("--only-missing", "--replace"), "--replace"),
        (("--model", "a|b"), "--model"),
        (("--model", ""), "--model"),
        (("--revision", "x\ny"), "--revision"),
    ],
    ids=str,
)
def test_wrong_options_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], option: str
) -> None:
    command = ["caption", str(tmp_path), "--domain", "ser30k", "--channel", "style", *more]
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 2
    assert f"argument {option}: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "found"),
    [
        (("--requests-per-minute", "9"), "--requests-per-minute: expected with --endpoint"),
        (("--endpoint", "::nonsense"), "expected an address, as http://localhost:8000/v1."),
        (("--model", ".", "--revision", "1"), "--revision: expected with a model of the Hub"),
    ],
    ids=str,
)
def test_a_wrong_call_is_told_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], found: str
) -> None:
    assert call(tmp_path / "nowhere", "ser30k", None, "--dry-run", *more) == 2
    assert found in capsys.readouterr().err


def test_a_call_that_goes_on_says_so(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, endpoint = stickers(tmp_path / "raw", 2), start()
    assert call(raw, "ser30k", endpoint) == 0
    (raw / "ser30k" / "captions.json").unlink()
    capsys.readouterr()
    assert call(raw, "ser30k", endpoint) == 0
    assert capsys.readouterr().err.startswith(
        "2 questions, less those that captioning.jsonl answers: about "
    )


def test_what_cannot_be_read_is_told(
    tmp_path: Path, raw: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(tmp_path / "nowhere", "ser30k", start(), "--html", str(tmp_path / "x.html")) == 1
    assert "expected a folder with the raw files of ser30k" in capsys.readouterr().err
    folder = tmp_path / "raw" / "movieposter"
    folder.mkdir(parents=True)
    (folder / "info.csv").write_bytes((raw / "movieposter" / "info.csv").read_bytes())
    assert call(tmp_path / "raw", "movieposter", start()) == 1
    assert "movieposter/image_data.pkl: expected posters" in capsys.readouterr().err


def test_what_the_journal_answers_has_its_page_too(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, endpoint = stickers(tmp_path / "raw", 2), start()
    assert call(raw, "ser30k", endpoint, "--channel", "style") == 0
    (raw / "ser30k" / "style_captions.json").unlink()
    page = tmp_path / "ser30k.html"
    page.unlink()
    capsys.readouterr()
    assert call(raw, "ser30k", endpoint, "--channel", "style") == 0
    assert capsys.readouterr().out.splitlines() == [
        "ser30k, style: 2 captions written.",
        "Asked 0 times.",
        f"{page}: open it in a browser.",
    ]
    assert page.is_file()


@pytest.mark.parametrize("name", ["lingua", "openai"])
def test_a_library_that_is_lacking_is_named_before_anything_is_asked(
    tmp_path: Path,
    start: Start,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    raw, endpoint = stickers(tmp_path / "raw", 1), start()
    monkeypatch.setitem(sys.modules, name, None)  # as where it is not installed
    detector.cache_clear()
    assert call(raw, "ser30k", endpoint) == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        f'pmg-bench: {name}: expected the library, found none. `pip install "pmg-bench[caption]"`.'
    )
    assert not endpoint.requests
