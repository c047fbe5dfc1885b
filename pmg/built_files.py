"""Built files as they are read again: whole, or with a sentence."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pmg.manifest import REBUILD
from pmg.problems import BadCall, BadData, Problem, Severity
from pmg.whole_files import WrittenFile


def read_columns(out: Path, files: Sequence[WrittenFile], names: Sequence[str]) -> pa.Table:
    """Columns of built files, one file after the other, with a number for each text.

    Where texts repeat, as ids do, that takes a tenth of the memory.

    Raises:
        BadData: a file is damaged.
    """
    parts = []
    for file in files:
        with whole(out / file.path):
            schema = pq.read_schema(out / file.path)
            lists = [name for name in names if pa.types.is_list(schema.field(name).type)]
            texts = [*(set(names) - {*lists}), *(f"{name}.list.element" for name in lists)]
            with pq.ParquetFile(out / file.path, read_dictionary=texts) as parquet:
                # Arrow cannot put numbers in lists of many row groups together.
                groups = [[number] for number in range(parquet.num_row_groups)] or [[]]
                tables = (parquet.read_row_groups(group, list(names)) for group in groups)
                parts += [table.select(names) for table in tables]
    return pa.concat_tables(parts)


@contextmanager
def whole(path: Path) -> Iterator[None]:
    """Raise BadData where a built file cannot be read as it was built."""
    try:
        yield
    except (pa.ArrowException, OSError, LookupError, TypeError, BadCall) as error:
        of_machine = isinstance(error, OSError) and error.errno is not None
        if of_machine and not isinstance(error, FileNotFoundError):
            raise
        expected, found = "the file that was built", "none" if not path.is_file() else "another"
        raise BadData(Problem(Severity.ERROR, str(path), "", expected, found, REBUILD)) from error
