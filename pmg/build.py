"""Build: raw files → a folder ready for the Hub, made in a sibling and renamed when it is whole."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from pmg.card import Card, write_card
from pmg.columns import Row
from pmg.coverage import Coverage, Tally
from pmg.domain import Domain, hub_order
from pmg.heaps import plan_chunks, write_heap
from pmg.images import Picture
from pmg.manifest import (
    NAME,
    REBUILD,
    Config,
    Inputs,
    Manifest,
    inputs_of,
    read_manifest,
    write_manifest,
)
from pmg.options import Options
from pmg.problems import BadCall, Problems, Severity
from pmg.progress import progress_bar
from pmg.raw_folder import is_drawn, state_of
from pmg.row_files import write_rows
from pmg.shards import Shard, WrittenFile, describe, plan_files, write_shard
from pmg.source import Source, open_source, refuse_errors
from pmg.workers import Workers

LEFT_OUT = "problems.txt"
LISTED_PER_KIND = 1_000
LOCK = ".lock"  # in the folder being made; it ends with its process


class BuiltDomain(NamedTuple):
    """What came of one domain."""

    configs: dict[str, Config]  # by Hub name
    coverage: Coverage


class Built(NamedTuple):
    """What a build came to."""

    manifest: Manifest
    problems: Problems
    anew: bool  # False where OUT held it already


def build(
    domains: Sequence[Domain[Any]],
    raw_folder: Path,
    out: Path,
    options: Options,
    workers: int,
    data_version: str,
) -> Built:
    """Build `domains` from `raw_folder` into `out`, which appears whole or not at all.

    Raises:
        BadCall: `out` holds something else, lies among raw files, or is being built already.
        BadData: a domain's folder is not there, or `out` has a damaged manifest.
        TooManyProblems: a file is unreadable, or there are errors that may not be skipped.
    """
    refuse_place(domains, raw_folder, out)
    states = [state_of(domain, raw_folder) for domain in domains]
    problems = Problems()
    inputs = inputs_of(domains, raw_folder, options, data_version)
    if (out / NAME).is_file():
        return Built(unchanged(out, inputs), problems, anew=False)
    with folder_in_work(out) as folder, Workers(workers) as pool:
        scratch = folder / "scratch"
        sources = [open_source(domain, raw_folder, scratch, options) for domain in domains]
        for source in sources:
            problems.merge(source.problems)
        made = [build_domain(source, folder, pool, problems) for source in sources]
        shutil.rmtree(scratch, ignore_errors=True)
        configs = {name: config for domain in made for name, config in domain.configs.items()}
        coverage = {
            source.domain.name: domain.coverage
            for source, domain in zip(sources, made, strict=True)
        }
        if states != [state_of(domain, raw_folder) for domain in domains]:
            raise BadCall(f"{raw_folder}: the raw files changed while they were read. Start again.")
        configs = {table.name: configs[table.name] for table in hub_order(domains)}
        drawn = [domain.name for domain in domains if is_drawn(domain, raw_folder)]
        features = {
            table.name: source.features(table)
            for source in sources
            for table in source.domain.tables
        }
        card = Card(domains, configs, features, coverage, options, data_version, drawn)
        others = [write_card(folder, card)]
        if problems.count(Severity.ERROR):
            others.append(write_left_out(folder, problems))
        counts = {severity.name.lower(): problems.count(severity) for severity in Severity}
        manifest = Manifest(inputs, data_version, counts, configs, coverage, others)
        write_manifest(manifest, folder)
    return Built(manifest, problems, anew=True)


def refuse_place(domains: Sequence[Domain[Any]], raw_folder: Path, out: Path) -> None:
    """Let pass a folder that is not there, or that `build` made."""
    work, raw = in_work(out).resolve(), raw_folder.resolve()
    inside = any(out.resolve().is_relative_to(raw / domain.name) for domain in domains)
    if inside or raw.is_relative_to(work) or raw.is_relative_to(out.resolve()):
        raise BadCall(
            f"{out}: expected a folder apart from the raw files, found {raw_folder} "
            f"among what would be made or removed. Name another OUT."
        )
    if out.exists() and not (out / NAME).is_file() and not is_empty(out):
        raise BadCall(
            f"{out}: expected no folder, or one that `build` made, found something else. "
            "Name another OUT, or move it away."
        )


def in_work(out: Path) -> Path:
    """The folder that `out` is made in."""
    return out.with_name(f"{out.name}.incomplete")


def is_empty(out: Path) -> bool:
    return out.is_dir() and not any(out.iterdir())


def unchanged(out: Path, inputs: Inputs) -> Manifest:
    """The manifest of `out` where it was built of the same inputs. Raises BadCall if not."""
    manifest = read_manifest(out)
    if manifest.inputs.key != inputs.key:
        raise BadCall(
            f"{out}: expected the same raw files and settings as it was built from, found others. "
            "Remove it to build anew, or name another OUT."
        )
    for file in manifest.files:
        path = out / file.path
        if not path.is_file() or path.stat().st_size != file.bytes:
            raise BadCall(f"{path}: expected the file that was built, found it damaged. {REBUILD}.")
    return manifest


@contextmanager
def folder_in_work(out: Path) -> Iterator[Path]:
    """An empty sibling of `out`, under a lock; it becomes `out` when the block ends well.

    Raises:
        BadCall: another process is at work in it, or somebody else's files are in it.
    """
    folder = in_work(out)
    if folder.exists() and not (folder / LOCK).exists() and any(folder.iterdir()):
        raise BadCall(f"{folder}: expected no such folder, found files. Move it away.")
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BadCall(f"{folder}: another build is at work in it. Wait for its end.") from error
    with lock:
        for path in folder.iterdir():  # of a build that was killed
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != LOCK:
                path.unlink()
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        (folder / LOCK).unlink(missing_ok=True)
        if out.exists():
            out.rmdir()  # it was empty, and a rename replaces nothing everywhere
        folder.rename(out)


def build_domain(source: Source, folder: Path, pool: Workers, problems: Problems) -> BuiltDomain:
    """Encode every picture once, then write all tables from the finished bytes."""
    heaps = folder / f"{source.domain.name}.heaps"
    heaps.mkdir()
    pictures = encode_pictures(source, heaps, pool, problems)
    refuse_errors(problems, source.options)
    tally = Tally()
    files = write_tables(source, pictures, heaps, folder, pool, tally)
    shutil.rmtree(heaps)
    configs = {
        table.name: Config(source.domain.name, table.folder, table.about, files[table.name])
        for table in source.domain.tables
    }
    dropped = source.domain.dropped(source.raw, source.options, pictures.keys())
    return BuiltDomain(configs, tally.coverage(dropped))


def encode_pictures(
    source: Source, heaps: Path, pool: Workers, problems: Problems
) -> dict[str, Picture]:
    """Finished pictures by item id, their data spans of heaps; what is broken is reported."""
    raw = source.domain.pictures(source.raw)
    chunks = plan_chunks(raw, source.options.image_format, heaps)
    pictures: dict[str, Picture] = {}
    with progress_bar(len(raw.found), f"{source.domain.name}: encode", "pictures") as bar:
        for heap in pool.map(write_heap, chunks):
            pictures |= heap.pictures
            for problem in heap.problems:
                problems.add(problem)
            bar.update(len(heap.pictures) + len(heap.problems))
    return pictures


def write_tables(
    source: Source,
    pictures: Mapping[str, Picture],
    work: Path,
    folder: Path,
    pool: Workers,
    tally: Tally,
) -> dict[str, dict[str, list[WrittenFile]]]:
    """All tables of a domain, by their name and split; row files lie in `work` meanwhile."""
    tables = {table.name: source.entries(table, pictures.keys()) for table in source.domain.tables}
    written: dict[str, dict[str, list[WrittenFile]]] = {name: {} for name in tables}
    places: list[tuple[str, str]] = []  # table and split of each shard, as they are planned

    def shards() -> Iterator[Shard]:
        for table in source.domain.tables:
            for split, entries in tables[table.name].items():
                rows: Iterator[Row] = (table.row(source.raw, each, pictures) for each in entries)
                rows = tally.seen(rows, table.folder, split)
                schema, file = source.features(table).arrow_schema, work / f"{table.name}-{split}"
                for number, groups in enumerate(plan_files(write_rows(rows, schema, file))):
                    places.append((table.name, split))
                    path = folder / source.domain.name / table.folder / f"{split}-{number:05d}"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    yield Shard(folder, path, schema, file, groups)

    total = sum(len(entries) for splits in tables.values() for entries in splits.values())
    with progress_bar(total, f"{source.domain.name}: write", "rows") as bar:
        for number, file in enumerate(pool.map(write_shard, shards())):
            name, split = places[number]
            written[name].setdefault(split, []).append(file)
            bar.update(file.rows)
    return {
        name: {split: numbered(files, folder) for split, files in splits.items()}
        for name, splits in written.items()
    }


def numbered(files: Sequence[WrittenFile], folder: Path) -> list[WrittenFile]:
    """Give the files of a split their names, which tell how many there are."""
    final = [file._replace(path=f"{file.path}-of-{len(files):05d}.parquet") for file in files]
    for file, named in zip(files, final, strict=True):
        (folder / file.path).rename(folder / named.path)
    return final


def write_left_out(folder: Path, problems: Problems) -> WrittenFile:
    """List what `on_problem="skip"` left out, with the other problems, in problems.txt."""
    path = folder / LEFT_OUT
    text = "\n".join(problems.sentences(LISTED_PER_KIND))
    path.write_text(text + "\n", encoding="utf-8")
    return describe(path, folder, rows=0)
