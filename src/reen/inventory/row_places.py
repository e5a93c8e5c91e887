"""Row places: which row a person means, by its identifier, its place in a file or its position.

Input: a table and what was typed.  Output: a position, or an error that names what is near or what
is meant twice.  Reads no file.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from reen.errors import InventoryError, UnknownNameError
from reen.inventory.pseudonyms import pseudonym
from reen.reasons import Reason, say
from reen.vocabulary.text import normalise

__all__ = ["position_of"]

#: Columns that tell the records of one line of a file apart, as it writes them.
_TELLING = ("equipment_type_raw", "equipment_type", "model")

#: Rows that an error names.
_SHOWN = 5


def position_of(table: pa.Table, row: str | int, *, key: bytes | None = None) -> int:
    """Return the position of a row of a table (parameters and errors as `Inventory.position`)."""
    if isinstance(row, int):
        if 0 <= row < table.num_rows:
            return row
        raise UnknownNameError("row", str(row))
    if row.encode(errors="replace").decode() != row:
        raise UnknownNameError("row", row)  # no cell of a table holds half a character
    found = [_by_text(table, name, row) for name in ("id", "asset_tag", "serial_number", "label")]
    if key is not None:
        hidden = pseudonym(row, key)
        found += [_by_text(table, name, hidden) for name in ("name", "user_id", "id", "asset_tag")]
    for positions in (*found, _by_source(table, row), _by_record(table, row)):
        if len(positions) == 1:
            return positions[0]
        if len(positions) > 1:
            places = [_place(table, each) for each in positions[:_SHOWN]]
            if len(positions) > _SHOWN:
                places.append(say("error_and_more", count=len(positions) - _SHOWN))
            raise InventoryError(Reason("error_ambiguous_row", row=row, places=", ".join(places)))
    if _is_line(row) and "source_row" not in table.column_names:
        return position_of(table, int(row))
    import difflib

    ids = table["id"].unique().to_pylist() if "id" in table.column_names else []
    near = difflib.get_close_matches(row, [text for text in ids[:10_000] if text], 3)
    raise UnknownNameError("row", row, near)


def _place(table: pa.Table, position: int) -> str:
    """Return the file and line of a row, as `position_of` takes them; else its position.

    Of several records of one line, as a table of counts has, it is told which one: by its type
    where that tells, else by its number among them.
    """
    names = table.column_names
    cells = {
        name: table[name][position].as_py() for name in ("source", "source_row") if name in names
    }
    line, source = cells.get("source_row"), cells.get("source")
    if line is None:
        return say("place_position", position=str(position))
    if not source:
        return say("place_line", line=str(line))
    place = f"{source}:{line}"
    beside = [each for each in _by_source(table, place) if table["source"][each].as_py() == source]
    if len(beside) == 1:
        return place
    for name in _TELLING:
        texts = [table[name][each].as_py() for each in beside] if name in names else []
        told = texts[beside.index(position)] if texts else None
        if told and texts.count(told) == 1 and len(_by_record(table, f"{place}:{told}")) == 1:
            return f"{place}:{told}"
    return f"{place}:{beside.index(position) + 1}"


def _by_record(table: pa.Table, row: str) -> list[int]:
    """Return the records of a line that a type or a number tells: ``parc.xlsx:6:PC fixe``."""
    place, _, word = row.rpartition(":")
    there = _by_source(table, place) if place else []
    if _is_line(word):
        return there[int(word) - 1 : int(word)] if int(word) else []
    names = [name for name in _TELLING if name in table.column_names]
    return [
        each
        for each in there
        if normalise(word) in {normalise(table[name][each].as_py() or "") for name in names}
    ]


def _by_text(table: pa.Table, name: str, row: str) -> list[int]:
    if name not in table.column_names:
        return []
    # indices_nonzero takes null for zero
    hits = pc.indices_nonzero(pc.equal(table[name].cast(pa.string()), row))
    return [int(hit) for hit in hits.to_pylist()]


def _by_source(table: pa.Table, row: str) -> list[int]:
    source, _, line = row.rpartition(":")
    needed = {"source", "source_row"} if source else {"source_row"}
    if not _is_line(line) or not needed <= set(table.column_names):
        return []
    hits = pc.equal(table["source_row"], int(line))
    if source:
        sources = table["source"].cast(pa.string())
        hits = pc.and_(hits, pc.or_(pc.equal(sources, source), pc.ends_with(sources, "/" + source)))
    return [int(hit) for hit in pc.indices_nonzero(hits).to_pylist()]


def _is_line(text: str) -> bool:
    """Tell whether text is a whole number that can count lines."""
    return text.isascii() and text.isdecimal() and len(text) < 19  # noqa: PLR2004 - int64
