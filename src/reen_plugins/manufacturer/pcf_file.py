"""Tables of manufacturers' carbon footprint sheets: bytes in, one `Record` per line out.

The form of the Boavizta data set in both variants (French: ``;`` and decimal commas; US: ``,`` and
decimal points), or any table with the columns of `SHEET_COLUMNS`.  A cell that should be a number
and is none is for the caller to set aside; only a file without the needed columns is an error.
What the figures mean is the business of `manufacturer_pcf_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import attrs

from reen.errors import FileFormatError
from reen.plugin import Reason
from reen.plugin.files import normalise_text
from reen.tables.reference.header import Layout, find_header
from reen.tables.reference.reading import Fault, read_reference

__all__ = ["SHEET_COLUMNS", "Record", "date_of", "read_records", "recognise"]

#: Columns that are read, with what each holds; the file may have others.
SHEET_COLUMNS: Mapping[str, str] = {
    "manufacturer": "maker",
    "name": "model, as the sheet names it",
    "subcategory": "kind of equipment: Laptop, Monitor, Server...",
    "gwp_total": "footprint over the whole life, kgCO2e per item",
    "gwp_use_ratio": "share of the use stage in it, 0 to 1",
    "gwp_manufacturing_ratio": "share of manufacturing",
    "gwp_transport_ratio": "share of transport",
    "gwp_eol_ratio": "share of the end of life",
    "gwp_error_ratio": "published error of the total, relative; 0 or empty when unknown",
    "yearly_tec": "electricity of one item in a year of use, kWh",
    "lifetime": "years of use that the sheet assumes",
    "use_location": "where the sheet assumes the use: EU, US, WW...",
    "report_date": "date of the sheet",
    "sources": "address of the sheet",
    "licence": "licence of the figures, for tables of your own",
}

#: Without these a line says nothing.
REQUIRED = ("manufacturer", "name", "gwp_total")

_LAYOUT = Layout(
    columns=(*SHEET_COLUMNS, "sources_hash", "add_method"),
    required=REQUIRED,
    others=True,
    surplus=True,
    name_of=lambda header: header.strip().lower(),
)

#: Beside the required ones, what makes a header one of sheets and of nothing else.
_TELLING = frozenset({"gwp_use_ratio", "gwp_manufacturing_ratio", "yearly_tec"})

#: Columns that only the Boavizta data set has.
_BOAVIZTA = frozenset({"sources_hash", "add_method"})

# Bounded: no cell may become a number that takes gigabytes to write out.
_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,20})?")

#: Decimals kept: the data set writes 0.219 as 0.21899999999999997 in places.
_DECIMALS = 9

_MONTHS = (
    ("jan",),
    ("feb", "fev"),
    ("mar",),
    ("apr", "avr"),
    ("may", "mai"),
    ("jun", "juin"),
    ("jul", "juil"),
    ("aug", "aou"),
    ("sep",),
    ("oct",),
    ("nov",),
    ("dec",),
)


@attrs.frozen
class Record:
    """One line of a table.

    Attributes
    ----------
    line
        Line of the file where it begins (header = 1).
    cells
        Texts by column, without the blanks around.
    decimal_comma
        Whether the file may write numbers with a comma.
    """

    line: int
    cells: Mapping[str, str] = attrs.field(repr=False)
    decimal_comma: bool = False

    def __getitem__(self, column: str) -> str:
        """Return a cell, empty when the file does not have the column."""
        return self.cells.get(column, "")

    def number(self, column: str) -> Decimal | None:
        """Return a number from 0, None for a blank cell.

        Raises
        ------
        ValueError
            With what the cell holds, in words.
        """
        text = self[column]
        if not text:
            return None
        plain = text.replace(",", ".") if self.decimal_comma else text
        if not _NUMBER.fullmatch(plain):
            mark = "comma" if self.decimal_comma else "point"
            message = str(
                Reason("error_not_number_from_0_decimal", column=column, text=text, mark=mark)
            )
            raise ValueError(message)
        return round(Decimal(plain), _DECIMALS).normalize()


def recognise(head: bytes) -> bool:
    """Tell whether the first line of a file is the header of a table of sheets."""
    header = find_header(head, _LAYOUT)
    return header is not None and header.complete and bool(_TELLING & set(header.names))


def is_boavizta(header: Sequence[str]) -> bool:
    """Tell whether a header is that of the Boavizta data set."""
    return set(header) >= _BOAVIZTA


def read_records(path: Path, raw: bytes) -> tuple[list[Record], list[str]]:
    """Read the lines of a table, with the names of its columns.

    Parameters
    ----------
    path
        The file, for messages.
    raw
        Its bytes.

    Raises
    ------
    FileFormatError
        A needed column is missing or repeated, or the text cannot be cut into cells.
    """

    def refuse(fault: Fault) -> FileFormatError:
        if fault.kind == "missing":
            reason: Reason | str = Reason(
                "error_not_a_table_of_sheets", column=fault.column, required=", ".join(REQUIRED)
            )
        elif fault.kind == "file":
            reason = fault.expected
        else:
            reason = Reason("error_place_expected", place=fault.where, expected=fault.expected)
        return FileFormatError(str(path), reason)

    table = read_reference(path.name, raw, layout=_LAYOUT, refuse=refuse)
    # Where cells are not cut from text, a number has a decimal point whatever the language.
    decimal_comma = table.delimiter not in {"", ","}
    records = [
        Record(
            line,
            {name: cell.strip() for name, cell in cells.items()},
            decimal_comma=decimal_comma,
        )
        for line, cells in table.records(SHEET_COLUMNS)
    ]
    return records, list(table.names)


def date_of(text: str) -> tuple[int, int, int]:
    """Return (year, month, day) of a date such as "January 17 2023", "2022-2-6" or "2021".

    Zero for what it does not say.
    """
    words = normalise_text(text).split()
    year = next((int(word) for word in words if re.fullmatch(r"(?:19|20)\d\d", word)), 0)
    small = [int(word) for word in words if re.fullmatch(r"\d{1,2}", word)]
    month = 0
    for number, names in enumerate(_MONTHS, start=1):
        if any(word.startswith(names) for word in words):
            month = number
            break
    else:
        if year and words and words[0] == str(year) and small:  # year first: 2022-2-6
            month, small = small[0], small[1:]
    if not 0 <= month <= len(_MONTHS):
        month = 0
    return year, month, small[0] if month and small else 0
