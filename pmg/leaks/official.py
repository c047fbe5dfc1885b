"""The official split of a built domain: it must not leak, and be what its rule cuts."""

from collections.abc import Iterable, Iterator
from itertools import starmap, zip_longest
from operator import eq
from pathlib import Path

import pyarrow.parquet as pq

from pmg.columns import Row
from pmg.leaks.built import leaks_of
from pmg.manifest import REBUILD, BuiltDomain
from pmg.problems import BadCall, FileReport, Problems, listed
from pmg.protocols.events import log_of_built
from pmg.protocols.tables import BENCH, BENCH_TERMS, cut_bench
from pmg.whole_files import WrittenFile

ROWS_AT_ONCE = 1_000


def verify_bench(out: Path, name: str, domain: BuiltDomain, problems: Problems) -> None:
    """The official split has no leaks, and is what its rule cuts of the other tables."""
    report = FileReport(f"{name}_{BENCH}", problems)
    log = log_of_built(out, domain)
    config = {each.folder: each for each in domain.configs.values()}.get(BENCH)
    if config is not None:
        for check in leaks_of(out, config, BENCH_TERMS, log):
            found = f"{check.found:,} of {check.of:,} {check.noun}: {listed(check.examples)}"
            report.error("", f"no leak ({check.name})", found, REBUILD)
    expected = "the samples that its rule cuts of the other tables"
    try:
        cut = cut_bench(log)
    except BadCall as fault:
        if config is not None:
            report.error("", f"none, as its rule cuts none ({str(fault)[:-1]})", "some", REBUILD)
        return
    splits = config.splits if config is not None else {}
    if splits.keys() != cut.keys():
        report.error("", expected, "other splits" if splits else "none", REBUILD)
    terms = next(iter(cut.values())).terms
    if config is not None and config.terms != terms:
        report.error("", f"the terms {terms.protocol}, as cut", "others in the manifest", REBUILD)
    for split in (split for split in cut if split in splits):
        if not all(starmap(eq, zip_longest(cut[split], rows_of(out, splits[split])))):
            report.error(split, expected, "others", REBUILD)


def rows_of(out: Path, files: Iterable[WrittenFile]) -> Iterator[Row]:
    for file in files:
        with pq.ParquetFile(out / file.path, memory_map=True) as parquet:
            for batch in parquet.iter_batches(ROWS_AT_ONCE):
                yield from batch.to_pylist()
