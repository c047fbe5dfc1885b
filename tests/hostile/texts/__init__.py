"""Texts: tables, the validation file and JSON, with every oddity that text can have."""

from collections.abc import Iterator

from tests.hostile.cases import Case, holding
from tests.hostile.texts.json_files import annotations, captions, only_all
from tests.hostile.texts.sound import read
from tests.hostile.texts.tables import fashion, movies


def cases() -> Iterator[Case]:
    for domain, group in (("movieposter", movies), ("pog_dataset", fashion)):
        for name, file, content in group():
            yield Case("texts", name, domain, holding(domain, file, content))
    for name, content in captions():
        yield Case(
            "texts",
            f"JSON with {name}",
            "pog_dataset",
            holding("pog_dataset", "captions.json", content),
        )
    for name, value in annotations():
        yield Case("texts", f"annotations with {name}", "ser30k", only_all(value))
    for name, domain, file, content, arguments, row in read():
        yield Case("texts", name, domain, holding(domain, file, content), arguments, row)
