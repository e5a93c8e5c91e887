"""The command `scenarios`: what the levers of a strategy may bring, year by year.

Input: a strategy file and the fleet at the end of a year.  Output: a page, in English or French, or
JSON: what each scenario saves, counted both ways, its chance, and its warnings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from reen.cli.output import emit_json, emit_page, refuse_to_overwrite
from reen.cli.page_options import full_option, page_options
from reen.cli.reading_options import Files, Reading, data_file, reading_options, report_issues
from reen.cli.screen import Screen, short_page
from reen.cli.tables import hang, heading, paragraph, table
from reen.reasons import say
from reen.strategy.strategy import Strategy
from reen.views.figures import figure, percent
from reen.views.model import Breakdown, Point, Row, View
from reen.vocabulary.titles import bundled_title

if TYPE_CHECKING:
    from rich.console import RenderableType

    from reen.strategy.scenario import Outlook

__all__ = ["scenarios"]

_YEAR = click.IntRange(1990, 2100)


@click.command(
    epilog="\b\nExamples:\n"
    "  reen scenarios strategie.toml ville/2025 --year 2025 --until 2030\n"
    "  reen scenarios strategie.toml ville/2025 --year 2025 --until 2030 --format json"
)
@click.argument("strategy", metavar="STRATEGY", type=click.Path(path_type=Path))
@data_file
@click.option(
    "--year",
    type=_YEAR,
    metavar="YEAR",
    required=True,
    help="Year at the end of which the fleet is described.",
)
@click.option("--until", type=_YEAR, metavar="YEAR", required=True, help="Last year to look at.")
@page_options
@full_option
@reading_options
def scenarios(  # noqa: PLR0913 - each option by its name
    strategy: Path,
    files: Files,
    *,
    reading: Reading,
    year: int,
    until: int,
    language: str,  # noqa: ARG001 - the page asks for the language in force
    made: str,
    output: Path | None,
    full: bool,
) -> None:
    """Project the fleet of PATH, without and with the levers of the scenarios of STRATEGY.

    Embedded footprints are counted in two ways: spread over lifetimes, as in a yearly footprint,
    and whole in the year of purchase. Use both: early replacement looks good in the first way
    only.
    """
    refuse_to_overwrite(files.paths, output)
    plan = Strategy.read(strategy)
    refuse_to_overwrite(plan.files, output)
    fleet = reading.read(files, by=())
    report_issues(fleet, files)
    outlooks = plan.outlooks(fleet, year=year, last=until)
    if made == "json":
        emit_json([_content(each) for each in outlooks], output)
        return
    years = f"{year + 1}-{until}"
    emit_page(
        lambda screen: (
            _page(plan, outlooks, years, screen)
            if full
            else short_page(_view(plan, outlooks, years), screen)
        ),
        output,
    )


def _cells(outlook: Outlook) -> tuple[str, ...]:
    """Return what a scenario saves, both ways, and its chance."""
    euros, chance = outlook.saved_euros, outlook.probability_better(purchase_time=True)

    def marked(name: str, text: str) -> str:
        mark = outlook.marks.get(name, "")
        return f"{mark} {text}" if mark else text

    return (
        marked("annualised", f"{figure(outlook.saved() / 1_000, 2)} t"),
        marked("purchased", f"{figure(outlook.saved(purchase_time=True) / 1_000, 2)} t"),
        marked("kwh", figure(outlook.saved_kwh, 0)),
        "-" if euros is None else marked("euros", figure(euros, 0)),
        "-" if chance is None else percent(chance),
    )


def _title(plan: Strategy, years: str) -> str:
    return say("page_colon", name=plan.organisation.name, text=say("page_scenarios", years=years))


_COLUMNS = ("annualised", "purchased", "kwh", "euros", "chance")


def _notes(plan: Strategy, outlooks: Sequence[Outlook]) -> Iterator[str]:
    """Yield what the figures rest on."""
    if any(each.probability_better(purchase_time=True) is not None for each in outlooks):
        yield say("scenario_chance")
    if plan.mix is not None:
        yield say("page_colon", name=say("scenario_mix"), text=plan.mix.source)
    used = {lever.equipment_type for each in outlooks for lever in each.scenario.levers}
    for figures in plan.figures:
        if figures.equipment_type in used:
            kind = bundled_title(figures.equipment_type)
            yield say("page_colon", name=kind, text=figures.source)


def _remarks(outlooks: Sequence[Outlook]) -> Iterator[str]:
    for each in outlooks:
        for remark in each.remarks:
            yield say("page_colon", name=each.scenario.id, text=remark)


def _view(plan: Strategy, outlooks: Sequence[Outlook], years: str) -> View:
    """Return what the scenarios save in few lines."""
    return View(
        kind="scenarios",
        title=_title(plan, years),
        headline=(say("scenario_columns"),),
        breakdowns=(
            Breakdown(
                head=say("column_scenario"),
                columns=tuple(say(f"column_short_{name}") for name in _COLUMNS),
                rows=tuple(
                    Row(f"{each.scenario.id} {each.scenario.title}", (None,) * 5, _cells(each))
                    for each in outlooks
                ),
                additive=False,
            ),
        ),
        mend_first=tuple(map(Point, _remarks(outlooks))),
        mend_title=say("page_scenarios_open"),
        rests_on=tuple(_notes(plan, outlooks)),
    )


def _page(
    plan: Strategy, outlooks: Sequence[Outlook], years: str, screen: Screen
) -> Iterator[RenderableType]:
    yield heading(_title(plan, years))
    made = table(say("column_scenario"), *(say(f"column_{name}") for name in _COLUMNS))
    for each in outlooks:
        made.add_row(f"  {each.scenario.id} {each.scenario.title}", *_cells(each))
    yield made
    for said in _notes(plan, outlooks):
        yield hang(said, width=screen.width, first="  ", rest="    ")
    for said in _remarks(outlooks):
        yield paragraph()
        yield hang(said, width=screen.width, first="  ", rest="    ")


def _content(outlook: Outlook) -> dict[str, object]:
    return {
        "id": outlook.scenario.id,
        "title": outlook.scenario.title,
        "saved_annualised_kg": outlook.saved(),
        "saved_purchased_kg": outlook.saved(purchase_time=True),
        "saved_kwh": outlook.saved_kwh,
        "saved_euros": outlook.saved_euros,
        "marks": dict(outlook.marks),
        "probability_better_annualised": outlook.probability_better(),
        "probability_better_purchased": outlook.probability_better(purchase_time=True),
        "remarks": [remark.to_dict() for remark in outlook.remarks],
        "without": [attrs.asdict(each) for each in outlook.before],
        "with": [attrs.asdict(each) for each in outlook.after],
    }
