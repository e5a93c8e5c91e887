"""The command `objectives`: where a city stands against what it promised, and what it does.

Input: a strategy file and what indicators are computed from.  Output: a page, in English or French,
or JSON: each objective with its expected and found value, its state and why; then the actions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs
import click
from rich.console import Console, RenderableType
from rich.text import Text

from reen.cli.indicator_inputs import inputs_options, period_of, read_inputs
from reen.cli.options import Files, Reading, files_argument, installed, reading_options
from reen.cli.output import emit_json, emit_page, refuse_to_overwrite
from reen.cli.page_options import page_options
from reen.cli.tables import digits, hang, heading, series, table
from reen.errors import FileFormatError
from reen.monitoring.value_words import figure_text, value_text
from reen.reasons import Reason, spoken
from reen.results.footprint_words import amount
from reen.strategy.action import Action, Saving
from reen.strategy.judging import Standing
from reen.strategy.strategy import Strategy

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
    help="The year to judge; the period of its indicators unless --from and --to say otherwise.",
)
@inputs_options
@page_options
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

    A state (reached, on track, behind, off) holds only if both ends between which a figure lies
    give it; else it is unknown, as it is when less than 80 % of what should be counted is known or
    the baseline lacks.
    """
    language, made = str(given.pop("language")), given.pop("made")
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
    emit_page(lambda console: _page(plan, standings, period[1], console, language), output)


# -- the page --------------------------------------------------------------------------------


def _page(
    plan: Strategy,
    standings: Iterable[Standing],
    day: dt.date,
    console: Console,
    language: str,
) -> Iterator[RenderableType]:
    def word(code: str, **details: str | float) -> str:
        return Reason(code, **details).text(language)

    name = plan.organisation.name
    yield heading(word("page_colon", name=name, text=word("page_objectives")))
    made = table(*(word(f"column_{name}") for name in ("objective", "expected", "found", "state")))
    standings = list(standings)
    for each in standings:
        goal = each.expected
        unit = each.objective.unit or ("1" if each.value is None else each.value.unit)
        expected = "-" if goal is None else figure_text(goal, unit)
        value = each.value
        found = "-" if value is None or value.value is None else value_text(value)
        made.add_row(
            f"  {each.objective.id} {each.objective.title}",
            expected,
            found,
            word(f"state_{each.state}"),
        )
    yield made
    for each in standings:
        for reason in each.reasons:
            said = word("page_colon", name=each.objective.id, text=reason.text(language))
            yield hang(said, width=console.width, first="  ", rest="    ")
    if not plan.actions:
        return
    yield Text("")
    yield heading(word("page_actions"))
    for action in plan.actions:
        late = f", {word('action_late')}" if action.is_late(day) else ""
        parts = [f"{word(f'action_{action.state}')}{late}"]
        parts += [word("action_until", day=_short(action.end))] if action.end else []
        parts += [action.owner]
        parts += [_effects(action, word("effect_expected"), word("effect_measured"))]
        text = word(
            "page_colon", name=f"{action.id} {action.title}", text=series(filter(None, parts))
        )
        yield hang(text, width=console.width, first="  ", rest="    ")


def _effects(action: Action, expected: str, measured: str) -> str:
    parts = [(expected, action.expected), (measured, action.measured)]
    return series(f"{word} {_effect(each)}" for word, each in parts if each is not None)


def _effect(effect: Saving) -> str:
    numbers = ((effect.tonnes, "tCO2e"), (effect.kwh, "kWh"), (effect.euros, "EUR"))
    said = (amount(digits(number, 6), unit) for number, unit in numbers if number is not None)
    return ", ".join(said)


def _short(day: dt.date) -> str:
    """Return a day in figures, as the language in force writes it."""
    return f"{day:%d/%m/%Y}" if spoken() == "fr" else str(day)


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
