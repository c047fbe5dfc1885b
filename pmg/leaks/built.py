"""Leaks of the sets of samples in a built folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pmg.coverage import ITEMS
from pmg.leaks.checks import Check, checks
from pmg.leaks.pictures import perceptual_hashes, with_near
from pmg.leaks.report import Report, report_of
from pmg.leaks.sample_set import COLUMNS, SampleSet, sample_set
from pmg.manifest import BuiltDomain, Config, Manifest, read_manifest
from pmg.problems import BadCall
from pmg.protocols.events import Log, columns_of, log_of_built
from pmg.protocols.interactions import interactions_of
from pmg.protocols.terms import Terms


class Asked(NamedTuple):
    """A set of samples of a built folder."""

    name: str
    config: Config
    terms: Terms


def leakcheck_built(out: Path, config: str | None = None) -> list[Report]:
    """Look for leaks in a config of `out`, or in all of samples.

    Raises:
        BadCall: `out` has no such config, or it holds no samples.
        BadData: `out` is no built folder, or a damaged one.
    """
    manifest = read_manifest(out)
    asked = [each for each in sets_of(manifest) if config in (None, each.name)]
    if not asked:
        names = ", ".join(each.name for each in sets_of(manifest))
        raise BadCall(f"Config {config!r}: expected one of samples, {names}.")
    reports: dict[str, Report] = {}
    for name, domain in manifest.domains.items():
        own = [each for each in asked if each.config.domain == name]
        reports |= {report.name: report for report in reports_of(out, name, domain, own)}
    return [reports[each.name] for each in asked]


def sets_of(manifest: Manifest) -> list[Asked]:
    """The configs that hold samples."""
    return [
        Asked(name, config, config.terms)
        for name, config in manifest.configs.items()
        if config.terms is not None
    ]


def reports_of(out: Path, name: str, domain: BuiltDomain, asked: list[Asked]) -> Iterator[Report]:
    """The reports of the sets of one domain, whose pictures are looked at once for all of them."""
    if not asked:
        return
    log = log_of_built(out, domain)
    events = interactions_of(log.interactions)
    hashes = {}
    if domain.pictures and any(len(each.config.splits) > 1 for each in asked):
        items = next(each for each in domain.configs.values() if each.folder == ITEMS)
        hashes = perceptual_hashes(out, items, name)
    for each in asked:
        samples = samples_of(out, each.config)
        report = report_of(each.name, each.terms, samples, events, log.items)
        if hashes and report.twins:
            report = report._replace(twins=with_near(samples, report.twins, hashes))
        yield report


def leaks_of(out: Path, config: Config, terms: Terms, log: Log) -> list[Check]:
    """The leaks alone, which need no picture."""
    samples = samples_of(out, config)
    found = checks(samples, terms, interactions_of(log.interactions))
    return [check for check in found if check.leaks]


def samples_of(out: Path, config: Config) -> SampleSet:
    tables: dict[str, pa.Table] = {
        split: columns_of(out, files, COLUMNS) for split, files in config.splits.items()
    }
    return sample_set(tables)
