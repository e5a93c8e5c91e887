"""The command `indicators`: quantities followed over the years, from a fleet and dated records.

Input: what was typed: a file, a method, purchases, disposals, a headcount.  Output: a page, JSON,
CSV or Parquet; the values are the library's own.  With `--list`, what each indicator is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click
import pyarrow as pa
import pyarrow.compute as pc

from reen.cli.arguments import words
from reen.cli.computing_options import installed
from reen.cli.indicator_inputs import inputs_options, period_of, read_inputs
from reen.cli.output import (
    FORMATS,
    choose_format,
    csv_of,
    emit,
    emit_html,
    emit_json,
    emit_page,
    keep_formulas_option,
    refuse_to_overwrite,
)
from reen.cli.page_options import full_option, output_option, spoken_option
from reen.cli.reading_options import Files, Reading, files_argument, reading_options
from reen.cli.screen import Screen, short_page
from reen.cli.speech import translated
from reen.cli.tables import hang, heading, paragraph, table
from reen.gate.writing import writing
from reen.monitoring.collection import plain_date
from reen.monitoring.value_words import (
    completeness_text,
    period_text,
    subject_text,
    target_text,
    value_text,
)
from reen.reasons import Reason, say, spoken, title_of
from reen.verbs.spreadsheets import as_workbook
from reen.views.figures import joined, series

if TYPE_CHECKING:
    from rich.console import RenderableType

    import reen
    from reen.plugin import Registry
    from reen.plugin.indicators import Indicator, IndicatorValue

__all__ = ["indicators"]


@click.command(
    epilog="\b\nExamples:\n"
    "  reen indicators --list\n"
    "  reen indicators parc.csv -m base-carbone --agents 1650 --from 2022-01-01 --to 2022-12-31\n"
    "  reen indicators --purchases achats.xlsx --from 2024-01-01 --to 2024-12-31\n"
    "  reen indicators ville/2025 --before ville/2024 --as-of 2025-12-31 -m base-carbone\n"
    "  reen indicators parc.csv --purchases achats.csv --column purchases:Jour=date"
)
@files_argument(required=False)
@inputs_options
@click.option(
    "-i",
    "--indicator",
    "names",
    metavar="NAMES",
    multiple=True,
    help="Indicators to compute, separated by commas; all when not given.",
)
@click.option(
    "-f",
    "--format",
    "output_format",
    type=click.Choice(FORMATS),
    help="A page for people (table), or data for programs.",
)
@keep_formulas_option
@output_option
@full_option
@click.option(
    "--list", "listing", is_flag=True, help="Describe each indicator, without computing it."
)
@spoken_option
@reading_options
def indicators(  # noqa: PLR0913 - each option by its name
    files: Files | None,
    *,
    reading: Reading,
    full: bool,
    listing: bool,
    names: tuple[str, ...],
    output_format: str | None,
    output: Path | None,
    start: dt.datetime | None,
    end: dt.datetime | None,
    **given: object,
) -> None:
    """Compute indicators of the fleet and the records in the files PATH, and of other records.

    Each value has its unit, its period and its completeness. An indicator without an input or a
    denominator is left out by name, never counted as zero. The period is the calendar year of
    --as-of, else the year in the names of the files PATH (ville/2025), else the current one,
    unless you give --from and --to.

    A PATH may be a folder with all tables of a year: fleet, purchases, disposals, headcount,
    repairs, contracts, events... With both PATH and --purchases, purchases fill blank purchase
    dates and prices of the fleet, by serial or order number. --column may name its file:
    purchases:HEADER=COLUMN.
    """
    made = choose_format(output_format, output)
    refuse_to_overwrite([] if files is None else files.paths, output)
    registry = installed()
    chosen = [registry.indicator(name) for name in words(names)] or list(
        registry.indicators.values()
    )
    if listing:
        _list(chosen, registry, made, output)
        return
    named = [] if files is None else [path.name for path in files.paths]
    period = period_of(start, end, given.pop("as_of"), named)
    inputs = read_inputs(files, period, registry, reading, **given)  # type: ignore[arg-type]
    values = inputs.indicators(period, chosen, registry)
    if made == "json":
        emit((values.to_json() + "\n").encode(), output)
    elif made == "csv":
        emit(csv_of(_flat(values.to_arrow())), output)
    elif made == "html":
        emit_html([values.view()], output)
    elif made == "xlsx":
        emit(as_workbook({"indicators": values.to_arrow()}), output)
    elif made == "parquet" and output is not None:
        _write_parquet(values.to_arrow(), output)
    else:
        emit_page(
            lambda screen: (
                _page(values, registry, screen.width) if full else short_page(values.view(), screen)
            ),
            output,
        )


# -- values ----------------------------------------------------------------------------------


def _page(
    values: reen.types.Indicators, registry: Registry, width: int
) -> Iterator[RenderableType]:
    """Yield one block per indicator: title, period and target, its values, its notes."""
    names = list(dict.fromkeys(value.indicator for value in values))
    for number, name in enumerate(names):
        mine = values.named(name)
        if number:
            yield paragraph()
        yield heading(f"{title_of(mine[0])}, {period_text(mine[0])}")
        target = mine[0].target
        if target is not None:
            goal = say("page_goal", target=target_text(target, mine[0].unit), source=target.cited)
            yield hang(goal, width=width, first="  ", rest="    ")
        computed = [value for value in mine if value.value is not None]
        if computed:
            yield _values(computed, registry)
        for reason, subjects in _reasons(mine).items():
            said = say("page_indicator_left_out", why=reason)
            if subjects != [""]:
                who = joined(subject_text(each, registry.equipment_types) for each in subjects)
                said = say("page_indicator_parts_left_out", who=who, why=reason)
            yield hang(said, width=width, first="  ", rest="    ")
        for note in _notes(computed, registry):
            yield hang(say("page_note", text=note), width=width, first="  ", rest="    ")


def _values(values: list[IndicatorValue], registry: Registry) -> RenderableType:
    with_target = any(value.is_judged for value in values)
    heads = ("page_value", "page_known", *(["page_target"] if with_target else []))
    made = table(f"  {say('page_of')}", *map(say, heads))
    verdicts = {True: "page_met", False: "page_not_met", None: "page_verdict_unknown"}
    for value in values:
        verdict = say(verdicts[value.meets_target]) if value.is_judged else ""
        subject = subject_text(value.subject, registry.equipment_types)
        cells = [f"  {subject}", value_text(value), completeness_text(value.completeness)]
        made.add_row(*cells, *([verdict] if with_target else []))
    return made


def _notes(values: Iterable[IndicatorValue], registry: Registry) -> Iterator[str]:
    """Yield each note once, with its subject when the whole does not say it."""
    said: set[str] = set()
    for value in values:
        for note in map(str, value.notes):
            if note not in said:
                said.add(note)
                subject = subject_text(value.subject, registry.equipment_types)
                yield say("page_colon", name=subject, text=note) if value.subject else note


def _reasons(values: Iterable[IndicatorValue]) -> dict[str, list[str]]:
    """Return the subjects left out, by reason."""
    found: dict[str, list[str]] = {}
    for value in values:
        if value.value is None:
            found.setdefault(str(value.missing), []).append(value.subject)
    return found


def _flat(rows: pa.Table) -> pa.Table:
    """Return the rows with each list as text."""
    index = rows.column_names.index("notes")
    return rows.set_column(index, "notes", pc.binary_join(rows.column(index), "; "))


def _write_parquet(rows: pa.Table, output: Path) -> None:
    import pyarrow.parquet

    with writing(output) as file:
        pyarrow.parquet.write_table(rows, file)


# -- what each indicator is, computed from nothing -------------------------------------------------


def _list(chosen: Iterable[Indicator], registry: Registry, made: str, output: Path | None) -> None:
    """Show what each indicator is.

    Raises
    ------
    click.UsageError
        A format that a list does not have.
    """
    if made == "json":
        emit_json([_described(each, registry) for each in chosen], output)
        return
    if made != "table":
        message = say("error_list_shown_table_json")
        raise click.UsageError(message, click.get_current_context())

    def page(screen: Screen) -> Iterator[RenderableType]:
        for number, each in enumerate(chosen):
            if number:
                yield paragraph()
            yield heading(f"{each.name} [{each.unit}]")
            yield hang(_titles(each), width=screen.width, first="  ", rest="    ")
            axis = str(each.axis) if each.axis else say("indicator_list_all_axes")
            facts = {
                "indicator_list_formula": translated(each.formula),
                "indicator_list_needs": ", ".join(map(_need, each.needs)),
                "indicator_list_source": translated(each.source),
                "indicator_list_axis": axis,
                "indicator_list_better": say(f"indicator_list_{each.direction}"),
                "indicator_list_target": series(
                    say("page_colon", name=target_text(target, each.unit), text=target.cited)
                    for target in each.targets
                ),
                "page_plugin": str(registry.origins.get(("indicator", each.name), "")),
            }
            for label, text in facts.items():
                if text:
                    said = say("page_label", label=Reason(label))
                    yield hang(text, width=screen.width, first=f"  {said}", rest="    ")

    emit_page(page, output)


def _titles(indicator: Indicator) -> str:
    titles = [indicator.title_en, indicator.title_fr]
    first, other = titles[::-1] if spoken() == "fr" else titles
    return f"{first} ({other})"


def _need(need: str) -> str:
    """Return an input in words, or several of which one is enough."""
    return say("page_or").join(say("page_of_values", of=each) for each in need.split(" or "))


def _described(indicator: Indicator, registry: Registry) -> dict[str, object]:
    return {
        "name": indicator.name,
        "title_en": indicator.title_en,
        "title_fr": indicator.title_fr,
        "unit": indicator.unit,
        "formula": indicator.formula,
        "denominator": indicator.denominator,
        "source": indicator.source,
        "axis": indicator.axis,
        "direction": str(indicator.direction),
        "needs": list(indicator.needs),
        "targets": [
            attrs.asdict(target, value_serializer=plain_date) for target in indicator.targets
        ],
        "plugin": str(registry.origins.get(("indicator", indicator.name), "")),
    }
