"""A model in this process: loading, processing and generation are transformers' own."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pmg.captioning.answers import CUT_OFF, STOPPED, Answer, Key, Model, Question, Unanswered
from pmg.captioning.in_process import InProcess
from pmg.captioning.prompts import Prompt
from pmg_bench import main
from tests.captioning.asked import call, captions_of, made_of, stickers, told
from tests.captioning.untrained import write_qwen

torch = pytest.importorskip("torch", reason="large, and not installed")
transformers = pytest.importorskip("transformers", reason="large, and not installed")

PROMPT = Prompt("style", 1, "English", 20, 12, "You write captions.", "What is seen?")
SIZES = ((96, 96), (300, 200), (60, 90), (400, 50), (28, 28), (200, 300))  # height, width


@pytest.fixture(scope="module")
def qwen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_qwen(tmp_path_factory.mktemp("models") / "tiny-qwen")


def questions() -> list[Question]:
    random = np.random.default_rng(0)
    images = [
        Image.fromarray(random.integers(0, 255, (*size, 3), dtype=np.uint8)) for size in SIZES
    ]
    return [
        Question(Key(str(number), "style", PROMPT.digest), PROMPT, PROMPT.question, image)
        for number, image in enumerate(images)
    ]


def answers_of(folder: Path, batch: int) -> dict[str, Answer]:
    heard: dict[str, Answer] = {}

    def hear(question: Question, answer: Answer | Unanswered) -> None:
        assert isinstance(answer, Answer)
        heard[question.key.picture] = answer

    InProcess(Model(str(folder), None), batch).ask(questions(), hear)
    return heard


def test_answers_do_not_depend_on_the_batch(qwen: Path) -> None:
    alone = answers_of(qwen, 1)
    assert list(alone) == [str(number) for number in range(len(SIZES))]
    assert alone == answers_of(qwen, 4)
    assert len({answer.text for answer in alone.values()}) > 1


def test_answers_are_what_transformers_generates(qwen: Path) -> None:
    model = transformers.Qwen2_5_VLForConditionalGeneration.from_pretrained(qwen)
    processor = transformers.AutoProcessor.from_pretrained(qwen)
    for question, answer in zip(questions(), answers_of(qwen, 3).values(), strict=True):
        given = processor(text=[chat_written_out()], images=[question.image], return_tensors="pt")
        made = model.generate(**given, max_new_tokens=PROMPT.tokens, do_sample=False)
        tokens: Any = made[0, given["input_ids"].shape[1] :].tolist()
        ends = model.generation_config.eos_token_id
        is_whole = tokens[-1] in ends and len(tokens) <= PROMPT.tokens
        said = tokens[:-1] if tokens[-1] in ends else tokens
        text = processor.tokenizer.decode(said, skip_special_tokens=True)
        ending = STOPPED if is_whole else CUT_OFF
        assert answer == Answer(text, ending, given["input_ids"].shape[1], len(said))


def chat_written_out() -> str:
    """The chat as the model's template has it, written out."""
    return (
        f"<|im_start|>system\n{PROMPT.system}<|im_end|>\n<|im_start|>user\n"
        f"<|vision_start|><|image_pad|><|vision_end|>{PROMPT.question}<|im_end|>\n"
        "<|im_start|>assistant\n"
    )


def test_captions_are_written_and_built_with_their_origin(
    qwen: Path, uncaptioned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ("--model", str(qwen), "--limit", "12", "--json")
    code = call(uncaptioned, "ser30k", None, *more)
    found = told(capsys)
    lacking = [each["channel"] for each in found["listed"]]
    assert code == (1 if lacking else 0)
    written = found["written"]
    assert written["style"] + written["target"] + len(lacking) == 24
    assert 0 < written["target"] == len(captions_of(uncaptioned, "ser30k", "target"))
    origin = {(each["model"], each["revision"][:7]) for each in made_of(uncaptioned, "ser30k")}
    assert origin == {("tiny-qwen", "blake3:")}
    out = tmp_path / "pmg-bench"
    assert main(["build", str(uncaptioned), str(out), "--domain", "ser30k"]) == 0
    card = (out / "README.md").read_text(encoding="utf-8")
    assert f"| `ser30k` | target | {written['target']} | `tiny-qwen` | `blake3:" in card


def test_other_weights_under_the_same_name_are_another_revision(qwen: Path, tmp_path: Path) -> None:
    other = write_qwen(tmp_path / "tiny-qwen", seed=1)
    first, second = (InProcess(Model(str(each), None), 1).model for each in (qwen, other))
    assert first.name == second.name == "tiny-qwen"
    assert first.revision != second.revision


def test_a_model_that_is_nowhere_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = stickers(tmp_path / "raw", 1)
    assert call(raw, "ser30k", None) == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        "pmg-bench: Qwen/Qwen2.5-VL-7B-Instruct: expected its files of cc594898, here or on the "
        "Hub, found none. Look whether the Hub can be reached, and HF_HUB_OFFLINE is not set."
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.safetensors", b"\x00" * 90),
        ("config.json", b"[1]"),
        ("tokenizer.json", b'{"x": 1}'),
        ("chat_template.jinja", None),
    ],
    ids=str,
)
def test_a_damaged_model_is_told(
    qwen: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: bytes | None,
) -> None:
    folder = Path(shutil.copytree(qwen, tmp_path / "damaged"))
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    raw = stickers(tmp_path / "raw", 1)
    assert call(raw, "ser30k", None, "--model", str(folder)) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith(f"pmg-bench: {folder}: expected ")


def test_a_folder_whose_name_cannot_be_told_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "my | model").mkdir()
    raw = stickers(tmp_path / "raw", 1)
    with pytest.raises(SystemExit):
        call(raw, "ser30k", None, "--model", str(tmp_path / "my | model"))
    assert "argument --model: expected 1 to 100 letters" in capsys.readouterr().err


def test_a_folder_that_is_no_model_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = stickers(tmp_path / "raw", 1)
    assert call(raw, "ser30k", None, "--model", str(tmp_path)) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith(f"pmg-bench: {tmp_path}: expected")
