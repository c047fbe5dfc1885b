"""Verify: a built folder against its own manifest and the limits of the Hub's viewer."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from datasets import Features
from huggingface_hub import DatasetCard
from yaml import YAMLError

from pmg.building.row_files import weight
from pmg.columns import Row, picture_columns
from pmg.digests import sha256_of
from pmg.images import why_not_decodable
from pmg.manifest import REBUILD, Manifest, read_manifest
from pmg.problems import FileReport, Problems
from pmg.progress import progress_bar
from pmg.promises import verify_promises
from pmg.publishing.program import CODE
from pmg.whole_files import MANIFEST, WrittenFile

SMALLER = "Build from smaller pictures"
# Of the Hub's viewer: it scans at most 300 MB to show a page of 100 rows, and reads a row group
# as a whole.
PAGE_ROWS, PAGE_BYTES = 100, 300_000_000
LARGEST_GROUP = 100_000_000
LARGEST_ROW = 2_000_000
# What a download from the Hub has beside the set; `push` sends none of it.
DOWNLOADED = (".gitattributes", ".cache/huggingface/", f"{CODE}/")


def verify(out: Path) -> Problems:
    """Everything that is wrong with a built folder. Raises BadData as `read_manifest`."""
    problems = Problems()
    manifest = read_manifest(out)
    verify_card(out, manifest, FileReport("README.md", problems))
    for file in (file for file in manifest.files if file not in manifest.shards):
        verify_bytes(out, file, FileReport(file.path, problems))
    total = sum(len(config.files) for config in manifest.configs.values())
    whole = True
    with progress_bar(total, "verify", "files") as bar:
        for name, config in manifest.configs.items():
            for split, files in config.splits.items():
                readable = True
                for file in files:
                    readable &= verify_file(out, file, FileReport(file.path, problems))
                    bar.update()
                whole &= readable
                if readable:
                    paths = [out / file.path for file in files]
                    verify_statistics(paths, FileReport(f"{name}, {split}", problems))
    if whole:
        verify_promises(out, manifest, problems)
    verify_no_others(out, manifest, problems)
    return problems


def verify_no_others(out: Path, manifest: Manifest, problems: Problems) -> None:
    """A file that nobody listed would be published all the same."""
    listed = {MANIFEST, *(file.path for file in manifest.files)}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_file() and name not in listed and not name.startswith(DOWNLOADED):
            remedy = "Remove it"
            FileReport(name, problems).error("", "files of the manifest only", "one more", remedy)


def verify_file(out: Path, file: WrittenFile, report: FileReport) -> bool:
    """Whether a Parquet file is there as it was built, and can be read."""
    if not verify_bytes(out, file, report):
        return False
    try:
        verify_shard(out / file.path, file, report)
    except (pa.ArrowException, OSError) as error:
        report.error("", "Parquet that can be read", str(error)[:80], REBUILD)
        return False
    return True


def verify_bytes(out: Path, file: WrittenFile, report: FileReport) -> bool:
    """Whether the file is there as it was built."""
    path = out / file.path
    if not path.is_file():
        report.error("", "the file that was built", "none", REBUILD)
    elif path.stat().st_size != file.bytes:
        found = f"{path.stat().st_size:,}"
        report.error("", f"{file.bytes:,} bytes, as built", found, REBUILD)
    elif (digest := sha256_of(path)) != file.sha256:
        report.error("", f"the sha256 {file.sha256[:16]}…, as built", f"{digest[:16]}…", REBUILD)
    else:
        return True
    return False


def verify_shard(path: Path, file: WrittenFile, report: FileReport) -> None:
    """Rows, features, row groups, and every picture."""
    with pq.ParquetFile(path, memory_map=True) as parquet:
        if b"huggingface" not in (parquet.schema_arrow.metadata or {}):
            report.error("", "features in the metadata", "none", REBUILD)
            return
        if parquet.metadata.num_rows != file.rows:
            found = f"{parquet.metadata.num_rows:,}"
            report.error("", f"{file.rows:,} rows, as built", found, REBUILD)
        sizes: list[int] = []
        seen: set[int] = set()
        for group in range(parquet.num_row_groups):
            verify_group_size(parquet.metadata.row_group(group).total_byte_size, group, report)
            table = parquet.read_row_group(group)
            columns = picture_columns(Features.from_arrow_schema(table.schema))
            for row in table.to_pylist():
                verify_pictures(row, columns, len(sizes), seen, report)
                sizes.append(weight(row))
    verify_pages(sizes, report)


def verify_group_size(size: int, group: int, report: FileReport) -> None:
    if size > LARGEST_GROUP:
        expected = f"at most {LARGEST_GROUP / 1e6:,.0f} MB, which the viewer reads at once"
        report.error(f"row group {group}", expected, f"{size / 1e6:,.0f} MB", SMALLER)


def verify_pictures(
    row: Row, columns: list[str], number: int, seen: set[int], report: FileReport
) -> None:
    """Decode each picture of a row; `seen` holds what other rows have shown already."""
    for column in columns:
        value = row[column]
        for picture in value if isinstance(value, list) else [value]:
            if picture is None or (digest := hash(picture["bytes"])) in seen:
                continue
            seen.add(digest)
            if fault := why_not_decodable(picture["bytes"]):
                place = f"row {number}, column {column}"
                report.error(place, "a picture that decodes", fault, REBUILD)


def verify_pages(sizes: list[int], report: FileReport) -> None:
    """Rows as the viewer fetches them: alone, and a page of `PAGE_ROWS` in a go."""
    heavy = [row for row, size in enumerate(sizes) if size > LARGEST_ROW]
    if heavy:
        found = f"{len(heavy):,} heavier ones, the first is row {heavy[0]}"
        report.warning("", f"rows of at most {LARGEST_ROW / 1e6:.0f} MB", found, SMALLER)
    page = heaviest = sum(sizes[:PAGE_ROWS])
    for row in range(PAGE_ROWS, len(sizes)):
        page += sizes[row] - sizes[row - PAGE_ROWS]
        heaviest = max(heaviest, page)
    if heaviest > PAGE_BYTES:
        expected = f"at most {PAGE_BYTES / 1e6:.0f} MB in any {PAGE_ROWS} rows"
        report.error("", expected, f"{heaviest / 1e6:,.0f} MB", SMALLER)


def verify_statistics(files: list[Path], report: FileReport) -> None:
    """Warn of columns on which the viewer's statistics fail: an open bug of theirs.

    It is met where the integers, text lengths or list lengths of a column take two values that
    are neighbours, as histories of 2 and 3.
    """
    features = Features.from_arrow_schema(pq.read_schema(files[0]))
    neighbours = []
    for name in sorted(features.keys() - picture_columns(features)):
        table = pa.concat_tables(pq.read_table(path, columns=[name]) for path in files)
        if (values := measured(table[name])) is None:
            continue
        span = pc.min_max(values).as_py()
        if span["min"] is not None and span["max"] == span["min"] + 1:
            neighbours.append(f"{name} ({span['min']}, {span['max']})")
    if neighbours:
        expected = "numbers and lengths that take one value, or differ by more than one"
        remedy = "Nothing: the data is right; the Hub's viewer shows no statistics of these columns"
        report.warning("", expected, f"neighbours only: {', '.join(neighbours)}", remedy)


def measured(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """What the viewer measures: integers themselves, lengths of texts and lists."""
    kind = column.type
    if pa.types.is_integer(kind):
        return column
    if pa.types.is_string(kind):
        return pc.utf8_length(column)
    return pc.list_value_length(column) if pa.types.is_list(kind) else None


def verify_card(out: Path, manifest: Manifest, report: FileReport) -> None:
    """The card's YAML must tell of exactly the data that is there."""
    path = out / report.file
    if not path.is_file():
        return  # told with the other files
    try:
        told = told_by_card(path)
    except (YAMLError, ValueError, LookupError, TypeError, AttributeError) as error:
        found = " ".join(str(error).split())[:80]
        report.error("", "YAML with configs and dataset_info", found, REBUILD)
        return
    for name, config in manifest.configs.items():
        description, told_rows = told.get(name, ("", {}))
        if config.digest not in description:
            report.error(f"config {name}", f"the data {config.digest}", "other data", REBUILD)
        rows = {split: config.rows(split) for split in config.splits}
        if rows != told_rows:
            report.error(f"config {name}", f"rows {rows}", f"{told_rows}", REBUILD)


def told_by_card(path: Path) -> dict[str, tuple[str, dict[str, int]]]:
    """Description and rows by split of every config, as the card's YAML has them.

    Raises YAMLError, ValueError, LookupError, TypeError or AttributeError where it has them not.
    """
    told = DatasetCard(path.read_text(encoding="utf-8")).data
    rows = {
        entry["config_name"]: {split["name"]: split["num_examples"] for split in entry["splits"]}
        for entry in told["dataset_info"]
    }
    return {
        entry["config_name"]: (str(entry.get("description")), rows.get(entry["config_name"], {}))
        for entry in told["configs"]
    }
