"""Build: raw files → a folder ready for the Hub, in a sibling that is renamed when it is whole."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pmg.card import write_card
from pmg.domain import Domain, Source, hub_order, open_source
from pmg.heaps import HeapedPictures, plan_chunks, write_heap
from pmg.manifest import NAME, Config, Manifest, inputs_of, read_manifest, write_manifest
from pmg.options import Options
from pmg.problems import BadCall, Problems, Severity
from pmg.progress import progress_bar
from pmg.shards import ShardTask, WrittenFile, describe, plan_shards, write_shard
from pmg.workers import Workers

LEFT_OUT = "problems.txt"
LISTED_PER_KIND = 1_000


class UpToDate(Exception):  # noqa: N818 - good news
    """Raised where OUT holds exactly what would be built."""


def build(
    domains: Sequence[Domain[Any]],
    raw_folder: Path,
    out: Path,
    options: Options,
    workers: int,
    data_version: str,
) -> tuple[Manifest, Problems]:
    """Build `domains` from `raw_folder` into `out`, which appears whole or not at all.

    Raises:
        UpToDate: `out` was built from the same content with the same settings.
        BadCall: `out` exists and holds something else; or as `open_source`.
        TooManyProblems: as `open_source`.
    """
    problems = Problems()
    sources = [open_source(domain, raw_folder, options) for domain in domains]
    inputs = inputs_of(domains, raw_folder, options, data_version)
    refuse_existing(out, inputs.key)
    incomplete = out.with_name(f"{out.name}.incomplete")
    shutil.rmtree(incomplete, ignore_errors=True)
    incomplete.mkdir(parents=True)
    tables = hub_order(domains)
    configs: dict[str, Config] = {}
    for source in sources:
        configs |= build_domain(source, incomplete, workers)
        for problem in source.problems:
            problems.add(problem)
    configs = {table.name: configs[table.name] for table in tables}
    others = [write_card(incomplete, tables, configs, data_version)]
    if problems.count(Severity.ERROR):
        others.append(write_left_out(incomplete, problems))
    counts = {severity.name.lower(): problems.count(severity) for severity in Severity}
    manifest = Manifest(inputs, data_version, counts, configs, others)
    write_manifest(manifest, incomplete)
    incomplete.rename(out)
    return manifest, problems


def refuse_existing(out: Path, key: str) -> None:
    """Let pass where nothing is; say what stands in the way otherwise."""
    if not out.exists():
        return
    if not (out / NAME).is_file():
        raise BadCall(
            f"{out}: expected no folder, or one that `build` made, found something else. "
            "Name another OUT, or move it away."
        )
    if read_manifest(out).inputs.key == key:
        raise UpToDate
    raise BadCall(
        f"{out}: expected the same raw files and settings as it was built from, found others. "
        "Remove it to build anew, or name another OUT."
    )


def build_domain(source: Source, out: Path, workers: int) -> dict[str, Config]:
    """Encode every picture once, then write all tables from the finished bytes."""
    folder = out / source.domain.name
    heaps = Path(tempfile.mkdtemp(prefix="heaps-", dir=out))
    with Workers(workers, source) as pool:
        chunks = plan_chunks(source, heaps)
        count = sum(len(chunk.item_ids) for chunk in chunks)
        with progress_bar(count, f"{source.domain.name}: encode", "pictures") as bar:
            for done in pool.map(write_heap, chunks):
                bar.update(done)
        pictures = HeapedPictures(heaps)
        plans = {
            table.name: [
                ShardTask(shard, heaps, out, folder / table.folder / shard.name)
                for shard in plan_shards(source, table.name, pictures)
            ]
            for table in source.domain.tables
        }
        tasks = [task for plan in plans.values() for task in plan]
        for task in tasks:
            task.path.parent.mkdir(parents=True, exist_ok=True)
        with progress_bar(len(tasks), f"{source.domain.name}: write", "files") as bar:
            files = []
            for file in pool.map(write_shard, tasks):
                files.append(file)
                bar.update()
    shutil.rmtree(heaps)
    return configs_of(source, tasks, files)


def configs_of(
    source: Source, tasks: Sequence[ShardTask], files: Sequence[WrittenFile]
) -> dict[str, Config]:
    """The tables as the manifest tells of them; `files` are what came of `tasks`."""
    configs = {}
    for table in source.domain.tables:
        splits: dict[str, list[WrittenFile]] = {}
        for task, file in zip(tasks, files, strict=True):
            if task.shard.table == table.name:
                splits.setdefault(task.shard.split, []).append(file)
        configs[table.name] = Config(source.domain.name, table.folder, table.row, splits)
    return configs


def write_left_out(out: Path, problems: Problems) -> WrittenFile:
    """List what `on_problem="skip"` left out, with the other problems, in problems.txt."""
    path = out / LEFT_OUT
    text = "\n".join(problems.sentences(LISTED_PER_KIND))
    path.write_text(text + "\n", encoding="utf-8")
    return describe(path, out, rows=0)
