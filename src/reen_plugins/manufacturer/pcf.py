"""Manufacturers' carbon footprint sheets, read as a factor pack.

Input: the user's copy of the Boavizta data set (either variant), or a table with its columns.
Output: a `FactorPack` with one item flow per sheet, without its use stage; its yearly energy, or
the one that its use stage implies, as defaults of the flow; a median flow per equipment type; and
the sheets that are set aside, listed with reasons in the notes and tied to no factor.

`ManufacturerSheets` lists the same for programs; no sheet is shipped (ODbL, share-alike).
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import attrs

from reen import default_registry
from reen.plugin import FactorPack
from reen.plugin.files import Sample, Sniff
from reen_plugins.manufacturer.pcf_file import recognise
from reen_plugins.manufacturer.pcf_rules import (
    BROUGHT_DOWN,
    ENERGY_SET_ASIDE,
    SPLIT_SET_ASIDE,
    Rules,
    Sheet,
)
from reen_plugins.manufacturer.pcf_sheets import ManufacturerSheets, Quarantined, slug

__all__ = [
    "AVERAGE_RATIO",
    "BROUGHT_DOWN",
    "ENERGY_SET_ASIDE",
    "MEDIAN",
    "PARTIAL_RATIOS",
    "SPLIT_SET_ASIDE",
    "ManufacturerPcfReader",
    "ManufacturerSheets",
    "Quarantined",
    "Rules",
    "sheets_pack",
    "statuses",
]

#: Status of a flow whose figures are not the sheet's alone.
AVERAGE_RATIO = "low quality: mean use ratio of the kind, the sheet gives none"
PARTIAL_RATIOS = "other published ratios only, the sheet gives no use ratio"
MEDIAN = "median of the type"

#: Between the statuses of one flow.
_AND = "; "

#: z of the two-sided 95 % interval: a published error is read as one standard deviation, while the
#: long form holds half-widths at 95 %.
_Z95 = 1.959963984540054

_BOAVIZTA_URL = "https://github.com/Boavizta/environmental-footprint-data"
_LICENCE = "ODbL 1.0 (database), DbCL 1.0 (contents)"
_BOUNDARY = "whole life without the use stage"

Row = dict[str, str]


def statuses(text: str) -> frozenset[str]:
    """Return the statuses of a flow: those of the fields that it is made without, or with others.

    Examples
    --------
    >>> sorted(statuses(f"{PARTIAL_RATIOS}; {ENERGY_SET_ASIDE}")) == sorted(
    ...     [PARTIAL_RATIOS, ENERGY_SET_ASIDE]
    ... )
    True
    """
    return frozenset(text.split(_AND))


@attrs.frozen
class ManufacturerPcfReader:
    """The factor reader of manufacturers' carbon footprint sheets.

    Attributes
    ----------
    name, title
        How it is called and listed.
    """

    name: str = "manufacturer-pcf"
    title: str = "Manufacturers' carbon footprint sheets (Boavizta data set, or its columns)"

    def sniff(self, sample: Sample) -> Sniff:
        """Say how sure it is: certain of a header with maker, name, total and ratios."""
        if recognise(sample.head):
            return Sniff(0.95, ("the columns of carbon footprint sheets",))
        return Sniff(0.0)

    def read(self, path: Path) -> FactorPack:
        """Read a table of sheets as a factor pack.

        Raises
        ------
        FileFormatError
            The file is not a table of sheets.
        """
        return sheets_pack(ManufacturerSheets.read(path), name=path.stem)


def sheets_pack(sheets: ManufacturerSheets, *, name: str) -> FactorPack:
    """Return judged sheets as a factor pack.

    Parameters
    ----------
    sheets
        The sheets; read them with other `Rules` to move the bounds of what is believed.
    name
        Name of the pack.
    """
    return _Writer(sheets).pack(name)


class _Writer:
    """Judged sheets on their way to long-form rows."""

    def __init__(self, sheets: ManufacturerSheets) -> None:
        self._sheets = sheets
        self._factors: list[Row] = []
        self._defaults: list[Row] = []
        self._by_type: dict[str, list[tuple[float, float | None]]] = {}
        self._counts: dict[str, int] = {}

    def pack(self, name: str) -> FactorPack:
        """Return the pack."""
        sheets = self._sheets
        for key, sheet in sheets.sheets.items():
            self._sheet(key, sheet)
        for equipment_type, known in sorted(self._by_type.items()):
            if len(known) >= sheets.rules.minimum_sheets:
                self._median(equipment_type, known)
        return FactorPack.from_rows(
            name=name,
            version=sheets.version,
            title=f"Manufacturers' carbon footprint sheets ({sheets.file})",
            publisher="Boavizta" if sheets.boavizta else "as each source says",
            licence=_LICENCE if sheets.boavizta else "not stated in the file",
            source=self._source,
            url=_BOAVIZTA_URL if sheets.boavizta else "",
            description="One sheet per model, use stage removed; manufacturers and Boavizta advise"
            " against comparing makers and against precise conclusions.",
            factors=self._factors,
            defaults=self._defaults,
            matching=self._matching(),
            notes=self._notes(),
        )

    @property
    def _source(self) -> str:
        if self._sheets.boavizta:
            return "Boavizta, Environmental Footprint Data, ODbL 1.0"
        return self._sheets.file

    # -- one sheet -----------------------------------------------------------------------------

    def _sheet(self, key: str, sheet: Sheet) -> None:
        stages, completed = self._stages(sheet)
        doubts = sheet.doubts(self._sheets.rules)
        found = [*([completed] if completed else []), *doubts]
        for status in found:
            self._counts[status] = self._counts.get(status, 0) + 1
        remarks = [self._life(sheet), completed, *doubts.values()]
        percent, remark = self._uncertainty(sheet)
        remarks.append(remark)
        common = self._citation(sheet) | {
            "flow": key,
            "name": f"{sheet.manufacturer} {sheet.name}",
            "reference_unit": "item",
            "criterion": "climate_change",
            "unit": "kgCO2e/item",
            "uncertainty_percent": percent,
            "equipment_type": sheet.equipment_type,
            "manufacturer": sheet.manufacturer,
            "model": sheet.name,
            "boundary": _BOUNDARY,
            "status": _AND.join(found),
            "note": "; ".join(part for part in remarks if part),
        }
        for stage, value in stages.items():
            rest = {"remainder": "yes"} if stage == "embedded" and len(stages) > 1 else {}
            self._factors.append(common | rest | {"stage": stage, "value": repr(float(value))})
        energy = None if ENERGY_SET_ASIDE in doubts else self._energy(key, sheet)
        if sheet.equipment_type and completed != AVERAGE_RATIO:
            known = (float(sum(stages.values())), energy)
            self._by_type.setdefault(sheet.equipment_type, []).append(known)

    def _stages(self, sheet: Sheet) -> tuple[dict[str, Decimal], str]:
        """Return the footprint by stage, and how it was had where the sheet gives no use ratio."""
        stages = sheet.stages(self._sheets.rules)
        if sheet.use is not None:
            return stages, ""
        if stages:
            return stages, PARTIAL_RATIOS
        mean, _ = self._sheets.use_ratios[sheet.kind.casefold()]
        return {"embedded": sheet.total * (1 - mean)}, AVERAGE_RATIO

    def _life(self, sheet: Sheet) -> str:
        lifetime = f" over {sheet.lifetime:f} years" if sheet.lifetime else ""
        share = "not published" if sheet.use is None else f"{sheet.use:f}"
        return f"sheet: {sheet.total:f} kgCO2e{lifetime}, share of the use stage {share}"

    def _uncertainty(self, sheet: Sheet) -> tuple[str, str]:
        if sheet.error is None:
            return "", ""
        said = f"published error {float(sheet.error) * 100.0:g} % of the whole life"
        if float(sheet.error) > self._sheets.rules.maximum_error:
            return "", f"{said}, not used"
        percent = repr(float(sheet.error) * 100.0 * _Z95)
        return percent, f"{said}, its level not given: read as one standard deviation, here too"

    def _citation(self, sheet: Sheet) -> Row:
        title = f"{sheet.manufacturer}, carbon footprint of {sheet.name}"
        return {
            "source": ", ".join(part for part in (title, sheet.report_date) if part),
            "source_year": "",  # the date of the report says it
            "source_url": sheet.source,
            "licence": sheet.licence or (_LICENCE if self._sheets.boavizta else ""),
        }

    def _energy(self, key: str, sheet: Sheet) -> float | None:
        """Add the yearly energy of a sheet, published or implied; return it in kWh."""
        if sheet.energy is not None:
            energy, parameter, note = float(sheet.energy), "annual_energy", "yearly_tec"
        else:
            implied = self._sheets.implied_energy(sheet)
            if implied is None:
                return None
            factor, count = self._sheets.implied_factors[sheet.location]
            energy, parameter = implied, "implied_energy"
            note = (
                f"{sheet.yearly_use():.4g} kgCO2e of use a year / {factor:.4g} kgCO2e/kWh, the"
                f" median that {count} sheets for {sheet.location} imply"
            )
        self._defaults.append(
            self._citation(sheet)
            | {
                "equipment_type": key,
                "parameter": parameter,
                "value": repr(energy),
                "unit": "kWh/item/year",
                "note": note,
            }
        )
        return energy

    # -- all sheets ----------------------------------------------------------------------------

    def _median(self, equipment_type: str, known: list[tuple[float, float | None]]) -> None:
        values = [value for value, _ in known]
        energies = [energy for _, energy in known if energy is not None]
        low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
        title = default_registry().equipment_types[equipment_type].title_en
        key = f"median-{equipment_type.replace('_', '-')}"
        cited = {"source": f"{self._source}: median of {len(values)} sheets"}
        self._factors.append(
            cited
            | {
                "flow": key,
                "name": f"{title}, median of {len(values)} sheets",
                "reference_unit": "item",
                "stage": "embedded",
                "criterion": "climate_change",
                "value": repr(middle),
                "unit": "kgCO2e/item",
                "equipment_type": equipment_type,
                "boundary": _BOUNDARY,
                "status": MEDIAN,
                "licence": _LICENCE if self._sheets.boavizta else "",
                "note": f"an order of magnitude: half of the sheets lie between {low:.4g} and"
                f" {high:.4g} kgCO2e, over makers, sizes and years",
            }
        )
        if len(energies) >= self._sheets.rules.minimum_sheets:
            self._defaults.append(
                cited
                | {
                    "equipment_type": key,
                    "parameter": "annual_energy",
                    "value": repr(statistics.median(energies)),
                    "unit": "kWh/item/year",
                    "note": f"median of {len(energies)} yearly energies, published or implied",
                }
            )

    def _matching(self) -> Iterator[Row]:
        """Tie the models of the quarantine to ids without a factor, so that none is used."""
        seen = set(self._sheets.sheets)
        for each in self._sheets.quarantine:
            key = slug(each.manufacturer, each.name)
            if each.manufacturer and each.name and key not in seen:
                seen.add(key)
                yield {"match": "model", "key": f"{each.manufacturer} {each.name}", "flow": key}

    def _notes(self) -> str:
        sheets = self._sheets
        count = len(sheets.sheets) + len(sheets.quarantine)
        said = [f"{count:,} sheets in {sheets.file}: {len(sheets.sheets):,} used"]
        said += [f"{number:,} of them: {status}" for status, number in self._counts.items()]
        places = [
            f"{place} {factor:.3g} ({number})"
            for place, (factor, number) in sorted(sheets.implied_factors.items())
        ]
        if places:
            said.append(f"implied electricity factors, kgCO2e/kWh (sheets): {', '.join(places)}")
        said.append(f"{len(sheets.quarantine):,} set aside, in the order of the file")
        listed = ";\n".join(map(str, sheets.quarantine))
        notes = "; ".join(said) + (f":\n{listed}." if listed else ".")
        if sheets.doubts:
            listed = ";\n".join(map(str, sheets.doubts))
            notes += f"\n{len(sheets.doubts):,} used without a field:\n{listed}."
        return notes
