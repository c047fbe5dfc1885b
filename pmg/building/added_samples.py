"""Samples of ids into a folder that was built: cut from its own tables, no raw file is read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pmg.building.albums import bind
from pmg.building.jobs import Request
from pmg.building.shards import Press, write_shard
from pmg.building.tree import plant, take_along
from pmg.building.updates import holds, refuse_damaged, refuse_unknown
from pmg.building.work_folder import WorkFolder, locked_folder, work_folder
from pmg.building.write import numbered
from pmg.domain import Domain
from pmg.inputs import shaped_by
from pmg.manifest import BuiltDomain, Config, Manifest, read_manifest
from pmg.problems import BadCall
from pmg.protocols.events import log_of_built
from pmg.protocols.protocol import Protocol
from pmg.protocols.tables import cut_protocol, protocol_table
from pmg.whole_files import give_name


class Added(NamedTuple):
    """A folder with samples by a protocol."""

    manifest: Manifest
    names: list[str]  # of the configs that hold them
    anew: bool = True  # False where there was nothing to do


def add_samples(
    domains: Sequence[Domain[Any]],
    out: Path,
    protocol: Protocol,
    only: str | None = None,
    *,
    update: bool = False,
) -> Added:
    """Add the config `<domain>_<protocol>` to every domain of `out`, or to the one named `only`.

    OUT is replaced as a whole, or stays as it is; what it holds keeps its bytes.

    Raises:
        BadCall: interactions do not go with the protocol; there are other samples under the name
            and `update` is not asked for; OUT is damaged, or is being built.
        BadData: OUT is no built folder, or a damaged one.
    """
    request = Request(domains, out.resolve(), out.resolve())
    read_manifest(out)  # or a folder in work would appear beside what is none of ours
    with locked_folder(request.out) as folder:
        manifest = read_manifest(out)
        refuse_unknown(request, manifest)
        wanted = [each for each in request.in_out({*manifest.domains}) if only in (None, each.name)]
        if not wanted:
            raise BadCall(f"{out}: expected the domain {only}, found none of it. Build it first.")
        names = [f"{domain.name}_{protocol.name}" for domain in wanted]
        new = [each for each in wanted if not holds(manifest.domains[each.name], protocol)]
        if not new:
            return Added(manifest, names, anew=False)
        refuse_others(out, manifest, new, protocol, update=update)
        request = request._replace(data_version=manifest.data_version)
        return Added(put(request, manifest, new, protocol, folder), names)


def put(
    request: Request,
    manifest: Manifest,
    domains: Sequence[Domain[Any]],
    protocol: Protocol,
    folder: Path,
) -> Manifest:
    """Replace OUT by one in which these domains have the samples; its lock is held."""
    made_with = manifest.domains[domains[0].name].inputs.pictures_made_with
    with work_folder(folder, request.out, made_with) as work:
        held = manifest.domains
        made = {
            domain.name: with_samples(domain, held[domain.name], protocol, request.out, work)
            for domain in domains
        }
        stays = {name: each for name, each in held.items() if name not in made}
        planted = plant(work, request, made, stays)
        take_along(request.out, manifest, work.tree)
        work.publish(request.out)
    return planted


def refuse_others(
    out: Path,
    manifest: Manifest,
    domains: Sequence[Domain[Any]],
    protocol: Protocol,
    *,
    update: bool,
) -> None:
    """Raise BadCall where other samples have a name already, and are not to be replaced."""
    names = [f"{domain.name}_{protocol.name}" for domain in domains]
    for name in (name for name in names if name in manifest.configs and not update):
        terms = manifest.configs[name].terms
        found = terms.protocol if terms else "another table"
        raise BadCall(
            f"{out}, config {name}: expected none, or one by the same protocol, found {found}. "
            "Replace it with --update."
        )


def with_samples(
    domain: Domain[Any], built: BuiltDomain, protocol: Protocol, out: Path, work: WorkFolder
) -> BuiltDomain:
    """The domain with one more config, all its files where `plant` looks for them."""
    shards = work.shards(domain.name, built.inputs.key)
    for file in built.files:
        refuse_damaged(out, file)
    for file in built.shards:
        give_name(out / file.path, shards / f"{file.key}.parquet")
    for file in built.others:
        give_name(out / file.path, work.tree / file.path)
    log = log_of_built(out, built)
    entries = cut_protocol(domain.name, protocol, log)
    table = protocol_table(domain, protocol)
    album = work.folder / domain.name / "none.album"
    bind([], album, lambda _: True)
    shaped = shaped_by(str(built.inputs.settings["image_format"]))
    press = Press(work.folder, shards, album, shaped)
    splits = {}
    for split, rows in entries.items():
        path = work.folder / domain.name / f"{table.name}-{split}.rows"
        written = map(write_shard, press.shards(rows, table.features.arrow_schema, path))
        where = f"{domain.name}/{table.folder}/{split}"
        splits[split] = numbered([file._replace(path=where) for file in written])
    terms = next(iter(entries.values())).terms
    counts = {split: rows.counts() for split, rows in entries.items()}
    config = Config(domain.name, table.folder, table.about, splits, terms, counts)
    return built._replace(configs={**built.configs, table.name: config})
