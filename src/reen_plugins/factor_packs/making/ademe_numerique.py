"""Makes the packs ademe-numerique and equipment-defaults from ADEME's published figures.

``python -m reen_plugins.factor_packs.making.ademe_numerique`` makes them from the rows kept:
``rows/ademe_figures.csv`` holds the figures as Impact CO2 and "bdd numérique" state them,
``ademe_objects.csv`` and ``ademe_types.csv`` which of them answer for what, and what is said of it.

Output: the files of the two packs.  Grams become kilograms, and yearly energy follows the formula
of the source: power x hours a day x 365 / 1000.  No other figure is written or changed here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

from reen.errors import FactorDataError
from reen_plugins.factor_packs.making.packs import (
    DEFAULT_COLUMNS,
    ROWS,
    description,
    factors,
    table_text,
    write,
)

__all__ = ["files", "main", "rows_of"]

Row: TypeAlias = Mapping[str, str]

_STEPS = ("manufacturing", "distribution", "end_of_life")
_BDD = (
    "ADEME, 'bdd numérique' v2.2.0 (LCA data on digital equipment;"
    " incubateur-ademe/publicodes-acv-numerique@70676e47)"
)
_REPOSITORY = {
    "source_year": "2026",
    "source_url": "https://github.com/incubateur-ademe/publicodes-acv-numerique",
    "licence": "MIT (publicodes-acv-numerique); cite ADEME",
}
#: What each table is cited as.
_CITED: Mapping[str, Row] = {
    "impact_co2": {
        "source": "ADEME-Arcep, Évaluation de l'impact environnemental du numérique en France,"
        " mise à jour 2025; values shown by Impact CO2 (vintage 2026-06,"
        " incubateur-ademe/impactco2@8076a489)",
        "source_year": "2025",
        "source_url": "https://librairie.ademe.fr/changement-climatique/"
        "7880-evaluation-de-l-impact-environnemental-du-numerique-en-france.html",
        "licence": "MIT (Impact CO2 repository); cite the ADEME-Arcep study",
    },
    "bdd_numerique": {"source": _BDD, **_REPOSITORY},
    "data_centre": {"source": f"{_BDD}, src/data center.publicodes", **_REPOSITORY},
}


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a table that is kept."""
    with (ROWS / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _figures() -> Mapping[tuple[str, str, str], Decimal]:
    """Return the figures by table, object and what they are, in kg, years, W and hours a day."""
    found: dict[tuple[str, str, str], Decimal] = {}
    for line, row in enumerate(rows_of("ademe_figures.csv"), start=2):
        key = (row["table"], row["object"], row["parameter"])
        if key in found:
            expected = "one figure of an object, not two"
            raise FactorDataError("ademe_figures.csv", line, "object", row["object"], expected)
        grams = row["unit"].startswith("gCO2e")
        found[key] = Decimal(row["value"]) / (1000 if grams else 1)
    return found


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _factors(each: Row, figures: Mapping[tuple[str, str, str], Decimal]) -> Iterator[Row]:
    """Yield the rows of a flow: a stage each, or the one figure of a device of a data centre."""
    table, thing = each["table"], each["object"]
    steps = ("embedded",) if table == "data_centre" else _STEPS
    there = [step for step in steps if (table, thing, step) in figures]
    if table == "data_centre":
        held = "what the source calls construction, without saying what it holds beyond"
        held += " manufacturing;"
    elif "distribution" in there:
        held = "manufacturing, distribution and end of life of one item;"
    else:
        held = "manufacturing and end of life of one item; distribution not published,"
    for step in there:
        yield {
            "flow": each["flow"],
            "name": each["name"],
            "reference_unit": "item",
            "stage": step,
            "criterion": "climate_change",
            "value": _text(figures[table, thing, step]),
            "unit": "kgCO2e/item",
            "equipment_type": each["equipment_type"],
            "boundary": f"{held} use not included",
            "status": each["status"],
            **_CITED[table],
            "note": each["note"],
        }


def _default(each: Row, parameter: str, value: Decimal, table: str, note: str) -> Row:
    units = {"lifetime": "year", "annual_energy": "kWh/year", "power": "W"}
    return {
        "equipment_type": each["equipment_type"],
        "parameter": parameter,
        "value": _text(value),
        "unit": units[parameter],
        **_CITED[table],
        "note": note,
    }


def _defaults(each: Row, figures: Mapping[tuple[str, str, str], Decimal]) -> Iterator[Row]:
    """Yield the lifetime of a type, of the first table that has one, then its energy and power."""
    table = next(name for name in _CITED if (name, each[name], "lifetime") in figures)
    lifetime = figures[table, each[table], "lifetime"]
    yield _default(each, "lifetime", lifetime, table, each["lifetime_note"])
    table = "bdd_numerique"
    power = figures.get((table, each[table], "power_active"))
    if power is None:
        return
    hours = figures[table, each[table], "hours_per_day"]
    use = f"; {each['use_note']}" if each["use_note"] else ""
    said = f"{_text(power)} W x {_text(hours)} h/day x 365 / 1000{use}"
    formula = f"power x hours x 365 / 1000 = {said}"
    yield _default(each, "annual_energy", power * hours * 365 / 1000, table, formula)
    yield _default(each, "power", power, table, f"when active, {_text(hours)} h/day{use}")


def files() -> dict[str, str]:
    """Return the text of each file of the two packs, by its path under ``data``.

    Raises
    ------
    FactorDataError
        Two figures of one object.
    """
    figures = _figures()
    objects, types = rows_of("ademe_objects.csv"), rows_of("ademe_types.csv")
    defaults = [row for each in types for row in _defaults(each, figures)]
    return {
        "ademe-numerique/factors.csv": factors(
            row for each in objects for row in _factors(each, figures)
        ),
        "ademe-numerique/pack.toml": description("ademe-numerique"),
        "equipment-defaults/defaults.csv": table_text(DEFAULT_COLUMNS, defaults),
        "equipment-defaults/pack.toml": description("equipment-defaults"),
    }


def main() -> None:
    """Make the packs again."""
    write(files())


if __name__ == "__main__":
    main()
