"""Joining: dates and prices of the assets of a fleet, filled in from purchases.

Input: a conformed fleet, each asset once, and conformed purchases.  Output: the same rows of the
fleet, blank purchase dates and prices filled; what the fleet states is never replaced, and no row
is added.

A purchase belongs to an asset by its serial number; else the lines of one order do, where they are
of its type (and of its model, when both state one) and agree.  Where types contradict, nothing is
filled.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.issues import Issue, Severity
from reen.inventory.schema import EQUIPMENT
from reen.reasons import Reason
from reen.tables.identity.identifiers import comparable, is_rounded, is_shapeless
from reen.vocabulary.text import normalise
from reen.vocabulary.units import conversion_factor

__all__ = ["Joined", "join_purchases"]

#: Columns of the fleet, and those of purchases that fill them.
_FILLED = {"purchase_date": "date", "price": "unit_price"}

#: Days between order, delivery and invoice of one asset.
_SAME_PURCHASE_DAYS = 62

Truths = npt.NDArray[np.bool_]


@attrs.frozen(eq=False)
class Joined:
    """A fleet that knows its purchases.

    Attributes
    ----------
    table
        The rows of the fleet.
    filled
        How many cells of each column were filled.
    issues
        Purchases that contradict the fleet or each other.
    """

    table: pa.Table
    filled: Mapping[str, int]
    issues: tuple[Issue, ...] = ()


@attrs.frozen
class _Line:
    """What one purchase says."""

    equipment_type: str | None
    model: str
    date: object
    price: float | None
    precision: str = "day"

    def is_of(self, equipment_type: str | None, model: str) -> bool:
        """Tell whether it may be the purchase of an asset."""
        one_type = None in {self.equipment_type, equipment_type} or (
            self.equipment_type == equipment_type
        )
        ours, theirs = set(self.model.split()), set(model.split())
        return one_type and (not ours or not theirs or ours <= theirs or theirs <= ours)


def join_purchases(fleet: pa.Table, purchases: pa.Table) -> Joined:
    """Return the fleet with blank purchase dates and prices filled from purchases.

    Parameters
    ----------
    fleet
        Conformed equipment, each asset once.
    purchases
        Conformed purchases, numbers in canonical units.

    Returns
    -------
    Joined
        The fleet, how many cells were filled, and what contradicts itself.
    """
    work = _Joining(fleet, purchases)
    for key in ("serial_number", "order_number"):
        if key in fleet.column_names and key in purchases.column_names:
            work.by(key)
    return work.joined()


class _Joining:
    """Cells of the fleet while they are filled."""

    def __init__(self, fleet: pa.Table, purchases: pa.Table) -> None:
        self._fleet = fleet
        self._purchases = purchases
        self._found: dict[str, dict[int, object]] = {name: {} for name in _FILLED}
        self._precision: dict[int, str] = {}
        self._issues: list[Issue] = []
        self._told: set[int] = set()

    def by(self, key: str) -> None:
        """Fill from the purchases that share an identifier with an asset."""
        lines = self._lines(key)
        words = comparable(self._fleet[key])
        known_words = pc.is_in(words, value_set=pa.array(list(lines), pa.string()))
        hits = np.flatnonzero(numpy_of(known_words)).astype(np.int64)
        rows = pa.array(hits, pa.int64())
        there = words.take(rows).to_pylist()
        if key == "serial_number":  # one serial on several assets is none
            once = {word for word, count in _counted(there).items() if count == 1}
            kept = [place for place, word in enumerate(there) if word in once]
            hits, there = hits[kept], [there[place] for place in kept]
            rows = pa.array(hits, pa.int64())
        known = {
            name: _cells(self._fleet, name, rows)
            for name in ("equipment_type", "model", *_FILLED, "source", "source_row")
        }
        for place, (row, word) in enumerate(zip(hits.tolist(), there, strict=True)):
            asset = {name: cells[place] for name, cells in known.items()}
            self._asset(row, key, word, asset, lines[word])

    def _lines(self, key: str) -> dict[str, list[_Line]]:
        """Return the purchases by identifier; those that prove nothing are left out."""
        table = self._purchases
        rows = pa.array(np.arange(table.num_rows), pa.int64())
        cells = zip(
            comparable(table[key]).to_pylist(),
            _cells(table, "equipment_type", rows),
            _cells(table, "model", rows),
            _cells(table, "date", rows),
            _cells(table, "unit_price", rows),
            _cells(table, "date_precision", rows),
            strict=True,
        )
        lines: dict[str, list[_Line]] = {}
        for word, kind, model, date, price, precision in cells:
            if word is None or is_rounded(word) or is_shapeless(word):
                continue
            line = _Line(
                _type(kind),
                normalise(str(model or "")),
                date,
                _price(price),
                str(precision or "day"),
            )
            lines.setdefault(word, []).append(line)
        return lines

    def _asset(
        self, row: int, key: str, word: str, asset: Mapping[str, object], lines: Sequence[_Line]
    ) -> None:
        """Fill the cells of one asset from the purchases of its identifier."""
        of_it = [
            line
            for line in lines
            if line.is_of(_type(asset["equipment_type"]), normalise(str(asset["model"] or "")))
        ]
        if not of_it:
            if key == "serial_number":
                self._tell(row, key, word, "purchase_contradicts", asset)
            return
        said: dict[str, set[object]] = {
            "purchase_date": {line.date for line in of_it if line.date is not None},
            "price": {line.price for line in of_it if line.price is not None},
        }
        for name, values in said.items():
            stated = asset[name]
            if not _is_blank(stated):
                if name == "purchase_date" and key == "serial_number":
                    self._compare(row, stated, values, asset)
                continue
            if row in self._found[name] or not values:
                continue
            if len(values) == 1:
                self._found[name][row] = next(iter(values))
                if name == "purchase_date":
                    self._precision[row] = next(
                        line.precision for line in of_it if line.date is not None
                    )
            else:
                self._tell(row, key, word, "purchases_differ", asset)

    def _compare(
        self, row: int, stated: object, values: set[object], asset: Mapping[str, object]
    ) -> None:
        """Tell a purchase long before or after the date that the fleet states."""
        apart = [abs((value - stated).days) for value in values]  # type: ignore[operator]
        if apart and min(apart) > _SAME_PURCHASE_DAYS:
            self._tell(row, "purchase_date", str(stated), "purchase_of_another_day", asset)

    def _tell(
        self, row: int, column: str, value: str, code: str, asset: Mapping[str, object]
    ) -> None:
        if row in self._told:
            return
        self._told.add(row)
        line = asset["source_row"]
        self._issues.append(
            Issue(
                column,
                value,
                Reason(code),
                severity=Severity.NOTE,
                source=str(asset["source"] or ""),
                rows=(line if isinstance(line, int) else row,),
            )
        )

    def joined(self) -> Joined:
        """Return the fleet with the cells found."""
        table = self._fleet
        for name, found in self._found.items():
            if found:
                table = _filled(table, name, found)
        if "purchase_date_precision" in table.column_names:
            if self._precision:
                table = _filled(table, "purchase_date_precision", self._precision)
        elif set(self._precision.values()) - {"day"}:
            stated = numpy_of(table["purchase_date"].is_valid())
            known = dict.fromkeys(np.flatnonzero(stated).tolist(), "day")
            table = _filled(table, "purchase_date_precision", known | self._precision)
        counts = {name: len(found) for name, found in self._found.items()}
        return Joined(table, counts, tuple(self._issues))


def _counted(words: Sequence[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts


def _cells(table: pa.Table, name: str, rows: pa.Array) -> list[object]:
    if name not in table.column_names:
        return [None] * len(rows)
    cells: list[object] = table[name].take(rows).to_pylist()
    return cells


def _type(word: object) -> str | None:
    return None if word in {None, "unknown"} else str(word)


def _price(value: object) -> float | None:
    return value if isinstance(value, float) and not math.isnan(value) else None


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _filled(table: pa.Table, name: str, found: Mapping[int, object]) -> pa.Table:
    """Return a table with some cells of a column written; the column is added where it lacks."""
    unit = EQUIPMENT[name].unit
    kind = {"purchase_date": pa.date32(), "price": pa.float64()}.get(name, pa.string())
    rows = np.fromiter(found, np.int64, len(found))
    values = list(found.values())
    if name not in table.column_names:
        metadata = {"unit": unit} if unit else None
        field = pa.field(name, kind, metadata=metadata)
        old = pa.chunked_array([pa.nulls(table.num_rows, kind)])
        table = table.append_column(field, old)
    index = table.column_names.index(name)
    field = table.schema.field(index)
    if unit:
        own = (field.metadata or {}).get(b"unit", unit.encode()).decode()
        factor = conversion_factor(unit, own, what=f"column {name!r}")
        values = [value * factor for value in values if isinstance(value, float)]
    cells = table.column(index)
    new = pa.array(values, kind)
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(pa.string())
    place = np.arange(table.num_rows, dtype=np.int64)
    place[rows] = table.num_rows + np.arange(len(rows))
    written = pa.chunked_array([*cells.chunks, new]).take(pa.array(place))
    if written.type != field.type:
        written = written.dictionary_encode().cast(field.type)
    return table.set_column(index, field, written)
