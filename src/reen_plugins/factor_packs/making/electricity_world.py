"""Makes the pack electricity-world from the table of Our World in Data.

``python -m reen_plugins.factor_packs.making.electricity_world`` makes it from the rows kept; with
the path of a new download (Entity, Code, Year, intensity in g per kWh) and ``--date 2026-05`` it
keeps that one first.

Output: the files of the pack.  Grams become kilograms, names of countries codes.  An area without
a country's code is an aggregate and left out, as are the areas in the lists below; any other that
is no country is an error.
"""

from __future__ import annotations

import argparse
import csv
import io
import tomllib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from reen.errors import FactorDataError
from reen.plugin.files import resolve_country, write_file
from reen_plugins.factor_packs.making.packs import ROWS, description, factors, write

__all__ = ["files", "main"]

#: Codes of the source that are no country's begin so; these two are wanted.
_OWN_CODE, _WANTED = "OWID_", frozenset({"World", "Kosovo"})
#: Codes of the French territories: ADEME's figures or none.
TERRITORIES = ("BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT")
#: Areas whose figures cannot be what the series says that they are.
IMPLAUSIBLE = frozenset({"Central African Republic"})

_TABLE = "carbon_intensity.csv"
_FIRST_YEAR = 2015


def files(table: str, *, date: str) -> dict[str, str]:
    """Return the text of each file of the pack, by its path under ``data``.

    Parameters
    ----------
    table
        Text of the published table; its last column is in g per kWh.
    date
        Year and month of the copy.

    Raises
    ------
    FactorDataError
        An area that is no country and in no list.
    """
    reader = csv.reader(io.StringIO(table))
    next(reader)
    rows = []
    dropped: set[str] = set()
    for line, (area, code, year, grams) in enumerate(reader, start=2):
        aggregate = not code or (code.startswith(_OWN_CODE) and area not in _WANTED)
        if aggregate or area in IMPLAUSIBLE or int(year) < _FIRST_YEAR:
            continue
        place = "WORLD" if area == "World" else resolve_country(area)
        if place is None:
            expected = "a country, or an area named in one of the lists of this module"
            raise FactorDataError(_TABLE, line, "Entity", area, expected)
        if place in TERRITORIES:
            dropped.add(area)
        else:
            rows.append(_row(area, place, year, Decimal(grams) / 1000, date[:4]))
    years = [row["year"] for row in rows]
    facts = {
        "date": date,
        "first": min(years),
        "last": max(years),
        "territories": ", ".join(sorted(dropped)),
    }
    return {
        "electricity-world/factors.csv": factors(rows),
        "electricity-world/pack.toml": description("electricity-world", **facts),
    }


def _row(area: str, place: str, year: str, kilograms: Decimal, copied: str) -> dict[str, str]:
    return {
        "flow": "electricity",
        "name": f"Electricity generation, {area} {year}",
        "reference_unit": "kWh",
        "geography": place,
        "year": year,
        "stage": "use",
        "criterion": "climate_change",
        "value": format(kilograms.normalize(), "f"),
        "unit": "kgCO2e/kWh",
        "boundary": "generation, life cycle; network losses not included",
        "source": "Our World in Data, Carbon intensity of electricity generation, from Ember Yearly"
        " Electricity Data",
        "source_year": copied,
        "source_url": "https://ourworldindata.org/grapher/carbon-intensity-electricity",
        "licence": "CC BY 4.0",
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the pack again, from the rows kept or from a new download."""
    parser = argparse.ArgumentParser(prog="electricity_world", description=__doc__)
    parser.add_argument("table", nargs="?", type=Path, help="a new download")
    parser.add_argument("--date", help="year and month of the download, such as 2026-05")
    asked = parser.parse_args(arguments)
    kept, about = ROWS / _TABLE, ROWS / "carbon_intensity.toml"
    if asked.table is not None:
        if not asked.date:
            parser.error("a new download needs --date 2026-05")
        write_file(about, f'date = "{asked.date}"\n')
        write_file(kept, asked.table.read_text("utf-8"))
    write(files(kept.read_text("utf-8"), **tomllib.loads(about.read_text("utf-8"))))


if __name__ == "__main__":
    main()
