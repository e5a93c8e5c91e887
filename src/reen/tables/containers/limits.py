"""What a foreign file may cost to open: sizes, counts and depths, each with a generous default.

A file that asks for more is refused before the memory is spent, with the number found, the limit,
and how to raise it.
"""

from __future__ import annotations

import attrs

from reen.errors import FileFormatError
from reen.reasons import Reason

__all__ = ["Limits"]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Limits:
    """Bounds on one file and on all that it holds.

    Attributes
    ----------
    bytes
        Size of the file as it is.
    inflated
        Size of all that a compressed file holds, once decompressed.
    ratio
        How many times its own size a member may become, beyond the first 100 MB.
    rows, columns, cells
        Size of one sheet or list, blank cells between the first and the last included.
    members
        Sheets of a workbook, members of an archive, lists of a JSON or XML document.
    depth
        How deep lists, objects and elements may be nested.
    """

    bytes: int = 1 << 30
    inflated: int = 4 << 30
    ratio: int = 200
    rows: int = 5_000_000
    columns: int = 16_384
    cells: int = 100_000_000
    members: int = 10_000
    depth: int = 100

    def check(self, place: str, limit: str, found: int, *, what: str = "") -> None:
        """Raise FileFormatError if a number exceeds the limit of that name.

        Parameters
        ----------
        place
            The file, and the part of it.
        limit
            Name of an attribute.
        found
            The number.
        what
            What was counted, for the message; the name of the limit if empty.
        """
        allowed: int = getattr(self, limit)
        if found > allowed:
            raise FileFormatError(
                place,
                Reason(
                    "error_limit_if_file_what_you_expect",
                    found=found,
                    what=what or limit,
                    allowed=allowed,
                    limit=limit,
                    raised=str(found),  # as code, without marks of thousands
                ),
            )
