"""Captions that are there stay, unless one says otherwise."""

import json
import pickle
from pathlib import Path

import pytest

from pmg_bench import main
from tests.captioning.asked import FILES, call, captions_of, made_of
from tests.captioning.conftest import Start
from tests.movieposter.raw_folder import write_raw

DOMAIN_CHANNELS = sorted(FILES)


def take_out(raw: Path, domain: str, channel: str, count: int) -> list[object]:
    """Take so many captions out of a file; answers with their keys."""
    captions = captions_of(raw, domain, channel)
    gone = list(captions)[:count]
    kept = {key: text for key, text in captions.items() if key not in gone}
    path = raw / domain / FILES[domain, channel]
    if path.suffix == ".pkl":
        path.write_bytes(pickle.dumps(kept))
    else:
        path.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    return gone


@pytest.mark.parametrize(("domain", "channel"), DOMAIN_CHANNELS)
def test_only_missing_asks_for_those_and_leaves_the_others(
    uncaptioned: Path, start: Start, domain: str, channel: str
) -> None:
    assert call(uncaptioned, domain, start(), "--channel", channel) == 0
    before = captions_of(uncaptioned, domain, channel)
    gone = take_out(uncaptioned, domain, channel, 5)
    (uncaptioned / domain / "captioning.jsonl").unlink()
    endpoint = start()
    assert call(uncaptioned, domain, endpoint, "--channel", channel, "--only-missing") == 0
    assert sum(endpoint.asked.values()) == len(gone)
    assert captions_of(uncaptioned, domain, channel) == before


@pytest.mark.parametrize(("domain", "channel"), DOMAIN_CHANNELS)
def test_captions_in_the_way_are_refused(
    uncaptioned: Path, start: Start, capsys: pytest.CaptureFixture[str], domain: str, channel: str
) -> None:
    endpoint = start()
    call(uncaptioned, domain, endpoint, "--channel", channel)
    (uncaptioned / domain / "made_captions.jsonl").unlink()  # so nobody tells whose they are
    path = uncaptioned / domain / FILES[domain, channel]
    before, asked = path.read_bytes(), endpoint.requests.total()
    capsys.readouterr()
    assert call(uncaptioned, domain, endpoint, "--channel", channel) == 2
    count = len(captions_of(uncaptioned, domain, channel))
    assert capsys.readouterr().err == (
        f"pmg-bench: {path}: expected no captions but of this model and prompt, found others of "
        f"{count} of {count} pictures. Ask for what is missing with --only-missing, or for all "
        "with --replace.\n"
    )
    assert (path.read_bytes(), endpoint.requests.total()) == (before, asked)


def test_replace_asks_another_model_for_all(raw: Path, uncaptioned: Path, start: Start) -> None:
    (uncaptioned / "ser30k" / "captions.json").write_bytes(
        (raw / "ser30k" / "captions.json").read_bytes()
    )
    before = captions_of(uncaptioned, "ser30k", "target")
    assert call(uncaptioned, "ser30k", start(), "--channel", "target", "--replace") == 0
    after = captions_of(uncaptioned, "ser30k", "target")
    assert list(after)[: len(before)] == list(before)
    assert not set(before.values()) & set(after.values())
    assert {each["item"] for each in made_of(uncaptioned, "ser30k")} == set(after)


def test_a_caption_under_another_spelling_of_its_key_is_there(
    uncaptioned: Path, start: Start
) -> None:
    folder = uncaptioned / "ser30k"
    first, second = sorted((folder / "images").glob("01-*/*"))[:2]
    said = {f"images/01-fox/{first.name}": "by its path", "nowhere/x.png": "of none"}
    (folder / "captions.json").write_text(json.dumps(said), encoding="utf-8")
    assert call(uncaptioned, "ser30k", start(), "--channel", "target", "--only-missing") == 0
    after = captions_of(uncaptioned, "ser30k", "target")
    assert said.items() <= after.items()
    assert f"01-fox/{first.name}" not in after
    assert f"01-fox/{second.name}" in after


def test_an_empty_caption_is_missing(uncaptioned: Path, start: Start) -> None:
    call(uncaptioned, "movieposter", start(), "--channel", "target")
    path = uncaptioned / "movieposter" / "target_captions.pkl"
    captions = captions_of(uncaptioned, "movieposter", "target")
    first = next(iter(captions))
    path.write_bytes(pickle.dumps(captions | {first: ["", " "]}))
    assert call(uncaptioned, "movieposter", start(), "--channel", "target", "--only-missing") == 0
    assert captions_of(uncaptioned, "movieposter", "target") == captions


def test_style_captions_of_users_have_no_place_for_those_of_pictures(
    uncaptioned: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    path = uncaptioned / "movieposter" / "style_captions.pkl"
    path.write_bytes(pickle.dumps(dict.fromkeys(range(1, 25), "likes boats")))
    before = path.read_bytes()
    assert call(uncaptioned, "movieposter", start(), "--only-missing") == 2
    assert capsys.readouterr().err == (
        f"pmg-bench: {path}: expected captions by movie, found keys that are, or may be, users. "
        "Say `--style-key movie` where they are movies, else move the file away.\n"
    )
    assert path.read_bytes() == before


def test_a_faulty_file_is_not_written_again_without_its_faults(
    uncaptioned: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    path = uncaptioned / "ser30k" / "captions.json"
    path.write_text('{"01-fox/sticker_1.jpg": 7}', encoding="utf-8")
    endpoint = start()
    assert call(uncaptioned, "ser30k", endpoint, "--only-missing") == 1
    assert capsys.readouterr().err == (
        "error: ser30k/captions.json, key '01-fox/sticker_1.jpg': expected text or a list of "
        "texts, found 7. Correct the entry, or remove it.\n"
    )
    assert path.read_text(encoding="utf-8") == '{"01-fox/sticker_1.jpg": 7}'
    assert not endpoint.requests


def test_a_trial_is_of_the_first_pictures(uncaptioned: Path, start: Start) -> None:
    endpoint = start()
    assert call(uncaptioned, "pog_dataset", endpoint, "--limit", "3") == 0
    assert endpoint.asked.total() == 6
    for channel in ("style", "target"):
        assert len(captions_of(uncaptioned, "pog_dataset", channel)) == 3
    assert call(uncaptioned, "pog_dataset", endpoint, "--only-missing") == 0
    assert set(endpoint.asked.values()) == {1}


def test_movies_of_a_trial_are_not_taken_for_users(
    tmp_path: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    """All three have ids that users have too; that a model was shown their posters tells."""
    raw = write_raw(tmp_path / "raw")
    (raw / "movieposter" / "style_captions.pkl").unlink()
    assert call(raw, "movieposter", start(), "--channel", "style", "--limit", "3") == 0
    assert list(captions_of(raw, "movieposter", "style")) == [1, 2, 3]
    assert main(["check", str(raw), "--domain", "movieposter"]) == 0
    (raw / "movieposter" / "made_captions.jsonl").unlink()
    capsys.readouterr()
    assert main(["check", str(raw), "--domain", "movieposter"]) == 1
    assert "Say which with --style-key movie or --style-key user." in capsys.readouterr().out


def test_the_same_call_goes_on_where_a_trial_ended(uncaptioned: Path, start: Start) -> None:
    endpoint = start()
    assert call(uncaptioned, "ser30k", endpoint, "--limit", "5") == 0
    (uncaptioned / "ser30k" / "captioning.jsonl").unlink()
    assert call(uncaptioned, "ser30k", endpoint) == 0
    assert set(endpoint.requests.values()) == {1}


def test_captions_of_another_model_are_in_the_way(
    uncaptioned: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint = start()
    endpoint.models = []
    assert call(uncaptioned, "ser30k", endpoint, "--limit", "5", "--model", "another") == 0
    assert call(uncaptioned, "ser30k", endpoint) == 2
    assert "expected no captions but of this model and prompt" in capsys.readouterr().err


def test_a_caption_under_two_keys_is_replaced_under_both(uncaptioned: Path, start: Start) -> None:
    folder = uncaptioned / "ser30k"
    name = "01-fox/sticker_1.jpg"
    said = {name: "an old text", f"images/{name}": "an old text"}
    (folder / "captions.json").write_text(json.dumps(said), encoding="utf-8")
    assert call(uncaptioned, "ser30k", start(), "--channel", "target", "--replace") == 0
    after = captions_of(uncaptioned, "ser30k", "target")
    assert after[name] == after[f"images/{name}"] != "an old text"
    assert main(["check", str(uncaptioned), "--domain", "ser30k"]) == 0


def test_keys_that_are_no_text_stay_as_they_were(uncaptioned: Path, start: Start) -> None:
    path = uncaptioned / "ser30k" / "captions.json"
    path.write_text('{"\\ud800k": "precious"}', encoding="utf-8")
    assert call(uncaptioned, "ser30k", start(), "--channel", "target", "--only-missing") == 0
    assert json.loads(path.read_text(encoding="utf-8"))["\ud800k"] == "precious"


def test_style_captions_go_on_without_ratings(tmp_path: Path, start: Start) -> None:
    raw = write_raw(tmp_path / "raw")
    for name in ("style_captions.pkl", "ratings.csv"):
        (raw / "movieposter" / name).unlink()
    more = ("--channel", "style")
    assert call(raw, "movieposter", start(), *more, "--limit", "3") == 0
    assert call(raw, "movieposter", start(), *more, "--only-missing") == 0
    assert len(captions_of(raw, "movieposter", "style")) == 8


def test_a_faulty_file_of_origins_is_told_before_anything_is_asked(
    uncaptioned: Path, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    (uncaptioned / "ser30k" / "made_captions.jsonl").write_text("{}\n", encoding="utf-8")
    endpoint = start()
    assert call(uncaptioned, "ser30k", endpoint) == 1
    assert "made_captions.jsonl, line 1: expected a caption's item" in capsys.readouterr().err
    assert not endpoint.requests
