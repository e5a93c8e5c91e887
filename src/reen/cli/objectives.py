"""The command `objectives`: the progress of a city towards its objectives, and its actions.

Input: a strategy file and what indicators are computed from.  Output: a page, in English or French,
or JSON: each objective with its expected and found value, its state and why; then the actions.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from reen.cli.computing_options import installed
from reen.cli.indicator_inputs import inputs_options, period_of, read_inputs
from reen.cli.output import emit_json, emit_page, refuse_to_overwrite
from reen.cli.page_options import full_option, page_options
from reen.cli.reading_options import Files, Reading, files_argument, reading_options
from reen.cli.screen import Screen, short_page
from reen.cli.tables import hang, heading, paragraph, table
from reen.errors import FileFormatError
from reen.monitoring.value_words import number_text, value_text
from reen.reasons import Reason, day_text, say
from reen.strategy.judging import Standing, State
from reen.strategy.strategy import Strategy
from reen.views.figures import series
from reen.views.model import Breakdown, Point, Row, View

if TYPE_CHECKING:
    from rich.console import RenderableType

    from reen.strategy.action import Action, Saving

__all__ = ["objectives"]


@click.command(
    epilog="\b\nExamples:\n"
    "  reen objectives strategie.toml ville/2025 --year 2025 --before ville/2024 -m base-carbone\n"
    "  reen objectives strategie.toml ville/2025 --year 2025 --lang fr"
)
@click.argument("strategy", metavar="STRATEGY", type=click.Path(path_type=Path))
@files_argument(required=False)
@click.option(
    "--year",
    type=click.IntRange(1990, 2100),
    metavar="YEAR",
    required=True,
    help="The year to judge; also the period of its indicators, unless you give --from and --to.",
)
@inputs_options
@page_options
@full_option
@reading_options
def objectives(
    strategy: Path,
    files: Files | None,
    *,
    reading: Reading,
    year: int,
    output: Path | None,
    start: dt.datetime | None,
    end: dt.datetime | None,
    **given: object,
) -> None:
    """Judge the objectives of the file STRATEGY by the fleet and the records in the files PATH.

    If a figure is an interval, its state (reached, on track, behind, off) is that of both ends;
    if they differ, it is unknown. It is also unknown when less than four fifths of what should be
    counted is known, or without a baseline.
    """
    given.pop("language")  # the page asks for the language in force
    made, full = given.pop("made"), given.pop("full")
    refuse_to_overwrite([] if files is None else files.paths, output)
    plan = Strategy.read(strategy)  # before the files: a mistake in it should cost nothing
    refuse_to_overwrite(plan.files, output)
    if not plan.objectives:
        raise FileFormatError(
            str(strategy), Reason("error_holds_no_objective_add_section_objectif")
        )
    registry = installed()
    as_of = given.pop("as_of") or dt.datetime(year, 12, 31, tzinfo=dt.UTC)
    period = period_of(start, end, as_of)
    inputs = read_inputs(files, period, registry, reading, **given)  # type: ignore[arg-type]
    wanted = dict.fromkeys(each.indicator for each in plan.objectives)
    chosen = [registry.indicator(name) for name in wanted]
    values = inputs.indicators(period, chosen, registry)
    standings = plan.standings(values, year)
    if made == "json":
        emit_json(_content(plan, standings, period[1]), output)
        return
    day = period[1]
    emit_page(
        lambda screen: (
            _page(plan, standings, day, screen)
            if full
            else short_page(_view(plan, standings, day), screen)
        ),
        output,
    )


# -- the page --------------------------------------------------------------------------------


#: Columns of a table of objectives, the verdict first.
_COLUMNS = ("state", "found", "expected")


def _cells(standing: Standing) -> tuple[str, str, str]:
    """Return the state, what is found and what is expected, in words.

    Where a terminal lacks room, the last columns go: the verdict is always whole.
    """
    objective, value = standing.objective, standing.value
    expected = standing.expected
    unit = objective.unit or ("1" if value is None else value.unit)
    return (
        say(f"state_{standing.state}"),
        "-" if value is None or value.value is None else value_text(value),
        "-" if expected is None else number_text(expected, unit),
    )


def _title(plan: Strategy) -> str:
    return say("page_colon", name=plan.organisation.name, text=say("page_objectives"))


def _view(plan: Strategy, standings: Sequence[Standing], day: dt.date) -> View:
    """Return the progress on each objective in few lines, the worst explained first."""
    states = Counter(standing.state for standing in standings)
    counted = [say(f"objectives_{state}", count=states[state]) for state in State if states[state]]
    found = Counter(action.state for action in plan.actions)
    acted = [say(f"actions_{state}", count=number) for state, number in found.items()]
    late = [action.id for action in plan.actions if action.is_late(day)]
    if late:
        acted.append(say("actions_late", count=len(late), names=", ".join(late)))
    open_ones = [each for each in standings if each.state not in (State.REACHED, State.ON_TRACK)]
    return View(
        kind="objectives",
        title=say("page_colon", name=_title(plan), text=", ".join(counted)),
        breakdowns=(
            Breakdown(
                head=say("column_objective"),
                columns=tuple(say(f"column_{name}") for name in _COLUMNS),
                rows=tuple(
                    Row(f"{each.objective.id} {each.objective.title}", (None,) * 3, _cells(each))
                    for each in standings
                ),
                additive=False,
            ),
        ),
        mend_first=tuple(
            Point(say("page_colon", name=each.objective.id, text=reason))
            for each in sorted(open_ones, key=lambda each: list(State).index(each.state))
            for reason in each.reasons
        ),
        mend_title=say("page_objectives_open"),
        stands_out=(say("page_colon", name=say("page_actions"), text=", ".join(acted)),)
        if acted
        else (),
    )


def _page(
    plan: Strategy, standings: Iterable[Standing], day: dt.date, screen: Screen
) -> Iterator[RenderableType]:
    yield heading(_title(plan))
    made = table(*(say(f"column_{name}") for name in ("objective", *_COLUMNS)))
    made.columns[1].no_wrap = True
    standings = list(standings)
    for each in standings:
        made.add_row(f"  {each.objective.id} {each.objective.title}", *_cells(each))
    yield made
    for each in standings:
        for reason in each.reasons:
            said = say("page_colon", name=each.objective.id, text=reason)
            yield hang(said, width=screen.width, first="  ", rest="    ")
    if not plan.actions:
        return
    yield paragraph()
    yield heading(say("page_actions"))
    names = ("action", "owner", "state", "end", "effect")
    made = table(*(say(f"column_{name}") for name in names))
    for action in plan.actions:
        late = f", {say('action_late')}" if action.is_late(day) else ""
        made.add_row(
            f"  {action.id} {action.title}",
            action.owner,
            say(f"action_{action.state}") + late,
            "" if action.end is None else day_text(str(action.end)),
            _effects(action),
        )
    yield made


def _effects(action: Action) -> str:
    parts = [("effect_expected", action.expected), ("effect_measured", action.measured)]
    return series(f"{say(code)} {_effect(each)}" for code, each in parts if each is not None)


def _effect(effect: Saving) -> str:
    numbers = ((effect.tonnes, "tCO2e"), (effect.kwh, "kWh"), (effect.euros, "EUR"))
    return ", ".join(number_text(number, unit) for number, unit in numbers if number is not None)


# -- data ------------------------------------------------------------------------------------


def _content(plan: Strategy, standings: Iterable[Standing], day: dt.date) -> dict[str, object]:
    return {
        "organisation": attrs.asdict(plan.organisation),
        "objectives": [
            {
                **attrs.asdict(each.objective, value_serializer=_plain),
                "year": each.year,
                "state": str(each.state),
                "reasons": [reason.to_dict() for reason in each.reasons],
                "found": each.found,
                "least": None if each.value is None else each.value.ends[0],
                "most": None if each.value is None else each.value.ends[1],
                "baseline_used": each.baseline,
                "expected": each.expected,
                "distance": each.distance,
            }
            for each in standings
        ],
        "actions": [
            {**attrs.asdict(each, value_serializer=_plain), "late": each.is_late(day)}
            for each in plan.actions
        ],
    }


def _plain(_: object, __: object, value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value
