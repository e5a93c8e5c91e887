"""Sums of places: the rows of a place that add up those of other places, whatever it is called.

Input: the places, types and quantities of a list.  Output: the rows that are sums by evidence: the
numbers of "Ville", of "Tous" or of no place at all are, type by type, the sums of those of the
other places, or of the ones right beside them.  Numbers that may agree by chance, and a word for
all places whose numbers do not, are doubted, and counted.

Must not drop a row: `kinds` does.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Iterator, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen.inventory.issues import Severity
from reen.reasons import Reason
from reen.tables.findings import Findings
from reen.tables.headers.header_words import key_of
from reen.tables.sheet import Sheet, codes_of

__all__ = ["may_name_all_places", "names_all_places", "sums_of_places"]

#: Cells of the largest table of places by types that is looked at, and places of the longest one of
#: which each is compared with those beside it.
_MOST_CELLS, _MOST_PLACES = 1_000_000, 5_000
#: Places beside a place that it may add up.
_NEAR = 40
#: Sums, sums of these, and so on, that are looked for.
_LEVELS = 4
#: Places that have a sum, and numbers that agree by less chance than one.
_SEVERAL = 2
#: Items from which numbers agree by little chance: where a word says it, where none does, by none.
_FEW_ITEMS, _SOME_ITEMS, _MANY_ITEMS = 10.0, 20.0, 40.0
#: Two sums of quantities that differ by less are the same.
_SAME = 1e-6
#: Share of a sum by which a number that somebody forgot to change may differ from it.
_NEARLY = 0.15

_COUNTED_ONCE = "matrix_parents"

#: Words for all places: no place is called so.
_ALL = frozenset(
    map(
        key_of,
        (
            *("tous", "toutes", "tout", "ensemble", "global", "général", "cumul", "totalité"),
            *("tous sites", "tous les sites", "toutes les écoles", "tous services", "tous types"),
            *("tous les services", "toutes les directions", "all", "all sites", "everything"),
            *("overall", "ensemble des sites", "ensemble des services", "ensemble des écoles"),
        ),
    )
)
#: First words of the titles of sections that add up the others.
_SUMMARIES = frozenset(
    {"synthese", "recap", "recapitulatif", "recapitulation", "recapitulative", "bilan", "summary"}
)
#: Words for an authority: all of its places, or those that are no school or workshop.
_WHOLE = frozenset(
    map(
        key_of,
        (
            *("ville", "commune", "agglo", "agglomération", "collectivité", "métropole"),
            *("communauté", "territoire", "département", "région", "parc", "secteur", "city"),
            *(
                "town",
                "council",
                "district",
                "county",
                "region",
                "fleet",
                "epci",
                "intercommunalité",
            ),
        ),
    )
)

_MASK = npt.NDArray[np.bool_]
_Floats = npt.NDArray[np.float64]


def names_all_places(word: str) -> bool:
    """Tell whether a word stands for all places ("Tous"), so that no place is called so."""
    return key_of(word) in _ALL


def may_name_all_places(word: str) -> bool:
    """Tell whether a word stands for all places, or for an authority ("Tous", "Ville")."""
    key = key_of(word)
    return key in _ALL or key in _WHOLE


def _names_a_summary(word: str) -> bool:
    return word.partition(" ")[0] in _SUMMARIES


class _Word(enum.IntEnum):
    """What the name of a place says of its rows, from "one place" to a summary of all."""

    NAMED = 0
    BLANK = 1
    WHOLE = 2
    ALL = 3
    SUMMARY = 4


def _least(word: _Word) -> int:
    """Return how many places a sum adds up: a summary may be that of one list without a name."""
    return 1 if word is _Word.SUMMARY else _SEVERAL


@attrs.frozen(eq=False, repr=False)
class _Agreement:
    """How the numbers of a place agree with the sums of others.

    Attributes
    ----------
    equal, items
        Numbers that agree, and how many items they are.  Of types of which every place has as many,
        as of screens and computers, one number is seen.
    different
        Numbers that do not, those of types that the place lacks too.
    lacking
        Those of types that it lacks alone.
    opposed
        Those of types that it and others have.
    is_near
        Whether those that differ do so by little.
    places
        Places that are added up.
    everything
        Whether these are all others.
    are_kinds
        Whether these are named as its kinds: "École A" and "École B" below "Écoles".
    """

    equal: int
    items: float
    different: int
    lacking: int
    opposed: int
    is_near: bool
    places: int
    everything: bool
    are_kinds: bool

    def proves(self, word: _Word) -> bool:
        """Tell whether numbers and word leave no chance."""
        if self.places < _least(word) or not self.equal:
            return False
        if word >= _Word.ALL:
            return self.different == (self.lacking if word is _Word.ALL else 0)
        if self.different:
            return False
        if self.are_kinds and self.items >= (_FEW_ITEMS if self.equal >= _SEVERAL else _SOME_ITEMS):
            return True
        if word is not _Word.NAMED:
            several = self.equal >= _SEVERAL and self.items >= _FEW_ITEMS
            return several or (
                self.everything and self.places > _SEVERAL and self.items >= _SOME_ITEMS
            )
        return self.items >= _MANY_ITEMS and self.equal > _SEVERAL + (not self.everything)

    def asks(self, word: _Word) -> bool:
        """Tell whether the numbers agree by no likely chance."""
        if self.places < _SEVERAL or not self.equal or self.different:
            return False
        if self.are_kinds:
            return self.items >= _FEW_ITEMS
        if word is not _Word.NAMED and self.everything:
            return self.items >= (_FEW_ITEMS if self.equal >= _SEVERAL else _SOME_ITEMS)
        least = _SEVERAL + (word is _Word.NAMED and not self.everything)
        return self.items >= _SOME_ITEMS and self.equal >= least

    def is_part(self, word: _Word) -> bool:
        """Tell whether some numbers are sums and others nearly, or should be by the word."""
        if self.places < _least(word) or not self.different:
            return False
        if word >= _Word.ALL:
            return self.opposed > 0  # what no place has of its own may be shared by all
        if word is _Word.NAMED:
            return self.is_near and self.equal >= _SEVERAL and self.items >= _SOME_ITEMS
        return self.is_near and self.equal > 0 and self.items >= _FEW_ITEMS


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
    if len(some) > _MOST_PLACES and some.max() < _SEVERAL * some.min():
        return found  # of so many rows none is as many items as two others
    table = _Places(sheet, places, types, np.flatnonzero(looked), quantities)
    found |= table.rows_of_sums()
    of_models = table.rows_of_models(models) & ~found
    table.tell(of_models, "matrix_may_be_parents", findings, unshown, positions=types)
    if table.is_one_place or table.is_too_large:
        table.tell(found, _COUNTED_ONCE, findings, unshown)
        asked = table.as_many_as_all_others() if table.is_too_large else []
        table.tell(table.rows_of(asked), "matrix_may_be_parents", findings, unshown)
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
            [all(not keys[row] or keys[row] in _ALL for keys in kinds) for row in first], np.bool_
        )[self._type]
        shape = len(self._first), len(first)
        self.is_one_place = shape[0] == 1
        self.is_too_large = shape[0] * shape[1] > _MOST_CELLS

    @functools.cached_property
    def _table(self) -> _Floats:
        table = np.zeros((len(self._first), int(self._type.max()) + 1))
        named = ~self._unnamed
        own = self._quantities[self._rows]
        np.add.at(table, (self._place[named], self._type[named]), own[named])
        return table

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
            alone &= np.array(self._words)[place] != _Word.NAMED
            sums[alone], counts[alone] = own[named].sum(), np.count_nonzero(named)
        is_sum = (counts > 1) & (abs(sums - own[self._unnamed]) < _SAME)
        found[self._rows[self._unnamed][is_sum]] = True
        return found

    def _by_place(self, rows: _MASK) -> tuple[_Floats, npt.NDArray[np.intp]]:
        """Return how many items, and rows, each place has among some rows."""
        own, place, size = self._quantities[self._rows][rows], self._place[rows], len(self._first)
        items = np.bincount(place, own, size).astype(np.float64, copy=False)
        return items, np.bincount(place, minlength=size)

    def as_many_as_all_others(self) -> list[int]:
        """Return the places that have as many items as all others together."""
        items, _ = self._by_place(np.ones(len(self._rows), np.bool_))
        half = items.sum() / 2.0
        same = (abs(items - half) < _SAME) & (items >= _MANY_ITEMS)
        return [int(place) for place in np.flatnonzero(same)]

    def rows_of_models(self, models: Sequence[int]) -> _MASK:
        """Return the rows of a type and no model that may add up its models in their place."""
        found = np.zeros(len(self._sheet), np.bool_)
        if not models:
            return found
        named = np.zeros(len(self._rows), np.bool_)
        for position in models:
            named |= self._sheet.filled(position)[self._rows]
        own = self._quantities[self._rows]
        looked = ~named & ~self._unnamed & (own >= _SOME_ITEMS)
        if not looked.any():
            return found
        # of each type of a place: how many items its models are
        kinds, first = _numbered(self._place * (int(self._type.max()) + 1) + self._type)
        sums = np.bincount(kinds[named], own[named], len(first))[kinds]
        counts = np.bincount(kinds[named], minlength=len(first))[kinds]
        is_sum = looked & (counts >= _SEVERAL) & (abs(sums - own) < _SAME)
        found[self._rows[is_sum]] = True
        return found

    def settled(self) -> tuple[list[int], list[int], list[int]]:
        """Return the places that are sums, those that may be, and those that are in part."""
        sums: list[int] = []
        asked: list[int] = []
        for _ in range(_LEVELS):
            # what may be a sum is in no sum, as what is one; or it is a place as the others are
            new = self._that(_Agreement.proves, sums, sums) or self._that(
                _Agreement.proves, sums, (*sums, *asked)
            )
            # two places are not the sums of one another
            sums += self._not_of_each_other(new)
            before, asked = asked, self._that(_Agreement.asks, sums, (*sums, *asked))
            if not new and asked == before:
                break
        parts = self._that(_Agreement.is_part, (*sums, *asked), (*sums, *asked), near=False)
        return sums, asked, parts

    def _that(
        self,
        does: Callable[[_Agreement, _Word], bool],
        known: Sequence[int],
        out: Sequence[int],
        *,
        near: bool = True,
    ) -> list[int]:
        """Return places whose numbers agree in some way with those of others that are not `out`."""
        found = {
            place
            for place, each in self._agreements(out, near=near)
            if place not in known and does(each, self._words[place])
        }
        return sorted(found)

    def _not_of_each_other(self, places: Sequence[int]) -> list[int]:
        """Return one of the places that have the same numbers: the one whose word says most."""
        found: dict[bytes, int] = {}
        for place in places:
            key = self._table[place].tobytes()
            known = found.get(key)
            if known is None or self._words[place] > self._words[known]:
                found[key] = place
        return list(found.values())

    def _agreements(self, out: Sequence[int], *, near: bool) -> Iterator[tuple[int, _Agreement]]:
        """Yield places, and how their numbers agree with all others, and with those beside them."""
        table = self._table
        kept: _MASK = np.asarray(table.any(axis=1))
        kept[list(out)] = False
        sums = table[kept].sum(axis=0) - table * kept[:, None]
        looked = ((abs(sums - table) < _SAME) & (table > 0.0)).any(axis=1)
        looked |= np.array(self._words) >= _Word.ALL
        others = int(kept.sum()) - kept.astype(np.int64)
        for place in np.flatnonzero(looked & table.any(axis=1)).tolist():
            added = np.flatnonzero(kept & (np.arange(len(table)) != place)).tolist()
            yield place, self._agreement(place, sums[place], added, everything=True)
        if not near or len(table) > _MOST_PLACES:
            return
        upto = np.vstack([np.zeros((1, table.shape[1])), np.cumsum(table[kept], axis=0)])
        for place, first, last in self._windows(kept):
            if last - first < others[place]:
                beside = upto[last] - upto[first]
                if (abs(beside - table[place]) < _SAME).all():
                    added = np.flatnonzero(kept)[first:last].tolist()
                    yield place, self._agreement(place, beside, added, everything=False)

    def _windows(self, kept: _MASK) -> Iterator[tuple[int, int, int]]:
        """Yield places, and the first of the kept ones beside them and the one after the last.

        Those have as many items in all as the place.
        """
        items = self._table.sum(axis=1)
        upto = np.append(0.0, np.cumsum(items[kept]))
        after: npt.NDArray[np.int64] = np.cumsum(kept)
        before = after - kept.astype(np.int64)
        for count in range(2, min(_NEAR, len(upto) - 1) + 1):
            for first in (before - count, after):
                there = (first >= 0) & (first + count < len(upto)) & (items > 0.0)
                places = np.flatnonzero(there)
                begins = first[places]
                same = abs(upto[begins + count] - upto[begins] - items[places]) < _SAME
                for place, begin in zip(places[same], begins[same], strict=True):
                    yield int(place), int(begin), int(begin) + count

    @functools.cached_property
    def _alike(self) -> npt.NDArray[np.intp]:
        """For each type, the first one of which every place has as many."""
        seen: dict[bytes, int] = {}
        columns = (column.tobytes() for column in self._table.T)
        return np.array([seen.setdefault(column, k) for k, column in enumerate(columns)])

    def _agreement(
        self, place: int, sums: _Floats, added: Sequence[int], *, everything: bool
    ) -> _Agreement:
        own = self._table[place]
        there = (own > 0.0) | (sums > 0.0)
        equal = there & (abs(own - sums) < _SAME)
        return _Agreement(
            equal=len(np.unique(self._alike[equal])),
            items=float(own[equal].sum()),
            different=int(np.count_nonzero(there & ~equal)),
            is_near=bool((abs(own - sums) <= np.maximum(1.0, _NEARLY * sums)).all()),
            opposed=int(np.count_nonzero(~equal & (own > 0.0) & (sums > 0.0))),
            lacking=int(np.count_nonzero(there & ~equal & (own == 0.0))),
            places=len(added),
            everything=everything,
            are_kinds=bool(self._names[place])
            and all(self._names[place] < self._names[each] for each in added),
        )

    @functools.cached_property
    def _names(self) -> list[frozenset[str]]:
        """The words of the name of each place."""
        return [
            frozenset(" ".join(keys[first] for _, keys in self._columns).split())
            for first in self._first
        ]

    @functools.cached_property
    def _words(self) -> list[_Word]:
        """What the name of each place says."""
        found = []
        for first in self._first:
            words = [keys[first] for _, keys in self._columns]
            if any(map(_names_a_summary, words)):
                found.append(_Word.SUMMARY)
            elif any(word in _ALL for word in words):
                found.append(_Word.ALL)
            elif any(word in _WHOLE for word in words):
                found.append(_Word.WHOLE)
            else:
                found.append(_Word.NAMED if all(words) else _Word.BLANK)
        return found

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
    def are_several(self) -> bool:
        """Tell whether the rows have more than one word; a summary stands apart from no word."""
        used: list[int] = np.flatnonzero(np.bincount(self.codes)).tolist()
        words = [self._words[code] for code in used]
        return sum(map(bool, words)) > 1 or (len(words) > 1 and any(map(_names_a_summary, words)))


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
    if size > max(_MOST_CELLS, 4 * rows):
        _, keys = np.unique(keys, return_inverse=True)
        keys, size = keys.ravel(), int(keys.max()) + 1
    place = np.full(size, rows, np.intp)
    place[keys[::-1]] = np.arange(rows - 1, -1, -1)  # of the rows of a key the first one is last
    first = np.sort(place[place < rows])
    number = np.empty(size, np.intp)
    number[keys[first]] = np.arange(len(first))
    return number[keys], first
