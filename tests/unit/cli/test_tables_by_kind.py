"""The commands on inventories of several tables: nothing is lost, nothing is counted twice."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import reen

Typed = Callable[..., Any]

DAY = pa.array([dt.date(2024, 5, 2)], pa.date32())


@pytest.fixture
def several(tmp_path: Path) -> tuple[Path, ...]:
    """Return the files of a fleet of two laptops, a purchase and a headcount."""
    inventory = reen.Inventory.from_tables(
        equipment=pa.table({"equipment_type": ["laptop"], "quantity": [2.0]}),
        purchases=pa.table({"date": DAY, "quantity": [3.0], "reconditioned": [True]}),
        headcount=pa.table({"date": DAY, "agents": [40.0]}),
    )
    return reen.write_inventory(inventory, tmp_path / "parc.parquet")


def test_read_writes_each_table_and_names_it(
    typed: Typed, several: tuple[Path, ...], tmp_path: Path
) -> None:
    run = typed("read", *several, "--output", tmp_path / "clean.csv")
    assert run.code == 0
    assert run.err.splitlines() == [
        f"written to {tmp_path / 'clean.csv'}: 1 row of equipment",
        f"written to {tmp_path / 'clean.purchases.csv'}: 1 row of purchases",
        f"written to {tmp_path / 'clean.headcount.csv'}: 1 row of headcount",
    ]
    assert "and 1 purchase and 1 headcount" in run.out
    for path in ("clean.csv", "clean.purchases.csv", "clean.headcount.csv"):
        assert (tmp_path / path).is_file()
        assert (tmp_path / f"{path}.account.json").is_file()


def test_rows_on_standard_output_say_what_is_not_among_them(
    typed: Typed, several: tuple[Path, ...]
) -> None:
    run = typed("read", *several, "--format", "csv")
    assert run.out.splitlines()[0].startswith('"equipment_type"')
    assert len(run.out.splitlines()) == 2
    assert "not written: 1 purchase and 1 headcount; --output writes each table" in run.err


def test_a_table_is_not_written_over_a_file_that_is_read(
    typed: Typed, several: tuple[Path, ...], tmp_path: Path
) -> None:
    """The purchases would go to parc.purchases.parquet, from which they come."""
    before = several[1].read_bytes()
    run = typed("read", several[1], several[2], "--output", tmp_path / "parc.parquet")
    assert run.code != 0
    assert "parc.purchases.parquet; give another name" in run.err
    assert several[1].read_bytes() == before


def test_json_counts_every_table(typed: Typed, several: tuple[Path, ...]) -> None:
    content = json.loads(typed("read", *several, "--format", "json").out)
    assert content["linked"] == {"purchase": 1, "headcount": 1}
    assert content["account"]["rows"] == 3
    assert [report["kind"] for report in content["reports"]] == [
        "equipment",
        "purchases",
        "headcount",
    ]


@pytest.mark.slow
def test_indicators_take_the_records_of_the_files(typed: Typed, several: tuple[Path, ...]) -> None:
    """All of three items bought in 2024 are reconditioned."""
    options = ("--from", "2024-01-01", "--to", "2024-12-31")
    run = typed("indicators", *several, "--indicator", "reuse_in_purchases", *options)
    assert run.code == 0
    assert "100" in run.out
    for option in (("--agents", "12"), ("--purchases", several[1]), ("--headcount", several[2])):
        twice = typed("indicators", *several, *option, *options)
        assert twice.code != 0
        assert f"already: drop {option[0]}, or them." in " ".join(twice.err.split())


def test_measuring_records_alone_is_refused(typed: Typed, several: tuple[Path, ...]) -> None:
    run = typed("measure", several[1], "--method", "base-carbone")
    assert run.code != 0
    assert "There is no equipment to measure, only 1 purchase" in " ".join(run.err.split())
