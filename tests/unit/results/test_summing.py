"""Adding footprints: keys of one column have one type, or types that have one in common."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

import reen


def grouped_by(floor: object, kind: pa.DataType | None = None) -> reen.Footprint:
    """Return the footprint of one laptop on a floor: 156 / 4 = 39 kg."""
    table = pa.table(
        {"equipment_type": ["laptop"], "lifetime": [4.0], "floor": pa.array([floor], kind)}
    )
    return reen.measure(table, method="base-carbone", by="floor", as_of="2022-12-31")


@pytest.mark.parametrize(
    ("one", "other"), [("ground", 1), (1, "ground"), ("1", dt.date(2022, 1, 1)), (True, "yes")]
)
def test_keys_of_two_types_are_refused(one: object, other: object) -> None:
    """Text on one side: the column, both types, and no error of Arrow."""
    with pytest.raises(reen.errors.OptionError) as caught:
        _ = grouped_by(one) + grouped_by(other)
    assert caught.value.owner == "Footprint + Footprint"
    assert str(caught.value.value).startswith("floor as ")
    assert "expected the same type on both sides: the other has " in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1, None), (2.5, None)),
        ((1, pa.int8()), (2**40, None)),
        (("a", None), (None, pa.null())),
        (("a", None), ("b", pa.large_string())),
    ],
)
def test_types_that_have_one_in_common_are_added(
    one: tuple[object, pa.DataType | None], other: tuple[object, pa.DataType | None]
) -> None:
    """Whole and other numbers, narrow and wide ones, nothing but blanks: 39 kg each."""
    both = grouped_by(*one) + grouped_by(*other)
    assert both.group_count == 2
    assert float(both.total()) == pytest.approx(78.0, rel=1e-9)
