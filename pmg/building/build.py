"""Build: raw files → a folder ready for the Hub, made in a sibling and renamed when it is whole."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from pmg.building.encode import encode_pictures
from pmg.building.engines import LOCAL, Engine, open_engine, require_engine
from pmg.building.estimate import bytes_to_write
from pmg.building.jobs import Job, Request, tables_of
from pmg.building.tree import plant, write_problems
from pmg.building.updates import compare, protocols_of
from pmg.building.work_folder import WorkFolder, forget, in_work, locked_folder, work_folder
from pmg.building.write import write_tables
from pmg.coverage import Tally
from pmg.digests import digest_of
from pmg.disk import require_room
from pmg.domain import Domain
from pmg.inputs import Inputs, inputs_of, libraries, pictures_made_with, settings_of
from pmg.manifest import BuiltDomain, Manifest, read_manifest
from pmg.problems import BadCall, Problems, Severity
from pmg.raw.folder import DRAWN_MARK, state_of
from pmg.raw.scratch import Scratch
from pmg.raw.segments import check_segment, when_written
from pmg.source import open_source, refuse_errors
from pmg.whole_files import MANIFEST


class Built(NamedTuple):
    """What a build came to."""

    manifest: Manifest
    problems: Problems  # of the domains that were built now
    pictures: int  # of these
    kept: int  # shards that OUT held before
    made: int  # shards that it did not
    dropped: int  # shards that it holds no more
    anew: bool = True  # False where there was nothing to do


def build(request: Request) -> Built:
    """Make `request.out`, which appears whole or not at all.

    What an earlier attempt finished is found again. Where OUT is there with the same inputs nothing
    is done; with others it is refused, or updated where that is asked for.

    Raises:
        BadCall: OUT holds something else, lies among raw files, or is being built already; the
            disk has no room; the raw files changed meanwhile; an engine that cannot be had.
        BadData: a domain's folder is not there, or OUT has a damaged manifest.
        TooManyProblems: a file is unreadable, or there are errors that may not be skipped.
    """
    require_engine(request.engine)
    # Whoever reads and writes may be another process, or another machine.
    request = request._replace(raw_folder=request.raw_folder.resolve(), out=request.out.resolve())
    refuse_place(request)
    with locked_folder(request.out) as folder:
        state = states(request)

        @cache  # asked for as late as can be, so that workers start meanwhile
        def inputs(domain: Domain[Any]) -> Inputs:
            return inputs_of(domain, request.raw_folder, request.options)

        earlier = read_manifest(request.out) if (request.out / MANIFEST).is_file() else None
        update = compare(request, inputs, earlier)
        if earlier is not None and not update.needed:
            forget(folder, {domain.inputs.key for domain in earlier.domains.values()})
            return Built(earlier, Problems(), 0, len(earlier.shards), 0, 0, anew=False)
        made_with = pictures_made_with(settings_of(request.options), libraries())
        with work_folder(folder, request.out, made_with) as work:
            built = make(request, update.stale, inputs, earlier, work)
            if state != states(request):
                raise BadCall(
                    f"{request.raw_folder}: the raw files changed while they were read. "
                    "Start again."
                )
            work.publish(request.out)
    return built


def make(
    request: Request,
    stale: Sequence[Domain[Any]],
    inputs: Callable[[Domain[Any]], Inputs],
    earlier: Manifest | None,
    work: WorkFolder,
) -> Built:
    """Build the `stale` domains, and plant what becomes OUT. Raises as `build`."""
    held = earlier.domains if earlier else {}
    with open_engine(request, work.folder) as pool:
        tasks = {domain: inputs(domain) for domain in stale}
        jobs = open_jobs(request, tasks, held, work, pool)
        made = {job.name: build_domain(job, pool) for job in jobs}
    stays = {name: domain for name, domain in held.items() if name not in made}
    manifest = plant(work, request, made, stays)
    problems = Problems()
    for job in jobs:
        problems.merge(job.source.problems)
    pictures = sum(domain.coverage.with_image for domain in made.values())
    return Built(manifest, problems, pictures, *compared(manifest, earlier))


def refuse_place(request: Request) -> None:
    """Let pass a folder that is not there, or that `build` made."""
    out, raw = request.out, request.raw_folder.resolve()
    if out.is_mount():
        raise BadCall(
            f"{out}: expected a folder that can be renamed, found a disk. Name one in it."
        )
    inside = any(out.is_relative_to(raw / domain.name) for domain in request.domains)
    if inside or any(raw.is_relative_to(each) for each in (in_work(out), out)):
        raise BadCall(
            f"{out}: expected a folder apart from the raw files, found {request.raw_folder} "
            f"among what would be made or removed. Name another OUT."
        )
    if out.exists() and not (out / MANIFEST).is_file() and not is_empty(out):
        raise BadCall(
            f"{out}: expected no folder, or one that `build` made, found something else. "
            "Name another OUT, or move it away."
        )


def is_empty(out: Path) -> bool:
    return out.is_dir() and not any(out.iterdir())


def states(request: Request) -> list[str]:
    return [state_of(domain, request.raw_folder) for domain in request.domains]


def open_jobs(
    request: Request,
    tasks: Mapping[Domain[Any], Inputs],
    held: Mapping[str, BuiltDomain],
    work: WorkFolder,
    engine: Engine,
) -> list[Job]:
    """Read and check all that is to be built, and see that there is room for it.

    Raises as `open_source`, and BadCall where there is none.
    """
    jobs: list[Job] = []
    needed = 0
    look = partial(engine.map, check_segment)
    for domain, inputs in tasks.items():
        work.shards(domain.name, inputs.key)
        unpacked = work.unpacked(domain.name, digest_of(inputs.raw))
        scratch = Scratch(unpacked, look if request.engine == LOCAL else when_written(look))
        source = open_source(domain, request.raw_folder, scratch, request.options)
        protocols = protocols_of(domain, held.get(domain.name), request.protocol)
        tables, pictures = tables_of(domain, protocols), domain.pictures(source.raw)
        shown = pictures.found.keys()
        planned = source.entries_of(tables, shown)
        job = Job(source, inputs, work, request.out, held.get(domain.name), protocols, planned)
        jobs.append(job)
        needed += bytes_to_write(source, tables, planned.entries, job.pictures_before())
    require_room(work.folder, needed - work.journal.bytes())
    return jobs


def build_domain(job: Job, pool: Engine) -> BuiltDomain:
    """Finish every picture once, then write all tables from the finished bytes.

    Raises:
        TooManyProblems: there are pictures that cannot be published, which may not be skipped.
    """
    source, problems = job.source, job.source.problems
    pictures = encode_pictures(job, pool)
    refuse_errors(problems, source.options)
    tally = Tally()
    configs = write_tables(job, pictures, pool, tally)
    coverage = tally.coverage(source.domain.dropped(source.raw, source.options, pictures.keys()))
    counts = {severity.name.lower(): problems.count(severity) for severity in Severity}
    found = write_problems(job.work.tree, job.name, problems)
    drawn = f"{job.name}/{DRAWN_MARK}" in job.inputs.raw
    shown = 0 if source.options.without_images else coverage.with_image
    parts = job.inputs, drawn, counts, coverage, source.origins, shown, configs
    return BuiltDomain(*parts, source.domain.events, found)


def compared(manifest: Manifest, earlier: Manifest | None) -> tuple[int, int, int]:
    """How many shards OUT held before, did not, and holds no more."""
    before = {file.key for file in earlier.shards} if earlier else set()
    now = [file.key for file in manifest.shards]
    kept = sum(key in before for key in now)
    return kept, len(now) - kept, len(before - {*now})
