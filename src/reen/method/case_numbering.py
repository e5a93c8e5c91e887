"""Case numbering: the case of each row of a batch, without a loop over rows.

Questions are fused into stages: the answers of a row to all questions of a stage, and the node at
which it stands, make one key into a table that says where the row comes to.  A row pays a look-up a
stage.  The stages follow the tree, so that answers which never meet never multiply.  What comes
late, or depends on the case, is asked of the rows that wait for it.
"""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterator, Sequence
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from reen.kernel import lendable, loops
from reen.kernel.interface import Loops
from reen.method.questions import Codes, Question, Value, Word, distinct_codes
from reen.method.reader import Reader, Row, Test
from reen.method.terms import Floats, Term, Whole, form_of, worked_out
from reen.method.tree import CaseTree, Node

__all__ = ["CaseNumbering"]

Ints: TypeAlias = npt.NDArray[np.int32]

#: Combinations of the answers to the questions of one stage.
_STAGE = 1 << 12

#: Rows up to which a batch is walked row by row; and those of a larger one whose cases are learnt
#: before the first stages are made, since they bring the questions.
_SAMPLE = 48

#: Distinct words of a column up to which its own codes stand in the keys, without a look-up.
_FEW_WORDS = 64

#: Answers at the nodes at which rows wait, up to which they are looked up in one table.
_COUNTED = 1 << 16

#: Layouts of stages that are kept.
_KEPT = 64

#: In a table: a key never seen; what is lower is a case.
_UNSEEN = -1

#: Place of the rows whose case is known, among the nodes of a stage.
_DONE = 0


def _of_case(case: int) -> int:
    return -2 - case


@attrs.frozen(eq=False, repr=False)
class _Part:
    """What takes one place in a key: a question, or all questions about one column of few words.

    Attributes
    ----------
    key
        Tells it from the parts of other batches: the words are those of one batch.
    asked
        The questions that it answers.
    codes
        One number for each row, from -`shift` on; or one for all rows.
    room
        How many numbers there are; 0 where all rows have one.
    shift
        What is added so that numbers start from 0.
    """

    key: Hashable
    asked: frozenset[Question]
    codes: Codes
    room: int
    shift: int = 0


class _Stage:
    """Some questions answered together.

    Parameters
    ----------
    parts
        Position of each part among those of a layout, and the part.
    asked
        The questions that they answer, and those that all rows answer alike.
    """

    def __init__(self, parts: Sequence[tuple[int, _Part]], asked: frozenset[Question]) -> None:
        self.asked = asked
        self.radix = 1
        self._shift = 0
        self._weights: list[tuple[int, int]] = []
        for position, part in parts:
            self._weights.append((position, self.radix))
            self._shift += part.shift * self.radix
            self.radix *= part.room
        self._nodes: list[Node | None] = [None]
        self._places: dict[int, int] = {}
        # rows at no node stay there
        self.table = np.full(self.radix, _DONE, np.int32)

    def place(self, node: Node) -> int:
        """Return the place of a node at which rows come in."""
        found = self._places.get(id(node))
        if found is None:
            found = self._places[id(node)] = len(self._nodes)
            self._nodes.append(node)
            if len(self._nodes) * self.radix > len(self.table):
                grown = np.full(max(2 * len(self._nodes), 4) * self.radix, _UNSEEN, np.int32)
                grown[: len(self.table)] = self.table
                self.table = grown
        return found

    def node(self, key: int) -> Node:
        """Return the node of a key."""
        found = self._nodes[key // self.radix]
        assert found is not None, "rows whose case is known have an entry in every table"  # noqa: S101
        return found

    def constant(self, places: Ints | int) -> int:
        """Return what the keys of all rows have in common."""
        return self._shift + (places * self.radix if isinstance(places, int) else 0)

    def weighted(self, parts: Sequence[_Part]) -> Iterator[tuple[npt.NDArray[Any], int]]:
        """Yield the answers of the rows, and what they are multiplied by in a key."""
        for position, weight in self._weights:
            codes = parts[position].codes
            assert not isinstance(codes, int), "alike for all rows: no part of a stage"  # noqa: S101
            yield codes, weight

    def keys(
        self, parts: Sequence[_Part], places: Ints | int, rows: npt.NDArray[np.intp] | slice
    ) -> Ints:
        """Return the key of some rows: the place of each, and its answers."""
        constant = self.constant(places)
        key = None if isinstance(places, int) else places[rows] * np.int32(self.radix)
        for codes, weight in self.weighted(parts):
            if key is None:
                key = np.multiply(codes[rows], weight, dtype=np.int32)
            else:
                key += np.multiply(codes[rows], weight, dtype=np.int32)
        if key is None:
            count = rows.stop if isinstance(rows, slice) else len(rows)
            return np.full(count, constant, np.int32)
        if constant:
            key += np.int32(constant)
        return key


class _Layout:
    """Stages for batches in which the same questions are answered alike by all rows."""

    def __init__(self, parts: Sequence[_Part], root: Node) -> None:
        alike = frozenset[Question]().union(*(part.asked for part in parts if not part.room))
        self.stages: list[_Stage] = []
        chosen: list[tuple[int, _Part]] = []
        size = 1
        for position, part in enumerate(parts):
            if not part.room:
                continue
            if chosen and size * part.room > _STAGE:
                self._close(chosen, alike)
                chosen, size = [], 1
            chosen.append((position, part))
            size *= part.room
        self._close(chosen, alike)
        self.stages[0].place(root)
        #: Nodes at which rows wait after the last stage, and where they go on from each.
        self.waiting: list[Node] = []
        self.onwards: dict[tuple[int, int], int] = {}
        self._places: dict[int, int] = {}
        self._table: Ints = np.full((1, 1), _UNSEEN, np.int32)

    def onward_table(self, width: int) -> Ints:
        """Return where rows go on to by node and answer, with room for so many answers."""
        places, room = self._table.shape
        if len(self.waiting) > places or width > room:
            shape = max(2 * len(self.waiting), places), max(width, room)
            self._table = np.full(shape, _UNSEEN, np.int32)
            for (place, code), found in self.onwards.items():
                if code < shape[1]:
                    self._table[place, code] = found
        return self._table

    def _close(self, chosen: Sequence[tuple[int, _Part]], alike: frozenset[Question]) -> None:
        asked = alike.union(*(part.asked for _, part in chosen))
        self.stages.append(_Stage(chosen, asked))

    def place(self, node: Node) -> int:
        """Return the place of a node among those at which rows wait."""
        found = self._places.get(id(node))
        if found is None:
            found = self._places[id(node)] = len(self.waiting)
            self.waiting.append(node)
        return found


class CaseNumbering:
    """Numbers the cases of rows, batch after batch.  Each thread has one of its own.

    Parameters
    ----------
    tree
        The cases of the method.
    """

    def __init__(self, tree: CaseTree) -> None:
        self._tree = tree
        self._layouts: dict[Hashable, _Layout] = {}
        self._sampled = False

    def cases(self, reader: Reader) -> Ints:
        """Return the number of the case of each row, int32 (n,)."""
        size = len(reader)
        if size <= _SAMPLE:  # sooner walked than laid out
            walked = (self._tree.case_of(Row(reader, number)) for number in range(size))
            return np.fromiter(walked, np.int32, size)
        if not self._sampled:
            for number in range(0, size, max(1, size // _SAMPLE)):
                self._tree.case_of(Row(reader, number))
            self._sampled = True
        parts = _parts(reader, self._tree.questions.in_order)
        layout = self._layout(parts)
        compiled = loops()
        if compiled is not None:
            return self._compiled(compiled, layout, parts, reader)
        cases: Ints = np.full(size, -1, np.int32)
        places: Ints | int = 1
        for number, stage in enumerate(layout.stages):
            keys = stage.keys(parts, places, slice(size))
            to = stage.table.take(keys)
            unseen = np.flatnonzero(to == _UNSEEN)
            if len(unseen):
                self._see(layout, number, keys[unseen], unseen, reader)
                to = stage.table.take(keys)
            if number == 0 and len(layout.stages) == 1 and int(to.max()) < _UNSEEN:
                return np.subtract(-2, to, out=to)
            done = np.flatnonzero(to < _UNSEEN)
            cases[done] = -2 - to[done]
            places = np.maximum(to, _DONE, out=to)
        rows = np.flatnonzero(places)
        if len(rows):
            assert not isinstance(places, int)  # noqa: S101 - a stage was passed
            self._wait(layout, reader, cases, rows, places[rows] - np.int32(1))
        return cases

    def _compiled(
        self, compiled: Loops, layout: _Layout, parts: Sequence[_Part], reader: Reader
    ) -> Ints:
        """Return what `cases` does, each stage in one pass over the rows."""
        size = len(reader)
        cases: Ints = np.full(size, -1, np.int32)
        places: Ints | None = None
        waiting = 0
        for number, stage in enumerate(layout.stages):
            asked = tuple((lendable(codes), weight) for codes, weight in stage.weighted(parts))
            at = 1 if places is None else places
            constant, onwards = stage.constant(at), np.empty(size, np.int32)
            unseen, waiting = compiled.stage(
                asked, places, stage.radix, constant, stage.table, cases, onwards
            )
            if unseen:
                new = np.flatnonzero(onwards == _UNSEEN)
                keys = stage.keys(parts, at, new)
                self._see(layout, number, keys, new, reader)
                to = stage.table.take(keys)
                done = to < _UNSEEN
                cases[new[done]] = -2 - to[done]
                onwards[new] = np.maximum(to, _DONE)
                waiting += int(np.count_nonzero(to > _DONE))
            if not waiting:
                return cases
            places = onwards
        assert places is not None  # noqa: S101 - a stage was passed
        rows = np.flatnonzero(places)
        self._wait(layout, reader, cases, rows, places[rows] - np.int32(1))
        return cases

    def _layout(self, parts: Sequence[_Part]) -> _Layout:
        key = tuple((part.key, part.asked, part.room) for part in parts)
        found = self._layouts.get(key)
        if found is None:
            if len(self._layouts) == _KEPT:
                self._layouts.clear()
            found = self._layouts[key] = _Layout(parts, self._tree.root)
        return found

    def _see(
        self,
        layout: _Layout,
        number: int,
        new: Ints,
        unseen: npt.NDArray[np.intp],
        reader: Reader,
    ) -> None:
        """Find out where the rows of keys never seen come to, by one row of each."""
        stage = layout.stages[number]
        # written from the last to the first: the first row of each key stays
        first = np.empty(int(new.max()) + 1, np.int64)
        first[new[::-1]] = unseen[::-1]
        distinct = np.flatnonzero(np.bincount(new))
        for key, at in zip(distinct.tolist(), first[distinct].tolist(), strict=True):
            row, node = Row(reader, at), stage.node(key)
            while node.case < 0 and (node.asked is None or node.asked in stage.asked):
                node = self._tree.below(node, row)
            if node.case >= 0:
                place = _of_case(node.case)
            elif number + 1 < len(layout.stages):
                place = layout.stages[number + 1].place(node)
            else:
                place = layout.place(node) + 1
            stage.table[key] = place

    def _wait(
        self,
        layout: _Layout,
        reader: Reader,
        cases: Ints,
        rows: npt.NDArray[np.intp],
        at: Ints,
    ) -> None:
        """Ask what is left, node after node, of the rows that wait there."""
        while len(rows):
            codes = self._asked(layout, reader, rows, at)
            to = self._onwards(layout, reader, rows, at, codes)
            left = np.flatnonzero(to > _UNSEEN)
            if len(left) == len(rows):
                at = to
                continue
            done = np.flatnonzero(to < _UNSEEN) if len(left) else slice(None)
            cases[rows[done]] = -2 - to[done]
            rows, at = rows.take(left), to.take(left)

    def _onwards(
        self,
        layout: _Layout,
        reader: Reader,
        rows: npt.NDArray[np.intp],
        at: Ints,
        codes: Ints,
    ) -> Ints:
        """Return where waiting rows go on to: a place of the layout, or a case."""
        width = int(codes.max()) + 1
        room = len(layout.waiting) * width
        if room > _COUNTED:
            pairs, pair = distinct_codes(at.astype(np.int64) * width + codes, room)
            onwards = np.empty(len(pairs), np.int32)
            for number, (place, code) in enumerate(zip(*np.divmod(pairs, width), strict=True)):
                first = int(rows[np.argmax(pair == number)])
                onwards[number] = self._onward(layout, reader, first, int(place), int(code))
            return onwards.take(pair)
        table = layout.onward_table(width)
        keys = at * np.int32(table.shape[1]) + codes
        to = table.take(keys)
        unseen = np.flatnonzero(to == _UNSEEN)
        if len(unseen):
            new, first = np.unique(keys[unseen], return_index=True)
            for key, at_row in zip(new.tolist(), rows[unseen[first]].tolist(), strict=True):
                place, code = divmod(key, table.shape[1])
                table[place, code] = self._onward(layout, reader, at_row, place, code)
            to[unseen] = table.take(keys[unseen])
        return to

    def _onward(self, layout: _Layout, reader: Reader, row: int, place: int, code: int) -> int:
        """Return where rows of an answer go on to from a node, learnt from one of them."""
        found = layout.onwards.get((place, code))
        if found is None:
            node = self._tree.below(layout.waiting[place], Row(reader, row))
            found = layout.place(node) if node.case < 0 else _of_case(node.case)
            layout.onwards[place, code] = found
        return found

    def _asked(self, layout: _Layout, reader: Reader, rows: npt.NDArray[np.intp], at: Ints) -> Ints:
        """Return the number of the answer of each waiting row to what its node asks."""
        codes = np.zeros(len(rows), np.int32)
        groups: dict[object, list[tuple[int, list[float]]]] = {}
        for place in np.flatnonzero(np.bincount(at)).tolist():
            asked, constants = layout.waiting[place].asked, list[float]()
            alike: object = asked
            if isinstance(asked, Test):  # those that differ by their constants are worked out once
                sides = (form_of(asked.left, constants), form_of(asked.right, constants))
                alike = (asked.holds, *sides)
            groups.setdefault(alike, []).append((place, constants))
        for alike, members in groups.items():
            here: npt.NDArray[np.intp] | slice = slice(None)
            if len(groups) > 1:
                mine = np.zeros(len(layout.waiting), np.bool_)
                mine[[place for place, _ in members]] = True
                here = np.flatnonzero(mine.take(at))
            if isinstance(alike, Question):
                codes[here] = reader.codes_at(alike, rows[here])
            else:
                codes[here] = _held(layout, reader, rows[here], at[here], members)
        return codes


def _parts(reader: Reader, asked: Sequence[Question]) -> list[_Part]:
    """Return the questions as parts of keys, those about a column of few words by its words."""
    parts: list[_Part] = []
    of_column: dict[str, int] = {}
    for question in asked:
        if isinstance(question, Value):
            continue  # of the rows that come to it, one by one
        name = question.names[0] if isinstance(question, Word) and len(question.names) == 1 else ""
        if name in of_column:
            known = parts[of_column[name]]
            parts[of_column[name]] = attrs.evolve(known, asked=known.asked | {question})
            continue
        few = reader.batch.few_codes(name, _FEW_WORDS) if name else None
        if few is None:
            codes = reader.codes(question)
            # what all rows answer alike takes no room in the keys
            alike = isinstance(codes, int)
            room = 0 if isinstance(codes, int) else question.room(codes)
            key: Hashable = (question, codes) if alike else question
            parts.append(_Part(key, frozenset((question,)), codes, room))
        else:
            codes, words = few
            of_column[name] = len(parts)
            parts.append(
                _Part((name, words), frozenset((question,)), codes, len(words) + 1, shift=1)
            )
    return parts


def _held(
    layout: _Layout,
    reader: Reader,
    rows: npt.NDArray[np.intp],
    at: Ints,
    members: Sequence[tuple[int, list[float]]],
) -> npt.NDArray[np.bool_]:
    """Return whether a comparison holds for some rows, its constants being those of their nodes."""
    test = layout.waiting[members[0][0]].asked
    assert isinstance(test, Test)  # noqa: S101 - what is no question is a test
    slots: Sequence[Floats | float] = members[0][1]
    if len(members) > 1:
        table = np.full((len(slots), len(layout.waiting)), np.nan)
        for place, constants in members:
            table[:, place] = constants
        slots = [each.take(at) for each in table]
    unused: list[float] = []
    sides: list[Term] = [form_of(side, unused) for side in (test.left, test.right)]
    column = functools.partial(_cells, reader, rows)
    left, right = (worked_out(side, slots, column) for side in sides)
    with np.errstate(invalid="ignore"):
        held: npt.NDArray[np.bool_] = np.broadcast_to(test.holds(left, right), rows.shape)
    return held


def _cells(reader: Reader, rows: npt.NDArray[np.intp], term: Whole) -> Floats:
    return reader.whole(term)[rows]
