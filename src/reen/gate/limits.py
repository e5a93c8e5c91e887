"""Limits: how much of foreign data is accepted, so that a few bytes cannot ask for all memory.

The defaults are far above any inventory; a host that reads files of strangers gives smaller ones.
"""

from __future__ import annotations

import attrs
from attrs.validators import ge

from reen.values import Compared

__all__ = ["GENEROUS", "Limits"]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Limits(Compared):
    """Upper limits on what is read from one table, file or stream.

    Attributes
    ----------
    rows
        Rows, of a stream all together.
    columns
        Columns.
    file_bytes
        Size of a file as it is stored.
    decoded_bytes
        Bytes of what is in memory at one time (a table, a record batch, a row group), once it is
        decompressed and its words are written out.
    depth
        Levels of lists, structs and maps within one column.

    Examples
    --------
    >>> Limits(rows=1_000_000).rows
    1000000
    """

    rows: int = attrs.field(default=1 << 30, validator=ge(0))
    columns: int = attrs.field(default=10_000, validator=ge(1))
    file_bytes: int = attrs.field(default=1 << 36, validator=ge(0))
    decoded_bytes: int = attrs.field(default=1 << 34, validator=ge(0))
    depth: int = attrs.field(default=8, validator=ge(0))


#: What holds where nobody says anything else.
GENEROUS = Limits()
