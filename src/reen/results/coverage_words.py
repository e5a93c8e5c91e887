"""What became of the rows of a footprint, in words: parts of the life cycle, items, types.

Input: rows of a coverage.  Output: texts in the language in force, and rows put together that fared
alike.  Shared by the view of a footprint and by its long page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import attrs

from reen.engine.exchanges import Status
from reen.reasons import say, title_of
from reen.results.coverage import CoverageRow
from reen.results.footprint import Footprint
from reen.views.figures import count, joined

__all__ = [
    "CoverageLine",
    "beside_kind",
    "items_of",
    "merged_lines",
    "once",
    "part_titles",
    "type_of",
    "unused_columns",
    "whole",
]

#: What a kind of flow of a table beside the equipment is about.
_BESIDE = {"service": "page_services", "waste": "page_waste"}


@attrs.define(eq=False, repr=False)
class CoverageLine:
    """Rows of one type that fared alike in some flow kinds."""

    row: CoverageRow
    kinds: list[str]


def merged_lines(rows: Iterable[CoverageRow]) -> list[CoverageLine]:
    """Return one line for the same rows under the same reason in several parts."""
    lines: dict[object, CoverageLine] = {}
    for row in rows:
        places = tuple((each.source, each.row) for each in row.examples)
        key = (row.equipment_type, row.reason, row.quantity, row.rows, row.unknown, places)
        if key in lines:
            lines[key].kinds.append(row.kind)
        else:
            lines[key] = CoverageLine(row, [row.kind])
    # What has no known quantity may weigh most: it comes first.
    return sorted(lines.values(), key=lambda line: (-line.row.unknown, -line.row.quantity))


def beside_kind(row: CoverageRow) -> str:
    """Return the kind of flow of a table beside the equipment; empty where it is the equipment."""
    return row.kind if row.kind in _BESIDE else ""


def once(rows: Iterable[CoverageRow]) -> list[CoverageRow]:
    """Return rows of which the same items in several parts of the life cycle are there once.

    One part may divide them otherwise than another does (by what else is assumed of them): of each
    type, the part that has the most rows stands for the others.
    """
    parts: dict[tuple[str, str], dict[str, list[CoverageRow]]] = {}
    for row in rows:
        parts.setdefault((row.equipment_type, beside_kind(row)), {}).setdefault(
            row.kind, []
        ).append(row)
    largest = (max(kinds.values(), key=_size) for kinds in parts.values())
    return [row for part in largest for row in part]


def _size(rows: Sequence[CoverageRow]) -> tuple[int, float]:
    return sum(row.rows for row in rows), sum(row.quantity for row in rows)


def part_titles(footprint: Footprint, rows: Iterable[CoverageRow]) -> dict[str, str]:
    """Return the part of the life cycle of each flow kind, in words."""
    stages = {klass.kind: klass.stages for klass in footprint.fold.classes}
    parts = {}
    for kind in dict.fromkeys(row.kind for row in rows):
        seen = [stage for stage in stages[kind] if stage in footprint.stages] or stages[kind]
        if kind in _BESIDE and footprint.boundary:
            parts[kind] = say(_BESIDE[kind])
            continue
        parts[kind] = joined(title_of(stage).lower() for stage in seen).capitalize()
    return parts


def type_of(row: CoverageRow, title: Callable[[str], str]) -> str:
    """Return the title of the type of some rows, or what they have instead of one."""
    if row.equipment_type:
        return title(row.equipment_type)
    written = dict.fromkeys(each.text for each in row.examples if each.text)
    if not written:
        return say("page_no_type")
    return say("page_unknown_type", written=", ".join(written))


def items_of(rows: Sequence[CoverageRow]) -> str:
    """Return items in words, or rows where no quantity is known."""
    said = []
    for kind in sorted(set(map(beside_kind, rows))):
        mine = [row for row in rows if beside_kind(row) == kind]
        if any(row.rows > row.unknown for row in mine):
            quantity = whole(sum(row.quantity for row in mine))
            said.append(say(f"page_items_{kind}" if kind else "page_items", count=quantity))
    unknown = sum(row.unknown for row in rows)
    if unknown:
        said.append(say("page_rows_unknown", count=unknown))
    return joined(said)


def beside(footprint: Footprint) -> str:
    """Return what the total includes beside the fleet, in words; empty for the fleet alone."""
    kinds = {row.kind for row in footprint.coverage if row.status is Status.ASSESSED}
    return joined(say(f"page_holds_{kind}") for kind in sorted(kinds & _BESIDE.keys()))


def known_of(kind: str, known: float, total: float) -> str:
    """Return how many of what a kind of flow counts are known: items, lines, what was disposed."""
    code = f"page_known_of_{kind}" if kind in _BESIDE else "page_known_of"
    return say(code, known=count(known), count=whole(total))


def whole(value: float) -> float:
    """Return a number of items: whole where it is, of two decimals otherwise."""
    return int(value) if float(value).is_integer() else round(value, 2)


def unused_columns(footprint: Footprint) -> str:
    """Return which columns the rows fill and the method does not look at; empty for none."""
    columns = [
        say("page_unused_column", column=each.column, count=each.rows)
        for each in footprint.coverage.unused
    ]
    return say("page_unused", columns=", ".join(columns)) if columns else ""
