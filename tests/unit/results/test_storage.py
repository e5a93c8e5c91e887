"""Storage: what a written footprint looks like, and files that are none."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
        {"code": "missing", "details": {"column": "quantity"}, "text": "quantity unknown"},
        {"code": "type_unknown", "details": {}, "text": "equipment type unknown"},
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
    with pytest.raises(reen.errors.FileFormatError, match=r"is written as \.json or \.parquet"):
        reen.write_footprint(footprint, tmp_path / "footprint.csv")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The path is named."""
    with pytest.raises(reen.errors.FileFormatError, match="there is no such file"):
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
    with pytest.raises(reen.errors.FileFormatError) as caught:
        reen.read_footprint(path)
    assert message in str(caught.value)


def test_json_cut_short(footprint: reen.Footprint, tmp_path: Path) -> None:
    """The right form without its state."""
    path = tmp_path / "other.json"
    reen.write_footprint(footprint, path)
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["state"]
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(reen.errors.FileFormatError, match="state"):
        reen.read_footprint(path)


# -- damage ----------------------------------------------------------------------------------


ANOTHER = "holds another result than the one whose SHA-256 it states"


def rewritten(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change the rows of a Parquet file, and keep its metadata."""
    table = pq.read_table(path)
    pq.write_table(change(table).replace_schema_metadata(table.schema.metadata), path)


def test_rows_in_another_order_are_refused(footprint: reen.Footprint, tmp_path: Path) -> None:
    """Groups are told by their place: sorted by a tool, they would get each other's amounts."""
    path = tmp_path / "footprint.parquet"
    reen.write_footprint(footprint, path)
    rewritten(path, lambda table: table.take([1, 0, 2, 3]))
    with pytest.raises(reen.errors.FileFormatError, match=ANOTHER) as caught:
        reen.read_footprint(path)
    assert "take another copy, or measure again" in str(caught.value)


def test_a_row_less_is_refused(footprint: reen.Footprint, tmp_path: Path) -> None:
    """Filtered by a tool, it would be the footprint of fewer groups under the same name."""
    path = tmp_path / "footprint.parquet"
    reen.write_footprint(footprint, path)
    rewritten(path, lambda table: table.slice(0, 3))
    with pytest.raises(reen.errors.FileFormatError, match=ANOTHER):
        reen.read_footprint(path)


@pytest.mark.parametrize(
    "edit",
    [
        lambda content: content["state"]["cells"]["amount"].__setitem__(0, 1e6),
        lambda content: content["state"]["by_group"]["rows"].__setitem__(0, 7),
        lambda content: content["state"]["by_type"]["quantity"].__setitem__(0, 7.0),
        lambda content: content["state"]["factors"]["values"].__setitem__(0, 0.5),
        lambda content: content["state"]["factors"]["flows"][0].__setitem__(1, "27003"),
        lambda content: content["state"]["types"].__setitem__(0, "server"),
        lambda content: content["state"].__setitem__("rows", 5),
        lambda content: content["provenance"].__setitem__("as_of", "2023-12-31"),
        lambda content: content["provenance"]["packs"][0].__setitem__("version", "9"),
        lambda content: content.pop("sha256"),
    ],
    ids=[
        *("amount", "coverage", "type", "factor", "flow", "type name", "rows", "date", "pack"),
        "digest",
    ],
)
def test_json_that_was_edited_is_refused(
    footprint: reen.Footprint, tmp_path: Path, edit: Callable[[dict[str, Any]], None]
) -> None:
    """Any figure, name or date of the state and of the provenance."""
    path = tmp_path / "footprint.json"
    reen.write_footprint(footprint, path)
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(reen.errors.FileFormatError, match=ANOTHER):
        reen.read_footprint(path)


def test_json_laid_out_by_another_tool_is_the_same(
    footprint: reen.Footprint, tmp_path: Path
) -> None:
    """Blanks, and the order of names in an object, say nothing."""
    path = tmp_path / "footprint.json"
    reen.write_footprint(footprint, path)
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content, indent=7, sort_keys=True), encoding="utf-8")
    assert reen.read_footprint(path) == footprint


@pytest.mark.slow
@SUFFIXES
def test_no_flipped_bit_gives_another_footprint(
    footprint: reen.Footprint, tmp_path: Path, suffix: str
) -> None:
    """One bit of each 97th byte: the same footprint, or an error that names the file."""
    path = tmp_path / f"footprint{suffix}"
    reen.write_footprint(footprint, path)
    whole = path.read_bytes()
    refused = 0
    for place in range(0, len(whole), 97):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 7
        path.write_bytes(damaged)
        try:
            assert reen.read_footprint(path) == footprint
        except reen.errors.FileFormatError as error:
            assert str(path) in str(error)  # noqa: PT017 - either of the two is right
            refused += 1
    assert refused > 10


# -- size ------------------------------------------------------------------------------------


def test_json_has_a_line_per_group_and_none_per_number() -> None:
    """2,000 groups of three numbers each: a line each, and those of the state on a few lines."""
    table = pa.table({"equipment_type": ["laptop"] * 2000, "entity": [str(k) for k in range(2000)]})
    footprint = reen.measure(table, method="base-carbone", by="entity", as_of="2022-12-31")
    lines = reen.stored.footprint_to_json(footprint).splitlines()
    assert sum('"entity": ' in line for line in lines) == 2000
    assert len(lines) < 2400
    assert reen.stored.footprint_to_json(footprint, indent=None).count("\n") == 0


def test_json_in_another_encoding(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 text."""
    path = tmp_path / "other.json"
    path.write_bytes(b'{"form": "\xe9"}')
    with pytest.raises(reen.errors.FileFormatError, match="other"):
        reen.read_footprint(path)


def test_parquet_that_is_none(tmp_path: Path) -> None:
    """Arrow's words are kept."""
    path = tmp_path / "other.parquet"
    path.write_bytes(b"PK\x03\x04 not parquet")
    with pytest.raises(reen.errors.FileFormatError, match="is not a Parquet file"):
        reen.read_footprint(path)


def test_parquet_that_is_no_footprint(tmp_path: Path) -> None:
    """Another table."""
    path = tmp_path / "other.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(reen.errors.FileFormatError, match="is not a footprint of form"):
        reen.read_footprint(path)


# -- comparisons -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edit",
    [
        lambda content: content["gaps"][0]["effects"][0].__setitem__("value", 1e6),
        lambda content: content["gaps"][0]["effects"].pop(),
        lambda content: content["footprints"]["declared"]["state"].__setitem__("rows", 5),
        lambda content: content["footprints"].__setitem__(
            "else", content["footprints"]["declared"]
        ),
        lambda content: content.pop("sha256"),
    ],
    ids=["effect", "effect less", "footprint", "method", "digest"],
)
def test_a_comparison_that_was_edited_is_refused(
    tmp_path: Path, edit: Callable[[dict[str, Any]], None]
) -> None:
    """Effects, groups and footprints: what is read is what was written."""
    fleet = pa.table(
        {
            "equipment_type": ["laptop", "desktop"],
            "entity": ["a", "b"],
            "lifetime": [4.0, 5.0],
            "declared_footprint": [200.0, 300.0],
        }
    )
    comparison = reen.compare(
        fleet, methods=["declared", "base-carbone"], by="entity", as_of="2022-12-31"
    )
    path = tmp_path / "comparison.json"
    reen.stored.write_comparison(comparison, path)
    assert reen.stored.read_comparison(path) == comparison
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(reen.errors.FileFormatError, match=ANOTHER):
        reen.stored.read_comparison(path)
