"""Evidence for and against one asset, in groups of records that share an identifier.

Input: records and groups of them.  Output: a number or a truth for each group.  All groups are
looked at together; one by one only where words must be compared loosely.

Says what the facts are, and decides nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from reen.inventory.schema import EQUIPMENT
from reen.tables.identity.identifiers import is_shapeless
from reen.tables.identity.records import Codes, Groups, Records
from reen.vocabulary.text import normalise

__all__ = ["CONFIGURATION", "SEEN", "WHAT_IT_IS", "Evidence"]

Truths = npt.NDArray[np.bool_]

#: What an asset is: where two records state it, they state the same, or they are two assets.
WHAT_IT_IS = (
    *("equipment_type", "manufacturer", "model", "model_number", "serial_number", "asset_tag"),
    *("entity", "purchase_date", "price", "screen_size"),
)
#: What a record says of a moment.
SEEN = (
    *("status", "site", "country", "user_id", "user_mode", "last_seen", "retirement_date"),
    *("datacenter_id", "cluster", "parent_id"),
)
_APART = frozenset(
    {"id", "name", "quantity", "source", "source_row"}
    | {"purchase_date_precision", "retirement_date_precision"}
    | {name for name in EQUIPMENT if name.endswith("_raw")}
)
#: What may change over a life, by an upgrade or a new contract.
CONFIGURATION = tuple(name for name in EQUIPMENT if name not in {*WHAT_IT_IS, *SEEN, *_APART})

#: Days without contact after which a record is one that another has replaced.
_REPLACED_AFTER = 30

_USED = ("in_use", "loaned", "in_repair", "in_stock")
_GONE = ("retired", "lost")

#: What tools and people add to a name: "(2)", "-old", "_copie", a domain.
_SUFFIX = re.compile(r"[\s._-]*\([^)]{1,12}\)|[\s._-]+[^\W\d_]{2,10}\d{0,2}|(\.[\w-]+){1,6}")

#: Letters and digits of a part number, which is another way to write a model.
_PART_NUMBER = 6
#: Dates of order, delivery and invoice of one asset; prices with and without tax.
_SAME_PURCHASE_DAYS = 62
_SAME_PRICE = 1.25


class Evidence:
    """What is known of some groups.

    Attributes
    ----------
    records, groups
        What is looked at.
    key
        Column of the identifier that the records of a group share.
    """

    def __init__(self, records: Records, groups: Groups, key: str) -> None:
        self.records = records
        self.groups = groups
        self.key = key
        self._distinct: dict[str, Codes] = {}

    def distinct(self, name: str) -> Codes:
        """Return how many different values each group has in a column."""
        if name not in self._distinct:
            self._distinct[name] = self.groups.distinct(self.records.stated(name))
        return self._distinct[name]

    def differing(self, names: Sequence[str]) -> Codes:
        """Return in how many of some columns the records of each group differ."""
        differ = np.zeros(self.groups.count, np.int64)
        for name in names:
            if name != self.key:
                differ += self.distinct(name) > 1
        return differ

    def shared(self, name: str) -> Truths:
        """Tell where all records of a group state one value."""
        filled = self.groups.number(self.records.codes(name) >= 0)
        return np.asarray((self.distinct(name) == 1) & (filled == self.groups.sizes), np.bool_)

    def shapeless(self) -> Truths:
        """Tell where the identifier itself is too plain to prove anything."""
        return self.by_word(self.key, is_shapeless)

    def by_word(self, name: str, test: Callable[[str], bool]) -> Truths:
        """Tell where the word that the first record of a group states passes a test."""
        words = self.records.words(name)
        codes = self.groups.firsts(self.records.codes(name))
        found = {code: test(words[code]) for code in np.unique(codes).tolist() if code >= 0}
        return np.array([found.get(code, False) for code in codes.tolist()], np.bool_)

    def second(self, names: Sequence[str]) -> Truths:
        """Tell where all records share one of some other identifiers, one that proves something."""
        found = np.zeros(self.groups.count, np.bool_)
        for name in names:
            if name != self.key:
                found |= self.second_is(name)
        return found

    def second_is(self, name: str) -> Truths:
        """Tell where all records share another identifier, one that proves something."""
        found = self.shared(name)
        if found.any() and name not in {"id", *self.records.mac}:
            found = found & ~self.by_word(name, is_shapeless)
        return found

    def several(self) -> Codes:
        """Return how many records of each group stand for more than one item."""
        quantity = self.records.numbers("quantity")
        with np.errstate(invalid="ignore"):
            return self.groups.number(quantity > 1.0)

    def dated(self) -> Truths:
        """Tell where all records have a day of last contact, each another."""
        filled = self.groups.number(self.records.codes("last_seen") >= 0)
        every = self.distinct("last_seen") == self.groups.sizes
        return np.asarray(every & (filled == self.groups.sizes), np.bool_)

    def replaced(self) -> Truths:
        """Tell where dates or states show that one record replaces the others."""
        return self._replaced_by_date() | self._replaced_by_state()

    def _replaced_by_date(self) -> Truths:
        days = self.records.numbers("last_seen")[self.groups.members]
        order = np.lexsort((days, self.groups.group))
        near = np.diff(days[order]) < _REPLACED_AFTER
        near &= self.groups.group[order][1:] == self.groups.group[order][:-1]
        close = np.zeros(self.groups.count, np.bool_)
        close[self.groups.group[order][1:][near]] = True
        return self.dated() & ~close

    def _replaced_by_state(self) -> Truths:
        used, gone = self._of_state(_USED), self._of_state(_GONE)
        return np.asarray((used == 1) & (gone == self.groups.sizes - 1), np.bool_)

    def _of_state(self, states: Sequence[str]) -> Codes:
        words = self.records.words("status")
        wanted = {state.replace("_", " ") for state in states}
        which = np.array([*(word in wanted for word in words), False], np.bool_)
        return self.groups.number(which[self.records.codes("status")])

    def contradicting_states(self) -> Truths:
        """Tell where one record is of what is used and another of what is gone."""
        return np.asarray((self._of_state(_USED) > 0) & (self._of_state(_GONE) > 0), np.bool_)

    def names_agree(self) -> Truths:
        """Tell where the names of a group are one, or one with something added to it."""
        distinct = self.distinct("name")
        agree: Truths = distinct <= 1
        words, codes = self.records.words("name"), self.records.codes("name")
        for group in np.flatnonzero((distinct > 1) & (distinct <= _SUFFIXES)).tolist():
            here = {int(code) for code in codes[self.groups.rows_of(group)] if code >= 0}
            agree[group] = _one_name(sorted((words[code] for code in here), key=len))
        return agree

    def own_names(self, elsewhere: Callable[[], Mapping[tuple[int, int], int]]) -> Truths:
        """Tell where all records share a name that no other row of their lists has.

        Parameters
        ----------
        elsewhere
            Returns how many rows that share no identifier have a name, by the codes of list and
            name; asked only when it is needed.
        """
        found = self.shared("name") & ~self.by_word("name", is_shapeless)
        if not found.any():
            return found
        names, models = self.records.words("name"), self.records.words("model")
        codes, sources = self.records.codes("name"), self.records.codes("source")
        model = self.records.codes("model")
        alive = self.records.rows
        width = int(sources.max(initial=0)) + 2
        pairs = codes[alive] * width + sources[alive] + 1
        keys, counts = np.unique(pairs[codes[alive] >= 0], return_counts=True)
        totals = dict(zip(keys.tolist(), counts.tolist(), strict=True))
        others = elsewhere()
        for group in np.flatnonzero(found).tolist():
            rows = self.groups.rows_of(group)
            code = int(codes[rows[0]])
            lists = {int(source) for source in sources[rows]}
            total = sum(totals.get(code * width + source + 1, 0) for source in lists)
            total += sum(others.get((source, code), 0) for source in lists)
            of_group = {int(each) for each in model[rows] if each >= 0}
            named = any(_is_part(names[code], models[each]) for each in of_group)
            found[group] = total == len(rows) and not named
        return found

    def loosely_differing(self, names: Sequence[str]) -> Codes:
        """Return in how many of some columns each group differs by more than a way of writing."""
        differ = np.zeros(self.groups.count, np.int64)
        for name in names:
            for group in np.flatnonzero(self.distinct(name) > 1).tolist():
                differ[group] += not self._loosely_one(name, self.groups.rows_of(group))
        return differ

    def _loosely_one(self, name: str, rows: Codes) -> bool:
        if name in {"purchase_date", "price"}:
            values = self.records.numbers(name)[rows]
            values = values[self.records.stated(name)[rows] >= 0]
            if name == "price":
                return bool(values.max() <= _SAME_PRICE * values.min())
            return bool(np.ptp(values) <= _SAME_PURCHASE_DAYS)
        words, codes = self.records.words(name), self.records.codes(name)
        if not words:
            return False
        here = [words[code] for code in {int(code) for code in codes[rows]} if code >= 0]
        ways = _ONE_WAY.get(name, _contained)
        return all(ways(left, right) for left, right in itertools.combinations(here, 2))


#: Different names of a group that are looked at as one name with something added.
_SUFFIXES = 4


def _one_name(names: Sequence[str]) -> bool:
    """Tell whether all names are the first, which has a digit, with something added."""
    first = names[0]
    if not any(character.isdigit() for character in first):
        return False
    return all(
        name.startswith(first) and _SUFFIX.fullmatch(name, len(first)) is not None
        for name in names[1:]
    )


def _is_part(name: str, model: str) -> bool:
    """Tell whether a name says no more than the model."""
    return set(normalise(name).split()) <= set(model.split())


def _contained(left: str, right: str) -> bool:
    ours, theirs = set(left.split()), set(right.split())
    return ours <= theirs or theirs <= ours


def _one_maker(left: str, right: str) -> bool:
    """Tell whether two makers are one: the same words, or the initials of the other."""
    short, long = sorted((left, right), key=len)
    initials = "".join(word[0] for word in long.split())
    return _contained(left, right) or initials.startswith(short.split()[0])


def _one_model(left: str, right: str) -> bool:
    """Tell whether two models may be one: the same words, or a part number beside a name."""
    together, other = left.replace(" ", ""), right.replace(" ", "")
    if _contained(left, right) or together in other or other in together:
        return True
    return _is_part_number(left) != _is_part_number(right)


def _is_part_number(model: str) -> bool:
    mixed = re.search(r"\d", model) and re.search(r"[a-z]", model)
    return bool(mixed) and " " not in model and len(model) >= _PART_NUMBER


_ONE_WAY = {"manufacturer": _one_maker, "model": _one_model}
