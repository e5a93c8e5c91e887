"""Years of dates: looked up for the days of our time, worked out for others."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from reen.method.calendar import year_of, years_between, years_since

EPOCH = dt.date(1970, 1, 1)
DATES = (
    dt.date(1970, 1, 1),
    dt.date(2019, 12, 31),
    dt.date(2020, 2, 29),
    dt.date(2023, 7, 2),
    dt.date(2099, 12, 31),
    dt.date(1965, 3, 1),  # before what is laid out, and after
    dt.date(2150, 6, 30),
)


@pytest.mark.parametrize("date", DATES)
def test_a_date_is_a_year_and_its_part(date: dt.date) -> None:
    """2 July 2023 is 2023 + 182 / 365; 29 February 2020 is 2020 + 59 / 366; none is none."""
    days = np.array([float((date - EPOCH).days), np.nan])
    first, last = dt.date(date.year, 1, 1), dt.date(date.year + 1, 1, 1)
    part = (date - first).days / (last - first).days
    np.testing.assert_array_equal(year_of(days), [date.year, np.nan])
    np.testing.assert_array_equal(years_since(days, 2024.0), [2024.0 - date.year, np.nan])
    np.testing.assert_allclose(
        years_between(days, 2000.0), [date.year + part - 2000.0, np.nan], rtol=1e-13
    )
