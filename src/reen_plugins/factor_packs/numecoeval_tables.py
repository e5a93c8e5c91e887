"""The reference files of NumEcoEval and G4IT, as rows by kind of file.

Input: a folder, or one file.  Output: the rows of each table under one set of names, whatever the
generation of their headers (French, English, English in snake_case), with file and line.  Which
file is which is told by its header, never by its name.

Knows bytes and columns; what the rows mean is for `numecoeval_reference`.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

from reen import FactorDataError, FileFormatError, normalise_text

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

    def fail(self, line: int, column: str, value: str, expected: str) -> FactorDataError:
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
            raise self.fail(line, column, row[column], "a number, such as 1.75")
        return value


def _key(header: str) -> str:
    return normalise_text(header).replace(" ", "")


_NAMES = {
    table: {_key(header): name for name, headers in columns.items() for header in headers}
    for table, columns in _COLUMNS.items()
}


def recognise(head: bytes) -> str | None:
    """Return which table a file is, from its first bytes; None for another kind of file."""
    if b"\0" in head:
        return None
    try:
        first = _text(head, "").lstrip("\r\n").splitlines()[:1]
    except FileFormatError:
        return None
    if not first:
        return None
    return _table(_cells(first[0], _delimiter(first[0])))


def _table(header: Sequence[str]) -> str | None:
    for table, needed in _SIGNATURES:
        names = {_NAMES[table].get(_key(cell)) for cell in header}
        if set(needed) <= names:
            return table
    return None


def _text(data: bytes, file: str) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileFormatError(file, "the text is neither UTF-8 nor Windows-1252; save it as CSV UTF-8")


def _delimiter(line: str) -> str:
    return max(";,\t", key=line.count)


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


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
        reason = (
            "no NumEcoEval reference file was found; expected at least the characterisation"
            " factors (nom;etapeacv;critere;...;valeur, or name;lifecycleStep;criterion;...;value)"
        )
        raise FileFormatError(str(path), reason)
    return [_read(file, table) for file, table in files]


def _read(file: Path, table: str) -> Table:
    text = _text(file.read_bytes(), str(file))
    start = len(text) - len(text.lstrip("\r\n"))
    skipped = text[:start].count("\n")
    text = text[start:]
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text.splitlines()[0]))
    rows: list[tuple[int, Row]] = []
    try:
        header = next(reader)
        names = [_NAMES[table].get(_key(cell), "") for cell in header]
        while True:
            line = skipped + reader.line_num + 1  # where the next record begins
            cells = next(reader, None)
            if cells is None:
                break
            if not any(cell.strip() for cell in cells):
                continue
            if any(cell.strip() for cell in cells[len(names) :]):
                expected = f"{len(names)} cells, as the header has"
                raise FactorDataError(file.name, line, "", f"{len(cells)} cells", expected)
            row = dict.fromkeys(_COLUMNS[table], "")
            for name, cell in zip(names, cells, strict=False):
                if name and not row[name]:
                    tidy = " ".join(cell.split())
                    row[name] = "" if tidy.casefold() in _NOTHING else tidy
            rows.append((line, row))
    except csv.Error as error:
        raise FileFormatError(str(file), f"the text cannot be cut into rows: {error}") from error
    headers = {name: cell.strip() for name, cell in zip(names, header, strict=True) if name}
    return Table(table, file.name, headers, tuple(rows))
