"""Sniffing: how sure the reader of tables is of a file, from its first bytes.

Input: a path and the head of the file.  Output: a score and its reasons.  Canonical headers are a
signature; a list of models and types is likely; a hand-made sheet is what is left when no other
importer knows the file; a file that is no text is claimed just enough to say what it seems to be.

Reads nothing but the head, and never fails.
"""

from __future__ import annotations

from collections.abc import Sequence

from reen.errors import OptionError
from reen.inventory.schema import EQUIPMENT
from reen.tables.cells.units_in_text import read_unit
from reen.tables.containers.signatures import markup_kind
from reen.tables.delimited.dialect import Dialect, find_dialect
from reen.tables.delimited.textfile import Text, decode_head, foreign_kind
from reen.tables.headers.understanding import recognise
from reen.tables.importing import Sample, Sniff

__all__ = ["sniff_table"]

CANONICAL = 0.9
LIST = 0.5
SHEET = 0.4
UNKNOWN_HEADERS = 0.1
NO_TEXT = 0.01

#: First bytes of what holds tables without being text.
_CONTAINERS = (
    *(b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"),
    *(b"PAR1", b"ARROW1", b"\xff\xff\xff\xff"),
)

#: Suffixes of delimited text.
_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".tab"})

#: Columns of the lists of models that laboratories keep.
_LIST_COLUMNS = frozenset({"id", "model", "manufacturer", "equipment_type", "purchase_date"})
_LIST_WIDTH = 6

#: Names that other versions of the canonical tables have.
_CANONICAL_WORDS = frozenset({"category", "category_raw", "model_raw", "usage_hours_per_year"})

#: Share of the headers that are canonical names in a canonical file, and the least number.
_SHARE = 0.6
_LEAST = 3


def sniff_table(sample: Sample) -> Sniff:
    """Say how sure the reader of tables is that it can read a file."""
    if sample.path.is_dir():
        return Sniff(0.0)
    if sample.head.startswith(_CONTAINERS) or markup_kind(sample.head) is not None:
        return Sniff(SHEET, ("a workbook, an archive, JSON, XML, a web page or an Arrow file",))
    kind = foreign_kind(sample.head)
    text = decode_head(sample.head, known=_is_header) if kind is None else None
    suffix = sample.path.suffix.casefold() in _SUFFIXES
    if text is None or not text.strip():
        reason = f"seems to be {kind}" if kind else "holds no text"
        return Sniff(UNKNOWN_HEADERS if suffix else NO_TEXT, (reason,))
    try:
        dialect = find_dialect(Text(text.encode(), 0, ""), recognise)
    except OptionError:  # pragma: no cover - only a delimiter given by a user is refused
        return Sniff(0.0)
    if not dialect.header_line:
        return Sniff(UNKNOWN_HEADERS if suffix else NO_TEXT, ("text without a known header",))
    score, reason = _score(dialect, [cell for cell in dialect.header if cell.strip()])
    return Sniff(score, (reason, f"header on line {dialect.header_line}"))


def _score(dialect: Dialect, header: Sequence[str]) -> tuple[float, str]:
    columns = recognise(dialect.header)
    canonical = [cell for cell in header if _is_canonical(cell)]
    if len(canonical) >= max(_LEAST, _SHARE * len(header)) and _says_what(columns):
        return CANONICAL, f"canonical columns {', '.join(canonical[:3])}..."
    if len(header) <= _LIST_WIDTH and set(columns) <= _LIST_COLUMNS and _says_what(columns):
        return LIST, "a list of models and types"
    if _says_what(columns):
        return SHEET, f"{len(columns)} known headers of {len(header)}"
    return UNKNOWN_HEADERS, "no header says what the equipment is"


def _is_header(cell: str) -> bool:
    return bool(recognise([cell]))


def _says_what(columns: Sequence[str]) -> bool:
    return bool({"equipment_type", "model"} & set(columns))


def _is_canonical(cell: str) -> bool:
    """Tell whether a header is a canonical name, with its unit after it or not."""
    base = cell.partition("[")[0].strip()
    if base in EQUIPMENT or base in _CANONICAL_WORDS:
        return True
    parts = base.split("_")
    return any(
        "_".join(parts[:k]) in EQUIPMENT and read_unit(" ".join(parts[k:])) is not None
        for k in range(1, len(parts))
    )
