"""Arrow streams: the protocol by which other libraries hand over their tables.

Role: one name for whatever exports its rows so, for annotations and for a check.  Reads nothing.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

__all__ = ["ArrowStream"]


@runtime_checkable
class ArrowStream(Protocol):
    """Anything that exports the Arrow C stream (pyarrow, polars, pandas, DuckDB)."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the rows as an Arrow C stream."""
