"""croissant.json: the data set for machines that know no `datasets`, in MLCommons' Croissant 1.1.

Every Parquet file is told with its sha256; every config is a record set with its columns, its key,
what its ids refer to, and its splits. Format: https://docs.mlcommons.org/croissant/docs/croissant-spec.html;
the fields `rai:…` are of the Croissant RAI vocabulary.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from datasets import ClassLabel, Features, Image, List, Value

from pmg.card.card import SECTIONS, Card, of_domain, section, template
from pmg.manifest import Config
from pmg.promises import refers
from pmg.whole_files import WrittenFile, describe, write_text

CROISSANT = "croissant.json"
SOURCES = SECTIONS["sources"]
CONTEXT: dict[str, Any] = {  # of the specification, as every file has it
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "sc": "https://schema.org/",
    **{
        name: f"cr:{name}"
        for name in (
            *("arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract"),
            *("field", "fileObject", "fileProperty", "fileSet", "format", "includes", "isArray"),
            *("isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet"),
            *("references", "regex", "repeated", "replace", "samplingRate", "separator"),
            *("source", "subField", "transform"),
        )
    },
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
}
TYPES = {"string": "sc:Text", "bool": "sc:Boolean", "float32": "sc:Float"}


def write_croissant(out: Path, card: Card) -> WrittenFile:
    """Write OUT/croissant.json."""
    path = out / CROISSANT
    write_text(path, json.dumps(croissant(card), indent=2, ensure_ascii=False) + "\n")
    return describe(path, out)


def croissant(card: Card) -> dict[str, Any]:
    """What the file says."""
    text = template()
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": "PMG-Bench",
        "description": "Personalised multimodal generation in recommender systems: given what a "
        "user liked, generate the next picture for that user.",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "version": card.manifest.data_version,
        "datePublished": datetime.now(UTC).date().isoformat(),
        "license": [plain(of_domain(domain, SOURCES)) for domain in card.domains],
        "keywords": ["personalization", "recommender systems", "image generation"],
        "citeAs": plain(section(text, "Citation")),
        "rai:dataBiases": plain(section(text, "Biases and limits")),
        "rai:dataLimitations": plain(section(text, "Biases and limits")),
        "rai:personalSensitiveInformation": plain(section(text, "Personal data")),
        "rai:machineAnnotationTools": annotators(card),
        "rai:dataCollection": " ".join(domain.about + "." for domain in card.domains),
        "rai:dataUseCases": "Training and comparing generators of pictures for a user.",
        "distribution": [part for config in configs(card) for part in distribution(*config)],
        "recordSet": [part for config in configs(card) for part in record_sets(card, *config)],
    }


def annotators(card: Card) -> str:
    """The models that wrote captions, as far as raw files tell, and as the benchmark's own were."""
    domains = card.manifest.domains.values()
    told = {origin.model for domain in domains for origin in domain.captions}
    return ", ".join([*sorted(told), "Qwen2.5-VL-7B, where nobody tells"]) + ", for captions"


def configs(card: Card) -> Iterator[tuple[str, Config]]:
    yield from card.manifest.configs.items()


def distribution(name: str, config: Config) -> Iterator[dict[str, Any]]:
    """A config's files, and the set of them that its records are read from."""
    for file in config.files:
        yield {
            "@type": "cr:FileObject",
            "@id": file.path,
            "name": file.path,
            "contentUrl": file.path,
            "contentSize": f"{file.bytes} B",
            "encodingFormat": "application/x-parquet",
            "sha256": file.sha256,
        }
    yield {
        "@type": "cr:FileSet",
        "@id": f"{name}-files",
        "name": f"{name}-files",
        "encodingFormat": "application/x-parquet",
        "includes": f"{config.domain}/{config.folder}/*.parquet",
    }


def record_sets(card: Card, name: str, config: Config) -> Iterator[dict[str, Any]]:
    """The names of a config's splits, and its rows."""
    split = f"{name}-splits/split"
    yield {
        "@type": "cr:RecordSet",
        "@id": f"{name}-splits",
        "name": f"{name}-splits",
        "dataType": "cr:Split",
        "key": {"@id": split},
        "field": [{"@type": "cr:Field", "@id": split, "name": "split", "dataType": "sc:Text"}],
        "data": [{split: each} for each in config.splits],
    }
    features = card.features[name]
    key = config.own_id
    of_rows = {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"A row is {config.about}.",
        "field": [split_field(name, config, split), *fields(card, name, config, features)],
    }
    yield of_rows | ({"key": {"@id": f"{name}/{key}"}} if key in features else {})


def split_field(name: str, config: Config, referred: str) -> dict[str, Any]:
    """The split of a row, as the name of its file tells it."""
    folder = f"{config.domain}/{config.folder}"
    # The reader applies it to what it gave, too.
    return {
        "@type": "cr:Field",
        "@id": f"{name}/split",
        "name": "split",
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": f"{name}-files"},
            "extract": {"fileProperty": "fullpath"},
            "transform": {"regex": rf"^(?:{folder}/)?(\w+?)(?:-\d+-of-\d+\.parquet)?$"},
        },
        "references": {"field": {"@id": referred}},
    }


def fields(card: Card, name: str, config: Config, features: Features) -> Iterator[dict[str, Any]]:
    """The columns of a config."""
    for column, feature in features.items():
        depth, leaf = nesting(feature)
        source: dict[str, Any] = {
            "fileSet": {"@id": f"{name}-files"},
            "extract": {"column": column},
        }
        if isinstance(leaf, Image):
            source["transform"] = {"jsonPath": "bytes"}
        field = {
            "@type": "cr:Field",
            "@id": f"{name}/{column}",
            "name": column,
            "dataType": data_type(leaf),
            "source": source,
        }
        if depth:
            shape = ",".join(["-1"] * depth)  # of any length
            field |= {"repeated": True, "isArray": True, "arrayShape": shape}
        if owner := referred(card, name, config, column):
            field["references"] = {"field": {"@id": owner}}
        yield field


def nesting(feature: Any) -> tuple[int, Any]:  # noqa: ANN401 - datasets has no types
    """How many lists are around a value, and the value's own feature."""
    depth = 0
    while isinstance(feature, List):
        depth, feature = depth + 1, feature.feature
    return depth, feature


def data_type(leaf: Any) -> str:  # noqa: ANN401 - datasets has no types
    match leaf:
        case Image():
            return "sc:ImageObject"
        case Value():
            return TYPES.get(str(leaf.dtype), "sc:Integer")
        case ClassLabel():
            return "sc:Integer"
    raise TypeError(f"no Croissant type for {leaf}")


def referred(card: Card, name: str, config: Config, column: str) -> str | None:
    """The field that a column's ids are of, in another table of the domain."""
    for other, each in card.manifest.configs.items():
        same_domain = each.domain == config.domain and other != name
        if same_domain and each.own_id in card.features[other] and refers(column, each):
            return f"{other}/{each.own_id}"
    return None


def plain(text: str) -> str:
    """Markdown as one line of text."""
    return " ".join(re.sub(r"[*`]", "", text).split())
