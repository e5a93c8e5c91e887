"""Sums below the rows of canonical Arrow data: counted once, whichever way the data come in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

import reen
from reen.inventory.account import Fate

Columns = Mapping[str, list[object]]

#: Tables of 15 laptops, or of 15 items, and the sums that a person, pandas or a query puts below.
SUMS: Mapping[str, Columns] = {
    "a total of sites": {
        "site": ["A", "B", "Total"],
        "equipment_type": ["laptop", "laptop", "laptop"],
        "quantity": [10, 5, 15],
    },
    "the margins of pandas": {
        "site": ["A", "B", "All"],
        "equipment_type": ["laptop", "laptop", "laptop"],
        "quantity": [10, 5, 15],
    },
    "a total of types": {
        "site": ["A", "B", "B"],
        "equipment_type": ["laptop", "desktop", "TOTAL"],
        "quantity": [10, 5, 15],
    },
    "a rollup of sites": {
        "site": ["A", "A", "B", "B", None, None],
        "equipment_type": ["laptop", "desktop"] * 3,
        "quantity": [4, 5, 4, 2, 8, 7],
    },
    "a rollup of everything": {
        "site": ["A", "B", None],
        "equipment_type": ["laptop", "desktop", None],
        "quantity": [10, 5, 15],
    },
    "sub-totals": {
        "site": ["A", "A", "A", "B", "B"],
        "equipment_type": ["laptop", "desktop", "Sous-total", "laptop", "Sous-total"],
        "quantity": [8, 5, 13, 2, 2],
    },
}


def _parquet(columns: Columns, folder: Path) -> object:
    pq.write_table(pa.table(columns), folder / "parc.parquet")
    return folder / "parc.parquet"


def _file(columns: Columns, folder: Path) -> object:
    feather.write_feather(pa.table(columns), str(folder / "parc.arrow"), compression="zstd")
    return folder / "parc.arrow"


def _stream_file(columns: Columns, folder: Path) -> object:
    table = pa.table(columns)
    with pa.ipc.new_stream(str(folder / "parc.arrows"), table.schema) as writer:
        writer.write_table(table)
    return folder / "parc.arrows"


def _dictionaries(columns: Columns, folder: Path) -> object:
    del folder
    return pa.table({name: pa.array(cells).dictionary_encode() for name, cells in columns.items()})


WAYS: Mapping[str, Callable[[Columns, Path], object]] = {
    "parquet": _parquet,
    "arrow file": _file,
    "arrow stream": _stream_file,
    "table": lambda columns, _: pa.table(columns),
    "record batch": lambda columns, _: pa.RecordBatch.from_pydict(dict(columns)),
    "dictionaries": _dictionaries,
    "pandas": lambda columns, _: pd.DataFrame(columns),
    "polars": lambda columns, _: pl.DataFrame(columns),
}


def _items(source: object) -> tuple[float, float]:
    """Return how many items are counted of a source that is read first, and as it is measured."""
    read = reen.read(source).account  # type: ignore[arg-type]
    measured = reen.measure(source, "ecodiag").account  # type: ignore[arg-type]
    return read.items_of(Fate.COUNTED), measured.items_of(Fate.COUNTED)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sums", SUMS)
def test_sums_are_counted_once(sums: str, way: str, tmp_path: Path) -> None:
    """15 items, read first or measured as they are."""
    assert _items(WAYS[way](SUMS[sums], tmp_path)) == (15, 15)


@pytest.mark.parametrize("way", WAYS)
def test_rows_that_happen_to_add_up_are_all_counted(way: str, tmp_path: Path) -> None:
    """Two sites of 5 each, and a third one of 7 after 3 and 4, are no sums of each other."""
    for quantities in ([5, 5], [3, 4, 7]):
        names = ["Nord", "Sud", "Est"][: len(quantities)]
        columns: Columns = {
            "site": list(names),
            "equipment_type": ["laptop"] * len(names),
            "quantity": list(quantities),
        }
        assert _items(WAYS[way](columns, tmp_path)) == (sum(quantities), sum(quantities))


def test_an_asset_called_total_is_no_total() -> None:
    """A row with a serial number is an asset, whatever it is called."""
    table = pa.table(
        {
            "equipment_type": ["laptop", "laptop"],
            "serial_number": ["5HXK2J3", "7TRW0P1"],
            "site": ["A", "Total"],
        }
    )
    assert _items(table) == (2, 2)


def test_words_of_several_dictionaries_are_read() -> None:
    """Pieces put together, each with words of its own, are one table: 10 + 5 items."""
    pieces = [
        pa.table({"equipment_type": pa.array([word]).dictionary_encode(), "quantity": [count]})
        for word, count in (("laptop", 10), ("desktop", 5))
    ]
    assert _items(pa.concat_tables(pieces)) == (15, 15)
