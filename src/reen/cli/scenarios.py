"""The command `scenarios`: what the levers of a strategy may bring, year by year.

Input: a strategy file and the fleet at the end of a year.  Output: a page, in English or French, or
JSON: what each scenario saves, counted both ways, its chance, and its warnings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs
import click
from rich.console import Console, RenderableType
from rich.text import Text

from reen.cli.options import Files, Reading, data_file, reading_options, report_issues
from reen.cli.output import emit_json, emit_page, refuse_to_overwrite
from reen.cli.page_options import page_options
from reen.cli.tables import hang, heading, table
from reen.reasons import Reason
from reen.strategy.scenario import Outlook
from reen.strategy.strategy import Strategy

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
@reading_options
def scenarios(
    strategy: Path,
    files: Files,
    *,
    reading: Reading,
    year: int,
    until: int,
    language: str,
    made: str,
    output: Path | None,
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
    emit_page(lambda console: _page(plan, outlooks, years, console, language), output)


def _page(
    plan: Strategy,
    outlooks: tuple[Outlook, ...],
    years: str,
    console: Console,
    language: str,
) -> Iterator[RenderableType]:
    def word(code: str, **details: str) -> str:
        return Reason(code, **details).text(language)

    yield heading(f"{plan.organisation.name}: {word('page_scenarios', years=years)}")
    names = ("scenario", "annualised", "purchased", "kwh", "euros", "chance")
    made = table(*(word(f"column_{name}") for name in names))
    for each in outlooks:
        euros, chance = each.saved_euros, each.probability_better(purchase_time=True)

        def marked(name: str, text: str, marks: Mapping[str, str] = each.marks) -> str:
            mark = marks.get(name, "")
            return f"{mark} {text}" if mark else text

        made.add_row(
            f"  {each.scenario.id} {each.scenario.title}",
            marked("annualised", f"{each.saved() / 1_000:,.2f} t"),
            marked("purchased", f"{each.saved(purchase_time=True) / 1_000:,.2f} t"),
            marked("kwh", f"{each.saved_kwh:,.0f}"),
            "-" if euros is None else marked("euros", f"{euros:,.0f}"),
            "-" if chance is None else f"{100 * chance:.0f} %",
        )
    yield made
    if any(each.probability_better(purchase_time=True) is not None for each in outlooks):
        yield hang(word("scenario_chance"), width=console.width, first="  ", rest="    ")
    if plan.mix is not None:
        said = f"{word('scenario_mix')}: {plan.mix.source}"
        yield hang(said, width=console.width, first="  ", rest="    ")
    used = {lever.equipment_type for each in outlooks for lever in each.scenario.levers}
    for figures in plan.figures:
        if figures.equipment_type in used:
            said = f"{figures.equipment_type}: {figures.source}"
            yield hang(said, width=console.width, first="  ", rest="    ")
    for each in outlooks:
        for remark in each.remarks:
            yield Text("")
            said = f"{each.scenario.id}: {remark.text(language)}"
            yield hang(said, width=console.width, first="  ", rest="    ")


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
