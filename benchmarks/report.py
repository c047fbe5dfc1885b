"""The report: tables between the markers of README.md, and a plot beside it."""

import os
import platform
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt

from benchmarks.costs import Model, Point
from benchmarks.trials import ROOT, Row

README, PLOT = ROOT / "benchmarks" / "README.md", ROOT / "benchmarks" / "costs.svg"
LIBRARIES = ("datasets", "pyarrow", "pillow", "numpy", "pandas", "zlib-ng", "blake3", "ray")
PICTURES, NODES, PROCESSORS = 10_000_000, (1, 10, 100), 16  # what the model is asked about
DAY, HOUR, MINUTE = 86_400, 3_600, 60


def write_block(name: str, text: str) -> None:
    """Put text between the markers of that name in README.md."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    before = README.read_text(encoding="utf-8")
    after, count = pattern.subn(lambda _: f"{begin}\n{text.strip()}\n{end}", before)
    if count != 1:
        raise ValueError(f"{README}: expected one block {begin}, found {count}.")
    README.write_text(after, encoding="utf-8")


def machine() -> str:
    """Where and with what the figures were made."""
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    name = processor[1] if processor else platform.machine()
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} processors ({name}) and "
        f"{memory / 2**30:.0f} GiB of a shared machine; "
        f"Python {platform.python_version()}, {versions}."
    )


def table(rows: Iterable[Row]) -> str:
    """All comparisons; a ratio is its median, and least and most in brackets."""
    lines = [
        "| work | ours | rival, or limit | its figure | ratio | target | |",
        "|---|--:|---|--:|--:|--:|---|",
    ]
    for row in rows:
        bounds = (("≥", row.at_least), ("≤", row.at_most))
        target = ", ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)
        reached = ("reached" if row.reached else "**missed**") if target else ""
        cells = (row.work, row.ours, row.rival, row.theirs, row.ratio.shown(), target, reached)
        lines.append(f"| {' | '.join(cells)} |")
        if row.note:
            lines.append(f"| *{row.note}* | | | | | | |")
    return "\n".join(lines)


def breakdown(parts: Iterable[tuple[str, Mapping[str, float]]]) -> str:
    """Seconds and shares of each part, by domain; they add up."""
    told = dict(parts)
    lines = [f"| part | {' | '.join(f'{name}, s | %' for name in told)} |"]
    lines.append("|---|" + "--:|--:|" * len(told))
    totals = {name: sum(seconds.values()) for name, seconds in told.items()}
    for part in next(iter(told.values())):
        cells = (f"{told[name][part]:.1f} | {told[name][part] / totals[name]:.0%}" for name in told)
        lines.append(f"| {part} | {' | '.join(cells)} |")
    lines.append(f"| all | {' | '.join(f'{total:.1f} | 100%' for total in totals.values())} |")
    return "\n".join(lines)


def model_table(models: Mapping[str, Model]) -> str:
    """The parts of each model, and what they say of very many pictures."""
    lines = [
        "| domain | fixed, s | serial, ms a picture | parallel, ms a picture | kB a picture |",
        "|---|--:|--:|--:|--:|",
    ]
    for domain, model in models.items():
        lines.append(f"| {domain} | {model.fixed:.1f} | {1e3 * model.serial:.3f} "
                     f"| {1e3 * model.parallel:.2f} | {model.bytes / 1e3:,.0f} |")  # fmt: skip
    head = " | ".join(f"{nodes} node{'s' * (nodes > 1)}" for nodes in NODES)
    lines += ["", f"| {PICTURES:,} pictures, nodes of {PROCESSORS} processors | {head} |"]
    lines.append("|---|" + "--:|" * len(NODES))
    for domain, model in models.items():
        seconds = [model.seconds(PICTURES, nodes * PROCESSORS) for nodes in NODES]
        rates = [model.bytes * PICTURES / each / 1e9 for each in seconds]
        cells = (f"{long(each)} ({rate:.1f} GB/s)"
                 for each, rate in zip(seconds, rates, strict=True))  # fmt: skip
        lines.append(f"| {domain} | {' | '.join(cells)} |")
    return "\n".join(lines)


def long(seconds: float) -> str:
    for unit, name in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.1f} {name}"
    return f"{seconds:.0f} s"


def plot(points: Mapping[str, list[Point]], recipe: list[tuple[int, float]]) -> None:
    """Seconds and memory against pictures; both axes double."""
    mpl.rcParams["svg.hashsalt"] = "pmg-bench"  # the same figures, the same file
    figure, axes = plt.subplots(2, len(points), figsize=(9, 6), layout="constrained", sharex="col")
    for column, (domain, all_points) in enumerate(points.items()):
        time, memory = axes[0][column], axes[1][column]
        for workers in (1, 2):
            part = [each for each in all_points if each.workers == workers]
            pictures = [each.pictures for each in part]
            label = f"{workers} worker{'s' * (workers > 1)}"
            time.plot(pictures, [each.seconds for each in part], "o-", label=label)
            memory.plot(pictures, [each.memory / 1e6 for each in part], "o-", label=label)
        if domain == "movieposter":
            time.plot(*zip(*recipe, strict=True), "s--", color="gray", label="the usual recipe")
        for axis in (time, memory):
            axis.set_xscale("log", base=2)
            axis.set_xticks(pictures, [f"{each:,}" for each in pictures])
            axis.minorticks_off()
            axis.grid(alpha=0.3)
        time.set(title=domain, ylabel="seconds", yscale="log")
        memory.set(xlabel="pictures", ylabel="memory, MB", ylim=(0, None))
        time.legend()
    figure.savefig(PLOT, metadata={"Date": None})
