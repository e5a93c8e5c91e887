"""The two tables of Base IMPACTS that `boaviztapi` carries: files in, long-form factor rows out.

Devices: one row per type, twenty columns of impacts without use.  Mixes: one row per criterion,
one column per area, of which the rows of Base IMPACTS itself are taken.  What each column and row
means, in which unit, and which cells are not to be used, stands here as tables; where the files
are is the business of `base_impacts`.  Only public names of `reen`, no code of `boaviztapi`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from reen import ReenError
from reen.errors import FactorDataError, FileFormatError
from reen.plugin import Reason
from reen.plugin.files import resolve_country
from reen.tables.reference.header import Layout
from reen.tables.reference.reading import Fault, ReferenceTable, read_reference

__all__ = ["DEVICES", "DEVICE_COLUMNS", "LEFT_OUT", "MIXES", "MIX_ROWS", "device_rows", "mix_rows"]

#: Names of the files.
DEVICES = "ademe_base_impacts_negaoctet.csv"
MIXES = "electrical_mix.csv"

#: Criterion and unit of each column of impacts.  The file prints no unit: these are those of the
#: documentation of BoaviztAPI, save that it prints kg U235 eq where EF and the figures have kBq.
DEVICE_COLUMNS: Mapping[str, tuple[str, str]] = {
    "ADPe": ("resource_use_minerals_metals", "kgSbe"),
    "ADPf": ("resource_use_fossils", "MJ_fossil"),
    "AP": ("acidification", "molHe"),
    "CTUe": ("ecotoxicity_freshwater", "CTUe"),
    "CTUh-c": ("human_toxicity_cancer", "CTUh_c"),
    "CTUh-nc": ("human_toxicity_non_cancer", "CTUh_nc"),
    "Epf": ("eutrophication_freshwater", "kgPe"),
    "Epm": ("eutrophication_marine", "kgNe"),
    "Ept": ("eutrophication_terrestrial", "molNe"),
    "GWP": ("climate_change", "kgCO2e"),
    "GWPb": ("climate_change_biogenic", "kgCO2e_biogenic"),
    "GWPf": ("climate_change_fossil", "kgCO2e_fossil"),
    "GWPlu": ("climate_change_land_use", "kgCO2e_luluc"),
    "IR": ("ionising_radiation", "kBqU235e"),
    "LU": ("land_use", "Pt_land"),
    "ODP": ("ozone_depletion", "kgCFC11e"),
    "PM": ("particulate_matter", "disease_incidence"),
    "POCP": ("photochemical_ozone_formation", "kgNMVOCe"),
    "WU": ("water_use", "m3_world_e"),
    "MIPS": ("material_input_per_service", "kg_material"),
}

#: Equipment type of each category; one that is not here is found by its identifier only.
CATEGORIES: Mapping[str, str] = {
    "Laptop": "laptop",
    "Tablet": "tablet",
    "Smartphone": "smartphone",
    "Desktop": "desktop",
    "Monitor": "monitor",
    "Television": "television",
    "ExternalHHD": "external_hdd",  # so spelt
    "ExternalSSD": "external_ssd",
    "USBStick": "usb_stick",
    "Box": "box",
    "Server": "server",
}

#: The rows that answer for their type; "perso" is found by its identifier only.
ANSWERING = ("", "pro")

#: Of each row of mixes: the criterion, the unit as printed, and ours of the same size.
MIX_ROWS: Mapping[str, tuple[str, str, str]] = {
    "gwp": ("climate_change", "kg éq. CO2", "kgCO2e"),
    "gwpf": ("climate_change_fossil", "kg éq. CO2", "kgCO2e_fossil"),
    "gwpb": ("climate_change_biogenic", "kg éq. CO2", "kgCO2e_biogenic"),
    "gwplu": ("climate_change_land_use", "kg éq. CO2", "kgCO2e_luluc"),
    "odp": ("ozone_depletion", "kg éq. CFC 11", "kgCFC11e"),
    "pm": ("particulate_matter", "incidence de maladie", "disease_incidence"),
    "ir": ("ionising_radiation", "éq. kBq U235", "kBqU235e"),
    "pocp": ("photochemical_ozone_formation", "kg éq. COVNM", "kgNMVOCe"),
    "ap": ("acidification", "mol éq. H+", "molHe"),
    "ept": ("eutrophication_terrestrial", "mol éq. N", "molNe"),
    "epf": ("eutrophication_freshwater", "kg éq. P", "kgPe"),
    "epm": ("eutrophication_marine", "kg éq. N", "kgNe"),
    "lu": ("land_use", "sans dimension (pt)", "Pt_land"),
    "adpf": ("resource_use_fossils", "MJ", "MJ_fossil"),
    "adpe": ("resource_use_minerals_metals", "kg éq. Sb", "kgSbe"),
}

#: What begins the source of the rows that are Base IMPACTS; others in the file are not of it.
OWN_SOURCE = "ADEME Base IMPACTS"

#: Cells that cannot be right, by (row, area), with the reason.
LEFT_OUT: Mapping[tuple[str, str], str] = {
    ("ap", "CZE"): "printed 1,800 times the median of the areas",
    ("ap", "WOR"): "an aggregate most likely contaminated by the Czech figure",
    ("ap", "EEE"): "an aggregate most likely contaminated by the Czech figure",
}

#: Areas of the file that are no country of today: place in a factor file, and what to know.
AREAS: Mapping[str, tuple[str, str]] = {
    "WOR": ("WORLD", ""),
    "EEE": ("", "an aggregate, found by its identifier only"),
    "SCG": ("", "Serbia and Montenegro, an obsolete code (2006): found by its identifier only"),
    "ANT": ("", "Netherlands Antilles, an obsolete code (2010): found by its identifier only"),
}

_LICENCE = "ADEME Base IMPACTS terms of use, not an open licence; read in an AGPL-3.0 package"
_URL = "https://base-empreinte.ademe.fr/"
_DEVICE_BOUNDARY = "raw materials, manufacturing, transport and end of life; use excluded"
_MIX_BOUNDARY = "as in Base IMPACTS; not stated in the copy read"
_WATER = (
    "water use is not to be relied on: ADEME's own 'bdd numérique' has it positive and calls its"
    " end of life unreliable"
)
_REINSTALL = "pip install 'boaviztapi==2.5.0'"
_AREA = re.compile(r"[A-Z]{3}")
# Bounded, so that no cell, however odd, becomes a number that takes gigabytes to write out.
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}([.,][0-9]{1,30})?([eE][+-]?[0-9]{1,2})?")


def device_rows(folder: Path, *, version: str) -> Iterator[dict[str, str]]:
    """Yield the long-form rows of the devices: one per device and published column.

    Parameters
    ----------
    folder
        Folder of the two files.
    version
        Version of the package that they come from, for the citation.

    Raises
    ------
    FileFormatError
        There is no such file, or it is not UTF-8.
    FactorDataError
        A missing column, or a cell that is not a number.
    """
    table = _read(folder / DEVICES, required=("Category", "type", *DEVICE_COLUMNS))
    personal: dict[str, Mapping[str, str]] = {}
    for number, line in table.records(table.names):
        category, kind = line["Category"].strip(), line["type"].strip().casefold()
        figures = {
            column: _decimal(line[column], at=(DEVICES, number, column))
            for column in DEVICE_COLUMNS
        }
        if kind == "perso":
            personal[category] = figures
        remarks = _remarks(figures)
        if kind == "pro" and personal.get(category) == figures:
            remarks.insert(0, "the professional row repeats the personal one in the source")
        common = _device_cells(category, kind, version=version) | {"note": "; ".join(remarks)}
        for column, (criterion, unit) in DEVICE_COLUMNS.items():
            if figures[column]:
                yield common | {
                    "criterion": criterion,
                    "value": figures[column],
                    "unit": f"{unit}/item",
                }


def _remarks(figures: Mapping[str, str]) -> list[str]:
    """Return what to know of the figures of a device: which are negative."""
    negative = [column for column, value in figures.items() if value.startswith("-")]
    remarks = []
    if negative:
        names = ", ".join(DEVICE_COLUMNS[column][0].replace("_", " ") for column in negative)
        remarks.append(f"negative, with credits of the end of life: {names}")
    if "WU" in negative:
        remarks.append(_WATER)
    return remarks


def _device_cells(category: str, kind: str, *, version: str) -> dict[str, str]:
    """Return the cells that all rows of a device share."""
    equipment_type = CATEGORIES.get(category, "")
    label = equipment_type or category.casefold()
    words = {"pro": "professional", "perso": "personal"}
    return {
        "flow": f"{label}-{kind}" if kind else label,
        "name": label.replace("_", " ") + (f", {words.get(kind, kind)}" if kind else ""),
        "reference_unit": "item",
        "stage": "embedded",
        "equipment_type": equipment_type if kind in ANSWERING else "",
        "boundary": _DEVICE_BOUNDARY,
        "source": f"ADEME Base IMPACTS / NegaOctet, in boaviztapi {version}, {DEVICES}",
        "source_year": "2022",
        "source_url": _URL,
        "licence": _LICENCE,
    }


def mix_rows(folder: Path, *, version: str) -> Iterator[dict[str, str]]:
    """Yield the long-form rows of the electricity mixes; parameters and errors as `device_rows`.

    A mix is not tied to a year: its data are of 2011 and serve where nothing better does.  A zero
    is taken as not published: no kWh has an impact of exactly nothing over its life cycle.
    """
    table = _read(folder / MIXES, required=("name", "unit", "source"))
    areas = [column for column in table.names if _AREA.fullmatch(column)]
    names: dict[str, str] = {}
    read: set[str] = set()
    # Area by area, as a flow is one area: its remarks stand on each of its rows.
    figures: dict[str, list[dict[str, str]]] = {area: [] for area in areas}
    for number, line in table.records(table.names):
        if line["name"] == "country":
            names = {area: line[area].strip() for area in areas}
        if line["name"] in MIX_ROWS and line["source"].startswith(OWN_SOURCE):
            read.add(line["name"])
            for area in areas:
                figures[area].append(_mix_figure(line, area, number=number))
    if missing := [name for name in MIX_ROWS if name not in read]:
        expected = Reason("error_row_source_2_5_0", missing=missing[0], own_source=OWN_SOURCE)
        raise FactorDataError(MIXES, None, "name", "", expected)
    for area in areas:
        common = _mix_cells(area, names.get(area, area), version=version)
        remarks = [common["note"], *(figure["note"] for figure in figures[area])]
        common["note"] = "; ".join(filter(None, remarks))
        for figure in figures[area]:
            if figure["value"]:
                yield figure | common


def _mix_figure(line: Mapping[str, str], area: str, *, number: int) -> dict[str, str]:
    """Return criterion, value and unit of a cell; a value left out is empty, with the reason."""
    name = line["name"]
    criterion, printed, unit = MIX_ROWS[name]
    if line["unit"].strip() != printed:
        expected = Reason("error_row", printed=printed, name=name)
        raise FactorDataError(MIXES, number, "unit", line["unit"], expected)
    value = _decimal(line[area], at=(MIXES, number, area))
    reason = LEFT_OUT.get((name, area), "")
    if not reason and value and float(value) == 0.0:
        reason = "0 in the source"
    return {
        "criterion": criterion,
        "value": "" if reason else value,
        "unit": f"{unit}/kWh",
        "note": f"{criterion.replace('_', ' ')} left out: {reason}" if reason else "",
    }


def _mix_cells(area: str, name: str, *, version: str) -> dict[str, str]:
    """Return the cells that all rows of a mix share."""
    place, remark = AREAS.get(area, (resolve_country(area) or "", ""))
    if not place and not remark:
        remark = f"{area!r} is no country code that is known: found by its identifier only"
    return {
        "flow": "electricity" if place else f"electricity-{area.casefold()}",
        "name": f"electricity mix, {name}",
        "reference_unit": "kWh",
        "geography": place,
        "stage": "use",
        "boundary": _MIX_BOUNDARY,
        "status": "data of 2011",
        "source": f"ADEME Base IMPACTS, in boaviztapi {version}, {MIXES}",
        "source_year": "2011",
        "source_url": _URL,
        "licence": _LICENCE,
        "note": remark,
    }


def _read(path: Path, *, required: Sequence[str]) -> ReferenceTable:
    """Read a file of the package."""

    def refuse(fault: Fault) -> ReenError:
        if fault.kind == "file":
            return FileFormatError(
                path.name, Reason("error_at", place=str(fault.expected), text=_REINSTALL)
            )
        expected = fault.expected
        if fault.kind != "row":
            expected = Reason("error_as_in_version", expected=expected, version="2.5.0")
        return FactorDataError(path.name, fault.line, fault.column, fault.value, expected)

    layout = Layout(columns=required, required=required, others=True, exact=True, encoding="utf-8")
    try:
        return read_reference(path.name, path, layout=layout, refuse=refuse)
    except FileNotFoundError as error:
        reason = Reason("error_not_installed_boaviztapi_whose_layout_has", reinstall=_REINSTALL)
        raise FileFormatError(path.name, reason) from error


def _decimal(cell: str, *, at: tuple[str, int, str]) -> str:
    """Return a number with a decimal point, empty for an empty cell.

    The devices have decimal commas and exponents (``8,00E-03``), the mixes decimal points.
    """
    text = cell.strip()
    if text and not _NUMBER.fullmatch(text):
        raise FactorDataError(*at, cell, Reason("error_number_8_00e_03_0_0813"))
    return text.replace(",", ".")
