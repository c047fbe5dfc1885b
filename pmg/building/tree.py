"""The tree that becomes OUT: shards under their names, the card, the manifest."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow.parquet as pq
from datasets import Features

from pmg.building.jobs import Request
from pmg.building.updates import refuse_damaged
from pmg.building.work_folder import WorkFolder
from pmg.card.card import Card, write_card
from pmg.card.croissant import write_croissant
from pmg.card.figures import draw_figures
from pmg.manifest import BuiltDomain, Manifest, write_manifest
from pmg.problems import LISTED, Problems
from pmg.whole_files import MANIFEST, WrittenFile, describe, give_name, write_text

LISTED_PER_KIND = 1_000


def plant(
    work: WorkFolder,
    request: Request,
    built: Mapping[str, BuiltDomain],
    stays: Mapping[str, BuiltDomain],
) -> Manifest:
    """Fill the tree with what was built, and with what stays of OUT as it is; by domain.

    Raises:
        BadCall: what would stay is damaged.
    """
    for name, domain in built.items():
        folder = work.shards(name, domain.inputs.key)
        for file in domain.shards:
            give_name(folder / f"{file.key}.parquet", work.tree / file.path)
    for domain in stays.values():
        for file in domain.files:
            refuse_damaged(request.out, file)
            give_name(request.out / file.path, work.tree / file.path)
    parts = {**stays, **built}
    domains = request.in_out({*parts})
    manifest = Manifest(
        request.data_version, {domain.name: parts[domain.name] for domain in domains}, []
    )
    figures = draw_figures(work.tree, manifest, domains)
    card = Card(domains, manifest, features_of(manifest, work.tree), figures)
    drawn = [file for each in figures.values() for file in each if file is not None]
    manifest.others.extend([*drawn, write_card(work.tree, card), write_croissant(work.tree, card)])
    write_manifest(manifest, work.tree)
    return manifest


def take_along(out: Path, manifest: Manifest, tree: Path) -> None:
    """Let what nobody built, as the program that a download brings, lie beside as before."""
    built = {MANIFEST, *(file.path for file in manifest.files)}
    for path in out.rglob("*"):
        name = path.relative_to(out).as_posix()
        if name in built:
            continue
        if path.is_symlink():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).symlink_to(path.readlink())
        elif path.is_dir():
            (tree / name).mkdir(parents=True, exist_ok=True)
        else:
            give_name(path, tree / name)


def features_of(manifest: Manifest, tree: Path) -> dict[str, Features]:
    """The features of every table, as its first file tells them."""
    return {
        name: Features.from_arrow_schema(pq.read_schema(tree / config.files[0].path))
        for name, config in manifest.configs.items()
    }


def write_problems(tree: Path, domain: str, problems: Problems) -> list[WrittenFile]:
    """List what was found in the raw files in problems.txt; no file where that is nothing.

    Errors among it are what `on_problem="skip"` left out.
    """
    sentences = list(problems.sentences(LISTED_PER_KIND))
    if not sentences:
        return []
    path = tree / domain / LISTED
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, "\n".join(sentences) + "\n")
    return [describe(path, tree)]
