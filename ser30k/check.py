"""Do the raw files agree with each other and with the published counts?

`read` reports every disagreement, and answers with what is left without the faulty parts.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

from pmg.captions import Phrases
from pmg.options import Options
from pmg.problems import IF_MEANT, BadData, FileReport, Problems, listed, quoted
from pmg.raw.files import FETCH_AGAIN
from pmg.raw.scratch import Scratch
from ser30k import raw
from ser30k.annotations import (
    ALL,
    BELOW,
    SPLITS,
    VERDICTS,
    Annotation,
    AnnotationFile,
    annotation_files,
    read_annotation_file,
)
from ser30k.captions import known_captions, read_caption_files
from ser30k.raw import Sticker, StickerFiles, natural_key

PUBLISHED = (30_739, 1_887)  # stickers, topics
EMOTIONS = 7  # where no categories tell


class Stickers(NamedTuple):
    """The checked raw data: every sticker that a file or an annotation tells of."""

    folder: Path  # RAW/ser30k
    stickers: dict[str, Sticker]  # by item id, in natural order of topic, then of file name
    with_picture: frozenset[str]  # item ids that have a sound file
    annotations: dict[str, Annotation]  # by item id
    captions: dict[str, Phrases]  # by item id
    style_captions: dict[str, Phrases]  # the same; empty where the file is absent
    emotions: tuple[str, ...] | None  # names, index = emotion - 1; None where categories name none


def read(folder: Path, _scratch: Scratch, options: Options, problems: Problems) -> Stickers | None:
    """Read and check `folder` (RAW/ser30k); None where a part of it cannot be read at all."""
    reports = {name: FileReport(f"{folder.name}/{name}", problems) for name in raw.FILES}
    images = read_images(folder / raw.IMAGES, problems)
    files, whole = read_annotations(folder / raw.ANNOTATIONS, options.encoding, problems)
    captions = read_caption_files(folder, options.encoding, problems)
    emotions = agreed_categories(files, problems)
    annotations = merged(files, len(emotions) if emotions else EMOTIONS, problems)
    stickers = all_stickers(images, annotations)
    if images is not None:
        compare_counts(stickers, reports[raw.IMAGES])
        named = {sticker.item_id for sticker in images.stickers}
        report_absent(annotations, named, problems)
    if files:
        lacking = stickers.keys() - annotations.keys()
        reports[raw.ANNOTATIONS].gaps("an annotation of each of the stickers", lacking)
    known = {
        name: known_captions(each, stickers, reports[name])
        for name, each in captions.items()
        if each is not None
    }
    if images is None or None in captions.values() or not whole:
        return None
    seen, liked = known[raw.CAPTIONS], known.get(raw.STYLE_CAPTIONS, {})
    return Stickers(folder, stickers, images.sound, annotations, seen, liked, emotions)


def read_images(folder: Path, problems: Problems) -> StickerFiles | None:
    report = FileReport(f"{folder.parent.name}/{folder.name}", problems)
    if not is_folder(folder, "the folder of the stickers, in a folder per topic", report):
        return None
    images = raw.list_stickers(folder, problems)
    if not images.stickers:
        report.error("", "at least one sticker", "none", "Put the stickers there")
    return images


def is_folder(folder: Path, expected: str, report: FileReport) -> bool:
    if not folder.is_dir():
        found = "no folder" if folder.exists() else "no such folder"
        report.error("", expected, found, "Put the folder there")
    return folder.is_dir()


def read_annotations(
    folder: Path, encoding: str, problems: Problems
) -> tuple[list[AnnotationFile], bool]:
    """What the files that can be read say, all_annos.json first; and whether all of them can."""
    file = f"{folder.parent.name}/{folder.name}"
    report = FileReport(file, problems)
    if not is_folder(folder, "the folder of the annotations", report):
        return [], False
    if (folder / BELOW).is_symlink():
        report.error("", f"a folder {BELOW}/", "a link", "Put the folder itself there")
        return [], False
    names = annotation_files(folder)
    if not names:
        expected = f"{ALL}, or train.json, val.json and test.json, also in {BELOW}"
        report.error("", expected, "none of them", "Put the files there")
    read = []
    for name, split in names:
        try:
            path, shown = folder / name, f"{file}/{name}"
            read.append(read_annotation_file(path, shown, split, encoding, problems))
        except BadData as fault:
            problems.add(fault.problem)
    splits = {split for _, split in names if split}
    if lacking := [split for split in SPLITS if splits and split not in splits]:
        expected, found = "train.json, val.json and test.json", f"no {listed(lacking)}"
        report.warning("", expected, found, "Put the file there, if the split exists")
    if read and not any(part.annotations for part in read):
        report.error("", "at least one annotation", "none", FETCH_AGAIN)
    return read, 0 < len(read) == len(names)


def agreed_categories(
    files: Iterable[AnnotationFile], problems: Problems
) -> tuple[str, ...] | None:
    """Names of the emotions; where two files disagree the first that names any is right."""
    named = [(file.file, sorted(file.categories.items())) for file in files if file.categories]
    for name, categories in named[1:]:
        if categories != named[0][1]:
            expected = f"the categories of {named[0][0]}"
            found = ", ".join(f"{number} {quoted(emotion)}" for number, emotion in categories)
            remedy = "Correct the categories of one of the files"
            FileReport(name, problems).error("key 'categories'", expected, found, remedy)
    return tuple(emotion for _, emotion in named[0][1]) if named else None


def merged(
    files: Iterable[AnnotationFile], highest: int, problems: Problems
) -> dict[str, Annotation]:
    """Annotations by item id; of two that disagree the first stays."""
    unique: dict[str, Annotation] = {}
    for file in files:
        report, own = FileReport(file.file, problems), dict[str, int]()
        for entry in file.annotations:
            annotation = in_range(entry, highest, report)
            place, item_id = f"entry {annotation.entry}", annotation.item_id
            if (earlier := own.setdefault(item_id, annotation.entry)) != annotation.entry:
                found = f"{quoted(item_id)} as in entry {earlier}"
                report.error(place, "each sticker once", found, "Remove one of the entries")
                continue
            first = unique.setdefault(item_id, annotation)
            if fault := why_not_both(first, annotation):
                report.error(place, *fault)
            if first.split is None:
                unique[item_id] = first._replace(split=annotation.split)
    return unique


def in_range(annotation: Annotation, highest: int, report: FileReport) -> Annotation:
    """The same; numbers that are no emotion's are reported, and become None."""
    numbers = (*annotation.annotators, annotation.emotion)
    if all(number is None or 1 <= number <= highest for number in numbers):
        return annotation
    sound: list[int | None] = []
    for key, number in zip(VERDICTS, numbers, strict=True):
        wrong = number is not None and not 1 <= number <= highest
        if wrong:
            place, found = f"entry {annotation.entry}, key '{key}'", quoted(str(number)).strip("'")
            report.error(place, f"an emotion, 1 to {highest}", found, "Correct the value")
        sound.append(None if wrong else number)
    one, two, three, emotion = sound
    return annotation._replace(annotators=(one, two, three), emotion=emotion)


def why_not_both(first: Annotation, second: Annotation) -> tuple[str, str, str] | None:
    """What is expected, found and to do where two annotations of one sticker cannot both stand."""
    name, where = quoted(second.item_id), f"{first.file}, entry {first.entry}"
    if first.split and second.split and first.split != second.split:
        remedy = "Remove the sticker from one of the files"
        return "each sticker in one split", f"{name} in {first.split} too", remedy
    for field in ("text", "emotion", "annotators"):
        if getattr(first, field) != getattr(second, field):
            found = f"{field} of {name} other than in {where}"
            expected, remedy = "the same of a sticker in every file", "Correct one of the entries"
            return expected, found, remedy
    return None


def all_stickers(
    images: StickerFiles | None, annotations: Mapping[str, Annotation]
) -> dict[str, Sticker]:
    stickers = {item_id: Sticker(annotation.topic, annotation.file_name, 0)
                for item_id, annotation in annotations.items()}  # fmt: skip
    for sticker in images.stickers if images is not None else ():
        stickers[sticker.item_id] = sticker
    return dict(sorted(stickers.items(), key=lambda item: [*map(natural_key, item[1][:2])]))


def compare_counts(stickers: Mapping[str, Sticker], report: FileReport) -> None:
    counts = (len(stickers), len({sticker.topic for sticker in stickers.values()}))
    if counts != PUBLISHED:
        expected = "the published counts, {:,} stickers in {:,} topics".format(*PUBLISHED)
        found = "{:,} stickers in {:,} topics".format(*counts)
        report.note("", expected, found, IF_MEANT)


def report_absent(
    annotations: Mapping[str, Annotation], named: AbstractSet[str], problems: Problems
) -> None:
    for item_id, annotation in annotations.items():
        if item_id not in named:
            expected = "annotations of stickers that exist"
            found = f"no file {quoted(item_id)} in images"
            remedy = "Add the file; until then the sticker has no picture"
            place = f"entry {annotation.entry}"
            FileReport(annotation.file, problems).warning(place, expected, found, remedy)
