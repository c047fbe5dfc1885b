"""Clicks and choices, made when they are asked for, are those of the lines."""

from hypothesis import given
from hypothesis import strategies as st

from pog_dataset.events import Event, Events
from pog_dataset.raw import UserLine

IDS = st.lists(st.sampled_from("abcde"), max_size=4).map(tuple)
LINES = st.lists(st.tuples(st.sampled_from(["u1", "u2", "u3"]), IDS, IDS), max_size=8).map(
    lambda lines: [UserLine(number, *line) for number, line in enumerate(lines, 2)]
)


def second_opinion(lines: list[UserLine]) -> list[Event]:
    events: list[Event] = []
    seen: list[str] = []
    for _, user, clicks, outfits in lines:
        event = seen.count(user)
        seen.append(user)
        events += [Event(user, event, place, each, None) for place, each in enumerate(clicks)]
        events += [Event(user, event, place, None, each) for place, each in enumerate(outfits)]
    return events


@given(LINES, st.integers(-40, 40), st.integers(-40, 40))
def test_events_are_those_of_the_lines(lines: list[UserLine], start: int, stop: int) -> None:
    expected = second_opinion(lines)
    events = Events(lines)
    assert list(events) == expected
    assert len(events) == len(expected)
    assert events[start:stop] == expected[start:stop]
