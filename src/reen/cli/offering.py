"""The command `offers`: what suppliers offer, compared per year of service.

Input: a TOML file of the buyer's terms and the offers, or a table of offers beside it.  Output: a
page, in English or French, or JSON: figures, ranks and points, the pairs that cannot be told apart,
and the formulas to print in the consultation file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click
from rich.console import Console, RenderableType
from rich.text import Text

import reen
from reen.cli.errors import traceback_option
from reen.cli.output import emit_json, emit_page, refuse_to_overwrite
from reen.cli.page_options import page_options
from reen.cli.tables import hang, heading, table
from reen.reasons import Detail, Reason, number_text
from reen.types import OfferComparison, OfferResult

__all__ = ["offers"]

_FIGURES = 4


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
@traceback_option
def offers(
    file: Path, *, terms: Path | None, language: str, made: str, output: Path | None
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
    emit_page(lambda console: _page(found, console, language), output)


def _page(found: OfferComparison, console: Console, language: str) -> Iterator[RenderableType]:
    def said(text: str) -> RenderableType:
        return hang(text, width=console.width, first="  ", rest="    ")

    def word(code: str) -> str:
        return Reason(code).text(language)

    def colon(name: str, text: Detail) -> str:
        return Reason("page_colon", name=name, text=text).text(language)

    terms = found.consultation.terms
    name = word("page_offers")
    yield heading(colon(name, terms.title) if terms.title else name)
    yield from _grids(found, language)
    open_pairs = list(_not_told_apart(found, language))
    if open_pairs:
        yield Text("")
        yield heading(word("page_offers_open"))
        yield from map(said, open_pairs)
    remarks = [(each.offer, reason) for each in found.results for reason in each.remarks]
    if remarks:
        yield Text("")
        yield from (said(colon(each.name, reason)) for each, reason in remarks)
    yield Text("")
    yield heading(word("page_offers_formulas"))
    yield from map(said, found.formulas(language))
    yield said(Reason("offer_source", source=terms.source).text(language))


def _not_told_apart(found: OfferComparison, language: str) -> Iterator[str]:
    for pair in found.pairs:
        if pair.reason is not None:
            names = f"{pair.first.name} / {pair.second.name}"
            yield Reason("page_colon", name=names, text=pair.reason).text(language)


def _grids(found: OfferComparison, language: str) -> Iterator[RenderableType]:
    """Yield the figures of the offers, and their points where there are some."""

    def figure(value: float | None, digits: int = _FIGURES) -> str:
        return "-" if value is None else number_text(float(f"{value:.{digits}g}"), language)

    def grid(names: list[str], cells: Callable[[OfferResult], list[str]]) -> RenderableType:
        title, *columns = (Reason(f"column_{name}").text(language) for name in ("offer", *names))
        made = table(title, *columns, right=columns)
        for each in found.results:
            made.add_row(f"  {each.offer.name}", *cells(each))
        return made

    yield grid(
        ["offer_carbon", "offer_cost", "offer_rank"],
        lambda each: [
            figure(each.carbon),
            figure(each.cost, 8),
            "-" if each.rank is None else str(each.rank),
        ],
    )
    criteria = list(found.results[0].points)
    if criteria:
        yield Text("")
        yield grid(
            [*(f"offer_points_{name}" for name in criteria), "offer_points"],
            lambda each: [*map(figure, each.points.values()), figure(each.total_points)],
        )
