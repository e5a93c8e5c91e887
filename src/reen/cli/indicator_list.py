"""The list of indicators: what each one is, computed from nothing.

Input: indicators and the registry that says which plugin gives them.  Output: a page, or JSON.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs
import click
from rich.console import RenderableType
from rich.text import Text

from reen.cli.output import emit_json, emit_page
from reen.cli.screen import Screen
from reen.cli.speech import translated
from reen.cli.tables import hang, heading, series
from reen.monitoring.value_words import target_text
from reen.plugin import Registry
from reen.plugin.indicators import Indicator
from reen.reasons import Reason, say, spoken

__all__ = ["list_indicators"]


def list_indicators(
    chosen: Iterable[Indicator], registry: Registry, made: str, output: Path | None
) -> None:
    """Show what each indicator is.

    Raises
    ------
    click.UsageError
        A format that a list does not have.
    """
    if made == "json":
        emit_json([_content(each, registry) for each in chosen], output)
        return
    if made != "table":
        message = say("error_list_shown_table_json")
        raise click.UsageError(message, click.get_current_context())

    def page(screen: Screen) -> Iterator[RenderableType]:
        for number, each in enumerate(chosen):
            if number:
                yield Text("")
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


def _content(indicator: Indicator, registry: Registry) -> dict[str, object]:
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
        "targets": [attrs.asdict(target, value_serializer=_plain) for target in indicator.targets],
        "plugin": str(registry.origins.get(("indicator", indicator.name), "")),
    }


def _plain(_: object, __: object, value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value
