"""Inputs of indicators on the command line: files of a year, records apart, a footprint.

Input: what was typed.  Output: the inventory, that of the year before, a footprint where a method
is named, and the records.  Shared by the commands that compute indicators.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

import reen
from reen.cli.arguments import words
from reen.cli.computing_options import Computing, factors_option
from reen.cli.page_options import Command, decorate
from reen.cli.progress import Progress
from reen.cli.reading_options import Files, Reading, grouping_columns, report_issues
from reen.cli.records import read_records, share_columns
from reen.cli.tables import plural
from reen.inventory.record_kinds import RECORD_KINDS
from reen.reasons import say
from reen.verbs.stating import counting_purchases
from reen.verbs.year_dates import day_named

if TYPE_CHECKING:
    from reen.inventory.records import Records
    from reen.plugin import Registry
    from reen.plugin.indicators import Indicator

__all__ = ["Inputs", "inputs_options", "period_of", "read_inputs"]

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_FILE = click.Path(path_type=Path)


def _typed(kind: str) -> str:
    return kind.replace("_", "-")


_INPUTS = (
    click.option("-m", "--method", metavar="NAME", help="Measure the file first, by this method."),
    click.option(
        "-o",
        "--option",
        metavar="NAME=VALUE",
        multiple=True,
        help="Option of the method. Repeatable.",
    ),
    factors_option,
    click.option(
        "--as-of",
        type=_DAY,
        metavar="DATE",
        help="Reference date of the footprint; the end of the period when not given.",
    ),
    click.option(
        "--by",
        metavar="COLUMNS",
        multiple=True,
        help=(
            "Columns to measure by, separated by commas; entity gives a footprint per agent of"
            " each, and the figures of its records."
        ),
    ),
    click.option(
        "--before",
        type=_FILE,
        metavar="PATH",
        help="The files of the year before: fleet and energy readings at its end.",
    ),
    *(
        click.option(
            f"--{_typed(kind)}",
            kind,
            type=_FILE,
            metavar="FILE",
            # what the class is for; the example that follows is Python
            help=f"{made.__doc__}".partition("\n")[0]
            if number
            else "Purchases: CSV, Excel, Parquet...",
        )
        for number, (kind, made) in enumerate(RECORD_KINDS.items())
    ),
    click.option(
        "--agents",
        type=click.FloatRange(min=0.0),
        metavar="N",
        help="Agents at the end of the period, rather than --headcount.",
    ),
    click.option("--from", "start", type=_DAY, metavar="DATE", help="First day of the period."),
    click.option("--to", "end", type=_DAY, metavar="DATE", help="Last day of the period."),
)


def inputs_options(function: Command) -> Command:
    """Add the options that name inputs to a command."""
    return decorate(function, _INPUTS)


@attrs.frozen(kw_only=True)
class Inputs:
    """What the indicators are computed from."""

    inventory: reen.Inventory | None
    inventory_before: reen.Inventory | None
    footprint: reen.Footprint | None
    purchases_footprint: reen.Footprint | None = None
    records: Mapping[str, Records]
    by_entity: bool = False

    def indicators(
        self,
        period: tuple[dt.date, dt.date, dt.date],
        chosen: Sequence[Indicator] | None,
        registry: Registry,
    ) -> reen.types.Indicators:
        """Return the values of some indicators, all of them when none is chosen."""
        return reen.indicators(
            inventory=self.inventory,
            inventory_before=self.inventory_before,
            footprint=self.footprint,
            purchases_footprint=self.purchases_footprint,
            period=period[:2],
            names=chosen,
            by_entity=self.by_entity,
            registry=registry,
            **self.records,
        )


def period_of(
    start: dt.datetime | None,
    end: dt.datetime | None,
    as_of: object,
    names: Sequence[str] = (),
) -> tuple[dt.date, dt.date, dt.date]:
    """Return the first and last day of the period, and the reference date.

    Without any of them, it is the year that the names of the files say, else the current one.

    Raises
    ------
    click.UsageError
        Only one of --from and --to.
    """
    if (start is None) != (end is None):
        message = say("error_period_has_two_ends_give_both")
        raise click.UsageError(message, click.get_current_context())
    day = as_of.date() if isinstance(as_of, dt.datetime) else None
    if start is not None and end is not None:
        return start.date(), end.date(), day or end.date()
    day = day or day_named(names) or dt.datetime.now(tz=dt.UTC).date()
    return dt.date(day.year, 1, 1), dt.date(day.year, 12, 31), day


# -- inputs ----------------------------------------------------------------------------------


def read_inputs(
    files: Files | None,
    period: tuple[dt.date, dt.date, dt.date],
    registry: Registry,
    reading: Reading,
    *,
    by: tuple[str, ...],
    agents: float | None,
    before: Path | None,
    **given: object,
) -> Inputs:
    """Read the files, and measure the inventory when a method is named.

    Raises
    ------
    click.UsageError
        Nothing to read, or options that do not go together.
    """
    if files is None and not any(given[name] for name in RECORD_KINDS if name != "headcount"):
        message = say("error_nothing_compute_from_give_path_purchases")
        if given["headcount"]:
            message = f"{say('error_headcount_alone')} {message}"
        raise click.UsageError(message, click.get_current_context())
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
    of_records = {name: file for name in RECORD_KINDS if isinstance(file := given[name], Path)}
    own = [] if files is None else ["inventory"]
    columns = share_columns(reading.column, [*own, *of_records])
    # how the text of the inventory is written says nothing of the others
    how = reading if files is None else attrs.evolve(reading, encoding=None, delimiter=None)
    if reading.perimeter is not None and (of_records or agents is not None):
        names = ", ".join(f"--{name}" for name in of_records) or "--agents"
        message = say("error_perimeter_divides_fleet_path_only_would", names=names)
        raise click.UsageError(message)
    records = read_records(of_records, columns, how, registry)
    if agents is not None:
        records["headcount"] = reen.types.Headcount.of(agents, date=end)
    inventory = footprint = None
    if files is not None:
        own_columns = attrs.evolve(reading, column=columns["inventory"])
        inventory = own_columns.read(files, by=words(by))
        _refuse_twice(inventory, records, agents)
        purchases = records.get("purchases")
        if isinstance(purchases, reen.types.Purchases):
            inventory = reen.with_purchases(inventory, purchases)
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
    made = None
    bought = records.get("purchases") or (
        None if inventory is None else reen.types.Purchases.held_by(inventory)
    )
    year = _one_year(period)
    counts = method is not None and counting_purchases(method) is not None
    if (
        counts
        and method is not None
        and year is not None
        and isinstance(bought, reen.types.Purchases)
    ):
        made = reen.measure_purchases(
            bought,
            year=year,
            method=method,
            factors=given["factors"] or None,  # type: ignore[arg-type]
            registry=registry,
        )
    earlier = None if before is None else how.read(Files((before,)), by=())
    return Inputs(
        inventory=inventory,
        inventory_before=earlier,
        footprint=footprint,
        purchases_footprint=made,
        records=records,
        by_entity="entity" in words(by),
    )


def _one_year(period: tuple[dt.date, dt.date, dt.date]) -> int | None:
    """Return the calendar year of a period, None for another stretch."""
    start, end, _ = period
    whole = start == dt.date(start.year, 1, 1) and end == dt.date(start.year, 12, 31)
    return start.year if whole else None


def _refuse_twice(
    inventory: reen.Inventory, records: Mapping[str, Records], agents: float | None
) -> None:
    """Refuse records that the files of the inventory hold already.

    Raises
    ------
    click.UsageError
        With what to drop.
    """
    for kind in records:
        if kind in inventory.linked:
            given = kind == "headcount" and agents is not None
            option = "--agents" if given else f"--{_typed(kind)}"
            rows = plural(inventory.linked[kind].num_rows, "row")
            message = say(
                "error_files_path_hold_already_drop_them", rows=rows, kind=kind, option=option
            )
            raise click.UsageError(message, click.get_current_context())


def _check(
    files: Files | None,
    reading: Reading,
    *,
    by: tuple[str, ...],
    agents: float | None,
    **given: object,
) -> None:
    """Refuse options that need another one, or exclude each other.

    Raises
    ------
    click.UsageError
        With what to add or drop.
    """
    measured = given["method"] is not None
    faults = {
        say("error_inputs_1"): measured and files is None,
        say("error_inputs_2"): (
            bool(given["option"] or given["factors"] or set(words(by)) - {"entity"})
            and not measured
        ),
        say("error_inputs_3"): (files is None and bool(reading.importer or reading.country)),
        say("error_inputs_4"): (agents is not None and given["headcount"] is not None),
    }
    for message, wrong in faults.items():
        if wrong:
            raise click.UsageError(message, click.get_current_context())
