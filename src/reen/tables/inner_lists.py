"""Inner lists: what the lists inside the records of a document give, by the rules of a mapping.

Input: a grid of records with its inner lists, the rules of its headers and of its lists.  Output:
the grid with a column for each list that is combined (the sum of the memory modules), and the rows
of each list that a rule names, a list of one included, which documents write as an object alone.

Reads no meaning of a cell but the numbers that it adds up; what it cannot add stays text, which the
reading of numbers refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

import attrs
import numpy as np
import pyarrow as pa

from reen.arrays import numpy_of
from reen.tables.containers.cells import join_text
from reen.tables.containers.grid import INSIDE, RECORD, Grid, inside_records
from reen.tables.headers.header_words import key_of
from reen.tables.mapping.mapping import ColumnRule, ListRule

__all__ = ["InnerList", "Unfolded", "unfold"]

_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)

Keep = Callable[[ListRule, Grid], Grid]


@attrs.frozen(eq=False)
class InnerList:
    """A list inside the records of a document.

    Attributes
    ----------
    path
        Where it stands in a record: ``content.monitors``.
    rows
        Its rows; the column `RECORD` has the line of the record of each.
    rule
        What it is; None where no rule names it.
    """

    path: str
    rows: Grid
    rule: ListRule | None = None


@attrs.frozen(eq=False)
class Unfolded:
    """A grid of records and the lists inside them.

    Attributes
    ----------
    grid
        The records, with a column for each combined list.
    lists
        The lists, in the order of the document.
    """

    grid: Grid
    lists: tuple[InnerList, ...] = ()


def unfold(
    grid: Grid,
    rules: Mapping[str, ColumnRule],
    lists: Sequence[ListRule],
    keep: Keep = lambda _, rows: rows,
) -> Unfolded:
    """Return what the lists inside the records of a grid give.

    Parameters
    ----------
    grid
        Records of a document.
    rules
        Rule of each header, by its normal form; those that combine name a column of a list
        (``content.memories.capacity``), or the list itself when they count its rows.
    lists
        What the lists are; the last of two for one list counts.
    keep
        The rows of a list with a rule that are combined; all by default.
    """
    around = f"{grid.details['list']}." if "list" in grid.details else ""
    found: dict[str, InnerList] = {}
    for each in grid.inner:
        path = each.details["list"].removeprefix(around)
        found[key_of(path)] = InnerList(path, each)
    for rule in lists:
        key = key_of(rule.path)
        grid, alone = _lists_of_one(grid, rule.path)
        if alone is not None:
            found[key] = InnerList(rule.path, alone)
        if key in found:
            found[key] = attrs.evolve(found[key], rule=rule)
    columns: dict[str, pa.Array] = {}
    for one in found.values():
        rows = one.rows if one.rule is None else keep(one.rule, one.rows)
        columns.update(_combined(grid, attrs.evolve(one, rows=rows), rules))
    others = [one.rows for one in found.values() if one.rule is None or not one.rule.kind]
    remarks = [remark for remark in grid.remarks if remark.code != INSIDE]
    grid = attrs.evolve(grid, remarks=(*inside_records(others), *remarks))
    return Unfolded(_with_columns(grid, columns), tuple(found.values()))


def _lists_of_one(grid: Grid, path: str) -> tuple[Grid, Grid | None]:
    """Return the records without the columns of a list, and those columns as its rows.

    A record that holds a list of one as an object alone has it flattened: ``MONITORS.SERIAL``.  A
    document in which another record has several of them gives a list of all.
    """
    if grid.header is None:
        return grid, None
    prefix = tuple(map(key_of, path.split(".")))
    inside = {
        at: ".".join(parts[len(prefix) :])
        for at, name in enumerate(grid.header)
        if len(parts := name.split(".")) > len(prefix)
        and tuple(map(key_of, parts[: len(prefix)])) == prefix
    }
    if not inside:
        return grid, None
    filled = np.zeros(grid.height, np.bool_)
    for at in inside:
        filled |= numpy_of(grid.columns[at].is_valid())
    chosen = pa.array(filled)
    records = pa.array(grid.lines[filled]).cast(pa.string())
    columns = (records, *(grid.columns[at].filter(chosen) for at in inside))
    written = ".".join(grid.header[next(iter(inside))].split(".")[: len(prefix)])
    file, around = _file_and_list(grid)
    where = f"{around}.{written}" if around else written
    rows = Grid(
        f"{file}[{where}]",
        columns,
        np.arange(1, len(records) + 1, dtype=np.int64),
        (RECORD, *inside.values()),
        {"list": where},
    )
    rest = [at for at in range(grid.width) if at not in inside]
    kept = attrs.evolve(
        grid,
        columns=tuple(grid.columns[at] for at in rest),
        header=tuple(grid.header[at] for at in rest),
    )
    return kept, rows


def _file_and_list(grid: Grid) -> tuple[str, str]:
    """Return the file of a grid, and the path of its list in it."""
    path = grid.details.get("list", "")
    return grid.place.removesuffix(f"[{path}]") if path else grid.place, path


def _combined(
    grid: Grid, one: InnerList, rules: Mapping[str, ColumnRule]
) -> Iterator[tuple[str, pa.Array]]:
    """Yield the columns that a list gives to its records, by their header."""
    if one.rows.header is None:
        return
    places = {str(line): at for at, line in enumerate(grid.lines.tolist())}
    records = [places[text] for text in one.rows.columns[0].to_pylist()]
    whole = rules.get(key_of(one.path))
    if whole is not None and whole.combine == "count":
        counts = np.bincount(records, minlength=grid.height).tolist()
        yield one.path, pa.array([str(n) if n else None for n in counts], pa.string())
    for name, column in zip(one.rows.header[1:], one.rows.columns[1:], strict=True):
        header = f"{one.path}.{name}"
        rule = rules.get(key_of(header))
        if rule is None or rule.combine not in _WAYS:
            continue
        cells: list[list[str]] = [[] for _ in range(grid.height)]
        for record, cell in zip(records, column.to_pylist(), strict=True):
            if cell is not None and cell.strip():
                cells[record].append(cell.strip())
        yield header, pa.array(map(_WAYS[rule.combine], cells), pa.string())


def _sum(cells: Sequence[str]) -> str | None:
    """Return the sum of numbers; text that is none keeps all as they are, and is refused later."""
    if not all(_NUMBER.fullmatch(cell) for cell in cells):
        return join_text(cells)
    return str(sum(map(Decimal, cells))) if cells else None


def _first(cells: Sequence[str]) -> str | None:
    return cells[0] if cells else None


_WAYS: Mapping[str, Callable[[Sequence[str]], str | None]] = {"sum": _sum, "first": _first}


def _with_columns(grid: Grid, columns: Mapping[str, pa.Array]) -> Grid:
    if not columns or grid.header is None:
        return grid
    return attrs.evolve(
        grid,
        columns=(*grid.columns, *columns.values()),
        header=(*grid.header, *columns),
    )
