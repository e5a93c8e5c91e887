"""The reference files of NumEcoEval and G4IT, as rows by kind of file.

Input: a folder, or one file.  Output: the rows of each table under one set of names, whatever the
generation of their headers (French, English, English in snake_case), with file and line.  Which
file is which is told by its header, never by its name.

Knows bytes and columns; what the rows mean is for `numecoeval_reference`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from pathlib import Path

import attrs

from reen import ReenError
from reen.errors import FactorDataError, FileFormatError
from reen.plugin import Reason
from reen.plugin.files import normalise_text
from reen.tables.reference.header import Layout, find_header
from reen.tables.reference.reading import Fault, read_reference

__all__ = ["Row", "Table", "recognise", "reference_files", "tables_of"]

#: Names used here, by table, with the headers that each goes by.
_COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "factors": {
        "item": ("nom", "name"),
        "step": ("etapeacv", "lifecycleStep"),
        "criterion": ("critere", "criterion"),
        "value": ("valeur", "value"),
        "description": ("description",),
        "level": ("niveau", "level"),
        "tier": ("tiers", "tier"),
        "category": ("categorie", "category"),
        "energy": ("consoElecMoyenne", "avgElectricityConsumption"),
        "place": ("localisation", "location"),
        "unit": ("unite", "unit"),
        "source": ("source",),
        "owner": ("subscriber", "nomOrganisation"),
    },
    "types": {
        "type": ("type",),
        "server": ("serveur", "isServer"),
        "lifetime": ("dureeVieDefaut", "defaultLifespan"),
        "item": ("refItemParDefaut", "refEquipementParDefaut", "refDefaultItem"),
        "source": ("source",),
        "owner": ("subscriber", "nomOrganisation"),
    },
    "matching": {
        "model": ("modeleEquipementSource", "itemSource", "cle"),
        "item": ("refEquipementCible", "refItemTarget", "valeur"),
        "owner": ("subscriber", "nomOrganisation"),
    },
    "hypotheses": {
        "key": ("cle", "code"),
        "value": ("valeur", "value"),
        "source": ("source",),
        "owner": ("subscriber", "nomOrganisation"),
    },
    "criteria": {
        "code": ("nomCritere", "code"),
        "label": ("label",),
        "unit": ("unite", "unit"),
    },
    "stages": {"code": ("code",), "label": ("libelle", "label")},
}

#: What a header must have to be of a table, tried in this order: a file of hypotheses says where
#: they come from, a bare pair of key and value is the matching.
_SIGNATURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("factors", ("item", "step", "criterion", "value")),
    ("types", ("type", "server")),
    ("hypotheses", ("key", "value", "source")),
    ("matching", ("model", "item")),
    ("criteria", ("code", "unit")),
    ("stages", ("code", "label")),
)

#: Tables that make a folder one of reference files; the others are too plain to tell.
_TELLING = frozenset({"factors", "types"})

_SUFFIXES = frozenset({".csv", ".txt"})
_HEAD = 65_536

#: What the databases of the publishers write for nothing.
_NOTHING = frozenset({"", "null"})

Row = Mapping[str, str]


@attrs.frozen
class Table:
    """The rows of one file.

    Attributes
    ----------
    name
        Which table it is.
    file
        Name of the file, for messages.
    headers
        Header in the file of each name used here.
    rows
        (line of the file, cells under the names used here; an empty text for nothing).
    """

    name: str
    file: str
    headers: Mapping[str, str]
    rows: tuple[tuple[int, Row], ...]

    def fail(self, line: int, column: str, value: str, expected: Reason | str) -> FactorDataError:
        """Return the error of a cell."""
        return FactorDataError(self.file, line, self.headers.get(column, column), value, expected)

    def number(self, line: int, row: Row, column: str) -> float:
        """Return a number with a decimal point or comma.

        Raises
        ------
        FactorDataError
            The cell holds no number.
        """
        try:
            value = float(row[column].replace(",", "."))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.fail(line, column, row[column], Reason("error_number_1_75"))
        return value


def _key(header: str) -> str:
    return normalise_text(header).replace(" ", "")


def _name_of(table: str, header: str) -> str:
    return _NAMES[table].get(_key(header), "")


_NAMES = {
    table: {_key(header): name for name, headers in columns.items() for header in headers}
    for table, columns in _COLUMNS.items()
}

_LAYOUTS = {
    table: Layout(
        columns=tuple(_COLUMNS[table]),
        required=required,
        others=True,
        repeats=True,
        surplus=True,
        name_of=functools.partial(_name_of, table),
    )
    for table, required in _SIGNATURES
}


def recognise(head: bytes) -> str | None:
    """Return which table a file is, from its first bytes; None for another kind of file."""
    for table, layout in _LAYOUTS.items():
        header = find_header(head, layout)
        if header is not None and header.complete and header.above is None:
            return table
    return None


def reference_files(path: Path) -> list[tuple[Path, str]]:
    """Return the reference files at a path with their tables: the file itself, or a folder's.

    Nothing when none of them is telling.
    """
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    found = []
    for file in files:
        if file.is_file() and (not path.is_dir() or file.suffix.casefold() in _SUFFIXES):
            with file.open("rb") as opened:
                table = recognise(opened.read(_HEAD))
            if table is not None:
                found.append((file, table))
    return found if any(table in _TELLING for _, table in found) else []


def tables_of(path: Path) -> list[Table]:
    """Read the reference files at a path.

    Raises
    ------
    FileFormatError
        There is no reference file, or one that is no text.
    FactorDataError
        A row with more cells than its header.
    """
    files = reference_files(path)
    if not files:
        reason = Reason("error_no_numecoeval_reference_file_was_found")
        raise FileFormatError(str(path), reason)
    return [_read(file, table) for file, table in files]


def _read(file: Path, name: str) -> Table:
    def refuse(fault: Fault) -> ReenError:
        if fault.kind == "file":
            return FileFormatError(str(file), fault.expected)
        return FactorDataError(fault.place, fault.line, fault.column, fault.value, fault.expected)

    table = read_reference(file.name, file, layout=_LAYOUTS[name], refuse=refuse)
    columns = dict.fromkeys(_COLUMNS[name], "")
    rows = []
    for line, cells in table.records(columns):
        tidy = {column: " ".join(cell.split()) for column, cell in cells.items()}
        found = {column: cell for column, cell in tidy.items() if cell.casefold() not in _NOTHING}
        rows.append((line, columns | found))
    headers = {
        column: cell for column, cell in zip(table.names, table.header, strict=True) if column
    }
    return Table(name, table.place, headers, tuple(rows))
