"""Columns that rows fill and a method does not look at: named once, with the rows.

Two laptops: `a` says its power, its hours and its declared footprint, `b` its life and country.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from pyarrow import csv

import reen
from reen.cli.app import app
from reen.inventory.schema import EQUIPMENT, FIGURE_COLUMNS
from reen.method.rules import columns_of
from reen_plugins.boavizta import method as boavizta
from reen_plugins.manufacturer import method as manufacturer

AS_OF = "2024-12-31"
#: What every method reads, what stands beside another column, and what methods name by case.
ALWAYS = {"quantity", "equipment_type", "equipment_type_raw"}


def laptops() -> reen.Inventory:
    return reen.Inventory.from_arrow(
        pa.table(
            {
                "id": ["a", "b"],
                "equipment_type": ["laptop", "laptop"],
                "quantity": [1.0, 2.0],
                "power": [40.0, None],
                "usage_hours": [2088.0, None],
                "declared_footprint": [200.0, 300.0],
                "lifetime": [5.0, 4.0],
                "country": [None, "FR"],
                "site": ["north", "south"],
                "serial_number": ["s1", "s2"],
                "price": [900.0, 800.0],
            }
        )
    )


def unused(footprint: reen.Footprint) -> dict[str, int]:
    return {each.column: each.rows for each in footprint.coverage.unused}


def measure(method: str, **options: object) -> reen.Footprint:
    configured = reen.configure(reen.default_registry().method(method), options)
    return reen.measure(laptops(), configured, as_of=AS_OF)


def test_the_columns_are_those_of_the_bundled_methods() -> None:
    """No method reads a column that is never named, nor is one named that no method reads."""
    names = [name for name in reen.default_registry().methods if name != "spend"]
    names = [name for name in names if name not in ("boavizta", "manufacturer")]
    read = {column for name in names for column in reen.prepare(name, as_of=AS_OF).columns}
    for module, kind in (
        (boavizta, boavizta.PreparedBoavizta),
        (manufacturer, manufacturer.PreparedManufacturer),
    ):
        read |= {*kind.reads, *(kind.remarks_on or ())}
        read |= {
            column for each in (module.ITEM, module.ELECTRICITY) for column in columns_of(each)
        }
    beside = {name for name in read if name.endswith("_precision")}
    assert read - ALWAYS - beside - FIGURE_COLUMNS <= {"manufacturer", "model_number"}
    assert read >= FIGURE_COLUMNS
    assert EQUIPMENT.keys() >= FIGURE_COLUMNS


@pytest.mark.parametrize(
    ("method", "options", "expected"),
    [
        ("declared", {}, {"country": 1, "power": 1, "usage_hours": 1}),
        ("base-carbone", {}, {"declared_footprint": 2}),
        (
            "base-carbone",
            {"use_stage": False},
            {"country": 1, "declared_footprint": 2, "power": 1, "usage_hours": 1},
        ),
        ("ecodiag", {}, {"declared_footprint": 2}),
        (
            "ecodiag",
            {"mode": "flux"},
            {"country": 1, "declared_footprint": 2, "power": 1, "usage_hours": 1},
        ),
        ("numecoeval", {}, {"declared_footprint": 2}),
    ],
)
def test_each_is_named_with_its_rows(
    method: str, options: dict[str, object], expected: dict[str, int]
) -> None:
    """Identifiers, sites and prices, of which no method makes a figure, are never named."""
    assert unused(measure(method, **options)) == expected


def test_it_changes_no_figure() -> None:
    table = laptops().table
    bare = reen.Inventory.from_arrow(table.drop_columns(["power", "usage_hours", "country"]))
    found = reen.measure(bare, "declared", as_of=AS_OF)
    assert unused(found) == {}
    assert found.total().value == measure("declared").total().value == 200 / 5 + 2 * 300 / 4
    assert "columns not used" not in str(found)


def test_rows_add_up_however_they_are_read(tmp_path: Path) -> None:
    """In memory, in batches of one, from Parquet, by workers, by parts, beside another method."""
    whole = measure("declared")
    path = tmp_path / "laptops.parquet"
    pq.write_table(laptops().table, path)
    ways = [
        reen.measure(laptops(), "declared", as_of=AS_OF, batch_rows=1),
        reen.measure(path, "declared", as_of=AS_OF),
        reen.compare(laptops(), methods=["declared", "ecodiag"], as_of=AS_OF).footprints[
            "declared"
        ],
    ]
    with ThreadPoolExecutor(2) as executor:
        ways.append(
            reen.measure(laptops(), "declared", as_of=AS_OF, executor=executor, batch_rows=1)
        )
    halves = [reen.Inventory.from_arrow(laptops().table.slice(k, 1)) for k in (0, 1)]
    first, second = (reen.measure(half, "declared", as_of=AS_OF).fold for half in halves)
    assert (first + second).unused == whole.fold.unused
    for found in ways:
        assert unused(found) == unused(whole)


@pytest.mark.slow
def test_the_text_the_page_and_the_json_name_them(tmp_path: Path) -> None:
    path = tmp_path / "laptops.csv"
    path.write_text("id,type,quantity,power,usage hours,lifetime\na,laptop,1,40,2088,5\n", "utf-8")
    footprint = reen.measure(path, "declared", as_of=AS_OF)
    line = "columns not used, with the rows that fill them: power (1), usage_hours (1)"
    assert line in str(footprint.coverage)
    assert line in str(footprint)
    kept = tmp_path / "kept.json"
    reen.write_footprint(footprint, kept)
    content = json.loads(kept.read_text("utf-8"))
    named = {"power": 1, "usage_hours": 1}
    assert content["coverage"]["columns_not_used"] == named
    assert reen.read_footprint(kept).coverage.unused == footprint.coverage.unused
    command = ["measure", str(path), "-m", "declared", "--as-of", AS_OF]
    for more, head in (
        ([], "Columns that the method does not use: power (1 row), usage_hours (1 row)"),
        (["--full"], "Columns that the method does not use: power (1 row), usage_hours (1 row)"),
        (["--lang", "fr"], "Colonnes que la méthode n'utilise pas : puissance (1 ligne)"),
    ):
        shown = CliRunner().invoke(app, [*command, *more], env={"COLUMNS": "200"}).stdout
        assert head in " ".join(shown.split())


@pytest.mark.parametrize(("head", "cells", "expected"), [("", "", 0), (";status", ";in_use", 2)])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_status_that_reading_wrote_is_no_column_that_somebody_filled(
    tmp_path: Path, head: str, cells: str, expected: int, ending: str
) -> None:
    """NumEcoEval looks at no status: of a list without any, there is none that it leaves unused."""
    lines = [f"equipment_type;quantity;lifetime;annual_energy;country{head}"]
    lines += [f"laptop;{number};5;30;FR{cells}" for number in (1, 2)]
    path = tmp_path / "parc.csv"
    path.write_text("\n".join(lines), "utf-8")
    if ending == "parquet":
        table = csv.read_csv(path, parse_options=csv.ParseOptions(delimiter=";"))
        path = tmp_path / "parc.parquet"
        pq.write_table(table, path)
    found = unused(reen.measure(path, "numecoeval", as_of=AS_OF))
    assert found == ({"status": expected} if expected else {})
