"""Tables of ids, as protocols cut them: the official split of a domain, and those asked for."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any

from datasets import Features, List, Value

from pmg.columns import Row
from pmg.domain import Domain, Entries, EventColumns, Table
from pmg.images import Pictures
from pmg.options import Options
from pmg.problems import CORRECT_ENTRY, IF_MEANT, BadCall, BadData, Problem, Severity
from pmg.protocols.bench import bench
from pmg.protocols.candidates import candidates_of
from pmg.protocols.events import Log, log_of_raw
from pmg.protocols.filters import TooFew
from pmg.protocols.id_rows import IdRows, by_split
from pmg.protocols.interactions import interactions_of
from pmg.protocols.pools import POPULARITY, pool_of
from pmg.protocols.protocol import Protocol
from pmg.protocols.sample_set import CANDIDATES
from pmg.protocols.terms import Terms

BENCH = "bench"
BENCH_NEGATIVES = 4
BENCH_TERMS = Terms(BENCH, disjoint=True, before=True)
ID_FEATURES = Features(
    {
        "sample_id": Value("string"),
        "user_id": Value("string"),
        "history_ids": List(Value("string")),
        "target_id": Value("string"),
    }
)
CANDIDATE_FEATURES = Features({**ID_FEATURES, CANDIDATES: List(Value("string"))})


def bench_table(
    domain: str, tables: Sequence[Table[Any, Any]], columns: EventColumns
) -> Table[Any, Row]:
    """The official evaluation split of a domain that has these tables; see `bench.bench`.

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
        BadData: nobody has enough for it, which is no more than a note, or something is wrong with
            the interactions that does not matter otherwise, a warning.
    """
    try:
        return cut_bench(log_of_raw(tables, columns, raw, options, shown))
    except TooFew as fault:
        expected, found = f"interactions for {domain}_{BENCH}", f"too few: {str(fault)[:-1]}"
        problem = Problem(Severity.NOTE, domain, "", expected, found, IF_MEANT)
        raise BadData(problem) from fault
    except BadCall as fault:  # of what `check` lets pass
        expected, found = f"interactions that {domain}_{BENCH} can be cut of", str(fault)[:-1]
        problem = Problem(Severity.WARNING, domain, "", expected, found, CORRECT_ENTRY)
        raise BadData(problem) from fault


def cut_bench(log: Log) -> dict[str, IdRows]:
    """The official split with its candidates, by split. Raises BadCall as `bench`."""
    events = interactions_of(log.interactions)
    cut = bench(events)
    pool = pool_of(events, POPULARITY, log.items, log.category)
    return by_split(cut, candidates_of(cut, events, pool, BENCH_NEGATIVES, seed=0), BENCH)


def protocol_entries(
    domain: Domain[Any],
    protocol: Protocol,
    raw: Any,  # noqa: ANN401 - of any domain
    options: Options,
    shown: AbstractSet[str],
) -> Entries[Row]:
    """The rows that a protocol cuts. Raises BadCall as its rule, and names the domain."""
    log = log_of_raw(domain.tables, domain.events, raw, options, shown)
    return cut_protocol(domain.name, protocol, log)


def cut_protocol(domain: str, protocol: Protocol, log: Log) -> dict[str, IdRows]:
    """The samples of a protocol, by split. Raises BadCall as its rule, and names the domain."""
    if lacking := sorted(protocol.needs - {*log.interactions.column_names}):
        raise BadCall(
            f"{domain}: expected interactions with {' and '.join(lacking)}, which {protocol} "
            "goes by, found none. Choose another protocol, or another domain by --domain."
        )
    try:
        return protocol.cut(log)
    except BadCall as fault:
        raise BadCall(f"{domain}, {fault}") from fault
