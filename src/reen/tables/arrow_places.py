"""Items by place and type among the rows of canonical Arrow data, added up while the rows pass.

Input: record batches, their quantities, and which rows count.  Output: the rows of places that add
up those of other places, by the evidence that a list gives (`rows.sums_of_places`): the rows of a
group of the same places and type are looked at as one.  Memory follows the number of groups, and
the rows that name no place in particular.

Must not set aside a row: `arrow_sums` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.arrow_grid import PLACES
from reen.tables.findings import Findings
from reen.tables.rows.totals import is_total_label
from reen.tables.sheet import Sheet

__all__ = ["ItemsOfPlaces", "RowsOfSums"]

#: Groups beyond which nothing is looked for, and rows beyond which those of a group are not kept.
_MOST_GROUPS, _MOST_ROWS = 200_000, 100_000
#: Groups of local words that are counted without being sorted.
_FEW_CELLS = 1 << 20
#: Groups that have a sum.
_SEVERAL = 3
#: Two sums that differ by less are the same.
_SAME = 1e-6
#: What a row has that has a model and needs no type.
_OF_A_MODEL = "(model)"
#: A word for all places, for the rows of a folder that is called a total.
_ALL_PLACES = "Tous"

_Floats = npt.NDArray[np.float64]
_Rows = npt.NDArray[np.int64]
_MASK = npt.NDArray[np.bool_]


@attrs.define
class _Group:
    """The rows of the same places and type.

    Attributes
    ----------
    items, rows
        How many items they count, and their number.
    source, line
        Where the first one stands.
    found
        Positions of all of them by the number of the file; None when they are not kept.
    """

    items: float
    rows: int
    source: str
    line: int
    found: list[tuple[int, _Rows]] | None


@attrs.frozen(eq=False)
class RowsOfSums:
    """Rows that add up others.

    Attributes
    ----------
    rows
        Their positions, by the number of the file.
    sources
        How many there are, by what the file is called.
    items
        How many items they are.
    issues
        What is noted of them, or doubted of others.
    """

    rows: Mapping[int, _Rows] = attrs.field(factory=dict)
    sources: Mapping[str, int] = attrs.field(factory=dict)
    items: float = 0.0
    issues: tuple[Issue, ...] = ()


class ItemsOfPlaces:
    """Adds up items by place and type."""

    def __init__(self) -> None:
        self._words: list[list[str]] = [[] for _ in PLACES]
        self._numbers: list[dict[str, int]] = [{} for _ in PLACES]
        self._groups: dict[tuple[int, ...], _Group] = {}
        self._is_full = False
        self._types: dict[str, float] = {}

    def items_of_type(self, word: str) -> float:
        """Return how many items all rows of a type are."""
        return self._types.get(word, 0.0)

    def add(
        self,
        columns: Mapping[str, pa.Array],
        constants: Mapping[str, str | None],
        quantities: _Floats,
        counted: _MASK,
        *,
        file: int,
        source: str,
        passed: int,
    ) -> None:
        """Add the rows of a batch.

        Parameters
        ----------
        columns
            Words of the rows, as text or as a dictionary of texts.
        constants
            Those that all rows have, as the folders of their file say.
        quantities
            How many items each row is.
        counted
            Rows that add up no others, and are no single assets.
        file, source, passed
            The number of the file, what it is called, and its rows above the batch.
        """
        rows = np.flatnonzero(counted & (quantities > 0.0))
        if self._is_full or not len(rows):
            return
        own = quantities if len(rows) == len(quantities) else quantities[rows]
        local: list[tuple[list[str], npt.NDArray[np.int64] | None]] = []
        size = 1
        keys = np.zeros(len(rows), np.int64)
        for name in PLACES:
            words, codes = _codes(columns, constants, name, rows)
            local.append((words, codes))
            size *= len(words)
            if codes is not None:
                keys = keys * len(words) + codes
        if size <= max(_FEW_CELLS, 4 * len(rows)):
            items: _Floats = np.bincount(keys, own, size).astype(np.float64, copy=False)
            counts: _Rows = np.bincount(keys, minlength=size).astype(np.int64, copy=False)
            there = np.flatnonzero(counts)
            first = np.empty(size, np.int64)
            first[keys[::-1]] = np.arange(len(keys) - 1, -1, -1)
            items, counts, first = items[there], counts[there], first[there]
        else:
            there, first, inverse, counts = np.unique(
                keys, return_index=True, return_inverse=True, return_counts=True
            )
            items = np.bincount(inverse.ravel(), own, len(there)).astype(np.float64, copy=False)
            counts = counts.astype(np.int64, copy=False)
        if len(there) > _MOST_GROUPS:
            self._is_full = True
            return
        self._add_groups(
            local, there, (items, counts, rows[first]), keys, rows, (file, source, passed)
        )

    def _add_groups(
        self,
        local: Sequence[tuple[list[str], npt.NDArray[np.int64] | None]],
        there: _Rows,
        found: tuple[_Floats, _Rows, _Rows],
        keys: _Rows,
        rows: _Rows,
        where: tuple[int, str, int],
    ) -> None:
        file, source, passed = where
        numbers = [
            np.array([self._number(k, word) for word in words], np.int64)
            for k, (words, _) in enumerate(local)
        ]
        looked = [
            np.array([self._may_be_all(word) for word in words], np.bool_)
            if any(words)
            else np.zeros(len(words), np.bool_)
            for words, _ in local
        ]
        rest, may_be = there, np.zeros(len(there), np.bool_)
        columns: list[_Rows] = []
        for k in range(len(local) - 1, -1, -1):
            rest, codes = np.divmod(rest, len(local[k][0]))
            columns.insert(0, numbers[k][codes])
            may_be |= looked[k][codes]
        positions = _positions(there, may_be, keys, passed + rows)
        order = np.argsort(found[2], kind="stable")
        types = self._words[-1]
        for k in order.tolist():
            key = tuple(int(column[k]) for column in columns)
            items, count, line = float(found[0][k]), int(found[1][k]), int(found[2][k])
            word = types[key[-1]]
            self._types[word] = self._types.get(word, 0.0) + items
            group = self._groups.get(key)
            if group is None:
                kept: list[tuple[int, _Rows]] | None = [] if k in positions else None
                group = self._groups[key] = _Group(0.0, 0, source, passed + line + 1, kept)
            group.items += items
            group.rows += count
            if group.rows > _MOST_ROWS:
                group.found = None
            if k not in positions:
                group.found = None
            if group.found is not None:
                group.found.append((file, positions[k]))
        self._is_full = len(self._groups) > _MOST_GROUPS

    def _number(self, column: int, word: str) -> int:
        numbers = self._numbers[column]
        number = numbers.get(word)
        if number is None:
            number = numbers[word] = len(numbers)
            self._words[column].append(word)
        return number

    @staticmethod
    def _may_be_all(word: str) -> bool:
        from reen.tables.rows.sums_of_places import may_name_all_places

        return not word or may_name_all_places(word)

    def settled(self, *, was_kept: bool) -> RowsOfSums:
        """Return the rows of places that add up others.

        Parameters
        ----------
        was_kept
            Whether rows can no longer be set aside, and are doubted.
        """
        groups = self._groups
        if self._is_full or len(groups) < _SEVERAL or not self._is_worth_a_look():
            return RowsOfSums()
        from reen.tables.rows.sums_of_places import sums_of_places

        codes = np.array([*groups], np.int64)
        cells = {
            k: pa.array([words[code] or None for code in codes[:, k].tolist()], pa.string())
            for k, words in enumerate(self._words)
        }
        each = [*groups.values()]
        findings = Findings(each[0].source)
        is_sum = sums_of_places(
            Sheet(cells, np.array([group.line for group in each], np.int64)),
            places=[*range(len(PLACES) - 1)],
            types=[len(PLACES) - 1],
            models=[],
            quantities=np.array([group.items for group in each]),
            looked=np.ones(len(each), np.bool_),
            findings=findings,
        )
        issues = findings.issues
        sums = [each[k] for k in np.flatnonzero(is_sum).tolist()]
        if was_kept or any(group.found is None for group in sums):
            return RowsOfSums(
                items=sum(group.items for group in sums), issues=tuple(map(_doubted, issues))
            )
        rows: dict[int, list[_Rows]] = {}
        sources: dict[str, int] = {}
        for group in sums:
            for file, found in group.found or ():
                rows.setdefault(file, []).append(found)
            sources[group.source] = sources.get(group.source, 0) + group.rows
        return RowsOfSums(
            {file: np.sort(np.concatenate(found)) for file, found in rows.items()},
            sources,
            sum(group.items for group in sums),
            issues,
        )

    def _is_worth_a_look(self) -> bool:
        """Tell whether some place has no name of its own and another one has, or one is half."""
        columns = np.array([*self._groups], np.int64).T
        items = np.array([group.items for group in self._groups.values()])
        for codes, words in zip(columns, self._words, strict=True):
            used = np.unique(codes).tolist()
            if len(used) > 1 and any(self._may_be_all(words[code]) for code in used):
                return True
            sums = np.bincount(codes, items)
            if len(used) > 1 and (abs(sums - items.sum() / 2.0) < _SAME).any():
                return True
        return False


def _positions(there: _Rows, looked: _MASK, keys: _Rows, rows: _Rows) -> dict[int, _Rows]:
    """Return the rows of each group that is looked at, by its place among all groups."""
    if not looked.any():
        return {}
    groups = np.searchsorted(there, keys)
    chosen = looked[groups]
    groups, rows = groups[chosen], rows[chosen]
    order = np.argsort(groups, kind="stable")
    groups, rows = groups[order], rows[order]
    ends = np.flatnonzero(np.diff(groups)) + 1
    pieces = np.split(rows, ends)
    return {
        int(group): each for group, each in zip(groups[np.append(0, ends)], pieces, strict=True)
    }


def _doubted(issue: Issue) -> Issue:
    """Return a note of rows that add up others as the doubt of rows that are counted."""
    if issue.reason.code != "matrix_parents":
        return issue
    return attrs.evolve(
        issue,
        reason=Reason("matrix_may_be_parents", **dict(issue.reason.details)),
        expected=Reason("expect_sums_named"),
        severity=Severity.DOUBT,
    )


def _codes(
    columns: Mapping[str, pa.Array],
    constants: Mapping[str, str | None],
    name: str,
    rows: _Rows,
) -> tuple[list[str], npt.NDArray[np.int64] | None]:
    """Return the distinct words of some rows, and the number of that of each; None for one word."""
    if name in constants:
        word = constants[name] or ""
        return [_ALL_PLACES if is_total_label(word) else word], None
    column = columns.get(name)
    if column is None:
        return [""], None
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    words = [word or "" for word in column.dictionary.to_pylist()]
    codes = numpy_of(pc.fill_null(column.indices.cast(pa.int64()), len(words)))
    words.append("")
    if name == "equipment_type" and "model" in columns:
        needs_none = numpy_of(columns["model"].is_valid())
        blank = np.array([not word for word in words])[codes]
        if (blank & needs_none).any():
            codes = np.where(blank & needs_none, len(words), codes)
            words.append(_OF_A_MODEL)
    return words, codes if len(rows) == len(codes) else codes[rows]
