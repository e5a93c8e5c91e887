"""The view of compared offers: figures, rank and points, and why some cannot be ranked.

Input: an `OfferComparison`.  Output: a `View` in the language in force, and the cells that the long
page shows too.
"""

from __future__ import annotations

from collections.abc import Iterator

from reen.purchasing.offer_comparison import OfferComparison, OfferResult
from reen.reasons import Detail, number_text, say
from reen.views.model import Breakdown, Point, Row, View

__all__ = ["figures_of", "not_told_apart", "offers_title", "offers_view", "points_of"]

_FIGURES = 4


def offers_view(found: OfferComparison) -> View:
    """Return the view of compared offers."""
    columns = ["offer_carbon", "offer_cost", "offer_rank"]
    scored = bool(found.results and found.results[0].points)
    if scored:
        columns.append("offer_points")
    remarks = (
        say("page_colon", name=each.offer.name, text=reason)
        for each in found.results
        for reason in each.remarks
    )
    return View(
        kind="offers",
        title=offers_title(found),
        breakdowns=(
            Breakdown(
                head=say("column_offer"),
                columns=tuple(say(f"column_{name}") for name in columns),
                rows=tuple(_row(each, scored=scored) for each in found.results),
                additive=False,
            ),
        ),
        mend_first=tuple(map(Point, (*not_told_apart(found), *remarks))),
        mend_title=say("page_offers_against"),
        stands_out=(say("offer_formula_rank"), say("page_offers_formulas_full")),
        rests_on=(say("offer_source", source=found.consultation.terms.source),),
    )


def offers_title(found: OfferComparison) -> str:
    """Return the title of the page."""
    name, title = say("page_offers"), found.consultation.terms.title
    return say("page_colon", name=name, text=title) if title else name


def _row(result: OfferResult, *, scored: bool) -> Row:
    cells = [*figures_of(result), *([points_of(result)[-1]] if scored else [])]
    values = [result.carbon, result.cost, None, *([result.total_points] if scored else [])]
    return Row(result.offer.name, tuple(values), tuple(cells))


def figures_of(result: OfferResult) -> list[str]:
    """Return the footprint, the cost and the rank of an offer, as they are written."""
    rank = "-" if result.rank is None else str(result.rank)
    return [_figure(result.carbon), _figure(result.cost, 8), rank]


def points_of(result: OfferResult) -> list[str]:
    """Return the points of an offer by criterion, and all of them."""
    return [*map(_figure, result.points.values()), _figure(result.total_points)]


def not_told_apart(found: OfferComparison) -> Iterator[str]:
    """Yield the pairs that have no order, with the reason."""
    for pair in found.pairs:
        if pair.reason is not None:
            names: Detail = f"{pair.first.name} / {pair.second.name}"
            yield say("page_colon", name=names, text=pair.reason)


def _figure(value: float | None, digits: int = _FIGURES) -> str:
    return "-" if value is None else number_text(float(f"{value:.{digits}g}"))
