"""Criteria that reen does not ship: their names beside the bundled ones, and their units.

Each set of criteria has units of its own: what one plugin defines is unknown to everybody else, and
two that give one unit name to two things do not meet.
"""

from __future__ import annotations

import pickle

import attrs
import pint
import pytest

from reen.errors import DimensionError
from reen.vocabulary import units
from reen.vocabulary.criteria import (
    Criteria,
    Criterion,
    bundled_criteria,
    completed,
    own_criteria,
)
from reen.vocabulary.lookup import VocabularyError

WASTE = Criterion(
    key="electronic_waste",
    unit="kgEwaste",
    title_en="Electronic waste",
    title_fr="Déchets électroniques",
    aliases=("e-waste", "DEEE"),
    source="tests",
)
SLUDGE = Criterion(
    key="sludge", unit="kgSludge", title_en="Sludge", title_fr="Boues", source="tests"
)

# -- names -----------------------------------------------------------------------------------


def test_own_criteria_follow_the_bundled_ones() -> None:
    """Found by key, title and alias; the bundled ones are where they were."""
    known = completed(bundled_criteria(), (WASTE,))
    assert known.keys == (*bundled_criteria().keys, "electronic_waste")
    assert known.resolve("déchet électronique") == WASTE
    assert known.resolve("deee") == WASTE
    assert known["electronic_waste"] == WASTE
    assert "electronic_waste" not in bundled_criteria()


def test_the_same_criteria_are_completed_once() -> None:
    """Without any of its own, a pack has the criteria that are there: nothing is made anew."""
    known = bundled_criteria()
    assert completed(known, ()) is known
    assert completed(known, tuple(known)) is known
    assert completed(known, (WASTE,)) is completed(known, (attrs.evolve(WASTE),))


def test_own_criteria_are_those_that_reen_does_not_ship() -> None:
    """Once each, sorted by key; a list of aliases is a tuple."""
    again = attrs.evolve(WASTE, aliases=["e-waste", "DEEE"])
    assert own_criteria([SLUDGE, *bundled_criteria(), WASTE, again]) == (WASTE, SLUDGE)


def test_criteria_survive_pickling() -> None:
    """With their index and their hash, which texts change from process to process."""
    known = completed(bundled_criteria(), (WASTE,))
    again = pickle.loads(pickle.dumps(known))  # noqa: S301 - our own bytes
    assert again == known
    assert hash(again) == hash(known)
    assert again.resolve("deee") == WASTE


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": "Electronic waste"}, "cannot be a key: write small letters"),
        ({"key": ""}, "cannot be a key"),
        ({"key": None}, "has None as its key: expected text"),
        ({"title_fr": " "}, "has no title: give title_en and title_fr"),
        ({"title_en": 3}, "has 3 as its title_en: expected text"),
        ({"aliases": "deee"}, "has 'deee' as its aliases: expected several words"),
        ({"aliases": (1,)}, "has (1,) as its aliases"),
        ({"unit": "kg/item"}, "cannot be the unit of 'electronic_waste': write one name"),
        ({"unit": "kgCO2e"}, "is the unit of both 'climate_change' and 'electronic_waste'"),
        ({"key": "climate_change"}, "is declared twice"),
        ({"aliases": ("gwp",)}, "names both 'climate_change' and 'electronic_waste'"),
        ({"title_en": "Acidification"}, "names both 'acidification' and 'electronic_waste'"),
    ],
)
def test_a_criterion_that_cannot_be(change: dict[str, object], said: str) -> None:
    """Malformed alone, or in contradiction with what reen ships: the word and the reason."""
    wrong = attrs.evolve(WASTE, **change)  # type: ignore[arg-type]
    with pytest.raises(VocabularyError) as caught:
        completed(bundled_criteria(), (wrong,))
    assert said in str(caught.value)


def test_what_is_no_criterion() -> None:
    """A key where a criterion is expected."""
    with pytest.raises(VocabularyError, match="is no Criterion: make it with one"):
        own_criteria(["electronic_waste"])  # type: ignore[list-item]


def test_the_rivals_of_a_criterion() -> None:
    """Those that claim its key, a word of it, or its unit; not the others."""
    known = Criteria((WASTE, SLUDGE))
    assert known.rivals([attrs.evolve(SLUDGE, key="mud", title_en="Mud", title_fr="Vase")]) == (
        SLUDGE,
    )
    assert known.rivals([attrs.evolve(SLUDGE, key="mud", unit="kgMud", aliases=("deee",))]) == (
        WASTE,
        SLUDGE,
    )
    assert known.rivals([attrs.evolve(WASTE, key="x", unit="x", aliases=(), title_en="x")]) == (
        WASTE,  # by its title in French
    )


# -- units -----------------------------------------------------------------------------------


def test_an_own_unit_is_a_dimension_of_its_own() -> None:
    """Twice 1.5 kgEwaste are 3; with kilograms, or with kgCO2e, they are nothing."""
    one = units.quantity(1.5, "kgEwaste/year", criteria=(WASTE,))
    again = units.quantity(1.5, "kgEwaste/year", criteria=(attrs.evolve(WASTE),))
    assert (one + again).magnitude == 3.0
    kilograms = units.parse("kg/year", criteria=(WASTE,))
    assert one.dimensionality != kilograms.dimensionality
    assert "[electronic_waste]" in one.dimensionality
    for other in ("kg", "kgCO2e", "item"):
        with pytest.raises(DimensionError):
            units.conversion_factor("kgEwaste", other, criteria=(WASTE,))


@pytest.mark.slow
def test_an_own_unit_is_known_where_it_is_given_only() -> None:
    """Before and after: without the criterion the name means nothing."""
    with pytest.raises(DimensionError):
        units.parse("kgEwaste")
    assert units.conversion_factor("kgEwaste/item", "kgEwaste/item", criteria=(WASTE,)) == 1.0
    units.parse("kgEwaste", criteria=(WASTE,))
    with pytest.raises(DimensionError):
        units.parse("kgEwaste")
    with pytest.raises(DimensionError):
        units.parse("kgEwaste", criteria=(SLUDGE,))


@pytest.mark.slow
def test_one_unit_name_of_two_plugins() -> None:
    """Each means its own: no conversion, and no memory of the other."""
    other = attrs.evolve(SLUDGE, unit="kgEwaste")
    mine = units.quantity(1.0, "kgEwaste", criteria=(WASTE,))
    theirs = units.quantity(1.0, "kgEwaste", criteria=(other,))
    assert "[electronic_waste]" in mine.dimensionality
    assert "[sludge]" in theirs.dimensionality
    with pytest.raises(ValueError, match="different registries"):
        mine + theirs


@pytest.mark.slow
def test_prefixes_of_an_own_unit() -> None:
    """A unit that is called Foo has its thousand: 1 kFoo = 1,000 Foo."""
    foo = attrs.evolve(WASTE, unit="Foo")
    assert units.conversion_factor("kFoo/kWh", "Foo/kWh", criteria=(foo,)) == pytest.approx(1e3)
    assert units.conversion_factor("kFoo/MWh", "Foo/kWh", criteria=(foo,)) == pytest.approx(1.0)


@pytest.mark.slow
def test_an_own_prefixed_unit_beside_its_plain_one() -> None:
    """Of Foo and kFoo the second is a thousand of the first, whichever plugin comes first."""
    pair = (attrs.evolve(WASTE, unit="kFoo"), attrs.evolve(SLUDGE, unit="Foo"))
    for criteria in (pair, pair[::-1]):
        assert units.conversion_factor("kFoo", "Foo", criteria=criteria) == pytest.approx(1e3)


def test_a_per_item_unit_may_be_left_out() -> None:
    """As for every other unit: kgEwaste/year for kgEwaste/item/year."""
    factor = units.conversion_factor(
        "kgEwaste/year", "kgEwaste/item/year", criteria=(WASTE,), what="a factor"
    )
    assert factor == 1.0


@pytest.mark.parametrize("unit", ["kg", "MJ", "tCO2e", "item"])
def test_a_unit_that_is_known_keeps_its_meaning(unit: str) -> None:
    """A criterion in kilograms: a gram is a thousandth of its unit, and a kWh is still 3.6 MJ."""
    own = (attrs.evolve(WASTE, unit=unit),)
    assert units.conversion_factor("g/item", "kg/item", criteria=own) == pytest.approx(1e-3)
    assert units.conversion_factor("kWh", "MJ", criteria=own) == pytest.approx(3.6)
    assert units.conversion_factor("tCO2e", "kgCO2e", criteria=own) == pytest.approx(1e3)
    assert units.quantity(2.0, unit, criteria=own).to(unit).magnitude == 2.0


@pytest.mark.slow
def test_a_key_that_is_the_name_of_a_dimension() -> None:
    """A criterion called `mass` does not become the mass of everything else."""
    own = (attrs.evolve(WASTE, key="mass", unit="kgBulk"),)
    with pytest.raises(DimensionError):
        units.conversion_factor("kgBulk", "kg", criteria=own)
    assert units.conversion_factor("kgBulk*g", "kgBulk*kg", criteria=own) == pytest.approx(1e-3)


def test_quantities_of_everybodys_units_still_add_up() -> None:
    """Those of a result with criteria of its own and those of one without."""
    together = units.quantity(1.0, "kgCO2e", criteria=(WASTE,)) + units.quantity(1.0, "tCO2e")
    assert together.to("kgCO2e").magnitude == pytest.approx(1001.0)


@pytest.mark.slow
def test_the_registry_of_a_host() -> None:
    """It gets the units of the criteria that it is given, and keeps its own."""
    host: pint.UnitRegistry[float] = pint.UnitRegistry()
    units.define_in(host, criteria=completed(bundled_criteria(), (WASTE,)))
    assert host.Quantity(2.0, "kgEwaste/year").dimensionality == {
        "[electronic_waste]": 1,
        "[time]": -1,
    }
    assert host.Quantity(1.0, "kg").to("g").magnitude == pytest.approx(1e3)
    units.define_in(host, criteria=(WASTE,))  # once more changes nothing
    assert host.Quantity(1.0, "tCO2e").to("kgCO2e").magnitude == pytest.approx(1e3)
