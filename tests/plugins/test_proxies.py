"""Documented proxies: each figure is its formula, and what it borrows stands in a pack.

The formulas are read from the notes of the shipped rows, and worked out with nothing but the tables
of the packs, so that a fault of the script that made them cannot hide.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

import reen
from reen_plugins.factor_packs.making.proxies import ENERGY, LEFT_OUT, LIFETIME, PROXIES, surface

DATA = files("reen_plugins.factor_packs") / "data"
ROWS = files("reen_plugins.factor_packs.making") / "rows"

Row = dict[str, str]


def read(pack: str, name: str) -> list[Row]:
    return list(csv.DictReader((DATA / pack / name).read_text("utf-8").splitlines()))


def totals(pack: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in read(pack, "factors.csv"):
        found[row["flow"]] = found.get(row["flow"], 0.0) + float(row["value"])
    return found


def elements() -> list[Row]:
    return list(csv.DictReader((ROWS / "proxy_elements.csv").read_text("utf-8").splitlines()))


PUBLISHED = {
    **{f"{pack} {flow}": each for pack in ("base-carbone", "ademe-numerique")
       for flow, each in totals(pack).items()},
    **{f"base-carbone {row['element']} per kg": float(row["value"])
       / (1000.0 if row["unit"].endswith("tonne") else 1.0) for row in elements()},
}  # fmt: skip

#: One term of a formula: so many times a figure that a pack has.
TERM = re.compile(r"(?:([\d.]+) x )?([\d.]+) \(([^)]+)\)")


def formulas(note: str) -> Iterator[tuple[str, str]]:
    """Yield what a note works out, by the column that it is of."""
    for column, name in (("value", "Figure"), ("lower", "Low"), ("upper", "High")):
        found = re.search(rf"{name}: (.*?)\.(?: |$)", note)
        assert found is not None, note
        yield column, found[1]


@pytest.mark.parametrize("row", read("proxies", "factors.csv"), ids=lambda row: row["flow"])
def test_a_factor_is_its_formula_of_published_figures(row: Row) -> None:
    for column, formula in formulas(row["note"]):
        total = 0.0
        for number, figure, name in TERM.findall(formula):
            assert float(figure) == pytest.approx(PUBLISHED[name], rel=1e-5), name
            total += float(number or 1.0) * PUBLISHED[name]
        assert float(row[column]) == pytest.approx(total, rel=1e-5), (column, formula)
    assert float(row["lower"]) < float(row["value"]) < float(row["upper"])
    assert row["status"] == "proxy"


@pytest.mark.parametrize(
    "row",
    [row for row in read("proxies", "defaults.csv") if row["parameter"] == "annual_energy"],
    ids=lambda row: row["equipment_type"],
)
def test_a_yearly_energy_is_its_formula(row: Row) -> None:
    """Watts times hours of a year, over a thousand, summed."""
    for column, formula in formulas(row["note"]):
        terms = re.findall(r"([\d.]+) W x ([\d.]+) h / 1000", formula)
        total = sum(float(watts) * float(hours) / 1000.0 for watts, hours in terms)
        assert float(row[column]) == pytest.approx(total, rel=1e-5), (column, formula)
    assert float(row["lower"]) < float(row["value"]) < float(row["upper"])


def test_a_lifetime_is_one_that_is_published() -> None:
    """Of the type that the note names: no pack gives that of the disks but ADEME's own file."""
    published = {
        float(row["value"])
        for row in read("equipment-defaults", "defaults.csv")
        if row["parameter"] == "lifetime"
    }
    assert {years for years, _ in LIFETIME.values()} <= published


def test_no_type_has_both_a_proxy_and_a_published_figure() -> None:
    """A proxy stands in for nothing that a source publishes."""
    published = {row["equipment_type"] for row in read("ademe-numerique", "factors.csv")}
    assert not set(PROXIES) & published
    defaults = read("equipment-defaults", "defaults.csv")
    given = {(row["equipment_type"], row["parameter"]) for row in defaults}
    assert not {(kind, "annual_energy") for kind in ENERGY} & given
    assert not {(kind, "lifetime") for kind in LIFETIME} & given
    assert not set(PROXIES) & set(LEFT_OUT)


def test_the_surface_of_a_screen() -> None:
    """75 inches are 1.905 m; by 16 and 9 over the root of 337: 1.6603 m x 0.9340 m = 1.5507 m2."""
    assert surface(75) == pytest.approx(1.66035 * 0.93395, rel=1e-4)


def test_what_is_counted_by_the_kilogram_is_in_the_release(shared_data: Path) -> None:
    """The three elements per kilogram, as the export states them."""
    path = shared_data / "base_carbone_v23_6_digital.csv"
    with path.open(encoding="cp1252", newline="") as stream:
        export = {
            row["Identifiant de l'élément"]: row
            for row in csv.DictReader(stream, delimiter=";")
            if row["Type Ligne"] == "Elément"
        }
    for row in elements():
        source = export[row["element"]]
        value = float(source["Total poste non décomposé"].replace(",", "."))
        assert float(row["value"]) == value
        assert row["unit"] == source["Unité français"]
        assert row["uncertainty_percent"] == source["Incertitude"]
        assert row["status"] == source["Statut de l'élément"]


def test_proxies_are_given_to_no_method_as_factors() -> None:
    """They would be counted among published figures."""
    item = reen.Equipment("iot", lifetime=5)
    with pytest.raises(reen.errors.OptionError, match="option proxies"):
        reen.measure(item, method="base-carbone", factors="proxies")
