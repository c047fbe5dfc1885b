"""What the tables promise of their rows, whatever the domain; `verify` holds a built folder to it.

Pictures are not read for it: of their columns only the paths are, which tell how many there are.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pmg.coverage import ITEMS, SAMPLES
from pmg.manifest import REBUILD, Config, Manifest
from pmg.problems import FileReport, Problems, listed

OF_ITEMS = ("item_id", "target_id", "history_ids", "item_ids", "outfit_item_ids")
BESIDE_TARGET = ("history_ids", "outfit_item_ids")
SHOWN = ("history_images", "target_image")
LISTS = {"history_": "history_ids", "outfit_": "outfit_item_ids"}  # by how columns begin
PICTURE = ".bytes"  # how the leaf of a picture's bytes ends
OUTFITS = "outfits"

Tables = Mapping[str, pa.Table]  # by split, without the bytes of pictures


def verify_promises(out: Path, manifest: Manifest, problems: Problems) -> None:
    """Hold the tables of every domain to what they promise; all files must be readable."""
    for domain in {config.domain: None for config in manifest.configs.values()}:
        configs = {
            name: config for name, config in manifest.configs.items() if config.domain == domain
        }
        try:
            verify_domain(out, configs, problems)
        except (pa.ArrowException, LookupError, TypeError) as error:
            expected, found = "the columns that `build` writes", f"others: {str(error)[:80]}"
            FileReport(domain, problems).error("", expected, found, REBUILD)


def verify_domain(out: Path, configs: Mapping[str, Config], problems: Problems) -> None:
    """Every id resolves and occurs once where it should; samples are sound."""
    tables = {
        name: {split: without_bytes(out, config, split) for split in config.splits}
        for name, config in configs.items()
    }
    by_folder = {config.folder: name for name, config in configs.items()}
    items, samples = by_folder[ITEMS], by_folder[SAMPLES]
    known = ids(tables[items].values(), ["item_id"])
    outfits = (
        ids(tables[by_folder[OUTFITS]].values(), ["outfit_id"]) if OUTFITS in by_folder else set()
    )
    for name, splits in tables.items():
        report = FileReport(name, problems)
        report_unknown(ids(splits.values(), OF_ITEMS) - known, ITEMS, report)
        report_unknown(ids(splits.values(), ["outfit_id"]) - outfits, OUTFITS, report)
    verify_unique(tables[items], "item_id", FileReport(items, problems))
    verify_unique(tables[samples], "sample_id", FileReport(samples, problems))
    verify_samples(tables[samples], FileReport(samples, problems))


def without_bytes(out: Path, config: Config, split: str) -> pa.Table:
    """A split's rows; of its pictures only their paths."""
    parts = []
    for file in config.splits[split]:
        with pq.ParquetFile(out / file.path, memory_map=True) as parquet:
            leaves = [parquet.schema.column(i).path for i in range(len(parquet.schema))]
            parts.append(parquet.read([leaf for leaf in leaves if not leaf.endswith(PICTURE)]))
    return pa.concat_tables(parts)


def ids(tables: Iterable[pa.Table], columns: Iterable[str]) -> set[str]:
    """All ids that the columns hold, in tables that have them."""
    found: set[str] = set()
    for table in tables:
        for name in set(columns) & set(table.column_names):
            column = table[name]
            column = pc.list_flatten(column) if is_list(column) else column
            found.update(pc.unique(column).to_pylist())
    return found - {None}


def report_unknown(unknown: set[str], of: str, report: FileReport) -> None:
    if unknown:
        report.error("", f"ids of its {of}", f"others: {listed(sorted(unknown))}", REBUILD)


def verify_unique(splits: Tables, column: str, report: FileReport) -> None:
    counted = pc.value_counts(pa.concat_tables(splits.values())[column])
    repeated = counted.filter(pc.greater(counted.field("counts"), 1)).field("values").to_pylist()
    if repeated:
        report.error(f"column {column}", "each id once", f"again: {listed(repeated)}", REBUILD)


def verify_samples(splits: Tables, report: FileReport) -> None:
    """Targets are not given away, histories are whole, and no user is in two splits."""
    for split, table in splits.items():
        for column in BESIDE_TARGET:
            if wrong := rows_with_target(table, column):
                expected, found = "lists without the row's target", f"it in rows {listed(wrong)}"
                report.error(f"{split}, column {column}", expected, found, REBUILD)
        for prefix, id_column in LISTS.items():
            for column in other_lengths(table, prefix, id_column):
                expected = f"as many values as in {id_column}"
                report.error(f"{split}, column {column}", expected, "other numbers", REBUILD)
        if empty := pc.sum(pc.equal(pc.list_value_length(table["history_ids"]), 0)).as_py():
            expected, found = "at least one item in a history", f"{empty:,} empty ones"
            report.error(f"{split}, column history_ids", expected, found, REBUILD)
        for column in [name for name in SHOWN if name in table.column_names]:
            pictures = table[column]
            pictures = pc.list_flatten(pictures) if is_list(pictures) else pictures
            if missing := pictures.null_count:
                place, found = f"{split}, column {column}", f"{missing:,} without"
                report.error(place, "a picture of everything shown", found, REBUILD)
    if wrong_users := in_two(ids([table], ["user_id"]) for table in splits.values()):
        found = f"in two: {listed(wrong_users)}"
        report.error("column user_id", "each user in one split", found, REBUILD)


def rows_with_target(table: pa.Table, column: str) -> list[int]:
    if column not in table.column_names:
        return []
    pairs = zip(table["target_id"].to_pylist(), table[column].to_pylist(), strict=True)
    return [row for row, (target, others) in enumerate(pairs) if target in others]


def other_lengths(table: pa.Table, prefix: str, id_column: str) -> Iterator[str]:
    """List columns of a family whose lists are not as long as those of its ids."""
    for name in table.column_names:
        if name.startswith(prefix) and is_list(table[name]):
            lengths = [pc.list_value_length(table[each]) for each in (name, id_column)]
            if not pc.all(pc.fill_null(pc.equal(*lengths), False)).as_py():
                yield name


def is_list(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_list(column.type))


def in_two(groups: Iterable[set[str]]) -> list[str]:
    """Ids that more than one group has."""
    seen: set[str] = set()
    twice: set[str] = set()
    for group in groups:
        twice |= seen & group
        seen |= group
    return sorted(twice)
