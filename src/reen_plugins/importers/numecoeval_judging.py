"""Columns of the NumEcoEval files, read and judged: what is odd in them, and what it becomes.

Input: the sheet of one file and what its columns are.  Output: canonical columns; closed words
(type, country, status, COPE and BYOD, calcul and stockage) as reen's own, with the words as
written beside them; and in the findings whatever was odd.  No row is dropped here.

Every status is kept: the method computes all rows, whatever it says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from reen import ColumnKind, ReadOptions, Severity, resolve_country, resolve_status
from reen.tables.findings import Findings
from reen.tables.sheet import Sheet, codes_of
from reen_plugins.importers.numecoeval_cells import (
    read_date_cells,
    read_numbers,
    resolved,
    where_true,
)
from reen_plugins.importers.numecoeval_columns import FileKind, Headings

__all__ = ["read_columns"]

Columns = dict[str, pa.Array]

#: Words of the closed lists, lower case.
_KINDS = {"calcul": "compute", "stockage": "storage", "compute": "compute", "storage": "storage"}
_OWNERSHIPS = {"cope": "corporate_personal_use", "byod": "personal"}
_INFRASTRUCTURES = {"non_cloud_servers": "on_premises", "cloud_services": "public_cloud"}

#: Providers whose machines the publisher's tool can have computed by BoaviztAPI.
_PROVIDERS = frozenset({"aws", "azure", "gcp", "scaleway"})

_HOURS_OF_A_YEAR = 8784

#: Unknown types for which the nearest known ones are looked for: a while each.
_SUGGESTED = 20


def read_columns(
    kind: FileKind, headings: Headings, sheet: Sheet, options: ReadOptions, findings: Findings
) -> tuple[Columns, list[str]]:
    """Return the canonical and kept columns of a file, and what was taken for granted.

    Parameters
    ----------
    kind, headings
        Which file it is, and where its columns stand.
    sheet
        The rows.
    options
        Country of the rows that name none, and the taxonomy.
    findings
        Where what is odd is told.
    """
    judging = _Judging(sheet, options, findings)
    columns: Columns = {}
    for name, position in headings.mapped.items():
        column = kind.schema[name]
        if column.kind is ColumnKind.NUMBER:
            columns[name] = read_numbers(sheet, position, column, findings)
        elif column.kind is ColumnKind.DATE:
            columns[name] = read_date_cells(sheet, position, column, findings)
        else:
            columns[name] = sheet.words(position)
    judge: Mapping[FileKind, Callable[[Columns], None]] = {
        FileKind.DATACENTERS: judging.datacenters,
        FileKind.EQUIPMENT: judging.equipment,
        FileKind.VIRTUAL_MACHINES: judging.machines,
        FileKind.APPLICATIONS: judging.applications,
    }
    judge[kind](columns)
    for name, position in headings.kept.items():
        columns[name] = sheet.words(position)
    if kind is FileKind.VIRTUAL_MACHINES:
        judging.kept(columns)
    return columns, judging.assumptions


class _Judging:
    """The columns of one file, while they are looked at."""

    def __init__(self, sheet: Sheet, options: ReadOptions, findings: Findings) -> None:
        self._sheet = sheet
        self._options = options
        self._findings = findings
        self.assumptions: list[str] = []

    def datacenters(self, columns: Columns) -> None:
        """Judge a file of data centres."""
        self._country(columns, "its electricity has no mix")
        self._blank(columns, "pue", "is blank: the default PUE is for it", "a number, at least 1")

    def equipment(self, columns: Columns) -> None:
        """Judge a file of physical equipment."""
        self._country(columns, "its use has no electricity mix unless a data centre gives it")
        self._type(columns)
        self._status(columns)
        self._closed(columns, "ownership", _OWNERSHIPS, "COPE, BYOD or nothing")
        self._quantity(columns)
        self._blank(columns, "model", "names no model: only its type can be matched", "a model")
        self._dates(columns)
        if {"lifetime", "upstream_lifetime", "downstream_lifetime"} & set(columns):
            self.assumptions.append("dureeUsageInterne, Amont and Aval are in years.")
        if {"annual_energy", "quantity"} <= set(columns):
            several = where_true(pc.greater(columns["quantity"], 1.0))
            rows = int((several & where_true(columns["annual_energy"].is_valid())).sum())
            if rows:
                self.assumptions.append(
                    f"consoElecAnnuelle is of one item, also on the {rows} row(s) of several."
                )

    def machines(self, columns: Columns) -> None:
        """Judge a file of virtual machines."""
        self._closed(columns, "kind", _KINDS, "calcul, stockage or nothing")
        expected = "NON_CLOUD_SERVERS, CLOUD_SERVICES or nothing"
        self._closed(columns, "infrastructure", _INFRASTRUCTURES, expected)
        quantity = columns.get("quantity")
        if quantity is not None and quantity.null_count:
            columns["quantity"] = quantity.fill_null(1.0)
            self.assumptions.append(
                f"{quantity.null_count} virtual machine(s) of blank quantite are one machine each:"
                " the column is for cloud instances."
            )
        if "storage" in columns:
            self.assumptions.append(
                "capaciteStockage is kept as GB; its unit is not stated (TB for NumEcoEval, GB for"
                " G4IT). Only the ratios between the machines of one host count."
            )

    def applications(self, columns: Columns) -> None:
        """Judge a file of applications."""
        self._blank(
            columns,
            "virtual_machine_id",
            "names no virtual machine: nothing can be allocated to the application",
            "the nomEquipementVirtuel of its machine",
            severity=Severity.CELL,
        )

    def kept(self, columns: Columns) -> None:
        """Note odd cells of the columns that describe cloud instances, which no method reads."""
        for names, odd, reason, expected in _ODD_CELLS:
            for name in names:
                words = columns.get(name)
                if words is None:
                    continue
                texts = words.dictionary.to_pylist()
                bad = {k: text for k, text in enumerate(texts) if odd(text)}
                self._tell(name, words, bad, reason, expected, severity=Severity.NOTE)

    # -- one column --------------------------------------------------------------------------

    def _tell(
        self,
        name: str,
        words: pa.DictionaryArray,
        bad: Mapping[int, str],
        reason: str,
        expected: str,
        *,
        severity: Severity = Severity.CELL,
    ) -> None:
        """Tell some distinct words of a column."""
        self._findings.values(
            name,
            bad,
            reason,
            codes_of(words),
            self._sheet.lines,
            expected=expected,
            severity=severity,
        )

    def _blank(
        self,
        columns: Columns,
        name: str,
        reason: str,
        expected: str,
        *,
        severity: Severity = Severity.NOTE,
    ) -> None:
        """Tell the rows whose cell is blank, in one issue; nothing when the column is absent."""
        cells = columns.get(name)
        if cells is None or not cells.null_count:
            return
        where = self._sheet.lines[where_true(cells.is_null())]
        self._findings.rows(name, "", reason, where, expected=expected, severity=severity)

    def _country(self, columns: Columns, fate: str) -> None:
        given = self._options.country
        if "country" not in columns:
            if given:
                words = pa.array([given] * len(self._sheet), pa.string())
                columns["country"] = words.dictionary_encode()
                self.assumptions.append(f"No country column: {given} everywhere.")
            return
        words = columns["country"]
        if words.null_count and given:
            count = words.null_count
            self.assumptions.append(f"{count} row(s) that name no country are in {given}.")
            words = words.cast(pa.string()).fill_null(given).dictionary_encode()
        columns["country"] = words
        self._blank(columns, "country", f"names no country: {fate}", "a country")
        columns["country_raw"] = words
        columns["country"], unknown = resolved(words, resolve_country)
        expected = "a name in French or English, or an ISO 3166-1 code"
        self._tell("country", words, unknown, "is no country that reen knows", expected)

    def _type(self, columns: Columns) -> None:
        if "equipment_type" not in columns:
            return
        words = columns["equipment_type"]
        types = self._options.equipment_types
        found, unknown = resolved(words, types.resolve)
        reason = (
            "is no type that reen knows: reference data that name it so can match it, but it is no"
            " server"
        )
        expected = "a word that names one type of equipment"
        for code, text in list(unknown.items())[:_SUGGESTED]:
            near = types.nearest(text)
            hint = f" (near: {', '.join(near)})" if near else ""
            one, wanted = {code: text}, expected + hint
            self._tell("equipment_type", words, one, reason, wanted, severity=Severity.NOTE)
        rest = dict(list(unknown.items())[_SUGGESTED:])
        self._tell("equipment_type", words, rest, reason, expected, severity=Severity.NOTE)
        columns["equipment_type_raw"] = words
        lost = pc.and_(words.is_valid(), found.is_null())
        plain = found.cast(pa.string())
        columns["equipment_type"] = pc.if_else(lost, "unknown", plain).dictionary_encode()

    def _status(self, columns: Columns) -> None:
        """Resolve the status; whatever it says, the method computes the row."""
        if "status" in columns:
            words = columns["status"]
            columns["status_raw"] = words
            columns["status"], _ = resolved(words, lambda text: resolve_status(text) or "unknown")

    def _closed(
        self, columns: Columns, name: str, meanings: Mapping[str, str], expected: str
    ) -> None:
        """Replace the words of a closed list; a word that is not in it is told and reads blank."""
        if name not in columns:
            return
        words = columns[name]
        columns[name], unknown = resolved(words, lambda text: meanings.get(text.casefold()))
        self._tell(name, words, unknown, "is not known", expected)

    def _quantity(self, columns: Columns) -> None:
        if "quantity" not in columns:
            return
        expected = "a number of items, above 0"
        reason = "is blank: the row cannot be counted"
        self._blank(columns, "quantity", reason, expected, severity=Severity.CELL)
        where = self._sheet.lines[where_true(pc.equal(columns["quantity"], 0.0))]
        self._findings.rows("quantity", "0", "counts nothing", where, expected=expected)

    def _dates(self, columns: Columns) -> None:
        """Tell the retirements that come before their purchase: no lifetime can be had of them."""
        if not {"purchase_date", "retirement_date"} <= set(columns):
            return
        bought, retired = columns["purchase_date"], columns["retirement_date"]
        wrong = where_true(pc.less(retired, bought))
        if wrong.any():
            first = int(wrong.argmax())
            self._findings.rows(
                "retirement_date",
                str(retired[first].as_py()),
                "is before the purchase: the dates give no lifetime",
                self._sheet.lines[wrong],
                expected=f"a day after the purchase ({bought[first].as_py()} in the first row)",
                severity=Severity.CELL,
            )


def _is_other_provider(text: str) -> bool:
    return text.casefold() not in _PROVIDERS


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0


def _is_fraction(text: str) -> bool:
    return 0.0 < _number(text) <= 1.0


def _is_over_a_year(text: str) -> bool:
    return _number(text) > _HOURS_OF_A_YEAR


#: Headers of either generation, what is odd in their cells, and what was expected.
_ODD_CELLS = (
    (
        ("provider", "cloudProvider"),
        _is_other_provider,
        "is no provider that BoaviztAPI knows",
        ", ".join(sorted(_PROVIDERS)),
    ),
    (
        ("chargeMoy", "averageWorkload"),
        _is_fraction,
        "may be a fraction, or a percentage of 1 and less",
        "a percentage from 0 to 100",
    ),
    (
        ("dureeUtilisationAnnuelle", "annualUsageDuration"),
        _is_over_a_year,
        "is more than the hours of a year",
        "hours, from 0 to 8784",
    ),
)
