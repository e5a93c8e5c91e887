"""A change between two years as a page: the sentence, what it rests on, the effects and their rows.

Input: a `Change`.  Output: rich renderables, in reading order, in English or in French.  The
figures and sentences are the library's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import attrs

from reen.cli.account_page import account_blocks
from reen.cli.tables import hang, heading, paragraph, table
from reen.cli.titles import Titles, bound
from reen.reasons import Reason
from reen.results.change_wording import cause_title
from reen.views.figures import percent, series

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    import reen
    from reen.cli.page import Page
    from reen.vocabulary.criteria import Criteria

__all__ = ["change_page"]


@attrs.frozen
class _Sheet(Titles):
    """The page that is being written.

    Attributes
    ----------
    change, page, language
        What is shown, the frame that it is shown in, ``en`` or ``fr``.
    names
        Names of the two years.
    """

    prefix: ClassVar[str] = "change_page"
    change: reen.types.Change
    page: Page
    language: str
    names: tuple[str, str]

    @property
    def vocabulary(self) -> Criteria:
        return self.change.vocabulary

    def cause(self, cause: object, detail: object) -> str:
        """Return the title of a cause."""
        return cause_title(str(cause), str(detail or ""), self.language)


def change_page(
    change: reen.types.Change, page: Page, *, names: tuple[str, str], language: str
) -> Iterator[RenderableType]:
    """Yield the blocks of the page of a change; `names` are those of the two years."""
    sheet = _Sheet(change, page, language, names)
    if not change.criteria:
        yield hang(sheet.word("nothing"), width=page.width)
    else:
        yield from _figures(sheet, change.criteria[0])
    for each, name in zip((change.restated, change.after), names, strict=True):
        yield paragraph()
        yield heading(Reason("page_colon", name=sheet.word("rows"), text=name).text(language))
        yield from account_blocks(
            each.account, width=page.width, limit=page.limit, language=language
        )
    yield paragraph()
    yield hang(_made_with(sheet), width=page.width, first=sheet.word("made"))


def _figures(sheet: _Sheet, first: str) -> Iterator[RenderableType]:
    change, width = sheet.change, sheet.page.width
    scale = change.scale(first)
    yield heading(f"{sheet.criterion_title(first)}, {sheet.unit(scale.unit)}")
    yield hang(change.sentence(sheet.language, criterion=first), width=width)
    for note in change.notes(sheet.language, criterion=first):
        yield hang(note, width=width, first="- ", rest="  ")
    yield paragraph()
    yield _totals(sheet, first)
    if len(change.criteria) > 1:
        yield paragraph()
        yield heading(sheet.word("other_criteria"))
        for key in change.criteria[1:]:
            said = change.sentence(sheet.language, criterion=key)
            yield hang(said, width=width, first=f"{sheet.criterion_title(key)} - ", rest="  ")
        text = sheet.word("rest", criterion=sheet.criterion_title(first))
        yield hang(text, width=width)
    if not any(change.by_cause(criterion=first).values()):
        return
    yield paragraph()
    yield _effects(sheet, first)
    yield paragraph()
    yield _ranked(sheet, first, ["equipment_type"], sheet.word("type"))
    columns = [name for name in change.by if name != "equipment_type"]
    if columns:
        yield paragraph()
        yield _ranked(sheet, first, columns, sheet.columns_title(columns).capitalize())
    yield hang(sheet.word("follow"), width=width)


def _totals(sheet: _Sheet, criterion: str) -> Table:
    """Return the totals of the years: as printed, as measured then, measured again, and now."""
    change = sheet.change
    scale = change.scale(criterion)
    unit = sheet.unit(scale.unit)
    made = table(sheet.word("year"), sheet.word("as_of"), unit, "", right=[unit])
    totals = change.totals(criterion)
    if change.before == change.restated:
        del totals["before"]
    known = [each.value for each in totals.values() if not math.isnan(each.value)]
    largest = max(map(abs, known), default=0.0)
    steps = {"printed": change.printed or change.before, "before": change.before}
    steps |= {"restated": change.restated, "after": change.after}
    for name, total in totals.items():
        title = sheet.word(name, before=sheet.names[0], after=sheet.names[1])
        value = 0.0 if math.isnan(total.value) else total.value
        made.add_row(
            title,
            steps[name].provenance.as_of,
            bound(left_out=not total.complete, grows=total.lower_bound)
            + scale.text(value, language=sheet.language),
            sheet.bar(value / largest if largest else 0.0),
        )
    return made


def _effects(sheet: _Sheet, criterion: str) -> Table:
    """Return the effects by cause and detail, with bars on either side of zero."""
    scale = sheet.change.scale(criterion)
    unit = sheet.unit(scale.unit)
    sums = sheet.change.by_cause("detail", criterion=criterion)
    effects = {key: value for key, value in sums.items() if value}
    largest = max(map(abs, effects.values()))
    made = table(sheet.word("cause"), unit, "", "", right=[unit])
    made.columns[2].justify = "right"
    for (cause, detail), value in effects.items():
        made.add_row(
            sheet.cause(cause, detail),
            scale.text(value, language=sheet.language, sign=True),
            sheet.bar(-value / largest, columns=2),
            sheet.bar(value / largest, columns=2),
        )
    return made


def _ranked(sheet: _Sheet, criterion: str, columns: Sequence[str], title: str) -> Table:
    """Return the largest effects by cause and by some columns."""
    scale = sheet.change.scale(criterion)
    unit, share = sheet.unit(scale.unit), sheet.word("share")
    made = table(sheet.word("rank"), title, unit, share, right=[unit, share])
    lines = sheet.change.rank("cause", "detail", *columns, criterion=criterion)
    lines = tuple(each for each in lines if each.value)
    shown = lines[: sheet.page.head(len(lines))]
    for each in shown:
        cause, detail, *place = each.key
        key: Mapping[str, object] = dict(zip(columns, place, strict=True))
        made.add_row(
            sheet.cause(cause, detail),
            sheet.group_title(key),
            scale.text(each.value, language=sheet.language, sign=True),
            "" if math.isnan(each.share) else percent(each.share),
        )
    if len(shown) < len(lines):
        made.add_row(sheet.word("others", count=len(lines) - len(shown)), "", "", "")
    return made


def _made_with(sheet: _Sheet) -> str:
    change = sheet.change
    steps = [change.before, change.restated, change.after]
    if change.before == change.restated:
        steps = steps[1:]
    parts = []
    for each in steps:
        about = each.provenance
        packs = ", ".join(f"{pack.name} {pack.version}" for pack in about.packs)
        digest = f"{sheet.word('digest')} {about.hash[:12]}"
        parts.append(
            f"{about.method} {about.method_version}, {about.as_of} ({sheet.word('packs')}"
            f" {series([packs or sheet.word('none'), digest])})"
        )
    return series([f"reen {change.after.provenance.reen_version}", *parts])
