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
from reen.tables.arrow_place_words import may_be_all, one_is_half
from reen.tables.findings import Findings
from reen.tables.rows.totals import is_total_label
from reen.tables.sheet import Sheet

__all__ = ["ItemsOfPlaces", "RowsOfSums"]

#: Groups beyond which no sum is looked for: the rows are doubted.  Rows that may be sums beyond
#: which no more are kept: the sums can then be set aside no more, and are doubted.
_MOST_GROUPS, _MOST_ROWS = 200_000, 1_000_000
#: Bits of the number of a word in a key, and the largest such number.
_BITS = 20
_LOW = (1 << _BITS) - 1
#: Groups of local words that are counted without being sorted.
_FEW_CELLS = 1 << 20
#: Groups that have a sum.
_SEVERAL = 3
#: What a row has that has a model and needs no type.
_OF_A_MODEL = "(model)"
#: A word for all places, for the rows of a folder that is called a total.
_ALL_PLACES = "Tous"

_Floats = npt.NDArray[np.float64]
_Rows = npt.NDArray[np.int64]
_MASK = npt.NDArray[np.bool_]


@attrs.frozen(eq=False)
class _Groups:
    """The rows of the same places and type.

    Attributes
    ----------
    keys
        The numbers of their words, as one.
    items, rows
        How many items they count, and their number.
    files, lines
        Where the first one stands.
    """

    keys: _Rows
    items: _Floats
    rows: _Rows
    files: _Rows
    lines: _Rows

    @classmethod
    def sum(cls, parts: Sequence[_Groups]) -> _Groups:
        """Return the groups of several parts of the rows, in the order of their first rows."""
        keys, first, inverse = np.unique(
            np.concatenate([each.keys for each in parts]), return_index=True, return_inverse=True
        )
        own = inverse.ravel()
        items = np.bincount(own, np.concatenate([each.items for each in parts]))
        rows = np.bincount(own, np.concatenate([each.rows for each in parts]))
        files = np.concatenate([each.files for each in parts])[first]
        lines = np.concatenate([each.lines for each in parts])[first]
        order = np.lexsort((lines, files))
        return cls(
            keys[order],
            items[order].astype(np.float64),
            rows[order].astype(np.int64),
            files[order],
            lines[order],
        )


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
        self._parts: list[_Groups] = []
        self._is_full = False
        self._sources: dict[int, str] = {}
        self._first: dict[int, tuple[int, ...]] = {}
        self._counts: dict[int, int] = {}
        self._may_be: list[tuple[int, _Rows, _Rows]] = []
        self._kept = 0

    def items_of_type(self, word: str) -> float:
        """Return how many items all rows of a type are; 0 where they are not known."""
        number = self._numbers[-1].get(word)
        if number is None or self._is_full:
            return 0.0
        of_type = (each.items[each.keys & _LOW == number].sum() for each in self._parts)
        return float(sum(of_type))

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
        if not len(rows):
            return
        self._sources[file] = source
        self._first.setdefault(file, tuple((passed + rows[: Issue.SHOWN] + 1).tolist()))
        self._counts[file] = self._counts.get(file, 0) + len(rows)
        if self._is_full:
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
        if len(there) > _MOST_GROUPS or any(len(words) > _LOW for words, _ in local):
            self._is_full = True
            return
        whole, may_be = self._whole(there, [words for words, _ in local])
        files = np.full(len(there), file, np.int64)
        self._parts.append(_Groups(whole, items, counts, files, passed + rows[first] + 1))
        if sum(len(each.keys) for each in self._parts) > _MOST_GROUPS:
            self._parts = [_Groups.sum(self._parts)]
            self._is_full = len(self._parts[0].keys) > _MOST_GROUPS
        self._is_full |= any(len(words) > _LOW for words in self._words)
        if may_be.any() and self._kept <= _MOST_ROWS:
            groups = np.searchsorted(there, keys)
            chosen = may_be[groups]
            self._may_be.append((file, whole[groups[chosen]], passed + rows[chosen]))
            self._kept += int(np.count_nonzero(chosen))

    def _whole(self, local: _Rows, words: Sequence[list[str]]) -> tuple[_Rows, _MASK]:
        """Return the keys of groups by the words of all rows, and whether they may be sums."""
        keys, may_be = np.zeros(len(local), np.int64), np.zeros(len(local), np.bool_)
        for k in range(len(words) - 1, -1, -1):
            local, codes = np.divmod(local, len(words[k]))
            numbers = np.array([self._number(k, word) for word in words[k]], np.int64)
            keys |= numbers[codes] << (_BITS * (len(words) - 1 - k))
            if any(self._words[k]):  # a column that is blank so far tells no place from another
                looked = np.array([may_be_all(word) for word in words[k]], np.bool_)
                may_be |= looked[codes]
        return keys, may_be

    def _number(self, column: int, word: str) -> int:
        numbers = self._numbers[column]
        number = numbers.get(word)
        if number is None:
            number = numbers[word] = len(numbers)
            self._words[column].append(word)
        return number

    def settled(self, *, was_kept: bool) -> RowsOfSums:
        """Return the rows of places that add up others.

        Parameters
        ----------
        was_kept
            Whether rows can no longer be set aside, and are doubted.
        """
        if self._is_full:
            return RowsOfSums(issues=self._not_looked_at)
        if not self._parts:
            return RowsOfSums()
        top = len(PLACES) - 1
        if not self._is_worth_a_look():
            return RowsOfSums()
        groups = _Groups.sum(self._parts)
        if len(groups.keys) < _SEVERAL:
            return RowsOfSums()
        codes = [_codes_of(groups.keys, k) for k in range(len(PLACES))]
        from reen.tables.rows.sums_of_places import sums_of_places

        cells = {
            k: pa.array([words[code] or None for code in codes[k].tolist()], pa.string())
            for k, words in enumerate(self._words)
        }
        findings = Findings(self._sources[int(groups.files[0])])
        is_sum = sums_of_places(
            Sheet(cells, groups.lines),
            places=[*range(top)],
            types=[top],
            models=[],
            quantities=groups.items,
            looked=np.ones(len(groups.keys), np.bool_),
            findings=findings,
        )
        issues, items = findings.issues, float(groups.items[is_sum].sum())
        kept = [
            (file, rows[np.isin(keys, groups.keys[is_sum])]) for file, keys, rows in self._may_be
        ]
        if was_kept or sum(len(rows) for _, rows in kept) < groups.rows[is_sum].sum():
            return RowsOfSums(items=items, issues=tuple(map(_doubted, issues)))
        rows: dict[int, list[_Rows]] = {}
        sources: dict[str, int] = {}
        for file, found in kept:
            if len(found):
                rows.setdefault(file, []).append(found)
                source = self._sources[file]
                sources[source] = sources.get(source, 0) + len(found)
        return RowsOfSums(
            {file: np.sort(np.concatenate(found)) for file, found in rows.items()},
            sources,
            items,
            issues,
        )

    @property
    def _not_looked_at(self) -> tuple[Issue, ...]:
        """The rows among which no sum was looked for, file by file."""
        return tuple(
            Issue(
                "",
                "",
                Reason("sums_not_looked_for", groups=_MOST_GROUPS),
                expected=Reason("expect_sums_named"),
                severity=Severity.DOUBT,
                source=source,
                rows=self._first[file],
                count=self._counts[file],
            )
            for file, source in self._sources.items()
        )

    def _is_worth_a_look(self) -> bool:
        """Tell whether some place has no name of its own and another one has, or one is half."""
        keys = np.concatenate([each.keys for each in self._parts])
        items = np.concatenate([each.items for each in self._parts])
        for k, words in enumerate(self._words):
            sums = np.bincount(_codes_of(keys, k), items).astype(np.float64, copy=False)
            used = np.flatnonzero(sums).tolist()
            if len(used) > 1 and any(may_be_all(words[code]) for code in used):
                return True
            if one_is_half(sums):
                return True
        return False


def _codes_of(keys: _Rows, column: int) -> _Rows:
    """Return the numbers of the words of a column in the keys of groups."""
    return keys >> (_BITS * (len(PLACES) - 1 - column)) & _LOW


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
    indices = column.indices
    is_full = not indices.null_count and all(words)
    if indices.null_count:
        indices = pc.fill_null(indices.cast(pa.int64()), len(words))
    codes = numpy_of(indices)
    words.append("")
    if name == "equipment_type" and "model" in columns and not is_full:
        needs_none = numpy_of(columns["model"].is_valid())
        blank = np.array([not word for word in words])[codes]
        if (blank & needs_none).any():
            codes = np.where(blank & needs_none, len(words), codes)
            words.append(_OF_A_MODEL)
    return words, codes if len(rows) == len(codes) else codes[rows]
