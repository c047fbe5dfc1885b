"""The five uses of the benchmark: what a model is given of a sample, and what it shall make.

    python -m examples.tasks pmg-bench    # shows one of each

Each takes a row, of `load_dataset` or of `Samples`, and gives inputs and output. An output is None
where nobody wrote it down; such a row is of no use there.
"""

import sys
from collections.abc import Callable
from typing import Any

from pmg_bench import Samples

Row = dict[str, Any]
Example = tuple[dict[str, Any], Any]


def personalised_poster(row: Row) -> Example:
    """The poster of a movie, in the style of those that a user likes."""
    inputs = {
        "title": row["target_title"],
        "genres": row["target_genres"],
        "prompt": row["target_caption"],
        "preference": row["preference_caption"],
        "liked_posters": row["history_images"],
    }
    return inputs, row["target_image"]


def outfit_image(row: Row) -> Example:
    """A piece of clothing that goes with the rest of an outfit, and with what a user clicked."""
    worn = zip(row["outfit_images"], row["outfit_captions"], strict=True)
    inputs = {
        "prompt": row["target_caption"] or row["target_title"],
        "category": row["target_cate_id"],
        "preference": row["preference_caption"],
        "clicked_images": row["history_images"],
        "outfit": [(image, caption) for image, caption in worn if image is not None],
    }
    return inputs, row["target_image"]


def caption(row: Row) -> Example:
    """What is seen in a picture, told to somebody whose likes are known."""
    liked = zip(row["history_images"], row["history_captions"], strict=True)
    inputs = {
        "image": row["target_image"],
        "liked": [(image, text) for image, text in liked if text is not None],
        "preference": row["preference_caption"],
    }
    return inputs, row["target_caption"]


def recommendation_explanation(row: Row) -> Example:
    """Why somebody with this history would like a movie."""
    inputs = {
        "liked": list(zip(row["history_titles"], row["history_style_captions"], strict=True)),
        "liked_posters": row["history_images"],
        "recommended": row["target_title"],
        "recommended_poster": row["target_image"],
    }
    return inputs, row["target_style_caption"]


def conditioned_editing(row: Row) -> Example:
    """A sticker turned into the next of its set: the same figure, with another feeling or text."""
    inputs = {
        "image": row["history_images"][-1],
        "instruction": row["target_caption"],
        "emotion": row["target_emotion"],
        "text": row["target_text"],
        "references": row["history_images"][:-1],
    }
    return inputs, row["target_image"]


TASKS: dict[Callable[[Row], Example], tuple[str, ...]] = {
    personalised_poster: ("movieposter", "movieposter_bench"),
    outfit_image: ("pog_dataset",),
    caption: ("movieposter", "movieposter_bench", "pog_dataset", "pog_dataset_bench",
              "ser30k", "ser30k_bench"),
    recommendation_explanation: ("movieposter", "movieposter_bench"),
    conditioned_editing: ("ser30k", "ser30k_bench"),
}  # fmt: skip


if __name__ == "__main__":
    for task, (config, *_) in TASKS.items():
        inputs, output = task(Samples(sys.argv[1], config, "train")[0])
        print(f"{task.__name__} ({config})", *inputs.items(), f"-> {output}\n", sep="\n  ")
