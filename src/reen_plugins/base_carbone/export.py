"""The official export of ADEME's Base Carbone, read as a factor pack.

Input: the CSV file of data.ademe.fr as it is downloaded (67 columns, Windows-1252, ``;``, decimal
commas).  Output: a `FactorPack` with the total of every element counted per item or per kWh, a
split by life-cycle stage where all sub-lines tell theirs, the parts of the average mixes, and the
list of what was kept out.

A total and its sub-lines are never added.  `base_carbone_file` knows the bytes and the columns,
this module what the elements mean; no method here, and only public names of `reen`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import attrs

from reen.plugin import FactorPack, Reason, hookimpl
from reen.plugin.files import Sample, Sniff
from reen.plugin.packs import FactorReader
from reen_plugins.base_carbone.file import (
    COLUMNS,
    TOTAL,
    Element,
    Line,
    read_elements,
    recognise,
)
from reen_plugins.base_carbone.mixes import parts, places_and_years
from reen_plugins.base_carbone.types import ELEMENTS

__all__ = ["BaseCarboneExport", "BaseCarboneReader", "reen_factor_readers"]

#: Units read, by the reference unit that they stand for and how many of it they are per; anything
#: else is kept out and named.
REFERENCE_UNITS = {
    "kgco2e/unité": ("item", 1),
    "kgco2e/appareil": ("item", 1),
    "kgco2e/kwh": ("kWh", 1),
    "kgco2e/kg": ("kg", 1),
    "kgco2e/tonne": ("kg", 1000),
    "kgco2e/tonne de déchets": ("kg", 1000),
}

#: Unit of a monetary ratio: prices of a year, without tax.  One without a year is kept out.
_MONETARY = re.compile(r"kgco2e/keuro \(((?:19|20)\d\d)\) ht")

#: Stage of a total, by its reference unit; that of what is treated as waste is its end of life.
_STAGES = {"kWh": "use", "EUR": "unspecified"}
_WASTE = "Traitement des déchets"

#: Sub-lines whose life-cycle stage is certain.  Supply is the transport to the factory.
SUB_LINE_STAGES = {
    "matières premières": "manufacturing",
    "approvisionnement": "manufacturing",
    "mise en forme": "manufacturing",
    "assemblage": "manufacturing",
    "distribution": "distribution",
    "fin de vie": "end_of_life",
}

#: Type that each element answers for, when nothing more precise is known.
_TYPES = {element: equipment_type for equipment_type, element in ELEMENTS.items()}

#: Largest uncertainty that a factor file accepts, in percent; more is noted and not used.
LARGEST_UNCERTAINTY = 1000

#: Columns from which a header is taken for one of the export, be it wrong further on.
_ALIKE = 2

#: Reasons named in the description of a pack.
_REASONS_SHOWN = 5

URL = "https://data.ademe.fr/datasets/base-carboner"
LICENCE = "Licence Ouverte 2.0"

_RELEASE = re.compile(r"v(\d+(?:[._]\d+)+)", re.IGNORECASE)


@attrs.frozen
class BaseCarboneExport:
    """The content of one export, as long-form factor rows.

    Attributes
    ----------
    file
        Name of the file.
    version
        Release read in the name of the file (``23.6``), else the head of its SHA-256.
    rows
        Long-form rows, the columns of a factor file as text.
    left_out
        Identifiers of the elements kept out, by reason.
    by_id_only
        Identifiers that are in the rows but answer for no split, year or place, by reason.
    """

    file: str
    version: str
    rows: tuple[Mapping[str, str], ...] = attrs.field(repr=False)
    left_out: Mapping[str, tuple[str, ...]]
    by_id_only: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, path: Path) -> BaseCarboneExport:
        """Read and check a file.

        Raises
        ------
        FileFormatError
            The file is not an export of the Base Carbone, or its text cannot be decoded.
        FactorDataError
            A cell that is not what its column holds: file, line, column, value, expected.
        FactorDataError
            Two element rows with one identifier.
        """
        return cls.parse(path, path.read_bytes())

    @classmethod
    def parse(cls, path: Path, raw: bytes) -> BaseCarboneExport:
        """Check the bytes of a file; `path` gives its name.  Raises as `read`."""
        release = _RELEASE.search(path.stem)
        version = release[1].replace("_", ".") if release else hashlib.sha256(raw).hexdigest()[:12]
        base = f"ADEME, Base Carbone V{version}" if release else "ADEME, Base Carbone"
        elements, orphans = read_elements(path, raw)
        left_out: dict[str, list[str]] = {}
        if orphans:
            left_out["sub-lines without their element"] = list(orphans)
        by_id_only: dict[str, list[str]] = {}
        kept: list[tuple[Element, str, Decimal]] = []
        priced: dict[str, str] = {}
        for element in elements:
            reason, unit, value, priced_in = _admit(element.total)
            if reason or value is None:
                left_out.setdefault(reason, []).append(element.id)
            else:
                kept.append((element, unit, value))
                priced[element.id] = priced_in
        mixes = places_and_years([element.total for element, _, _ in kept], by_id_only)
        rows: list[Mapping[str, str]] = []
        for element, unit, value in kept:
            common = _common_cells(element, base)
            place, year = mixes.get(element.id, ("", priced[element.id]))
            rows.append(
                _total_row(element, common, unit, value) | {"geography": place, "year": year}
            )
            if unit == "item" and element.sub_lines:
                rows.extend(_stage_rows(element, common, value, by_id_only))
            if place:
                rows.extend(_part_rows(element, common, year))
        return cls(
            path.name,
            version,
            tuple(rows),
            {reason: tuple(ids) for reason, ids in left_out.items()},
            {reason: tuple(ids) for reason, ids in by_id_only.items()},
        )

    @property
    def notes(self) -> str:
        """Return, in words, how many elements were read and, for the main reasons, not read."""
        total = len({row["flow"].partition("-")[0] for row in self.rows})
        said = [f"{total} elements read from {self.file}"]
        for title, listed in (("kept out", self.left_out), ("by id only", self.by_id_only)):
            # A real export keeps out elements in dozens of units: the full list is in the fields.
            ranked = sorted(listed.items(), key=lambda item: (-len(item[1]), item[0]))
            parts = [f"{len(ids)} ({reason})" for reason, ids in ranked[:_REASONS_SHOWN]]
            if rest := sum(len(ids) for _, ids in ranked[_REASONS_SHOWN:]):
                parts.append(f"{rest} for other reasons")
            if parts:
                said.append(f"{title}: {', '.join(parts)}")
        return "; ".join(said)

    def to_pack(self) -> FactorPack:
        """Return the pack, named after the release so that two releases can stand side by side."""
        return FactorPack.from_rows(
            name=f"base-carbone-{self.version}",
            version=self.version,
            title=f"Base Carbone, official export ({self.file})",
            publisher="ADEME",
            licence=LICENCE,
            source=f"ADEME, Base Carbone, {self.file}",
            url=URL,
            description=self.notes,
            factors=self.rows,
        )


@attrs.frozen
class BaseCarboneReader:
    """The factor reader of official exports of the Base Carbone.

    Attributes
    ----------
    name, title
        How it is called and listed.
    """

    name: str = "base-carbone-export"
    title: str = "ADEME Base Carbone, official CSV export (67 columns)"

    def sniff(self, sample: Sample) -> Sniff:
        """Say how sure it is: certain on the 67 columns, less on a header that begins alike."""
        known = recognise(sample.head)
        if known == len(COLUMNS):
            return Sniff(1.0, ("the 67 columns of the export",))
        if known >= _ALIKE:
            # Enough to be asked to read, and so to say which column is not the expected one.
            return Sniff(0.6, (f"the first {known} of the 67 columns of the export",))
        return Sniff(0.0)

    def read(self, path: Path) -> FactorPack:
        """Read an export as a factor pack.

        Parameters
        ----------
        path
            The file, as downloaded.

        Returns
        -------
        FactorPack
            Totals under their identifier (stage ``embedded`` per item, ``use`` per kWh), splits
            under ``<identifier>-stages``, parts of a mix under ``<identifier>-combustion``,
            ``-upstream``, ``-losses``; its description counts what was kept out and why.

        Raises
        ------
        FileFormatError, FactorDataError
            As `BaseCarboneExport.read`.
        """
        return BaseCarboneExport.read(path).to_pack()


@hookimpl
def reen_factor_readers() -> list[FactorReader]:
    """Return the reader of this module."""
    return [BaseCarboneReader()]


def _admit(line: Line) -> tuple[str, str, Decimal | None, str]:
    """Return (why the element is kept out, or empty; reference unit; total of one; price year)."""
    if line["Type de l'élément"].casefold() != "facteur d'émission":
        return "not an emission factor", "", None, ""
    written = line["Unité français"]
    prices = _MONETARY.fullmatch(written.casefold())
    unit, per = ("EUR", 1000) if prices else REFERENCE_UNITS.get(written.casefold(), ("", 1))
    if not unit:
        return (
            f"in {written or 'no unit'}, none of an item, a kWh, a mass or euros of a year",
            "",
            None,
            "",
        )
    value = line.decimal(TOTAL)
    if value is None:
        return "without a total", unit, None, ""
    if unit == "kg" and value < 0:
        # what is avoided is no footprint, and would keep every sum from being a lower bound
        return "avoided or stored, not emitted", unit, None, ""
    return "", unit, value / per, prices[1] if prices else ""


def _common_cells(element: Element, base: str) -> dict[str, str]:
    """Return the cells that a total and its split share; `base` names the base and its release."""
    line = element.total
    parts = [line[f"Nom {part} français"] for part in ("base", "attribut", "frontière")]
    limits = line["Nom frontière français"]
    names = dict.fromkeys(_sub_line_name(sub_line) for sub_line in element.sub_lines)
    boundary = [f"sub-lines: {', '.join(names)}"] if names else []
    if limits or not names:
        boundary.append(f"boundary: {limits}" if limits else "boundary not stated")
    place = (
        line["Localisation géographique"],
        line["Sous-localisation géographique français"],
    )
    said = (
        ("structure", line["Structure"]),
        ("place", ", ".join(part for part in place if part)),
        ("remark", " ".join(line["Commentaire français"].split())),
        ("published source", line["Source"]),
        ("uncertainty", _unused_percent(line)),
    )
    year = line.modified()[0]
    return {
        "name": " - ".join(part for part in parts if part),
        "criterion": "climate_change",
        "boundary": "; ".join(boundary),
        "status": line["Statut de l'élément"],
        "validity": line["Période de validité"],
        "source": f"{base}, element {element.id}",
        "source_year": str(year) if year else "",
        "source_url": URL,
        "licence": LICENCE,
        "note": "; ".join(f"{what}: {text}" for what, text in said if text),
    }


def _percent(line: Line) -> str:
    """Return the published uncertainty in percent, empty when there is none that can be used."""
    percent = line.decimal("Incertitude")
    if percent is not None and percent < 0:
        raise line.fail("Incertitude", Reason("error_percentage_from_0_nothing_correct_cell"))
    return "" if percent is None or percent > LARGEST_UNCERTAINTY else _plain(percent)


def _unused_percent(line: Line) -> str:
    """Return an uncertainty beyond what a factor may carry, for the note of its row."""
    percent = line.decimal("Incertitude")
    known = percent is not None and percent > LARGEST_UNCERTAINTY
    return f"{_plain(percent)} %, not used" if percent is not None and known else ""


def _total_row(
    element: Element, common: Mapping[str, str], unit: str, value: Decimal
) -> dict[str, str]:
    """Return the row of an element's published total."""
    line = element.total
    waste = unit == "kg" and line["Code de la catégorie"].startswith(_WASTE)
    return {
        **common,
        "flow": element.id,
        "reference_unit": unit,
        "stage": "end_of_life" if waste else _STAGES.get(unit, "embedded"),
        "value": _plain(value),
        "unit": f"kgCO2e/{unit}",
        "uncertainty_percent": _percent(line),
        # The base no longer vouches for an archived element: it is found by its identifier only.
        "equipment_type": _TYPES.get(element.id, "") if line.is_valid else "",
    }


def _part_rows(element: Element, common: Mapping[str, str], year: str) -> list[dict[str, str]]:
    """Return the parts of a mix, by identifier only: the total of its place includes them."""
    note = f"part of element {element.id}, whose total holds it; never add the two"
    return [
        {
            **common,
            "flow": f"{element.id}-{part}",
            "name": f"{common['name']} ({part}: {_sub_line_name(line)})",
            "reference_unit": "kWh",
            "geography": "",
            "year": year,
            "stage": "use",
            "value": _plain(line.decimal(TOTAL) or Decimal(0)),
            "unit": "kgCO2e/kWh",
            "uncertainty_percent": _percent(line),
            "note": "; ".join(text for text in (common["note"], note) if text),
        }
        for part, line in parts(element)
    ]


def _stage_rows(
    element: Element,
    base: Mapping[str, str],
    total: Decimal,
    by_id_only: dict[str, list[str]],
) -> list[dict[str, str]]:
    """Return the sub-lines summed by stage, nothing when one of them cannot be placed."""
    sums: dict[str, Decimal] = {}
    percents: dict[str, set[str]] = {}
    for line in element.sub_lines:
        stage = SUB_LINE_STAGES.get(_sub_line_name(line).casefold(), "")
        value = line.decimal(TOTAL)
        if not stage or value is None:
            reason = "a sub-line whose stage or value is not known: no split"
            by_id_only.setdefault(reason, []).append(element.id)
            return []
        sums[stage] = sums.get(stage, Decimal(0)) + value
        percents.setdefault(stage, set()).add(_percent(line))
    common = dict(base)
    common["name"] += " (sub-lines)"
    split = (
        f"sub-lines of element {element.id}: their sum is {_plain(sum(sums.values()))}, the"
        f" published total {_plain(total)}; use one or the other, never both"
    )
    common["note"] = "; ".join(part for part in (common["note"], split) if part)
    return [
        common
        | {
            "flow": f"{element.id}-stages",
            "reference_unit": "item",
            "stage": stage,
            "value": _plain(value),
            "unit": "kgCO2e/item",
            # Equal percentages hold for the sum of lines that vary together, which is the prudent
            # reading; unequal ones say nothing of it.
            "uncertainty_percent": percents[stage].pop() if len(percents[stage]) == 1 else "",
        }
        for stage, value in sums.items()
    ]


def _sub_line_name(line: Line) -> str:
    """Return the name of a sub-line; some have only a type."""
    return line["Nom poste français"] or line["Type poste"]


def _plain(number: Decimal | int) -> str:
    """Return a number with a decimal point, no exponent and no trailing zeros."""
    text = format(Decimal(number), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
