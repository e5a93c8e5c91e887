"""A collection of carbon footprint sheets: which are used, under which id, and which are set aside.

Input: the records of a file and the rules.  Output: `ManufacturerSheets`: the usable sheets with
their ids, the doubts of single fields, the quarantine with a reason for each line, the mean use
ratio of each kind (for sheets that publish none) and the usual implied electricity factor of each
location.

Nothing here depends on the order of the lines but the choice between two identical sheets.
"""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import attrs

from reen.plugin.files import normalise_text
from reen_plugins.manufacturer.pcf_file import Record, is_boavizta, read_records
from reen_plugins.manufacturer.pcf_rules import (
    ENERGY_SET_ASIDE,
    Rules,
    Sheet,
    model_of,
    sheet_of,
)

__all__ = ["ManufacturerSheets", "Quarantined"]


@attrs.frozen
class Quarantined:
    """A line that is not used, or a field of one that is.

    Attributes
    ----------
    line
        Line of the file.
    manufacturer, name
        What it is about.
    reason
        Why it is set aside.
    """

    line: int
    manufacturer: str
    name: str
    reason: str

    def __str__(self) -> str:
        """Return the line, the model and the reason."""
        return f"line {self.line}, {self.manufacturer} {self.name}: {self.reason}"


@attrs.frozen(kw_only=True)
class ManufacturerSheets:
    """The sheets of one file, judged.

    Attributes
    ----------
    file
        Name of the file.
    version
        Head of the SHA-256 of its bytes.
    boavizta
        Whether it is the Boavizta data set.
    sheets
        Usable sheets by id: maker and model, then the date for the older sheets of one model.
    quarantine
        Lines set aside, in order.
    doubts
        Fields of the usable sheets that are not used as published, in order of lines.
    use_ratios
        Mean published use ratio by kind of equipment, with the number of sheets.
    implied_factors
        Median implied electricity factor by location, with the number of sheets.
    rules
        Bounds that were applied.
    """

    file: str
    version: str
    boavizta: bool
    sheets: Mapping[str, Sheet] = attrs.field(repr=False)
    quarantine: tuple[Quarantined, ...] = attrs.field(repr=False)
    doubts: tuple[Quarantined, ...] = attrs.field(repr=False)
    use_ratios: Mapping[str, tuple[Decimal, int]]
    implied_factors: Mapping[str, tuple[float, int]]
    rules: Rules = attrs.field(factory=Rules)

    @classmethod
    def read(cls, path: Path, *, rules: Rules | None = None) -> ManufacturerSheets:
        """Read and judge a file.

        Parameters
        ----------
        path
            A variant of the Boavizta data set, or a table with its columns.
        rules
            Bounds of what is believed; the documented ones when absent.

        Raises
        ------
        FileFormatError
            The file is not a table of sheets.
        """
        raw = path.read_bytes()
        records, header = read_records(path, raw)
        return cls.judge(
            records,
            file=path.name,
            version=hashlib.sha256(raw).hexdigest()[:12],
            boavizta=is_boavizta(header),
            rules=rules or Rules(),
        )

    @classmethod
    def judge(
        cls, records: Sequence[Record], *, file: str, version: str, boavizta: bool, rules: Rules
    ) -> ManufacturerSheets:
        """Judge the records of a file."""
        aside: list[Quarantined] = []
        believed: list[Sheet] = []
        for record in records:
            try:
                sheet = sheet_of(record)
                reason = sheet.defect(rules)
            except ValueError as error:
                reason = str(error)
            if reason:
                name = model_of(record)
                aside.append(Quarantined(record.line, record["manufacturer"], name, reason))
            else:
                believed.append(sheet)
        sheets = _with_ids(believed, aside)
        use_ratios = _use_ratios(sheets.values(), rules)
        for key, sheet in list(sheets.items()):
            if not sheet.stages(rules) and sheet.kind.casefold() not in use_ratios:
                reason = f"no ratio, and no mean one: fewer than {rules.minimum_sheets} sheets of"
                _set_aside(sheet, f"{reason} its kind publish theirs", aside)
                del sheets[key]
        return cls(
            file=file,
            version=version,
            boavizta=boavizta,
            sheets=sheets,
            quarantine=tuple(sorted(aside, key=lambda each: each.line)),
            doubts=tuple(
                Quarantined(sheet.line, sheet.manufacturer, sheet.name, "; ".join(doubts.values()))
                for sheet in sorted(sheets.values(), key=lambda each: each.line)
                if (doubts := sheet.doubts(rules))
            ),
            use_ratios=use_ratios,
            implied_factors=_implied_factors(sheets.values(), rules),
            rules=rules,
        )

    def implied_energy(self, sheet: Sheet) -> float | None:
        """Return T u / (L m): the yearly energy that a sheet without `yearly_tec` implies, in kWh.

        None when it publishes one, even one that its use stage contradicts (either may be wrong),
        or when the usual factor m of its location is not known.
        """
        yearly, known = sheet.yearly_use(), self.implied_factors.get(sheet.location)
        if sheet.energy is not None or yearly is None or known is None:
            return None
        return yearly / known[0]


def slug(manufacturer: str, name: str) -> str:
    """Return maker and model as an identifier: ``dell-latitude-5420``."""
    return "-".join(normalise_text(f"{manufacturer} {name}".replace("+", " plus ")).split())


def _set_aside(sheet: Sheet, reason: str, aside: list[Quarantined]) -> None:
    aside.append(Quarantined(sheet.line, sheet.manufacturer, sheet.name, reason))


def _with_ids(sheets: Sequence[Sheet], aside: list[Quarantined]) -> dict[str, Sheet]:
    """Return the sheets by id; the newest of a model has the bare id, so that it goes first."""
    models: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        models.setdefault(slug(sheet.manufacturer, sheet.name), []).append(sheet)
    found: dict[str, Sheet] = {}
    for key, same in models.items():
        kept: list[Sheet] = []
        for sheet in sorted(same, key=lambda each: (tuple(-part for part in each.date), each.line)):
            twin = next((each for each in kept if each.figures == sheet.figures), None)
            if twin is None:
                kept.append(sheet)
            else:
                _set_aside(sheet, f"the same figures as line {twin.line}", aside)
        dates = [sheet.date for sheet in kept]
        for sheet in kept:
            if dates.count(sheet.date) > 1:
                lines = [str(each.line) for each in kept if each.date == sheet.date]
                reason = f"lines {' and '.join(lines)} give one model of one date other figures"
                _set_aside(sheet, reason, aside)
            elif sheet.date == dates[0]:
                found[key] = sheet
            else:
                date = "-".join(f"{part:02}" for part in sheet.date if part) or "undated"
                found[f"{key}-{date}"] = sheet
    return {key: found[key] for key in sorted(found)}


def _use_ratios(sheets: Collection[Sheet], rules: Rules) -> dict[str, tuple[Decimal, int]]:
    published: dict[str, list[Decimal]] = {}
    for sheet in sheets:
        if sheet.use is not None and sheet.kind:
            published.setdefault(sheet.kind.casefold(), []).append(sheet.use)
    return {
        kind: (sum(shares, Decimal(0)) / len(shares), len(shares))
        for kind, shares in published.items()
        if len(shares) >= rules.minimum_sheets
    }


def _implied_factors(sheets: Collection[Sheet], rules: Rules) -> dict[str, tuple[float, int]]:
    published: dict[str, list[float]] = {}
    for sheet in sheets:
        implied = sheet.implied_factor()
        doubtful = ENERGY_SET_ASIDE in sheet.doubts(rules)
        if implied is not None and sheet.location and not doubtful:
            published.setdefault(sheet.location, []).append(implied)
    return {
        place: (statistics.median(factors), len(factors))
        for place, factors in published.items()
        if len(factors) >= rules.minimum_of_place
    }
