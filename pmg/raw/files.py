"""Raw files before they are parsed: what they are called, and whether they are there at all."""

from pathlib import Path

from pmg.problems import BadData, Problem, Severity

HEAD_BYTES = 512  # enough to see the opening tags of a page
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # of UTF-8
HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<!--")
LFS = b"version https://git-lfs.github.com/spec/"

# What people and spreadsheets leave around an id or a number. Python's own `strip` also takes
# control characters away, and a digit that was damaged into one with them.
SPACES = " \t\u00a0\u3000"

FETCH_AGAIN = "Fetch or export the file again"
ANSWERED = "Fetch the file again; the download answered with a page"
DISGUISES = (  # how they open, what they are, what to do
    (HTML, "an HTML page", ANSWERED),
    (b"<?xml", "an XML page", ANSWERED),
    (b"\x1f\x8b", "a gzip file", "Unpack it with `gunzip`"),
    ((b"\xff\xfe", b"\xfe\xff"), "text in UTF-16", "Save it as UTF-8"),
    (LFS, "the pointer to a large file of Git", "Fetch the file itself with `git lfs pull`"),
)


def shown_name(path: Path) -> str:
    """The name a problem gives a raw file: `movieposter/info.csv`."""
    return f"{path.parent.name}/{path.name}"


def require_file(path: Path, what: str, file: str | None = None) -> None:
    """Let a regular, non-empty file pass that is nothing else in disguise.

    `what` completes the sentence "expected …", as in "the movies (id,name,genre)"; `file` is the
    name a problem gives a file that lies deeper than `shown_name` tells.

    Raises:
        BadData: absent, a folder, empty, unreadable, an HTML or XML page saved under the name,
            or the pointer that Git leaves in place of a large file.
    """
    if fault := _fault(path):
        raise BadData(Problem(Severity.ERROR, file or shown_name(path), "", what, *fault))


def is_unicode(text: str) -> bool:
    r"""Whether the text can be written: JSON may hold halves of characters, as in "\ud83d"."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _fault(path: Path) -> tuple[str, str] | None:
    """What is there instead of the file, and what to do; None where nothing is wrong."""
    if not path.exists():
        return "no such file", "Put the file there"
    if not path.is_file():
        return "a folder" if path.is_dir() else "no regular file", "Put the file there"
    try:
        with path.open("rb") as file:
            start = file.read(HEAD_BYTES)
    except OSError:
        return "a file that cannot be read", "Give read permission on it"
    head = start.removeprefix(BYTE_ORDER_MARK).lstrip().lower()
    if not head and len(start) < HEAD_BYTES:
        return "a file of nothing but blanks" if start else "an empty file", FETCH_AGAIN
    disguises = (
        (found, remedy) for opening, found, remedy in DISGUISES if head.startswith(opening)
    )
    return next(disguises, None)
