"""Coverage: what became of every row, by stage and criterion, in words and as a table."""

from __future__ import annotations

import pyarrow as pa
import pytest

import reen
from reen.engine.exchanges import Outcome, Status
from reen.engine.fold import CoverageClass
from reen.reasons import Reason
from reen.results.coverage import items, status_at
from reen.types import Coverage, CoverageRow
from reen.vocabulary.stages import Stage

ITEM = (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE, Stage.EMBEDDED)


def verdict(stage: Stage, *published: Stage, kind: tuple[Stage, ...] = ITEM) -> object:
    """Return the status of an assessed class for a stage, its factor publishing some."""
    cells = tuple((each, "climate_change") for each in published)
    return status_at(CoverageClass("item", kind, Outcome(), cells), stage, "climate_change")


# -- status of a cell ------------------------------------------------------------------------


def test_a_published_cell_is_assessed() -> None:
    """The factor has it."""
    assert verdict(Stage.EMBEDDED, Stage.EMBEDDED) == (Status.ASSESSED, None)


@pytest.mark.parametrize("stage", [Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE])
def test_a_fine_stage_is_in_the_coarse_one(stage: Stage) -> None:
    """`embedded` holds the three."""
    assert verdict(stage, Stage.EMBEDDED) == (
        Status.INCLUDED_ELSEWHERE,
        Reason("in_stage_embedded"),
    )


def test_the_coarse_stage_is_in_the_fine_ones() -> None:
    """And the other way round."""
    assert verdict(Stage.EMBEDDED, Stage.MANUFACTURING) == (
        Status.INCLUDED_ELSEWHERE,
        Reason("in_separate_stages"),
    )


def test_a_fine_stage_that_is_not_published_is_left_out() -> None:
    """Manufacturing without end of life leaves the end of life out."""
    assert verdict(Stage.END_OF_LIFE, Stage.MANUFACTURING) == (
        Status.LEFT_OUT,
        Reason("not_published"),
    )


def test_use_is_not_in_the_coarse_stage() -> None:
    """`embedded` is all but use."""
    found = verdict(Stage.USE, Stage.EMBEDDED, kind=(*ITEM, Stage.USE))
    assert found == (Status.LEFT_OUT, Reason("not_published"))


def test_another_criterion_does_not_help() -> None:
    """Published for acidification only."""
    cells = ((Stage.EMBEDDED, "acidification"),)
    klass = CoverageClass("item", ITEM, Outcome(), cells)
    assert status_at(klass, Stage.EMBEDDED, "climate_change") == (
        Status.LEFT_OUT,
        Reason("not_published"),
    )


def test_a_stage_of_another_kind_has_no_status() -> None:
    """The item kind says nothing about use."""
    assert verdict(Stage.USE, Stage.EMBEDDED) is None


def test_a_refused_row_is_refused_in_every_stage() -> None:
    """With its reason."""
    klass = CoverageClass("item", ITEM, Outcome(Status.EXCLUDED, reason="retired"))
    assert {status_at(klass, stage, "climate_change") for stage in ITEM} == {
        (Status.EXCLUDED, Reason("said", text="retired"))
    }


# -- of a footprint --------------------------------------------------------------------------

INVENTORY = reen.Inventory.from_arrow(
    pa.table(
        {
            "equipment_type": ["laptop", "laptop", "zorglub", "server", "laptop", None],
            "quantity": [2.0, 3.0, 5.0, None, 7.0, 11.0],
            "status": ["in_use", "in_use", "in_use", "in_use", "retired", "in_use"],
            "lifetime": [4.0, None, 4.0, 4.0, 4.0, 4.0],
            "id": ["PC-1", "PC-2", "Z-1", "S-1", "PC-3", "N-1"],
        }
    ),
    source="parc",
)


@pytest.fixture(scope="module")
def coverage() -> Coverage:
    """Return the coverage of six rows, without use stage."""
    method = reen.configure(reen.default_registry().method("base-carbone"), {"use_stage": "false"})
    return reen.measure(INVENTORY, method=method, as_of="2022-12-31").coverage


def item_rows(coverage: Coverage) -> list[CoverageRow]:
    return [row for row in coverage if row.kind == "item"]


def test_rows_by_type_and_outcome(coverage: Coverage) -> None:
    """Five outcomes of six rows."""
    found = {
        (
            row.equipment_type,
            row.status.label,
            str(row.reason or ""),
            row.quantity,
            row.rows,
            row.unknown,
        )
        for row in item_rows(coverage)
    }
    assert found == {
        ("laptop", "assessed", "", 2.0, 1, 0),
        ("laptop", "assessed", "", 3.0, 1, 0),  # with a lifetime by default
        ("laptop", "excluded", "status retired", 7.0, 1, 0),
        ("", "left out", "equipment type unknown", 11.0, 1, 0),
        ("server", "left out", "quantity unknown", 0.0, 1, 1),
        ("unknown", "left out", "equipment type unknown", 5.0, 1, 0),
    }


def test_quantities_add_up(coverage: Coverage) -> None:
    """5 assessed + 7 excluded + 16 left out + 1 row unknown = 28 items and 6 rows."""
    assert coverage.quantities(reen.Stage.EMBEDDED, "climate_change") == {
        reen.plugin.arrays.Status.ASSESSED: (5.0, 2, 0),
        reen.plugin.arrays.Status.INCLUDED_ELSEWHERE: (0.0, 0, 0),
        reen.plugin.arrays.Status.EXCLUDED: (7.0, 1, 0),
        reen.plugin.arrays.Status.LEFT_OUT: (16.0, 3, 1),
    }


def test_left_out_excluded_and_assumed(coverage: Coverage) -> None:
    """Each has its own list."""
    assert {row.equipment_type for row in coverage.left_out()} == {"", "server", "unknown"}
    assert {row.kind for row in coverage.excluded()} == {"item", "electricity"}
    assert [row.quantity for row in coverage.assumed()] == [3.0]


def test_examples_name_the_rows(coverage: Coverage) -> None:
    """By position, id and what was written."""
    (row,) = (row for row in coverage.left_out() if row.equipment_type == "unknown")
    (example,) = row.examples
    assert (example.row, example.id, example.text, example.quantity) == (2, "Z-1", "zorglub", 5.0)


def test_rows_are_counted(coverage: Coverage) -> None:
    """Those of the inventory, once."""
    assert coverage.rows == 6


def test_left_out_is_incomplete(coverage: Coverage) -> None:
    """For the criterion of the footprint."""
    assert not coverage.is_complete("climate_change")


def test_the_text_names_the_gaps(coverage: Coverage) -> None:
    """One line per outcome that is not plainly assessed."""
    lines = str(coverage).splitlines()
    assert "item: left out: server, unknown quantity in 1 row: quantity unknown" in lines
    assert "item: left out: unknown, 5 items in 1 row: equipment type unknown" in lines
    assert "item: left out: no type, 11 items in 1 row: equipment type unknown" in lines
    assert not any("item: assessed: laptop, 2 items" in line for line in lines)


def test_the_table_is_by_stage(coverage: Coverage) -> None:
    """Its quantities are those of the four statuses, with the unit in the metadata."""
    table = coverage.to_arrow()
    assert table.schema.field("quantity").metadata == {b"unit": b"item"}
    embedded = [row for row in table.to_pylist() if row["stage"] == "embedded"]
    assert sum(row["quantity"] for row in embedded) == 28.0
    assert sum(row["rows"] for row in embedded) == 6
    assert {row["equipment_type"] for row in embedded} == {"laptop", "server", "unknown", None}


@pytest.mark.parametrize(
    ("quantity", "rows", "unknown", "text"),
    [
        (1.0, 1, 0, "1 item in 1 row"),
        (1227.0, 2, 0, "1,227 items in 2 rows"),
        (2.5, 1, 0, "2.50 items in 1 row"),
        (0.0, 2, 2, "unknown quantity in 2 rows"),
        (3.0, 2, 1, "3 items in 2 rows, 1 of them of unknown quantity"),
    ],
)
def test_quantities_in_words(quantity: float, rows: int, unknown: int, text: str) -> None:
    """Singular, thousands, fractions and what is not known."""
    assert items(quantity, rows, unknown) == text


# -- items that two parts of the life cycle share ---------------------------------------------


def lots(*energy: float | None) -> reen.Footprint:
    """Return three lots of 3 laptops, the first two without a status, each with its energy."""
    fleet = pa.table(
        {
            "equipment_type": ["laptop"] * 3,
            "quantity": [3.0] * 3,
            "lifetime": [5.0] * 3,
            "country": ["FR"] * 3,
            "status": [None, None, "in_use"],
            "annual_energy": pa.array(energy, pa.float64()),
        }
    )
    return reen.measure(fleet, "base-carbone", as_of="2023-12-31")


@pytest.mark.parametrize("second", [30.0, None])
def test_items_are_counted_once_however_the_parts_divide_them(second: float | None) -> None:
    """Two lots of 3 have no status: 6 items, be the electricity of one by default or not."""
    footprint = lots(30.0, second, 30.0)
    (page,) = footprint.view().stands_out
    assert "status of 6 items" in page
    assert "6 items: status: unknown, taken as in use" in footprint.coverage.view().stands_out


def test_items_of_two_assumptions_are_counted_in_both() -> None:
    """Of 9 laptops 6 have no status and 3 no energy: each number is that of its own column."""
    (page,) = lots(30.0, None, 30.0).view().stands_out
    assert page.endswith("status of 6 items, annual_energy of 3 items")
