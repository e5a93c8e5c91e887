"""Rounds: the records that share an identifier are merged, list by list and then across lists.

Input: a table, which of its rows share an identifier with another, and how tools tell assets apart.
Output: the rows kept, where each of their cells comes from, the merges and what is in doubt.

Which rows are looked at is `merging`'s; what evidence says stands in `verdicts`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.account import Merge
from reen.inventory.issues import Issue
from reen.reasons import Reason
from reen.tables.identity.evidence import Evidence
from reen.tables.identity.fields import combine, conflicting
from reen.tables.identity.identifiers import IDENTIFYING, comparable
from reen.tables.identity.records import Codes, Groups, Records, codes_of
from reen.tables.identity.telling import (
    Places,
    tell_conflicts,
    tell_rounded,
    tell_states,
    tell_verdicts,
)
from reen.tables.identity.verdicts import (
    FEW,
    Verdict,
    Verdicts,
    identifier_word,
    verdicts_across,
    verdicts_inside,
)

__all__ = ["Rounds"]

Truths = npt.NDArray[np.bool_]

#: The rows kept, their positions, the rows that the cells of a column come from, merges and issues.
Outcome = tuple[pa.Table, Codes, Callable[[str], Codes], tuple[Merge, ...], tuple[Issue, ...]]

#: Assets that two lists must have in common, and their share, to be lists of one fleet.
_COMMON = 2
_SHARE = 0.5

#: Share of different cells that makes a column one that numbers the rows of a list.
_NUMBERED = 0.9

#: Identifiers that have a name in words.
_CALLED = frozenset({*IDENTIFYING, "name", "uuid"})

_NOTHING = Verdicts(np.zeros(0, np.int8), ())


class Rounds:
    """The rows of a table that share identifiers, on their way to assets."""

    def __init__(self, table: pa.Table, shared: Codes) -> None:
        self._table = table
        self._shared = shared
        self._records = Records(table.take(pa.array(shared)).unify_dictionaries())
        self._places = Places(self._records, shared)
        self._into = np.arange(len(shared), dtype=np.int64)
        self._why: dict[int, Reason] = {}
        self._told: list[Issue] = []
        self._undecided: dict[str, list[Issue]] = {}
        self._names: dict[tuple[int, int], int] | None = None

    def by_keys(self, keys: Mapping[str, Sequence[str]]) -> None:
        """Merge the records of each list that have the key of its tool in common."""
        records = self._records
        words = records.words("source")
        for source, columns in keys.items():
            word = source.strip().upper()
            if word not in words:
                continue
            left = np.flatnonzero(records.codes("source") == words.index(word))
            for name in columns:
                stated = records.codes(name)[left] >= 0
                groups = Groups.of(left[stated], records.codes(name))
                if groups.count:
                    called = identifier_word(name) if name in _CALLED else name
                    reason = Reason("merged_key", identifier=called)
                    self._merge(groups, [reason] * groups.count, "keys")
                left = left[~stated]

    def inside(self) -> bool:
        """Merge the records of each list; tell whether there were any."""
        keys = (
            "serial_number",
            *self._records.uuid,
            "asset_tag",
            "id",
        )
        return self._round("inside", keys, self._inside)

    def across(self) -> bool:
        """Merge the records of several lists; tell whether there were any."""
        return self._round(
            "across", ("serial_number", *self._records.uuid, "asset_tag"), self._across
        )

    def _round(
        self, phase: str, keys: Sequence[str], judge: Callable[[str], tuple[Groups, Verdicts]]
    ) -> bool:
        """Judge all groups of each key, and merge those that share no record with one merged."""
        self._undecided[phase] = []
        taken = np.zeros(len(self._records), np.bool_)
        joined: list[tuple[Groups, Sequence[Reason]]] = []
        for key in keys:
            groups, verdicts = judge(key)
            if not groups.count:
                continue
            one = (verdicts.verdict == Verdict.ONE) & (groups.number(taken) == 0)
            if one.any():
                chosen = groups.chosen(one)
                taken[chosen.members] = True
                joined.append((chosen, [verdicts.reasons[k] for k in np.flatnonzero(one)]))
            self._undecided[phase] += tell_verdicts(
                self._records, groups, verdicts, key=key, places=self._places
            )
        for groups, reasons in joined:
            self._merge(groups, reasons, phase)
        return bool(joined)

    def _inside(self, key: str) -> tuple[Groups, Verdicts]:
        records = self._records
        groups = Groups.of(records.rows, records.codes("source"), records.codes(key))
        if not groups.count:
            return groups, _NOTHING
        evidence = Evidence(records, groups, key)
        own_names = evidence.own_names(self._elsewhere)
        return groups, verdicts_inside(evidence, own_names, self._numbered(evidence))

    def _numbered(self, evidence: Evidence) -> Truths:
        """Tell which groups share the number of a row; asked where they differ in entity alone."""
        found = np.zeros(evidence.groups.count, np.bool_)
        wanted = (evidence.distinct("entity") > 1) & (evidence.groups.sizes <= FEW)
        if wanted.any():
            wanted &= evidence.differing(self._records.kept) == 0
            for name in self._records.kept:
                shared = evidence.shared(name) & wanted & ~found
                if shared.any():
                    found |= shared & self._is_number(name, evidence.groups)
        return found

    def _is_number(self, name: str, groups: Groups) -> Truths:
        """Tell which groups share a cell that no other row has, of a column that numbers rows."""
        kept = self._kept()
        cells = codes_of(comparable(self._table[name].take(pa.array(self._cells(name, kept)))))
        lists = np.zeros(len(kept), np.int64)
        if "source" in self._table.column_names:
            lists = codes_of(comparable(self._table["source"].take(pa.array(kept)))) + 1
        width = int(lists.max(initial=0)) + 1
        pairs, places, counts = np.unique(
            cells * width + lists, return_inverse=True, return_counts=True
        )
        filled = np.bincount(lists[cells >= 0], minlength=width)
        distinct = np.bincount((pairs % width)[pairs >= 0], minlength=width)
        numbers = distinct >= _NUMBERED * filled
        firsts = np.searchsorted(kept, self._shared[groups.firsts(np.arange(len(self._records)))])
        own = counts[places.reshape(-1)[firsts]] == groups.sizes
        return np.asarray(own & numbers[lists[firsts]], np.bool_)

    def _across(self, key: str) -> tuple[Groups, Verdicts]:
        records = self._records
        groups = Groups.of(records.rows, records.codes(key))
        groups = groups.chosen(groups.distinct(records.codes("source")) > 1)
        if not groups.count:
            return groups, _NOTHING
        evidence = Evidence(records, groups, key)
        own_names = evidence.own_names(self._elsewhere)
        return groups, verdicts_across(evidence, own_names, self._overlapping(groups, key))

    def _overlapping(self, groups: Groups, key: str) -> Truths:
        """Tell which groups are of a list that has half of its assets in common with others."""
        records = self._records
        sources = records.codes("source")
        width = len(records.words("source"))
        common = np.bincount(sources[groups.members], minlength=width)
        merged = ~records.alive & (records.codes(key) >= 0)
        total = self._stating(key) - np.bincount(sources[merged], minlength=width)
        same_fleet = (common >= _COMMON) & (common >= _SHARE * total)
        return groups.number(same_fleet[sources]) > 0

    def _stating(self, key: str) -> Codes:
        """Return how many rows of each list state an identifier."""
        words = self._records.words("source")
        if "source" not in self._table.column_names:
            return np.array([self._table[key].count()] * len(words), np.int64)
        there = self._table["source"].filter(self._table[key].is_valid())
        counts: dict[str, int] = {}
        for each in pc.value_counts(comparable(there.cast(pa.string()))).to_pylist():
            counts[each["values"] or ""] = each["counts"]
        return np.array([counts.get(word, 0) for word in words], np.int64)

    def _elsewhere(self) -> dict[tuple[int, int], int]:
        """Return how many rows that share no identifier have a name of one that does."""
        if self._names is None:
            self._names = self._names_elsewhere()
        return self._names

    def _names_elsewhere(self) -> dict[tuple[int, int], int]:
        if "name" not in self._table.column_names:
            return {}
        alone = np.ones(self._table.num_rows, np.bool_)
        alone[self._shared] = False
        wanted = self._records.words("name")
        names = comparable(self._table["name"])
        hits = pc.and_(pc.is_in(names, value_set=pa.array(wanted, pa.string())), pa.array(alone))
        if "source" in self._table.column_names:
            sources = comparable(self._table["source"].filter(hits)).to_pylist()
        else:
            sources = [""] * (pc.sum(hits).as_py() or 0)
        of_name = {word: code for code, word in enumerate(wanted)}
        of_source = {word: code for code, word in enumerate(self._records.words("source"))}
        counts: dict[tuple[int, int], int] = {}
        for name, source in zip(names.filter(hits).to_pylist(), sources, strict=True):
            place = (of_source.get(source or "", -1), of_name[name])
            counts[place] = counts.get(place, 0) + 1
        return counts

    def _merge(self, groups: Groups, reasons: Sequence[Reason], phase: str) -> None:
        records = self._records
        differ = conflicting(records, groups)
        evidence = Evidence(records, groups, "source")
        torn = evidence.contradicting_states() & ~evidence.dated()
        kept = combine(records, groups)
        for group, row in zip(groups.group.tolist(), groups.members.tolist(), strict=True):
            if row != kept[group]:
                self._into[row] = kept[group]
                self._why[row] = reasons[group]
        self._told += tell_conflicts(records, groups, kept, differ=differ, places=self._places)
        if phase == "across":
            self._told += tell_states(records, groups, kept, where=torn, places=self._places)

    def outcome(self) -> Outcome:
        """Return the rows with each asset once, and what became of the others."""
        into = self._into
        while not np.array_equal(into, into[into]):
            into = into[into]
        places = self._places
        merges = [
            Merge(
                places.source[row],
                places.line[row],
                places.source[int(into[row])],
                places.line[int(into[row])],
                reason,
            )
            for row, reason in self._why.items()
        ]
        merges.sort(key=lambda merge: (merge.source, merge.row))
        kept = self._kept()
        issues = (*self._told, *self._undecided["inside"], *self._undecided["across"])
        issues += tuple(tell_rounded(self._records, places))

        def cells(name: str) -> Codes:
            return self._cells(name, kept)

        table = self._table
        if merges:
            columns = [table[name].take(pa.array(cells(name))) for name in table.column_names]
            table = pa.table(columns, schema=table.schema)
        return table, kept, cells, tuple(merges), issues

    def _kept(self) -> Codes:
        """Return the rows of the table that are not merged into another."""
        rows = np.ones(self._table.num_rows, np.bool_)
        rows[self._shared[~self._records.alive]] = False
        return np.flatnonzero(rows).astype(np.int64)

    def _cells(self, name: str, kept: Codes) -> Codes:
        """Return the row of the table that gives each cell of the rows kept."""
        rows = np.arange(self._table.num_rows, dtype=np.int64)
        alive = self._records.rows
        rows[self._shared[alive]] = self._shared[self._records.pick(name)[alive]]
        return rows[kept]
