"""Tables of ids, as protocols cut them: the official split of a domain, and those asked for."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any, TypeAlias, overload

import pyarrow as pa
import pyarrow.compute as pc
from datasets import Features, List, Value

from pmg.columns import Row
from pmg.domain import Domain, Entries, EventColumns, Table
from pmg.images import Pictures
from pmg.options import Options
from pmg.problems import IF_MEANT, BadCall, BadData, Problem, Severity
from pmg.protocols.candidates import CANDIDATES, with_candidates
from pmg.protocols.events import Log, log_of_raw
from pmg.protocols.interactions import interactions_of
from pmg.protocols.protocol import Protocol
from pmg.protocols.rules import bench
from pmg.protocols.samples import terms_of
from pmg.protocols.terms import Terms
from pmg.splits import SHARES

BENCH = "bench"
BENCH_NEGATIVES = 4
ROWS_AT_ONCE = 1_000
ID_FEATURES = Features(
    {
        "sample_id": Value("string"),
        "user_id": Value("string"),
        "history_ids": List(Value("string")),
        "target_id": Value("string"),
    }
)
CANDIDATE_FEATURES = Features({**ID_FEATURES, CANDIDATES: List(Value("string"))})
Cut: TypeAlias = Callable[[Log], pa.Table]


class IdRows(Sequence[Row]):
    """Rows of a split, none of them made before it is asked for."""

    def __init__(self, table: pa.Table, terms: Terms) -> None:
        self._table, self.terms = table, terms

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[Row]:
        for batch in self._table.to_batches(ROWS_AT_ONCE):
            yield from batch.to_pylist()

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> "IdRows": ...

    def __getitem__(self, index: int | slice) -> "Row | IdRows":
        if isinstance(index, slice):
            places = pa.array(range(*index.indices(len(self))), pa.int64())
            return IdRows(self._table.take(places), self.terms)
        row: Row = self._table.slice(range(len(self))[index], 1).to_pylist()[0]
        return row


def bench_table(
    domain: str, tables: Sequence[Table[Any, Any]], columns: EventColumns
) -> Table[Any, Row]:
    """The official evaluation split of a domain that has these tables; see `rules.bench`.

    It is cut while the domain is built, and left out with a note where nobody has enough for it.
    """
    return Table(
        f"{domain}_{BENCH}",
        BENCH,
        "a sample of the official split by its ids, with four other items to choose among",
        CANDIDATE_FEATURES,
        partial(bench_entries, domain, tables, columns),
        row_itself,
    )


def protocol_table(domain: Domain[Any], protocol: Protocol) -> Table[Any, Row]:
    """The samples of a domain that a protocol cuts."""
    return Table(
        f"{domain.name}_{protocol.name}",
        protocol.name,
        f"a sample by its ids, as the protocol {protocol} cuts it",
        CANDIDATE_FEATURES if "negatives" in protocol.options else ID_FEATURES,
        partial(protocol_entries, domain, protocol),
        row_itself,
    )


def row_itself(_: object, row: Row, _pictures: Pictures) -> Row:
    return row


def bench_entries(
    domain: str,
    tables: Sequence[Table[Any, Any]],
    columns: EventColumns,
    raw: Any,  # noqa: ANN401 - of any domain
    options: Options,
    shown: AbstractSet[str],
) -> Entries[Row]:
    """The official split's rows.

    Raises:
        BadData: nobody has enough for it, which is no more than a note.
    """
    try:
        return by_split(cut_bench(log_of_raw(tables, columns, raw, options, shown)), BENCH)
    except BadCall as fault:
        expected, found = f"interactions for {domain}_{BENCH}", f"too few: {str(fault)[:-1]}"
        problem = Problem(Severity.NOTE, domain, "", expected, found, IF_MEANT)
        raise BadData(problem) from fault


def cut_bench(log: Log) -> pa.Table:
    """The official split with its candidates. Raises BadCall as `bench`."""
    events = interactions_of(log.interactions)
    samples = bench(events)
    return with_candidates(samples, events, BENCH_NEGATIVES, log.category, log.items)


def protocol_entries(
    domain: Domain[Any],
    protocol: Protocol,
    raw: Any,  # noqa: ANN401 - of any domain
    options: Options,
    shown: AbstractSet[str],
) -> Entries[Row]:
    """The rows that a protocol cuts. Raises BadCall as its rule, and names the domain."""
    log = log_of_raw(domain.tables, domain.events, raw, options, shown)
    return by_split(cut_protocol(domain.name, protocol, log), str(protocol))


def cut_protocol(domain: str, protocol: Protocol, log: Log) -> pa.Table:
    """The samples of a protocol. Raises BadCall as its rule, and names the domain."""
    if lacking := sorted(protocol.needs - {*log.interactions.column_names}):
        raise BadCall(
            f"{domain}: expected interactions with {' and '.join(lacking)}, which {protocol} "
            "goes by, found none. Choose another protocol, or another domain by --domain."
        )
    try:
        return protocol.cut(log)
    except BadCall as fault:
        raise BadCall(f"{domain}, {fault}") from fault


def by_split(samples: pa.Table, protocol: str) -> dict[str, IdRows]:
    """What a protocol cut, by split where there is any, without the column of splits."""
    about = terms_of(samples)
    if about is None:
        raise ValueError("a protocol tells its terms")
    terms = about._replace(protocol=protocol)
    parts = {
        split: samples.filter(pc.equal(samples["split"], split)).drop_columns(["split"])
        for split in SHARES
    }
    return {split: IdRows(part, terms) for split, part in parts.items() if len(part)}
