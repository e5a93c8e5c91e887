"""Comparing methods, by hand: each effect of a gap worked out in the docstring of its test.

And the equipment of Boulogne-Billancourt, counted by the city and by the bundled methods.
"""

from __future__ import annotations

import datetime as dt
import pickle
import re
import runpy
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar, TypeAlias

import attrs
import numpy as np
import pyarrow as pa
import pytest

import reen
from reen.plugin import Context, FactorPack, Match
from reen.plugin.arrays import Batch, Driver, Exchanges, FactorSet, FlowKind, Outcome, Status
from reen.testing import assert_footprints_close, registry_of
from reen.types import Gap

Key: TypeAlias = tuple[object, ...]

ITEM = FlowKind(
    "item",
    (
        reen.Stage.MANUFACTURING,
        reen.Stage.DISTRIBUTION,
        reen.Stage.END_OF_LIFE,
        reen.Stage.EMBEDDED,
    ),
)
USE = FlowKind("use", (reen.Stage.USE,))

FLEET = reen.Inventory.from_arrow(
    pa.table({"equipment_type": ["laptop", "server"], "quantity": [10.0, 2.0]})
)


@attrs.frozen(kw_only=True)
class Plain:
    """A method whose every number stands in its options: item over a lifetime, energy, PUE.

    Types without a factor are left out of both kinds of flow.
    """

    name: str
    factors: Mapping[str, Mapping[str, float]]
    mix: Mapping[str, float]
    lifetime: float
    energy: float
    pue: float | None = None
    share: float | None = None

    version: ClassVar[str] = "1"
    title: ClassVar[str] = "Plain"
    reference: ClassVar[str] = "none: for tests"
    packs: ClassVar[tuple[str, ...]] = ()

    def prepare(self, context: Context) -> PreparedPlain:
        del context
        return PreparedPlain(self)


@attrs.frozen(eq=False)
class PreparedPlain:
    """`Plain`, ready to answer."""

    options: Plain
    kinds: ClassVar[tuple[FlowKind, ...]] = (ITEM, USE)
    columns: ClassVar[tuple[str, ...]] = ("quantity", "equipment_type")
    made: FactorSet = attrs.field(init=False)

    @made.default
    def _made(self) -> FactorSet:
        cells = [
            (key, "item", stage, value)
            for key, stages in self.options.factors.items()
            for stage, value in stages.items()
        ]
        cells += [("mix", "kWh", "use", value) for value in self.options.mix.values()]
        pack = FactorPack.from_rows(
            name=self.options.name,
            version="1",
            title="by hand",
            publisher="tests",
            licence="CC0-1.0",
            source="tests",
            factors=[
                {
                    "flow": flow,
                    "reference_unit": unit,
                    "stage": stage,
                    "criterion": "climate_change",
                    "value": str(value),
                    "unit": f"kgCO2e/{unit}",
                    "source": "tests",
                }
                for flow, unit, stage, value in cells
            ],
        )
        return pack.factors

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        codes, types = batch.codes("equipment_type")
        at = {flow.id: k for k, flow in enumerate(self.made.flows)}
        item = np.array([*(at.get(each, -1) for each in types), -1], np.int32)[codes]
        drivers = {"quantity": Driver(batch.values("quantity", "item"), "item")}
        if self.options.share is not None:
            drivers["usage_share"] = Driver(np.full(len(batch), self.options.share), "1")
        of_item = {"per_lifetime": Driver(self._all(batch, 1 / self.options.lifetime), "1/year")}
        yield self._answer(ITEM, "item", item, {**drivers, **of_item})
        of_use = {"annual_energy": Driver(self._all(batch, self.options.energy), "kWh/item/year")}
        if self.options.pue is not None:
            of_use["pue"] = Driver(self._all(batch, self.options.pue), "1")
        mix = np.where(item < 0, -1, at.get("mix", -1)).astype(np.int32)
        yield self._answer(USE, "kWh", mix, {**drivers, **of_use})

    def _all(self, batch: Batch, value: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.full(len(batch), value)

    def _answer(
        self,
        kind: FlowKind,
        unit: str,
        flow: np.ndarray[tuple[int], np.dtype[np.int32]],
        drivers: dict[str, Driver],
    ) -> Exchanges:
        return Exchanges(
            kind=kind,
            flows=self.made.flows,
            flow=flow,
            drivers=drivers,
            reference_unit=unit,
            outcomes=(
                Outcome(Status.ASSESSED, Match.TYPE),
                Outcome(Status.LEFT_OUT, reason="no factor"),
            ),
            outcome=(flow < 0).astype(np.uint8),
            factors=self.made,
        )


A = Plain(
    name="a",
    factors={"laptop": {"embedded": 200.0}},
    mix={"FR": 0.06},
    lifetime=5.0,
    energy=50.0,
)
B = Plain(
    name="b",
    factors={
        "laptop": {"manufacturing": 250.0, "distribution": 50.0},
        "server": {"manufacturing": 900.0, "distribution": 100.0},
    },
    mix={"FR": 0.10},
    lifetime=4.0,
    energy=40.0,
    pue=1.5,
)


def gap_of(a: Plain, b: Plain, fleet: reen.Inventory = FLEET) -> Gap:
    return reen.compare(fleet, methods=[a, b], as_of="2022-12-31").gap(a.name, b.name)


def close(found: Mapping[Key, float], expected: Mapping[Key, float]) -> bool:
    return found == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_two_rows_two_methods() -> None:
    """Ten laptops, counted by both; two servers, by b alone.

    Items: a 10 x 200 / 5 = 400, b 10 x (250 + 50) / 4 = 750.
      lifetime  10 x (1/4 - 1/5) x (200 + 300) / 2 = 125
      factor    10 x (1/5 + 1/4) / 2 x (300 - 200) = 225
    Use: a 10 x 50 x 0.06 = 30, b 10 x 40 x 1.5 x 0.10 = 60; three things differ, and each effect is
    the mean of what changing it changes when the two others are as in a (1/3), one as in b (1/6
    each), both as in b (1/3):
      energy  10 x -10 x (0.06/3 + 0.09/6 + 0.10/6 + 0.15/3) = -100 x 0.61/6 = -10 1/6
      PUE     10 x 0.5 x (3/3 + 2.4/6 + 5/6 + 4/3) = 5 x 21.4/6 = 17 5/6
      factor  10 x 0.04 x (50/3 + 40/6 + 75/6 + 60/3) = 0.4 x 335/6 = 22 1/3
    Servers: 2 x 1000 / 4 = 500 and 2 x 40 x 1.5 x 0.10 = 12, in b only.
    a gives 430, b 1,322: 892 = 125 + 225 - 10 1/6 + 17 5/6 + 22 1/3 + 512.
    """
    gap = gap_of(A, B)
    assert (gap.total_a, gap.total_b) == pytest.approx((430.0, 1322.0))
    assert close(
        gap.by("name", "only", "stage", "equipment_type"),
        {
            ("lifetime", "", "embedded", "laptop"): 125.0,
            ("factor", "", "embedded", "laptop"): 225.0,
            ("annual_energy", "", "use", "laptop"): -61.0 / 6.0,
            ("pue", "", "use", "laptop"): 107.0 / 6.0,
            ("factor", "", "use", "laptop"): 134.0 / 6.0,
            ("coverage", "b", "embedded", "server"): 500.0,
            ("coverage", "b", "use", "server"): 12.0,
        },
    )
    assert gap.sentence() == (
        "b gives 1.322 tCO2e/year where a gives at least 0.430 (3.07 times as much): +0.892, of"
        " which +0.512 from what only b covers, +0.225 from the factors of the equipment, +0.125"
        " from the lifetimes, +0.022 from the factors of electricity, +0.018 from the overhead of"
        " data centres and -0.010 from the yearly energy."
    )
    assert gap.sentence("fr") == (
        "b donne 1,322 t\u00a0CO₂e/an là où a donne au moins 0,430 (3,07 fois autant)"
        "\u00a0: +0,892, dont +0,512 par ce que seule la méthode b couvre, +0,225 par les"
        " facteurs des équipements,"
        " +0,125 par les durées de vie, +0,022 par les facteurs de l'électricité, +0,018 par le"
        " surcoût énergétique des centres de données et -0,010 par l'énergie annuelle."
    )


def test_stages_are_compared_one_by_one_where_both_separate_them() -> None:
    """Ten laptops over 5 years (a) and 4 years (b), q / L = 2 and 2.5, mean 2.25.

    Manufacturing 150 and 250: factor 2.25 x 100 = 225, lifetime 0.5 x 200 = 100.
    Distribution 50 and 30: factor 2.25 x -20 = -45, lifetime 0.5 x 40 = 20.
    End of life 20, published by b only: what a does not publish it does not cover, 2.5 x 20 = 50.
    """
    a = attrs.evolve(A, factors={"laptop": {"manufacturing": 150.0, "distribution": 50.0}}, mix={})
    b = attrs.evolve(
        B,
        factors={"laptop": {"manufacturing": 250.0, "distribution": 30.0, "end_of_life": 20.0}},
        mix={},
    )
    assert close(
        gap_of(a, b).by("name", "only", "stage"),
        {
            ("factor", "", "manufacturing"): 225.0,
            ("lifetime", "", "manufacturing"): 100.0,
            ("coverage", "b", "end_of_life"): 50.0,
            ("factor", "", "distribution"): -45.0,
            ("lifetime", "", "distribution"): 20.0,
        },
    )


def test_a_share_that_one_method_ignores_is_one_there() -> None:
    """Ten laptops used at 80 % by a, at 100 % by b that does not ask; the rest is the same.

    Items 10 x 200 / 5 = 400, share effect 400 x 0.2 = 80; use 10 x 50 x 0.06 = 30, 30 x 0.2 = 6.
    """
    gap = gap_of(attrs.evolve(A, share=0.8), attrs.evolve(A, name="b"))
    effects = {key: value for key, value in gap.by("name", "stage").items() if value}
    assert close(effects, {("usage_share", "embedded"): 80.0, ("usage_share", "use"): 6.0})


def test_effects_that_cancel_out_are_said() -> None:
    """Twice the factor over twice the lifetime: +300 from the factor, -300 from the lifetime.

    10 x (1/5 + 1/10) / 2 x 200 = 300; 10 x (1/10 - 1/5) x (200 + 400) / 2 = -300.
    """
    twice = attrs.evolve(A, name="b", factors={"laptop": {"embedded": 400.0}}, lifetime=10.0)
    gap = gap_of(A, twice)
    assert gap.value == 0.0
    assert gap.sentence() == (
        "a and b give the same figure, at least 430.0 kgCO2e/year, by effects that cancel out:"
        " +300.0 from the factors of the equipment and -300.0 from the lifetimes."
    )
    assert "se compensent\u00a0: +300,0 par" in gap.sentence("fr")
    same = gap_of(A, attrs.evolve(A, name="b"))
    assert same.sentence() == "a and b give the same figure, at least 430.0 kgCO2e/year."


def test_a_method_that_measures_nothing_is_no_zero() -> None:
    """No factor for any type: the whole of the other is what only it covers."""
    nothing = attrs.evolve(A, name="b", factors={"desktop": {"embedded": 1.0}}, mix={})
    gap = gap_of(A, nothing)
    assert (gap.assessed_a, gap.assessed_b) == (430.0, None)
    assert close(gap.by("name", "only"), {("coverage", "a"): -430.0})
    assert gap.sentence() == "a gives at least 430.0 kgCO2e/year; b measures nothing of it."
    assert gap.sentence("fr") == "a donne au moins 430,0 kg\u00a0CO₂e/an\u00a0; b n'en mesure rien."


def test_a_language_must_be_one_of_two() -> None:
    with pytest.raises(reen.errors.UnknownNameError, match="Unknown language 'de'"):
        gap_of(A, B).sentence("de")


def test_a_purchase_counted_at_once_differs_by_its_lifetime() -> None:
    """One laptop of 156 kg bought in the year: 156 / 5 = 31.2 against 156, the factor being one.

    The gap of 124.8 is an effect of time, not of the factors.
    """
    laptop = reen.Equipment("laptop", quantity=1, lifetime=5, purchase_date=dt.date(2022, 3, 1))
    method = reen.default_registry().method("base-carbone")
    physical = reen.configure(method, {"use_stage": "false"})
    at_once = reen.configure(method, {"use_stage": "false", "amortisation": "purchase-year"})
    comparison = reen.compare(laptop, methods=[physical, at_once], as_of="2022-12-31")
    gap = comparison.gap("base-carbone", "base-carbone #2")
    assert close(gap.by("name"), {("lifetime",): 124.8, ("factor",): 0.0})


def test_a_declared_yearly_figure_has_no_lifetime_to_compare() -> None:
    """Declared 40 kg a year against 156 / 5 = 31.2: -8.8, all of it on the side of the factors."""
    laptop = reen.Equipment("laptop", lifetime=5, declared_annual_footprint=40)
    base_carbone = reen.configure(
        reen.default_registry().method("base-carbone"), {"use_stage": "false"}
    )
    gap = reen.compare(laptop, methods=["declared", base_carbone]).gap("declared", "base-carbone")
    assert close(gap.by("name", "stage"), {("factor", "unspecified"): -8.8})


def test_what_a_rule_excludes_is_covered_by_the_other_only() -> None:
    """One laptop of 2015 written off over 5 years: nothing left in 2022, 31.2 a year physically."""
    laptop = reen.Equipment("laptop", lifetime=5, purchase_date=dt.date(2015, 3, 1))
    method = reen.default_registry().method("base-carbone")
    physical = reen.configure(method, {"use_stage": "false"})
    accounting = reen.configure(method, {"use_stage": "false", "amortisation": "accounting"})
    comparison = reen.compare(laptop, methods=[physical, accounting], as_of="2022-12-31")
    gap = comparison.gap("base-carbone", "base-carbone #2")
    assert close(gap.by("name", "only"), {("coverage", "base-carbone"): -31.2})
    reasons = {
        str(row.reason) for row in comparison.footprint("base-carbone #2").coverage.excluded()
    }
    assert "fully amortised, still in the inventory" in reasons


def test_data_centres_count_as_when_measured_alone() -> None:
    """A hosted laptop: the PUE of its data centre is in the comparison as in `measure`.

    The engine of NumEcoEval applies it to servers alone: 400 kWh x (1 - 1.6) x the French mix.
    """
    system = reen.Inventory.from_tables(
        equipment=pa.table(
            {
                "id": ["s"],
                "equipment_type": ["laptop"],
                "quantity": [1.0],
                "annual_energy": [400.0],
                "country": ["FR"],
                "datacenter_id": ["d"],
            }
        ),
        datacenters=pa.table({"id": ["d"], "pue": [1.6], "country": ["FR"]}),
    )
    hosted = reen.configure(reen.default_registry().method("numecoeval"), {})
    comparison = reen.compare(system, methods=["base-carbone", hosted], as_of="2022-12-31")
    for method in ("base-carbone", hosted):
        alone = reen.measure(system, method=method, as_of="2022-12-31")
        assert_footprints_close(comparison.footprint(alone.provenance.method), alone)
    (mix,) = (
        reen.default_registry().factor_pack("electricity-france").factors.values[k, 0, 0]
        for k, flow in enumerate(
            reen.default_registry().factor_pack("electricity-france").factors.flows
        )
        if (flow.geography, flow.year) == ("FR", 2022)
    )
    gap = comparison.gap("base-carbone", "numecoeval")
    assert gap.by("name")["pue",] == pytest.approx(-400.0 * 0.6 * mix)


def test_a_criterion_of_one_method_only_is_what_only_it_covers() -> None:
    """Acidification, published by a given pack for one method's flow, unknown to `declared`."""
    pack = FactorPack.from_rows(
        name="own",
        version="1",
        title="own",
        publisher="tests",
        licence="CC0-1.0",
        source="tests",
        factors=[
            {
                "flow": "27002",
                "reference_unit": "item",
                "stage": "embedded",
                "criterion": criterion,
                "value": value,
                "unit": unit,
                "source": "tests",
            }
            for criterion, value, unit in (
                ("climate_change", "200", "kgCO2e/item"),
                ("acidification", "0.5", "molHe/item"),
            )
        ],
    )
    laptop = reen.Equipment("laptop", lifetime=5, declared_footprint=29)
    bare = reen.configure(reen.default_registry().method("base-carbone"), {"use_stage": "false"})
    comparison = reen.compare(laptop, methods=["declared", bare], factors=[pack])
    gap = comparison.gap("declared", "base-carbone", "acidification")
    assert close(gap.by("name", "only"), {("coverage", "base-carbone"): 0.1})
    assert comparison.totals("acidification")["declared"] is None or gap.assessed_a is None
    with pytest.raises(reen.errors.UnknownNameError):
        comparison.gap("declared", "base-carbone", "water_use")


def test_factors_may_be_given_to_one_method_only() -> None:
    """Our own laptop of 200 kg for the second: 200 / 5 = 40 against 156 / 5 = 31.2."""
    pack = FactorPack.from_rows(
        name="own",
        version="1",
        title="own",
        publisher="tests",
        licence="CC0-1.0",
        source="tests",
        factors=[
            {
                "flow": "27002",
                "reference_unit": "item",
                "stage": "embedded",
                "criterion": "climate_change",
                "value": "200",
                "unit": "kgCO2e/item",
                "source": "tests",
            }
        ],
    )
    laptop = reen.Equipment("laptop", lifetime=5)
    method = reen.configure(reen.default_registry().method("base-carbone"), {"use_stage": "false"})
    comparison = reen.compare(
        laptop, methods=[method, method], factors={"base-carbone #2": [pack]}, as_of="2022-12-31"
    )
    gap = comparison.gap("base-carbone", "base-carbone #2")
    assert close(gap.by("name"), {("factor",): 8.8})
    with pytest.raises(reen.errors.OptionError, match="one of base-carbone, base-carbone #2"):
        reen.compare(laptop, methods=[method, method], factors={"declared": [pack]})


class TestGroups:
    """Effects are told apart by the values of the grouping columns, not by how these are written.

    Laptops of 100 kg declared, over 5 years, against 156 kg by the Base Carbone: (156 - 100) / 5
    = 11.2 a year each, all of it a factor effect.
    """

    BY: ClassVar[tuple[str, ...]] = ("entity", "service", "since")

    @pytest.fixture
    def gap(self, comparison: reen.types.Comparison) -> Gap:
        return comparison.gap("declared", "base-carbone")

    @pytest.fixture
    def comparison(self) -> reen.types.Comparison:
        table = pa.table(
            {
                "equipment_type": ["laptop"] * 5,
                "quantity": [1.0, 2.0, 4.0, 8.0, 16.0],
                "lifetime": [5.0] * 5,
                "declared_footprint": [100.0] * 5,
                "entity": ["a / b", "a", None, "(not given)", "a"],
                "service": ["c", "b / c", "c", "c", "b / c"],
                "since": [None, None, dt.date(2022, 1, 1), dt.date(2022, 1, 1), None],
            }
        )
        method = reen.configure(
            reen.default_registry().method("base-carbone"), {"use_stage": "false"}
        )
        return reen.compare(
            reen.Inventory.from_arrow(table),
            methods=["declared", method],
            by=self.BY,
            as_of="2022-12-31",
        )

    def test_two_keys_of_one_text_stay_apart(self, gap: Gap) -> None:
        """One of ("a / b", "c"), eighteen of ("a", "b / c"); null is not the text of null."""
        assert close(
            gap.by("entity", "service"),
            {
                ("a / b", "c"): 11.2,
                ("a", "b / c"): 18 * 11.2,
                (None, "c"): 4 * 11.2,
                ("(not given)", "c"): 8 * 11.2,
            },
        )
        day = dt.date(2022, 1, 1)
        assert gap.by("group")[("a / b", "c", None),] == pytest.approx(11.2)
        assert gap.by("since", "name")[day, "factor"] == pytest.approx(12 * 11.2)
        assert gap.rank("group")[0].key == (("a", "b / c", None),)
        with pytest.raises(reen.errors.OptionError, match="entity, service, since"):
            gap.by("site")

    def test_the_table_has_a_column_each(self, gap: Gap) -> None:
        table = gap.to_arrow()
        assert [name for name in table.column_names if name in self.BY] == list(self.BY)
        assert table.schema.field("since").type == pa.date32()
        rows = {(row["entity"], row["service"]): row["value"] for row in table.to_pylist()}
        assert rows["a / b", "c"] == pytest.approx(11.2)

    def test_they_are_read_back_with_their_types(self, comparison: reen.types.Comparison) -> None:
        again = reen.stored.comparison_from_json(reen.stored.comparison_to_json(comparison))
        assert again == comparison
        assert again.gap("declared", "base-carbone").by("group") == comparison.gap(
            "declared", "base-carbone"
        ).by("group")

    def test_a_damaged_file_is_named(self, comparison: reen.types.Comparison) -> None:
        text = reen.stored.comparison_to_json(comparison).replace(
            '"group_number": 0', '"group_number": 99'
        )
        with pytest.raises(reen.errors.FileFormatError, match="is damaged"):
            reen.stored.comparison_from_json(text)

    def test_a_column_may_be_called_as_one_of_the_effects(self) -> None:
        """Grouped by a column named `stage`: its values come as group.stage in the table."""
        table = pa.table(
            {"equipment_type": ["laptop"], "quantity": [1.0], "lifetime": [5.0], "stage": ["x"]}
        )
        inventory = reen.Inventory.from_arrow(table)
        comparison = reen.compare(inventory, methods=[A, B], by="stage")
        effects = comparison.gap("a", "b").to_arrow()
        assert set(effects["group.stage"].to_pylist()) == {"x"}
        assert set(effects["stage"].to_pylist()) == {"embedded", "use"}

    def test_not_a_number_is_one_group(self) -> None:
        """NaN is unequal to itself, but one key: both effects of the group are summed."""
        table = pa.table(
            {
                "equipment_type": ["laptop"] * 2,
                "quantity": [1.0, 2.0],
                "lifetime": [5.0] * 2,
                "declared_footprint": [100.0] * 2,
                "ratio": [float("nan")] * 2,
            }
        )
        comparison = reen.compare(
            reen.Inventory.from_arrow(table), methods=["declared", "base-carbone"], by="ratio"
        )
        (((value,), found),) = comparison.gap("declared", "base-carbone").by("ratio").items()
        assert isinstance(value, float)
        assert np.isnan(value)
        assert found == pytest.approx(comparison.gap("declared", "base-carbone").value)
        assert pickle.loads(pickle.dumps(comparison)) == comparison  # noqa: S301 - our own bytes


class TestFailures:
    """One method that cannot be run, among others."""

    BROKEN: ClassVar[Plain] = Plain(name="a", factors={}, mix={}, lifetime=0.0, energy=0.0)

    def test_it_is_raised_by_default(self) -> None:
        with pytest.raises(reen.ReenError):
            reen.compare(FLEET, methods=[A, self.BROKEN])

    def test_it_is_reported_by_its_own_name(self) -> None:
        """Given twice under one name, the second fails and the first keeps its place."""
        comparison = reen.compare(FLEET, methods=[A, self.BROKEN, B], on_error="report")
        assert comparison.methods == ("a", "b")
        assert list(comparison.failed) == ["a #2"]
        assert comparison.gap("a", "b").value == pytest.approx(892.0)
        assert "a #2: could not be run: " in str(comparison)

    def test_a_first_that_fails_leaves_the_others_their_names(self) -> None:
        comparison = reen.compare(FLEET, methods=[self.BROKEN, A, B], on_error="report")
        assert comparison.methods == ("a #2", "b")
        assert list(comparison.failed) == ["a"]

    def test_an_unknown_name_is_reported_too(self) -> None:
        comparison = reen.compare(
            FLEET, methods=["nothing", A, B], on_error="report", registry=registry_of(methods=[A])
        )
        assert comparison.failed["nothing"].startswith("Unknown method 'nothing'")

    def test_one_method_is_no_comparison(self) -> None:
        with pytest.raises(reen.errors.OptionError, match="two methods or more"):
            reen.compare(FLEET, methods=[A])

    def test_a_method_that_is_not_there_is_named(self) -> None:
        comparison = reen.compare(FLEET, methods=[A, B])
        with pytest.raises(reen.errors.UnknownNameError, match="Unknown compared method 'c'"):
            comparison.gap("a", "c")
        with pytest.raises(reen.errors.OptionError, match="some of name, only, stage"):
            comparison.gap("a", "b").by("flow")


@pytest.fixture(scope="module")
def comparison(repository: Path) -> reen.types.Comparison:
    """Return the fleet of Boulogne by the bundled methods that need no data of their own."""
    return reen.compare(
        repository / "examples" / "boulogne_billancourt_2022.csv",
        methods=["declared", "base-carbone", "ecodiag", "numecoeval"],
        by="entity",
        as_of="2022-12-31",
    )


class TestBoulogne:
    """Figures 1 to 4 of the city's programme, by its own method and by the Base Carbone."""

    def test_desktops_are_wholly_a_factor_effect(self, repository: Path) -> None:
        """1,227 desktops over 5 years and 514 over 4: 373.9 a year, of the same lifetimes.

        Declared 59 and 34 kg: 1227 x 59 / 5 + 514 x 34 / 4 = 14,478.6 + 4,369 = 18,847.6.
        Base Carbone 169 kg: 373.9 x 169 = 63,189.1.  The gap of 44,341.5 is all in the factors.
        """
        method = reen.configure(
            reen.default_registry().method("base-carbone"), {"use_stage": "false"}
        )
        comparison = reen.compare(
            repository / "examples" / "boulogne_billancourt_2022.csv",
            methods=["declared", method],
            as_of="2022-12-31",
        )
        (desktops,) = (each for each in comparison.by_type() if each.equipment_type == "desktop")
        assert desktops.totals == pytest.approx({"declared": 18_847.6, "base-carbone": 63_189.1})
        effects = {
            key: value
            for key, value in comparison.gap("declared", "base-carbone")
            .by("equipment_type", "name")
            .items()
            if key[0] == "desktop"
        }
        assert close(effects, {("desktop", "factor"): 44_341.5})

    @pytest.mark.slow
    def test_every_pair_adds_up(self, comparison: reen.types.Comparison) -> None:
        assert len(comparison.gaps) == 6
        for a, b in comparison.gaps:
            gap = comparison.gap(a, b)
            found = sum(effect.value for effect in gap.effects)
            assert abs(found - gap.value) <= 1e-9 * max(gap.total_a, gap.total_b)

    @pytest.mark.slow
    def test_every_pair_with_manufacturers_sheets_adds_up(self, repository: Path) -> None:
        """The invented sheets: laptops and electricity are covered, the rest is left out by name.

        672 laptops, 400 over 5 years and 272 over 4, by the median of the sheets, 210 kg.
        """
        examples = repository / "examples"
        sheets = examples / "manufacturer_sheets_invented.csv"
        comparison = reen.compare(
            examples / "boulogne_billancourt_2022.csv",
            methods=["declared", "base-carbone", "ecodiag", "numecoeval", "manufacturer"],
            factors={"manufacturer": [sheets]},
            by="entity",
            as_of="2022-12-31",
        )
        assert len(comparison.gaps) == 10
        for a, b in comparison.gaps:
            gap = comparison.gap(a, b)
            found = sum(effect.value for effect in gap.effects)
            assert abs(found - gap.value) <= 1e-9 * max(gap.total_a, gap.total_b)
        embedded = comparison.footprint("manufacturer").stage_totals()[reen.Stage.EMBEDDED]
        assert embedded == pytest.approx(210 * (400 / 5 + 272 / 4))
        effects = comparison.gap("base-carbone", "manufacturer").by(
            "name", "stage", "equipment_type"
        )
        assert effects["factor", "embedded", "laptop"] == pytest.approx((210 - 156) * 148)
        assert effects["coverage", "embedded", "desktop"] == pytest.approx(-169 * 373.9)

    def test_the_gap_with_the_base_carbone(self, comparison: reen.types.Comparison) -> None:
        """On the six lines that both cover, 110,683.5 - 33,898.8 = +76,784.7.

        The schools' screens are declared only: 230 interactive displays x 100 / 10 = 2,300, for
        which the Base Carbone has no element.
        """
        parts = comparison.gap("declared", "base-carbone").by("name", "only")
        assert parts["factor", ""] == pytest.approx(76_784.7, abs=0.01)
        assert parts["coverage", "declared"] == pytest.approx(-2_300.0)

    def test_sentences(self, comparison: reen.types.Comparison) -> None:
        gap = comparison.gap("declared", "base-carbone")
        assert gap.sentence() == (
            "base-carbone gives at least 140.8 tCO2e/year where declared gives at least 36.2 (3.89"
            " times as much): +104.6, of which +76.8 from the factors of the equipment, +30.1 from"
            " what only base-carbone covers and -2.3 from what only declared covers."
        )
        assert gap.sentence("fr") == (
            "base-carbone donne au moins 140,8 t\u00a0CO₂e/an là où declared donne au moins"
            " 36,2 (3,89 fois autant)\u00a0: +104,6, dont +76,8 par les facteurs des"
            " équipements, +30,1 par ce que seule la méthode base-carbone couvre et"
            " -2,3 par ce que seule la méthode declared couvre."
        )

    def test_figures_of_the_sentences_are_those_of_the_table(
        self, comparison: reen.types.Comparison
    ) -> None:
        """Totals, gap and parts of both sentences, read back, are the rounded sums of effects."""
        for a, b in comparison.gaps:
            gap = comparison.gap(a, b)
            parts: dict[Key, float] = {}
            table = gap.to_arrow().to_pylist()
            for row in table:
                key = (row["name"], row["only"], str(row["stage"] == "use" and not row["only"]))
                if row["name"] not in ("factor", "coverage"):
                    key = (row["name"],)
                elif row["only"]:
                    key = (row["name"], row["only"])
                parts[key] = parts.get(key, 0.0) + row["value"]
            expected = [gap.total_b, gap.total_a, gap.value]
            expected += sorted((value for value in parts.values() if value), key=abs, reverse=True)
            if len(expected) == 4:
                expected.pop()  # one cause: the gap itself, said once
            for language in ("en", "fr"):
                found = figures_of(gap.sentence(language), language)
                assert len(found) == len(expected)
                for read, value in zip(found, expected, strict=True):
                    assert read == pytest.approx(value / 1000.0, abs=0.0501)

    def test_agreement_by_type(self, comparison: reen.types.Comparison) -> None:
        """Smartphones: 4,608 to 11,524, 2.50 times; basic mobile phones by one method only."""
        found = {each.equipment_type: each for each in comparison.by_type()}
        assert found["smartphone"].highest_over_lowest == pytest.approx(2.500889, abs=1e-6)
        assert found["smartphone"].ratios("declared")["base-carbone"] == pytest.approx(
            1.041, abs=1e-3
        )
        assert found["mobile_phone"].totals["declared"] is None
        assert "declared" in found["laptop"].left_out
        assert found["laptop"].partly_covered  # declared is the lowest, and knows 400 of 672
        assert not found["smartphone"].partly_covered
        assert np.isnan(found["wifi_access_point"].highest_over_lowest)

    def test_ranks(self, comparison: reen.types.Comparison) -> None:
        """Desktops first: 44,341.5 of 104,604.52: 2,405.52 of it for 257 basic phones."""
        first, *_ = comparison.gap("declared", "base-carbone").rank("name", "equipment_type")
        assert (first.rank, first.key) == (1, ("factor", "desktop"))
        assert first.share == pytest.approx(44_341.5 / 104_604.52, abs=1e-6)
        assert len(comparison.gap("declared", "base-carbone").rank(top=3)) == 3

    def test_shared_factors_are_drawn_once(self, comparison: reen.types.Comparison) -> None:
        """Declared figures have no uncertainty; the city's total is below in every draw."""
        found = comparison.probability_above("declared", "base-carbone", draws=1_000)
        assert float(found) == 0.0
        assert found.covered[0] == 0.0
        both = comparison.probability_above("base-carbone", "numecoeval", draws=1_000)
        assert [flow.pack for flow in both.shared] == ["electricity-france"]
        assert "uncertain factors in common: 1" in str(both)

    @pytest.mark.slow
    def test_it_is_written_and_read_back(
        self, comparison: reen.types.Comparison, tmp_path: Path
    ) -> None:
        reen.stored.write_comparison(comparison, tmp_path / "comparison.json")
        again = reen.stored.read_comparison(tmp_path / "comparison.json")
        assert again == comparison
        assert again.provenance["declared"].hash == comparison.provenance["declared"].hash
        with pytest.raises(reen.errors.FileFormatError, match="a comparison is written as"):
            reen.stored.write_comparison(comparison, tmp_path / "comparison.parquet")
        (tmp_path / "other.json").write_text("{}", encoding="utf-8")
        with pytest.raises(reen.errors.FileFormatError, match="is not a comparison"):
            reen.stored.read_comparison(tmp_path / "other.json")


@pytest.mark.slow
def test_the_picture_of_the_tutorial_is_of_these_figures(repository: Path) -> None:
    """Every bar of the page's picture, its label and its figure, as `gap` gives them now."""
    pytest.importorskip("matplotlib")
    folder = repository / "docs" / "tutorials"
    plot = runpy.run_path(str(folder / "plot_gap.py"))
    comparison = reen.compare(
        repository / plot["FLEET"], methods=list(plot["METHODS"]), as_of="2022-12-31"
    )
    for page, ink in plot["INKS"].items():
        expected = []
        for label, _, width, colour in plot["bars"](comparison, ink):
            expected += [plot["figure_of"](width, total=colour == ink), label]
        picture = (folder / f"why-methods-disagree-{page}.svg").read_text("utf-8")
        found = re.findall(r"<text [^>]*>([^<]+)</text>", picture)
        start = found.index(expected[0])
        assert found[start : start + len(expected)] == expected


def figures_of(sentence: str, language: str) -> list[float]:
    """Return the figures of a sentence, the ratio in brackets left out."""
    text = re.sub(r"\([^)]*\)", "", sentence)
    if language == "fr":
        text = text.replace("\u00a0", "").replace(",", ".")
    else:
        text = re.sub(r"(?<=\d),(?=\d)", "", text)
    return [float(number) for number in re.findall(r"(?<![\w#])[+-]?\d+(?:\.\d+)?", text)]
