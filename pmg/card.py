"""The card of a built folder: prose from dataset_card.md, facts from the build.

The YAML on top is what `load_dataset` and the Hub's viewer go by. Parts of the prose between
`<!-- NAME -->` and `<!-- end of NAME -->` are replaced by tables of what was built.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

from datasets import ClassLabel, DatasetInfo, Features, List, SplitDict, SplitInfo, Value, Version
from datasets.info import DatasetInfosDict
from huggingface_hub import DatasetCardData

from pmg.coverage import Coverage, side_by_side
from pmg.domain import Domain, hub_order
from pmg.manifest import BuiltDomain, Manifest
from pmg.options import Options
from pmg.whole_files import WrittenFile, describe, write_text

CARD = "dataset_card.md"
SECTIONS = {  # blocks of the card, and what fills them in each domain's README
    "histories": "Histories",
    "column-notes": "Columns",
    "sources": "Sources and licences",
}
SAID_IN_WORDS = ("image_format", "without_images")
WITHHELD = (
    "Pictures are left out, and null; lists of them keep their length. `image_sha256` in the items "
    "tells which picture it was, `imdb_id`, `tmdb_id` and `pic_url` where it can be found. "
    "`pmg-bench attach FOLDER RAW` brings into a downloaded folder what files of your own hold of "
    "them: the same byte for byte, or pixel for pixel."
)
TAGS = ["personalization", "recommender-systems", "image-generation", "multimodal"]


def template() -> str:
    """The prose; beside this package where it is installed, above it in a checkout."""
    here = Path(__file__).parent
    path = here / CARD if (here / CARD).is_file() else here.parent / CARD
    return path.read_text(encoding="utf-8")


class Card(NamedTuple):
    """The facts that a card tells."""

    domains: Sequence[Domain[Any]]
    manifest: Manifest  # of these domains; its first config is the default
    features: Mapping[str, Features]  # by Hub name


def write_card(out: Path, card: Card) -> WrittenFile:
    """Write OUT/README.md."""
    columns = [
        columns_table(name, config.about, card.features[name])
        for name, config in card.manifest.configs.items()
    ]
    body = template()
    built = card.manifest.domains
    drawn = [name for name, domain in built.items() if domain.drawn]
    body = filled(body, "stand-ins", stand_ins_told(drawn))
    body = filled(body, "rows", rows_table(card))
    body = filled(body, "coverage", coverage_table(card.manifest.coverage))
    for name, title in SECTIONS.items():
        sections = (of_domain(domain, title) for domain in card.domains)
        body = filled(body, name, "\n\n".join(sections))
    body = filled(body, "settings", settings_table(built))
    body = filled(body, "columns", "\n\n".join(columns))
    yaml = card_data(card).to_yaml(line_break="\n")
    path = out / "README.md"
    write_text(path, f"---\n{yaml}\n---\n\n{body}")
    return describe(path, out)


def card_data(card: Card) -> DatasetCardData:
    """What the card's YAML says.

    `load_dataset` caches a local folder by its name and this YAML, so the digest of a table's
    data in its description is what makes other data under the same name another cache.
    Features stand here for datasets 3, which cannot read those that newer ones write to Parquet.
    """
    data = DatasetCardData(
        pretty_name="PMG-Bench",
        license="other",
        task_categories=["text-to-image", "image-to-image"],
        tags=TAGS,
        version=card.manifest.data_version,
        configs=[
            {
                "config_name": name,
                "description": f"A row is {config.about}. Data {config.digest}.",
                "data_files": [
                    {"split": split, "path": f"{config.domain}/{config.folder}/{split}-*.parquet"}
                    for split in config.splits
                ],
                **({"default": True} if number == 0 else {}),
            }
            for number, (name, config) in enumerate(card.manifest.configs.items())
        ],
    )
    infos = {name: dataset_info(card, name) for name in card.manifest.configs}
    DatasetInfosDict(infos).to_dataset_card_data(data)
    return data


def dataset_info(card: Card, name: str) -> DatasetInfo:
    """Features and counts of one table, for the YAML."""
    config = card.manifest.configs[name]
    splits = SplitDict()
    for split in config.splits:
        splits.add(SplitInfo(split, num_bytes=config.bytes(split), num_examples=config.rows(split)))
    size = sum(file.bytes for file in config.files)
    return DatasetInfo(
        features=card.features[name],
        splits=splits,
        config_name=name,
        download_size=size,
        dataset_size=size,
        version=Version(card.manifest.data_version),
    )


def filled(text: str, name: str, content: str) -> str:
    """`text` with what stands between the markers of `name` replaced."""
    block = re.compile(f"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    if not block.search(text):
        raise ValueError(f"{CARD} lacks the markers of {name}")
    return block.sub(lambda found: f"{found[1]}{content}\n{found[2]}", text)


def of_domain(domain: Domain[Any], title: str) -> str:
    """What a domain's README says below a heading, under the domain's name."""
    text = domain.readme.read_text(encoding="utf-8")
    return f"**`{domain.name}`**\n\n{section(text, title)}"


def section(text: str, title: str) -> str:
    """What a document says below a heading."""
    found = re.search(f"^## {title}\n(.*?)(?=^## |\\Z)", text, re.DOTALL | re.MULTILINE)
    if not found:
        raise ValueError(f"a document lacks the section {title}")
    return found[1].strip()


def rows_table(card: Card) -> str:
    """Rows and sizes of every split, beside what the sources state of a table."""
    published = {table.name: table.published for table in hub_order(card.domains)}
    lines = ["| config | split | rows | published | size |", "|---|---|---:|---:|---:|"]
    for name, config in card.manifest.configs.items():
        for split in config.splits:
            cells = f"{config.rows(split):,} | {published[name]} | {config.size(split)}"
            lines.append(f"| `{name}` | {split} | {cells} |")
    return "\n".join(lines)


def stand_ins_told(drawn: Sequence[str]) -> str:
    """A warning that nobody overlooks, where raw files were drawn."""
    if not drawn:
        return ""
    return (
        f"> **Stand-ins, not real data:** the raw files of {', '.join(drawn)} were written by "
        "`pmg-bench draw`. Pictures and captions are drawn, and whatever was not taken from "
        "MovieLens is invented. What is said below of sources, licences and captions is said of "
        "real raw files."
    )


def settings_table(built: Mapping[str, BuiltDomain]) -> str:
    """How the domains were built: in one sentence where all were built alike, else in a list."""
    told = {name: settings_told(domain) for name, domain in built.items()}
    if len(set(told.values())) == 1:
        return next(iter(told.values()))
    return "\n".join(f"- `{domain}`: {sentence}" for domain, sentence in told.items())


def settings_told(built: BuiltDomain) -> str:
    """How pictures were encoded, and which options were not the usual ones."""
    settings = built.inputs.settings
    name, _, quality = str(settings["image_format"]).partition(":")
    kind = {"webp": "lossless WebP", "png": "PNG"}.get(name, f"JPEG of quality {quality}")
    exact = "" if quality else ": every pixel is as in the source"
    told = f"Pictures that arrive as pixels are published as {kind}{exact}."
    if settings["without_images"]:
        told = WITHHELD
    if built.is_partly_attached:
        all_of_them = f"{built.coverage.with_image:,}"
        told = f"Of {all_of_them} pictures {built.pictures:,} were attached; the others are null."
    unusual = [
        f"`{option.name}` {settings[option.name]}"
        for option in fields(Options)
        if settings[option.name] != option.default and option.name not in SAID_IN_WORDS
    ]
    return f"{told} Built with {', '.join(unusual)}." if unusual else told


def coverage_table(coverage: Mapping[str, Coverage]) -> str:
    heading, *lines = side_by_side(coverage)
    ruler = ["---", *("---:" for _ in coverage)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (heading, ruler, *lines))


def columns_table(config: str, about: str, features: Features) -> str:
    lines = [f"**`{config}`**: a row is {about}.\n", "| column | type |", "|---|---|"]
    lines += [f"| `{name}` | {type_name(kind)} |" for name, kind in features.items()]
    return "\n".join(lines)


def type_name(feature: Any) -> str:  # noqa: ANN401 - datasets has no types
    """`List(string)`, `Image`, `int64`."""
    match feature:
        case List():
            return f"List({type_name(feature.feature)})"
        case Value():
            return str(feature.dtype)
        case ClassLabel():
            return f"ClassLabel({', '.join(feature.names)})"
        case _:
            return type(feature).__name__
