"""Duplicates: one asset listed several times in one file.

Input: the columns of a file, read.  Output: the same rows, each asset once: the row of the latest
contact, else the first, its empty cells filled from the others.  Two rows are one asset when they
have the same serial number, else the same inventory number, else the same id; rows without any are
never merged, for two equal lines of a list are two assets.

Rows of one id that differ in what they are, or in number, are kept and told: an id may be wrong,
equipment must not vanish.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.issues import Severity
from reen.tables.findings import Findings
from reen.tables.sheet import codes_of, recode
from reen.tables.text_cells import IDENTIFIERS

__all__ = ["Merged", "merge_duplicates"]

#: What must agree for two rows of one id to be the same asset.
_CONTENT = ("equipment_type", "model", "quantity")

_NAMES = {"serial_number": "serial number", "asset_tag": "inventory number", "id": "id"}

Columns = dict[str, pa.Array]


@attrs.frozen(eq=False)
class Merged:
    """Rows, each asset once.

    Attributes
    ----------
    columns, lines
        The rows kept, and their lines.
    dropped, into
        Places, among the rows given, of those merged and of the row that each is merged into.
    by
        Column whose value showed that they are one asset, for each.
    """

    columns: Columns
    lines: npt.NDArray[np.int64]
    dropped: npt.NDArray[np.int64] = attrs.field(factory=lambda: np.zeros(0, np.int64))
    into: npt.NDArray[np.int64] = attrs.field(factory=lambda: np.zeros(0, np.int64))
    by: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class _Keys:
    """What identifies each row.

    Attributes
    ----------
    key
        A number per asset, -1 where nothing identifies the row.
    kind
        Place in `IDENTIFIERS` of the column that gave it.
    """

    key: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int8]


def merge_duplicates(columns: Columns, lines: npt.NDArray[np.int64], findings: Findings) -> Merged:
    """Return the rows with each asset once, and tell what was merged or contradicts itself."""
    keys = _keys(columns, len(lines))
    if keys is None or np.bincount(keys.key[keys.key >= 0]).max() == 1:
        return Merged(columns, lines)
    order = np.lexsort((np.arange(len(lines)), keys.key))
    sorted_keys = keys.key[order]
    same = np.concatenate(([False], sorted_keys[1:] == sorted_keys[:-1])) & (sorted_keys >= 0)
    group = np.cumsum(~same) - 1
    repeated = np.bincount(group)[group] > 1
    members = order[repeated]
    group = np.unique(group[repeated], return_inverse=True)[1]
    differs = _differing(columns, members, group)
    by_id = keys.kind[members] == IDENTIFIERS.index("id")
    _tell(columns, lines, members[differs & by_id], findings, merged=False)
    _tell(columns, lines, members[differs & ~by_id], findings, merged=True, kinds=keys.kind)
    # rows that differ and stand for several items are not one item seen twice
    joined = ~(differs & (by_id | _of_several(columns, members, group)))
    members, group = members[joined], group[joined]
    if not len(members):
        return Merged(columns, lines)
    return _merge(columns, lines, members, group, keys.kind)


def _keys(columns: Columns, rows: int) -> _Keys | None:
    """Return what identifies each row: its serial number, else inventory number, else id."""
    key = np.full(rows, -1, np.int64)
    kind = np.full(rows, -1, np.int8)
    offset = 0
    for place, column in enumerate(IDENTIFIERS):
        words = columns.get(column)
        if words is None or (kind >= 0).all():
            continue
        upper = pc.utf8_upper(words.dictionary)
        if not upper.equals(words.dictionary):
            words = recode(words, upper)
        codes = codes_of(words)
        free = (key < 0) & (codes >= 0)
        key[free] = codes[free].astype(np.int64) + offset
        kind[free] = place
        offset += len(words.dictionary)
    return _Keys(key, kind) if (key >= 0).any() else None


def _differing(
    columns: Columns, members: npt.NDArray[np.int64], group: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Return, for each member, whether the rows of its group differ in what they are."""
    differs = np.zeros(int(group.max()) + 1, np.bool_)
    for column in _CONTENT:
        cells = columns.get(column)
        if cells is None:
            continue
        taken = cells.take(pa.array(members))
        if not pa.types.is_dictionary(taken.type):
            taken = taken.dictionary_encode()
        codes = codes_of(taken).astype(np.int64)
        filled = codes >= 0
        low = np.full(len(differs), np.iinfo(np.int64).max)
        high = np.full(len(differs), -1, np.int64)
        np.minimum.at(low, group[filled], codes[filled])
        np.maximum.at(high, group[filled], codes[filled])
        differs |= (high >= 0) & (low != high)
    return differs[group]


def _of_several(
    columns: Columns, members: npt.NDArray[np.int64], group: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Return, for each member, whether a row of its group stands for more than one item."""
    several = np.zeros(int(group.max()) + 1, np.bool_)
    quantity = columns.get("quantity")
    if quantity is not None:
        values = quantity.take(pa.array(members)).to_numpy(zero_copy_only=False)
        with np.errstate(invalid="ignore"):
            np.logical_or.at(several, group, values > 1.0)
    return several[group]


def _tell(
    columns: Columns,
    lines: npt.NDArray[np.int64],
    members: npt.NDArray[np.int64],
    findings: Findings,
    *,
    merged: bool,
    kinds: npt.NDArray[np.int8] | None = None,
) -> None:
    """Tell the rows of one identifier whose contents differ."""
    for place, column in enumerate(IDENTIFIERS):
        rows = members if kinds is None else members[kinds[members] == place]
        if not len(rows) or (kinds is None and column != "id"):
            continue
        words = columns[column].take(pa.array(np.sort(rows))).dictionary_encode()
        if merged:
            reason = "is on rows that differ in type, model or quantity; one of them is kept"
        else:
            reason = "is on rows that differ in type, model or quantity; all of them are kept"
        findings.values(
            column,
            dict(enumerate(words.dictionary.to_pylist())),
            reason,
            codes_of(words),
            lines[np.sort(rows)],
            expected=f"one {_NAMES[column]} per asset",
            severity=Severity.NOTE,
        )


def _merge(
    columns: Columns,
    lines: npt.NDArray[np.int64],
    members: npt.NDArray[np.int64],
    group: npt.NDArray[np.int64],
    kind: npt.NDArray[np.int8],
) -> Merged:
    """Return the rows with each group as one row."""
    rank = _rank(columns, members, group)
    ordered = np.lexsort((rank, group))
    members, group = members[ordered], group[ordered]
    first = np.concatenate(([True], group[1:] != group[:-1]))
    chosen = members[first]
    dropped = members[~first]
    kept = np.ones(len(lines), np.bool_)
    kept[dropped] = False
    rows = np.flatnonzero(kept)
    into = chosen[np.cumsum(first) - 1][~first]
    place_of_chosen = np.searchsorted(rows, into)
    result = {
        name: _filled_from(cells, rows, place_of_chosen, dropped) for name, cells in columns.items()
    }
    by = tuple(IDENTIFIERS[k] for k in kind[dropped].tolist())
    return Merged(result, lines[rows], dropped, into, by)


def _rank(
    columns: Columns, members: npt.NDArray[np.int64], group: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return the order of the rows of a group: latest contact first, else that of the file."""
    order = np.argsort(np.argsort(members))
    seen = columns.get("last_seen")
    if seen is None:
        return order
    days = seen.take(pa.array(members)).cast(pa.int32()).fill_null(-(1 << 30))
    latest = -days.to_numpy(zero_copy_only=False).astype(np.int64)
    ranks = np.empty(len(members), np.int64)
    ranks[np.lexsort((order, latest, group))] = np.arange(len(members))
    return ranks


def _filled_from(
    cells: pa.Array,
    rows: npt.NDArray[np.int64],
    places: npt.NDArray[np.int64],
    others: npt.NDArray[np.int64],
) -> pa.Array:
    """Return `cells` of `rows`, the empty ones taken from the first of the others that is filled.

    Parameters
    ----------
    cells
        A whole column.
    rows
        Rows kept.
    places
        For each row merged, the place in `rows` of the one that it is merged into.
    others
        The rows merged, best first.
    """
    if not cells.null_count:
        return cells.take(pa.array(rows))
    filled = cells.is_valid().to_numpy(zero_copy_only=False)
    source = rows.copy()
    wanting = ~filled[rows[places]] & filled[others]
    # Written in reverse, so that the best of several stays.
    source[places[wanting][::-1]] = others[wanting][::-1]
    return cells.take(pa.array(source))
