"""Assertions: what must hold for every footprint, whatever the method.

Input: a footprint, and another one, a reference or the inventory it was measured from.  They
raise `AssertionError` naming the first figure that differs; they are no part of the engine.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from reen.engine.exchanges import Status
from reen.inventory.inventory import Inventory
from reen.results.footprint import Footprint
from reen.testing.reference_engine import Cell, Key, ReferenceFootprint, known_quantities

__all__ = ["assert_conserves", "assert_footprints_close"]


def assert_footprints_close(
    footprint: Footprint, expected: Footprint | ReferenceFootprint, *, rtol: float = 1e-12
) -> None:
    """Assert that two footprints have the same groups, figures and coverage.

    Parameters
    ----------
    footprint, expected
        What was found, and a footprint or reference of the same grouping.
    rtol
        Tolerance of every figure and quantity, relative to the sum of the absolute contributions
        to it, so that contributions of opposite signs do not make it stricter.

    Raises
    ------
    AssertionError
        Naming the first figure that differs.
    """
    left = _as_reference(footprint)
    right = expected if isinstance(expected, ReferenceFootprint) else _as_reference(expected)
    _same("number of rows", left.rows, right.rows)
    _same("groups", set(left.groups), set(right.groups))
    _same("assessed cells", _all_in_words(left.values), _all_in_words(right.values))
    for cell, value in right.values.items():
        size = max(left.magnitudes[cell], right.magnitudes[cell])
        _close(_in_words(cell), left.values[cell], value, rtol * size)
    shown = {(stage, key) for stage in footprint.stages for key in footprint.criteria}
    if isinstance(expected, Footprint):
        shown &= {(stage, key) for stage in expected.stages for key in expected.criteria}
    for stage, criterion in sorted(shown):
        for status in Status:
            where = (stage, criterion, status)
            found = left.coverage.get(where, (0.0, 0, 0))
            wanted = right.coverage.get(where, (0.0, 0, 0))
            text = f"{status.label} of {stage}, {criterion}"
            _same(f"rows {text}", found[1:], wanted[1:])
            _close(f"quantity {text}", found[0], wanted[0], rtol * abs(wanted[0]))


def assert_conserves(
    footprint: Footprint, inventory: Inventory | None = None, *, rtol: float = 1e-12
) -> None:
    """Assert that nothing is lost: groups and stages add up, and so do the quantities.

    Parameters
    ----------
    footprint
        Any footprint.
    inventory
        What it was measured from; when given, the quantities must also be those of the inventory.
        Quantities are held where there is equipment alone.
    rtol
        As in `assert_footprints_close`.

    Raises
    ------
    AssertionError
        Naming the first sum that does not hold.
    """
    _assert_sums(footprint, rtol)
    if footprint.boundary:  # a stage is of the rows of some tables, and not of those of others
        return
    coverage = footprint.coverage
    known: list[float] = []
    if inventory is not None:
        _same("number of rows", coverage.rows, len(inventory))
        known = [quantity for quantity in known_quantities(inventory) if quantity is not None]
    for stage in footprint.stages:
        for criterion in footprint.criteria:
            found = coverage.quantities(stage, criterion)
            place = f"of {stage}, {criterion}"
            _same(f"rows {place}", sum(rows for _, rows, _ in found.values()), coverage.rows)
            if inventory is None:
                continue
            quantity = math.fsum(quantity for quantity, _, _ in found.values())
            _close(f"quantity {place}", quantity, math.fsum(known), rtol * math.fsum(known))
            blank = sum(unknown for _, _, unknown in found.values())
            _same(f"rows of unknown quantity {place}", blank, len(inventory) - len(known))


def _assert_sums(footprint: Footprint, rtol: float) -> None:
    """Assert that groups add up to each stage, and stages to the total."""
    reference = _as_reference(footprint)
    for criterion in footprint.criteria:
        sizes: list[float] = []
        totals = footprint.stage_totals(criterion)
        for stage in footprint.stages:
            cells = [cell for cell in reference.values if cell[1:] == (stage, criterion)]
            size = math.fsum(reference.magnitudes[cell] for cell in cells)
            sizes.append(size)
            groups = [reference.values[cell] for cell in cells]
            _same(
                f"groups of {stage}, {criterion} assessed", bool(groups), _assessed(totals[stage])
            )
            if groups:
                text = f"sum of the groups of {stage}, {criterion}"
                _close(text, math.fsum(groups), totals[stage], rtol * size)
        there = [value for value in totals.values() if _assessed(value)]
        total = footprint.total(criterion).value
        _same(f"stages of {criterion} assessed", bool(there), _assessed(total))
        if there:
            text = f"sum of the stages of {criterion}"
            _close(text, math.fsum(there), total, rtol * math.fsum(sizes))


def _assessed(value: float) -> bool:
    return not math.isnan(value)


def _as_reference(footprint: Footprint) -> ReferenceFootprint:
    """Return a footprint as dictionaries, read through its public tables."""
    names = footprint.grouped_by
    rows = footprint.groups.to_pylist() if names else [{}]
    keys = [tuple(row[name] for name in names) for row in rows]
    values: dict[Cell, float] = {}
    impacts = footprint.impacts()
    for g, key in enumerate(keys):
        for s, stage in enumerate(footprint.stages):
            for c, criterion in enumerate(footprint.criteria):
                if _assessed(impacts[g, s, c]):
                    values[key, stage, criterion] = float(impacts[g, s, c])
    sizes = _magnitudes(footprint, keys)
    coverage = {
        (stage, criterion, status): counts
        for stage in footprint.stages
        for criterion in footprint.criteria
        for status, counts in footprint.coverage.quantities(stage, criterion).items()
    }
    return ReferenceFootprint(
        values=values,
        magnitudes={cell: sizes.get(cell, 0.0) for cell in values},
        coverage=coverage,
        groups=frozenset(keys),
        rows=footprint.coverage.rows,
    )


def _magnitudes(footprint: Footprint, keys: Sequence[Key]) -> dict[Cell, float]:
    """Return the sum of the absolute contributions to each figure."""
    factors, cells = footprint.factors, footprint.fold.cells
    parts: dict[Cell, list[float]] = {}
    for group, flow, amount in zip(cells.group, cells.flow, cells.amount, strict=True):
        for s, stage in enumerate(factors.stages):
            for c, criterion in enumerate(factors.criteria):
                size = abs(float(amount) * float(factors.values[flow, s, c]))
                if not math.isnan(size):
                    parts.setdefault((keys[group], stage, criterion), []).append(size)
    return {cell: math.fsum(sizes) for cell, sizes in parts.items()}


def _in_words(cell: Cell) -> str:
    """Return what a figure is of."""
    key, stage, criterion = cell
    group = f" of the group {', '.join(map(str, key))}" if key else ""
    return f"figure of {criterion}, {stage}{group}"


def _all_in_words(cells: Iterable[Cell]) -> set[str]:
    return {_in_words(cell).removeprefix("figure of ") for cell in cells}


def _same(what: str, found: object, expected: object) -> None:
    if found != expected:
        message = f"{what}: {_short(found)}, expected {_short(expected)}"
        if isinstance(found, set) and isinstance(expected, set):
            more, fewer = _only(found - expected), _only(expected - found)
            message = f"{what}: {more} too many, {fewer} lacking"
        raise AssertionError(message)


def _only(items: Iterable[object]) -> str:
    listed = sorted(map(repr, items))
    return f"{len(listed)} ({', '.join(listed[:3])})" if listed else "0"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "..."  # noqa: PLR2004 - a line or two


def _close(what: str, found: float, expected: float, tolerance: float) -> None:
    # A sum of few terms may be one unit in the last place away, whatever its relative tolerance.
    if not abs(found - expected) <= max(tolerance, math.ulp(expected)):
        message = (
            f"{what}: {found!r}, expected {expected!r} within {tolerance!r}"
            f" (they differ by {abs(found - expected)!r})"
        )
        raise AssertionError(message)
