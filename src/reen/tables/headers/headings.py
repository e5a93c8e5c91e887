"""Headings: what the columns of one file are, once their headers are understood.

Values only; `understanding` makes them from the header, `quantities` revises them by what the cells
hold.
"""

from __future__ import annotations

import collections
from collections.abc import Mapping, Sequence

import attrs

from reen.inventory.issues import ColumnRead
from reen.tables.headers.header_words import key_of
from reen.tables.headers.reading_columns import JOINING_NAMES, NAMES_PERSONS
from reen.tables.headers.wording import EQUIPMENT_WORDING, Wording
from reen.tables.mapping.layers import BASE
from reen.values import Compared

__all__ = ["BY_SENSE", "LEFT_OUT", "Heading", "Headings", "named_apart"]

#: Column of a header that is left out.
LEFT_OUT = "(none)"
#: Preference of a header that names a quantity by its sense: the cells have to show it too.
BY_SENSE = 9


@attrs.frozen(eq=False, repr=False)
class Heading(Compared):
    """One header of the file.

    Attributes
    ----------
    position
        Its place, from 0.
    text
        As written, without blanks around.
    column
        Canonical column, or `PERSONAL`, or empty when nothing knows it.
    preference
        Order among the headers for one column; 0 when the user says so.
    unit
        Unit of a number column, empty when the header names none.
    language
        Language of the header, when it has one.
    layer
        Who says what it means: the call, the user's mapping, that of a tool, or the base vocabulary
        (`reen.tables.mapping.layers`).
    precision
        Of a date that stands for another one: ``estimated``.
    reference
        Whether its words are the labels of other records, and a bare key is none.
    also
        Second column, which its words fill where a mapping says what they mean there.
    of_line
        Whether its numbers are those of all items of a row, and not of one.
    """

    position: int
    text: str
    column: str = ""
    preference: int = 1
    unit: str = ""
    language: str = ""
    layer: int = BASE
    precision: str = ""
    reference: bool = False
    also: str = ""
    of_line: bool = False

    @property
    def said(self) -> bool:
        """Tell whether the user or a mapping says what it means."""
        return self.layer < BASE


@attrs.frozen(eq=False, repr=False)
class Headings:
    """What the columns of a file are.

    Attributes
    ----------
    columns
        Headings of each canonical column, the preferred one first.
    kept
        Headings that nothing knows, by the name that they get.  They may show which rows are one
        asset; those that were asked for stay.
    personal
        Headings left out because they name persons.
    dropped
        Headings left out because the importer writes these columns.
    language
        ``fr`` or ``en``, the one that most headers have, or empty.
    unnamed
        Columns without a header, called by their place: "column 4".  They are read, because they
        may hold numbers, and not kept.
    rivals
        Headings among `kept` that may be the quantity as well as the one that is.
    telling
        Headings by which the mappings set rows aside, by their normal form.
    asked
        Positions of the columns that were asked for, to be kept as they are.
    grouped
        Positions of those among them that are only to be grouped by: persons in them leave.
    wording
        What kind of table it is.
    """

    columns: Mapping[str, tuple[Heading, ...]]
    kept: Mapping[str, Heading]
    personal: tuple[Heading, ...]
    dropped: tuple[Heading, ...]
    language: str
    unnamed: tuple[Heading, ...] = ()
    rivals: tuple[Heading, ...] = ()
    telling: Mapping[str, Heading] = attrs.field(factory=dict)
    asked: frozenset[int] = frozenset()
    grouped: frozenset[int] = frozenset()
    wording: Wording = EQUIPMENT_WORDING

    @property
    def is_canonical(self) -> bool:
        """Tell whether every known header is the name of its column: this library's own format."""
        return all(
            heading.text.partition(" [")[0] == column
            for column, group in self.columns.items()
            for heading in group
        )

    def is_of_line(self, column: str) -> bool:
        """Tell whether the numbers of a canonical column are those of all items of a row."""
        return any(heading.of_line for heading in self.columns.get(column, ())[:1])

    @property
    def wanted(self) -> frozenset[str]:
        """Return the names of the columns that were asked for."""
        names = {name for name, heading in self.kept.items() if heading.position in self.asked}
        for column in NAMES_PERSONS & set(self.columns):
            # an inventory has no such column: it stays under its header, if that is its name
            asked = [each for each in self.columns[column] if each.position in self.asked]
            if any(column not in JOINING_NAMES or each.text == column for each in asked):
                names.add(column)
        return frozenset(names)

    @property
    def passing(self) -> tuple[Heading, ...]:
        """Return the headings of columns that name persons, and leave once they have joined."""
        names = [name for name in self.columns if name in NAMES_PERSONS]
        every = (heading for name in names for heading in self.columns[name])
        return tuple(heading for heading in every if heading.position not in self.asked)

    @property
    def left_out(self) -> tuple[Heading, ...]:
        """Return the headings that nothing knows, and that nobody asked for."""
        return tuple(h for h in self.kept.values() if h.position not in self.asked)

    @property
    def unshown(self) -> frozenset[int]:
        """Return the positions of the columns of which no message shows a cell."""
        every = (*self.personal, *self.passing, *self.left_out, *self.unnamed)
        return frozenset(heading.position for heading in every)

    @property
    def unshown_names(self) -> frozenset[str]:
        """Return the names of these columns, as far as they have one."""
        wanted = self.wanted
        return frozenset((NAMES_PERSONS | set(self.kept)) - wanted)

    @property
    def read(self) -> list[int]:
        """Return the positions of the columns to read.

        Those that name persons are among them: a row that holds a name is not blank.
        """
        known = {heading.position for group in self.columns.values() for heading in group}
        others = (*self.kept.values(), *self.personal, *self.unnamed, *self.telling.values())
        return sorted(known | {heading.position for heading in others})

    def as_read(self, source: str, width: int) -> tuple[ColumnRead, ...]:
        """Return what each header was read as, but for those that name persons.

        Parameters
        ----------
        source
            The table.
        width
            Number of its columns; those beyond it were made by the reading.
        """
        kept = tuple(self.kept.values())
        known = [heading for group in self.columns.values() for heading in group]
        written = {heading.position: heading.text for heading in (*known, *kept)}
        texts = collections.Counter(key_of(text) for at, text in written.items() if at < width)
        contested = any(heading.column == "quantity" for heading in kept)
        said = () if self.wording.layers is None else self.wording.layers.columns
        # what somebody leaves out is read, since it may hold the word "Total", and asked no more;
        # nor is what another header says, or what equipment has and this kind of table has not
        found = {
            heading.position: ColumnRead(
                source=source,
                header=heading.text,
                sure=bool(heading.column)
                or key_of(heading.text) in said
                or key_of(heading.text) in EQUIPMENT_WORDING.headers,
            )
            for heading in kept
        }
        for column, group in self.columns.items():
            order = 0
            for heading in group:
                order = max(order + 1, heading.preference)
                by_sense = column == "quantity" and (contested or heading.preference == BY_SENSE)
                found[heading.position] = ColumnRead(
                    source=source,
                    header=heading.text,
                    column=column,
                    unit=heading.unit,
                    preference=order,
                    precision=heading.precision,
                    sure=texts[key_of(heading.text)] == 1 and not by_sense,
                )
        return tuple(found[position] for position in sorted(found) if position < width)

    def moved(self, column: str, other: str) -> Headings:
        """Return the headings with what one column was as another, which the file does not have."""
        group = tuple(attrs.evolve(each, column=other) for each in self.columns[column])
        columns = {name: each for name, each in self.columns.items() if name != column}
        columns[other] = group
        columns = {name: columns[name] for name in self.wording.schema if name in columns}
        return attrs.evolve(self, columns=columns)

    def with_quantity(self, chosen: Heading | None, claims: Sequence[Heading]) -> Headings:
        """Return the headings with one of several columns as the quantity, or with none."""
        columns = {name: group for name, group in self.columns.items() if name != "quantity"}
        if chosen is not None:
            columns["quantity"] = (attrs.evolve(chosen, column="quantity"),)
        columns = {name: columns[name] for name in self.wording.schema if name in columns}
        there = {heading.position for heading in self.kept.values()}
        back = [each for each in claims if each is not chosen and each.position not in there]
        kept = [each for each in self.kept.values() if chosen is None or each is not chosen]
        kept = sorted((*kept, *back), key=lambda heading: heading.position)
        return attrs.evolve(self, columns=columns, kept=named_apart(kept, self.wording), rivals=())


def named_apart(headings: Sequence[Heading], wording: Wording) -> dict[str, Heading]:
    """Return headings by a name that no canonical column and no other one has."""
    names: dict[str, Heading] = {}
    for heading in headings:
        name, number = heading.text, 2
        while name in wording.schema or name in names:
            name, number = f"{heading.text} ({number})", number + 1
        names[name] = heading
    return names
