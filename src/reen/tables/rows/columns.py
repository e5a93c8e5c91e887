"""Columns by their kind: where a list has its types, quantities, places, days and identifiers.

Input: what the columns of a table are.  Output: the positions of each kind, as the sorting of rows
asks for them.

Reads no cell.
"""

from __future__ import annotations

import attrs

from reen.inventory.schema import ColumnKind
from reen.tables.cells.number_marks import NumberColumn, number_columns
from reen.tables.headers.headings import Headings
from reen.tables.rows.totals import Places, is_total_label

__all__ = ["Columns"]

#: Preference of a header of labels ("Désignation"), which are types where no other header has any.
_LABEL = 4


@attrs.frozen(eq=False, repr=False)
class Columns:
    """Where the kinds of columns stand: positions in the file.

    Attributes
    ----------
    positions, text
        Columns that have a header, and those of them that hold words.
    quantity
        The column of items, if there is one.
    identifiers, ids
        Serial numbers and asset tags, and numbers that a tool gives.
    types, labels
        Types, and labels that are types where no column of types is.
    unshown, private
        Columns of which no cell is told, and those of persons.
    numbers
        The columns of numbers, with their units.
    days
        Columns of days that a record must have.
    places_of_rows
        Services and sites.
    """

    positions: list[int]
    text: list[int]
    quantity: int | None
    identifiers: list[int]
    ids: list[int]
    types: list[int]
    labels: list[int]
    unshown: frozenset[int]
    private: frozenset[int]
    numbers: list[NumberColumn]
    days: list[int]
    places_of_rows: list[int]

    @classmethod
    def of(cls, headings: Headings) -> Columns:
        """Return where the columns of some headings stand."""
        schema = headings.wording.schema
        numbers = {
            heading.position
            for column, group in headings.columns.items()
            if schema[column].kind is not ColumnKind.TEXT
            for heading in group
        }
        place = {
            column: [heading.position for heading in group]
            for column, group in headings.columns.items()
        }
        unnamed = {heading.position for heading in headings.unnamed}
        named = [position for position in headings.read if position not in unnamed]
        return cls(
            positions=named,
            text=[position for position in named if position not in numbers],
            quantity=next(iter(place.get(headings.wording.counted, ())), None),
            identifiers=[*place.get("serial_number", ()), *place.get("asset_tag", ())],
            ids=place.get("id", []),
            types=place.get("equipment_type", []),
            labels=[
                heading.position
                for heading in headings.columns.get("model", ())
                if heading.preference >= _LABEL
            ],
            unshown=headings.unshown,
            private=frozenset(each.position for each in (*headings.personal, *headings.passing)),
            numbers=number_columns(headings),
            places_of_rows=[*place.get("entity", ()), *place.get("site", ())],
            days=[
                position
                for group in headings.wording.need
                for column in group
                if schema[column].kind in (ColumnKind.DATE, ColumnKind.TIMESTAMP)
                for position in place.get(column, ())
            ],
        )

    @property
    def text_and_dates(self) -> list[int]:
        """Return the columns that hold no numbers."""
        numbers = {number.position for number in self.numbers}
        return [position for position in self.positions if position not in numbers]

    def places(self, headings: Headings) -> Places:
        """Return what is looked at for totals."""
        models = headings.columns.get("model", ())
        # of a scope, "total" is a value and no label
        values = {
            heading.position
            for column, group in headings.columns.items()
            if any(map(is_total_label, headings.wording.schema[column].values))
            for heading in group
        }
        return Places(
            all=[position for position in headings.read if position not in values],
            texts=[position for position in self.text_and_dates if position not in values],
            identifiers=self.identifiers,
            types=self.types,
            models=[heading.position for heading in models],
            companies=[
                heading.position
                for column in ("manufacturer", "supplier")
                for heading in headings.columns.get(column, ())
            ],
        )
