"""A small fleet with every trait of a large one, and what two measurements must have in common."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

import reen
from reen.testing import assert_footprints_close

MONTHS = {"unit": "month"}


@pytest.fixture
def fleet() -> pa.Table:
    """Return 60 rows: words written in several ways, blanks, months, dates, a column of its own."""
    rows = range(60)
    words = ["PC portable", "desktop", "Écran", None, "no such thing"]
    return pa.table(
        [
            pa.array([f"PC-{row}" for row in rows]),
            pa.array([words[row % 5] for row in rows]),
            pa.array([f"Model {row % 7}" for row in rows]),
            pa.array([["FR", "BE", None][row % 3] for row in rows]),
            pa.array([None if row % 11 == 0 else float(1 + row % 4) for row in rows]),
            pa.array([None if row % 6 == 0 else 36.0 + row for row in rows]),
            pa.array([None if row % 4 == 0 else 50.0 + row for row in rows]),
            pa.array([dt.date(2015, 1, 1) + dt.timedelta(days=40 * row) for row in rows]),
            pa.array([f"team {row % 8}" for row in rows]),
        ],
        schema=pa.schema(
            [
                pa.field("id", pa.string()),
                pa.field("equipment_type", pa.string()),
                pa.field("model", pa.string()),
                pa.field("country", pa.string()),
                pa.field("quantity", pa.float64()),
                pa.field("lifetime", pa.float64(), metadata=MONTHS),
                pa.field("annual_energy", pa.float64()),
                pa.field("purchase_date", pa.date32()),
                pa.field("team", pa.string()),
            ]
        ),
    )


def same(one: reen.Footprint, other: reen.Footprint, *, places: bool = True) -> None:
    """Check that two footprints say the same of the same rows.

    `places`: whether the files and lines of the examples are the same too.
    """
    assert_footprints_close(one, other)
    assert one.provenance.rows == other.provenance.rows
    assert one.provenance.hash == other.provenance.hash
    if places:
        assert list(map(repr, one.coverage)) == list(map(repr, other.coverage))


@pytest.fixture
def assert_same() -> object:
    return same
