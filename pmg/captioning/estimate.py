"""What asking will cost, told before it begins."""

import statistics
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pmg.captioning import Prices
from pmg.captioning.asking import Wanted
from pmg.captioning.pictures import as_shown, tokens_of
from pmg.captioning.prompts import Prompt
from pmg.problems import BadData

LOOKED_AT = 24  # pictures, evenly spread
# Of English; OpenAI's rule of thumb is 4 characters and 3/4 of a word. Tokenisers differ.
CHARACTERS_PER_TOKEN, TOKENS_PER_WORD = 4, 4 / 3
TEMPLATE = 20  # tokens that a chat is wrapped in, about
PER_PRICE = 1_000_000  # tokens


class Estimate(NamedTuple):
    """Questions, and about as many tokens as Qwen2.5-VL counts."""

    questions: int
    given: int  # tokens of pictures and prompts
    made: int  # tokens of answers, if all have the most words that they may have
    is_begun: bool  # whether there is a journal, which may answer some

    def told(self, prices: Prices | None) -> str:
        begun = ", less those that captioning.jsonl answers" if self.is_begun else ""
        cost = f", {self.cost(prices):,.2f} in all" if prices else ""
        tokens = f"{self.given:,} tokens in and {self.made:,} out{cost}"
        return f"{self.questions:,} questions{begun}: about {tokens}."

    def cost(self, prices: Prices) -> float:
        return (self.given * prices.given + self.made * prices.made) / PER_PRICE


def estimated(wanted: Wanted, journal: Path) -> Estimate:
    """What it takes to ask all that is wanted once, by the sizes of some of the pictures."""
    pictures, item_ids = wanted.pictures, list(wanted.channels)
    spread = item_ids[:: max(1, -(-len(item_ids) // LOOKED_AT))]
    sizes = []
    for item_id in spread:
        with suppress(BadData):  # told of when it is asked about
            sizes.append(tokens_of(as_shown(pictures.read(pictures.found[item_id]))))
    picture = statistics.mean(sizes) if sizes else 0
    asked = [wanted.prompts[name] for names in wanted.channels.values() for name in names]
    given = sum(map(tokens_of_text, asked)) + round(picture * len(asked))
    made = round(sum(min(each.tokens, each.words * TOKENS_PER_WORD) for each in asked))
    return Estimate(len(asked), given, made, journal.exists())


def tokens_of_text(prompt: Prompt) -> int:
    return TEMPLATE + (len(prompt.system) + len(prompt.question)) // CHARACTERS_PER_TOKEN
