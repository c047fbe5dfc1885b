"""Captions of one's own pictures, asked of a vision-language model."""

from typing import NamedTuple

STYLE, TARGET = CHANNELS = ("style", "target")  # what a liker of a picture likes; what it shows
BOTH = "both"
MODEL = "Qwen/Qwen2.5-VL-7B-Instruct"  # that the benchmark's captions were made by
AT_ONCE = 32  # requests to an endpoint, so that some wait there while others are answered
IN_A_BATCH = 4  # pictures, in process: what a 7B model has room for beside itself in 24 GB
SECONDS = 120  # that an answer may take


class Prices(NamedTuple):
    """What a million tokens cost, in whatever currency."""

    given: float
    made: float
