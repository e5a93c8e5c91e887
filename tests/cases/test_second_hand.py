"""Second-hand: who bears the making of what has several owners, by hand.

With F the making of one item, L its life here, U before and D after:

    cut-off    the first owner bears F / L a year; a later one its refurbishing
    years      F / (U + L + D)
    half       F / (2 L) for each of two owners

A laptop of Base Carbone is 156 kg, of EcoDiag 260 kg.
"""

from __future__ import annotations

import pyarrow as pa
import pytest

import reen
from reen.plugin import FactorPack, Reason

#: Ten laptops of four years here.
LAPTOPS = {"equipment_type": "laptop", "quantity": 10.0, "lifetime": 4.0, "country": "FR"}

METHODS = {"base-carbone": 156.0, "ecodiag": 260.0}


def refurbishing(kilograms: float) -> FactorPack:
    """Return a pack that has the refurbishing of a laptop, and nothing else."""
    row = {
        "flow": "refurbishing-laptop",
        "name": "refurbishing of a laptop",
        "reference_unit": "item",
        "stage": "manufacturing",
        "criterion": "climate_change",
        "value": str(kilograms),
        "unit": "kgCO2e/item",
        "source": "invented for a test",
    }
    return FactorPack.from_rows(
        name="refurbishing",
        version="1",
        title="Refurbishing",
        publisher="tests",
        licence="CC0-1.0",
        source="invented for a test",
        factors=[row],
    )


def measured(
    method: str, rule: str, packs: list[FactorPack] | None = None, **cells: object
) -> reen.Footprint:
    """Return the footprint of ten laptops at the end of 2023."""
    configured = reen.configure(reen.default_registry().method(method), {"second_hand": rule})
    laptops = reen.Equipment(**{**LAPTOPS, **cells})
    return reen.measure(laptops, method=configured, factors=packs, as_of="2023-12-31")


def making(footprint: reen.Footprint) -> float:
    """Return the kilograms of all stages but use, not a number where nothing is counted."""
    totals = footprint.stage_totals()
    return sum(
        value
        for stage, value in totals.items()
        if stage is not reen.Stage.USE and value == value  # noqa: PLR0124 - NaN: none
    )


def left_out(footprint: reen.Footprint) -> set[Reason | None]:
    """Return why items are left out."""
    return {row.reason for row in footprint.coverage.left_out()}


@pytest.mark.parametrize(("method", "laptop"), METHODS.items())
@pytest.mark.parametrize(
    ("rule", "before", "after", "years"),
    [
        # a first owner: 10 F / 4 by cut-off, over all years, or a half of it
        ("cut-off", None, 2.0, 4.0),
        ("years", None, 2.0, 6.0),
        ("half", None, 2.0, 8.0),
        # a later one: over 3 + 4, over 3 + 4 + 2, a half
        ("years", 3.0, None, 7.0),
        ("years", 3.0, 2.0, 9.0),
        ("half", 3.0, None, 8.0),
        # one owner
        ("cut-off", None, None, 4.0),
        ("years", None, None, 4.0),
        ("half", 0.0, 0.0, 4.0),
    ],
)
def test_the_making_is_shared(
    method: str, laptop: float, rule: str, before: float | None, after: float | None, years: float
) -> None:
    """10 F over so many years: 390 kg a year of 156 kg over four, 260 over six, 195 over eight."""
    lives = {"upstream_lifetime": before, "downstream_lifetime": after}
    given = {name: value for name, value in lives.items() if value is not None}
    footprint = measured(method, rule, **given)
    assert making(footprint) == pytest.approx(10.0 * laptop / years, rel=1e-12)
    # what refurbishing caused is published without kg: the figure is a lower bound, and says so
    had_owner = bool(before)
    assert footprint.total().complete is not had_owner
    assert footprint.total().lower_bound is had_owner
    assert str(footprint.total()).startswith(">= ") is had_owner
    said = {said.parameter for row in footprint.coverage.assumed() for said in row.assumptions}
    assert ("refurbishing" in said) is had_owner


@pytest.mark.parametrize("method", METHODS)
def test_by_cut_off_the_first_owner_bears_the_making(method: str) -> None:
    """What is left is the refurbishing, of which no kg is published: left out by name."""
    footprint = measured(method, "cut-off", reconditioned=True)
    assert making(footprint) == 0.0
    assert left_out(footprint) == {Reason("refurbishing_unpublished")}
    assert footprint.total().lower_bound
    new = measured(method, "cut-off", reconditioned=False)
    assert footprint.stage_totals()[reen.Stage.USE] == new.stage_totals()[reen.Stage.USE]
    assert new.total().complete


def test_a_pack_may_have_the_refurbishing() -> None:
    """20 kg each: 10 x 20 / 4 = 50 kg by cut-off; 10 x 156 / 7 + 50 by years; 195 + 50 by halves.

    The pack replaces no making of items.
    """
    packs = [refurbishing(20.0)]
    lives = {"upstream_lifetime": 3.0}
    for rule, expected in (("cut-off", 50.0), ("years", 1560.0 / 7.0 + 50.0), ("half", 245.0)):
        footprint = measured("base-carbone", rule, packs, **lives)
        assert making(footprint) == pytest.approx(expected, rel=1e-12)
        assert footprint.total().complete
    assert making(measured("base-carbone", "cut-off", packs)) == pytest.approx(390.0, rel=1e-12)


def test_by_years_both_lives_must_be_given() -> None:
    """A default of the type says nothing of this item: left out, naming the life."""
    footprint = measured("base-carbone", "years", reconditioned=True)
    assert left_out(footprint) == {Reason("missing", column="upstream_lifetime")}
    laptop = reen.Equipment("laptop", country="FR", upstream_lifetime=3.0)
    method = reen.configure(
        reen.default_registry().method("base-carbone"), {"second_hand": "years"}
    )
    footprint = reen.measure(laptop, method=method, as_of="2023-12-31")
    assert left_out(footprint) == {Reason("missing", column="lifetime")}


def test_halves_are_of_two_owners() -> None:
    """Of three, no half is anybody's: left out by name."""
    footprint = measured("base-carbone", "half", upstream_lifetime=3.0, downstream_lifetime=2.0)
    assert left_out(footprint) == {Reason("half_of_three_owners")}


def test_a_blank_is_taken_as_new_and_years_before_say_second_hand() -> None:
    """10 x 156 / 4 = 390 kg of a blank cell, flagged; 10 x 156 / 8 of one with years before."""
    method = reen.configure(reen.default_registry().method("base-carbone"), {"second_hand": "half"})
    for said, before, expected in ((None, None, 390.0), (False, 3.0, 195.0), (None, 3.0, 195.0)):
        table = pa.table(
            {
                **{name: [cell, cell] for name, cell in LAPTOPS.items()},
                "reconditioned": pa.array([said, False], pa.bool_()),
                "upstream_lifetime": pa.array([before, None], pa.float64()),
            }
        )
        found = reen.measure(reen.Inventory.from_arrow(table), method=method, as_of="2023-12-31")
        flagged = {str(each) for row in found.coverage.assumed() for each in row.assumptions}
        assert making(found) == pytest.approx(expected + 390.0, rel=1e-12)
        assert ("reconditioned: unknown, taken as new" in flagged) is (before is None)


def test_amortisations_share_alike() -> None:
    """In the year of purchase 10 x 156 x 4 / (3 + 4) = 891.43 kg; of the account, over 4 years."""
    for amortisation, years in (("purchase-year", 1.0), ("accounting", 4.0)):
        method = reen.configure(
            reen.default_registry().method("base-carbone"),
            {"second_hand": "years", "amortisation": amortisation, "use_stage": "false"},
        )
        laptops = reen.Equipment(
            **LAPTOPS, upstream_lifetime=3.0, purchase_date="2023-05-01", reconditioned=True
        )
        footprint = reen.measure(laptops, method=method, as_of="2023-12-31")
        assert making(footprint) == pytest.approx(1560.0 * 4.0 / 7.0 / years, rel=1e-12)


def test_what_a_method_does_not_use_is_named() -> None:
    """A declared figure may know of other owners or not; NumEcoEval asks for years."""
    laptop = reen.Equipment(
        "laptop",
        declared_annual_footprint=30.0,
        lifetime=4,
        upstream_lifetime=3,
        reconditioned=True,
    )
    declared = reen.measure(laptop, method="declared", as_of="2023-12-31")
    said = {str(each) for row in declared.coverage.assumed() for each in row.assumptions}
    assert said == {
        "reconditioned: stated, and not used by the method",
        "upstream_lifetime: stated, and not used by the method",
    }
    assert float(declared.total()) == 30.0
    engine = reen.measure(laptop, method="numecoeval", as_of="2023-12-31")
    said = {str(each) for row in engine.coverage.assumed() for each in row.assumptions}
    assert "reconditioned: stated, and not used by the method" in said
    assert "upstream_lifetime: stated, and not used by the method" not in said


def test_the_share_of_use_is_in_every_method() -> None:
    """A quarter of a declared 200 kg over four years: 0.25 x 200 / 4 = 12.5 kg a year."""
    phone = reen.Equipment("laptop", declared_footprint=200.0, lifetime=4, usage_share=0.25)
    assert float(reen.measure(phone, method="declared", as_of="2023-12-31").total()) == 12.5
    for method, laptop in METHODS.items():
        whole, quarter = (
            making(measured(method, "cut-off", usage_share=share)) for share in (1.0, 0.25)
        )
        assert whole == pytest.approx(10.0 * laptop / 4.0, rel=1e-12)
        assert quarter == pytest.approx(whole / 4.0, rel=1e-12)
