"""Assets: one table of equipment becomes canonical columns, issues and a report.

Input: a table and what the user says.  Output: an `Imported` in which every row of the table is
accounted for.  The steps are one module each, in this order: `headers` (what the columns are),
`misfits` (rows of another length), `rows` (which are equipment), `not_hardware` (virtual machines,
licences), `conversion` (cells).  Several records of one asset are found by `identity`,
once the rows of all files are together.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.errors import EmptyInventoryError
from reen.inventory.issues import ReadReport
from reen.inventory.schema import EQUIPMENT
from reen.tables.accounting import Items, items_of_sheet, set_aside
from reen.tables.conversion import Converted, constant, convert
from reen.tables.findings import Findings
from reen.tables.headers import Headings, map_headers
from reen.tables.importing import Imported, ReadOptions
from reen.tables.misfits import sort_misfits
from reen.tables.not_hardware import licences, names_virtual_machine, virtual_machines
from reen.tables.rows import SortedRows, sort_rows
from reen.tables.settling import settle
from reen.tables.sheet import Sheet
from reen.tables.table import Rows, Table, TextTable
from reen.tables.typed.reading import typed_rows

__all__ = ["read_assets"]

VIRTUAL = "virtual machine"
LICENCE = "licence or software"

#: Page sizes of asset tools: a list of exactly that many rows may be one page of a longer one.
_PAGES = frozenset({15, 20, 50, 100})

#: What the commonest accents of UTF-8 look like when they are read as Windows-1252.
_TWICE_ENCODED = tuple(
    letter.encode().decode("cp1252").encode() for letter in ("é", "è", "ê", "ç", "É")
)

#: Days since the last contact after which a record is called stale.
_STALE_DAYS = 365


def read_assets(table: Table, options: ReadOptions) -> Imported:
    """Read a table of equipment.

    Raises
    ------
    EmptyInventoryError
        There is no row below the header, or none is equipment.
    FileFormatError
        A text cannot be cut into rows.
    SchemaError
        No header is known, or two claim one column.
    """
    headings = map_headers(table.header, options.columns, table.source)
    rows = typed_rows(table, headings) or table.rows(headings.read)
    if not rows.count:
        message = (
            f"{table.source}: there is only a header (line {table.header_line}); expected a line"
            " per asset below it."
        )
        raise EmptyInventoryError(message)
    return _Reading(table, options, headings).imported(rows)


class _Reading:
    """One table on its way from rows to an inventory."""

    def __init__(self, table: Table, options: ReadOptions, headings: Headings) -> None:
        self._table = table
        self._options = options
        self._headings = headings
        self._findings = Findings(table.source)
        self._items: dict[str, Items] = {}

    def imported(self, rows: Rows) -> Imported:
        ignored: dict[str, int] = {}
        if rows.blank:
            ignored["blank row"] = rows.blank
        rejected = 0
        if isinstance(self._table, TextTable):
            rejected = sort_misfits(
                rows.misfits,
                self._table.dialect,
                self._headings.personal,
                ignored,
                self._findings,
            )
        language = self._language()
        self._headings = settle(rows.sheet, self._headings, self._findings, language=language)
        found = sort_rows(
            rows.sheet, self._headings, self._names_a_type, self._findings, language=language
        )
        for kind, count in found.ignored.items():
            ignored[kind] = ignored.get(kind, 0) + count
        found = self._without_software(found, ignored)
        converted = convert(
            found.sheet,
            self._headings,
            found.sections,
            self._options,
            self._findings,
            language=language,
        )
        lines = found.sheet.lines
        if not len(lines):
            raise EmptyInventoryError(self._no_equipment(rows, ignored, rejected))
        report = ReadReport(
            source=self._table.source,
            importer="table",
            details={
                **self._table.details,
                **({} if rows.quoted else {"quotation marks": "none (they do not balance)"}),
                **converted.details,
            },
            mapped={name: group[0].text for name, group in self._headings.columns.items()},
            kept=tuple(
                heading.text
                for heading in self._headings.kept.values()
                if heading.text not in converted.personal
            ),
            written_anew=tuple(str(heading.column) for heading in self._headings.dropped),
            assumptions=(
                *converted.assumptions,
                *self._remarks(rows, converted),
                *self._remarks_on_text(),
            ),
        )
        return Imported(
            table=self._columns(converted, lines),
            issues=self._findings.issues,
            report=report,
            rows_read=rows.count,
            lines=set_aside(ignored, self._items),
            passed=True,
        )

    def _names_a_type(self, word: str) -> bool:
        """Tell whether a word alone in its row is a type, if only of a virtual machine."""
        known = self._options.equipment_types.resolve(word) is not None
        return known or names_virtual_machine(word)

    def _without_software(self, found: SortedRows, ignored: dict[str, int]) -> SortedRows:
        """Return the rows without virtual machines and licences, which are counted."""
        resolve = self._options.equipment_types.resolve
        virtual = virtual_machines(found.sheet, self._headings, resolve)
        software = licences(found.sheet, self._headings) & ~virtual
        for kind, mask in ((VIRTUAL, virtual), (LICENCE, software)):
            if mask.any():
                ignored[kind] = int(mask.sum())
                self._items[kind] = items_of_sheet(found.sheet.keep(mask), self._headings)
                self._findings.rows(
                    "",
                    self._what_is_on(found.sheet, int(mask.argmax())),
                    f"is a {kind}, set aside",
                    found.sheet.lines[mask],
                )
        kept = ~(virtual | software)
        if kept.all():
            return found
        sections = found.sections
        if sections is not None:
            sections = attrs.evolve(sections, titles=sections.titles.filter(pa.array(kept)))
        return attrs.evolve(found, sheet=found.sheet.keep(kept), sections=sections)

    def _no_equipment(self, rows: Rows, ignored: dict[str, int], rejected: int) -> str:
        """Say what the rows of a file without equipment are."""
        kinds = [f"{count} {kind}" for kind, count in ignored.items()]
        kinds += [f"{rejected} refused"] if rejected else []
        first = f" The first issue: {self._findings.issues[0]}." if self._findings.issues else ""
        return (
            f"{self._table.source}: none of the {rows.count} row(s) is equipment"
            f" ({', '.join(kinds)}).{first} Expected a line per asset below the header."
        )

    def _what_is_on(self, sheet: Sheet, row: int) -> str:
        """Return the words by which a person knows a row."""
        for column in ("model", "manufacturer", "equipment_type"):
            for heading in self._headings.columns.get(column, ()):
                word = sheet.words(heading.position)[row].as_py()
                if word:
                    return str(word)
        return ""

    def _language(self) -> str:
        """Return the language of dates whose order nothing tells: French lists use ``;``."""
        if self._headings.language:
            return self._headings.language
        return "fr" if self._table.delimiter in ("", ";") else "en"

    def _remarks(self, rows: Rows, converted: Converted) -> list[str]:
        remarks = []
        headings = self._headings
        personal = [*(heading.text for heading in headings.personal), *converted.personal]
        if personal:
            names = ", ".join(map(repr, personal))
            remarks.append(f"Left out, because they name persons or their devices: {names}.")
        if headings.dropped:
            names = ", ".join(repr(heading.text) for heading in headings.dropped)
            remarks.append(f"Written anew by this reading: {names}.")
        if rows.count in _PAGES:
            remarks.append(
                f"The list is whole, though {rows.count} rows is a page of many asset tools."
            )
        if not rows.quoted:
            remarks.append("Quotation marks do not balance: they are read as inch marks.")
        remarks += _without_model(converted.columns)
        seen = converted.columns.get("last_seen")
        if seen is not None:
            days = pc.days_between(seen, pa.scalar(self._options.today, pa.date32()))
            stale = pc.sum(pc.greater(days, _STALE_DAYS)).as_py() or 0
            if stale:
                remarks.append(f"{stale} row(s) last seen over a year ago are counted.")
        return remarks

    def _remarks_on_text(self) -> list[str]:
        table = self._table
        if not isinstance(table, TextTable) or table.text.encoding != "cp1252":
            return []
        if not any(mark in table.text.data for mark in _TWICE_ENCODED):
            return []
        remark = (
            "The text is Windows-1252, though it looks like UTF-8 with a damaged byte: accents may"
            " be wrong; save it again as CSV UTF-8."
        )
        return [remark]

    def _columns(self, converted: Converted, lines: npt.NDArray[np.int64]) -> pa.Table:
        names = [name for name in EQUIPMENT if name in converted.columns]
        columns = {name: converted.columns[name] for name in (*names, *converted.columns)}
        columns["source"] = constant(self._table.source, len(lines))
        columns["source_row"] = pa.array(lines, pa.int64())
        fields = [
            pa.field(
                name,
                array.type,
                metadata={"unit": converted.units[name]} if name in converted.units else None,
            )
            for name, array in columns.items()
        ]
        return pa.table(list(columns.values()), schema=pa.schema(fields))


def _without_model(columns: dict[str, pa.Array]) -> list[str]:
    """Return what share of the quantity has no model, in a sentence; nothing when all have one."""
    rows = len(next(iter(columns.values())))
    model = columns.get("model")
    blank = np.ones(rows, np.bool_) if model is None else ~_valid(model)
    without = int(blank.sum())
    if not without:
        return []
    quantity = columns.get("quantity")
    share = ""
    if quantity is not None:
        items = np.nan_to_num(quantity.to_numpy(zero_copy_only=False), nan=0.0)
        if items.sum() > 0:
            share = f" ({items[blank].sum() / items.sum():.0%} of the items)"
    return [f"{without} of {rows} rows{share} have no model."]


def _valid(cells: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(cells.is_valid().to_numpy(zero_copy_only=False), np.bool_)
