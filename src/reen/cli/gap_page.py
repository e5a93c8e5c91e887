"""Why two methods differ, as a part of the page of a comparison: sentence, effects, what weighs.

Input: a `Gap`.  Output: rich renderables.  The figures of a pair are all written as its sentence
writes them, so that they can be checked against each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from reen.cli.tables import hang, heading, paragraph, table
from reen.cli.titles import Sheet, bound
from reen.views.figures import percent

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from reen.types import Gap

__all__ = ["gap_page"]

#: Lines of the tables of what weighs most in a gap.
_RANKED = 5

#: What tells the causes of a gap apart.
_CAUSE = ("name", "only", "stage")


def gap_page(sheet: Sheet, gap: Gap) -> Iterator[RenderableType]:
    """Yield why two methods differ."""
    yield paragraph()
    yield heading(sheet.word("why", a=gap.a, b=gap.b))
    yield hang(gap.sentence(sheet.language), width=sheet.page.width)
    if not any(effect.value for effect in gap.effects):
        return
    yield _effects(sheet, gap)
    yield paragraph()
    yield _ranked(sheet, gap, ["equipment_type"], sheet.word("type"))
    # the types are shown already
    columns = [name for name in gap.grouped_by if name != "equipment_type"]
    if columns:
        yield paragraph()
        yield _ranked(sheet, gap, columns, sheet.columns_title(columns).capitalize())


def _effects(sheet: Sheet, gap: Gap) -> Table:
    """Return the effects from the total of a to that of b, with bars on either side of zero."""
    scale = gap.scale
    unit = sheet.unit(scale.unit)
    effects = {key: value for key, value in gap.by(*_CAUSE).items() if value}
    largest = max(map(abs, effects.values()))
    below = any(value < 0.0 for value in effects.values())
    made = table(sheet.word("cause"), sheet.word("stage"), unit, right=[unit])
    if below:
        made.add_column("", justify="right")
    made.add_column("")

    def ends(name: str, total: float | None, *, low: bool) -> None:
        text = scale.text(total or 0.0, language=sheet.language)
        made.add_row(name, "", bound(left_out=low, grows=True) + text)

    ends(gap.a, gap.assessed_a, low=gap.at_least[0])
    for (name, only, stage), value in effects.items():
        bars = [sheet.bar(-value / largest, columns=2)] if below else []
        made.add_row(
            sheet.cause(name, only),
            sheet.stage_title(str(stage)),
            scale.text(value, language=sheet.language, sign=True),
            *bars,
            sheet.bar(value / largest, columns=1 + below),
        )
    ends(gap.b, gap.assessed_b, low=gap.at_least[1])
    return made


def _ranked(sheet: Sheet, gap: Gap, columns: Sequence[str], title: str) -> Table:
    """Return the largest effects by cause and by some columns."""
    scale = gap.scale
    unit, share = sheet.unit(scale.unit), sheet.word("share")
    made = table(sheet.word("rank"), sheet.word("stage"), title, unit, share, right=[unit, share])
    for each in gap.rank(*_CAUSE, *columns, top=_RANKED):
        if not each.value:
            break
        name, only, stage, *place = each.key
        key: Mapping[str, object] = dict(zip(columns, place, strict=True))
        made.add_row(
            sheet.cause(name, only),
            sheet.stage_title(str(stage)),
            sheet.group_title(key),
            scale.text(each.value, language=sheet.language, sign=True),
            "" if math.isnan(each.share) else percent(each.share),
        )
    return made
