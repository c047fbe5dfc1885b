"""Blocks of the card: tables, sentences and figures of what was built, as Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from datasets import ClassLabel, Features, List, Value

from pmg.captioning import STYLE, TARGET
from pmg.card.figures import Figures
from pmg.coverage import Coverage, side_by_side
from pmg.disk import size_told
from pmg.manifest import BuiltDomain, Manifest
from pmg.options import Options
from pmg.origins import Origin
from pmg.progress import duration

SAID_IN_WORDS = ("image_format", "without_images")
WITHHELD = (
    "Pictures are left out, and null; lists of them keep their length. `image_sha256` in the items "
    "tells which picture it was, `imdb_id`, `tmdb_id` and `pic_url` where it can be found. "
    "`pmg-bench attach FOLDER RAW` brings into a downloaded folder what files of your own hold of "
    "them: the same byte for byte, or pixel for pixel."
)
BITS_PER_SECOND = 100_000_000  # of a usual link, for an idea of the time


def rows_table(manifest: Manifest, published: Mapping[str, str]) -> str:
    """Rows and sizes of every split, beside what the sources state of a table."""
    lines = ["| config | split | rows | published | size |", "|---|---|---:|---:|---:|"]
    for name, config in manifest.configs.items():
        for split in config.splits:
            cells = f"{config.rows(split):,} | {published.get(name, '')} | {config.size(split)}"
            lines.append(f"| `{name}` | {split} | {cells} |")
    return "\n".join(lines)


def costs_table(manifest: Manifest) -> str:
    """What it takes to have a config."""
    lines = [
        "| config | download | copy on disk | time to download |",
        "|---|---:|---:|---:|",
    ]
    for name, config in manifest.configs.items():
        packed = sum(file.bytes for file in config.files)
        unpacked = sum(file.unpacked for file in config.files)
        seconds = 8 * packed / BITS_PER_SECOND
        time = duration(seconds) if seconds >= 1 else "less than 1 s"
        lines.append(f"| `{name}` | {size_told(packed)} | {size_told(unpacked)} | {time} |")
    return "\n".join(lines)


def sets_table(manifest: Manifest) -> str:
    """What every set of samples says of itself, with its counts by split."""
    lines = [
        "| config | protocol | users | histories | split | samples | users | items |",
        "|---|---|---|---|---|---:|---:|---:|",
    ]
    filters = []
    for name, config in manifest.configs.items():
        if config.terms is None:
            continue
        protocol, disjoint, before, left_out = config.terms
        apart = "apart" if disjoint else "in several splits"
        order = {True: "before the target", False: "by another order", None: "before the choice"}
        said = [f"`{name}`", protocol, apart, order[before]]
        for split, counts in config.counts.items():
            lines.append(f"| {' | '.join([*said, split, *map('{:,}'.format, counts)])} |")
        filters += [f"- `{name}`: {'; '.join(left_out)}."] if left_out else []
    told = "\n\nWhat filters left, before and after:\n\n" + "\n".join(filters) if filters else ""
    return "\n".join(lines) + told


def samples_shown(figures: Mapping[str, Figures]) -> str:
    """Pictures of samples, of the domains that have any."""
    return "\n\n".join(
        f"![Samples of {name}, a line each: a history, and the target]({each.samples.path})"
        f"\n\n*`{name}`: histories, and in the frame what is to be generated.*"
        for name, each in figures.items()
        if each.samples
    )


def numbers_shown(figures: Mapping[str, Figures]) -> str:
    return "\n\n".join(
        f"![Bar charts of {name}]({each.numbers.path})\n\n*`{name}`*"
        for name, each in figures.items()
        if each.numbers
    )


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


def captions_table(built: Mapping[str, BuiltDomain]) -> str:
    """How many captions of each channel were made by which model, with which prompt and when."""
    lines = [
        "| domain | channel | captions | model | revision | prompt | asked |",
        "|---|---|---:|---|---|---|---|",
    ]
    for name, domain in built.items():
        counts = {
            STYLE: domain.coverage.with_style_caption,
            TARGET: domain.coverage.with_caption,
        }
        for channel, count in counts.items():
            told = [origin for origin in domain.captions if origin.channel == channel]
            cells = [origin_told(origin) for origin in told]
            if untold := count - sum(origin.captions for origin in told):
                cells.append([f"{untold:,}", "not told by the raw files", "", "", ""])
            lines += [f"| {' | '.join([f'`{name}`', channel, *each])} |" for each in cells]
    return "\n".join(lines)


def origin_told(origin: Origin) -> list[str]:
    days = origin.first if origin.first == origin.last else f"{origin.first} to {origin.last}"
    prompt = f"`{origin.prompt}` (`{origin.digest[:12]}`)"
    revision = f"`{origin.revision}`" if origin.revision else "not told"
    return [f"{origin.captions:,}", f"`{origin.model}`", revision, prompt, days]


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
