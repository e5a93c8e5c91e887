"""Matching table: which sheet answers for which model, written by reen and corrected by a person.

Written as CSV, one line per distinct model and maker of an inventory.  The column `sheet` decides;
what a person writes there goes before the matcher's own answer.  Read back as spreadsheets save it:
text of any usual encoding and delimiter, or a workbook.

Knows no factor and no inventory.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import attrs

from reen.errors import InventoryError
from reen.gate.characters import inert
from reen.reasons import Reason, say
from reen.reasons.system import system_words
from reen.tables.reference.header import Layout
from reen.tables.reference.reading import Fault, ReferenceTable, read_reference

__all__ = ["MATCHING_COLUMNS", "MatchedModel", "MatchingTable"]

#: Columns of the file, in order, with what each holds; the first of a hand-made table are enough.
MATCHING_COLUMNS: Mapping[str, str] = {
    "model": "model as the inventory writes it",
    "manufacturer": "maker as the inventory writes it, or empty",
    "equipment_type": "type key of most of its items, or empty",
    "quantity": "items of that model, for information",
    "sheet": "identifier of the flow that answers for it, or empty: correct this one",
    "sheet_name": "name of the sheet, for information",
    "level": "model, approximate model, type or none; write model to confirm an approximate one",
    "score": "likeness of the names, 0 to 100",
    "candidates": "nearest sheets with their scores, for information",
    "remark": "why there is no sheet, for information",
}

_LAYOUT = Layout(
    columns=tuple(MATCHING_COLUMNS),
    required=("model", "sheet"),
    others=True,
    surplus=True,
    name_of=lambda header: header.strip().lower(),
)


@attrs.frozen(kw_only=True)
class MatchedModel:
    """One line of a matching table.

    Attributes
    ----------
    model, manufacturer
        What the line is about, as the inventory writes it.
    equipment_type, quantity
        Type and number of items, for information.
    sheet, sheet_name
        Flow id that answers for the model and its name; empty for none.
    level, score
        ``model``, ``approximate model``, ``type`` or ``none``; likeness, NaN when there is none.
    candidates
        Nearest flow ids with their scores.
    remark
        Why there is no sheet.
    line
        Line of the file, 0 when it does not come from one.
    """

    model: str
    manufacturer: str = ""
    equipment_type: str = ""
    quantity: float = math.nan
    sheet: str = ""
    sheet_name: str = ""
    level: str = ""
    score: float = math.nan
    candidates: tuple[tuple[str, float], ...] = ()
    remark: str = ""
    line: int = attrs.field(default=0, eq=False)

    def cells(self) -> dict[str, str]:
        """Return the cells of the line, by column."""
        return {
            "model": self.model,
            "manufacturer": self.manufacturer,
            "equipment_type": self.equipment_type,
            "quantity": _digits(self.quantity),
            "sheet": self.sheet,
            "sheet_name": self.sheet_name,
            "level": self.level,
            "score": _digits(self.score),
            "candidates": " | ".join(f"{flow} ({score:.0f})" for flow, score in self.candidates),
            "remark": self.remark,
        }


def _digits(number: float) -> str:
    return "" if math.isnan(number) else f"{number:.6g}" if number % 1 else f"{number:.0f}"


def _form(text: str) -> str:
    """Return a cell as it is looked up: case, blanks and Unicode form do not matter."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


@attrs.frozen
class MatchingTable:
    """The lines of a matching table.

    Attributes
    ----------
    rows
        One per distinct model and maker.
    name
        Name of the file, empty when it was not read from one.
    """

    rows: tuple[MatchedModel, ...]
    name: str = ""

    @functools.cached_property
    def _lines(self) -> Mapping[tuple[str, str], MatchedModel]:
        return {(_form(row.model), _form(row.manufacturer)): row for row in self.rows}

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.rows)

    def __str__(self) -> str:
        """Return its name, size and digest, for a provenance."""
        name = self.name or "matching table"
        return f"{name} ({len(self.rows)} models, SHA-256 {self.digest()[:12]})"

    def find(self, model: str, manufacturer: str = "") -> MatchedModel | None:
        """Return the line of a model: that of its maker, else the one that names no maker."""
        form = _form(model)
        return self._lines.get((form, _form(manufacturer))) or self._lines.get((form, ""))

    def digest(self) -> str:
        """Return a SHA-256 of what decides (model, maker, sheet, level), whatever the order."""
        lines = sorted(
            repr((_form(row.model), _form(row.manufacturer), row.sheet, _form(row.level)))
            for row in self.rows
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def to_csv(self) -> str:
        """Return the file as text: commas, decimal points, a header."""
        text = io.StringIO()
        writer = csv.DictWriter(text, MATCHING_COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in self.rows:
            writer.writerow({name: inert(cell) for name, cell in row.cells().items()})
        return text.getvalue()

    @classmethod
    def read(cls, path: str | Path) -> MatchingTable:
        """Read a table, as written by `to_csv`, corrected, or made by hand.

        Only the columns `model` and `sheet` are needed.

        Raises
        ------
        InventoryError
            The file cannot be read, lacks a column, or says two things of one model.
        """
        path = Path(path)
        try:
            table = read_reference(path.name, path, layout=_LAYOUT, refuse=_error)
        except OSError as error:
            message = Reason(
                "error_matching_table_cannot_read", path=str(path), strerror=system_words(error)
            )
            raise InventoryError(message) from error
        return cls(_checked(_rows(table), table.place), path.name)


def _error(fault: Fault) -> InventoryError:
    line = "" if fault.line is None else say("error_comma_line", line=str(fault.line))
    where = f"{fault.place}{line}"
    if fault.kind == "missing":
        return InventoryError(
            Reason(
                "error_matching_table_needs_columns_model_sheet",
                place=fault.place,
                column=fault.column,
                matching_columns=", ".join(MATCHING_COLUMNS),
            )
        )
    if fault.kind == "file":
        return InventoryError(
            Reason(
                "error_the_matching_table_cannot_be_read_63", where=where, expected=fault.expected
            )
        )
    column = say("error_comma_column", column=fault.column) if fault.column else ""
    value = f": {fault.value}" if fault.value else ""
    what = f"{column}{value}"
    return InventoryError(Reason("error_expected", where=where, what=what, expected=fault.expected))


def _rows(table: ReferenceTable) -> Iterable[MatchedModel]:
    for line, cells in table.records(MATCHING_COLUMNS):
        row = {key: value.strip() for key, value in cells.items()}
        if row["model"]:
            yield MatchedModel(
                model=row["model"],
                manufacturer=row.get("manufacturer", ""),
                equipment_type=row.get("equipment_type", ""),
                quantity=_number(row.get("quantity", "")),
                sheet=row["sheet"],
                sheet_name=row.get("sheet_name", ""),
                level=row.get("level", ""),
                score=_number(row.get("score", "")),
                remark=row.get("remark", ""),
                line=line,
            )


def _number(text: str) -> float:
    """Return a figure that is there for information: unreadable is as good as absent."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return math.nan


def _checked(rows: Iterable[MatchedModel], name: str) -> tuple[MatchedModel, ...]:
    """Return the rows once each; two lines that disagree on one model are refused."""
    found: dict[tuple[str, str], MatchedModel] = {}
    for row in rows:
        key = (_form(row.model), _form(row.manufacturer))
        first = found.setdefault(key, row)
        if first.sheet != row.sheet:
            message = Reason(
                "error_lines_model_matched_keep_one_two",
                name=name,
                line=first.line,
                line_2=row.line,
                model=row.model,
                sheet=first.sheet,
                sheet_2=row.sheet,
            )
            raise InventoryError(message)
    return tuple(found.values())


def require_sheets(table: MatchingTable, known: Sequence[str]) -> None:
    """Refuse a table that names a sheet which is not there.

    Raises
    ------
    InventoryError
        With the line and the nearest identifiers.
    """
    import difflib

    ids = set(known)
    for row in table.rows:
        if row.sheet and row.sheet not in ids:
            near = difflib.get_close_matches(row.sheet, known, 3)
            hint = Reason("hint_did_you_mean", near=" or ".join(map(repr, near))) if near else ""
            message = Reason(
                "error_line_no_factor_use_has_identifier",
                name=table.name or Reason("table_of_matches"),
                line=row.line,
                sheet=row.sheet,
                model=row.model,
                hint=hint,
            )
            raise InventoryError(message)
