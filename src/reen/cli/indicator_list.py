"""The list of indicators: what each one is, computed from nothing.

Input: indicators and the registry that says which plugin gives them.  Output: a page, or JSON.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs
import click
from rich.console import Console, RenderableType
from rich.text import Text

from reen.cli.output import emit_json, emit_page
from reen.cli.tables import hang, heading
from reen.plugin import Registry
from reen.plugin.indicators import Indicator
from reen.reasons import say

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

    def page(console: Console) -> Iterator[RenderableType]:
        for number, each in enumerate(chosen):
            if number:
                yield Text("")
            yield heading(f"{each.name} [{each.unit}]")
            facts = {"": f"{each.title_en} ({each.title_fr})"} | {
                "formula": each.formula,
                "needs": ", ".join(each.needs),
                "source": each.source,
                "REEN axis": str(each.axis) if each.axis else "all",
                "better": str(each.direction) if each.direction != "none" else "neither way",
                "target": "; ".join(
                    f"{target.text(each.unit)}: {target.source}" for target in each.targets
                ),
                "plugin": str(registry.origins.get(("indicator", each.name), "")),
            }
            for label, text in facts.items():
                if text:
                    first = f"  {label}: " if label else "  "
                    yield hang(text, width=console.width, first=first, rest="    ")

    emit_page(page, output)


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
