"""Indicator values: what they may hold, what they say, and what they never are."""

from __future__ import annotations

import datetime as dt
import math
import pickle

import pytest
from reen.plugin.indicators import Completeness, IndicatorValue, Target

import reen
from reen.monitoring.values import Period

YEAR = Period.year(2022)


def value(**given: object) -> IndicatorValue:
    fields: dict[str, object] = {
        "indicator": "mean_lifetime",
        "title_en": "Mean lifetime",
        "title_fr": "Durée de vie moyenne",
        "unit": "year",
        "period": YEAR,
    }
    return IndicatorValue(**(fields | given))  # type: ignore[arg-type]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_value_is_finite(number: float) -> None:
    with pytest.raises(ValueError, match="say why it is missing instead"):
        value(value=number)


@pytest.mark.parametrize("given", [{}, {"value": 1.0, "missing": "no agents"}])
def test_a_value_is_a_number_or_a_reason(given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="give a number, or the reason why there is none"):
        value(**given)


def test_zero_is_a_value() -> None:
    assert str(value(value=0.0)) == "0 years"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"value": 4.885818}, "4.886 years"),
        ({"value": 1.0}, "1 year"),
        ({"value": 1_234.0, "unit": "kWh/item/year"}, "1,234 kWh/item/year"),
        ({"value": 2_500.0, "unit": "kgCO2e/person/year"}, "2.5 tCO2e/person/year"),
        ({"value": 21.94, "unit": "kgCO2e/person/year", "lower_bound": True}, ">= 21.94 kgCO2e"),
        ({"missing": "no count of agents"}, "left out: no count of agents"),
    ],
)
def test_a_value_reads_well(given: dict[str, object], text: str) -> None:
    assert str(value(**given)).startswith(text)


def test_a_value_is_a_pint_quantity() -> None:
    found = value(value=2.0).quantity
    assert found is not None
    assert found.to("month").magnitude == pytest.approx(24.0)
    assert value(missing="none").quantity is None


def test_a_value_survives_pickling() -> None:
    one = value(value=1.0, target=Target(2.0, "plan"), provenance={"inventory": "00"})
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own bytes


def target(**given: object) -> Target:
    return Target(20.0, "decree", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "given", "met"),
    [
        (20.0, {}, True),
        (19.9, {}, False),
        (19.9, {"at_most": True}, True),
        (20.1, {"at_most": True}, False),
        (30.0, {"since": dt.date(2023, 1, 1)}, None),
        (30.0, {"until": dt.date(2022, 12, 30)}, None),
        (30.0, {"until": dt.date(2022, 12, 31)}, True),
    ],
)
def test_a_target_is_met_while_it_is_in_force(
    number: float,
    given: dict[str, object],
    met: bool | None,  # noqa: FBT001 - what is expected
) -> None:
    assert value(value=number, unit="%", target=target(**given)).meets_target is met


def test_what_is_left_out_meets_nothing() -> None:
    assert value(missing="no purchase", target=target()).meets_target is None


def test_a_target_reads_well() -> None:
    assert target().text("%") == "at least 20 %"
    assert target(at_most=True, until=dt.date(2024, 6, 30)).text("%") == (
        "at most 20 % (until 2024-06-30)"
    )


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2022-01-01", "2022-12-31", "2022"),
        ("2021-01-01", "2022-12-31", "2021-2022"),
        ("2022-01-01", "2022-06-30", "2022-01-01 to 2022-06-30"),
    ],
)
def test_a_period_reads_well(start: str, end: str, text: str) -> None:
    assert str(Period.of(start, end)) == text


def test_a_period_ends_after_it_starts() -> None:
    with pytest.raises(reen.errors.OptionError, match="an end on or after the start"):
        Period.of("2022-12-31", "2022-01-01")


def test_a_period_is_made_of_dates() -> None:
    with pytest.raises(reen.errors.OptionError, match="two dates such as 2022-01-01"):
        Period.of("2022", "2023")
    assert Period.of(dt.datetime(2022, 1, 1, 12), "2022-12-31") == YEAR  # noqa: DTZ001


@pytest.mark.parametrize(
    ("counts", "share", "complete", "text"),
    [
        ((3.0, 4.0, 2), 0.75, False, "3 of 4 items known"),
        ((4.0, 4.0, 2), 1.0, True, "4 of 4 items known"),
        ((4.0, 4.0, 3, 1), 1.0, False, "4 of 4 items known; 1 row of unknown quantity"),
        ((0.0, 0.0, 2, 2), None, False, "0 of 0 items known; 2 rows of unknown quantity"),
        ((1.5, 4_000.0, 2, 0, "priced", "EUR"), 0.000375, False, "1.50 of 4,000 EUR priced"),
    ],
)
def test_completeness(
    counts: tuple[float | str, ...],
    share: float | None,
    complete: bool,  # noqa: FBT001 - what is expected
    text: str,
) -> None:
    found = Completeness(*counts)  # type: ignore[arg-type]
    assert (found.share, found.complete, str(found)) == (share, complete, text)
