"""Raw files before they are parsed: what they are called, and whether they are there at all."""

from pathlib import Path

from pmg.problems import BadData, Problem, Severity

HEAD_BYTES = 512  # enough to see the opening tags of a page


def shown_name(path: Path) -> str:
    """The name a problem gives a raw file: `movieposter/info.csv`."""
    return f"{path.parent.name}/{path.name}"


def require_file(path: Path, what: str) -> None:
    """Let a regular, non-empty file pass that is no web page in disguise.

    `what` completes the sentence "expected …", as in "the movies (id,name,genre)".

    Raises:
        BadData: absent, a folder, empty, unreadable, or an HTML page saved under the name.
    """
    found, remedy = "", ""
    if not path.exists():
        found, remedy = "no such file", "Put the file there"
    elif not path.is_file():
        found, remedy = "a folder", "Put the file there"
    elif path.stat().st_size == 0:
        found, remedy = "an empty file", "Fetch or export the file again"
    elif not (head := _head(path)):
        found, remedy = "a file that cannot be read", "Give read permission on it"
    elif head.lower().startswith((b"<!doctype html", b"<html")):
        found, remedy = "an HTML page", "Fetch the file again; the download answered with a page"
    if found:
        raise BadData(Problem(Severity.ERROR, shown_name(path), "", what, found, remedy))


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip() or b"\n"
    except OSError:
        return b""
