"""Gates: which answers are no captions. Nothing is repaired; such an answer is asked for again."""

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import Any, NamedTuple

from pmg.captioning.answers import CUT_OFF, REFUSED, Answer, phrases_of
from pmg.captioning.prompts import Prompt
from pmg.extras import CAPTION, library
from pmg.raw.files import is_unicode

DONE = (  # what somebody who refuses cannot do
    "answer|analy[sz]e|assist|comment|comply|create|describe|determine|discuss|do|fulfil|generate|"
    "help|identify|make|process|provide|recogni[sz]e|see|tell|view"
)
WHAT = (  # and what with: a sticker that cannot help falling in love refuses nothing
    r"(?=[\W_]*$|[\W_]+(?:with|this|that|these|those|the|images?|pictures?|photos?|people|any|who|"
    r"what|whether|in|on)\b)"
)
REFUSAL = re.compile(  # as an answer begins, in quotes or bold, too
    r"[\W_]*(?:(?:oh|no|well)\W+)?(?:"
    r"(?:i'm|i am) (?:very |so |really )?sorry\b(?![\"”])|sorry[,.!]?[\s–-]+(?:but|i|there|this)\b"  # noqa: RUF001
    r"|(?:i|my) apologi|(?:i'm|i am) afraid\b|unfortunately,? (?:i|we)\b|i (?:must|have to) decline"
    rf"|(?:i|we) (?:can't|cannot|can not|won't) (?:{DONE})\b{WHAT}"
    r"|(?:i'm|i am) (?:not able|unable)\b"
    r"|unable to (?:process|view|see|analy)|as an? (?:ai|large language model|language model)\b"
    r"|(?:i|we) (?:don't|do not|can't|cannot) see an?y? ?(?:image|picture)"
    r"|please (?:upload|provide) (?:(?:a|an|the|your|another) )?(?:image|picture|photo)"
    r"|很?抱歉|对不起|我无法|我不能)",
    re.IGNORECASE,
)
NOTHING = ("none", "null", "nil", "n/a", "nan", "undefined")
TEMPLATE = re.compile(r"<\|[^|>]{1,40}\|>|</?think>")  # marks of a chat that are no words of it
LONGEST, LONGEST_MEAN = 45, 20  # characters of a word; of all, with what is between them
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")  # noqa: RUF001 - apostrophes of both kinds
RUN, RUNS = 4, 3  # words in a row that are a loop where they occur so often
GARBAGE = ("Cc", "Cs", "Co", "Cn")  # Unicode's controls, halves of characters, and no characters
# Those that models fall into.
LANGUAGES = (
    *("ENGLISH", "CHINESE", "JAPANESE", "KOREAN", "RUSSIAN", "ARABIC", "THAI", "VIETNAMESE"),
    *("FRENCH", "GERMAN", "SPANISH", "PORTUGUESE", "ITALIAN", "DUTCH", "INDONESIAN"),
)
SCRIPTS = {"English": "LATIN"}  # as Unicode's names of letters begin
FEWEST_WORDS = 3  # fewer tell no language
LEAST_SURE = 0.05  # English phrases of "femme fatale" and "kimono" reach it, other languages do not


class Judged(NamedTuple):
    """An answer before the gates."""

    text: str
    words: list[str]
    ending: str
    prompt: Prompt


def fault_of(answer: Answer, prompt: Prompt) -> str | None:
    """Why an answer is no caption, completing "an answer that is …"; None where it is one.

    Raises:
        BadCall: lingua is not installed.
    """
    text = answer.text.strip()
    judged = Judged(text, WORD.findall(text), answer.ending, prompt)
    return next((fault for gate in GATES if (fault := gate(judged))), None)


def correction(fault: str, prompt: Prompt) -> str:
    """What is added to the question when it is asked again."""
    return (
        f"An earlier answer was {fault}. Answer again, in {prompt.language}, "
        f"in at most {prompt.words} words, and with nothing else than what was asked for."
    )


def refused(judged: Judged) -> str | None:
    straight = judged.text.replace("’", "'")  # noqa: RUF001 - both are apostrophes
    return "refused" if judged.ending == REFUSED or REFUSAL.match(straight) else None


def empty(judged: Judged) -> str | None:
    letters = any(each.isalpha() for phrase in phrases_of(judged.text) for each in phrase)
    return None if letters and judged.text.strip(".").lower() not in NOTHING else "empty"


def cut_off(judged: Judged) -> str | None:
    told = f"cut off after {judged.prompt.tokens} tokens"
    return told if judged.ending == CUT_OFF else None


def garbled(judged: Judged) -> str | None:
    text = judged.text
    odd = any(unicodedata.category(each) in GARBAGE for each in text if each not in "\n\r\t")
    odd = odd or any(len(word) > LONGEST for word in judged.words)
    marked = "\ufffd" in text or TEMPLATE.search(text)
    return "garbled" if odd or marked or not is_unicode(text) else None


def too_long(judged: Judged) -> str | None:
    """Of words, where scripts without spaces have one in two characters; or of characters."""
    if (characters := len(judged.text)) > judged.prompt.words * LONGEST_MEAN:
        return f"too long, {characters:,} characters"
    unspaced = sum(map(is_unspaced, judged.text))
    count = max(len(judged.words), unspaced // 2)
    return f"too long, {count:,} words" if count > judged.prompt.words else None


def is_unspaced(character: str) -> bool:
    """Whether it is of a script that sets no spaces: Chinese, Japanese, Thai."""
    return "\u0e00" <= character <= "\u0e7f" or "\u3040" <= character <= "\u9fff"


def repeating(judged: Judged) -> str | None:
    """A phrase occurs twice, a word many times in a row, or a run of them again and again.

    What a model has repeated it is ever more likely to repeat (J. Xu et al., *Learning to Break the
    Loop*, NeurIPS 2022), so three times are taken for a loop.
    """
    phrases = [phrase.casefold() for phrase in phrases_of(judged.text)]
    folded = [word.casefold() for word in judged.words]
    runs = Counter(tuple(folded[start : start + RUN]) for start in range(len(folded) - RUN + 1))
    is_stuck = any(len(set(run)) == 1 for run in runs) or max(runs.values(), default=0) >= RUNS
    return "repeating itself" if is_stuck or len(set(phrases)) < len(phrases) else None


def in_another_language(judged: Judged) -> str | None:
    """What is too short to tell passes."""
    text, language = judged.text, judged.prompt.language
    if not is_written_as(SCRIPTS.get(language, ""), text):
        return f"not in {language}"
    if len(judged.words) < FEWEST_WORDS and not any(map(is_unspaced, text)):
        return None
    sure = {
        each.language.name: each.value
        for each in detector().compute_language_confidence_values(text)
    }
    return None if sure[language.upper()] >= LEAST_SURE else f"not in {language}"


def is_written_as(script: str, text: str) -> bool:
    """Whether most letters are of a script; "" is any."""
    letters = [unicodedata.name(each, "") for each in text if each.isalpha()]
    return 2 * sum(name.startswith(script) for name in letters) >= len(letters)


@cache
def detector() -> Any:  # noqa: ANN401 - lingua's; it may not be there
    """Tells languages of short texts, and has loaded what it takes for those with few words.

    Raises:
        BadCall: lingua is not installed.
    """
    lingua = library("lingua", CAPTION)
    languages = [getattr(lingua.Language, name) for name in LANGUAGES]
    made = lingua.LanguageDetectorBuilder.from_languages(*languages).build()
    made.compute_language_confidence_values("a few words")  # two seconds, which nothing waits for
    return made


GATES = (refused, too_long, empty, cut_off, garbled, repeating, in_another_language)
