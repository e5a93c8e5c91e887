"""Shared assets: whether two tables list the same assets, by their serial numbers and asset tags.

Input: tables of equipment.  Output: whether those of a group share assets, have none in common, or
do not say; and a doubt for two lists of the same columns that share most of their assets, though
each has its own: what stands in one alone has left, or has come, and their sum is the fleet of no
moment.

Must not set a row aside: what two tables share is merged later, asset by asset.
"""

from __future__ import annotations

import enum
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.headers.header_words import key_of
from reen.tables.identity.identifiers import comparable
from reen.tables.importing import Imported

__all__ = ["Sharing", "sharing_of", "tell_shared"]

#: What tells one asset from another in any list; a number given by a tool does not.
_KEYS = ("serial_number", "asset_tag")

#: Share of the identifiers of the shorter list that must stand in the other.
_IN_COMMON = 0.1

#: Identifiers that two lists must share to be likely the same fleet, and the share that they are
#: more than of the shorter list, and at least of the longer one.
_LEAST, _MOST = 2, 0.5

#: Lists that may have one identifier: one that more have is no identifier.
_SEVERAL = 20


class Sharing(enum.Enum):
    """What the identifiers of some lists say of them together."""

    #: Two of them share assets.
    SOME = "some"
    #: No two of those that have identifiers share assets.
    APART = "apart"
    #: There are no two that have identifiers.
    UNKNOWN = "unknown"


def sharing_of(parts: Sequence[Imported]) -> Sharing:
    """Return whether some lists share assets."""
    compared = False
    for name in _KEYS:
        filled = [set(words) for part in parts if len(words := _words(part, name))]
        for one, other in itertools.combinations(filled, 2):
            compared = True
            if len(one & other) >= _IN_COMMON * min(len(one), len(other)):
                return Sharing.SOME
    return Sharing.APART if compared else Sharing.UNKNOWN


def tell_shared(parts: Sequence[Imported]) -> Iterator[tuple[Imported, Issue]]:
    """Yield a doubt for each list that shares most of its assets with another one.

    Of two such lists the first by name is told; one of other columns is another source, which may
    know other assets.
    """
    alike: dict[frozenset[str], list[Imported]] = defaultdict(list)
    for part in sorted(parts, key=lambda each: each.report.source):
        if part.headers and not part.unique:
            alike[frozenset(map(key_of, part.headers))].append(part)
    for group in alike.values():
        if len(group) > 1:
            yield from _tell_group(group)


def _tell_group(group: Sequence[Imported]) -> Iterator[tuple[Imported, Issue]]:
    told: set[int] = set()
    for name in _KEYS:
        words = [set(_words(part, name)) for part in group]
        for (one, other), shared in sorted(_pairs(words).items()):
            own, others = len(words[one]), len(words[other])
            likely = shared >= _LEAST and shared > _MOST * min(own, others)
            if not likely or shared < _MOST * max(own, others) or one in told:
                continue
            if words[one] != words[other]:
                told.add(one)
                apart = own + others - 2 * shared
                yield group[one], _doubt(group[one], group[other], shared, apart)


def _pairs(words: Sequence[set[str]]) -> Counter[tuple[int, int]]:
    """Return how many identifiers each two lists share."""
    lists: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(words):
        for word in own:
            lists[word].append(place)
    pairs: Counter[tuple[int, int]] = Counter()
    for places in lists.values():
        if 1 < len(places) <= _SEVERAL:
            pairs.update(itertools.combinations(places, 2))
    return pairs


def _words(part: Imported, name: str) -> list[str]:
    """Return the identifiers of a list, each once, in the form by which they are compared."""
    if name not in part.table.column_names:
        return []
    cells = part.table[name].cast(pa.string())
    words: list[str] = pc.drop_null(pc.unique(comparable(cells))).to_pylist()
    return words


def _doubt(one: Imported, other: Imported, shared: int, apart: int) -> Issue:
    return Issue(
        "",
        one.report.source,
        Reason("tables_share_assets", other=other.report.source, shared=shared, apart=apart),
        expected=Reason("expect_one_moment"),
        severity=Severity.DOUBT,
        source=one.report.source,
        count=one.table.num_rows,
    )
