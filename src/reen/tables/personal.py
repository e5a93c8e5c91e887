"""Personal data by content: columns whose cells are addresses, telephone numbers or logins.

Input: the distinct values of a column that no header explains.  Output: whether they name persons
or their devices; such a column is left out of the inventory.  Headers that say so are in
`data/headers.csv`.

Keeps nothing and shows nothing of what it looks at.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["names_persons"]

#: Distinct values looked at.
_LOOKED_AT = 1000
#: Share of them that make the column personal.
_SHARE = 0.5

_PATTERN = (
    r"^(?:[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"  # address
    r"|(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}.*"  # MAC address
    r"|(?:\d{1,3}\.){3}\d{1,3}"  # IP address
    r"|(?:\+33|0033|0)[ .]?[1-9](?:[ .]?\d{2}){4}"  # telephone in France
    r"|\+\d{10,14})$"  # telephone elsewhere
)


def names_persons(distinct: pa.Array) -> bool:
    """Tell whether most of the distinct values of a column name persons or their devices."""
    head = distinct.slice(0, _LOOKED_AT)
    if not len(head):
        return False
    hits = pc.sum(pc.match_substring_regex(head, _PATTERN)).as_py() or 0
    return bool(hits >= _SHARE * len(head))
