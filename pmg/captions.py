"""Captions: phrases of a raw file, checked, and made one line of text, or null."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from pmg.problems import FileReport, Id, shown

Phrases = tuple[str, ...]
LONGEST = 1 << 16  # characters, of a title too; they have hundreds, and a row all of its history


def joined(phrases: Iterable[str], separator: str = ", ") -> str | None:
    """The stripped, non-empty phrases in one text; None where nothing is left."""
    return separator.join(part for phrase in phrases if (part := phrase.strip())) or None


def preference(own: str | None, *channels: Iterable[str | None]) -> str | None:
    """What a user likes, in words: their own caption, else the first channel that says anything.

    The captions of a channel stand on lines of their own, nulls left out.
    """
    if own is not None:
        return own
    for captions in channels:
        if text := "\n".join(caption for caption in captions if caption is not None):
            return text
    return None


def note_empty(captions: Mapping[Id, Phrases], report: FileReport) -> None:
    """Note every caption of which nothing is left."""
    for key, phrases in captions.items():
        if joined(phrases) is None:
            report.note(
                f"key {shown(key)}", "a caption", "an empty one", "Nothing: it becomes null"
            )


def known_captions(
    captions: Mapping[Id, Phrases] | None, owners: AbstractSet[Id], whose: str, report: FileReport
) -> dict[Id, Phrases]:
    """Captions of `owners`, as in "known movies"; unknown keys and owners without are reported."""
    if captions is None:
        return {}
    compare_owners(captions, owners, whose, report)
    return {owner: captions[owner] for owner in owners if owner in captions}


def compare_owners(
    captions: Mapping[Id, Phrases], owners: AbstractSet[Id], whose: str, report: FileReport
) -> None:
    """Report keys that are no owners, and owners without a caption."""
    for key in sorted(captions.keys() - owners):
        remedy = "Nothing: it goes unused"
        report.warning(f"key {shown(key)}", f"captions of known {whose}", "an unknown id", remedy)
    report.gaps(f"a caption of each of the {whose}", owners - captions.keys())
