"""The card of a built folder: prose from dataset_card.md, facts from the build.

The YAML on top is what `load_dataset` and the Hub's viewer go by. Parts of the prose between
`<!-- NAME -->` and `<!-- end of NAME -->` are replaced by tables of what was built.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from datasets import DatasetInfo, Features, SplitDict, SplitInfo, Version
from datasets.info import DatasetInfosDict
from huggingface_hub import DatasetCardData

from pmg.card.blocks import (
    captions_table,
    columns_table,
    costs_table,
    coverage_table,
    numbers_shown,
    rows_table,
    samples_shown,
    sets_table,
    settings_table,
    stand_ins_told,
)
from pmg.card.figures import Figures
from pmg.domain import Domain, hub_order
from pmg.manifest import Manifest
from pmg.whole_files import WrittenFile, describe, write_text

CARD = "dataset_card.md"
SECTIONS = {  # blocks of the card, and what fills them in each domain's README
    "histories": "Histories",
    "column-notes": "Columns",
    "sources": "Sources and licences",
}
TAGS = ["personalization", "recommender-systems", "image-generation", "multimodal"]


def template() -> str:
    """The prose; beside this package where it is installed, above it in a checkout."""
    here = Path(__file__).parents[1]
    path = here / CARD if (here / CARD).is_file() else here.parent / CARD
    return path.read_text(encoding="utf-8")


class Card(NamedTuple):
    """The facts that a card tells."""

    domains: Sequence[Domain[Any]]
    manifest: Manifest  # of these domains; its first config is the default
    features: Mapping[str, Features]  # by Hub name
    figures: Mapping[str, Figures]  # by domain


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
    published = {table.name: table.published for table in hub_order(card.domains)}
    body = filled(body, "rows", rows_table(card.manifest, published))
    body = filled(body, "costs", costs_table(card.manifest))
    body = filled(body, "samples", samples_shown(card.figures))
    body = filled(body, "numbers", numbers_shown(card.figures))
    body = filled(body, "coverage", coverage_table(card.manifest.coverage))
    for name, title in SECTIONS.items():
        sections = (of_domain(domain, title) for domain in card.domains)
        body = filled(body, name, "\n\n".join(sections))
    body = filled(body, "sets", sets_table(card.manifest))
    body = filled(body, "settings", settings_table(built))
    body = filled(body, "captions", captions_table(built))
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
        size, rows = config.unpacked(split), config.rows(split)
        splits.add(SplitInfo(split, num_bytes=size, num_examples=rows))
    return DatasetInfo(
        features=card.features[name],
        splits=splits,
        config_name=name,
        download_size=sum(file.bytes for file in config.files),
        dataset_size=sum(file.unpacked for file in config.files),
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
