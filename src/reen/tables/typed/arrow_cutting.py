"""Cells cut by pyarrow: the rows of a text where cells are quoted, or without the compiled loops.

Input: a text with its dialect, and the type of each column that is wanted.  Output: the columns, or
pyarrow's own error where a row has another number of cells or a cell is not of its type.  The usual
way to cut plain text is `cutting`; its files need no reader of pyarrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import pyarrow as pa
import pyarrow.csv as pa_csv

from reen.tables.delimited.dialect import Dialect
from reen.tables.delimited.textfile import Text

__all__ = ["ArrowBody", "arrow_body", "one_array"]

#: Every block that is read has words of its own, which are put together later: twice pyarrow's own
#: size halves that.
_BLOCK = 1 << 21

#: Bytes and rows that are looked at to tell what a column holds.
_SAMPLE_BYTES = 1 << 16
_SAMPLE_ROWS = 500


@attrs.frozen(eq=False, repr=False)
class ArrowBody:
    """The rows of a text as bytes, and how pyarrow is to cut them."""

    data: memoryview
    width: int
    parse: pa_csv.ParseOptions

    def read(self, types: Mapping[int, pa.DataType], size: int | None = None) -> pa.Table:
        """Return some columns, called by their position.

        Raises
        ------
        pyarrow.ArrowInvalid
            A row of another number of cells, or a cell that is not of its type.
        """
        data = self.data if size is None else self.data[:size]
        wanted = {str(position): kind for position, kind in types.items()}
        return pa_csv.read_csv(
            pa.BufferReader(pa.py_buffer(data)),
            read_options=pa_csv.ReadOptions(
                column_names=[str(k) for k in range(self.width)],
                use_threads=size is None,
                block_size=_BLOCK,
            ),
            parse_options=self.parse,
            convert_options=pa_csv.ConvertOptions(
                check_utf8=False,  # the text was decoded, or checked, before
                column_types=wanted,
                include_columns=list(wanted),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )

    def sample(self, positions: Sequence[int]) -> dict[int, pa.Array]:
        """Return the first cells of some columns as words."""
        head = bytes(self.data[:_SAMPLE_BYTES])
        end = head.rfind(b"\n") + 1 if len(self.data) > len(head) else len(head)
        table = self.read(dict.fromkeys(positions, pa.string()), end).slice(0, _SAMPLE_ROWS)
        return {k: one_array(table[str(k)]).dictionary_encode() for k in positions}

    def text(self, position: int) -> pa.Array:
        """Return the cells of a column as they are written."""
        return one_array(self.read({position: pa.string()})[str(position)])


def arrow_body(text: Text, dialect: Dialect, *, has_quotes: bool) -> ArrowBody:
    """Return the rows of a text, to be cut by pyarrow.

    Parameters
    ----------
    text, dialect
        The text, and how it is laid out.
    has_quotes
        Whether some cell may be quoted.
    """
    parse = pa_csv.ParseOptions(
        delimiter=dialect.delimiter,
        quote_char='"' if has_quotes else False,
        ignore_empty_lines=False,
    )
    return ArrowBody(memoryview(text.data)[dialect.start :], len(dialect.header), parse)


def one_array(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array, its words put together."""
    if column.num_chunks == 1:
        return column.chunk(0)
    if not column.num_chunks:
        return pa.array([], column.type)
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    return pa.concat_arrays(column.chunks)
