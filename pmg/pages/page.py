"""Rows as one web page: a single file that asks the network for nothing."""

import base64
import hashlib
import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pmg.pages.content import Content
from pmg.pages.facts import SIZE, Facts
from pmg.problems import BadCall
from pmg.whole_files import whole_file

ROOM = 16_000_000  # bytes of thumbnails; captions, titles and ids take the rest of 20 MB
HERE = Path(__file__).parent


def write_page(config: str, content: Content, facts: Facts, html: Path) -> None:
    """Write what was gathered as one HTML file; nobody ever sees half of it.

    The same rows give the same bytes. The folder of `html` must exist.
    """
    with whole_file(html) as part:
        part.write_bytes(page_of(config, content, facts).encode("utf-8", "replace"))


def page_of(config: str, content: Content, facts: Facts) -> str:
    """The page as text."""
    environment = templates(HERE)
    environment.filters["digest"] = digest
    return environment.get_template("page.html").render(
        config=config,
        splits=content.splits,
        facts=facts,
        size=SIZE,
        content=as_script(content),
        style=trusted("page.css"),
        script=trusted("draw.js") + trusted("browse.js"),
    )


def templates(folder: Path) -> Environment:
    """The templates of a folder, which escape what strangers wrote and know no missing name."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["grouped"] = "{:,}".format
    return environment


def require_place(html: Path, out: Path) -> None:
    """Raise BadCall where a page of `out` cannot be `html`: nothing else is written over."""
    if not html.parent.is_dir():
        raise BadCall(f"{html}: expected a folder to write it to, found none. Make {html.parent}.")
    if not html.name or (html.exists() and not html.is_file()):
        raise BadCall(f"{html}: expected the name of a file, found something else. Name a page.")
    if html.resolve().is_relative_to(out.resolve()):
        raise BadCall(f"{html}: expected a page outside of {out}, found one in it. Name another.")


def as_script(content: Content) -> Markup:
    """The content as JSON that no text in it can end, whatever strangers wrote."""
    told = json.dumps(content.told(), ensure_ascii=False, separators=(",", ":"))
    return Markup(told.replace("<", "\\u003c"))  # noqa: S704 - `<` is all that HTML looks for in a script


def trusted(name: str) -> Markup:
    """A file of ours, as it is."""
    return Markup((HERE / name).read_text(encoding="utf-8"))  # noqa: S704 - ours


def digest(text: str) -> str:
    """Name an inline script or style for the page's policy; others are not run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
