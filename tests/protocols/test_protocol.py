"""Protocols as people write them."""

import pytest

from pmg.problems import BadCall
from pmg.protocols.protocol import read_protocol


@pytest.mark.parametrize(
    ("written", "told", "name"),
    [
        ("windows", "windows5", "windows5"),
        ("pmg", "pmg3", "pmg3"),
        ("pmg3,min_rating=4", "pmg3", "pmg3"),
        ("pmg3,min_rating=3", "pmg3,min_rating=3", "pmg3"),
        ("leave_last_out", "leave_last_out50", "leave_last_out50"),
        ("temporal,fraction=0.8:0.9", "temporal50,fraction=0.8:0.9", "temporal50"),
        ("temporal7,at=1100000000", "temporal7,at=1100000000", "temporal7"),
        ("windows3,step=2,min_rating=4.5", "windows3,min_rating=4.5,step=2", "windows3"),
        ("windows3,min_rating=4.0", "windows3,min_rating=4", "windows3"),
        ("windows3,min_rating=0.00001", "windows3,min_rating=0.00001", "windows3"),
        ("windows3,split=user,step=1,seed=0", "windows3", "windows3"),
        ("windows3,seed=1,negatives=9", "windows3,negatives=9,seed=1", "windows3"),
    ],
)
def test_a_protocol_is_told_as_it_is_read(written: str, told: str, name: str) -> None:
    protocol = read_protocol(written)
    assert (str(protocol), protocol.name) == (told, name)
    assert str(read_protocol(told)) == told
    assert read_protocol(told) == protocol


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (
            "window5",
            (
                "protocol: expected pmg, windows, leave_last_out, temporal, with the items of a"
                " history and options as in windows5,min_rating=4, found 'window5'."
            ),
        ),
        (
            "windows5;step=2",
            (
                "protocol: expected pmg, windows, leave_last_out, temporal, with the items of a"
                " history and options as in windows5,min_rating=4, found 'windows5;step=2'."
            ),
        ),
        ("windows0", "protocol: expected histories of 1 to 1,000, found 0."),
        (
            "pmg3,step=2",
            (
                "protocol pmg: expected one of the options min_rating, negatives, by, within,"
                " seed, found step."
            ),
        ),
        (
            "windows5,step=0",
            "protocol windows, step: expected a whole number from 1, found '0'.",
        ),
        (
            "windows5,split=day",
            "protocol windows, split: expected user or sample, found 'day'.",
        ),
        (
            "windows5,min_rating=four",
            "protocol windows, min_rating: expected a number of stars, found 'four'.",
        ),
        (
            "temporal5,fraction=a:b",
            (
                "protocol temporal, fraction: expected a share between 0 and 1, or two as 0.8:0.9,"
                " found 'a:b'."
            ),
        ),
        (
            "temporal5",
            (
                "protocol temporal: expected either `at` or `fraction`, as in"
                " temporal50,fraction=0.8."
            ),
        ),
        (
            "windows5,by=category",
            "protocol windows, by: expected popularity or uniform, found 'category'.",
        ),
        (
            "windows5,within=category",
            "protocol windows: expected `negatives` where `within` says how they are drawn.",
        ),
        (
            "leave_last_out,seed=3",
            "protocol leave_last_out: expected `negatives` where `seed` says how they are drawn.",
        ),
        (
            "windows5,step=2,step=3",
            "protocol windows: expected each option once, found step twice.",
        ),
    ],
)
def test_what_is_no_protocol_is_said(written: str, sentence: str) -> None:
    with pytest.raises(BadCall) as caught:
        read_protocol(written)
    assert str(caught.value) == sentence
