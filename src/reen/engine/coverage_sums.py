"""Coverage sums: quantity and rows by group, type and coverage class, while batches arrive.

Input: row facts and the exchanges of each flow kind.  Output: `CoverageCells` by group and by
type.  A row has one class per flow kind; the combination of its classes is numbered, so that one
scatter of the quantity and one of the count serve every kind.  Combinations are few: by group and
by type apart, both tables stay in the processor's cache.  About 15 ns a row for two kinds.
Arrays only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.cells import DENSE_CELLS, CellSum
from reen.engine.contract import places, refuse_contradiction
from reen.engine.exchanges import Exchanges, FlowKind, Outcome, Status
from reen.engine.flow_columns import Keyed, Published
from reen.engine.fold import CoverageCells, CoverageClass, make_coverage
from reen.engine.numbering import Combinations
from reen.engine.rows import RowFacts
from reen.errors import PluginError
from reen.inventory.dictionaries import look_up
from reen.inventory.masks import with_zeros
from reen.kernel import lendable, loops
from reen.kernel.interface import Covering, Loops, Places

__all__ = ["Answer", "CoverageSums", "FoundCells", "RowClasses"]

#: Exchanges of one kind, and the pattern (what its factor publishes) of each.
Answer = tuple[Exchanges, npt.NDArray[np.int32]]

#: Row, column and sums of the cells of a table.
FoundCells: TypeAlias = tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.float64]]

_Spread = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]

#: Sets of outcomes whose look-up tables are kept.
_KEPT = 64


class _Classes:
    """Coverage classes, numbered by order of first sight."""

    def __init__(self, method: str) -> None:
        self._method = method
        self.numbers: dict[CoverageClass, int] = {}
        self._tables: dict[tuple[FlowKind, tuple[Outcome, ...], int], npt.NDArray[np.int32]] = {}

    def of(
        self, answer: Answer, patterns: Sequence[Published], facts: RowFacts
    ) -> npt.NDArray[np.int32]:
        """Return the class of each exchange."""
        each, pattern = answer
        width = 1 << len(patterns).bit_length()
        key = (each.kind, tuple(each.outcomes), width)
        table = self._tables.get(key)
        if table is None:
            if len(self._tables) == _KEPT:
                self._tables.clear()
            table = self._tables[key] = np.full(len(each.outcomes) * width, -1, np.int32)
        local = np.multiply(each.outcome, width, dtype=np.int32)
        local += pattern
        numbers = look_up(table, local)
        if numbers.size and int(numbers.min()) < 0:
            for code in np.flatnonzero(np.bincount(local[numbers < 0])).tolist():
                outcome, published = divmod(code, width)
                if (each.outcomes[outcome].status is Status.ASSESSED) != (published > 0):
                    refuse_contradiction(self._method, each, facts)
                klass = CoverageClass(
                    each.kind.name, each.kind.stages, each.outcomes[outcome], patterns[published]
                )
                table[code] = self.numbers.setdefault(klass, len(self.numbers))
            numbers = look_up(table, local)
        return numbers


@attrs.define(eq=False, repr=False)
class _Sums:
    """Sums by combination of the classes of some kinds, by group and by type.

    Attributes
    ----------
    combinations
        Numbers of the combinations.
    by_group, unknown_by_group
        Quantity and rows; rows of unknown quantity.
    by_type, rows_by_type, unknown_by_type
        Quantity; rows; rows of unknown quantity.
    """

    combinations: Combinations
    by_group: CellSum
    unknown_by_group: CellSum
    by_type: CellSum
    rows_by_type: CellSum
    unknown_by_type: CellSum

    @classmethod
    def of(cls, kinds: int, dense_cells: int) -> _Sums:
        """Return empty sums."""
        return cls(
            Combinations(kinds),
            *(CellSum(values=count, dense_cells=dense_cells) for count in (2, 1, 1, 1, 1)),
        )


class CoverageSums:
    """Accumulates the coverage of one method.

    Parameters
    ----------
    method
        Name of the method, for messages.
    dense_cells
        Cells up to which sums are kept in a dense table.
    """

    def __init__(self, method: str, *, dense_cells: int = DENSE_CELLS) -> None:
        self._method = method
        self._dense_cells = dense_cells
        self._types: dict[str, int] = {}
        self._classes = _Classes(method)
        self._sums: dict[tuple[str, ...], _Sums] = {}

    @property
    def classes(self) -> list[CoverageClass]:
        """Return the classes seen, by number."""
        return list(self._classes.numbers)

    @property
    def types(self) -> list[str]:
        """Return the types seen, by number; no type is the empty text."""
        return list(self._types)

    def add(
        self,
        facts: RowFacts,
        groups: npt.NDArray[np.int64] | int,
        answers: Mapping[str, Sequence[Answer]],
        *,
        patterns: Sequence[Published],
        height: int,
    ) -> RowClasses:
        """Add the rows of a batch.

        Parameters
        ----------
        facts
            The rows.
        groups
            Group of each row, or one for all.
        answers
            Exchanges by flow kind.
        patterns
            What each pattern publishes.
        height
            Number of groups known so far.

        Raises
        ------
        PluginError
            Rows without an answer, assessed without a flow, or with a flow and not assessed.
        """
        columns: dict[str, npt.NDArray[np.signedinteger]] = {}
        for kind, parts in answers.items():
            numbers = [self._classes.of(answer, patterns, facts) for answer in parts]
            columns[kind] = self._one_class_per_row(facts, parts, numbers)
        return self.add_classes(facts, groups, columns, height=height)

    def add_classes(
        self,
        facts: RowFacts,
        groups: npt.NDArray[np.int64] | int,
        columns: Mapping[str, npt.NDArray[np.signedinteger]],
        *,
        height: int,
    ) -> RowClasses:
        """Add the rows of a batch, of which the class is known for each flow kind.

        Parameters
        ----------
        facts, groups, height
            As in `add`.
        columns
            Class of each row, by flow kind.
        """
        types = self._number_types(facts)
        if not columns:
            counts = np.bincount(types, minlength=len(self._types))
            return RowClasses(types, np.flatnonzero(counts), 1, np.zeros((1, 0), np.int64), counts)
        sums, sizes = self._sums_of(columns)
        joint = sums.combinations.numbers([*columns.values()], sizes)
        return self._scatter(sums, facts.quantity, groups, types, joint, height)

    def add_keyed(
        self,
        compiled: Loops,
        facts: RowFacts,
        kinds: Sequence[Keyed],
        groups: Places,
        *,
        height: int,
        learn: Callable[[], None],
        add: Callable[[Covering], None],
    ) -> RowClasses:
        """Add the rows of a batch by the compiled loops, classes being looked up by key.

        Parameters
        ----------
        compiled
            The loops.
        facts, groups, height
            As in `add`.
        kinds
            Class of each key, by flow kind.
        learn
            Finds the classes of the keys that were never seen.
        add
            Adds the rows to the tables that it is given.
        """
        number = self._type_numbers(facts)
        types = lendable(facts.type_codes), number
        joint, rows = self._numbered(compiled, kinds, types, learn)
        sums, _ = self._sums_of(kinds)
        width, size, quantity = rows.width, len(self._types), facts.quantity
        where = np.flatnonzero(np.isnan(quantity))
        if len(where):
            at, of = _at(groups, where), joint[where]
            sums.unknown_by_group.add(at, of, 1.0, height=height, width=width)
            at = look_up(number, facts.type_codes[where])
            sums.unknown_by_type.add(at, of, 1.0, height=size, width=width)
        by_group = sums.by_group.lent(len(joint), height, width)
        by_type = sums.by_type.lent(len(joint), size, width)
        add((lendable(quantity), joint, types, *by_group, *by_type))
        sums.by_group.take_in(by_group, 1.0)
        sums.by_type.take_in(by_type)
        self._count_rows(sums, rows, size)
        return rows

    def _numbered(
        self,
        compiled: Loops,
        kinds: Sequence[Keyed],
        types: tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]],
        learn: Callable[[], None],
    ) -> tuple[npt.NDArray[np.int32], RowClasses]:
        """Return the combination of the classes of each row, new ones numbered, and the rest."""
        sums, sizes = self._sums_of(kinds)
        combinations = sums.combinations
        found = self._looked_up(compiled, combinations, sizes, kinds, types)
        if found is not None:
            return found
        learn()
        sums, sizes = self._sums_of(kinds)
        joint = combinations.numbers([each.classes() for each in kinds], sizes)
        found = self._looked_up(compiled, combinations, sizes, kinds, types)
        if found is not None:
            return found
        width = len(combinations)  # too many for a table
        cells, counts = _counted(look_up(types[1], types[0]), joint, width, len(self._types))
        present, codes = np.flatnonzero(counts), combinations.codes()
        return joint.astype(np.int32), RowClasses(cells, present, width, codes, counts)

    def _looked_up(
        self,
        compiled: Loops,
        combinations: Combinations,
        sizes: Sequence[int],
        kinds: Sequence[Keyed],
        types: tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]],
    ) -> tuple[npt.NDArray[np.int32], RowClasses] | None:
        """Return what `_numbered` does, None where a class or a combination is new."""
        table, width = combinations.table(sizes), len(combinations)
        if table is None or not width:
            return None
        joint, cells = (np.empty(len(types[0]), np.int32) for _ in range(2))
        counts = np.zeros(len(self._types) * width, np.int64)
        weighted = tuple(
            (each.parts, each.shift, np.maximum(each.klass * np.int32(weight), np.int32(-1)))
            for each, weight in zip(kinds, table[1], strict=True)
        )
        if compiled.classed(weighted, table[0], types, width, joint, cells, counts):
            return None
        present, codes = np.flatnonzero(counts), combinations.codes()
        return joint, RowClasses(cells, present, width, codes, counts)

    def _sums_of(self, of: Iterable[str] | Sequence[Keyed]) -> tuple[_Sums, list[int]]:
        """Return the sums of some kinds together, and how many classes each of them may have."""
        kinds = tuple(each.kind if isinstance(each, Keyed) else each for each in of)
        sums = self._sums.get(kinds)
        if sums is None:
            sums = self._sums[kinds] = _Sums.of(len(kinds), self._dense_cells)
        return sums, [len(self._classes.numbers)] * len(kinds)

    def classes_of(
        self,
        each: Exchanges,
        pattern: npt.NDArray[np.int32],
        patterns: Sequence[Published],
        facts: RowFacts,
    ) -> npt.NDArray[np.int32]:
        """Return the class of each exchange, `pattern` being what its flow publishes."""
        return self._classes.of((each, pattern), patterns, facts)

    def worse(
        self, first: npt.NDArray[np.int32], second: npt.NDArray[np.int32]
    ) -> npt.NDArray[np.int32]:
        """Return the worse class of two that a row has, by status; -1 for none."""
        status = np.array([int(klass.outcome.status) for klass in self.classes] or [0], np.int64)
        ranks = [np.where(each < 0, -1, (status[each] << 32) + each) for each in (first, second)]
        worst = np.maximum(*ranks)
        return np.where(worst < 0, -1, worst & ((1 << 32) - 1)).astype(np.int32)

    def _scatter(
        self,
        sums: _Sums,
        quantity: npt.NDArray[np.float64],
        groups: npt.NDArray[np.int64] | int,
        types: npt.NDArray[np.int64],
        joint: npt.NDArray[np.int64],
        height: int,
    ) -> RowClasses:
        width, size = len(sums.combinations), len(self._types)
        blank = np.isnan(quantity)
        where = np.flatnonzero(blank) if blank.any() else None
        if where is not None:
            quantity = with_zeros(quantity, blank)
            at = groups if isinstance(groups, int) else groups[where]
            sums.unknown_by_group.add(at, joint[where], 1.0, height=height, width=width)
            sums.unknown_by_type.add(types[where], joint[where], 1.0, height=size, width=width)
        sums.by_group.add(groups, joint, quantity, 1.0, height=height, width=width)
        sums.by_type.add(types, joint, quantity, height=size, width=width)
        # Whole numbers may be summed within the batch first; quantities may not, or the last digit
        # of their sums would depend on the size of the batches.
        cells, counts = _counted(types, joint, width, size)
        codes = sums.combinations.codes()
        found = RowClasses(cells, np.flatnonzero(counts), width, codes, counts)
        self._count_rows(sums, found, size)
        return found

    @staticmethod
    def _count_rows(sums: _Sums, found: RowClasses, size: int) -> None:
        """Count the rows of a batch by type."""
        type_of, of = np.divmod(found.present, found.width)
        rows = found.counts[found.present].astype(np.float64)
        sums.rows_by_type.add(type_of, of, rows, height=size, width=found.width)

    def _number_types(self, facts: RowFacts) -> npt.NDArray[np.int64]:
        return look_up(self._type_numbers(facts), facts.type_codes)

    def _type_numbers(self, facts: RowFacts) -> npt.NDArray[np.int64]:
        """Return the number of each type of a batch, that of no type being the last."""
        table = [self._types.setdefault(name, len(self._types)) for name in facts.type_names]
        blank = self._types.setdefault("", len(self._types))
        return np.array([*table, blank], np.int64)

    def _one_class_per_row(
        self,
        facts: RowFacts,
        parts: Sequence[Answer],
        numbers: Sequence[npt.NDArray[np.int32]],
    ) -> npt.NDArray[np.signedinteger]:
        """Return one class per row; the worst status counts when a row has several exchanges."""
        if len(parts) == 1 and parts[0][0].row is None:
            return numbers[0]
        size = facts.data.num_rows
        status = np.array([klass.outcome.status for klass in self.classes], np.int64)
        rank = np.full(size, -1, np.int64)
        for (each, _), classes in zip(parts, numbers, strict=True):
            rows = np.arange(size) if each.row is None else each.row
            np.maximum.at(rank, rows, (status[classes] << 32) + classes)
        unanswered = np.flatnonzero(rank < 0)
        if len(unanswered):
            kind = parts[0][0].kind.name
            raise PluginError(
                self._method,
                f"{len(unanswered)} row(s) got no answer for the flow kind {kind!r}"
                f" ({places(facts, unanswered)}); every row needs at least one exchange, with"
                " flow -1 and an outcome when it is not assessed",
            )
        return rank & ((1 << 32) - 1)

    # -- giving out --------------------------------------------------------------------------

    def by_group(self) -> list[FoundCells]:
        """Return quantity and rows by group and combination, for each set of kinds."""
        return [sums.by_group.cells() for sums in self._sums.values()]

    def cells(
        self,
        found: Sequence[FoundCells],
        *,
        group_at: npt.NDArray[np.int64],
        class_at: npt.NDArray[np.int64],
        type_at: npt.NDArray[np.int64],
    ) -> tuple[CoverageCells, CoverageCells]:
        """Return the coverage by group and by type.

        Parameters
        ----------
        found
            What `by_group` returned.
        group_at, class_at, type_at
            Final position of each group, class and type.
        """
        by_group: list[_Spread] = []
        by_type: list[_Spread] = []
        for sums, mine in zip(self._sums.values(), found, strict=True):
            codes = class_at[sums.combinations.codes()]
            by_group += _spread(codes, group_at, (mine, sums.unknown_by_group.cells()))
            of_type = sums.by_type, sums.rows_by_type, sums.unknown_by_type
            by_type += _spread(codes, type_at, [each.cells() for each in of_type])
        return _coverage(by_group), _coverage(by_type)


def _counted(
    rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], width: int, height: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the cell of each row and column, and how many there are of each cell."""
    compiled = loops()
    if compiled is None:
        cells = rows * width
        cells += columns
        return cells, np.bincount(cells, minlength=height * width)
    cells, counts = np.empty(len(rows), np.int64), np.zeros(height * width, np.int64)
    compiled.count(lendable(rows), lendable(columns), width, cells, counts)
    return cells, counts


def _at(groups: Places, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.int64] | int:
    """Return the group of some rows, or that of all."""
    if isinstance(groups, int):
        return groups
    if isinstance(groups, tuple):
        return look_up(groups[1], groups[0][rows])
    return groups[rows]


def _spread(
    codes: npt.NDArray[np.int64], key_at: npt.NDArray[np.int64], sums: Sequence[FoundCells]
) -> Iterator[_Spread]:
    """Yield final key, final class and (quantity, rows, unknown) of the cells of some sums.

    A combination counts for each of the classes that it is made of.
    """
    start = 0
    for key, combination, found in sums:
        if not len(key):
            start += len(found)
            continue
        values = np.zeros((3, len(key)))
        values[start : start + len(found)] = found
        start += len(found)
        for k in range(codes.shape[1]):
            yield key_at[key], codes[:, k].take(combination), values


def _coverage(parts: Sequence[_Spread]) -> CoverageCells:
    none = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((3, 0))
    key, klass, values = (np.concatenate(c, axis=-1) for c in zip(none, *parts, strict=True))
    return make_coverage(key, klass, values)


@attrs.frozen(eq=False, repr=False)
class RowClasses:
    """What examples are chosen by.

    Attributes
    ----------
    cells
        Of each row of a batch: its type number times `width`, plus its combination of classes.
    present
        Distinct cells, sorted.
    width
        Number of combinations.
    codes
        Classes of each combination, one per flow kind.
    counts
        Rows of each cell.
    """

    cells: npt.NDArray[np.signedinteger]
    present: npt.NDArray[np.int64]
    width: int
    codes: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
