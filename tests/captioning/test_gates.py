"""Which answers are no captions, and what is asked the second time."""

import pytest

from pmg.captioning.answers import CUT_OFF, REFUSED, STOPPED, Answer, phrases_of
from pmg.captioning.gates import correction, fault_of
from pmg.captioning.prompts import Prompt

PROMPT = Prompt("target", 1, "English", 20, 60, "You write.", "What is it?")

CAPTIONS = (
    "a happy panda that waves",
    "Pizza",
    "bold colours\nwarm light\nretro fonts",
    "Sorry-looking panda with big wet eyes",
    'A cartoon bear says "HASTA LA VISTA" with a smile',
    "pastel kawaii kitten, sakura petals, kimono",
    "haute couture, cafe au lait tones, chic",
    "the same red, the same blue and the same green",
    "Unfortunately there is no text; a white cat sleeps",
    "I can't even, says a tired cat",
    '"I\'m sorry" in bubble letters over a sad panda',
    "No smoking sign and a sad cat",
    "I can't help falling in love, says a bear",
    "I won't tell you, says a cat on a mat",
    "Please provide coffee, says a tired cat",
)
FAULTS = {
    "": "empty",
    " \n ": "empty",
    "…": "empty",
    "I'm sorry, but I can't describe this picture.": "refused",
    "I’m unable to identify people in pictures.": "refused",  # noqa: RUF001
    "As an AI, I do not see.": "refused",
    "As a language model, I cannot see images.": "refused",
    "I apologize, but I cannot describe this image.": "refused",
    "My apologies, I cannot help.": "refused",
    "No, I can't help with that.": "refused",
    "I must decline this request.": "refused",
    "I'm afraid I can't do that.": "refused",
    "**I'm sorry**, but no.": "refused",
    "Oh, I'm sorry, that is too much.": "refused",
    "Sorry - I can't do that.": "refused",
    "I don't see any image. Please upload it.": "refused",
    "Unable to process the image.": "refused",
    "None": "empty",
    "null.": "empty",
    "7": "empty",
    "1. \n": "empty",
    "a panda<|im_end|><|im_start|>user": "garbled",
    "<think>It waves.</think> a panda": "garbled",
    "ha" * 40: "garbled",
    "a" * 70_000: "too long, 70,000 characters",
    "a" + " " * 2_000_000 + "b": "too long, 2,000,002 characters",
    "een rode panda slaapt in de zon": "not in English",
    "seekor panda merah sedang tidur": "not in English",
    "ຫມາສີແດງນອນ": "not in English",
    "抱歉,我无法描述这张图片。": "refused",
    "une robe rouge avec des fleurs blanches sur un fond bleu": "not in English",
    "ein müder Hund liegt auf dem Sofa und gähnt": "not in English",
    "一只可爱的熊猫在挥手": "not in English",
    "モダンで明るい色の服": "not in English",
    "a cat on a mat and a cat on a mat and a cat on a mat": "repeating itself",
    "warm light\nWarm light": "repeating itself",
    "a very very very very bright star": "repeating itself",
    "a panda \x07 that waves": "garbled",
    "a panda \ufffd that waves": "garbled",
    "a panda " + chr(0xD83D) + " that waves": "garbled",
    " ".join(f"thing{number}" for number in range(21)): "too long, 21 words",
}


@pytest.mark.parametrize("text", CAPTIONS)
def test_a_caption_passes(text: str) -> None:
    assert fault_of(Answer(text, STOPPED), PROMPT) is None


@pytest.mark.parametrize(
    ("text", "fault"), FAULTS.items(), ids=[ascii(each)[:50] for each in FAULTS]
)
def test_what_is_no_caption_does_not(text: str, fault: str) -> None:
    assert fault_of(Answer(text, STOPPED), PROMPT) == fault


def test_what_was_cut_off_is_no_caption_however_it_reads() -> None:
    answer = Answer("a happy panda that waves", CUT_OFF)
    assert fault_of(answer, PROMPT) == "cut off after 60 tokens"


def test_a_filter_is_a_refusal() -> None:
    assert fault_of(Answer("", REFUSED), PROMPT) == "refused"


def test_the_second_question_says_what_was_wrong() -> None:
    assert correction("too long, 21 words", PROMPT) == (
        "An earlier answer was too long, 21 words. Answer again, in English, in at most 20 words, "
        "and with nothing else than what was asked for."
    )


@pytest.mark.parametrize(
    ("answer", "phrases"),
    [
        ("a panda", ("a panda",)),
        ("- warm light\n- cold sea\n", ("warm light", "cold sea")),
        ("1. warm light\n2) cold sea\n\n• 3 boats", ("warm light", "cold sea", "3 boats")),
        ("  a 1990s look, -ish  ", ("a 1990s look, -ish",)),
        ("a lantern - the moon, 1995. A cat", ("a lantern - the moon, 1995. A cat",)),
        ("Heat (1995) in red letters", ("Heat (1995) in red letters",)),
        ("-\n2.\n", ()),
    ],
)
def test_lines_are_phrases_less_the_marks_of_a_list(answer: str, phrases: tuple[str, ...]) -> None:
    assert phrases_of(answer) == phrases
