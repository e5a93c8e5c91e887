"""The command `indicators`: quantities followed over the years, from a fleet and dated records.

Input: what was typed: a file, a method, purchases, disposals, a headcount.  Output: a page, JSON,
CSV or Parquet; the values are the library's own.  With `--list`, what each indicator is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import pyarrow as pa
import pyarrow.compute as pc
from rich.console import RenderableType
from rich.text import Text

import reen
from reen.cli.indicator_inputs import inputs_options, period_of, read_inputs
from reen.cli.indicator_list import list_indicators
from reen.cli.options import Files, Reading, files_argument, installed, reading_options, words
from reen.cli.output import FORMATS, choose_format, csv_of, emit, emit_page, refuse_to_overwrite
from reen.cli.page_options import output_option, spoken_option
from reen.cli.tables import amount, count, day, digits, hang, heading, joined, table, unit_text
from reen.plugin import Registry
from reen.plugin.indicators import Completeness, IndicatorValue, Target
from reen.reasons import has_sentence, say, spoken, title_of
from reen.results.wording import scaled

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
@output_option
@click.option(
    "--list", "listing", is_flag=True, help="Say what each indicator is, and compute nothing."
)
@spoken_option
@reading_options
def indicators(
    files: Files | None,
    *,
    reading: Reading,
    listing: bool,
    names: tuple[str, ...],
    output_format: str | None,
    output: Path | None,
    start: dt.datetime | None,
    end: dt.datetime | None,
    **given: object,
) -> None:
    """Compute indicators of the fleet and the records in the files PATH, and of other records.

    Each value comes with its unit, its period and how complete it is. What lacks an input or a
    denominator is left out by name, never counted as zero. The period is the calendar year of
    --as-of, or the current one, unless --from and --to say otherwise.

    A PATH may hold all tables of a year: a folder with fleet, purchases, disposals, headcount,
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
        list_indicators(chosen, registry, made, output)
        return
    period = period_of(start, end, given.pop("as_of"))
    inputs = read_inputs(files, period, registry, reading, **given)  # type: ignore[arg-type]
    values = inputs.indicators(period, chosen, registry)
    if made == "json":
        emit((values.to_json() + "\n").encode(), output)
    elif made == "csv":
        emit(csv_of(_flat(values.to_arrow())), output)
    elif made == "parquet" and output is not None:
        _write_parquet(values.to_arrow(), output)
    else:
        emit_page(lambda console: _page(values, registry, console.width), output)


# -- values ----------------------------------------------------------------------------------


def _page(values: reen.Indicators, registry: Registry, width: int) -> Iterator[RenderableType]:
    """Yield one block per indicator: title, period and target, its values, its notes."""
    names = list(dict.fromkeys(value.indicator for value in values))
    for number, name in enumerate(names):
        mine = values.named(name)
        if number:
            yield Text("")
        yield heading(f"{title_of(mine[0])}, {_period(mine[0])}")
        target = mine[0].target
        if target is not None:
            goal = say("page_goal", target=_target(target, mine[0].unit), source=target.source)
            yield hang(goal, width=width, first="  ", rest="    ")
        computed = [value for value in mine if value.value is not None]
        if computed:
            yield _values(computed, registry)
        for reason, subjects in _reasons(mine).items():
            said = say("page_indicator_left_out", why=reason)
            if subjects != [""]:
                who = joined(_subject(each, registry) for each in subjects)
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
        subject = _subject(value.subject, registry)
        cells = [f"  {subject}", _value(value), _completeness(value.completeness)]
        made.add_row(*cells, *([verdict] if with_target else []))
    return made


def _value(value: IndicatorValue) -> str:
    """Return a number and its unit, with a mark on a lower bound."""
    shown, unit = scaled(value.value or 0.0, value.unit)
    if unit == "year":
        whole = int(shown) if shown.is_integer() else float(f"{shown:.4g}")
        said = say("page_years", count=whole)
    else:
        said = amount(digits(shown), unit)
    said = f">= {said}" if value.lower_bound else said
    least, most = value.least, value.most
    if least is None or most is None or least >= most:
        return said
    scale = shown / value.value if value.value else 1.0
    return say("page_between", said=said, least=digits(least * scale), most=digits(most * scale))


def _subject(subject: str, registry: Registry) -> str:
    """Return what a value is about: all, a type, a part of the organisation."""
    if not subject:
        return say("page_all")
    types = registry.equipment_types
    if spoken() == "en":
        return subject
    code = f"kind_of_flow_{subject}"
    return (
        title_of(types[subject])
        if subject in types
        else (say(code) if has_sentence(code) else subject)
    )


def _completeness(counted: Completeness | None) -> str:
    """Return how much of what should be counted is behind a value."""
    if counted is None:
        return ""
    what, _, kind = counted.what.partition(" (")
    code = f"known_{what.replace(' ', '_')}"
    what = say(code) if has_sentence(code) else what
    if kind:
        kind = kind.removesuffix(")")
        known = f"kind_of_flow_{kind}"
        kind = say(known) if spoken() != "en" and has_sentence(known) else kind
        what = say("page_titled", name=what, title=kind)
    unit = say("page_unit_items") if counted.unit == "item" else unit_text(counted.unit)
    known, total = count(counted.known), count(counted.total)
    said = say("page_completeness", known=known, total=total, unit=unit, what=what)
    if counted.unknown_rows:
        return f"{said}; {say('page_rows_unknown', count=counted.unknown_rows)}"
    return said


def _period(value: IndicatorValue) -> str:
    text = str(value.period)
    if text.replace("-", "").isdigit():
        return text
    return say("page_period", start=day(f"{value.period.start}"), end=day(f"{value.period.end}"))


def _target(target: Target, unit: str) -> str:
    said = say(
        "page_at_most" if target.at_most else "page_no_less",
        figure=amount(digits(target.value), unit),
    )
    return say("page_until", said=said, day=day(f"{target.until}")) if target.until else said


def _notes(values: Iterable[IndicatorValue], registry: Registry) -> Iterator[str]:
    """Yield each note once, with its subject when the whole does not say it."""
    said: set[str] = set()
    for value in values:
        for note in map(str, value.notes):
            if note not in said:
                said.add(note)
                subject = _subject(value.subject, registry)
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

    pyarrow.parquet.write_table(rows, output)
