"""Numbers that cannot be what their unit says: cells out of use, columns in another unit."""

from __future__ import annotations

import csv
import importlib.resources
import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen import Inventory
from reen.errors import OptionError
from reen.inventory.plausible import mistakes_of, ranges_of
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.plugin.files import Imported
from reen.types import Issue, Severity
from reen.vocabulary.units import conversion_factor

Read = Callable[..., Imported]


def column(found: Imported, name: str) -> tuple[list[float | None], str]:
    """Return the numbers of a column and its unit."""
    metadata = found.table.schema.field(name).metadata
    return found.table[name].to_pylist(), metadata[b"unit"].decode()


def issues(found: Imported, name: str, severity: Severity) -> list[Issue]:
    return [i for i in found.issues if i.column == name and i.severity is severity]


@pytest.mark.parametrize("name", ["ranges.csv", "unit_mistakes.csv"])
def test_tables_name_columns_types_and_units_that_exist(name: str) -> None:
    source = importlib.resources.files("reen.inventory").joinpath("data", name)
    rows = list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))
    types = reen.default_registry().equipment_types
    for row in rows:
        schema = next(each for each in SCHEMA_OF_KIND.values() if row["column"] in each)
        assert row["argument"].endswith(".")
        for key in filter(None, row.get("types", "").split(";")):
            assert key in types or key == "virtual_machine"
        if "unit" in row:
            assert conversion_factor(row["unit"], schema[row["column"]].unit) > 0


@pytest.mark.parametrize(
    ("header", "name", "rows", "unit", "expected"),
    [
        ("Durée d'amortissement", "lifetime", "PC portable;36|Écran;60", "month", [36, 60]),
        ("Durée de vie", "lifetime", "Serveur;84|Switch;72|Copieur;48", "month", [84, 72, 48]),
        ("Durée d'amortissement", "lifetime", "PC fixe;60|Serveur;", "month", [60, None]),
        ("Amortissement", "lifetime", "PC fixe;12|PC fixe;36", "month", [12, 36]),
        ("Durée de vie", "lifetime", "PC fixe;5 ans|PC fixe;60", "month", [60, 60]),
        ("RAM", "ram", "PC fixe;8192|Serveur;65536", "MiB/item", [8192, 65536]),
        ("RAM", "ram", "Serveur;4096|Serveur;131072", "MiB/item", [4096, 131072]),
        ("Mémoire", "ram", "PC fixe;17179869184", "B/item", [17179869184]),
        ("Disque", "storage", "PC fixe;512110|PC portable;256060", "MB/item", [512110, 256060]),
        ("Poids", "weight", "PC portable;1400|PC portable;2100", "g/item", [1400, 2100]),
        ("Conso", "annual_energy", "PC portable;30500", "Wh/item/year", [30500]),
        ("Puissance", "power", "Serveur;0,35|Serveur;0,5", "kW/item", [0.35, 0.5]),
    ],
)
def test_a_whole_column_in_another_unit_is_converted_and_doubted(
    read: Read,
    header: str,
    name: str,
    rows: str,
    unit: str,
    expected: list[float | None],
) -> None:
    found = read(f"Type;{header}\n" + rows.replace("|", "\n") + "\n")
    assert column(found, name) == (pytest.approx(expected), unit)
    (doubt,) = issues(found, name, Severity.DOUBT)
    assert doubt.reason.code == "column_in_another_unit"
    english, french = {"month": ("months", "mois")}.get(unit, (unit.replace("/item", ""),) * 2)
    assert f"the whole column is read in {english}" in str(doubt)
    assert f"toute la colonne est lue en {french}" in doubt.text("fr")


@pytest.mark.parametrize(
    ("header", "name", "rows", "bad", "likely"),
    [
        ("Durée de vie", "lifetime", "PC fixe;5|PC fixe;60|PC fixe;6", 1, "months"),
        ("Durée de vie (ans)", "lifetime", "PC fixe;60|PC fixe;36", 0, "months"),
        ("RAM", "ram", "PC fixe;16|PC fixe;16384|PC fixe;8", 1, "MiB"),
        ("RAM (Go)", "ram", "Serveur;131072", 0, "MiB"),
        ("Stockage", "storage", "PC fixe;512|PC fixe;1|PC fixe;256", 1, "TB"),
        ("Poids", "weight", "PC portable;1,5|PC portable;1400|PC portable;2", 1, "g"),
        ("Conso (kWh/an)", "annual_energy", "PC portable;40|PC portable;30500", 1, "Wh/year"),
        ("Taille écran", "screen_size", "PC portable;14|PC portable;360|PC portable;15", 1, "mm"),
        ("Prix HT", "price", "PC fixe;800|PC fixe;80000000", 1, ""),
        ("Quantité", "quantity", "PC fixe;8|PC fixe;80000000", 1, ""),
        ("Puissance", "power", "PC fixe;60|PC fixe;60000", 1, ""),
        ("Heures par an", "usage_hours", "PC fixe;1760|PC fixe;17600", 1, ""),
        ("Cœurs", "cpu_cores", "PC fixe;8|PC fixe;8000", 1, ""),
        ("lifetime", "lifetime", "laptop;5|laptop;1e-310", 1, ""),
    ],
)
def test_an_implausible_cell_is_invalid_and_its_unit_is_proposed(
    read: Read, header: str, name: str, rows: str, bad: int, likely: str
) -> None:
    found = read(f"Type;{header}\n" + rows.replace("|", "\n") + "\n")
    values, _ = column(found, name)
    assert math.isnan(values[bad] or 0.0)
    assert len(issues(found, name, Severity.CELL)) >= 1
    issue = next(i for i in found.issues if bad + 2 in i.rows)
    assert not issues(found, name, Severity.DOUBT)
    if likely:
        assert str(dict(issue.reason.details)["likely"]) == likely
        assert f"is it in {likely}?" in str(issue)
    else:
        assert issue.reason.code == "implausible"
    assert issue.text("fr") != str(issue)


def test_an_unusual_machine_is_written_with_its_unit(read: Read) -> None:
    found = read("Type;RAM\nServeur;24 To\nServeur;512\n")
    values, unit = column(found, "ram")
    assert (values, unit) == ([24 * 1024.0, 512.0], "GiB/item")
    assert found.issues == ()


def test_months_and_years_in_cells_keep_their_own_units(read: Read) -> None:
    found = read("Type;Durée de vie\nPC fixe;60 mois\nPC fixe;5 ans\nPC fixe;4\n")
    assert column(found, "lifetime") == (pytest.approx([5.0, 5.0, 4.0]), "year")
    assert not found.issues


def test_an_invalid_cell_leaves_its_stage_out_by_name(
    conformed: Callable[..., Inventory],
) -> None:
    inventory = conformed("Type;Durée de vie;RAM\nPC fixe;5;16\nPC fixe;60;16384\nPC fixe;5;8\n")
    batch = next(inventory.batches())
    assert batch.invalid("lifetime").tolist() == [False, True, False]
    assert batch.missing("lifetime").tolist() == [False, False, False]
    assert batch.invalid("ram").tolist() == [False, True, False]


@given(
    years=st.lists(st.integers(1, 15), min_size=1, max_size=20),
)
def test_plausible_columns_are_left_alone(years: list[int]) -> None:
    """No plausible lifetime of any type is out of its limits."""
    for limits in ranges_of("lifetime").values():
        assert all(limits.minimum <= year <= limits.maximum for year in years)


def test_units_taken_for_others_differ_by_more_than_the_limits_of_personal_devices() -> None:
    """8 GiB of memory in MB are outside the limits in GiB, for every personal device."""
    (mebi, *_others) = mistakes_of("ram")
    assert mebi.unit == "MiB/item"
    for key in ("laptop", "desktop", "tablet", "smartphone"):
        assert ranges_of("ram")[key].maximum < 8 * 1024


@pytest.mark.parametrize(
    ("header", "cells", "column", "expected"),
    [
        # all multiples of 1024, and two of them more than a host has
        ("Mémoire", (1024, 8192, 16384), "ram", [1.0, 8.0, 16.0]),
        ("Memory", (4, 8, 16), "ram", [4.0, 8.0, 16.0]),
        ("Provisioned", (61_000, 122_000), "storage", [61.0, 122.0]),
    ],
)
def test_what_a_virtual_machine_has(
    header: str, cells: tuple[int, ...], column: str, expected: list[float]
) -> None:
    """Hosts count in MiB and MB; 8192 GiB in one machine is no machine of a town."""
    rows = "".join(f"vm{k};{cell};2\n" for k, cell in enumerate(cells))
    table = reen.read(f"VM;{header};vCPU\n{rows}".encode(), name="vms.csv").virtual_machines
    unit = table.schema.field(column).metadata[b"unit"].decode()
    factor = conversion_factor(unit, SCHEMA_OF_KIND["virtual_machines"][column].unit)
    found = [value * factor for value in table[column].to_pylist()]
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("header", "name", "cell", "value"),
    [
        ("Consommation", "annual_energy", "65 kWh/jour", 65 * 365.25),
        ("Empreinte carbone", "declared_footprint", "192000 kgCO2e", 192_000.0),
        ("Durée de vie", "lifetime", "60 ans", 60.0),
        ("Puissance", "power", "2 kW", 2000.0),
    ],
)
def test_what_no_laptop_has_is_doubted_with_its_unit_too(
    read: Read, header: str, name: str, cell: str, value: float
) -> None:
    """It is counted, for its unit is written; in code, where nothing is told later, refused."""
    found = read(f"Type;{header}\nPC portable;{cell}\nPC portable;\n")
    assert column(found, name)[0][0] == pytest.approx(value)
    (doubt,) = issues(found, name, Severity.DOUBT)
    assert (doubt.reason.code, doubt.rows) == ("hardly_plausible", (2,))
    with pytest.raises(OptionError, match=name):
        reen.Equipment("PC portable", **{name: value}).cells()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"annual_energy": "30 W"}, "power="),
        ({"annual_energy": 30_000}, "Wh/year"),
        ({"lifetime": 60}, "month"),
        ({"lifetime": "60 year"}, "from 0.05 to 20"),
        ({"declared_footprint": 192_000}, "gCO2e"),
        ({"power": 5000}, "from 0.3 to 400"),
        ({"extra": {"weight": 900}}, "weight"),
        ({"price": -3}, "extra="),
    ],
)
def test_the_rule_of_files_is_that_of_code(given: dict[str, object], said: str) -> None:
    with pytest.raises(OptionError, match=said):
        reen.measure(reen.Equipment("laptop", **given), "base-carbone", as_of="2025-12-31")
    with pytest.raises(OptionError, match=said):
        Inventory.from_equipment([reen.Equipment("laptop", **given)])


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("laptop", {"lifetime": "60 month", "annual_energy": 30, "power": "30 W"}),
        ("server", {"annual_energy": 30_000, "lifetime": 15}),
        ("rack", {"lifetime": 35}),
        ("laptop", {"lifetime": 0, "quantity": 0}),
        ("server", {"extra": {"ram": "24 TB"}}),
    ],
)
def test_what_a_type_can_have_is_taken(kind: str, given: dict[str, object]) -> None:
    assert set(given) - {"extra"} <= set(reen.Equipment(kind, **given).cells())
