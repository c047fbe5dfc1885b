"""Texts: tables, the validation file and JSON, with every oddity that text can have."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.hostile.cases import Case, Row, holding
from tests.movieposter.raw_folder import INFO, LINKS, RATINGS, VALIDATION
from tests.pog_dataset.raw_folder import CAPTIONS, HEADLESS, ITEMS, OUTFITS, USERS
from tests.ser30k.raw_folder import CATEGORIES, ITEM_IDS, annotation

MOVIES, FASHION, STICKERS = "movieposter", "pog_dataset", "ser30k"
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
    "200,000 letters": "x" * 200_000,
}


def table(*lines: str) -> bytes:
    return "\n".join((*lines, "")).encode()


def titled(title: str) -> bytes:
    quoted = title.replace('"', '""')
    return INFO.replace("Signal", f'"{quoted}"').encode()


def movies() -> Iterator[tuple[str, str, Content]]:
    """Tables of movies: the file, and what is in it."""
    yield "nothing but a header", "info.csv", b"id,name,genre\n"
    yield "a byte that is no UTF-8", "info.csv", INFO.encode("latin-1")
    yield "UTF-16", "info.csv", INFO.encode("utf-16")
    yield "UTF-16 without a mark", "info.csv", INFO.encode("utf-16-le")
    yield "UTF-32", "info.csv", INFO.encode("utf-32")
    yield (
        "letters that are too long",
        "info.csv",
        INFO.replace("Signal", "\0").encode().replace(b"\0", b"\xc0\x80"),
    )
    yield "half a character in bytes", "info.csv", INFO.encode().replace(b"Signal", b"\xed\xa0\x80")
    yield "a NUL", "info.csv", INFO.replace("Signal", "Sig\0nal").encode()
    yield "nothing but NULs", "info.csv", bytes(10_000)
    yield (
        "a line of two megabytes",
        "info.csv",
        INFO.encode() + b"9,x" + b"y" * (2 << 20) + b",Drama\n",
    )
    yield "a quote that is never closed", "info.csv", INFO.replace("Signal", '"Signal').encode()
    yield "a quote in the middle", "info.csv", INFO.replace("Signal", 'Sig"n"al').encode()
    yield "text behind a quote", "info.csv", INFO.replace("Signal", '"Signal"x').encode()
    yield "a comma that is not quoted", "info.csv", INFO.replace("Signal", "Sig,nal").encode()
    yield "too few values", "info.csv", INFO.replace("318,Signal,", "318,").encode()
    yield "a carriage return inside", "info.csv", INFO.replace("Signal", "Sig\rnal").encode()
    yield "lines of old Macs", "info.csv", INFO.replace("\n", "\r").encode()
    yield "semicolons for commas", "info.csv", INFO.replace(",", ";").encode()
    yield "tabs for commas", "info.csv", INFO.replace(",", "\t").encode()
    yield (
        "a header twice",
        "info.csv",
        INFO.replace("id,name,genre\n", "id,name,genre\n" * 2).encode(),
    )
    yield "a column twice", "info.csv", INFO.replace("id,name,genre", "id,name,name").encode()
    yield "a column missing", "info.csv", INFO.replace("id,name,genre", "id,name,kind").encode()
    yield "no header", "info.csv", INFO.partition("\n")[2].encode()
    yield "ten thousand columns", "info.csv", ("id,name,genre" + ",x" * 10_000 + "\n").encode()
    yield "an id twice", "info.csv", INFO.replace("7789,", "318,").encode()
    for name, value in {
        "a sign": "+318",
        "a minus": "-318",
        "a point": "318.0",
        "an exponent": "3e2",
        "Arabic digits": "\u0663\u0661\u0668",
        "wide digits": "\uff13\uff11\uff18",
        "an underscore": "3_18",
        "too many digits": "9" * 30,
        "a million digits": "9" * 1_000_000,
        "nothing": "",
        "a word": "NaN",
    }.items():
        yield f"an id of {name}", "info.csv", INFO.replace("318,S", f"{value},S").encode()
    for name, value in {
        "nan": "nan",
        "infinity": "inf",
        "too many digits": "4." + "0" * 5_000,
        "an exponent": "4e0",
        "a comma": '"4,0"',
        "hexadecimals": "0x4",
        "a minus": "-4.0",
        "an underscore": "4_0.0",
    }.items():
        yield (
            f"a rating of {name}",
            "ratings.csv",
            RATINGS.replace("1,1,4.0,", f"1,1,{value},").encode(),
        )
    for name, value in {
        "past 64 bits": "99999999999999999999",
        "below zero": "-1",
        "a date": "2000-07-30",
        "the year 292277026596": "9223372036854775807",
    }.items():
        yield f"a time of {name}", "ratings.csv", RATINGS.replace("964982703", value).encode()
    yield "a file cut off in a number", "ratings.csv", RATINGS.encode()[:-3]
    yield "a rating twice", "ratings.csv", RATINGS.encode() + b"1,1,4.0,964982703\n"
    yield (
        "200,000 wrong ratings",
        "ratings.csv",
        lambda: RATINGS.encode() + b"1,1,9.9,1\n" * 200_000,
    )
    yield (
        "a user for each of 200,000 lines",
        "ratings.csv",
        lambda: RATINGS.encode() + b"".join(b"%d,1,4.0,1\n" % user for user in range(10, 200_000)),
    )
    yield "a key of a link in letters", "links.csv", LINKS.replace("0113497", "tt0113497").encode()
    yield "no link at all", "links.csv", b""
    for name, line in {
        "a target in its history": "1;2;3,2",
        "no comma": "1;2;3;11",
        "two commas": "1,2,3",
        "no target": "1;2;3,",
        "no history": ",11",
        "an unknown movie": "1;2;99,11",
        "an id of letters": "1;two;3,11",
        "an empty element": "1;;3,11",
        "a movie twice": "1;1;3,11",
        "ten thousand elements": ";".join(["1"] * 10_000) + ",11",
        "a number past 64 bits": "1;" + "9" * 40 + ",11",
        "spaces": " 1 ; 2 ; 3 , 11 ",
        "a blank line before it": "\n\n1;2;3,11",
    }.items():
        yield (
            f"a validation line with {name}",
            "my_valid_data.txt",
            f"{VALIDATION}\n{line}".encode(),
        )
    yield "a validation file of nothing", "my_valid_data.txt", b"\n\n\n"
    yield "a validation file in UTF-16", "my_valid_data.txt", VALIDATION.encode("utf-16")


def fashion() -> Iterator[tuple[str, str, Content]]:
    yield "an item of a path", "item_data.csv", ITEMS.replace("d4,c2", "../../d4,c2").encode()
    yield "an item of spaces inside", "item_data.csv", ITEMS.replace("d4,c2", "d 4,c2").encode()
    yield (
        "an item of 1,000 letters",
        "item_data.csv",
        ITEMS.replace("d4,c2", "d" * 1_000 + ",c2").encode(),
    )
    yield "items of another case", "item_data.csv", ITEMS.replace("d4,c2", "D4,c2").encode()
    yield (
        "an outfit of a thousand items",
        "outfit_data.csv",
        (OUTFITS.replace("b2;d4;f6", ";".join(["b2", "d4", "f6"] * 333)).encode()),
    )
    yield "an outfit twice", "outfit_data.csv", OUTFITS.replace("o3,", "o2,").encode()
    yield (
        "clicks of nothing but semicolons",
        "user_data.csv",
        USERS.replace("g7;b2,o1", ";;;,o1").encode(),
    )
    yield "a choice of an item", "user_data.csv", USERS.replace("u3,f6,o2", "u3,f6,f6").encode()
    yield "a user without a name", "user_data.csv", USERS.replace("u3,f6", ",f6").encode()
    yield (
        "a header in the middle",
        "user_data.csv",
        USERS.replace("u3,f6,o2", USERS.partition("\n")[0]).encode(),
    )
    yield (
        "headless lines with a comma too few",
        "user_data.csv",
        HEADLESS["user_data.csv"].replace("u3,f6,", "u3,f6;").encode(),
    )


def captions() -> Iterator[tuple[str, Content]]:
    """JSON of fashion captions."""
    text = json.dumps(CAPTIONS)
    changed = text.replace('"what is seen on d4"', "{}")
    for name, value in {
        "NaN": "NaN",
        "infinity": "-Infinity",
        "a number": "7",
        "null": "null",
        "true": "true",
        "an object": '{"en": "a"}',
        "a list of numbers": "[1]",
        "a list in a list": '[["a"]]',
        "half a character": '"\\ud83d"',
        "the other half": '"\\ude00"',
        "a number of 5,000 digits": "9" * 5_000,
        "a number that is too large": "1e999",
        "a text in single quotes": "'a'",
        "a control character": '"a\nb"',
        "an escape that is none": '"\\x41"',
        "nothing": "",
        "a comment": '"a" /* b */',
    }.items():
        yield f"a caption of {name}", changed.replace("{}", value).encode()
    yield "a key twice", text.replace('"d4"', '"c3"').encode()
    yield "a key of half a character", text.replace('"d4"', '"\\ud83d"').encode()
    yield "a comma at the end", text.replace("}", ",}").encode()
    yield "no end", text[:-1].encode()
    yield "two objects", (text + text).encode()
    yield "a line for each", "\n".join(json.dumps({k: v}) for k, v in CAPTIONS.items()).encode()
    yield "a list", json.dumps(list(CAPTIONS.items())).encode()
    yield "a text", b'"captions"'
    yield "lists nested 100,000 deep", b"[" * 100_000
    yield "objects nested 100,000 deep", b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield (
        "a caption nested 100,000 deep",
        changed.replace("{}", "[" * 100_000 + "]" * 100_000).encode(),
    )
    yield "UTF-16", text.encode("utf-16")
    yield "a byte that is no UTF-8", text.replace("d4", "d\x00").encode().replace(b"\0", b"\xe9")
    yield "ten million empty lists", lambda: b"[" + b"[]," * 10_000_000 + b"[]]"
    yield "ten million numbers", lambda: b"[" + b"1," * 10_000_000 + b"1]"
    yield "two million objects", lambda: b"[" + b'{"a":{}},' * 2_000_000 + b"{}]"
    yield (
        "a caption of 100 MB",
        lambda: changed.replace("{}", '"' + "x" * 100_000_000 + '"').encode(),
    )


def annotations() -> Iterator[tuple[str, object]]:
    """JSON of the stickers' annotations: what stands for one of them, or for all."""
    sound = [annotation(item_id) for item_id in ITEM_IDS]
    first: dict[str, object] = sound[0]
    others = sound[1:]
    odd: dict[str, dict[str, object]] = {
        "a topic that leads out": {"topic": "../../etc"},
        "a file that leads out": {"file_name": "../sticker_1.jpg"},
        "a file of a number": {"file_name": 7},
        "a topic of null": {"topic": None},
        "a verdict of 0": {"anno": 0},
        "a verdict of 8": {"anno": 8},
        "a verdict of 3.5": {"anno": 3.5},
        "a verdict of a word": {"anno": "anger"},
        "a verdict of true": {"anno": True},
        "a verdict of 10^400": {"anno": 10**400},
        "a verdict of null": {"anno": None},
        "a text of a list": {"text": ["a"]},
        "a text of half a character": {"text": "\ud83d"},
        "a text of two million letters": {"text": "x" * 2_000_000},
    }
    for name, values in odd.items():
        yield name, {"annotations": [first | values, *others], "categories": CATEGORIES}
    yield "an annotation that is a list", {"annotations": [[1], *others], "categories": CATEGORIES}
    yield "an annotation twice", {"annotations": [first, *sound], "categories": CATEGORIES}
    yield "annotations in an object", {"annotations": {"1": first}, "categories": CATEGORIES}
    yield "no annotations", {"categories": CATEGORIES}
    yield "a list", sound
    for name, categories in {
        "a class twice": {str(n): "anger" for n in range(1, 8)},
        "a gap": {"1": "anger", "3": "fear"},
        "a number for a name": {str(n): n for n in range(1, 8)},
        "a list": ["anger", "fear"],
        "ten thousand names": {str(n): f"e{n}" for n in range(1, 10_001)},
        "an empty name": {str(n): "" for n in range(1, 8)},
    }.items():
        yield f"categories of {name}", {"annotations": sound, "categories": categories}


def only_all(content: object) -> Callable[[Path], None]:
    """The harm of other annotations, in the one file that holds them all."""

    def put(raw: Path) -> None:
        for path in sorted((raw / STICKERS / "annotations").rglob("*.json")):
            path.unlink()
        holding(STICKERS, "annotations/all_annos.json", json.dumps(content).encode())(raw)

    return put


def read() -> Iterator[tuple[str, str, str, Content, tuple[str, ...], Row]]:
    """What may look odd and is right."""
    for name, title in TITLES.items():
        row = Row("items", "318", {"title": title})
        yield f"a title of {name}", MOVIES, "info.csv", titled(title), (), row
        caption = json.dumps(CAPTIONS | {"d4": title})
        row = Row("items", "d4", {"caption": title.strip()})
        yield (
            f"a caption of {name} that is right",
            FASHION,
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
        yield name, MOVIES, "info.csv", content, arguments, row
    yield (
        "a character in two escapes",
        *(FASHION, "captions.json", json.dumps(CAPTIONS | {"d4": "\U0001f600"}).encode(), ()),
        Row("items", "d4", {"caption": "\U0001f600"}),
    )


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


def cases() -> Iterator[Case]:
    for domain, group in ((MOVIES, movies), (FASHION, fashion)):
        for name, file, content in group():
            yield Case("texts", name, domain, holding(domain, file, content))
    for name, content in captions():
        yield Case(
            "texts", f"JSON with {name}", FASHION, holding(FASHION, "captions.json", content)
        )
    for name, value in annotations():
        yield Case("texts", f"annotations with {name}", STICKERS, only_all(value))
    for name, domain, file, content, arguments, row in read():
        yield Case("texts", name, domain, holding(domain, file, content), arguments, row)
