"""Rows of joined samples, of the places of their items."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import pyarrow.compute as pc

from pmg.captions import preference
from pmg.columns import Row
from pmg.reading.cached import Mapped
from pmg.reading.joined import all_in
from pmg.reading.layout import HISTORY, TARGET, Layout
from pmg.reading.pictures import Form, picture_of
from pmg.reading.shelves import Shelf

DOMAIN, CAPTION, STYLE = "domain", "caption", "style_caption"  # of items


def each_of(what: Callable[[int], Any], places: int | list[int]) -> Any:  # noqa: ANN401 - as `what`
    """What there is for a place, or for each of several."""
    return [what(place) for place in places] if isinstance(places, list) else what(places)


class Joined(NamedTuple):
    """Samples and their items."""

    name: str
    rows: Mapped  # the layout's own columns and ids; these as places on the shelf
    shelf: Shelf
    layout: Layout

    def row(self, number: int, form: Form) -> Row:
        """A sample with the pictures of its items. Raises BadData where one cannot be read."""
        made = self.told(number)
        for name, whose in self.layout.pictures.items():
            places = self.rows.value(whose, number)
            made[name] = each_of(partial(picture_of, self.shelf, form=form), places)
        return {name: made[name] for name in self.layout.features}

    def told(self, number: int) -> Row:
        """All of a sample but pictures."""
        layout = self.layout
        places = {name: self.rows.value(name, number) for name in layout.ids}
        made: Row = {name: self.rows.value(name, number) for name in layout.own}
        made |= {name: each_of(self._id, whose) for name, whose in places.items()}
        if layout.of_ids:
            made = {"sample_id": str(number), "user_id": None} | self._described(places) | made
        return {name: made[name] for name in layout.features if name in made}

    def shown(self, number: int) -> Iterator[int]:
        """The places of all items that a sample shows."""
        for name in {*self.layout.pictures.values()}:
            whose = self.rows.value(name, number)
            yield from whose if isinstance(whose, list) else [whose]

    def all_shown(self) -> list[int]:
        """The places of all items that any sample shows, each once."""
        found: set[int] = set()
        for name in {*self.layout.pictures.values()}:
            found.update(pc.unique(all_in(self.rows.table[name])).to_pylist())
        return sorted(found)

    def _id(self, place: int) -> str:
        return str(self.shelf.row(place, ["item_id"])["item_id"])

    def _described(self, places: Mapping[str, Any]) -> Row:
        """What samples of ids have of their items."""
        layout = self.layout
        wanted = {column for _, column in layout.described.values()} | {DOMAIN, STYLE, CAPTION}
        columns = [name for name in self.shelf.features if name in wanted]
        history = [self.shelf.row(place, columns) for place in places[HISTORY]]
        target = self.shelf.row(places[TARGET], columns)
        channels = [[item.get(name) for item in history] for name in (STYLE, CAPTION)]
        made = {
            name: target[column] if whose == TARGET else [item[column] for item in history]
            for name, (whose, column) in layout.described.items()
        }
        told = {DOMAIN: target.get(DOMAIN), "preference_caption": preference(None, *channels)}
        return made | told
