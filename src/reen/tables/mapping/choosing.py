"""Choosing: which table of which tool a header is that of.

Input: the header of a table, the names of its file and sheet, and the mappings of tools.  Output:
the table whose signature is there, the one of most headers first; others that fit as well are
named, because to choose between them is an assumption.

Must not read a row, nor know a tool.
"""

from __future__ import annotations

import collections
import fnmatch
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

import attrs

from reen.patterns import pattern
from reen.tables.headers.header_words import key_of
from reen.tables.mapping.mapping import FileMapping, TableMapping
from reen.tables.sheet import tidy_cell

__all__ = ["Choice", "Place", "Tools", "keys_of", "without_year"]

#: Headers that this library alone writes.
_OWN = frozenset({"equipment_type", "source_row"})

_YEAR = pattern(r"(?:19|20)\d\d")

#: What stands for several texts in the pattern of a name.
_WILD = re.compile(r"[*?\[\]]")


@attrs.frozen(repr=False)
class Place:
    """Where a table stands.

    Attributes
    ----------
    file
        Name of the file, with the folders or the archive that it lies in.
    sheet
        Name of the sheet or list; empty where the file is one table.
    """

    file: str
    sheet: str = ""

    @classmethod
    def of(cls, source: str) -> Place:
        """Return the place that a source names: ``parc.xlsx[Feuil1]``."""
        if not source.endswith("]"):
            return cls(source)
        file, _, sheet = source[:-1].partition("[")
        return cls(file, sheet)

    def is_among(self, table: TableMapping) -> bool:
        """Tell whether a table of a mapping is for this place, by the names that it gives."""
        return _is_among(self, table.sheets, table.files)


def without_year(name: str) -> str:
    """Return the pattern of a name of a file or sheet in any year.

    Examples
    --------
    >>> without_year("Réformés 2024"), without_year("Feuil1")
    ('Réformés *', 'Feuil1')
    """
    import glob

    return _YEAR.sub("*", glob.escape(name))


@functools.lru_cache(maxsize=1 << 12)
def _is_among(place: Place, sheets: tuple[str, ...], files: tuple[str, ...]) -> bool:
    """Tell whether a place is of some names; it is asked anew for each of many rows."""
    name = PurePosixPath(place.file)
    sheet = place.sheet or name.stem
    return (not sheets or _fits([sheet], sheets)) and (
        not files or _fits([place.file, name.name], files)
    )


def _fits(names: Iterable[str], patterns: Iterable[str]) -> bool:
    folded = [name.casefold() for name in names]
    for each in map(str.casefold, patterns):
        # most are of another tool: an expression is made of what begins and ends alike
        first, *others = _WILD.split(each)
        last = others[-1] if others else first
        for name in folded:
            alike = name.startswith(first) and name.endswith(last)
            if alike and fnmatch.fnmatchcase(name, each):
                return True
    return False


def keys_of(header: Iterable[str]) -> frozenset[str]:
    """Return the headers of a table in the forms by which they are compared: joined, too.

    Tools write ``serialNumber`` in one file and ``serial_number`` in another.
    """
    keys = {key for cell in header if (key := key_of(tidy_cell(cell)))}
    return frozenset(keys | {key.replace(" ", "") for key in keys})


@attrs.frozen(eq=False, repr=False)
class Choice:
    """The table of a tool that a header is that of.

    Attributes
    ----------
    tool, table
        The mapping of the tool, and its table.
    rivals
        Names of other tools that fit as well, and would have it read otherwise.
    """

    tool: FileMapping
    table: TableMapping
    rivals: tuple[str, ...] = ()


@attrs.frozen(eq=False, repr=False)
class _Candidate:
    """One table of one tool, and how well it fits; the greatest fits best."""

    tool: FileMapping
    number: int
    signature: int
    named: bool

    @property
    def table(self) -> TableMapping:
        return self.tool.tables[self.number]

    def rank(self, keys: frozenset[str]) -> tuple[int, bool, int]:
        known = sum(key_of(header) in keys for header in self.table.columns)
        return self.signature, self.named, known


@attrs.frozen(eq=False, repr=False)
class Tools:
    """The mappings of tools, with the signatures of their tables by header.

    Those of tables that are known by the name of their sheet or file alone are apart.
    """

    mappings: tuple[FileMapping, ...]
    _sizes: tuple[tuple[int, int, int], ...]
    _groups: dict[str, tuple[int, ...]]
    _named: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, mappings: Sequence[FileMapping]) -> Tools:
        """Return the mappings of some tools, looked through once for each set of them."""
        return _tools_of(_Same(tuple(mappings)))

    def choose(self, header: Sequence[str], place: Place) -> Choice | None:
        """Return the table of a tool that a header is that of; None when no signature is there.

        A signature of more headers goes before one of fewer, then a table that is for a sheet or
        file of that name, then one that knows more of the headers.  Without a signature, a table
        is chosen by these names alone.  A list of this library's own columns is that of no tool.

        Parameters
        ----------
        header
            The cells of the header.
        place
            Where the table stands.
        """
        return _chosen(self, tuple(header), place)

    def _best(self, header: Sequence[str], place: Place) -> Choice | None:
        if not _OWN.isdisjoint(header):
            return None
        keys = keys_of(header)
        found = sorted(
            self._candidates(keys, place, width=sum(bool(key_of(cell)) for cell in header)),
            key=lambda each: (*(-int(part) for part in each.rank(keys)), each.tool.name),
        )
        if not found:
            return None
        best = found[0]
        equal = [each for each in found[1:] if each.rank(keys) == best.rank(keys)]
        rivals = {
            each.tool.name
            for each in equal
            if each.tool is not best.tool and _said(each.table, keys) != _said(best.table, keys)
        }
        return Choice(best.tool, best.table, tuple(sorted(rivals)))

    def _candidates(
        self, keys: frozenset[str], place: Place, *, width: int
    ) -> Iterator[_Candidate]:
        hits = collections.Counter(group for key in keys for group in self._groups.get(key, ()))
        for group, count in hits.items():
            tool, number, size = self._sizes[group]
            if count == size:
                table = self.mappings[tool].tables[number]
                if table.at_most and width > table.at_most:
                    continue
                named = bool(table.sheets or table.files) and place.is_among(table)
                yield _Candidate(self.mappings[tool], number, size, named)
        for tool, number in self._named:
            mapping = self.mappings[tool]
            if place.is_among(mapping.tables[number]):
                yield _Candidate(mapping, number, 0, named=True)


def _said(table: TableMapping, keys: frozenset[str]) -> tuple[object, ...]:
    """Return what a table says of a header: two that say the same are no rivals."""
    rules = {key_of(header): rule for header, rule in table.columns.items()}
    there = {key: rule for key, rule in rules.items() if key in keys}
    return table.kind, table.refused, there, table.words, table.constants, table.set_aside


@functools.lru_cache(maxsize=1 << 8)
def _chosen(tools: Tools, header: tuple[str, ...], place: Place) -> Choice | None:
    """Return what `Tools.choose` says; each kind of table asks it for the same header."""
    return tools._best(header, place)  # noqa: SLF001 - of this module


class _Same:
    """Some mappings as the key of a cache: the same objects, not equal ones, are looked up."""

    def __init__(self, mappings: tuple[FileMapping, ...]) -> None:
        self.mappings = mappings
        self._ids = tuple(map(id, mappings))

    def __hash__(self) -> int:
        return hash(self._ids)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._ids == other._ids


@functools.lru_cache(maxsize=8)
def _tools_of(same: _Same) -> Tools:
    sizes: list[tuple[int, int, int]] = []
    groups: dict[str, list[int]] = {}
    for tool, mapping in enumerate(same.mappings):
        for number, table in enumerate(mapping.tables):
            for signature in table.signature:
                keys = frozenset(map(key_of, signature))
                for key in keys:
                    groups.setdefault(key, []).append(len(sizes))
                sizes.append((tool, number, len(keys)))
    named = tuple(
        (tool, number)
        for tool, mapping in enumerate(same.mappings)
        for number, table in enumerate(mapping.tables)
        if (table.sheets or table.files) and not table.signature
    )
    by_key = {key: tuple(each) for key, each in groups.items()}
    return Tools(same.mappings, tuple(sizes), by_key, named)
