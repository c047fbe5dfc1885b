"""Rows of every form, as tables hold them."""

import io

from PIL import Image

from pmg.columns import Row

LONG = "a lighthouse under a heavy sky, thin white capitals along the edge, waves on rocks, " * 4
SCRIPT = "<script>document.title = 'run'</script>"
ATTRIBUTE = '"onerror="document.title=\'run\'" x="'


def image(
    mode: str = "RGB", size: tuple[int, int] = (200, 300), kind: str = "PNG"
) -> dict[str, object]:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind)
    return {"bytes": file.getvalue(), "path": None}


def sample(number: int = 0, **changed: object) -> Row:
    return {
        "sample_id": f"sample-{number}",
        "user_id": f"u{number}",
        "history_ids": ["11", "12", "13"],
        "history_images": [image(), image("L"), image(size=(300, 300))],
        "history_titles": ["Harbour", "Amélie", "花样年华"],
        "history_captions": [LONG, None, "رحلة الليل"],
        "history_ratings": [4.5, None, 3.0],
        "preference_caption": "dark, painterly\nwarm colours",
        "target_id": f"t{number}",
        "target_title": f"Orbit {number}",
        "target_image": image(),
        "target_caption": LONG,
        **changed,
    }


def item(number: int = 0, **changed: object) -> Row:
    return {
        "item_id": f"i{number}",
        "image": image(),
        "image_width": 200,
        "image_height": 300,
        "title": f"Orbit {number}",
        "caption": LONG,
        "genres": ["Drama"],
        "image_sha256": "ab" * 32,
        "imdb_id": None,
        "annotator_1": 3,
        **changed,
    }


def outfit(number: int = 0) -> Row:
    return sample(
        number,
        history_images=[image(size=(300, 300))] * 3,
        outfit_item_ids=["o1", "o2"],
        outfit_images=[image(size=(300, 300)), None],
        outfit_captions=["jeans", None],
    )


def rating(number: int = 0) -> Row:
    return {"user_id": "7", "item_id": f"{number}", "rating": 0.1 + 0.2, "has_image": True}


FORMS: dict[str, list[Row]] = {
    "samples": [sample(number) for number in range(3)],
    "outfits": [outfit()],
    "items": [item(number) for number in range(9)],
    "table": [{**rating(number), "text": LONG, "none": None} for number in range(3)],
}
