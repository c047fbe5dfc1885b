"""Interactions that hypothesis draws, beside some that give every split a sample."""

from typing import Any

from hypothesis import strategies as st

Rows = list[dict[str, Any]]
# Of the first three, hashes train on one, validate on one, and test one; of the last three, those
# of seed 7.
USERS = ("two", "one", "seven", "white", "grey")
TIMES = (1, 2, 3, 8, 12, 16)
ENOUGH: Rows = [
    {"user_id": user, "item_id": str(item), "timestamp": time, "rating": 5.0}
    for user in USERS
    for item, time in enumerate(TIMES, 1)
]
event = st.tuples(
    st.sampled_from("abcdef"),
    st.integers(1, 12).map(str),
    st.integers(0, 20),
    st.sampled_from([0.5, 3.0, 4.0, 4.5, 5.0]),
)
events = st.lists(event, min_size=1, max_size=60, unique_by=lambda each: each[:3]).map(
    lambda found: [
        *ENOUGH,
        *(
            {"user_id": user, "item_id": item, "timestamp": time, "rating": rating}
            for user, item, time, rating in found
        ),
    ]
)
