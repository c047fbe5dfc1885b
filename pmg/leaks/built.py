"""Leaks of the sets of samples in a built folder."""

from collections.abc import Iterator
from pathlib import Path

from pmg.coverage import ITEMS
from pmg.leaks.checks import Check, checks
from pmg.leaks.pictures import perceptual_hashes, with_near
from pmg.leaks.report import Report, report_of
from pmg.manifest import BuiltDomain, Config, read_manifest
from pmg.problems import BadCall
from pmg.protocols.built_sets import BuiltSet, samples_of, sets_of
from pmg.protocols.events import Log, log_of_built
from pmg.protocols.interactions import interactions_of
from pmg.protocols.terms import Terms


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


def reports_of(
    out: Path, name: str, domain: BuiltDomain, asked: list[BuiltSet]
) -> Iterator[Report]:
    """The reports of the sets of one domain, whose pictures are looked at once for all of them."""
    if not asked:
        return
    log = log_of_built(out, domain)
    events, remark = None, ""
    try:
        events = interactions_of(log.interactions)
    except BadCall as fault:  # of what `check` lets pass; other checks need none of it
        remark = f"{name}: {fault}"
    hashes = {}
    if domain.pictures and any(len(each.config.splits) > 1 for each in asked):
        items = next(each for each in domain.configs.values() if each.folder == ITEMS)
        sets = [samples_of(out, each.config) for each in asked]
        wanted = {item for each in sets for item in each.items.to_pylist()}
        hashes = perceptual_hashes(out, items, wanted, name)
    for each in asked:
        samples = samples_of(out, each.config)
        report = report_of(each.name, each.terms, samples, events, log.items)
        if hashes and report.twins:
            report = report._replace(twins=with_near(samples, report.twins, hashes))
        yield report._replace(remark=remark if each.terms.before is not None else "")


def leaks_of(out: Path, config: Config, terms: Terms, log: Log) -> list[Check]:
    """The leaks alone, which need no picture. Raises BadData where files are damaged."""
    found = checks(samples_of(out, config), terms, interactions_of(log.interactions))
    return [check for check in found if check.leaks]
