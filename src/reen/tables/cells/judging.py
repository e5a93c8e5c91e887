"""Judging: whether the numbers of a column are plausible in their unit.

Input: number columns that are read, and the type of each row.  Output: columns that are wholly in
another unit (months under "lifetime") in that unit, which is told as a doubt; cells outside the
limits of their type as NaN, which is told with the unit that they are likely in.  A cell with a
unit of its own has wider limits, and is doubted there: that is how an unusual machine is written.

Nothing is replaced by a default, and no cell is guessed alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.errors import DimensionError
from reen.inventory.issues import Severity
from reen.inventory.plausible import (
    ANY_TYPE,
    DOUBTED,
    WIDER,
    Mistake,
    Range,
    mistakes_of,
    ranges_of,
)
from reen.inventory.schema import EQUIPMENT, TableSchema
from reen.reasons import Detail, Reason
from reen.tables.cells.amounts import Amounts
from reen.tables.findings import Findings
from reen.tables.sheet import codes_of
from reen.vocabulary.units import conversion_factor

__all__ = ["Judged", "Types", "judge", "types_of"]

#: Share of the rows that must be implausible before a whole column is read in another unit.
_MOST = 0.5

#: Units whose names are words.
_SPELT_OUT = {name: Reason(f"unit_{name}", count=2) for name in ("year", "month", "day")}

_FLOATS = npt.NDArray[np.float64]
_MASK = npt.NDArray[np.bool_]


@attrs.frozen(eq=False, repr=False)
class Types:
    """The type of each row: a code into `keys`, whose last entry stands for no known type."""

    keys: tuple[str, ...]
    codes: npt.NDArray[np.int32]


@attrs.frozen(eq=False, repr=False)
class Judged:
    """A number column and the unit that it is in."""

    numbers: pa.Array
    unit: str


def types_of(
    words: pa.DictionaryArray | None, rows: int, resolve: Callable[[str], str | None]
) -> Types:
    """Return the types that the words of a column name."""
    if words is None:
        return Types((ANY_TYPE,), np.zeros(rows, np.int32))
    keys = [resolve(word) or ANY_TYPE for word in words.dictionary.to_pylist()]
    codes = codes_of(words).copy()
    codes[codes < 0] = len(keys)
    return Types((*keys, ANY_TYPE), codes)


def judge(
    column: str,
    amounts: Amounts,
    *,
    header_unit: str,
    types: Types,
    lines: npt.NDArray[np.int64],
    findings: Findings,
    schema: TableSchema = EQUIPMENT,
    assumed: bool = False,
) -> Judged:
    """Return a column with its implausible cells as NaN, in the unit that the whole column shows.

    Parameters
    ----------
    column, amounts
        Canonical column, and what its cells hold.
    header_unit
        Unit of the header, empty when it names none.
    types
        Type of each row.
    lines, findings
        Lines of the rows in the file, and where to tell what is odd.
    schema
        The table that the column is of.
    assumed
        Whether the unit is that of a tool in general, and not written in the header: the column may
        be in another one.
    """
    usual = schema[column].unit
    unit = header_unit or usual
    ranges = ranges_of(column, schema)
    if not ranges:
        return Judged(amounts.numbers, unit)
    try:
        factor = conversion_factor(unit, usual)
    except DimensionError:  # refused, with its header, where the column is made canonical
        return Judged(amounts.numbers, unit)
    values: _FLOATS = numpy_of(amounts.numbers)
    low, high = _limits(ranges, types)
    canonical = values if factor == 1.0 else values * factor
    if _all_within(canonical, low, high, types.codes):
        return Judged(amounts.numbers, unit)
    case = _Case(
        column,
        unit,
        usual,
        values,
        amounts.own_unit,
        low[types.codes],
        high[types.codes],
        schema=schema,
    )
    bad = case.outside()
    if not header_unit or assumed:
        mistake = case.whole_column(bad)
        if mistake is not None:
            return case.converted(mistake, amounts.numbers, lines, findings)
    if column in DOUBTED:
        case.tell_unusual(case.outside(strictly=True) & ~bad, lines, findings)
    if not bad.any():
        return Judged(amounts.numbers, unit)
    case.tell(bad, lines, findings)
    blank = numpy_of(amounts.numbers.is_null())
    kept = np.where(bad, np.nan, values)
    return Judged(pa.array(kept, pa.float64(), mask=blank, from_pandas=False), unit)


def _limits(ranges: Mapping[str, Range], types: Types) -> tuple[_FLOATS, _FLOATS]:
    """Return the limits of each type, in the canonical unit."""
    everyone = ranges.get(ANY_TYPE, Range(-np.inf, np.inf))
    found = [ranges.get(key, everyone) for key in types.keys]
    low = np.array([each.minimum for each in found])
    return low, np.array([each.maximum for each in found])


def _all_within(values: _FLOATS, low: _FLOATS, high: _FLOATS, codes: npt.NDArray[np.int32]) -> bool:
    """Tell whether all values lie within their limits; most lie within those of every type."""
    with np.errstate(invalid="ignore"):
        unusual = np.flatnonzero((values < low.max()) | (values > high.min()))
        own, found = codes[unusual], values[unusual]
        return bool(((found >= low[own]) & (found <= high[own])).all())


@attrs.frozen(eq=False, repr=False)
class _Case:
    """A column with cells to be looked at; limits by row, in the canonical unit."""

    column: str
    unit: str
    canonical: str
    values: _FLOATS
    own_unit: _MASK
    low: _FLOATS
    high: _FLOATS
    schema: TableSchema = attrs.field(default=EQUIPMENT, kw_only=True)

    def outside(self, unit: str = "", *, strictly: bool = False) -> _MASK:
        """Return which values are outside the limits when they are in a unit.

        Zero and negative numbers are left to the schema.
        """
        factor = conversion_factor(unit or self.unit, self.canonical)
        wider = np.where(self.own_unit & (not strictly), WIDER, 1.0)
        with np.errstate(invalid="ignore"):
            canonical = self.values * factor
            low = canonical * wider < self.low
            return (self.values > 0.0) & (low | (canonical > self.high * wider))

    def whole_column(self, bad: _MASK) -> Mistake | None:
        """Return the one other unit in which every cell makes sense, when most make none here."""
        plain = (self.values > 0.0) & ~self.own_unit
        bad = bad & plain
        if not bad.any():
            return None
        found = [
            mistake
            for mistake in mistakes_of(self.column, self.schema)
            if self._fits(mistake, plain) and self._shows(mistake, bad, plain)
        ]
        return found[0] if len(found) == 1 else None

    def _fits(self, mistake: Mistake, plain: _MASK) -> bool:
        values = self.values[plain]
        return not self.outside(mistake.unit)[plain].any() and bool((values >= mistake.floor).all())

    def _shows(self, mistake: Mistake, bad: _MASK, plain: _MASK) -> bool:
        if np.count_nonzero(bad) > _MOST * np.count_nonzero(plain):
            return True
        return bool((self.values[plain] % mistake.multiple == 0).all())

    def converted(
        self,
        mistake: Mistake,
        numbers: pa.Array,
        lines: npt.NDArray[np.int64],
        findings: Findings,
    ) -> Judged:
        """Return the column in the other unit, and tell so as a doubt."""
        back = conversion_factor(self.unit, mistake.unit)
        values = np.where(self.own_unit, self.values * back, self.values)
        rows = np.flatnonzero((self.values > 0.0) & ~self.own_unit)
        first = float(self.values[rows[0]])
        canonical = self.canonical
        findings.rows(
            self.column,
            f"{first:g}",
            Reason(
                "column_in_another_unit",
                written=f"{first:g}",
                unit=_short(mistake.unit),
                value=first * conversion_factor(mistake.unit, canonical),
                usual=_short(canonical),
            ),
            lines[rows],
            expected=Reason("unit_in_the_header", unit=_short(mistake.unit)),
            severity=Severity.DOUBT,
        )
        blank = numpy_of(numbers.is_null())
        array = pa.array(values, pa.float64(), mask=blank, from_pandas=False)
        return Judged(array, mistake.unit)

    def tell_unusual(self, rows: _MASK, lines: npt.NDArray[np.int64], findings: Findings) -> None:
        """Doubt the cells that are kept for the unit written in them, and that are hardly so."""
        factor = conversion_factor(self.unit, self.canonical)
        while rows.any():
            first = int(rows.argmax())
            same = rows & (self.values == self.values[first])
            findings.rows(
                self.column,
                f"{self.values[first]:g}",
                Reason(
                    "hardly_plausible",
                    unit=_short(self.unit),
                    low=float(self.low[first]) / factor,
                    high=float(self.high[first]) / factor,
                ),
                lines[same],
                expected=Reason("expect_plausible"),
                severity=Severity.DOUBT,
            )
            rows = rows & ~same

    def tell(self, bad: _MASK, lines: npt.NDArray[np.int64], findings: Findings) -> None:
        """Tell the implausible cells, one issue for each value and limits."""
        rows = np.flatnonzero(bad)
        keys = [
            (float(self.values[k]), float(self.low[k]), float(self.high[k])) for k in rows.tolist()
        ]
        words = pa.array([f"{key}" for key in keys], pa.string()).dictionary_encode()
        first = {word: keys[k] for k, word in reversed(list(enumerate(words.to_pylist())))}
        codes = codes_of(words)
        reasons: dict[Reason, dict[int, str]] = {}
        for code, word in enumerate(words.dictionary.to_pylist()):
            value, low, high = first[word]
            reasons.setdefault(self._reason(value, low, high), {})[code] = f"{value:g}"
        for reason, cells in reasons.items():
            findings.values(
                self.column,
                cells,
                reason,
                codes,
                lines[rows],
                expected=Reason("unit_in_the_cell", unit=_short(self.canonical)),
            )

    def _reason(self, value: float, low: float, high: float) -> Reason:
        factor = conversion_factor(self.unit, self.canonical)
        likely = [
            mistake.unit
            for mistake in mistakes_of(self.column, self.schema)
            if value >= mistake.floor
            and low <= value * conversion_factor(mistake.unit, self.canonical) <= high
        ]
        details: dict[str, Detail] = {
            "unit": _short(self.unit),
            "low": low / factor,
            "high": high / factor,
        }
        if not likely:
            return Reason("implausible", **details)
        return Reason("implausible_unit", likely=_short(likely[0]), **details)


def _short(unit: str) -> str | Reason:
    """Return a unit as people write it: the figures are those of one item anyway."""
    known = _SPELT_OUT.get(unit)
    return unit.replace("/item", "") if known is None else known
