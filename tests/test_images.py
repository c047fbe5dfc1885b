"""Pictures: what is published equals what came in."""

import hashlib
import io
import struct

import datasets
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from PIL import ExifTags, Image

from pmg.images import Pixels, as_it_came, encode, why_not_decodable, why_not_pixels
from pmg.options import Options
from pmg.problems import BadData

RGB_ONLY = "pixels of shape (height, width, 3) and type uint8"
WEBP_ONLY = "at most 16,383 pixels a side, which is all WebP can hold"
PIXELS = npst.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3)))


@pytest.mark.parametrize("image_format", ["webp", "png"])
@given(pixels=PIXELS, fortran=st.booleans())
def test_lossless_formats_keep_every_pixel(
    image_format: str, pixels: Pixels, fortran: bool
) -> None:
    picture = encode(np.asfortranarray(pixels) if fortran else pixels, image_format)
    with Image.open(io.BytesIO(picture.data)) as image:
        assert np.array_equal(np.asarray(image), pixels)
        assert (image.width, image.height, image.mode) == (picture.width, picture.height, "RGB")
    header = f"{pixels.shape[0]} {pixels.shape[1]} 3\n".encode()
    assert picture.sha256 == hashlib.sha256(header + pixels.tobytes()).hexdigest()


def test_the_digest_tells_shapes_apart() -> None:
    flat = np.zeros(24, np.uint8)
    assert (
        encode(flat.reshape(2, 4, 3), "png").sha256 != encode(flat.reshape(4, 2, 3), "png").sha256
    )


def test_jpeg_is_small_and_of_the_quality_asked_for() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (60, 40, 3), np.uint8)
    sizes = [len(encode(pixels, f"jpeg:{quality}").data) for quality in (20, 60, 95)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[2]


@pytest.mark.parametrize(
    ("shape", "dtype", "image_format", "expected"),
    [
        ((512, 341, 3), "uint8", "webp", None),
        ((512, 341), "uint8", "webp", RGB_ONLY),
        ((512, 341, 4), "uint8", "webp", RGB_ONLY),
        ((512, 341, 3), "float64", "webp", RGB_ONLY),
        ((0, 341, 3), "uint8", "webp", RGB_ONLY),
        ((16_384, 10, 3), "uint8", "webp", WEBP_ONLY),
        ((16_384, 10, 3), "uint8", "png", None),
        ((20_000, 20_000, 3), "uint8", "png", "at most 25,000,000 pixels and 65,535 a side"),
    ],
)
def test_what_is_no_picture(
    shape: tuple[int, ...], dtype: str, image_format: str, expected: str | None
) -> None:
    fault = why_not_pixels(shape, np.dtype(dtype), Options(image_format=image_format))
    assert (fault and fault[0]) == expected


def test_webp_holds_its_largest_side() -> None:
    pixels = np.zeros((16_383, 1, 3), np.uint8)
    with Image.open(io.BytesIO(encode(pixels, "webp").data)) as image:
        assert image.size == (1, 16_383)


def jpeg(*exif_fields: bytes) -> bytes:
    """A JPEG of 8 x 4 pixels with these fields of 12 bytes in its EXIF data."""
    fields = struct.pack("<H", len(exif_fields)) + b"".join(exif_fields) + bytes(4)
    file = io.BytesIO()
    exif = b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + fields
    Image.new("RGB", (8, 4), "navy").save(file, "JPEG", exif=exif)
    return file.getvalue()


ON_ITS_SIDE = struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0)
RESOLUTION_IN_WORDS = struct.pack("<HHI4s", 0x011A, 2, 4, b"low\x00")


def animation(frames: int) -> bytes:
    file = io.BytesIO()
    images = [Image.effect_noise((60, 60), 90 + number) for number in range(frames)]
    images[0].save(file, "GIF", save_all=True, append_images=images[1:])
    return file.getvalue()


def test_pictures_are_measured_as_users_see_them() -> None:
    data = jpeg(ON_ITS_SIDE)
    shown = datasets.Image().decode_example({"bytes": data, "path": None})
    picture = as_it_came(data, "file", "place")
    assert (picture.width, picture.height, picture.mode) == (*shown.size, shown.mode)
    assert (picture.width, picture.height) == (4, 8)
    assert picture.data == data


@pytest.mark.parametrize("size", [(1, 1), (7, 9), (401, 399), (640, 8), (16, 1025)])
@pytest.mark.parametrize("image_format", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_sizes_are_those_of_whole_pictures(
    size: tuple[int, int], image_format: str, orientation: int
) -> None:
    file, exif = io.BytesIO(), Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    Image.new("L", size).save(file, image_format, exif=exif)
    shown = datasets.Image().decode_example({"bytes": file.getvalue(), "path": None})
    picture = as_it_came(file.getvalue(), "file", "place")
    assert (picture.width, picture.height, picture.mode) == (*shown.size, shown.mode)


@pytest.mark.parametrize("progressive", [False, True])
def test_what_is_cut_off_is_refused_though_jpegs_are_decoded_small(progressive: bool) -> None:
    file = io.BytesIO()
    Image.effect_noise((200, 120), 60).save(file, "JPEG", progressive=progressive)
    data, refused = file.getvalue(), 0
    for length in range(20, len(data), len(data) // 50):
        try:
            datasets.Image().decode_example({"bytes": data[:length], "path": None}).load()
        except (OSError, SyntaxError):
            assert why_not_decodable(data[:length])
            refused += 1
    assert refused > 40
    assert why_not_decodable(data) is None


def test_what_datasets_cannot_turn_upright_is_refused() -> None:
    data = jpeg(ON_ITS_SIDE, RESOLUTION_IN_WORDS)
    with pytest.raises(Exception, match="bad operand"):
        datasets.Image().decode_example({"bytes": data, "path": None})
    with pytest.raises(BadData, match="expected a picture that decodes"):
        as_it_came(data, "file", "place")
    assert why_not_decodable(data)


def test_every_frame_of_an_animation_is_decoded() -> None:
    data = animation(4)
    assert as_it_came(data, "file", "place").data == data
    for share in (0.4, 0.6, 0.9):
        with pytest.raises(BadData, match="expected a picture that decodes"):
            as_it_came(data[: int(share * len(data))], "file", "place")
