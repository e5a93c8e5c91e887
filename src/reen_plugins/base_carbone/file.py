"""The file form of ADEME's Base Carbone export: bytes in, elements with their sub-lines out.

67 columns, ``;``, Windows-1252, decimal commas and forms such as ``4,74E-3``; the rows of an
element ("Elément", a total) and of its sub-lines ("Poste") share one identifier.  Every cell that
cannot be read is an error that says where it stands.  What the elements mean, as factors, is the
business of `base_carbone_export`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import attrs

from reen import ReenError
from reen.errors import FactorDataError, FileFormatError
from reen.plugin import Reason
from reen.tables.reference.header import Layout, find_header
from reen.tables.reference.reading import Fault, read_reference

__all__ = ["COLUMNS", "ID", "TOTAL", "Element", "Line", "read_elements", "recognise"]


def _in_three_languages(name: str) -> tuple[str, ...]:
    return tuple(f"{name} {language}" for language in ("français", "anglais", "espagnol"))


#: The column that an element and its sub-lines share.
ID = "Identifiant de l'élément"
#: The column of the figure, in total and sub-line rows alike.
TOTAL = "Total poste non décomposé"

#: The 67 columns, in order.
COLUMNS = (
    *("Type Ligne", ID, "Structure", "Type de l'élément", "Statut de l'élément"),
    *_in_three_languages("Nom base"),
    *_in_three_languages("Nom attribut"),
    *_in_three_languages("Nom frontière"),
    "Code de la catégorie",
    *_in_three_languages("Tags"),
    *_in_three_languages("Unité"),
    *("Contributeur", "Autres Contributeurs", "Programme", "Url du programme", "Source"),
    "Localisation géographique",
    *_in_three_languages("Sous-localisation géographique"),
    *("Date de création", "Date de modification", "Période de validité", "Incertitude"),
    *("Réglementations", "Transparence"),
    *("Qualité", "Qualité TeR", "Qualité GR", "Qualité TiR", "Qualité C", "Qualité P", "Qualité M"),
    *_in_three_languages("Commentaire"),
    "Type poste",
    *_in_three_languages("Nom poste"),
    *(TOTAL, "CO2f", "CH4f", "CH4b", "N2O"),
    *(
        f"{what} gaz supplémentaire {number}"
        for number in range(1, 6)
        for what in ("Code", "Valeur")
    ),
    *("Autres GES", "CO2b"),
)

_POSITION = {name: k for k, name in enumerate(COLUMNS)}
_LAYOUT = Layout(columns=COLUMNS, required=COLUMNS, exact=True)

# Bounded lengths: no cell, however odd, may become a number that takes gigabytes to write out.
_IDENTIFIER = re.compile(r"[0-9]{1,9}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(,[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?")
_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})( [0-9]{2}:[0-9]{2})?")


@attrs.frozen
class Line:
    """One record of the file, with what is needed to say where a cell stands.

    Attributes
    ----------
    file
        Name of the file.
    number
        Line of the file where the record begins (header = 1).
    cells
        Texts, in the order of `COLUMNS`.
    """

    file: str
    number: int
    cells: Sequence[str] = attrs.field(repr=False)

    def __getitem__(self, column: str) -> str:
        """Return a cell without the blanks around it."""
        return self.cells[_POSITION[column]].strip()

    def fail(self, column: str, expected: Reason | str) -> FactorDataError:
        """Return the error that shows one cell of this line."""
        cell = self.cells[_POSITION[column]]
        return FactorDataError(self.file, self.number, column, cell, expected)

    def decimal(self, column: str) -> Decimal | None:
        """Return a number written as ``2935``, ``88,2`` or ``4,74E-3``, None when empty.

        Raises
        ------
        FactorDataError
            The cell is neither.
        """
        text = self[column]
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise self.fail(
                column,
                Reason("error_number_decimal_comma_88_2_4"),
            )
        return Decimal(text.replace(",", "."))

    def modified(self) -> tuple[int, int, int]:
        """Return (year, month, day) of the last change, zeros when the file gives none.

        Raises
        ------
        FactorDataError
            The date is not one.
        """
        for column in ("Date de modification", "Date de création"):
            if text := self[column]:
                found = _DATE.fullmatch(text)
                if found is None:
                    raise self.fail(column, Reason("error_date_21_12_2018_nothing_correct"))
                return int(found[3]), int(found[2]), int(found[1])
        return 0, 0, 0

    @property
    def is_valid(self) -> bool:
        """Whether the base still vouches for the element (it keeps archived ones)."""
        return self["Statut de l'élément"].casefold().startswith("valide")


@attrs.frozen
class Element:
    """An element with its sub-lines.

    Attributes
    ----------
    total
        Its own record, "Elément".
    sub_lines
        The records "Poste" of the same identifier.
    """

    total: Line
    sub_lines: tuple[Line, ...]

    @property
    def id(self) -> str:
        """Return the identifier of the Base Carbone."""
        return self.total[ID]


def recognise(head: bytes) -> int:
    """Return how many of the columns of the export begin the first line of a file, in order.

    Parameters
    ----------
    head
        The first bytes of the file, a whole line at least (the header takes 1.4 kB).
    """
    header = find_header(head, _LAYOUT)
    cells = () if header is None else header.cells
    pairs = enumerate(zip(cells, COLUMNS, strict=False))
    return next((k for k, (found, name) in pairs if found != name), min(len(cells), len(COLUMNS)))


def _lines(path: Path, raw: bytes) -> Iterator[Line]:
    """Yield the records of the file."""

    def refuse(fault: Fault) -> ReenError:
        if fault.kind == "file":
            reason = Reason("error_export_expected", expected=fault.expected)
            return FileFormatError(str(path), reason)
        if fault.kind != "row":
            return FileFormatError(str(path), _wrong_header(fault.header))
        expected = Reason("error_correct_or_download", expected=fault.expected)
        column = fault.column or str(Reason("error_whole_line"))
        return FactorDataError(fault.place, fault.line, column, fault.value, expected)

    table = read_reference(path.name, raw, layout=_LAYOUT, refuse=refuse)
    if table.header != COLUMNS:
        raise FileFormatError(str(path), _wrong_header(table.header))
    for number, cells in table.rows():
        yield Line(table.place, number, cells)


def _wrong_header(header: Sequence[str]) -> Reason:
    """Return what differs from the header of the export, and the remedy."""
    for k, name in enumerate(COLUMNS, start=1):
        found = header[k - 1] if k <= len(header) else ""
        if found != name:
            break
    else:
        k, name, found = len(COLUMNS) + 1, "nothing", header[len(COLUMNS)]
    return Reason(
        "error_no_base_carbone_export", number=k, found=found, name=name, count=len(COLUMNS)
    )


def read_elements(path: Path, raw: bytes) -> tuple[list[Element], tuple[str, ...]]:
    """Read the elements of an export, with the identifiers of sub-lines that have no element.

    Parameters
    ----------
    path
        The file, for messages.
    raw
        Its bytes.

    Raises
    ------
    FileFormatError
        The header is not that of the export, or the text cannot be decoded.
    FactorDataError
        A record without 67 cells, an identifier that is not a number, an unknown kind of row.
    FactorDataError
        Two element rows with one identifier.
    """
    totals: dict[str, Line] = {}
    sub_lines: dict[str, list[Line]] = {}
    for line in _lines(path, raw):
        identifier, kind = line[ID], line["Type Ligne"]
        if not _IDENTIFIER.fullmatch(identifier):
            raise line.fail(ID, Reason("error_whole_number_correct_cell_remove_line"))
        if kind == "Poste":
            sub_lines.setdefault(identifier, []).append(line)
        elif kind != "Elément":
            raise line.fail("Type Ligne", Reason("error_el_ment_total_poste_one_its"))
        elif identifier in totals:
            raise FactorDataError(
                line.file,
                line.number,
                ID,
                identifier,
                Reason(
                    "error_one_element_identifier_line_first_remove",
                    number=totals[identifier].number,
                ),
            )
        else:
            totals[identifier] = line
    orphans = tuple(identifier for identifier in sub_lines if identifier not in totals)
    return [
        Element(line, tuple(sub_lines.get(identifier, ()))) for identifier, line in totals.items()
    ], orphans
