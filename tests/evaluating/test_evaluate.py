"""Predictions are worth what they must be: perfect ones, copies, and those that know no user."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from pmg.columns import Row
from pmg.evaluating.canvas import Canvas, Recent
from pmg.evaluating.evaluate import Asked, Evaluation, evaluate
from pmg.evaluating.metrics import plain_metrics
from pmg.evaluating.scoring import Predicted, scored
from pmg.evaluating.scoring import Samples as Scored
from pmg.evaluating.swaps import NOBODY, partners, user_of
from pmg.evaluating.tallies import Tally
from pmg.problems import BadCall
from pmg.reading.ids import built_samples, own_samples
from pmg.reading.pictures import on_white
from pmg.reading.sources import opened
from pmg_bench import Items, Samples, main
from tests.evaluating.written import write_pictures, write_texts

CONFIG = "ser30k_bench"
SMALL = Canvas(32)
IDS = ("sample_id", "user_id", "history_ids", "target_id")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stickers of many topics: their test split has enough of them to draw some again."""
    folder = tmp_path_factory.mktemp("many")
    raw, out = str(folder / "raw"), folder / "pmg-bench"
    drawn = ["draw", raw, "--domain", "ser30k", "--scale", "small", "--picture-size", "24x24"]
    assert main(drawn) == 0
    assert main(["build", raw, str(out)]) == 0
    return out


def target(row: Row) -> Image.Image:
    return on_white(row["target_image"])


def last(row: Row) -> Image.Image:
    return on_white(row["history_images"][-1])


def noise(row: Row) -> Image.Image:
    seed = int.from_bytes(str(row["sample_id"]).encode()[-6:])
    pixels = np.random.default_rng(seed).integers(0, 256, (24, 24, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def scores(found: Evaluation, against: str) -> dict[str, float]:
    return {name: score.estimates[against].mean for name, score in found.scores.items()}


def test_perfect_predictions_score_as_such(many: Path, tmp_path: Path) -> None:
    samples = Samples(many, CONFIG, "test")
    folder = write_pictures(tmp_path / "perfect", samples, target)
    captions = {row["sample_id"]: row["target_caption"] for row in samples}
    told = {sample: text for sample, text in captions.items() if text}
    write_texts(folder / "predictions.jsonl", told)
    found = evaluate(many, folder, CONFIG, canvas=SMALL)
    assert scores(found, "target") == {
        "ssim": pytest.approx(1),
        "psnr": 100,
        "copy": 1,
        "near-copy": 1,
        "rouge-l": pytest.approx(1),
        "bleu": pytest.approx(1),
    }
    assert found.scored == {"picture": len(samples), "text": len(told)}
    assert found.missing == {
        "picture": [],
        "text": [sample for sample in captions if sample not in told],
    }
    assert found.extra == found.unreadable == []
    for score in found.scores.values():
        estimate = score.estimates["target"]
        assert estimate.low == pytest.approx(estimate.high)


def test_copies_of_the_history_are_told_and_are_personal(many: Path, tmp_path: Path) -> None:
    folder = write_pictures(tmp_path / "copies", Samples(many, CONFIG, "test"), last)
    found = evaluate(many, folder, CONFIG, canvas=SMALL)
    history = scores(found, "history")
    assert history["copy"] == history["near-copy"] == 1
    assert scores(found, "swapped")["copy"] == 0
    for name in ("ssim", "psnr", "copy", "near-copy"):
        estimates = found.scores[name].estimates
        assert estimates["personal"].low > 0
        difference = estimates["history"].mean - estimates["swapped"].mean
        assert estimates["personal"].mean == pytest.approx(difference)


def test_predictions_that_ignore_the_user_are_not_personal(many: Path, tmp_path: Path) -> None:
    folder = write_pictures(tmp_path / "noise", Samples(many, CONFIG, "test"), noise)
    found = evaluate(many, folder, CONFIG, canvas=SMALL)
    for score in found.scores.values():
        estimate = score.estimates["personal"]
        assert estimate.low <= 0 <= estimate.high
    assert scores(found, "history")["copy"] == 0


def test_everyone_is_swapped_with_another_user(many: Path) -> None:
    joined = built_samples(opened(many), CONFIG, "test")
    found = partners(joined)
    users = [user_of(joined, number) for number in range(len(found))]
    assert len(set(users)) > 5
    assert all(users[partner] != user for user, partner in zip(users, found, strict=True))
    assert (found == partners(joined)).all()
    assert len(set(found.tolist())) > len(found) / 2  # no history serves for all


def test_a_split_of_one_user_has_nobody_to_swap_with(many: Path) -> None:
    rows = [Samples(many, CONFIG, "test", decode=False)[0]] * 3
    ids = pa.Table.from_pylist([{name: row[name] for name in IDS} for row in rows])
    joined = own_samples(ids, None, Items(many, "ser30k_items"))
    assert partners(joined).tolist() == [NOBODY] * 3
    samples = Scored.of(joined, SMALL)
    found = scored(samples, lambda _: Predicted([], ["a fox"]), plain_metrics())
    assert {"target", "history"} == set(found["rouge-l"])


def test_several_predictions_of_a_sample_count_as_their_mean(many: Path, tmp_path: Path) -> None:
    row = Samples(many, CONFIG, "test")[0]
    folder = tmp_path / "several"
    folder.mkdir()
    target(row).save(folder / f"{row['sample_id']}-1.png")
    noise(row).save(folder / f"{row['sample_id']}-2.png")
    found = evaluate(many, folder, CONFIG, canvas=SMALL)
    assert found.scores["copy"].estimates["target"].mean == 0.5
    assert found.scored == {"picture": 1}


def test_what_cannot_be_decoded_is_listed_and_never_scored(many: Path, tmp_path: Path) -> None:
    samples = Samples(many, CONFIG, "test")
    folder = write_pictures(tmp_path / "perfect", samples, target)
    broken = sorted(folder.iterdir())[3]
    broken.write_bytes(b"no picture")
    (folder / "nobody.png").write_bytes(b"")
    found = evaluate(many, folder, CONFIG, canvas=SMALL)
    assert found.unreadable == [
        f"{broken.name}: expected a picture that decodes, found another file"
    ]
    assert found.extra == ["nobody.png: expected SAMPLE_ID.png, found no such sample"]
    assert found.scored == {"picture": len(samples) - 1}
    assert found.scores["ssim"].estimates["target"].samples == len(samples) - 1
    assert scores(found, "target")["ssim"] == pytest.approx(1)


def test_json_tells_all_that_makes_the_numbers(
    many: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_pictures(tmp_path / "copies", Samples(many, CONFIG, "test"), last)
    call = ["evaluate", str(many), str(folder), "--size", "48", "--fit", "pad", "--json"]
    assert main([*call, "--interpolation", "lanczos"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert [told[name] for name in ("config", "split", "size", "interpolation", "fit")] == [
        CONFIG,
        "test",
        48,
        "lanczos",
        "pad",
    ]
    ssim = told["metrics"]["ssim"]
    assert ssim["data range"] == "0 to 255"
    assert set(ssim["target"]) == {"mean", "low", "high", "samples", "users"}
    assert ssim["target"]["low"] <= ssim["target"]["mean"] <= ssim["target"]["high"]
    assert told["coverage"] == {"picture": 1.0}
    assert main([*call, "--interpolation", "lanczos"]) == 0
    assert json.loads(capsys.readouterr().out) == told  # the same again


def test_the_report_is_a_table(
    many: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_pictures(tmp_path / "perfect", Samples(many, CONFIG, "test"), target)
    assert main(["evaluate", str(many), str(folder), "--size", "32"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{CONFIG}, test: ")
    assert lines[2] == "pictures at 32 x 32, bicubic, crop"
    assert lines[4].split() == ["target", "history", "swapped", "personal"]
    assert lines[5].split()[:4] == ["ssim", "↑", "1.0000", "[1.0000,"]


@pytest.mark.parametrize(
    ("canvas", "asked", "sentence"),
    [
        (Canvas(0), Asked(), "Size 0: expected 11 to 2,048 pixels"),
        (Canvas(32, "cubic"), Asked(), "'cubic': expected one of nearest, bilinear"),
        (Canvas(32, fit="fill"), Asked(), "'fill': expected one of crop, pad, stretch"),
        (SMALL, Asked(metrics=["iq"]), "Metric 'iq': expected some of lpips, clip-i"),
        (SMALL, Asked(extractor="nothing"), "'nothing': expected module:function"),
        (SMALL, Asked(extractor="math:nothing"), "expected a function that can be imported"),
        (SMALL, Asked(distance="math:pi"), "expected a function, found float"),
    ],
)
def test_wrong_calls_are_refused(
    many: Path, tmp_path: Path, canvas: Canvas, asked: Asked, sentence: str
) -> None:
    folder = write_pictures(tmp_path / "perfect", Samples(many, CONFIG, "test"), target)
    with pytest.raises(BadCall, match=sentence):
        evaluate(many, folder, CONFIG, canvas=canvas, asked=asked)


def test_no_predictions_are_refused(
    many: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "predictions"
    folder.mkdir()
    (folder / "notes.txt").write_text("later")
    call = ["evaluate", str(many), str(folder), "--size", "32"]
    assert main(call) == 1
    assert "found none of a sample; notes.txt: expected SAMPLE_ID.png" in capsys.readouterr().err
    sample = Samples(many, CONFIG, "test", decode=False)[0]["sample_id"]
    (folder / f"{sample}.png").write_text("later, too")
    assert main(call) == 1
    said = capsys.readouterr().err
    assert f"found none that decodes; {sample}.png: expected a picture that decodes" in said
    assert main(["evaluate", str(many), str(tmp_path / "nowhere")]) == 1


def test_what_is_kept_does_not_grow_with_samples() -> None:
    recent: Recent[int, int] = Recent(10)
    for number in range(1_000):
        assert recent.of([number, number % 3], lambda keys: keys) == [number, number % 3]
    assert len(recent._kept) == 10
    tally = Tally()
    for number in range(1_000):
        tally.add(f"user {number % 7}", {"target": number})
    assert {len(sums) for sums in tally._sums.values()} == {7}
    assert tally.estimates()["target"].samples == 1_000
