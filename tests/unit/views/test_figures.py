"""Numbers in two languages, held to the library that the review writes them with."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.views.figures import count, day, digits, figure, percent

dates = pytest.importorskip("babel.dates")
numbers = pytest.importorskip("babel.numbers")

LOCALES = {"en": "en_GB", "fr": "fr_FR"}

values = st.floats(-1e9, 1e9, allow_nan=False).map(
    lambda value: float(f"{value:.9g}") if abs(value) > 1e-200 else 0.0
)


@pytest.mark.parametrize("spoken", LOCALES)
@given(value=values, decimals=st.integers(0, 6))
def test_figures_are_written_as_babel_writes_them(spoken: str, value: float, decimals: int) -> None:
    rounded = round(value, decimals)
    if rounded == 0.0 and value:
        return  # keeps a digit rather than vanish: the next test
    pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    expected = numbers.format_decimal(rounded, format=pattern, locale=LOCALES[spoken])
    with reen.language(spoken):
        assert figure(value, decimals) == (expected if rounded else expected.lstrip("-"))


@pytest.mark.parametrize("spoken", LOCALES)
@given(value=values, number=st.integers(2, 6))
def test_significant_digits_are_written_as_babel_writes_them(
    spoken: str, value: float, number: int
) -> None:
    text = f"{value:.{number}g}"
    small = "e-" in text  # what is large, up to a thousand billion, has its thousands apart
    pattern = f"0.{'#' * (number - 1)}E0" if small else "#,##0." + "#" * 10
    expected = numbers.format_decimal(float(text), format=pattern, locale=LOCALES[spoken])
    with reen.language(spoken):
        assert digits(value, number).replace("E+", "E") == expected


def test_a_large_figure_has_its_zeros() -> None:
    """Four significant digits of 12,483 are 12,480, which nobody reads as 1.248E4."""
    assert [digits(12_483.0), digits(-123_456.0), digits(2.5e12)] == [
        "12,480",
        "-123,500",
        "2.5E12",
    ]
    with reen.language("fr"):
        assert digits(12_483.0) == "12\u202f480"


@pytest.mark.parametrize("spoken", LOCALES)
@given(value=st.floats(0, 1e9))
def test_counts_and_shares_are_written_as_babel_writes_them(spoken: str, value: float) -> None:
    with reen.language(spoken):
        expected = numbers.format_decimal(
            round(value, 2), format="#,##0.##", locale=LOCALES[spoken]
        )
        assert count(value) == expected
        share = math.floor(value) / 100
        assert percent(share) == numbers.format_percent(share, locale=LOCALES[spoken])


@given(date=st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31)))
def test_days_are_written_as_babel_writes_them(date: dt.date) -> None:
    """But for the first of a month in French, where babel writes ``1 janvier``."""
    assert day(date.isoformat()) == dates.format_date(date, "long", locale="en_GB")
    with reen.language("fr"):
        expected = dates.format_date(date, "long", locale="fr_FR")
        first = expected.replace("1 ", "1er ", 1) if date.day == 1 else expected
        assert day(date.isoformat()) == first


def test_small_figures_keep_a_digit() -> None:
    """0.00123 at two decimals would be 0.00: it is written 0.001; 0 is 0, and so is -0."""
    assert figure(0.00123, 2) == "0.001"
    assert figure(-0.004, 2) == "-0.004"
    assert figure(-0.0, 1) == "0.0"
    assert percent(0.002) == "<\u00a01%"
    assert percent(0.998) == ">\u00a099%"
    with reen.language("fr"):
        assert figure(1234.5, 1) == "1\u202f234,5"
        assert percent(0.06) == "6\u00a0%"
