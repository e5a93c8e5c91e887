"""The command `indicators`: quantities followed over the years, from a fleet and dated records.

Input: what was typed: a file, a method, purchases, disposals, a headcount.  Output: a page, JSON,
CSV or Parquet; the values are the library's own.  With `--list`, what each indicator is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs
import click
import pyarrow as pa
import pyarrow.compute as pc
from rich.console import RenderableType
from rich.text import Text

import reen
from reen.cli.indicator_list import list_indicators
from reen.cli.options import (
    Computing,
    Files,
    Reading,
    factors_option,
    files_argument,
    grouping_columns,
    installed,
    reading_options,
    report_issues,
    words,
)
from reen.cli.output import FORMATS, choose_format, emit, emit_page
from reen.cli.progress import Progress
from reen.cli.records import Records, read_records, share_columns
from reen.cli.tables import hang, heading, joined, plural, table
from reen.keeping import table_as_csv

__all__ = ["indicators"]

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_FILE = click.Path(path_type=Path)

#: Options that name files of records.
_RECORDS = ("purchases", "disposals", "headcount")


@attrs.frozen(kw_only=True)
class _Inputs:
    """What the indicators are computed from."""

    inventory: reen.Inventory | None
    footprint: reen.Footprint | None
    purchases: reen.Purchases | None
    disposals: reen.Disposals | None
    headcount: reen.Headcount | None


@click.command(
    epilog="\b\nExamples:\n"
    "  reen indicators --list\n"
    "  reen indicators parc.csv -m base-carbone --agents 1650 --from 2022-01-01 --to 2022-12-31\n"
    "  reen indicators --purchases achats.xlsx --from 2024-01-01 --to 2024-12-31\n"
    "  reen indicators parc.csv --purchases achats.csv --column purchases:Jour=date"
)
@files_argument(required=False)
@click.option("-m", "--method", metavar="NAME", help="Measure the file first, by this method.")
@click.option(
    "-o", "--option", metavar="NAME=VALUE", multiple=True, help="Option of the method. Repeatable."
)
@factors_option
@click.option(
    "--as-of",
    type=_DAY,
    metavar="DATE",
    help="Reference date of the footprint; the end of the period when not given.",
)
@click.option(
    "--by",
    metavar="COLUMNS",
    multiple=True,
    help="Columns to measure by, separated by commas; entity gives a footprint per agent of each.",
)
@click.option("--purchases", type=_FILE, metavar="FILE", help="Purchases: CSV, Excel, Parquet...")
@click.option("--disposals", type=_FILE, metavar="FILE", help="Disposals, likewise.")
@click.option("--headcount", type=_FILE, metavar="FILE", help="Agents by date, likewise.")
@click.option(
    "--agents",
    type=click.FloatRange(min=0.0),
    metavar="N",
    help="Agents at the end of the period, rather than --headcount.",
)
@click.option("--from", "start", type=_DAY, metavar="DATE", help="First day of the period.")
@click.option("--to", "end", type=_DAY, metavar="DATE", help="Last day of the period.")
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
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write there rather than on the screen.",
)
@click.option(
    "--list", "listing", is_flag=True, help="Say what each indicator is, and compute nothing."
)
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
    """Compute indicators of the fleet in the file PATH, and of purchases and disposals.

    Each value comes with its unit, its period and how complete it is. What lacks an input or a
    denominator is left out by name, never counted as zero. The period is the calendar year of
    --as-of, or the current one, unless --from and --to say otherwise.

    With both PATH and --purchases, purchases fill blank purchase dates and prices of the fleet, by
    serial or order number. --column may name its file: purchases:HEADER=COLUMN.
    """
    made = choose_format(output_format, output)
    registry = installed()
    chosen = [registry.indicator(name) for name in words(names)] or list(
        registry.indicators.values()
    )
    if listing:
        list_indicators(chosen, registry, made, output)
        return
    if files is None and not any(given[name] for name in ("purchases", "disposals")):
        message = "nothing to compute from: give a PATH, --purchases or --disposals (see --list)."
        raise click.UsageError(message, click.get_current_context())
    period = _period(start, end, given.pop("as_of"))
    inputs = _read(files, period, registry, reading, **given)  # type: ignore[arg-type]
    values = reen.indicators(
        **attrs.asdict(inputs, recurse=False),
        period=period[:2],
        names=chosen,
        registry=registry,
    )
    if made == "json":
        emit((values.to_json() + "\n").encode(), output)
    elif made == "csv":
        emit(table_as_csv(_flat(values.to_arrow())), output)
    elif made == "parquet" and output is not None:
        _write_parquet(values.to_arrow(), output)
    else:
        emit_page(lambda console: _page(values, console.width), output)


def _period(
    start: dt.datetime | None, end: dt.datetime | None, as_of: object
) -> tuple[dt.date, dt.date, dt.date]:
    """Return the first and last day of the period, and the reference date.

    Raises
    ------
    click.UsageError
        Only one of --from and --to.
    """
    if (start is None) != (end is None):
        message = "a period has two ends: give both --from and --to."
        raise click.UsageError(message, click.get_current_context())
    day = as_of.date() if isinstance(as_of, dt.datetime) else None
    if start is not None and end is not None:
        return start.date(), end.date(), day or end.date()
    day = day or dt.datetime.now(tz=dt.UTC).date()
    return dt.date(day.year, 1, 1), dt.date(day.year, 12, 31), day


# -- inputs ----------------------------------------------------------------------------------


def _read(
    files: Files | None,
    period: tuple[dt.date, dt.date, dt.date],
    registry: reen.Registry,
    reading: Reading,
    *,
    by: tuple[str, ...],
    agents: float | None,
    **given: object,
) -> _Inputs:
    """Read the files, and measure the inventory when a method is named."""
    _check(files, reading, by=by, agents=agents, **given)
    _, end, as_of = period
    method = None
    if given["method"]:  # before the files: a mistyped name should cost nothing
        method = Computing(
            method=str(given["method"]),
            option=given["option"],  # type: ignore[arg-type]
            factors=given["factors"],  # type: ignore[arg-type]
            as_of=as_of,
        ).configured()
    of_records = {name: file for name in _RECORDS if isinstance(file := given[name], Path)}
    own = [] if files is None else ["inventory"]
    columns = share_columns(reading.column, [*own, *of_records])
    # how the text of the inventory is written says nothing of the others
    how = reading if files is None else attrs.evolve(reading, encoding=None, delimiter=None)
    records = read_records(of_records, columns, how, registry)
    headcount = records.headcount
    if agents is not None:
        headcount = reen.Headcount.of(agents, date=end)
    inventory = footprint = None
    if files is not None:
        own_columns = attrs.evolve(reading, column=columns["inventory"])
        inventory = own_columns.read(files, by=words(by))
        _refuse_twice(inventory, records, agents)
        if records.purchases is not None:
            inventory = reen.with_purchases(inventory, records.purchases)
        report_issues(inventory, files)
    if inventory is not None and method is not None:
        fleet = inventory
        with Progress("measuring", total=len(fleet)) as progress:
            footprint = reen.measure(
                inventory,
                method=method,
                by=(*grouping_columns(words(by), fleet), "equipment_type"),
                factors=given["factors"] or None,  # type: ignore[arg-type]
                as_of=as_of,
                registry=registry,
                progress=progress.update,
            )
    return _Inputs(
        inventory=inventory,
        footprint=footprint,
        purchases=records.purchases,
        disposals=records.disposals,
        headcount=headcount,
    )


def _refuse_twice(inventory: reen.Inventory, records: Records, agents: float | None) -> None:
    """Refuse records that the files of the inventory hold already.

    Raises
    ------
    click.UsageError
        With what to drop.
    """
    given = {kind: getattr(records, kind) is not None for kind in _RECORDS}
    given["headcount"] |= agents is not None
    for kind, apart in given.items():
        if apart and kind in inventory.linked:
            option = "--agents" if kind == "headcount" and agents is not None else f"--{kind}"
            rows = plural(inventory.linked[kind].num_rows, "row")
            message = f"the files of PATH hold {rows} of {kind} already: drop {option}, or them."
            raise click.UsageError(message, click.get_current_context())


def _check(
    files: Files | None, reading: Reading, *, by: object, agents: float | None, **given: object
) -> None:
    """Refuse options that need another one, or exclude each other.

    Raises
    ------
    click.UsageError
        With what to add or drop.
    """
    measured = given["method"] is not None
    faults = {
        "--method needs the PATH of an inventory.": measured and files is None,
        "--option, --factors and --by need --method.": (
            bool(given["option"] or given["factors"] or by) and not measured
        ),
        "--importer and --country need the PATH of an inventory.": (
            files is None and bool(reading.importer or reading.country)
        ),
        "--agents and --headcount say the same thing: give one.": (
            agents is not None and given["headcount"] is not None
        ),
    }
    for message, wrong in faults.items():
        if wrong:
            raise click.UsageError(message, click.get_current_context())


# -- values ----------------------------------------------------------------------------------


def _page(values: reen.Indicators, width: int) -> Iterator[RenderableType]:
    """Yield one block per indicator: title, period and target, its values, its notes."""
    names = list(dict.fromkeys(value.indicator for value in values))
    for number, name in enumerate(names):
        mine = values.named(name)
        if number:
            yield Text("")
        yield heading(f"{mine[0].title_en}, {mine[0].period}")
        target = mine[0].target
        if target is not None:
            goal = f"target: {target.text(mine[0].unit)}; {target.source}"
            yield hang(goal, width=width, first="  ", rest="    ")
        computed = [value for value in mine if value.value is not None]
        if computed:
            yield _values(computed)
        for reason, subjects in _reasons(mine).items():
            who = "" if subjects == [""] else f" {joined(each or 'all' for each in subjects)}:"
            yield hang(f"left out:{who} {reason}", width=width, first="  ", rest="    ")
        for note in _notes(computed):
            yield hang(note, width=width, first="  note: ", rest="    ")


def _values(values: list[reen.IndicatorValue]) -> RenderableType:
    with_target = any(value.is_judged for value in values)
    made = table("  Of", "Value", "Of which known", *(["Target"] if with_target else []))
    verdicts = {True: "met", False: "not met", None: "unknown"}
    for value in values:
        verdict = verdicts[value.meets_target] if value.is_judged else ""
        cells = [f"  {value.subject or 'all'}", str(value), str(value.completeness or "")]
        made.add_row(*cells, *([verdict] if with_target else []))
    return made


def _notes(values: Iterable[reen.IndicatorValue]) -> Iterator[str]:
    """Yield each note once, with its subject when the whole does not say it."""
    said: set[str] = set()
    for value in values:
        for note in map(str, value.notes):
            if note not in said:
                said.add(note)
                yield f"{value.subject}: {note}" if value.subject else note


def _reasons(values: Iterable[reen.IndicatorValue]) -> dict[str, list[str]]:
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
