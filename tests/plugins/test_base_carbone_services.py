"""The elements of services, paper and waste: what is chosen is what the base says that it is.

Figures are read twice: from the rows kept beside the script, and, where it is at hand, from the
copy of the release itself; never from the pack that is checked.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from reen.plugin.files import SERVICES
from reen_plugins.base_carbone.services_pack import (
    PAPER,
    RATIOS,
    SERVICE_ELEMENTS,
    WASTE,
    WASTE_UNKNOWN,
)
from reen_plugins.spend.services import REAM

PACKS = files("reen_plugins.factor_packs")

#: Division of the nomenclature that answers for a type of service, as the base names it.
DIVISIONS = {
    "saas": "Programmation, conseil IT / Services d'information",
    "it_services": "Programmation, conseil IT / Services d'information",
    "hosting": "Programmation, conseil IT / Services d'information",
    "software_licence": "Edition",
    "telecom": "Services de télécommunications",
    "telephone_line": "Services de télécommunications",
    "fixed_network": "Services de télécommunications",
    "mobile_network": "Services de télécommunications",
    "maintenance": "Services de réparation d'ordinateurs et de biens personnels et domestiques",
    "printing": "Travaux d'impression et de reproduction",
    "paper": "Papier et carton",
    "small_equipment": "Produits informatiques, électroniques et optiques",
}


def rows_of(text: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the elements of an export, by identifier."""
    lines = csv.DictReader(text, delimiter=";")
    return {row["Identifiant de l'élément"]: row for row in lines if row["Type Ligne"] == "Elément"}


@pytest.fixture(scope="module")
def kept() -> Mapping[str, Mapping[str, str]]:
    """Return the rows kept beside the script that makes the pack."""
    text = (PACKS / "making" / "rows" / "base_carbone.csv").read_text("utf-8")
    return rows_of(text.splitlines())


def shipped() -> dict[str, dict[str, str]]:
    text = (PACKS / "data" / "base-carbone-services" / "factors.csv").read_text("utf-8")
    return {row["flow"]: row for row in csv.DictReader(text.splitlines())}


def check_values(published: Mapping[str, Mapping[str, str]]) -> None:
    """Hold every figure of the pack to its published one, per thousand euros or per tonne."""
    found = shipped()
    assert set(found) == SERVICE_ELEMENTS
    for element, row in found.items():
        line = published[element]
        unit = line["Unité français"]
        per = 1 if unit == "kgCO2e/Kg" else 1000
        value = Decimal(line["Total poste non décomposé"].replace(",", "."))
        assert Decimal(row["value"]) * per == value, element
        assert row["uncertainty_percent"] == line["Incertitude"], element
        assert line["Statut de l'élément"].startswith("Valide"), element
        assert row["year"] == (unit[14:18] if "keuro" in unit else ""), element


def test_values_are_those_of_the_rows_kept(kept: Mapping[str, Mapping[str, str]]) -> None:
    check_values(kept)


def test_values_are_those_of_the_release(shared_data: Path) -> None:
    export = shared_data / "base_carbone_v23_6_digital.csv"
    with export.open(encoding="cp1252", newline="") as stream:
        check_values(rows_of(stream))


def test_each_ratio_is_of_its_division_and_year(kept: Mapping[str, Mapping[str, str]]) -> None:
    assert set(RATIOS) == set(DIVISIONS)
    for service_type, elements in RATIOS.items():
        for element, year in zip(elements, range(2019, 2024), strict=True):
            name = kept[element]["Nom base français"]
            assert name.startswith(DIVISIONS[service_type]), (service_type, name)
            assert name.endswith(str(year)), (service_type, name)
            assert kept[element]["Unité français"] == f"kgCO2e/keuro ({year}) HT"


def test_each_type_of_service_has_a_ratio_or_none_on_purpose() -> None:
    known = set(SERVICES["service_type"].values)
    assert known - set(RATIOS) == {"other", "unknown"}


def test_streams_of_waste_are_what_they_are_said_to_be(
    kept: Mapping[str, Mapping[str, str]],
) -> None:
    names = {element: kept[element]["Nom attribut français"] for element in WASTE.values()}
    assert names == {"34616": "Ecrans Plats", "34610": "GEMHF", "34612": "PAM"}
    assert WASTE_UNKNOWN in names
    for element in names:
        assert kept[element]["Nom frontière français"].endswith("Impacts")  # no avoided emission


def test_paper_by_mass_agrees_with_the_published_ream(
    kept: Mapping[str, Mapping[str, str]], shared_data: Path
) -> None:
    """2.4948 kg x 0.919 = 2.2927 kg; the base prints 2.29 for its ream (24295)."""
    assert pytest.approx(2.4948) == REAM
    with (shared_data / "base_carbone_v23_6_digital.csv").open(
        encoding="cp1252", newline=""
    ) as stream:
        ream = float(rows_of(stream)["24295"]["Total poste non décomposé"].replace(",", "."))
    paper = float(kept[PAPER]["Total poste non décomposé"].replace(",", "."))
    assert paper * REAM == pytest.approx(ream, rel=2e-3)


def test_masses_of_waste_are_those_published(shared_data: Path) -> None:
    """Of the European Union in 2017, by the key that the row names."""
    with (shared_data / "weee_weights.csv").open(encoding="utf-8", newline="") as stream:
        published = {
            row["unu_key"]: row["value"]
            for row in csv.DictReader(stream)
            if row["country"].startswith("EU") and row["year"] == "2017"
        }
    text = (PACKS / "data" / "weee-weights" / "defaults.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        key = row["source"].partition("UNU key ")[2][:4]
        assert float(row["value"]) == float(published[key]), row
        assert row["unit"] == "kg/item"
        assert row["licence"] == "MIT"


def test_the_notes_say_the_years_of_the_prices() -> None:
    about = tomllib.loads(
        (PACKS / "data" / "base-carbone-services" / "pack.toml").read_text("utf-8")
    )
    assert "2019 to 2023" in about["description"]
