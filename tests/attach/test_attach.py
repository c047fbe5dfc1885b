"""One's own pictures in a set that was published without them."""

import pickle
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
from datasets import Image, List, load_dataset

from pmg.manifest import read_manifest
from pmg.options import Options
from pmg.raw.pickles import open_pickle
from pmg_bench import main
from tests.attach.own import POSTERS, errors, items_of
from tests.built import build_all, digests
from tests.hub.server import running
from tests.publishing import REPOSITORY, client_of, push


def test_with_all_pictures_it_is_what_is_built_with_them(
    raw: Path, built: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["attach", str(out), str(raw)]) == 0
    told = capsys.readouterr()
    counts = {name: each.coverage.with_image for name, each in read_manifest(built).domains.items()}
    assert told.out.splitlines() == [
        f"{name}: {count} of {count} pictures are there, {count} of them new."
        for name, count in counts.items()
    ]
    assert digests(out) == digests(built)
    assert (out / "README.md").read_bytes() == (built / "README.md").read_bytes()
    assert read_manifest(out).domains == read_manifest(built).domains
    assert errors(out) == []
    assert main(["build", str(raw), str(out)]) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert not (out.parent / "pmg-bench.incomplete").exists()


@pytest.mark.parametrize("image_format", ["png", "jpeg:90"])
def test_pixels_are_encoded_as_the_set_has_them(
    raw: Path, tmp_path: Path, image_format: str
) -> None:
    out, full = tmp_path / "out", tmp_path / "full"
    build_all(raw, out, Options(without_images=True, image_format=image_format))
    build_all(raw, full, Options(image_format=image_format))
    assert main(["attach", str(out), str(raw)]) == 0
    assert digests(out) == digests(full)


def test_pictures_are_known_wherever_they_lie(
    raw: Path, built: Path, out: Path, tmp_path: Path
) -> None:
    """Posters in two pickles under other keys, fashion as files, stickers in an archive."""
    heap = tmp_path / "heap"
    (heap / "deep" / "er").mkdir(parents=True)
    with open_pickle(raw / POSTERS, "posters") as posters:
        arrays: list[Any] = [posters[key] for key in posters]
        for number, part in enumerate((arrays[::2], arrays[1::2])):
            content = pickle.dumps({f"poster {place}": each for place, each in enumerate(part)})
            (heap / "deep" / f"{number}.pickle").write_bytes(content)
    with tarfile.open(raw / "pog_dataset" / "images.tar.gz") as archive:
        for number, member in enumerate(each for each in archive if each.isfile()):
            file = archive.extractfile(member)
            assert file is not None
            (heap / "deep" / "er" / f"{number}.bin").write_bytes(file.read())
    with tarfile.open(heap / "stickers.tgz", "w:gz") as archive:
        archive.add(raw / "ser30k" / "images", "all")
    (heap / "ser30k").mkdir()  # as in a raw folder, but nothing is in it
    (heap / "notes.txt").write_text("no picture")
    (heap / "captions.pkl").write_bytes(pickle.dumps({1: ["no", "picture"]}))
    assert main(["attach", str(out), str(heap)]) == 0
    assert digests(out) == digests(built)


def test_a_part_is_sound_is_told_by_the_card_and_completed_later(
    some: Path, raw: Path, built: Path, out: Path
) -> None:
    assert main(["attach", str(out), str(some)]) == 0
    assert errors(out) == []
    card = (out / "README.md").read_text(encoding="utf-8")
    assert "- `ser30k`: Of 240 pictures 237 were attached; the others are null." in card
    assert main(["attach", str(out), str(raw)]) == 0
    assert digests(out) == digests(built)


def test_what_is_not_there_is_null_in_every_table(some: Path, raw: Path, out: Path) -> None:
    lost = items_of(sorted((raw / "ser30k" / "images").rglob("*.png"))[:3], raw)
    assert main(["attach", str(out), str(some)]) == 0
    for config in ("ser30k", "ser30k_items"):
        for rows in load_dataset(str(out), config, verification_mode="all_checks").values():
            for row in rows.cast(decoded_not(rows)):
                for item_id, picture in shown_in(row):
                    assert (picture is None) == (item_id in lost)


def decoded_not(rows: Any) -> Any:  # noqa: ANN401 - datasets has no types
    features = rows.features.copy()
    for name, kind in features.items():
        if isinstance(kind, Image):
            features[name] = Image(decode=False)
        elif isinstance(kind, List) and isinstance(kind.feature, Image):
            features[name] = List(Image(decode=False))
    return features


def shown_in(row: dict[str, Any]) -> list[tuple[str, Any]]:
    if "image" in row:
        return [(row["item_id"], row["image"])]
    pairs = list(zip(row["history_ids"], row["history_images"], strict=True))
    return [*pairs, (row["target_id"], row["target_image"])]


def test_a_download_is_sound_and_can_be_attached_to(
    raw: Path, built: Path, withheld: Path, tmp_path: Path
) -> None:
    """What a stranger does who has files of their own: the whole way over the Hub."""
    out = tmp_path / "downloaded"
    command = [str(Path(sys.executable).with_name("hf")), "download", REPOSITORY]
    with running(tmp_path / "hub") as hub:
        assert push(hub, withheld).returncode == 0
        subprocess.run(
            [*command, "--repo-type", "dataset", "--local-dir", str(out)],
            env=client_of(hub),
            check=True,
            capture_output=True,
        )
    assert errors(out) == []
    assert main(["attach", str(out), str(raw)]) == 0
    assert digests(out) == digests(built)
    assert (out / "code" / "pmg_bench.py").is_file()
    assert errors(out) == []
