"""Sums of places: the rows of a place that add up those of other places, whatever it is called.

Input: the places, types and quantities of a list.  Output: the rows that are sums by evidence: the
numbers of "Ville", of "Tous" or of no place at all are, type by type, the sums of those of the
other places, or of the ones right beside them.  Numbers that may agree by chance, and a word for
all places whose numbers do not, are doubted, and counted.

Must not drop a row: `kinds` does.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from reen.inventory.issues import Severity
from reen.reasons import Reason
from reen.tables.findings import Findings
from reen.tables.headers.header_words import key_of
from reen.tables.rows.items_by_place import FEW_KEYS, SAME, ItemsByPlace, places_beside
from reen.tables.rows.place_agreement import FEW_ITEMS, SEVERAL, SOME_ITEMS, Agreement
from reen.tables.rows.place_words import PlaceWord, names_a_summary, said_by
from reen.tables.sheet import Sheet, codes_of

__all__ = ["sums_of_places"]

#: Rows beyond which a look at the least and the largest quantity may spare any other.
_MANY_ROWS = 5_000
#: Times that other sums are looked for where none is sure any more.
_ROUNDS = 4
#: Share of a sum by which a number that somebody forgot to change may differ from it.
_NEARLY = 0.15

#: Items from which a row may add up its models where these stand right beside it.
_ITEMS_BESIDE = 5.0

#: What the word of a type says where it is none.
_NO_TYPE = (PlaceWord.BLANK, PlaceWord.ALL)

_COUNTED_ONCE = "matrix_parents"

_MASK = npt.NDArray[np.bool_]
_Floats = npt.NDArray[np.float64]


def sums_of_places(
    sheet: Sheet,
    *,
    places: Sequence[int],
    types: Sequence[int],
    models: Sequence[int],
    quantities: _Floats,
    looked: _MASK,
    findings: Findings,
    unshown: frozenset[int] = frozenset(),
) -> _MASK:
    """Return the rows whose items the rows of other places count.

    Parameters
    ----------
    sheet, quantities
        The rows, and how many items each is.
    places, types, models
        Positions of the columns of places, of types and of models.
    looked
        Rows that may be sums, at least three: they have items, are no other totals, and name no
        asset.
    findings
        Where it is told; where it is not sure, the rows stay and are doubted.
    unshown
        Columns of which no cell is told.
    """
    found = np.zeros(len(sheet), np.bool_)
    some = quantities[looked]
    if len(some) > _MANY_ROWS and some.max() < SEVERAL * some.min():
        return found  # of so many rows none is as many items as two others
    table = _Places(sheet, places, types, np.flatnonzero(looked), quantities)
    found |= table.rows_of_sums()
    of_models = table.rows_of_models(models) & ~found
    table.tell(of_models, "matrix_may_be_parents", findings, unshown, positions=types)
    if table.is_one_place:
        table.tell(found, _COUNTED_ONCE, findings, unshown)
        return found
    sums, asked, parts = table.settled()
    found |= table.rows_of(sums)
    table.tell(found, _COUNTED_ONCE, findings, unshown)
    table.tell(table.rows_of(asked), "matrix_may_be_parents", findings, unshown)
    table.tell(table.rows_of(parts), "sums_agree_in_part", findings, unshown)
    return found


class _Places:
    """The quantities of a list by place and type, and what the places are called."""

    def __init__(
        self,
        sheet: Sheet,
        places: Sequence[int],
        types: Sequence[int],
        rows: npt.NDArray[np.intp],
        quantities: _Floats,
    ) -> None:
        self._sheet, self._rows, self._quantities = sheet, rows, quantities
        columns = [_keys(sheet, position, rows) for position in places]
        # what every row says tells no place from another; a sum may leave it out
        self._columns = [
            (position, keys)
            for position, keys in zip(places, columns, strict=True)
            if keys.are_several
        ]
        self._place, self._first = _groups([keys for _, keys in self._columns], len(rows))
        kinds = [_keys(sheet, position, rows) for position in types]
        self._type, first = _groups(kinds, len(rows))
        self._unnamed = np.array(
            [all(said_by(keys[row]) in _NO_TYPE for keys in kinds) for row in first], np.bool_
        )[self._type]
        self._types = len(first)
        self.is_one_place = len(self._first) == 1
        named = ~self._unnamed
        self._pairs = ItemsByPlace.of(
            self._place[named], self._type[named], quantities[rows][named], self._types
        )

    @functools.cached_property
    def _items(self) -> _Floats:
        """How many items of some type each place has."""
        return self._pairs.by_place(len(self._first))

    def rows_of_sums(self) -> _MASK:
        """Return the rows of no type that are the sums of all others of their place, or of all."""
        found = np.zeros(len(self._sheet), np.bool_)
        if not self._unnamed.any():
            return found
        own, named = self._quantities[self._rows], ~self._unnamed
        place = self._place[self._unnamed]
        sums, counts = self._by_place(named)
        sums, counts = sums[place], counts[place]
        # of a place of which there is nothing else, all others may be the ones that are added up
        alone = counts == 0
        if alone.any():
            alone &= self._words[place] != PlaceWord.NAMED
            sums[alone], counts[alone] = own[named].sum(), np.count_nonzero(named)
        is_sum = (counts > 1) & (abs(sums - own[self._unnamed]) < SAME)
        found[self._rows[self._unnamed][is_sum]] = True
        return found

    def _by_place(self, rows: _MASK) -> tuple[_Floats, npt.NDArray[np.intp]]:
        """Return how many items, and rows, each place has among some rows."""
        own, place, size = self._quantities[self._rows][rows], self._place[rows], len(self._first)
        items = np.bincount(place, own, size).astype(np.float64, copy=False)
        return items, np.bincount(place, minlength=size)

    def rows_of_models(self, models: Sequence[int]) -> _MASK:
        """Return the rows of a type and no model that may add up its models in their place."""
        found = np.zeros(len(self._sheet), np.bool_)
        if not models:
            return found
        named = np.zeros(len(self._rows), np.bool_)
        for position in models:
            named |= self._sheet.filled(position)[self._rows]
        own = self._quantities[self._rows]
        looked = ~named & ~self._unnamed & (own >= _ITEMS_BESIDE)
        if not looked.any():
            return found
        # of each type of a place: how many items its models are
        kinds, first = _numbered(self._place * self._types + self._type)
        sums = np.bincount(kinds[named], own[named], len(first))[kinds]
        counts = np.bincount(kinds[named], minlength=len(first))[kinds]
        is_sum = looked & (counts >= SEVERAL) & (abs(sums - own) < SAME)
        for row in np.flatnonzero(is_sum & (own < SOME_ITEMS)).tolist():
            of_models = np.flatnonzero(named & (kinds == kinds[row]))
            first_of, last_of = int(of_models[0]), int(of_models[-1])
            together = last_of - first_of + 1 == len(of_models)
            is_sum[row] = together and row in (first_of - 1, last_of + 1)
        found[self._rows[is_sum]] = True
        return found

    def settled(self) -> tuple[list[int], list[int], list[int]]:
        """Return the places that are sums, those that may be, and those that are in part."""
        sums: list[int] = []
        asked: list[int] = []
        rounds = 0
        while rounds < _ROUNDS:
            # what may be a sum is in no sum, as what is one; or it is a place as the others are
            new = self._that(Agreement.proves, sums, sums) or self._that(
                Agreement.proves, sums, (*sums, *asked)
            )
            # two places are not the sums of one another
            sums += self._not_of_each_other(new)
            before, asked = asked, self._that(Agreement.asks, sums, (*sums, *asked))
            if not new and asked == before:
                break
            rounds = 0 if new else rounds + 1
        parts = self._that(Agreement.is_part, (*sums, *asked), (*sums, *asked), near=False)
        return sums, asked, parts

    def _that(
        self,
        does: Callable[[Agreement, PlaceWord], bool],
        known: Sequence[int],
        out: Sequence[int],
        *,
        near: bool = True,
    ) -> list[int]:
        """Return places whose numbers agree in some way with those of others that are not `out`."""
        found = {
            place
            for place, each in self._agreements(out, near=near)
            if place not in known and does(each, PlaceWord(self._words[place]))
        }
        return sorted(found)

    def _not_of_each_other(self, places: Sequence[int]) -> list[int]:
        """Return one of the places that have the same numbers: the one whose word says most."""
        found: dict[tuple[bytes, bytes], int] = {}
        for place in places:
            own = self._pairs.of_place(place)
            key = own.types.tobytes(), own.items.tobytes()
            known = found.get(key)
            if known is None or self._words[place] > self._words[known]:
                found[key] = place
        return list(found.values())

    def _agreements(self, out: Sequence[int], *, near: bool) -> Iterator[tuple[int, Agreement]]:
        """Yield places, and how their numbers agree with all others, and with those beside them.

        None of which too few items agree for any rule: of most places none does.
        """
        pairs, items = self._pairs, self._items
        kept = items > 0.0
        kept[list(out)] = False
        some = pairs.but(~kept)
        sums = some.by_type(self._types)
        rest = sums[pairs.types] - np.where(kept[pairs.places], pairs.items, 0.0)
        equal = abs(rest - pairs.items) < SAME
        agreed = np.bincount(pairs.places[equal], pairs.items[equal], len(items))
        of_all = (self._words >= PlaceWord.ALL) & (items > 0.0)
        others = np.flatnonzero(kept)
        for place in np.flatnonzero(of_all | (agreed > FEW_ITEMS - SAME)).tolist():
            own = pairs.of_place(place).by_type(self._types)
            left = sums - own if kept[place] else sums
            yield place, self._agreement(place, own, left, others[others != place], everything=True)
        if not near:
            return
        looked = of_all | (items > FEW_ITEMS - SAME)
        for place, first, last in places_beside(items, kept, looked):
            if last - first < len(others) - int(kept[place]):
                own = pairs.of_place(place).by_type(self._types)
                added = others[first:last]
                beside = some.between(added[0], added[-1]).by_type(self._types)
                if (abs(beside - own) < SAME).all():
                    yield place, self._agreement(place, own, beside, added, everything=False)

    @functools.cached_property
    def _alike(self) -> npt.NDArray[np.intp]:
        """For each type, the first one of which every place has as many."""
        seen: dict[tuple[bytes, bytes], int] = {}
        columns = self._pairs.split_by_type(self._types)
        return np.array([seen.setdefault(column, k) for k, column in enumerate(columns)])

    def _agreement(
        self,
        place: int,
        own: _Floats,
        sums: _Floats,
        added: npt.NDArray[np.intp],
        *,
        everything: bool,
    ) -> Agreement:
        there = (own > 0.0) | (sums > 0.0)
        equal = there & (abs(own - sums) < SAME)
        name = self._name(place)
        return Agreement(
            equal=len(np.unique(self._alike[equal])),
            items=float(own[equal].sum()),
            different=int(np.count_nonzero(there & ~equal)),
            is_near=bool((abs(own - sums) <= np.maximum(1.0, _NEARLY * sums)).all()),
            opposed=int(np.count_nonzero(~equal & (own > 0.0) & (sums > 0.0))),
            lacking=int(np.count_nonzero(there & ~equal & (own == 0.0))),
            places=len(added),
            everything=everything,
            are_kinds=bool(name) and all(name < self._name(each) for each in added),
        )

    def _name(self, place: int) -> frozenset[str]:
        """Return the words of the name of a place."""
        first = self._first[place]
        return frozenset(" ".join(keys[first] for _, keys in self._columns).split())

    @functools.cached_property
    def _words(self) -> npt.NDArray[np.intp]:
        """What the name of each place says: of several words the one that says most."""
        said = np.full(len(self._first), PlaceWord.NAMED, np.intp)
        for _, keys in self._columns:
            np.maximum(said, keys.said[keys.codes[self._first]], out=said)
        return said

    def rows_of(self, places: Sequence[int]) -> _MASK:
        """Return the rows of some places."""
        found = np.zeros(len(self._sheet), np.bool_)
        found[self._rows[np.isin(self._place, places)]] = True
        return found

    def tell(
        self,
        mask: _MASK,
        code: str,
        findings: Findings,
        unshown: frozenset[int],
        *,
        positions: Sequence[int] | None = None,
    ) -> None:
        """Tell of some rows that they add up others, or may."""
        if not mask.any():
            return
        shown: dict[str, float] = {}
        named = [position for position, _ in self._columns] if positions is None else positions
        positions = [position for position in named if position not in unshown]
        for row in np.flatnonzero(mask).tolist():
            words = (self._sheet.words(position)[row].as_py() for position in positions)
            name = findings.shown("site", next(filter(None, words), "-"))
            shown[name] = shown.get(name, 0.0) + float(self._quantities[row])
        findings.rows(
            "",
            "",
            Reason(code, rows=", ".join(f"{name} ({items:g})" for name, items in shown.items())),
            self._sheet.lines[mask],
            expected=None if code == _COUNTED_ONCE else Reason("expect_sums_named"),
            severity=Severity.NOTE if code == _COUNTED_ONCE else Severity.DOUBT,
        )


class _Keys:
    """Words of the rows of a column as they are compared, empty where it is blank."""

    def __init__(self, words: Sequence[str], codes: npt.NDArray[np.intp]) -> None:
        self._words, self.codes = words, codes

    def __getitem__(self, row: int) -> str:
        return self._words[int(self.codes[row])]

    @property
    def said(self) -> npt.NDArray[np.intp]:
        """What each distinct word says of a place."""
        return np.array([said_by(word) for word in self._words], np.intp)

    @property
    def are_several(self) -> bool:
        """Tell whether the rows have more than one word; a summary stands apart from no word."""
        used: list[int] = np.flatnonzero(np.bincount(self.codes)).tolist()
        words = [self._words[code] for code in used]
        return sum(map(bool, words)) > 1 or (len(words) > 1 and any(map(names_a_summary, words)))


def _keys(sheet: Sheet, position: int, rows: npt.NDArray[np.intp]) -> _Keys:
    """Return the words of some rows of a column."""
    words = sheet.words(position)
    numbers: dict[str, int] = {}
    keys = (*map(key_of, words.dictionary.to_pylist()), "")
    codes = np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.intp)
    return _Keys(list(numbers), codes[codes_of(words)[rows]])


def _groups(columns: Sequence[_Keys], rows: int) -> tuple[npt.NDArray[np.intp], list[int]]:
    """Return the group of each row by the words of some columns, in the order in which they come.

    With them the first row of each group.
    """
    groups, first = np.zeros(rows, np.intp), np.zeros(1, np.intp)
    for keys in columns:
        size = int(keys.codes.max()) + 1 if rows else 1
        groups, first = _numbered(groups * size + keys.codes)
    return groups, first.tolist()


def _numbered(keys: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return keys as numbers from 0, in the order in which they come, and the first row of each."""
    rows, size = len(keys), int(keys.max()) + 1 if len(keys) else 0
    if size > max(FEW_KEYS, 4 * rows):
        _, keys = np.unique(keys, return_inverse=True)
        keys, size = keys.ravel(), int(keys.max()) + 1
    place = np.full(size, rows, np.intp)
    place[keys[::-1]] = np.arange(rows - 1, -1, -1)  # of the rows of a key the first one is last
    first = np.sort(place[place < rows])
    number = np.empty(size, np.intp)
    number[keys[first]] = np.arange(len(first))
    return number[keys], first
