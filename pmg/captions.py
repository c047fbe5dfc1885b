"""Captions: phrases of a raw file become one line of text, or null."""

from collections.abc import Iterable

Phrases = tuple[str, ...]


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
