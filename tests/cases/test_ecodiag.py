"""EcoDiag on fleets small enough to compute by hand, and what must always hold of it."""

from __future__ import annotations

import datetime as dt
import math

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given

import reen
from reen_plugins.ecodiag.devices import DEVICES, TYPES, device_factors
from reen_plugins.ecodiag.method import EcoDiag

AS_OF = "2022-12-31"
MADE = (reen.Stage.EMBEDDED,)
LAPTOPS = reen.Equipment("laptop", quantity=100, country="FR", purchase_date=dt.date(2022, 3, 1))


def measure(*items: reen.Equipment, **options: object) -> reen.Footprint:
    method = EcoDiag(**options)  # type: ignore[arg-type]
    return reen.measure(items, method=method, as_of=AS_OF)


def reasons(footprint: reen.Footprint) -> set[str]:
    return {str(row.reason) for row in footprint.coverage}


# -- the worked figures ------------------------------------------------------------------------


def test_stock() -> None:
    """100 laptops of 260 kg kept 3 years: 100 x 260 / 3 = 8,666.67; 4,800 kWh x 0.084 = 403.2."""
    totals = measure(LAPTOPS).stage_totals()
    assert totals[reen.Stage.EMBEDDED] == pytest.approx(100 * 260 / 3, rel=1e-9)
    assert totals[reen.Stage.USE] == pytest.approx(403.2, rel=1e-9)


def test_flux() -> None:
    """100 laptops bought in the account year: 100 x 260 = 26,000, and no electricity."""
    footprint = measure(LAPTOPS, mode="flux")
    assert footprint.stage_totals() == {reen.Stage.EMBEDDED: pytest.approx(26_000, rel=1e-9)}
    assert "not counted: option mode=flux" in reasons(footprint)
    assert footprint.total().complete


def test_objective() -> None:
    """Life x 1.5: 100 x 260 / 4.5 = 5,777.78 in stock, 26,000 / 1.5 in flux."""
    stock = measure(LAPTOPS, lifetime_factor=1.5).stage_totals()
    assert stock[reen.Stage.EMBEDDED] == pytest.approx(100 * 260 / 4.5, rel=1e-9)
    assert stock[reen.Stage.USE] == pytest.approx(403.2, rel=1e-9)
    flux = measure(LAPTOPS, mode="flux", lifetime_factor=1.5)
    assert flux.total().value == pytest.approx(26_000 / 1.5, rel=1e-9)


@pytest.mark.parametrize(
    ("level", "inverse_erf", "lower", "upper"),
    [
        (0.95, "approximate", 2_535, 21_891),
        (0.71, "approximate", 4_161, 13_335),
        (0.50, "approximate", 5_139, 10_797),
        (0.95, "exact", 2_534, 21_902),
    ],
)
def test_interval_of_manufacture(level: float, inverse_erf: str, lower: int, upper: int) -> None:
    """s^2 = 0.2^2 + 0.56^2; quantiles 0.5 -+ level / 2 of the law of mean 260, x 100 / 3."""
    bounds = measure(LAPTOPS, level=level, inverse_erf=inverse_erf).bounds(stages=MADE)
    assert (round(bounds.lower), round(bounds.upper)) == (lower, upper)
    assert bounds.covered == 1.0
    assert bounds.without == ()


def test_exact_quantiles() -> None:
    """sigma^2 = ln(1 + s^2), mu = ln 260 - sigma^2 / 2, z = 1.959963984540054 at 95 %."""
    variance = math.log(1 + 0.2**2 + 0.56**2)
    centre, half = math.log(260) - variance / 2, 1.959963984540054 * math.sqrt(variance)
    bounds = measure(LAPTOPS).bounds(stages=MADE)
    assert bounds.lower == pytest.approx(100 / 3 * math.exp(centre - half), rel=1e-9)
    assert bounds.upper == pytest.approx(100 / 3 * math.exp(centre + half), rel=1e-9)


def test_bounds_are_summed_over_lines_and_electricity_is_exact() -> None:
    """Laptops and screens: bounds add up; electricity has none, counts as it is, and is named."""
    screens = reen.Equipment("monitor", quantity=10)
    both = measure(LAPTOPS, screens)
    parts = [measure(LAPTOPS).bounds(stages=MADE), measure(screens).bounds(stages=MADE)]
    use = both.stage_totals()[reen.Stage.USE]
    assert use == pytest.approx(403.2 + 10 * 70 * 0.084, rel=1e-9)
    bounds = both.bounds()
    assert bounds.lower == pytest.approx(sum(part.lower for part in parts) + use, rel=1e-9)
    assert bounds.upper == pytest.approx(sum(part.upper for part in parts) + use, rel=1e-9)
    assert bounds.value == pytest.approx(both.total().value, rel=1e-12)
    assert bounds.covered == pytest.approx(1 - use / both.total().value, rel=1e-9)
    assert [str(flow) for flow in bounds.without] == ["ecodiag:electricity"]
    assert "96% of the total has bounds" in str(measure(LAPTOPS).bounds())


def test_draws_follow_the_same_law() -> None:
    """One flow only: the interval of the draws is that of the law, to the noise of the draws."""
    footprint = measure(LAPTOPS, mode="flux")
    interval, bounds = footprint.interval(draws=200_000, seed=1), footprint.bounds()
    assert interval.lower == pytest.approx(bounds.lower, rel=0.02)
    assert interval.upper == pytest.approx(bounds.upper, rel=0.02)
    assert interval.covered == 1.0


# -- what the rows say -------------------------------------------------------------------------


def test_the_row_has_the_last_word_unless_told_otherwise() -> None:
    """5 years and 20 kWh in the row: 260 / 5 = 52 and 20 x 0.084 = 1.68; else 260 / 3 and 4.032."""
    row = reen.Equipment("laptop", lifetime=5, annual_energy=20)
    declared = measure(row).stage_totals()
    assert declared[reen.Stage.EMBEDDED] == pytest.approx(52, rel=1e-9)
    assert declared[reen.Stage.USE] == pytest.approx(1.68, rel=1e-9)
    own = measure(row, lifetimes="ecodiag", energy="ecodiag").stage_totals()
    assert own[reen.Stage.EMBEDDED] == pytest.approx(260 / 3, rel=1e-9)
    assert own[reen.Stage.USE] == pytest.approx(48 * 0.084, rel=1e-9)


def test_defaults_are_flagged() -> None:
    text = str(measure(LAPTOPS))
    assert "lifetime: default of the type (ecodiag)" in text
    assert "annual_energy: default of the type (ecodiag)" in text


def test_electricity_of_the_packs() -> None:
    """4,800 kWh x 0.052 (ADEME, France 2022) = 249.6; a country without a factor is left out."""
    assert measure(LAPTOPS, electricity="packs").stage_totals()[reen.Stage.USE] == pytest.approx(
        249.6, rel=1e-9
    )
    nowhere = measure(reen.Equipment("laptop"), electricity="packs")
    assert math.isnan(nowhere.stage_totals()[reen.Stage.USE])
    assert "country unknown" in reasons(nowhere)


def test_constant_electricity_is_flagged_abroad() -> None:
    text = str(measure(reen.Equipment("laptop", country="PL")))
    assert "electricity: one constant, out of its country (ecodiag)" in text
    assert "out of its country" not in str(measure(LAPTOPS))


@pytest.mark.parametrize(
    ("year", "period", "kept"),
    [(2022, 1, True), (2021, 1, False), (2023, 1, False), (2020, 3, True), (2019, 3, False)],
)
def test_account_period(year: int, period: int, kept: bool) -> None:  # noqa: FBT001
    """A purchase of year y counts g / A when 2022 - A < y <= 2022: 260 / A."""
    row = reen.Equipment("laptop", purchase_date=dt.date(year, 6, 1))
    footprint = measure(row, mode="flux", damping_period=period)
    if kept:
        assert footprint.total().value == pytest.approx(260 / period, rel=1e-9)
    else:
        assert math.isnan(footprint.total().value)
        outside = "not bought in 2022" if period == 1 else "not bought from 2020 to 2022"
        assert outside in reasons(footprint)


def test_undated_purchases() -> None:
    """A row without a date is excluded by name; `undated` and `ignore_years` count it: 260."""
    row = reen.Equipment("laptop")
    assert math.isnan(measure(row, mode="flux").total().value)
    assert "no purchase date (option undated=true counts it)" in reasons(measure(row, mode="flux"))
    assert measure(row, mode="flux", undated=True).total().value == pytest.approx(260, rel=1e-9)
    old = reen.Equipment("laptop", purchase_date=dt.date(2010, 1, 1))
    assert measure(old, mode="flux", ignore_years=True).total().value == pytest.approx(260)


def test_a_purchase_counts_whatever_became_of_it() -> None:
    """Retired laptops are out of the stock, and stay purchases of their year."""
    row = reen.Equipment("laptop", status="retired", purchase_date=dt.date(2022, 1, 1))
    assert math.isnan(measure(row).total().value)
    assert measure(row, mode="flux").total().value == pytest.approx(260)


@pytest.mark.parametrize(
    ("kind", "made", "used"),
    [
        ("desktop", 300 / 4, 189 * 0.084),
        ("workstation", 600 / 5, 770 * 0.084),
        ("printer", 960 / 5, 150 * 0.084),
        ("all_in_one", 352 / 4, 78 * 0.084),
        ("laptop", 260 / 3, 48 * 0.084),
        ("monitor", 430 / 5, 70 * 0.084),
        ("video_projector", 94 / 7, 120 * 0.084),
        ("tablet", 150 / 2, 5 * 0.084),
        ("smartphone", 63 / 1.5, 5 * 0.084),
        ("desk_phone", 17 / 10, 40 * 0.084),
        ("docking_station", 26 / 5, 1.3 * 0.084),
        ("keyboard", 24 / 4, 0.0),
        ("mouse", 5 / 4, 0.0),
        ("wifi_access_point", 10 / 6, 70 * 0.084),
        ("server", 1300 / 5, 850 * 0.084),
        ("external_hdd", 10 / 4, 0.0),
        ("graphics_card", 60 / 4, 0.0),
    ],
)
def test_each_type_as_the_page_computes_it(kind: str, made: float, used: float) -> None:
    """EcoDiag's page starts a type at its default model, where it has one, else at the type.

    A desktop is its average PC (300 kg, 4 years, 189 kWh): 300 / 4 = 75 and 189 x 0.084 = 15.876;
    a printer its A3 laser (960 kg, 5 years, 150 kWh): 960 / 5 = 192 and 150 x 0.084 = 12.6.
    """
    totals = measure(reen.Equipment(kind)).stage_totals()
    assert totals[reen.Stage.EMBEDDED] == pytest.approx(made, rel=1e-9)
    assert totals[reen.Stage.USE] == pytest.approx(used, rel=1e-9, abs=1e-12)


def test_types() -> None:
    """A copier is one of EcoDiag's printers, flagged: 960 / 5; the option chooses another type.

    ``desktop=desktop`` counts the type itself in place of its default model: 350 / 4.
    """
    row = reen.Equipment("multifunction_printer", annual_energy=0)
    assert measure(row).total().value == pytest.approx(960 / 5, rel=1e-9)
    assert "equipment_type: nearest type (ecodiag)" in str(measure(row))
    desktop = reen.Equipment("desktop", annual_energy=0)
    itself = measure(desktop, types={"desktop": "desktop"})
    assert itself.total().value == pytest.approx(350 / 4, rel=1e-9)
    kiosk = reen.Equipment("kiosk", annual_energy=0)
    assert "no factor for the type in ecodiag" in reasons(measure(kiosk))
    chosen = measure(kiosk, types={"kiosk": "allinone"})
    assert chosen.total().value == pytest.approx(352 / 4, rel=1e-9)


def test_explanation() -> None:
    """100 / 3 items of 260 kg a year, with source and licence."""
    text = str(reen.explain(LAPTOPS, method=EcoDiag(), as_of=AS_OF))
    assert "100 item (quantity) / 3 year (lifetime) = 33.33333333 item/year" in text
    assert "EcoInfo (CNRS), EcoDiag 1.1.0" in text
    assert "quoted with attribution" in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"types": "laptop=zorglub"}, "option types.laptop='zorglub': expected a type of EcoDiag"),
        ({"types": "laptops=laptop"}, r"did you mean 'laptop'\?"),
    ],
)
def test_unknown_types_in_the_option(options: dict[str, str], message: str) -> None:
    method = reen.configure(EcoDiag(), options)
    with pytest.raises(reen.errors.OptionError, match=message):
        reen.measure(LAPTOPS, method=method, as_of=AS_OF)


@pytest.mark.parametrize(
    "options", [{"level": "1"}, {"damping_period": "0"}, {"lifetime_factor": "0"}, {"mode": "both"}]
)
def test_options_out_of_range(options: dict[str, str]) -> None:
    with pytest.raises(reen.errors.OptionError):
        reen.configure(EcoDiag(), options)


def test_there_are_sixteen_defaults_and_every_type_is_reached() -> None:
    types = {name for name in DEVICES if "/" not in name}
    assert len(types) == 16
    assert {name.partition("/")[0] for name in TYPES.values()} == types
    factors = device_factors(level=0.95, inverse_erf="exact")
    assert [flow.id for flow in factors.flows] == list(DEVICES)


def test_deviations_are_those_of_the_reference_data(shared_data: object) -> None:
    """The quoted figures against the copy read by another hand."""
    import csv
    from pathlib import Path

    path = Path(str(shared_data)) / "equipment_factors_ecodiag.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["ecodiag_model"]]
    for row in rows:
        device = DEVICES.get(row["ecodiag_type"])
        if device is None:
            continue
        if row["parameter"] == "grey_co2":
            assert device.grey == float(row["value"])
            assert device.spread == pytest.approx(float(row["relative_std"]), abs=5e-5)
        elif row["parameter"] == "lifetime":
            assert device.lifetime == float(row["value"])
        elif row["parameter"] == "yearly_kwh":
            assert device.energy == float(row["value"])


# -- properties ----------------------------------------------------------------------------------

_TYPES = st.sampled_from(sorted(TYPES))
_MODES = st.sampled_from(["stock", "flux"])


@pytest.mark.slow
@given(
    kind=_TYPES,
    mode=_MODES,
    quantity=st.floats(1e-3, 1e6),
    times=st.floats(1e-3, 1e3),
    level=st.sampled_from([0.5, 0.71, 0.95]),
)
def test_linear(kind: str, mode: str, quantity: float, times: float, level: float) -> None:
    """Twice the items, twice the figure and its bounds, in stock and in flux."""
    bought = dt.date(2022, 1, 1)
    one, more = (
        measure(
            reen.Equipment(kind, quantity=each, purchase_date=bought), mode=mode, level=level
        ).bounds()
        for each in (quantity, quantity * times)
    )
    for name in ("lower", "value", "upper"):
        assert getattr(more, name) == pytest.approx(times * getattr(one, name), rel=1e-9)


@pytest.mark.slow
@given(kind=_TYPES, mode=_MODES, quantity=st.floats(1e-3, 1e6))
def test_bounds_hold_the_value(kind: str, mode: str, quantity: float) -> None:
    """The mean of the law lies between its 95 % quantiles."""
    row = reen.Equipment(kind, quantity=quantity, purchase_date=dt.date(2022, 1, 1))
    bounds = measure(row, mode=mode).bounds()
    assert bounds.lower < bounds.value < bounds.upper


@pytest.mark.slow
@given(
    words=st.lists(st.sampled_from(["zorglub", "kiosk", "unknown", "other", None]), min_size=1),
    mode=_MODES,
)
def test_unknown_types_are_never_zero(words: list[str | None], mode: str) -> None:
    """Rows without an EcoDiag type are left out, all of them, and the total says so."""
    size = len(words)
    table = pa.table(
        {
            "equipment_type": pa.array(words, pa.string()),
            "purchase_date": pa.array([dt.date(2022, 1, 1)] * size, pa.date32()),
        }
    )
    inventory = reen.Inventory.from_arrow(table)
    footprint = reen.measure(inventory, method=EcoDiag(mode=mode), as_of=AS_OF)  # type: ignore[arg-type]
    assert math.isnan(footprint.total().value)
    assert not footprint.total().complete
    assert math.isnan(footprint.bounds().lower)
    left = [row for row in footprint.coverage.left_out() if row.kind == "item"]
    assert sum(row.rows for row in left) == size
