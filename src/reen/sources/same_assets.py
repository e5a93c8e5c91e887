"""Whether several files list the same assets: they are then read together, not scanned.

Input: the files of several paths.  Output: whether two paths have a row of the same serial number,
asset tag or identifier.  Only columns of identifiers are read, and those that two paths have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from reen.errors import ReenError
from reen.gate.admission import admit
from reen.gate.parquet import FAULTS_OF_FILES
from reen.tables.arrow_labels import IDENTIFIERS

if TYPE_CHECKING:
    from reen.sources.dataset import Files

__all__ = ["have_the_same_assets"]


def have_the_same_assets(paths: Sequence[Files]) -> bool:
    """Tell whether the files of two paths have an identifier in common."""
    for name in IDENTIFIERS:
        having = [files for files in paths if any(name in each.names for each in files.schemas)]
        if len(having) > 1 and _is_repeated([_words_of(files, name) for files in having]):
            return True
    return False


def _is_repeated(columns: Sequence[pa.Array]) -> bool:
    """Tell whether a word is in two columns, each of distinct words."""
    words = pa.chunked_array(columns, pa.string())
    return bool(pc.count_distinct(words, mode="only_valid").as_py() < len(words))


def _words_of(files: Files, name: str) -> pa.Array:
    """Return the distinct words of a column, without blanks; none of a file that is damaged."""
    found = []
    for fragment, schema in zip(files.fragments, files.schemas, strict=True):
        if schema.names.count(name) != 1:
            continue
        there = pa.schema([schema.field(name)])
        try:
            table = admit(fragment.to_table(schema=there, columns=[name]), place=name)
            words = pc.utf8_trim_whitespace(table[name].cast(pa.string()))
        except (*FAULTS_OF_FILES, MemoryError, ReenError):
            continue  # what is wrong with a file is said where it is read
        found += words.filter(pc.greater(pc.utf8_length(words), 0)).chunks
    return pc.unique(pa.chunked_array(found, pa.string()))
