"""Attach: pictures from one's own files into a set that was published without them.

A picture is known by the `image_sha256` that the items tell, wherever it lies. A set that has all
of them back is the one that `build` makes of the same raw files with pictures, to the byte.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
from datasets import Features

from pmg.building.albums import Album, AlbumOfItems, bind
from pmg.building.build import refuse_place
from pmg.building.heaps import BuiltItems, HeapWriter, unpack_items
from pmg.building.jobs import Request
from pmg.building.row_files import ROWS_AT_ONCE
from pmg.building.shards import Press, write_shard
from pmg.building.tree import plant, take_along
from pmg.building.updates import refuse_unknown
from pmg.building.work_folder import WorkFolder, locked_folder, work_folder
from pmg.building.write import numbered
from pmg.columns import Row, ids_of_pictures, image_value, picture_columns
from pmg.domain import Domain
from pmg.images import Picture
from pmg.inputs import Inputs, libraries, shaped_by
from pmg.manifest import BuiltDomain, Config, read_manifest
from pmg.problems import BadCall, Problems
from pmg.progress import progress_bar
from pmg.publishing.gaps import Gap, Search, gap_of
from pmg.whole_files import WrittenFile, give_name


class Attached(NamedTuple):
    """How many pictures of a domain are there."""

    told: int  # items that have a picture
    before: int
    now: int


def attach(
    out: Path, raw_folder: Path, domains: Sequence[Domain[Any]], problems: Problems
) -> dict[str, Attached]:
    """Bring into OUT, by one rename, what `raw_folder` has of its pictures; answers by domain.

    What is still lacking, and what differs from what the items tell of, are warnings among
    `problems`; files that cannot be read are errors. OUT stays as it is where nothing was found.

    Raises:
        BadCall: no such `raw_folder`, or OUT among it; OUT is damaged, holds other files, or is
            being built.
        BadData: OUT is no built folder.
    """
    request = Request(domains, raw_folder.resolve(), out.resolve())
    if not raw_folder.is_dir():
        raise BadCall(f"{raw_folder}: expected a folder with pictures, found none. Name another.")
    read_manifest(out)  # or a folder in work would appear beside what is none of ours
    refuse_place(request)
    with locked_folder(request.out) as folder:
        manifest = read_manifest(out)
        refuse_unknown(request, manifest)
        gaps = [gap_of(request.out, name, part) for name, part in manifest.domains.items()]
        made_with = gaps[0].built.inputs.pictures_made_with
        with work_folder(folder, request.out, made_with) as work:
            made = dict[str, BuiltDomain]()
            for gap in gaps:
                if gap.lacking and (filled := fill(gap, request, work, problems)):
                    made[gap.name] = filled
            stays = {gap.name: gap.built for gap in gaps if gap.name not in made}
            if made:
                plant(work, request._replace(data_version=manifest.data_version), made, stays)
                take_along(request.out, manifest, work.tree)
                work.publish(request.out)
    return {gap.name: attached(gap.built, made.get(gap.name, gap.built)) for gap in gaps}


def attached(before: BuiltDomain, now: BuiltDomain) -> Attached:
    return Attached(now.coverage.with_image, before.pictures, now.pictures)


def fill(gap: Gap, request: Request, work: WorkFolder, problems: Problems) -> BuiltDomain | None:
    """The domain with the pictures that were found; None where there are none."""
    folder = work.folder / gap.name
    folder.mkdir(exist_ok=True)
    search = Search(gap, request.raw_folder, problems)
    _, index = HeapWriter(work.folder, folder / "own.heap").write(search.pictures())
    indexes = [work.folder / index.path, *unpack_shown(gap, request.out, work)]
    bind(indexes, folder / "finished.album", lambda _: True)
    album = Album(folder / "finished.album", work.folder)
    found = {item_id: album.find(digest) for item_id, digest in gap.digests.items()}
    pictures = AlbumOfItems(album, {key: each for key, each in found.items() if each is not None})
    search.report(gap.lacking.keys() - pictures.keys())
    if len(pictures) == gap.built.pictures:
        return None
    built = gap.built._replace(inputs=inputs_with(gap, len(pictures)), pictures=len(pictures))
    for file in built.others:
        give_name(request.out / file.path, work.tree / file.path)
    press = Press(
        work.folder,
        work.shards(gap.name, built.inputs.key),
        folder / "finished.album",
        shaped_by(gap.image_format),
    )
    return built._replace(configs=rewritten(built, request.out, pictures, press))


def unpack_shown(gap: Gap, out: Path, work: WorkFolder) -> Iterator[Path]:
    """Indexes of the pictures that are there already."""
    for file in gap.items.files if gap.built.pictures else ():
        heap = work.folder / gap.name / f"built-{file.key}.heap"
        if unpacked := unpack_items(BuiltItems(work.folder, heap, out, file)):
            yield work.folder / unpacked.places.path


def inputs_with(gap: Gap, pictures: int) -> Inputs:
    """What the domain is made of now: as if built with pictures, once it has all of them."""
    withheld = pictures < gap.built.coverage.with_image
    inputs = gap.built.inputs
    settings = inputs.settings | {"without_images": withheld}
    return inputs._replace(settings=settings, libraries=libraries())


def rewritten(
    built: BuiltDomain, out: Path, pictures: Mapping[str, Picture], press: Press
) -> dict[str, Config]:
    """All tables, those of pictures made anew; files are told by the paths they will have."""
    configs = {}
    total = sum(file.rows for file in built.shards)
    with progress_bar(total, "attach: write", "rows") as bar:
        for name, config in built.configs.items():
            splits = {}
            for split, files in config.splits.items():
                splits[split] = with_pictures(files, out, pictures, press)
                path = f"{config.domain}/{config.folder}/{split}"
                splits[split] = numbered([each._replace(path=path) for each in splits[split]])
                bar.update(sum(each.rows for each in files))
            configs[name] = config._replace(splits=splits)
    return configs


def with_pictures(
    files: Sequence[WrittenFile], out: Path, pictures: Mapping[str, Picture], press: Press
) -> list[WrittenFile]:
    """The files of a split with pictures, by their keys in the folder of the press."""
    features = Features.from_arrow_schema(pq.read_schema(out / files[0].path))
    columns = picture_columns(features)
    if not columns:
        for file in files:
            give_name(out / file.path, press.folder / f"{file.key}.parquet")
        return [*files]
    ids = {column: ids_of_pictures(column, features) for column in columns}
    rows = rows_shown([out / file.path for file in files], ids, pictures)
    path = press.album.with_name("attached.rows")
    return [write_shard(shard) for shard in press.shards(rows, features.arrow_schema, path)]


def rows_shown(
    paths: Sequence[Path], ids: Mapping[str, str], pictures: Mapping[str, Picture]
) -> Iterator[Row]:
    """Rows of built files with the pictures that there are; `ids` by column of pictures."""
    for path in paths:
        with pq.ParquetFile(path) as parquet:
            kept = [name for name in parquet.schema_arrow.names if name not in ids]
            for batch in parquet.iter_batches(ROWS_AT_ONCE, columns=kept):
                for row in batch.to_pylist():
                    yield row | {column: shown(row[name], pictures) for column, name in ids.items()}


def shown(item_ids: str | list[str], pictures: Mapping[str, Picture]) -> Any:  # noqa: ANN401
    """The picture of an item, or those of several, as `datasets.Image` stores them."""
    if isinstance(item_ids, list):
        return [image_value(pictures.get(item_id)) for item_id in item_ids]
    return image_value(pictures.get(item_ids))
