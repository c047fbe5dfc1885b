"""Pickles: everything a file of opcodes can try, as the posters or the captions of movies."""

import pickle
from collections.abc import Callable, Iterator

from tests.hostile.cases import Case, Row, holding
from tests.hostile.pickles.arrays import arrays
from tests.hostile.pickles.calls import outward
from tests.hostile.pickles.structures import keys, sizes, structures
from tests.hostile.pickles.values import NO_ARRAYS, digest, files, of_captions, shared, sound
from tests.movieposter.raw_folder import POSTERS, STYLE_CAPTIONS, poster


def cases() -> Iterator[Case]:
    def of(name: str, content: bytes | Callable[[], bytes], row: Row | None = None) -> Case:
        return Case(
            "pickles",
            name,
            "movieposter",
            holding("movieposter", "image_data.pkl", content),
            (),
            row,
        )

    for group in (outward, arrays, structures, keys, sizes, files):
        for name, content in group():
            yield of(name, content)
    for name, content in sound():
        yield of(name, content, Row("items", "1", {"image_sha256": digest(poster(1))}))
    for name, value in NO_ARRAYS.items():
        yield of(f"{name} for a poster", pickle.dumps(POSTERS | {1: value}, 4))
    for name, content in shared():
        harm = holding("movieposter", "target_captions.pkl", content)
        yield Case("pickles", name, "movieposter", harm)
    for name, value in of_captions():
        content = pickle.dumps(STYLE_CAPTIONS | {1: value}, 4)
        harm = holding("movieposter", "style_captions.pkl", content)
        yield Case("pickles", f"{name} for a caption", "movieposter", harm)
