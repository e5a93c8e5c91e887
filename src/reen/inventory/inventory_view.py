"""The view of an inventory: its content, what of it can be measured, what to answer first.

Input: an `Inventory`.  Output: a `View` in the language in force.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from reen.inventory.holdings import counts_of, holdings_of, linked_in_words
from reen.inventory.inventory import Inventory
from reen.inventory.issues import Severity
from reen.inventory.questions import question_text
from reen.reasons import say, spoken
from reen.views.figures import joined, of_items, series
from reen.views.model import Breakdown, Point, View, breakdown_of
from reen.vocabulary.titles import bundled_title, status_title

__all__ = ["inventory_view"]


def inventory_view(
    inventory: Inventory,
    *,
    title: str = "",
    type_title: Callable[[str], str] = bundled_title,
    typed: Callable[[str], str] = str,
) -> View:
    """Return the view of an inventory.

    Parameters
    ----------
    inventory
        What is shown.
    title
        Its first line, such as the name of its file; what it holds when not given.
    type_title
        Titles of types, those of plugins among them.
    typed
        How the messages of the library are written where a person types options.
    """
    work = inventory.worklist
    points = sorted(_points(inventory, type_title), key=lambda point: point.rank)
    holds = _holds(inventory)
    return View(
        kind="inventory",
        title=title or holds,
        headline=(*((holds,) if title else ()), work.headline.text(), *_beside(inventory)),
        breakdowns=(_equipment(inventory, type_title),) if len(inventory) else (),
        mend_first=tuple(points),
        mend_title=say("page_answer_first", asked=say("page_questions", count=len(work))),
        stands_out=tuple(_worst(inventory, typed)),
        rests_on=tuple(_rests_on(inventory)),
    )


def _holds(inventory: Inventory) -> str:
    holdings = holdings_of(inventory).values()
    total = math.fsum(each.quantity for each in holdings)
    items = say("page_items", count=of_items(total))
    said = say("page_items_in", items=items, rows=say("account_rows", count=len(inventory)))
    unknown = sum(each.unknown for each in holdings)
    return f"{said}, {say('page_rows_unknown', count=unknown)}" if unknown else said


def _beside(inventory: Inventory) -> Iterator[str]:
    if said := linked_in_words(inventory):
        yield say("page_and_linked", rest=joined(said))


def _equipment(inventory: Inventory, type_title: Callable[[str], str]) -> Breakdown:
    rows = []
    for (kind, status), holding in holdings_of(inventory).items():
        label = type_title(kind) if kind else say("page_without_type")
        if status:
            label = f"{label}, {status_title(status)}"
        known = holding.rows > holding.unknown
        rows.append(
            (label, (holding.quantity if known else None, float(holding.rows)), (False,) * 2)
        )
    frame = Breakdown(
        head=say("page_equipment"),
        columns=(say("page_items_head"), say("page_rows_head")),
        unit="item",
    )
    return breakdown_of(frame, rows)


def _points(inventory: Inventory, type_title: Callable[[str], str]) -> Iterator[Point]:
    """Yield the questions of the worklist, by the items that they block."""
    for question in inventory.worklist:
        text = str(question_text(question))
        named = (each for each in question.proposals if each not in ("-", "keep", "total"))
        words = ", ".join(each if spoken() == "en" else type_title(each) for each in named)
        if words:
            text = series([text, say("page_perhaps", words=words)])
        yield Point(text, items=question.blocked, weight=question.blocked)


def _worst(inventory: Inventory, typed: Callable[[str], str]) -> Iterator[str]:
    """Yield what is counted, and what of it is worst."""
    said = counts_of(inventory.issues)
    if not said:
        yield say("page_nothing_odd")
        return
    asked = {each.reason for each in inventory.worklist}
    worst = [
        issue
        for issue in inventory.issues
        if issue.severity in (Severity.REJECTED, Severity.DOUBT) and issue.reason not in asked
    ]
    yield say("page_colon", name=said, text=typed(str(worst[0]))) if worst else said


def _rests_on(inventory: Inventory) -> Iterator[str]:
    account = inventory.account
    fates = [
        say(f"account_{fate.name.lower()}", count=rows)
        for fate, rows in account.rows_by_fate.items()
        if rows
    ]
    if account.rows:
        rows = say("account_rows", count=account.rows)
        yield say("page_rows_of_files", rows=rows, fates=", ".join(fates))
    report = inventory.report
    if report is None:
        return
    assumed = list(
        dict.fromkeys(str(each) for one in inventory.reports for each in one.assumptions)
    )
    if assumed:
        told = series(each.removesuffix(".") for each in assumed[:2])
        yield say("page_colon", name=say("page_read_assumed"), text=told)
    read = [f"{header} ({column})" for column, header in report.mapped.items()]
    if read:
        yield say("view_columns", count=len(read), names=", ".join(read))
    left = [*report.kept, *report.left_out]
    if left:
        yield say("view_columns_left", count=len(left), names=", ".join(left))
