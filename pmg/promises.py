"""What the tables promise of their rows, whatever the domain; `verify` holds a built folder to it.

Pictures are not read for it: of their columns only the paths are, which tell how many there are.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pmg.columns import ids_of_pictures
from pmg.coverage import ITEMS, SAMPLES
from pmg.leaks.official import verify_bench
from pmg.manifest import REBUILD, Config, Manifest
from pmg.problems import BadCall, BadData, FileReport, Problems, Severity, listed
from pmg.protocols.terms import Terms

SHOWN = ("history_images", "target_image")
OF_SAMPLES = ("target_id", "history_ids", "candidate_ids")  # ids of items
PICTURE = ".bytes"  # how the leaf of a picture's bytes ends

Tables = Mapping[str, pa.Table]  # by split, without the bytes of pictures


def verify_promises(out: Path, manifest: Manifest, problems: Problems) -> None:
    """Hold the tables of every domain to what they promise; all files must be readable."""
    for domain in {config.domain: None for config in manifest.configs.values()}:
        configs = {
            name: config for name, config in manifest.configs.items() if config.domain == domain
        }
        try:
            tables = {
                name: {split: without_bytes(out, config, split) for split in config.splits}
                for name, config in configs.items()
            }
            before = problems.count(Severity.ERROR)
            verify_ids(tables, configs, problems)
            if problems.count(Severity.ERROR) == before:  # else it would be cut of nonsense
                verify_bench(out, domain, manifest.domains[domain], problems)
            for name, config in configs.items():
                if "history_ids" in columns_of(tables[name]):
                    verify_samples(tables[name], config.terms, FileReport(name, problems))
            samples = {config.folder: name for name, config in configs.items()}[SAMPLES]
            settings = manifest.domains[domain].inputs.settings
            if settings["without_images"]:
                items = {config.folder: name for name, config in configs.items()}[ITEMS]
                verify_attached(tables, items, manifest.domains[domain].pictures, problems)
            else:
                verify_shown(tables[samples], FileReport(samples, problems))
        except BadData as fault:
            problems.add(fault.problem)
        except (pa.ArrowException, BadCall, LookupError, TypeError) as error:
            expected, found = "the columns that `build` writes", f"others: {str(error)[:80]}"
            FileReport(domain, problems).error("", expected, found, REBUILD)


def verify_ids(
    tables: Mapping[str, Tables], configs: Mapping[str, Config], problems: Problems
) -> None:
    """Each table's own ids are unique, and those of others resolve in theirs."""
    for owner, config in configs.items():
        key = config.own_id
        if key in columns_of(tables[owner]):
            verify_unique(tables[owner], key, FileReport(owner, problems))
            if not config.terms:
                known = ids(tables[owner].values(), [key])
                verify_references(tables, config, known, problems)


def verify_references(
    tables: Mapping[str, Tables], owner: Config, known: set[str], problems: Problems
) -> None:
    """All tables name only ids that the `owner` has."""
    for name, splits in tables.items():
        columns = [column for column in columns_of(splits) if refers(column, owner)]
        if unknown := ids(splits.values(), columns) - known:
            expected, found = f"ids of its {owner.folder}", f"others: {listed(sorted(unknown))}"
            FileReport(name, problems).error("", expected, found, REBUILD)


def columns_of(splits: Tables) -> list[str]:
    return list(next(iter(splits.values())).column_names)


def refers(column: str, owner: Config) -> bool:
    """Whether a column holds ids of the `owner`: item_id, outfit_item_ids, target_id."""
    if owner.terms:
        return False  # nothing refers to samples; each of their tables has its own
    named = column == owner.own_id or column.endswith(f"{owner.own_id}s")
    return named or (owner.folder == ITEMS and column in OF_SAMPLES)


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


def verify_unique(splits: Tables, column: str, report: FileReport) -> None:
    counted = pc.value_counts(pa.concat_tables(splits.values())[column])
    repeated = counted.filter(pc.greater(counted.field("counts"), 1)).field("values").to_pylist()
    if repeated:
        report.error(f"column {column}", "each id once", f"again: {listed(repeated)}", REBUILD)


def verify_samples(splits: Tables, terms: Terms | None, report: FileReport) -> None:
    """Targets are not given away, histories are whole, and users where they may be."""
    if terms is None:
        report.error("", "terms of how samples were cut", "none in the manifest", REBUILD)
    elif terms.disjoint:
        verify_users(splits, report)
    for split, table in splits.items():
        for id_column in id_lists(table):
            place = f"{split}, column {id_column}"
            if wrong := rows_with_target(table, id_column):
                expected, found = "lists without the row's target", f"it in rows {listed(wrong)}"
                report.error(place, expected, found, REBUILD)
            for column in other_lengths(table, id_column):
                expected = f"as many values as in {id_column}"
                report.error(f"{split}, column {column}", expected, "other numbers", REBUILD)
        if empty := pc.sum(pc.equal(pc.list_value_length(table["history_ids"]), 0)).as_py():
            expected, found = "at least one item in a history", f"{empty:,} empty ones"
            report.error(f"{split}, column history_ids", expected, found, REBUILD)


def verify_shown(splits: Tables, report: FileReport) -> None:
    """Everything that a sample is about has its picture."""
    for split, table in splits.items():
        for column in [name for name in SHOWN if name in table.column_names]:
            if missing := one_by_one(table[column]).null_count:
                place, found = f"{split}, column {column}", f"{missing:,} without"
                report.error(place, "a picture of everything shown", found, REBUILD)


def verify_attached(
    tables: Mapping[str, Tables], items: str, attached: int, problems: Problems
) -> None:
    """Pictures that may not be published are null, but for those that were attached.

    These are in all places that are theirs.
    """
    shown = ids(
        (table.filter(pc.is_valid(table["image"])) for table in tables[items].values()), ["item_id"]
    )
    if len(shown) != attached:
        expected = f"{attached:,} pictures, as attached" if attached else "no picture, as built"
        found = f"{len(shown):,}"
        FileReport(items, problems).error("column image", expected, found, REBUILD)
        return
    for name, splits in tables.items():
        for split, table in splits.items():
            for column in picture_columns_of(table):
                if wrong := otherwise_shown(table, column, shown):
                    place, found = f"{split}, column {column}", f"{wrong:,} otherwise"
                    expected = "pictures where the items have theirs, and only there"
                    FileReport(name, problems).error(place, expected, found, REBUILD)


def picture_columns_of(table: pa.Table) -> list[str]:
    """Its columns of structs or of lists of them, as only pictures are."""
    return [name for name in table.column_names if pa.types.is_struct(one_by_one(table[name]).type)]


def otherwise_shown(table: pa.Table, column: str, shown: AbstractSet[str]) -> int:
    """How many pictures are there of items that are not `shown`, or are not of items that are."""
    ids_of_it = one_by_one(table[ids_of_pictures(column, table.column_names)])
    due = pc.is_in(ids_of_it, pa.array(shown, pa.string()))
    found: int = pc.sum(pc.xor(due, pc.is_valid(one_by_one(table[column])))).as_py() or 0
    return found


def one_by_one(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The values of a column, or those of its lists."""
    return pc.list_flatten(column) if is_list(column) else column


def verify_users(splits: Tables, report: FileReport) -> None:
    if users := in_two(ids([table], ["user_id"]) for table in splits.values()):
        found = f"in two: {listed(users)}"
        report.error("column user_id", "each user in one split", found, REBUILD)


def id_lists(table: pa.Table) -> list[str]:
    """Columns of lists of item ids; what begins with the same word is about the same items."""
    return [name for name in table.column_names if name == "history_ids" or "_item_ids" in name]


def rows_with_target(table: pa.Table, column: str) -> list[int]:
    pairs = zip(table["target_id"].to_pylist(), table[column].to_pylist(), strict=True)
    return [row for row, (target, others) in enumerate(pairs) if target in others]


def other_lengths(table: pa.Table, id_column: str) -> Iterator[str]:
    """List columns about the same items whose lists are not as long as those of the ids."""
    about = id_column.partition("_")[0] + "_"
    for name in table.column_names:
        if name.startswith(about) and is_list(table[name]):
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
