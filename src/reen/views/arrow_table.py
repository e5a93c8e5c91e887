"""Results as tables of other libraries: Arrow, pandas, polars.

Input: what has a `to_arrow`.  Output: the same rows for whoever reads Arrow (polars, narwhals,
DuckDB, pandas), without a copy where the reader takes the stream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

import pyarrow as pa

from reen.errors import MissingExtraError
from reen.lazy_names import lazy_module

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
else:  # extras, imported where a frame is asked for
    pd, pl = lazy_module("pandas"), lazy_module("polars")

__all__ = ["ArrowStream", "ArrowTable"]


@runtime_checkable
class ArrowStream(Protocol):
    """Anything that exports the Arrow C stream (pyarrow, polars, pandas, DuckDB)."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the rows as an Arrow C stream."""


class ArrowTable:
    """What can be read as a table: mixed into results that have a `to_arrow`."""

    __slots__ = ()

    def to_arrow(self) -> pa.Table:
        """Return the rows."""
        raise NotImplementedError

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the rows of `to_arrow` as an Arrow C stream."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> pd.DataFrame:
        """Return `to_arrow` as a pandas data frame.

        Raises
        ------
        MissingExtraError
            pandas is not installed.
        """
        try:
            import pandas  # noqa: ICN001, F401 - an extra, imported on use
        except ImportError as error:
            raise MissingExtraError("pandas", "pandas", self._of("to_pandas")) from error
        return self.to_arrow().to_pandas()

    def to_polars(self) -> pl.DataFrame:
        """Return `to_arrow` as a polars data frame.

        Raises
        ------
        MissingExtraError
            polars is not installed.
        """
        try:
            import polars  # noqa: ICN001 - an extra, imported on use
        except ImportError as error:
            raise MissingExtraError("polars", "polars", self._of("to_polars")) from error
        frame = polars.from_arrow(self.to_arrow())
        if not isinstance(frame, polars.DataFrame):  # pragma: no cover - a table is never a series
            raise TypeError(frame)
        return frame

    def _of(self, method: str) -> str:
        return f"{type(self).__name__}.{method}"
