"""`verify` finds whatever is not as it was built."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from pmg.building.build import build
from pmg.building.jobs import Request
from pmg.columns import Row
from pmg.manifest import REBUILD, read_manifest
from pmg.pages import ROWS
from pmg.pages.show import show
from pmg.problems import BadCall, BadData, FileReport, Problems, Severity
from pmg.verify import PAGE_BYTES, verify, verify_card, verify_pages
from pmg_bench import DOMAINS
from tests.edited import edit, rewrite

ITEMS = "movieposter/items/train-00000-of-00001.parquet"
ADDED = "movieposter/items/train-00001-of-00002.parquet"
REMOVE = "Remove it"


def errors(out: Path) -> list[str]:
    return [problem.sentence for problem in verify(out) if problem.severity is Severity.ERROR]


def test_a_folder_as_built_passes(out: Path) -> None:
    assert errors(out) == []


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.999])
def test_a_flipped_byte_anywhere_is_found(out: Path, share: float) -> None:
    for path in (out / ITEMS, out / "README.md"):
        data = bytearray(path.read_bytes())
        data[int(share * len(data))] ^= 1
        path.write_bytes(data)
    found = errors(out)
    assert any(sentence.startswith(f"{ITEMS}: expected the sha256") for sentence in found)
    assert any(sentence.startswith("README.md: expected the sha256") for sentence in found)


@pytest.mark.parametrize("bit", [1, 4, 16])
def test_a_card_with_any_byte_changed_is_told_in_sentences(out: Path, bit: int) -> None:
    path, manifest = out / "README.md", read_manifest(out)
    data = path.read_bytes()
    for place in range(0, data.index(b"\n---\n", 4), 97):
        path.write_bytes(data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :])
        problems = Problems()
        verify_card(out, manifest, FileReport("README.md", problems))
        assert all(each.file == "README.md" for each in problems)


def test_a_missing_a_short_and_an_additional_file_are_found(out: Path) -> None:
    (out / ITEMS).unlink()
    card = out / "README.md"
    card.write_bytes(card.read_bytes()[:-1])
    (out / ADDED).write_bytes(b"PAR1")
    size = card.stat().st_size
    assert sorted(errors(out)) == [
        f"README.md: expected {size + 1:,} bytes, as built, found {size:,}. {REBUILD}.",
        f"{ITEMS}: expected the file that was built, found none. {REBUILD}.",
        f"{ADDED}: expected files of the manifest only, found one more. {REMOVE}.",
    ]


def test_lost_features_are_found(out: Path) -> None:
    rewrite(out, "movieposter_items", lambda table: table.replace_schema_metadata(None))
    assert f"{ITEMS}: expected features in the metadata, found none. {REBUILD}." in errors(out)


def test_lost_rows_are_found(out: Path) -> None:
    rewrite(out, "movieposter_items", lambda table: table.slice(1))
    assert f"{ITEMS}: expected 60 rows, as built, found 59. {REBUILD}." in errors(out)


def test_a_picture_that_does_not_decode_is_found(out: Path) -> None:
    def damage(rows: list[Row]) -> None:
        rows[3]["image"]["bytes"] = rows[3]["image"]["bytes"][:40]

    edit(out, "movieposter_items", damage)
    assert any(
        sentence.startswith(f"{ITEMS}, row 3, column image: expected a picture that decodes")
        for sentence in errors(out)
    )


def test_a_card_that_tells_of_other_data_is_found(out: Path) -> None:
    card = out / "README.md"
    manifest = json.loads((out / "manifest.json").read_text())
    digest = manifest["domains"]["movieposter"]["configs"]["movieposter"]["digest"]
    text = (
        card.read_text().replace(digest, "0" * 16).replace("num_examples: 60", "num_examples: 61")
    )
    card.write_text(text)
    found = errors(out)
    assert any("config movieposter: expected the data" in sentence for sentence in found)
    assert any("config movieposter_items: expected rows {'train': 60}" in s for s in found)


def test_neighbouring_lengths_are_a_warning(out: Path) -> None:
    """The viewer fails on them; the data is right all the same."""

    def even(table: pa.Table) -> pa.Table:
        titles = pa.array(["ab" if row % 2 else "abc" for row in range(len(table))])
        return table.set_column(table.schema.get_field_index("title"), "title", titles)

    rewrite(out, "movieposter_items", even)
    warnings = [
        problem.sentence
        for problem in verify(out)
        if problem.severity is Severity.WARNING and problem.file == "movieposter_items, train"
    ]
    assert len(warnings) == 1
    assert "found neighbours only: " in warnings[0]
    assert "title (2, 3)" in warnings[0]


def test_heavy_rows_and_pages_are_told() -> None:
    problems = Problems()
    verify_pages([1_000] * 99 + [PAGE_BYTES] + [1_000] * 200, FileReport("file", problems))
    assert [(problem.severity, problem.found) for problem in problems] == [
        (Severity.ERROR, "300 MB"),
        (Severity.WARNING, "1 heavier ones, the first is row 99"),
    ]


def test_a_damaged_folder_is_neither_shown_nor_taken_for_built(out: Path, raw: Path) -> None:
    path = out / ITEMS
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(BadData, match="expected the file that was built, found one of anoth"):
        show(DOMAINS, out, "movieposter_items", out.parent / "page.html", ROWS)
    with pytest.raises(BadCall, match="expected the file that was built, found it damaged"):
        build(Request(DOMAINS, raw, out))
    path.unlink()
    with pytest.raises(BadData, match="expected the file that was built, found none"):
        show(DOMAINS, out, "movieposter_items", out.parent / "page.html", ROWS)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="expected a built folder with manifest"):
        verify(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"domains": {"a": 3}}'])
def test_a_damaged_manifest_is_refused(out: Path, text: str) -> None:
    (out / "manifest.json").write_text(text)
    with pytest.raises(BadData, match="expected a manifest of this version, found another"):
        verify(out)
