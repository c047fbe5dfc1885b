"""Facts: what a page says of all rows, beside those it shows."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.compute as pc

from pmg.coverage import ITEMS, SAMPLES, told
from pmg.distributions import Bars, bars, columns_of, counts_of, doubling, grouped
from pmg.domain import Domain
from pmg.manifest import BuiltDomain, Config, Manifest
from pmg.pages.content import first_of, text_of
from pmg.problems import LISTED

MOST_NAMES = 20  # of categories; the rest is one bar
WIDTH, HEIGHT = SIZE = (300, 96)  # of a chart, in its own units
BAR, WIDEST = 0.85, 40  # of the step from bar to bar; units at most


class Bar(NamedTuple):
    """A bar of a chart, in the chart's own units."""

    label: str
    rows: int
    left: float
    step: float  # to the next bar
    width: float
    height: float


class Chart(NamedTuple):
    """A distribution as the page draws it."""

    title: str
    bars: list[Bar]
    note: str

    @property
    def spoken(self) -> str:
        return ", ".join(f"{bar.label} {bar.rows:,}" for bar in self.bars)


class Facts(NamedTuple):
    """What is said of a table and its domain; empty where there is nothing to say."""

    about: str
    charts: list[Chart]
    coverage: dict[str, str]
    counted: str  # how many problems, in words
    found: list[str]  # sentences about the raw files, the worst first


NO_FACTS = Facts("", [], {}, "", [])


def facts_of(out: Path, manifest: Manifest, domains: Sequence[Domain[Any]], name: str) -> Facts:
    """What there is to say of a config and its domain.

    Raises:
        BadData: a file is missing or damaged.
    """
    config = manifest.configs[name]
    built = manifest.domains[config.domain]
    declared = [table for domain in domains for table in domain.tables]
    plotted = {table.name: table.plotted for table in declared if table.name in built.configs}
    charts = [chart(each) for each in distributions(out, built, config, plotted) if each.counts]
    counted = ", ".join(
        f"{count:,} {severity}{'' if count == 1 else 's'}"
        for severity, count in built.problems.items()
    )
    return Facts(config.about, charts, told(built.coverage), counted, found_in(out, config.domain))


def found_in(out: Path, domain: str) -> list[str]:
    """The sentences that the build kept of a domain's raw files."""
    path = out / domain / LISTED
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def distributions(
    out: Path, built: BuiltDomain, config: Config, plotted: dict[str, Any]
) -> Iterator[Bars]:
    """The numbers of a domain, those of the config first."""
    tables = {each.folder: each for each in reversed(built.configs.values())}
    items, samples = tables[ITEMS], config if config.terms else tables[SAMPLES]
    events = tables[built.events.folder]
    yield bars(out, samples, "history_ids", "Samples by the items in their history")
    drawn = [(name, *each) for name, columns in plotted.items() for each in columns.items()]
    for name, column, title in drawn:
        yield bars(out, built.configs[name], column, title)
    if events is not items:
        met = counts_of(out, events, "item_id")
        yield Bars(f"Items by their {events.folder}", doubling(Counter(met.values())))
    users = built.events.user.removesuffix("_id")
    own = counts_of(out, events, built.events.user)
    yield Bars(f"{users.capitalize()}s by their {events.folder}", doubling(Counter(own.values())))
    if built.events.category not in {column for _, column, _ in drawn}:
        yield categories(out, items, built.events.category)
    yield caption_lengths(out, items)


def categories(out: Path, items: Config, column: str) -> Bars:
    """Items by the first of their categories, the most frequent first."""
    firsts = (
        text_of(first_of(value))
        for values in columns_of(out, items, column)
        for value in values.to_pylist()
    )
    counts = Counter(filter(None, firsts))
    listed = counts.most_common(MOST_NAMES)
    if rest := counts.total() - sum(count for _, count in listed):
        listed.append(("all others", rest))
    return Bars(f"Items by their {column.removesuffix('s')}", listed)


def caption_lengths(out: Path, items: Config) -> Bars:
    counts: Counter[int] = Counter()
    for captions in columns_of(out, items, "caption"):
        counts.update(pc.utf8_length(captions.drop_null()).to_pylist())
    return Bars("Captions of items by their characters", grouped(counts))


def chart(found: Bars) -> Chart:
    """A distribution with at least one value, drawn."""
    most, highest = max(found.counts, key=lambda each: each[1])
    step = WIDTH / len(found.counts)
    drawn = [
        Bar(
            label,
            count,
            round(place * step, 2),
            round(step, 2),
            round(min(step * BAR, WIDEST), 2),
            round(count / max(highest, 1) * HEIGHT, 2),
        )
        for place, (label, count) in enumerate(found.counts)
    ]
    total = sum(bar.rows for bar in drawn)
    return Chart(found.title, drawn, f"{total:,} in all, most often {most} ({highest:,})")
