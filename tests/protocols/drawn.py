"""Interactions that hypothesis draws, beside some of three users who always have enough."""

from typing import Any

from hypothesis import strategies as st

Rows = list[dict[str, Any]]
ENOUGH: Rows = [
    {"user_id": user, "item_id": str(item), "timestamp": item, "rating": 5.0}
    for user in ("tested", "trained", "third")
    for item in range(1, 7)
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
