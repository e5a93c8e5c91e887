"""The importer `delimited`: CSV and TSV of any dialect as an inventory.

Input: a text file (any encoding, delimiter, language, with titles above the header, totals and
notes among the rows).  Output: canonical columns, issues and a report in which every row of the
file is accounted for: records, ignored by reason, rejected.

The steps are one module each, in this order: `textfile` (bytes to text), `dialect` (delimiter and
header), `headers` (what the columns are), `records` (rows as text), `rows` (which are equipment),
`not_hardware` (virtual machines, licences), `conversion` (cells), `duplicates`.
"""

from __future__ import annotations

from pathlib import Path

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.errors import CountryError, EmptyInventoryError, FileFormatError
from reen.inventory.issues import ReadReport
from reen.inventory.schema import EQUIPMENT
from reen.tables.conversion import Converted, constant, convert
from reen.tables.delimited.dialect import MOST_COLUMNS, Dialect, find_dialect
from reen.tables.delimited.records import Records, read_records
from reen.tables.delimited.textfile import Text, read_text
from reen.tables.duplicates import Merged, merge_duplicates
from reen.tables.findings import Findings
from reen.tables.headers import Headings, map_headers, recognise
from reen.tables.importing import Imported, ReadOptions, Sample, Sniff
from reen.tables.mending import knows, may_have_lost_letters, mend_words, tell_repairs
from reen.tables.misfits import sort_misfits, tell_completed
from reen.tables.not_hardware import licences, names_virtual_machine, virtual_machines
from reen.tables.rows import SortedRows, sort_rows
from reen.tables.sheet import Sheet, is_plain
from reen.tables.short_rows import complete_short_rows
from reen.tables.sniffing import sniff_delimited
from reen.vocabulary.countries import resolve_country

__all__ = ["Delimited"]

VIRTUAL = "virtual machine"
LICENCE = "licence or software"
DUPLICATE = "duplicate"

#: Page sizes of asset tools: a list of exactly that many rows may be one page of a longer one.
_PAGES = frozenset({15, 20, 50, 100})

#: Days since the last contact after which a record is called stale.
_STALE_DAYS = 365


@attrs.frozen
class Delimited:
    """Reader of delimited text; what it knows of headers and words stands in its `data` folder."""

    name: str = attrs.field(default="delimited", init=False)
    title: str = attrs.field(
        default="CSV, TSV and other delimited text, in French or English", init=False
    )

    def sniff(self, sample: Sample) -> Sniff:
        """Say how sure it is that it can read the file."""
        return sniff_delimited(sample)

    def read(self, path: Path, options: ReadOptions) -> Imported:
        """Read the file.

        Raises
        ------
        EmptyInventoryError
            The file is empty, or none of its rows is equipment.
        FileFormatError
            The file is not delimited text.
        SchemaError
            No header is known, or two claim one column.
        OptionError, CountryError
            An encoding, delimiter or country that does not exist.
        """
        if options.country is not None and resolve_country(options.country) is None:
            raise CountryError(options.country)
        text = read_text(path, options.encoding, known=knows(options))
        dialect = find_dialect(
            text, lambda cells: recognise(cells, options.columns), options.delimiter
        )
        if len(dialect.header) > MOST_COLUMNS:
            reason = (
                f"line {dialect.header_line or 1} has {len(dialect.header):,} cells; expected a"
                f" header of at most {MOST_COLUMNS:,} columns"
            )
            raise FileFormatError(str(path), reason)
        headings = map_headers(dialect.header, options.columns, path.name)
        records = read_records(text, dialect, headings.read, path)
        if not records.read:
            message = (
                f"{path}: there is only a header (line {dialect.header_line}); expected a line per"
                " asset below it."
            )
            raise EmptyInventoryError(message)
        return _Reading(path, options, headings).imported(text, dialect, records)


class _Reading:
    """One file on its way from records to an inventory."""

    def __init__(self, path: Path, options: ReadOptions, headings: Headings) -> None:
        self._path = path
        self._options = options
        self._headings = headings
        self._findings = Findings(path.name)

    def imported(self, text: Text, dialect: Dialect, records: Records) -> Imported:
        records, completed = complete_short_rows(records, dialect, self._headings)
        sheet = Sheet(
            records.columns,
            records.lines,
            plain=records.quoted and is_plain(text.data, dialect.delimiter),
            unquote=not records.quoted,
        )
        tell_repairs(text, dialect, self._headings, knows(self._options), self._findings)
        if may_have_lost_letters(text.data):
            mend_words(sheet, self._headings, self._options.equipment_types, self._findings)
        tell_completed(completed, dialect, self._headings.personal, self._findings)
        ignored: dict[str, int] = {}
        if records.blank_lines:
            ignored["blank row"] = records.blank_lines
        rejected = sort_misfits(
            records.misfits, dialect, self._headings.personal, ignored, self._findings
        )
        found = sort_rows(sheet, self._headings, self._names_a_type, self._findings)
        for kind, count in found.ignored.items():
            ignored[kind] = ignored.get(kind, 0) + count
        found = self._without_software(found, ignored)
        converted = convert(
            found.sheet,
            self._headings,
            found.sections,
            self._options,
            self._findings,
            language=self._language(dialect),
        )
        merged = merge_duplicates(converted.columns, found.sheet.lines, self._findings)
        if merged.merged:
            ignored[DUPLICATE] = merged.merged
        if not len(merged.lines):
            raise EmptyInventoryError(self._no_equipment(records, ignored, rejected))
        report = ReadReport(
            source=self._path.name,
            importer="delimited",
            details={
                "encoding": text.encoding,
                "delimiter": dialect.delimiter,
                "header line": str(dialect.header_line),
                **({} if records.quoted else {"quotation marks": "none (they do not balance)"}),
                **converted.details,
            },
            mapped={name: group[0].text for name, group in self._headings.columns.items()},
            kept=tuple(
                heading.text
                for heading in self._headings.kept.values()
                if heading.text not in converted.personal
            ),
            rows_read=records.read,
            records=len(merged.lines),
            ignored=ignored,
            rejected=rejected,
            assumptions=(
                *converted.assumptions,
                *self._remarks(records, converted, merged),
            ),
        )
        return Imported(
            table=self._table(converted, merged), issues=self._findings.issues, report=report
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

    def _no_equipment(self, records: Records, ignored: dict[str, int], rejected: int) -> str:
        """Say what the rows of a file without equipment are."""
        kinds = [f"{count} {kind}" for kind, count in ignored.items()]
        kinds += [f"{rejected} refused"] if rejected else []
        first = f" The first issue: {self._findings.issues[0]}." if self._findings.issues else ""
        return (
            f"{self._path}: none of the {records.read} row(s) is equipment ({', '.join(kinds)})."
            f"{first} Expected a line per asset below the header."
        )

    def _what_is_on(self, sheet: Sheet, row: int) -> str:
        """Return the words by which a person knows a row."""
        for column in ("model", "manufacturer", "equipment_type"):
            for heading in self._headings.columns.get(column, ()):
                word = sheet.words(heading.position)[row].as_py()
                if word:
                    return str(word)
        return ""

    def _language(self, dialect: Dialect) -> str:
        """Return the language of dates whose order nothing tells: French lists use ``;``."""
        if self._headings.language:
            return self._headings.language
        return "fr" if dialect.delimiter == ";" else "en"

    def _remarks(self, records: Records, converted: Converted, merged: Merged) -> list[str]:
        remarks = []
        headings = self._headings
        personal = [*(heading.text for heading in headings.personal), *converted.personal]
        if personal:
            names = ", ".join(map(repr, personal))
            remarks.append(f"Left out, because they name persons or their devices: {names}.")
        if headings.dropped:
            names = ", ".join(repr(heading.text) for heading in headings.dropped)
            remarks.append(f"Written anew by this reading: {names}.")
        if records.read in _PAGES:
            remarks.append(
                f"The list is whole, though {records.read} rows is a page of many asset tools."
            )
        if not records.quoted:
            remarks.append("Quotation marks do not balance: they are read as inch marks.")
        remarks += _without_model(merged)
        seen = merged.columns.get("last_seen")
        if seen is not None:
            days = pc.days_between(seen, pa.scalar(self._options.today, pa.date32()))
            stale = pc.sum(pc.greater(days, _STALE_DAYS)).as_py() or 0
            if stale:
                remarks.append(f"{stale} row(s) last seen over a year ago are counted.")
        return remarks

    def _table(self, converted: Converted, merged: Merged) -> pa.Table:
        names = [name for name in EQUIPMENT if name in merged.columns]
        columns = {name: merged.columns[name] for name in (*names, *merged.columns)}
        columns["source"] = constant(self._path.name, len(merged.lines))
        columns["source_row"] = pa.array(merged.lines, pa.int64())
        fields = [
            pa.field(
                name,
                array.type,
                metadata={"unit": converted.units[name]} if name in converted.units else None,
            )
            for name, array in columns.items()
        ]
        return pa.table(list(columns.values()), schema=pa.schema(fields))


def _without_model(merged: Merged) -> list[str]:
    """Return what share of the quantity has no model, in a sentence; nothing when all have one."""
    rows = len(merged.lines)
    model = merged.columns.get("model")
    blank = np.ones(rows, np.bool_) if model is None else ~_valid(model)
    without = int(blank.sum())
    if not without:
        return []
    quantity = merged.columns.get("quantity")
    share = ""
    if quantity is not None:
        items = np.nan_to_num(quantity.to_numpy(zero_copy_only=False), nan=0.0)
        if items.sum() > 0:
            share = f" ({items[blank].sum() / items.sum():.0%} of the items)"
    return [f"{without} of {rows} rows{share} have no model."]


def _valid(cells: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(cells.is_valid().to_numpy(zero_copy_only=False), np.bool_)
