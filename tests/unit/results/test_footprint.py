"""Footprints: totals with their completeness, marginals, tables, intervals."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pint
import pyarrow as pa
import pytest

import reen
from reen.plugin import FactorPack

AS_OF = "2022-12-31"


def pack(
    *cells: tuple[str, str, str, str], uncertainty: str = "", name: str = "mine"
) -> FactorPack:
    """Return a pack of item flows: (type, stage, criterion, value)."""
    units = {"climate_change": "kgCO2e", "acidification": "molHe"}
    return FactorPack.from_rows(
        name=name,
        version="1",
        title="Mine",
        publisher="me",
        licence="CC0-1.0",
        source="me",
        factors=[
            {
                "flow": {"laptop": "27002", "desktop": "27003"}[kind],
                "reference_unit": "item",
                "stage": stage,
                "criterion": criterion,
                "value": value,
                "unit": f"{units[criterion]}/item",
                "uncertainty_percent": uncertainty,
                "equipment_type": kind,
                "source": "me",
            }
            for kind, stage, criterion, value in cells
        ],
    )


PLAIN = pack(
    ("laptop", "manufacturing", "climate_change", "100"),
    ("laptop", "distribution", "climate_change", "10"),
    ("laptop", "manufacturing", "acidification", "2"),
    ("desktop", "manufacturing", "climate_change", "200"),
)


def measure(
    given: FactorPack = PLAIN, *, by: tuple[str, ...] = (), **columns: object
) -> reen.Footprint:
    """Return a footprint without use stage, lifetimes being one year."""
    size = len(next(iter(columns.values())))  # type: ignore[arg-type]
    table = pa.table({"lifetime": [1.0] * size, **columns})
    method = reen.configure(reen.default_registry().method("base-carbone"), {"use_stage": "false"})
    return reen.measure(
        reen.Inventory.from_arrow(table), method=method, by=by, factors=[given], as_of=AS_OF
    )


FLEET: dict[str, Any] = {
    "equipment_type": ["laptop", "laptop", "desktop", "server"],
    "entity": ["a", "b", "b", None],
    "quantity": [2.0, 1.0, 3.0, 4.0],
}


# -- totals ----------------------------------------------------------------------------------


def test_the_total_sums_groups_and_stages() -> None:
    """3 x (100 + 10) + 3 x 200 = 930 kg."""
    assert float(measure(by=("entity",), **FLEET).total()) == pytest.approx(930.0, rel=1e-12)


def test_totals_of_every_criterion() -> None:
    """Acidification: 3 x 2 = 6 mol."""
    totals = {total.criterion: total.value for total in measure(**FLEET).totals()}
    assert totals == {"climate_change": 930.0, "acidification": 6.0}


def test_a_criterion_by_its_alias() -> None:
    """`gwp` is climate change."""
    assert measure(**FLEET).total("gwp").criterion == "climate_change"


def test_a_criterion_that_is_not_there() -> None:
    """Those that are there are proposed."""
    with pytest.raises(reen.errors.UnknownNameError, match="water_use \\(not in this footprint\\)"):
        measure(**FLEET).total("water_use")


def test_a_chosen_criterion_is_the_only_one() -> None:
    """And is the one taken when none is named."""
    footprint = reen.measure(
        reen.Equipment("laptop", lifetime=1),
        method="base-carbone",
        factors=[PLAIN],
        as_of=AS_OF,
        criteria=["acidification"],
    )
    assert footprint.criteria == ("acidification",)
    assert footprint.total().unit == "molHe/year"


def test_a_criterion_that_no_pack_publishes() -> None:
    """What they publish is listed."""
    with pytest.raises(
        reen.errors.OptionError, match="expected criteria that the packs in use publish"
    ):
        reen.measure(
            reen.Equipment("laptop"), method="base-carbone", as_of=AS_OF, criteria=["water_use"]
        )


def test_stage_totals() -> None:
    """300 + 600 kg of manufacturing, 30 kg of distribution."""
    totals = measure(**FLEET).stage_totals()
    assert totals[reen.Stage.MANUFACTURING] == pytest.approx(900.0, rel=1e-12)
    assert totals[reen.Stage.DISTRIBUTION] == pytest.approx(30.0, rel=1e-12)


@pytest.mark.slow
def test_a_total_is_a_quantity() -> None:
    """930 kgCO2e/year, in pint's arithmetic 0.93 t."""
    found = measure(**FLEET).total().quantity.to("tCO2e/year")
    assert found.magnitude == pytest.approx(0.93, rel=1e-12)


def test_criteria_cannot_be_added_to_each_other() -> None:
    """kgCO2e and molHe are different dimensions."""
    climate, acid = (total.quantity for total in measure(**FLEET).totals())
    with pytest.raises(pint.DimensionalityError):
        _ = climate + acid


# -- completeness ----------------------------------------------------------------------------


def test_rows_left_out_make_a_lower_bound() -> None:
    """No factor for servers: '>=' since no factor is negative."""
    total = measure(**FLEET).total()
    assert (total.complete, total.lower_bound) == (False, True)
    assert str(total) == ">= 930 kgCO2e/year"


def test_a_negative_factor_forbids_the_bound() -> None:
    """What is left out could be a credit: "incomplete"."""
    given = pack(
        ("laptop", "manufacturing", "climate_change", "100"),
        ("laptop", "end_of_life", "climate_change", "-5"),
    )
    total = measure(given, equipment_type=["laptop", "server"]).total()
    assert (total.complete, total.lower_bound) == (False, False)
    assert str(total) == "95 kgCO2e/year (incomplete)"


def test_a_negative_factor_of_another_criterion_does_not() -> None:
    """Each criterion is judged by its own factors."""
    given = pack(
        ("laptop", "manufacturing", "climate_change", "100"),
        ("laptop", "manufacturing", "acidification", "-1"),
    )
    assert str(measure(given, equipment_type=["laptop", "server"]).total()) == ">= 100 kgCO2e/year"


def test_a_complete_total_has_no_mark() -> None:
    """Everything assessed."""
    given = pack(("laptop", "manufacturing", "climate_change", "100"))
    total = measure(given, equipment_type=["laptop"]).total()
    assert (total.complete, total.lower_bound, str(total)) == (True, False, "100 kgCO2e/year")


def test_cells_that_a_factor_does_not_publish_make_it_incomplete() -> None:
    """Desktops have no distribution here, laptops have."""
    total = measure(equipment_type=["laptop", "desktop"]).total()
    assert not total.complete


def test_excluded_rows_leave_it_complete() -> None:
    """A rule of the method, not a gap."""
    given = pack(("laptop", "manufacturing", "climate_change", "100"))
    total = measure(given, equipment_type=["laptop"] * 2, status=["in_use", "retired"]).total()
    assert total.complete


def test_nothing_assessed_is_no_number() -> None:
    """NaN, and in words."""
    total = measure(equipment_type=["server"]).total()
    assert math.isnan(total.value)
    assert str(total) == "nothing assessed"


def test_zero_items_are_zero() -> None:
    """Assessed, and none: 0 kg."""
    assert measure(equipment_type=["laptop"], quantity=[0.0]).total().value == 0.0


# -- groups ----------------------------------------------------------------------------------


def test_groups_are_sorted_null_last() -> None:
    """Rows without entity are a group of their own."""
    assert measure(by=("entity",), **FLEET).groups["entity"].to_pylist() == ["a", "b", None]


def test_impacts_of_a_group_without_assessed_rows() -> None:
    """NaN in every cell: missing is never zero."""
    impacts = measure(by=("entity",), **FLEET).impacts()
    assert np.isnan(impacts[2]).all()


def test_impacts_of_a_range() -> None:
    """Groups 1 to 2 are those of all."""
    footprint = measure(by=("entity",), **FLEET)
    np.testing.assert_array_equal(footprint.impacts(1, 3), footprint.impacts()[1:3])


def test_marginals() -> None:
    """Summed up by one of two columns: a 220, b 110 + 600 kg."""
    footprint = measure(by=("equipment_type", "entity"), **FLEET).by("entity")
    sums = np.nansum(footprint.impacts()[:, :, 0], axis=1)
    assert sums.tolist() == [pytest.approx(220.0), pytest.approx(710.0), 0.0]


def test_marginals_in_another_order() -> None:
    """The columns as asked for."""
    footprint = measure(by=("equipment_type", "entity"), **FLEET).by("entity", "equipment_type")
    assert footprint.grouped_by == ("entity", "equipment_type")
    assert footprint.groups.to_pylist()[0] == {"entity": "a", "equipment_type": "laptop"}


def test_marginals_of_a_column_that_was_not_declared() -> None:
    """The declared ones are listed."""
    with pytest.raises(
        reen.errors.UnknownNameError, match=r"Unknown column 'site'\. Known: entity"
    ):
        measure(by=("entity",), **FLEET).by("site")


def test_groups_with_rows_left_out() -> None:
    """The server of no entity, and the distribution of the desktops of b."""
    assert measure(by=("entity",), **FLEET).group_left_out().tolist() == [False, True, True]


def test_grouping_by_a_column_that_is_nowhere() -> None:
    """The nearest name is proposed."""
    with pytest.raises(
        reen.errors.UnknownNameError, match=r"Unknown column 'entitty'\. Did you mean 'ent"
    ):
        measure(by=("entitty",), **FLEET)


def test_grouping_by_a_canonical_column_that_is_not_there() -> None:
    """One group without value."""
    assert measure(by=("site",), **FLEET).groups["site"].to_pylist() == [None]


def test_grouping_twice_by_one_column() -> None:
    """Either once, or an error of ours."""
    try:
        assert measure(by=("entity", "entity"), **FLEET).grouped_by == ("entity",)
    except reen.ReenError as error:
        assert "entity" in str(error)  # noqa: PT017 - either is right


def test_grouping_by_lists() -> None:
    """A column of lists cannot be grouped by: the column is named."""
    with pytest.raises(reen.ReenError, match="tags"):
        measure(by=("tags",), equipment_type=["laptop"], tags=[["a"]])


def test_grouping_by_numbers_that_are_not() -> None:
    """Unreadable prices are one group."""
    footprint = measure(by=("cost",), equipment_type=["laptop"] * 3, cost=[math.nan, 1.0, math.nan])
    assert footprint.group_count == 2


# -- tables ----------------------------------------------------------------------------------


def test_the_table_is_long() -> None:
    """3 groups x 2 criteria x 2 stages, null where nothing was assessed."""
    table = measure(by=("entity",), **FLEET).to_arrow()
    assert table.num_rows == 12
    assert table.column_names == [
        "entity",
        "criterion",
        "stage",
        "value",
        "unit",
        "rows_left_out",
    ]
    first = table.slice(0, 1).to_pylist()[0]
    assert first == {
        "entity": "a",
        "criterion": "climate_change",
        "stage": "manufacturing",
        "value": 200.0,
        "unit": "kgCO2e/year",
        "rows_left_out": False,
    }


def test_the_table_of_no_groups() -> None:
    """One line per criterion and stage."""
    assert measure(**FLEET).to_arrow().num_rows == 4


def test_groups_called_like_a_column_of_the_table() -> None:
    """`unit` is what some organisations call their departments."""
    footprint = measure(by=("unit",), equipment_type=["laptop"], unit=["IT"])
    assert "IT" in footprint.to_arrow().slice(0, 1).to_pylist()[0].values()


def test_pandas_and_polars() -> None:
    """The same rows and columns."""
    footprint = measure(by=("entity",), **FLEET)
    assert footprint.to_pandas().shape == footprint.to_polars().shape == (12, 6)


def test_text() -> None:
    """Totals, groups from the largest, and what is not plainly assessed."""
    text = str(measure(by=("entity",), **FLEET))
    lines = text.splitlines()
    assert lines[0] == "Footprint by base-carbone 2, as of 2022-12-31"
    assert "  climate_change: >= 930 kgCO2e/year" in lines
    assert lines.index("  b: >= 710 kgCO2e/year climate_change") < lines.index(
        "  a: 220 kgCO2e/year climate_change"
    )
    assert "  (not given): nothing assessed climate_change" in lines


def test_html_escapes_the_words_of_the_inventory() -> None:
    """An entity called <b> is text."""
    footprint = measure(by=("entity",), equipment_type=["laptop"], entity=["<b>"])
    assert "&lt;b&gt;" in footprint._repr_html_()


def test_tonnes_above_a_thousand_kilograms() -> None:
    """20 x 110 = 2,200 kg is 2.2 t."""
    text = str(measure(equipment_type=["laptop"], quantity=[20.0]).total())
    assert text == "2.2 tCO2e/year"


# -- intervals -------------------------------------------------------------------------------


def test_an_interval_around_the_total() -> None:
    """±50 % at 95 %: about 100 x exp(±1.96 sigma - sigma^2/2), sigma^2 = ln(1 + 0.2551^2)."""
    given = pack(("laptop", "manufacturing", "climate_change", "100"), uncertainty="50")
    interval = measure(given, equipment_type=["laptop"]).interval(draws=100_000)
    sigma = math.sqrt(math.log1p(0.2551**2))
    low, high = (100 * math.exp(sign * 1.96 * sigma - sigma**2 / 2) for sign in (-1, 1))
    assert interval.lower == pytest.approx(low, rel=0.01)
    assert interval.upper == pytest.approx(high, rel=0.01)
    assert (interval.mean, interval.covered) == (100.0, 1.0)


def test_an_interval_says_what_it_does_not_cover() -> None:
    """No uncertainty published: 0 % of the total, no width, unless a spread is assumed."""
    footprint = measure(**FLEET)
    exact = footprint.interval()
    assert [exact.lower, exact.upper, exact.covered] == pytest.approx([930.0, 930.0, 0.0])
    assumed = footprint.interval(assume_spread=0.3)
    assert assumed.lower < 930.0 < assumed.upper
    assert (assumed.covered, assumed.assumed_spread) == (1.0, 0.3)


def test_no_interval_is_shown_of_a_total_of_which_too_little_is_known() -> None:
    """100 kg +- 50 % of 130 kg: 77 % of the total; of 120 kg, 83 %: enough to be shown."""
    known = pack(("laptop", "manufacturing", "climate_change", "100"), uncertainty="50")
    for other, told in (("30", False), ("20", True)):
        exact = pack(("desktop", "manufacturing", "climate_change", other), name="others")
        table = pa.table({"equipment_type": ["laptop", "desktop"], "lifetime": [1.0, 1.0]})
        footprint = reen.measure(
            reen.Inventory.from_arrow(table),
            method="base-carbone",
            factors=[known, exact],
            as_of="2022-12-31",
        )
        interval = footprint.interval(draws=1_000)
        assert interval.covers_enough is told
        assert ("no 95% interval: 77% of the total" in str(interval)) is not told
    assumed = measure(**FLEET).interval(assume_spread=0.3, draws=1_000)
    assert "assumed where none is published: 30%" in str(assumed)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"level": 0.0}, "option level='0.0': expected a probability such as 0.95"),
        ({"level": 95.0}, "option level='95.0': expected a probability such as 0.95"),
        ({"draws": 0}, "option draws='0': expected a whole number above 0"),
    ],
)
def test_interval_options(options: dict[str, float], message: str) -> None:
    """Out of range is refused by name."""
    with pytest.raises(reen.errors.OptionError) as caught:
        measure(**FLEET).interval(**options)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_the_interval_of_nothing() -> None:
    """Nothing assessed is not zero: both bounds are NaN, as the total is."""
    interval = measure(equipment_type=["server"]).interval()
    assert str(interval) == "no 95% interval: nothing was assessed"
    assert math.isnan(interval.lower)


def entities(measured: int, unmeasured: int) -> list[str]:
    """Return the lines of a text by entity: so many with one laptop, so many with a display."""
    kinds = ["laptop"] * measured + ["interactive_display"] * unmeasured
    fleet = [
        reen.Equipment(kind, lifetime=5, entity=f"E{k:02}", country="FR")
        for k, kind in enumerate(kinds)
    ]
    text = str(
        reen.measure(fleet, "base-carbone", by="entity", use_stage=False, as_of="2023-12-31")
    )
    return [line.strip() for line in text.splitlines()]


def test_groups_of_which_nothing_is_assessed_are_no_zero() -> None:
    """20 laptops at 31.2 kg are shown; the Base Carbone has no element for the 5 displays."""
    assert "5 other groups: nothing assessed climate_change" in entities(20, 5)


def test_the_sum_of_the_other_groups_says_what_it_misses() -> None:
    """22 laptops and a display: of three others two count, 2 x 156 / 5 = 62.4 kg, and one not."""
    assert "3 other groups: >= 62.4 kgCO2e/year climate_change" in entities(22, 1)


def test_the_sum_of_other_groups_that_are_complete_is_no_bound() -> None:
    """22 laptops: the two that are not shown are 62.4 kg."""
    assert "2 other groups: 62.4 kgCO2e/year climate_change" in entities(22, 0)


def phones() -> reen.Footprint:
    """Return 10 basic phones and 10 smartphones: ADEME gives no distribution of the former."""
    fleet = [
        reen.Equipment(kind, quantity=10, lifetime=2.5, annual_energy=1, country="FR", entity=name)
        for kind, name in (("mobile_phone", "A"), ("smartphone", "B"))
    ]
    return reen.measure(fleet, "numecoeval", by="entity", as_of="2023-12-31")


def test_a_group_whose_factors_lack_a_stage_is_a_lower_bound() -> None:
    """A: 10 x (23.3 + 0.1) / 2.5 + 10 x 0.058 = 94.18; B: 10 x (77 + 2.27 + 0.246) / 2.5 + 0.58."""
    footprint = phones()
    assert footprint.group_left_out().tolist() == [True, False]
    text = str(footprint)
    assert "  A: >= 94.18 kgCO2e/year climate_change" in text
    assert "  B: 318.6 kgCO2e/year climate_change" in text
    assert (
        "distribution: not published by the factors in use: climate_change, 10 items in 1 row"
        in text
    )
    rows = {row.label: row.texts for row in footprint.view().breakdowns[0].rows}
    assert rows == {"A": (">= 94.2",), "B": ("318.6",)}


def test_the_data_of_a_group_say_that_its_factors_lack_a_stage() -> None:
    """Every line of A, and none of B, in Arrow data and in JSON."""
    footprint = phones()
    lines = footprint.to_arrow().to_pylist()
    assert {(line["entity"], line["rows_left_out"]) for line in lines} == {
        ("A", True),
        ("B", False),
    }
    groups = json.loads(reen.stored.footprint_to_json(footprint))["groups"]
    assert [each["rows_left_out"] for each in groups] == [True, False]


def test_a_share_that_is_whole_says_which_stage_it_is_without() -> None:
    """All 20 are counted, and of 10 of them the distribution is in no figure."""
    share = phones().view().headline[0]
    assert "use 100% (20 of 20 items)" in share
    assert share.endswith("100% (20 of 20 items, 10 of them without distribution)")


def test_a_group_lacks_what_no_factor_publishes_of_a_criterion() -> None:
    """Acids of the laptop alone: its electricity has none, though its climate figure is whole."""
    acids = pack(
        ("laptop", "manufacturing", "climate_change", "100"),
        ("laptop", "manufacturing", "acidification", "2"),
    )
    laptop = reen.Equipment("laptop", lifetime=4, annual_energy=10, country="FR", entity="a")
    found = reen.measure(laptop, "base-carbone", factors=acids, by="entity", as_of=AS_OF)
    assert found.group_left_out("climate_change").tolist() == [False]
    assert found.group_left_out("acidification").tolist() == [True]
    assert found.group_left_out("water_use").tolist() == [True]
    assert {row["rows_left_out"] for row in found.to_arrow().to_pylist()} == {False, True}
