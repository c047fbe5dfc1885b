"""Texts that may look odd and are right, and must come out as they came in."""

import csv
import io
import json
from collections.abc import Callable, Iterator

from tests.hostile.cases import Row
from tests.movieposter.raw_folder import INFO
from tests.pog_dataset.raw_folder import CAPTIONS

Content = bytes | Callable[[], bytes]
# Titles that spreadsheets, terminals, browsers and parsers take for something else.
TITLES = {
    "a formula": '=HYPERLINK("http://example.com","x")',
    "a formula of a sum": "+1-2",
    "a formula with an at": "@SUM(A1)",
    "a command": "=cmd|' /C calc'!A0",
    "a control character": "a\x01b",
    "a bell": "a\ab",
    "colours of a terminal": "\x1b[31mred\x1b[0m",
    "a deleted letter": "a\x7fb",
    "a mark from right to left": "\u202egpj.exe",
    "marks that isolate": "\u2067a\u2069",
    "a letter of no width": "a\u200bb",
    "a byte order mark inside": "a\ufeffb",
    "a next line": "a\x85b",
    "a line separator": "a\u2028b",
    "a paragraph separator": "a\u2029b",
    "a form feed": "a\x0cb",
    "a line break": "a\nb",
    "a tab": "a\tb",
    "letters and their accents apart": "Ame\u0301lie",
    "a family": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "a character that is none": "a\uffffb",
    "a private character": "\ue000",
    "a script": "<script>alert(1)</script>",
    "an entity": "&lt;b&gt;",
    "the word null": "null",
    "the word nan": "nan",
    "the word None": "None",
    "a number": "12",
    "a date": "2001-09-11",
    "quotes": 'He said "no"',
    "a backslash": "a\\nb",
    "a percent sign": "%s %n {0}",
    "an empty pair of quotes": '""',
    "60,000 letters": "x" * 60_000,
}


def read() -> Iterator[tuple[str, str, str, Content, tuple[str, ...], Row]]:
    """What may look odd and is right."""
    for name, title in TITLES.items():
        row = Row("items", "318", {"title": title})
        yield f"a title of {name}", "movieposter", "info.csv", titled(title), (), row
        caption = json.dumps(CAPTIONS | {"d4": title})
        row = Row("items", "d4", {"caption": title.strip()})
        yield (
            f"a caption of {name} that is right",
            "pog_dataset",
            "captions.json",
            caption.encode(),
            (),
            row,
        )
    row = Row("items", "29", {"title": "Cité des étoiles (1995)"})
    for name, content, arguments in (
        ("a byte order mark", b"\xef\xbb\xbf" + INFO.encode(), ()),
        ("lines of Windows", INFO.replace("\n", "\r\n").encode(), ()),
        ("blank lines", INFO.replace("\n", "\n\n").encode(), ()),
        ("latin-1 that is asked for", INFO.encode("latin-1"), ("--encoding", "latin-1")),
        ("columns in another order", reordered(INFO).encode(), ()),
        ("every value quoted", quoted_all(INFO).encode(), ()),
    ):
        yield name, "movieposter", "info.csv", content, arguments, row
    yield (
        "a character in two escapes",
        *("pog_dataset", "captions.json", json.dumps(CAPTIONS | {"d4": "\U0001f600"}).encode(), ()),
        Row("items", "d4", {"caption": "\U0001f600"}),
    )


def titled(title: str) -> bytes:
    quoted = title.replace('"', '""')
    return INFO.replace("Signal", f'"{quoted}"').encode()


def reordered(text: str) -> str:
    rows = list(csv.reader(io.StringIO(text)))
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(
        [genre, "x", name, own] for own, name, genre in rows
    )
    return file.getvalue()


def quoted_all(text: str) -> str:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
        csv.reader(io.StringIO(text))
    )
    return file.getvalue()
