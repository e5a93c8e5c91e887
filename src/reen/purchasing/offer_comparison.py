"""Comparing offers: figures per year of service, who can be told apart, ranks and points.

Input: a consultation.  Output: an `OfferComparison`.  An offer has a rank and points for its
footprint only where it is told apart from every other: sheets of different methods are not, nor are
figures whose order is a matter of chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import NormalDist
from typing import ClassVar

import attrs
import numpy as np
import numpy.typing as npt

from reen.purchasing.consultation_reading import read_consultation
from reen.purchasing.offer import Consultation, Offer, Terms
from reen.reasons import Reason
from reen.views.viewed import Viewed

__all__ = ["OfferComparison", "OfferPair", "OfferResult", "offers"]

#: Chances of being the lower between which two offers are not told apart.
OPEN = (0.1, 0.9)

#: Ratio of two totals from which one of them is in another unit.
_FAR = 100.0

#: Points at which a figure with an error of one kind is looked at, and of two kinds (each).
_POINTS, _POINTS_EACH = 4_000, 400

#: Criteria in the order of their points.
CRITERIA = ("carbon", "cost", "repairability")


@attrs.frozen(kw_only=True)
class OfferPair:
    """Two offers side by side.

    Attributes
    ----------
    first, second
        The two.
    chance
        Chance that the footprint of the first is the lower; None where it cannot be said.
    reason
        Why the two are not told apart; None where they are.
    """

    first: Offer
    second: Offer
    chance: float | None
    reason: Reason | None


@attrs.frozen(kw_only=True)
class OfferResult:
    """What one offer comes to.

    Attributes
    ----------
    offer
        The offer.
    carbon
        kgCO2e of one item over a year of service; None where the sheet does not say enough.
    cost
        Life-cycle cost of one item, EUR without tax; None where it is not known.
    rank
        Place by footprint, 1 for the lowest; None where it is not told apart from every other.
    points
        By criterion; None where the figure or the rank lacks.
    remarks
        What lacks, and what is doubted.
    """

    offer: Offer
    carbon: float | None
    cost: float | None
    rank: int | None
    points: dict[str, float | None]
    remarks: tuple[Reason, ...]

    @property
    def total_points(self) -> float | None:
        """Return the points of all criteria together, None where one lacks."""
        given = [each for each in self.points.values() if each is not None]
        return sum(given) if self.points and len(given) == len(self.points) else None


@attrs.frozen(kw_only=True)
class OfferComparison(Viewed):
    """Offers compared per year of service.

    Attributes
    ----------
    consultation
        What was compared.
    results
        One for each offer, in the order of the file.
    pairs
        Every two of them.
    """

    made_by: ClassVar = "reen.purchasing.offers_view:offers_view"

    consultation: Consultation
    results: tuple[OfferResult, ...]
    pairs: tuple[OfferPair, ...]

    @property
    def ranked(self) -> bool:
        """Tell whether every offer has a rank."""
        return all(each.rank is not None for each in self.results)

    def formulas(self, language: str | None = None) -> tuple[str, ...]:
        """Return the formulas in words, to print in the consultation file before offers come in.

        Parameters
        ----------
        language
            ``en`` or ``fr``; the language in force when not given.
        """
        terms = self.consultation.terms
        life, price, end = terms.life, terms.kwh_price, terms.end_of_life
        weights = _weights(terms).items()
        found = [
            Reason("offer_formula_carbon", life=life, mix=terms.mix),
            Reason("offer_formula_cost", life=life, kwh_price=price, end=end),
            *(Reason(f"offer_points_{name}", points=points) for name, points in weights),
            Reason("offer_formula_rank"),
        ]
        if terms.spread is not None and any(o.spread is None for o in self.consultation.offers):
            percent = round(100.0 * terms.spread, 1)
            found.append(Reason("offer_spread", percent=percent, source=terms.spread_source))
        if self.consultation.exact_consumption:
            found.append(Reason("offer_exact_consumption"))
        elif terms.kwh_spread is not None:
            percent = round(100.0 * terms.kwh_spread, 1)
            found.append(Reason("offer_kwh_spread", percent=percent))
        return tuple(each.text(language) for each in found)

    def to_dict(self) -> dict[str, object]:
        """Return all of it as plain JSON types."""
        return {
            "terms": attrs.asdict(self.consultation.terms),
            "ranked": self.ranked,
            "offers": [
                {
                    **attrs.asdict(each.offer),
                    "carbon_kg_per_item_year": each.carbon,
                    "life_cycle_cost_euros": each.cost,
                    "rank": each.rank,
                    "points": each.points,
                    "total_points": each.total_points,
                    "remarks": [reason.to_dict() for reason in each.remarks],
                }
                for each in self.results
            ],
            "pairs": [
                {
                    "first": each.first.name,
                    "second": each.second.name,
                    "chance_first_lower": each.chance,
                    "reason": None if each.reason is None else each.reason.to_dict(),
                }
                for each in self.pairs
            ],
        }


def offers(
    consultation: Consultation | str | Path, *, terms: Terms | str | Path | None = None
) -> OfferComparison:
    """Compare what is offered to a buyer, per year of service.

    Parameters
    ----------
    consultation
        Terms and offers; or a TOML file with both, or a table of offers (CSV, xlsx...).
    terms
        The terms, or a TOML file with them, where `consultation` is a table.

    Returns
    -------
    OfferComparison
        Figures, ranks, points and the chance of each pair.

    Raises
    ------
    FileFormatError
        A file cannot be read, or has impossible values: every fault with its line or row.
    OptionError
        Terms that are missing or given twice.

    Notes
    -----
    A sheet states T kgCO2e over its own life, a share u of them for use in a country of its own.
    Both are taken out: ``F = T (1 - u)`` is spread over the buyer's life L, and the use is that of
    the buyer's electricity, ``E M``.  The chance that A is below B takes F and E of each offer as
    log-normal of the mean and the relative standard deviation that are stated, independent of the
    other offer; it is summed over a fixed grid of quantiles, so that it is the same every time.

    Examples
    --------
    >>> import reen
    >>> terms = reen.types.Terms(
    ...     life=5,
    ...     mix=0.05,
    ...     kwh_price=0.2,
    ...     end_of_life=0,
    ...     source="the city",
    ...     spread=0.2,
    ...     spread_source="the makers",
    ...     points_carbon=20,
    ... )
    >>> sheet = {"sheet_method": "PAIA", "use_share": 0.2, "kwh": 20, "price": 800}
    >>> new = reen.types.Offer(supplier="A", model="new", total=250, **sheet)
    >>> used = reen.types.Offer(supplier="B", model="used", total=100, **sheet)
    >>> found = reen.offers(reen.types.Consultation(terms=terms, offers=[new, used]))
    >>> [(each.carbon, each.rank, each.points["carbon"]) for each in found.results]
    [(41.0, 2, 8.292682926829269), (17.0, 1, 20.0)]
    """
    made = (
        consultation
        if isinstance(consultation, Consultation)
        else read_consultation(consultation, terms)
    )
    pairs = tuple(
        _pair(made.terms, one, other)
        for k, one in enumerate(made.offers)
        for other in made.offers[k + 1 :]
    )
    ranks = _ranks(made, pairs)
    points = _points(made, ranks)
    return OfferComparison(
        consultation=made,
        pairs=pairs,
        results=tuple(
            OfferResult(
                offer=each,
                carbon=made.terms.carbon(each),
                cost=made.terms.cost(each),
                rank=ranks[each.name],
                points={name: found[each.name] for name, found in points.items()},
                remarks=tuple(made.terms.remarks(each)),
            )
            for each in made.offers
        ),
    )


# -- who is told apart ------------------------------------------------------------------------


def _pair(terms: Terms, one: Offer, other: Offer) -> OfferPair:
    chance, reason = None, _incomparable(terms, one, other)
    if reason is None:
        chance = _chance(_figures(terms, one), _figures(terms, other))
        if OPEN[0] <= chance <= OPEN[1]:
            reason = Reason("offers_not_told_apart", chance=chance)
    return OfferPair(first=one, second=other, chance=chance, reason=reason)


def _incomparable(terms: Terms, one: Offer, other: Offer) -> Reason | None:
    """Return why the footprints of two offers cannot be set against each other."""
    if terms.carbon(one) is None or terms.carbon(other) is None:
        return Reason("offers_without_figure")
    if not one.sheet_method or not other.sheet_method:
        return Reason("offers_without_method")
    if one.may_be_in_tonnes or other.may_be_in_tonnes or _are_far_apart(one, other):
        return Reason("offers_of_units", first=one.total or 0.0, second=other.total or 0.0)
    if _method(one) != _method(other):
        return Reason("offers_of_methods", first=one.sheet_method, second=other.sheet_method)
    if terms.spread is None and None in (one.spread, other.spread):
        return Reason("offers_without_spread")
    return None


def _are_far_apart(one: Offer, other: Offer) -> bool:
    """Tell whether one total is a hundred times the other: no two offers of one lot are."""
    totals = sorted((one.total or 0.0, other.total or 0.0))
    return totals[1] > _FAR * totals[0]


def _method(offer: Offer) -> str:
    return " ".join(offer.sheet_method.casefold().split())


def _figures(terms: Terms, offer: Offer) -> npt.NDArray[np.float64]:
    """Return the footprint of an offer at equally likely points, sorted."""
    spread = terms.spread if offer.spread is None else offer.spread
    embedded, use = (offer.embedded or 0.0) / terms.life, (offer.kwh or 0.0) * terms.mix
    errors = spread or 0.0, terms.kwh_spread or 0.0
    if all(errors):
        parts = (_lognormal(error, _POINTS_EACH) for error in errors)
        made, used = next(parts), next(parts)
        return np.sort((embedded * made[:, None] + use * used[None, :]).ravel())
    made, used = (_lognormal(error, _POINTS) for error in errors)
    return embedded * made + use * used


def _lognormal(spread: float, points: int) -> npt.NDArray[np.float64]:
    """Return a log-normal of mean 1 at the middles of equally likely parts."""
    sigma = math.sqrt(math.log1p(spread**2))
    normal = NormalDist()
    middles = [normal.inv_cdf((k + 0.5) / points) for k in range(points)]
    return np.exp(sigma * np.array(middles) - sigma**2 / 2.0)


def _chance(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    """Return the chance that the first is the lower; half of it where they are equal."""
    above = len(other) - np.searchsorted(other, one, side="right")
    equal = np.searchsorted(other, one, side="right") - np.searchsorted(other, one, side="left")
    return float((above + equal / 2.0).mean() / len(other))


def _ranks(made: Consultation, pairs: Sequence[OfferPair]) -> dict[str, int | None]:
    """Return the place of each offer, None for one that is not told apart from every other."""
    lower = dict.fromkeys((each.name for each in made.offers), 0)
    open_ones: set[str] = set()
    for pair in pairs:
        if pair.reason is not None or pair.chance is None:
            open_ones |= {pair.first.name, pair.second.name}
            continue
        worse = pair.second if pair.chance > 0.5 else pair.first  # noqa: PLR2004 - the likelier
        lower[worse.name] += 1
    return {name: None if name in open_ones else 1 + count for name, count in lower.items()}


# -- points -----------------------------------------------------------------------------------


def _weights(terms: Terms) -> dict[str, float]:
    """Return the points of the criteria that have some."""
    return {name: points for name in CRITERIA if (points := getattr(terms, f"points_{name}"))}


def _points(made: Consultation, ranks: dict[str, int | None]) -> dict[str, dict[str, float | None]]:
    """Return the points of each criterion by offer: ``max x lowest / value``.

    The index of repairability, of which more is better: ``max x value / highest``.
    """
    found = {}
    for criterion, most in _weights(made.terms).items():
        if criterion == "repairability":
            values = {each.name: each.repairability for each in made.offers}
            best = max(_known(values.values()), default=0.0)
            share = {
                name: None if not best or v is None else v / best for name, v in values.items()
            }
        else:
            value = made.terms.carbon if criterion == "carbon" else made.terms.cost
            values = {each.name: value(each) for each in made.offers}
            best = min(_known(values.values()), default=0.0)
            share = {
                name: None if not best or v is None else best / v for name, v in values.items()
            }
        found[criterion] = {
            name: None
            if part is None or (criterion == "carbon" and ranks[name] is None)
            else most * part
            for name, part in share.items()
        }
    return found


def _known(values: Iterable[float | None]) -> list[float]:
    return [each for each in values if each is not None]
