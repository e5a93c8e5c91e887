"""The command `offers`: what suppliers offer, compared per year of service.

Input: a TOML file of the buyer's terms and the offers, or a table of offers beside it.  Output: a
page, in English or French, or JSON: figures, ranks and points, the pairs that cannot be told apart,
and the formulas to print in the consultation file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

import reen
from reen.cli.errors import traceback_option
from reen.cli.output import emit_json, emit_page, refuse_to_overwrite
from reen.cli.page_options import full_option, page_options
from reen.cli.screen import Screen, short_page
from reen.cli.tables import hang, heading, paragraph, table
from reen.purchasing.offers_view import figures_of, not_told_apart, offers_title, points_of
from reen.reasons import say

if TYPE_CHECKING:
    from rich.console import RenderableType

    from reen.types import OfferComparison, OfferResult

__all__ = ["offers"]


@click.command(
    epilog="\b\nExamples:\n"
    "  reen offers achat.toml --lang fr\n"
    "  reen offers offres.xlsx --terms achat.toml --format json --output offres.json"
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--terms",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TOML file with the terms of the buyer, where FILE is a table of offers.",
)
@page_options
@full_option
@traceback_option
def offers(
    file: Path,
    *,
    terms: Path | None,
    language: str,  # noqa: ARG001 - the page asks for the language in force
    made: str,
    output: Path | None,
    full: bool,
) -> None:
    """Compare offers: footprint of a year of service, life-cycle cost, points.

    FILE is a TOML file with the terms of the buyer and the offers, or a table of offers. Offers
    whose footprints cannot be ranked get no rank and no points for them: sheets of different
    methods, or a chance of being the lower from 10 to 90 %.
    """
    found = reen.offers(file, terms=terms)
    refuse_to_overwrite(found.consultation.files, output)
    if made == "json":
        emit_json(found.to_dict(), output)
        return
    emit_page(
        lambda screen: _page(found, screen) if full else short_page(found.view(), screen),
        output,
    )


def _page(found: OfferComparison, screen: Screen) -> Iterator[RenderableType]:
    def indented(text: str) -> RenderableType:
        return hang(text, width=screen.width, first="  ", rest="    ")

    yield heading(offers_title(found))
    yield from _grids(found)
    open_pairs = list(not_told_apart(found))
    if open_pairs:
        yield paragraph()
        yield heading(say("page_offers_open"))
        yield from map(indented, open_pairs)
    remarks = [(each.offer, reason) for each in found.results for reason in each.remarks]
    if remarks:
        yield paragraph()
        yield from (
            indented(say("page_colon", name=each.name, text=reason)) for each, reason in remarks
        )
    yield paragraph()
    yield heading(say("page_offers_formulas"))
    yield from map(indented, found.formulas())
    yield indented(say("offer_source", source=found.consultation.terms.source))


def _grids(found: OfferComparison) -> Iterator[RenderableType]:
    """Yield the figures of the offers, and their points where there are some."""

    def grid(names: list[str], cells: Callable[[OfferResult], list[str]]) -> RenderableType:
        title, *columns = (say(f"column_{name}") for name in ("offer", *names))
        made = table(title, *columns, right=columns)
        for each in found.results:
            made.add_row(f"  {each.offer.name}", *cells(each))
        return made

    yield grid(["offer_carbon", "offer_cost", "offer_rank"], figures_of)
    criteria = list(found.results[0].points)
    if criteria:
        yield paragraph()
        names = [*(f"offer_points_{name}" for name in criteria), "offer_points"]
        yield grid(names, points_of)
