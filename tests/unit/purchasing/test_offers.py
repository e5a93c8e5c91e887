"""Offers: figures by hand, who is told apart, points, and what is refused."""

from __future__ import annotations

import math
from statistics import NormalDist

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.errors import OptionError
from reen.types import Consultation, Offer, OfferComparison, Terms

TERMS = Terms(
    title="Laptops",
    life=6,
    mix=0.0461,
    kwh_price=0.2,
    end_of_life=3,
    source="observed in 2025",
    spread=0.2,
    spread_source="makers",
    points_carbon=20,
    points_cost=40,
    points_repairability=10,
)
ALPHA = Offer(
    supplier="Alpha",
    model="Lat 5450",
    price=890.5,
    sheet_method="PAIA 2023",
    total=256,
    use_share=0.154,
    kwh=20.5,
    repairability=8.0,
)
GAMMA = Offer(
    supplier="Gamma",
    model="Lat 5420 R",
    price=490,
    sheet_method="paia  2023",
    total=60,
    use_share=0.1,
    kwh=22,
    refurbished=True,
    repairability=7.5,
)


def compared(*offers: Offer, terms: Terms = TERMS) -> OfferComparison:
    return reen.offers(Consultation(terms=terms, offers=offers))


def codes(found: OfferComparison) -> list[str | None]:
    return [None if each.reason is None else each.reason.code for each in found.pairs]


def test_figures_by_hand() -> None:
    """The sheet without its use, over the buyer's life, with the buyer's electricity.

    Alpha: 256 x (1 - 0.154) = 216.576; / 6 = 36.096; + 20.5 x 0.0461 = 0.94505: 37.04105 kg.
    890.5 + 20.5 x 0.2 x 6 = 24.6; + 3: 918.1 EUR.
    Gamma: 60 x 0.9 = 54; / 6 = 9; + 22 x 0.0461 = 1.0142: 10.0142 kg.
    490 + 22 x 0.2 x 6 = 26.4; + 3: 519.4 EUR.
    """
    alpha, gamma = compared(ALPHA, GAMMA).results
    assert alpha.carbon == pytest.approx(37.04105, rel=1e-12)
    assert alpha.cost == pytest.approx(918.1, rel=1e-12)
    assert gamma.carbon == pytest.approx(10.0142, rel=1e-12)
    assert gamma.cost == pytest.approx(519.4, rel=1e-12)


def test_points_by_hand() -> None:
    """Most x lowest / value; of the index, most x value / highest.

    Carbon: 20, and 20 x 10.0142 / 37.04105 = 5.4070800...; cost: 40, and 40 x 519.4 / 918.1 =
    22.6293...; index: 10, and 10 x 7.5 / 8 = 9.375.
    """
    alpha, gamma = compared(ALPHA, GAMMA).results
    assert (alpha.rank, gamma.rank) == (2, 1)
    expected = {"carbon": 20 * 10.0142 / 37.04105, "cost": 40 * 519.4 / 918.1, "repairability": 10}
    assert alpha.points == pytest.approx(expected, rel=1e-12)
    assert gamma.points == pytest.approx({"carbon": 20, "cost": 40, "repairability": 9.375})
    assert gamma.total_points == pytest.approx(69.375)


def test_the_offer_says_its_own_end_of_life() -> None:
    """490 + 26.4 + 0: a supplier who takes items back for nothing."""
    assert TERMS.cost(attrs.evolve(GAMMA, end_of_life=0.0)) == pytest.approx(516.4)


def chance_by_formula(one: tuple[float, float], other: tuple[float, float]) -> float:
    """P(A < B) of two log-normals: Phi((mu_B - mu_A) / sqrt(s_A^2 + s_B^2))."""
    variances = [math.log1p(spread**2) for _, spread in (one, other)]
    places = [
        math.log(mean) - variance / 2
        for (mean, _), variance in zip((one, other), variances, strict=True)
    ]
    return NormalDist().cdf((places[1] - places[0]) / math.sqrt(sum(variances)))


@pytest.mark.parametrize(
    ("mean", "spread", "told"), [(150.0, 0.3, False), (220.0, 0.3, True), (100.0, 0.2, False)]
)
def test_the_chance_by_formula(mean: float, spread: float, told: bool) -> None:  # noqa: FBT001
    """Making alone, so that the figures are log-normal and the chance has a formula.

    100 (20 %) and 150 (30 %): variances ln 1.04 = 0.03922 and ln 1.09 = 0.08618; places 4.58556 and
    4.96755; 0.38199 / 0.35412 = 1.0787: 85.96 %, not told apart.
    """
    base = {"supplier": "S", "sheet_method": "PAIA", "use_share": 0.0, "kwh": 0.0}
    one = Offer(model="A", total=100.0, spread=0.2, **base)
    other = Offer(model="B", total=mean, spread=spread, **base)
    (pair,) = compared(one, other).pairs
    assert pair.chance == pytest.approx(chance_by_formula((100, 0.2), (mean, spread)), abs=5e-4)
    assert (pair.reason is None) is told


def test_one_pair_in_doubt_leaves_both_without_rank() -> None:
    """A third that is far from both keeps its rank: it is behind whichever is the lower."""
    near = attrs.evolve(ALPHA, supplier="Beta", total=260)
    found = compared(ALPHA, near, GAMMA)
    assert [each.rank for each in found.results] == [None, None, 1]
    assert [each.points["carbon"] for each in found.results] == [None, None, 20]
    assert [each.total_points is None for each in found.results] == [True, True, False]
    assert codes(found) == ["offers_not_told_apart", None, None]
    assert not found.ranked


@pytest.mark.parametrize(
    ("given", "code", "remark"),
    [
        ({"sheet_method": "ISO 14067"}, "offers_of_methods", None),
        ({"sheet_method": ""}, "offers_without_method", "offer_without_method"),
        ({"total": None}, "offers_without_figure", "offer_without_total"),
        ({"use_share": None}, "offers_without_figure", "offer_without_use_share"),
        ({"kwh": None}, "offers_without_figure", "offer_without_kwh"),
    ],
)
def test_what_cannot_be_told_apart(given: dict[str, object], code: str, remark: str | None) -> None:
    found = compared(ALPHA, attrs.evolve(GAMMA, **given))
    assert codes(found) == [code]
    assert [each.rank for each in found.results] == [None, None]
    assert [each.points["carbon"] for each in found.results] == [None, None]
    said = [reason.code for reason in found.results[1].remarks]
    assert said == ([] if remark is None else [remark])


@pytest.mark.parametrize(
    ("totals", "ranked", "remarks"),
    [
        ((256.0, 0.06), False, [[], ["offer_in_tonnes"]]),
        ((0.256, 0.06), False, [["offer_in_tonnes"], ["offer_in_tonnes"]]),
        ((256.0, 2.5), False, [[], []]),
        ((256.0, 30.0), True, [[], []]),
        ((3.0, 0.6), True, [[], []]),
    ],
)
def test_tonnes_are_not_ranked_against_kilograms(
    totals: tuple[float, float],
    ranked: bool,  # noqa: FBT001
    remarks: list[list[str]],
) -> None:
    """0.06 t beside 256 kg is no offer of sixty grams: no rank, no points, and the reason."""
    offered = [
        attrs.evolve(each, total=total, sheet_life=None, kwh=0.0, spread=0.01)
        for each, total in zip((ALPHA, GAMMA), totals, strict=True)
    ]
    found = compared(*offered)
    assert found.ranked is ranked
    assert codes(found) == [None if ranked else "offers_of_units"]
    told = [[r.code for r in each.remarks if r.code == "offer_in_tonnes"] for each in found.results]
    assert told == remarks


def test_without_a_spread_nothing_is_told_apart() -> None:
    """A sheet of 54 kg and one of 217 kg: nobody says how sure either is."""
    found = compared(ALPHA, GAMMA, terms=attrs.evolve(TERMS, spread=None))
    assert codes(found) == ["offers_without_spread"]


def test_what_is_not_known_has_no_cost_and_no_points() -> None:
    found = compared(ALPHA, attrs.evolve(GAMMA, price=None, repairability=None))
    other = found.results[1]
    assert other.cost is None
    assert other.points["cost"] is None
    assert other.points["repairability"] is None
    assert other.total_points is None
    assert found.results[0].points["cost"] == 40


def test_a_price_of_nothing_gives_no_points() -> None:
    """The lowest is 0: every other would get 0 points, and itself 0 / 0."""
    free = attrs.evolve(GAMMA, price=0.0, end_of_life=0.0, kwh=0.0)
    found = compared(ALPHA, free)
    assert [each.points["cost"] for each in found.results] == [None, None]


def test_what_ends_before_the_life_of_the_buyer_is_said() -> None:
    found = compared(ALPHA, attrs.evolve(GAMMA, updates=4, parts=5))
    said = {reason.code: dict(reason.details) for reason in found.results[1].remarks}
    assert said["offer_updates_end"] == {"years": 4, "life": 6}
    assert said["offer_parts_end"] == {"years": 5, "life": 6}


def test_a_sheet_that_contradicts_its_consumption() -> None:
    """256 kg, half of them use, over 4 years of 20.5 kWh: 128 / 82 = 1.56 kgCO2e/kWh, nowhere."""
    odd = attrs.evolve(ALPHA, use_share=0.5, sheet_life=4)
    (reason,) = TERMS.remarks(odd)
    assert (reason.code, dict(reason.details)) == ("offer_sheet_mix", {"mix": 1.6})
    assert not list(TERMS.remarks(attrs.evolve(ALPHA, sheet_life=4)))


def test_the_formulas_print_the_terms() -> None:
    french = "\n".join(compared(ALPHA, GAMMA).formulas("fr"))
    for said in ("L = 6 ans", "M = 0,0461", "0,2 €/kWh", "20 x V le plus bas", "exactes"):
        assert said in french


def test_the_formulas_print_the_spread_that_decides_the_ranks() -> None:
    """Of the offers that state none of their own; one that is not used is not printed."""
    silent = attrs.evolve(ALPHA, spread=None)
    terms = attrs.evolve(TERMS, spread=0.25, spread_source="les fabricants", kwh_spread=0.1)
    made = reen.offers(Consultation(terms=terms, offers=[silent, GAMMA]))
    french = "\n".join(made.formulas("fr"))
    assert "pris à 25 % (les fabricants)" in french
    assert "consommations annoncées est pris à 10 %" in french
    stated = [attrs.evolve(each, spread=0.2) for each in (ALPHA, GAMMA)]
    told = "\n".join(reen.offers(Consultation(terms=terms, offers=stated)).formulas("fr"))
    assert "les fabricants" not in told


def test_a_warranty_shorter_than_the_life_of_the_buyer_is_said() -> None:
    short = attrs.evolve(ALPHA, warranty=1.0)
    codes = [each.code for each in TERMS.remarks(short)]
    assert "offer_warranty_ends" in codes
    long = attrs.evolve(ALPHA, warranty=TERMS.life)
    assert "offer_warranty_ends" not in [each.code for each in TERMS.remarks(long)]


def test_what_a_number_must_be_is_said_in_french() -> None:
    with pytest.raises(OptionError) as caught:
        attrs.evolve(ALPHA, use_share=18.0)
    assert "une part de 0 à 1" in caught.value.said.text("fr")


def test_refusals() -> None:
    with pytest.raises(OptionError, match="two offers at least"):
        compared(ALPHA)
    with pytest.raises(OptionError, match="once"):
        compared(ALPHA, ALPHA)
    with pytest.raises(OptionError, match="spread_source"):
        attrs.evolve(TERMS, spread_source="")
    with pytest.raises(OptionError, match=r"0\.18: 18 %"):
        attrs.evolve(ALPHA, use_share=18)


OFFERS = st.builds(
    Offer,
    supplier=st.just("S"),
    model=st.text("abc", min_size=1, max_size=4),
    price=st.none() | st.integers(1, 2_000).map(float),
    sheet_method=st.sampled_from(["PAIA", "ISO 14067", ""]),
    total=st.none() | st.integers(1, 500).map(float),
    use_share=st.none() | st.sampled_from([0.0, 0.2, 0.5]),
    kwh=st.none() | st.integers(0, 100).map(float),
    spread=st.none() | st.sampled_from([0.0, 0.1, 0.3]),
)
SEVERAL = st.lists(OFFERS, min_size=2, max_size=5, unique_by=lambda each: each.name)


@pytest.mark.slow
@given(SEVERAL, st.permutations(range(5)))
def test_the_order_of_the_offers_changes_nothing(offers: list[Offer], order: list[int]) -> None:
    other = [offers[k] for k in order if k < len(offers)]
    found = {each.offer.name: (each.rank, each.points) for each in compared(*offers).results}
    assert {each.offer.name: (each.rank, each.points) for each in compared(*other).results} == found


@given(SEVERAL)
def test_chances_of_both_sides_add_up(offers: list[Offer]) -> None:
    there = {(p.first.name, p.second.name): p.chance for p in compared(*offers).pairs}
    back = {(p.second.name, p.first.name): p.chance for p in compared(*offers[::-1]).pairs}
    for pair, chance in there.items():
        assert (chance is None) == (back[pair] is None)
        if chance is not None:
            assert chance + (back[pair] or 0.0) == pytest.approx(1.0)


@given(SEVERAL)
def test_a_rank_is_never_a_matter_of_chance(offers: list[Offer]) -> None:
    found = compared(*offers)
    ranked = {each.offer.name: each.rank for each in found.results if each.rank is not None}
    assert len(set(ranked.values())) == len(ranked)
    for pair in found.pairs:
        if pair.first.name in ranked or pair.second.name in ranked:
            assert pair.chance is not None
            assert not 0.1 <= pair.chance <= 0.9


@given(OFFERS, st.integers(1, 10), st.integers(1, 10))
def test_a_longer_service_never_weighs_more(offer: Offer, one: int, other: int) -> None:
    lives = sorted((one, other))
    short, long = (attrs.evolve(TERMS, life=float(life)).carbon(offer) for life in lives)
    assert (short is None) == (long is None)
    if short is not None and long is not None:
        assert long <= short
