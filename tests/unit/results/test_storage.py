"""Storage: what a written footprint looks like, and files that are none."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import reen

SUFFIXES = pytest.mark.parametrize("suffix", [".json", ".parquet"])


@pytest.fixture
def footprint() -> reen.Footprint:
    """Return a footprint of groups of several types, some null, some not assessed."""
    table = pa.table(
        {
            "equipment_type": ["laptop", "laptop", "zorglub", "laptop"],
            "quantity": pa.array([1.0, None, 2.0, 0.0]),
            "entity": ["a", None, "b", ""],
            "floor": pa.array([1, None, -3, 2**60], pa.int64()),
            "checked": pa.array([True, None, False, True]),
            "seen": pa.array([dt.date(2020, 2, 29), None, None, dt.date(1969, 12, 31)]),
        }
    )
    return reen.measure(
        reen.Inventory.from_arrow(table),
        method="base-carbone",
        by=("entity", "floor", "checked", "seen"),
        as_of="2022-12-31",
    )


@SUFFIXES
def test_it_reads_back_equal(footprint: reen.Footprint, tmp_path: Path, suffix: str) -> None:
    """Keys of every type, nulls and unknown quantities included."""
    path = tmp_path / f"footprint{suffix}"
    reen.write_footprint(footprint, path)
    assert reen.read_footprint(path) == footprint


@SUFFIXES
def test_the_hash_reads_back(footprint: reen.Footprint, tmp_path: Path, suffix: str) -> None:
    """The provenance is written with its hash."""
    path = tmp_path / f"footprint{suffix}"
    reen.write_footprint(footprint, path)
    assert reen.read_footprint(path).provenance.hash == footprint.provenance.hash


def test_json_is_readable(footprint: reen.Footprint, tmp_path: Path) -> None:
    """Totals, stages, groups and coverage stand in it by name; null is nothing assessed."""
    path = tmp_path / "footprint.json"
    reen.write_footprint(footprint, path)
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["provenance"]["as_of"] == "2022-12-31"
    assert content["provenance"]["hash"] == footprint.provenance.hash
    (total,) = content["totals"]
    assert total["value"] == pytest.approx(31.2)
    assert [row["reason"] for row in content["coverage"]["left_out"] if row["kind"] == "item"] == [
        "quantity unknown",
        "equipment type unknown",
    ]
    groups = {json.dumps(group["group"]): group["value"] for group in content["groups"]}
    assert len(groups) == 4
    assert sum(value is None for value in groups.values()) == 2


def test_parquet_has_a_row_per_group(footprint: reen.Footprint, tmp_path: Path) -> None:
    """Any Parquet reader sees keys and impacts."""
    path = tmp_path / "footprint.parquet"
    reen.write_footprint(footprint, path)
    table = pq.read_table(path)
    assert table.num_rows == 4
    assert table["group.entity"].to_pylist() == ["a", "b", None, None]
    assert table.schema.field("group.seen").type == pa.date32()
    assert "climate_change.embedded" in table.column_names


@pytest.mark.parametrize(
    ("suffix", "cost"),
    [
        (".json", math.nan),
        (".parquet", math.nan),
        (".json", math.inf),
        (".parquet", math.inf),
    ],
)
def test_odd_numbers_among_the_groups_read_back(tmp_path: Path, suffix: str, cost: float) -> None:
    """Grouped by a column of numbers that holds an unreadable or an infinite one."""
    table = pa.table({"equipment_type": ["laptop"] * 2, "cost": [cost, 1.0]})
    footprint = reen.measure(
        reen.Inventory.from_arrow(table), method="base-carbone", by="cost", as_of="2022-12-31"
    )
    path = tmp_path / f"footprint{suffix}"
    reen.write_footprint(footprint, path)
    assert reen.read_footprint(path) == footprint


@SUFFIXES
def test_run_time_factors_read_back(tmp_path: Path, suffix: str) -> None:
    """Flows that no pack holds are written with the footprint."""
    footprint = reen.measure(
        reen.Equipment("laptop", declared_annual_footprint=12),
        method="declared",
        as_of="2022-12-31",
    )
    path = tmp_path / f"footprint{suffix}"
    reen.write_footprint(footprint, path)
    assert float(reen.read_footprint(path).total()) == 12.0


def test_what_was_read_adds_up_with_what_was_measured(
    footprint: reen.Footprint, tmp_path: Path
) -> None:
    """Last year's file and this year's rows, of one method and date."""
    path = tmp_path / "footprint.parquet"
    reen.write_footprint(footprint, path)
    both = reen.read_footprint(path) + footprint
    assert float(both.total()) == pytest.approx(2 * float(footprint.total()))


def test_another_ending_is_refused(footprint: reen.Footprint, tmp_path: Path) -> None:
    """The two endings are named."""
    with pytest.raises(reen.FileFormatError, match=r"is written as \.json or \.parquet"):
        reen.write_footprint(footprint, tmp_path / "footprint.csv")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The path is named."""
    with pytest.raises(reen.FileFormatError, match="there is no such file"):
        reen.read_footprint(tmp_path / "footprint.json")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not json", "is not JSON"),
        ("[]", "is not a footprint of form 'reen-footprint/"),
        ('{"form": "reen-footprint/99"}', "found 'reen-footprint/99'"),
    ],
)
def test_json_that_is_no_footprint(tmp_path: Path, text: str, message: str) -> None:
    """What was found and what was expected."""
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(reen.FileFormatError) as caught:
        reen.read_footprint(path)
    assert message in str(caught.value)


def test_json_cut_short(footprint: reen.Footprint, tmp_path: Path) -> None:
    """The right form without its state."""
    path = tmp_path / "other.json"
    reen.write_footprint(footprint, path)
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["state"]
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(reen.FileFormatError, match="state"):
        reen.read_footprint(path)


def test_json_in_another_encoding(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 text."""
    path = tmp_path / "other.json"
    path.write_bytes(b'{"form": "\xe9"}')
    with pytest.raises(reen.FileFormatError, match="other"):
        reen.read_footprint(path)


def test_parquet_that_is_none(tmp_path: Path) -> None:
    """Arrow's words are kept."""
    path = tmp_path / "other.parquet"
    path.write_bytes(b"PK\x03\x04 not parquet")
    with pytest.raises(reen.FileFormatError, match="is not a Parquet file"):
        reen.read_footprint(path)


def test_parquet_that_is_no_footprint(tmp_path: Path) -> None:
    """Another table."""
    path = tmp_path / "other.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(reen.FileFormatError, match="is not a footprint of form"):
        reen.read_footprint(path)
