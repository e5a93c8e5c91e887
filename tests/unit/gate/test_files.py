"""The gate for files: what Parquet and Arrow files state is compared with what they have.

Each damaged file is written by the test, from a whole one, at a place that is known.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as pa_dataset
import pyarrow.parquet as pq
import pytest

import reen
from reen.plugin.files import read_arrow

ROWS = 30


def fleet() -> pa.Table:
    return pa.table(
        {
            "equipment_type": ["laptop"] * ROWS,
            "model": pa.array([f"model {k % 3}" for k in range(ROWS)]).dictionary_encode(),
            "quantity": [1.0] * ROWS,
        }
    )


def write_ipc(
    table: pa.Table, path: Path, *, compression: str | None = None, stream: bool = False
) -> Path:
    new = pa.ipc.new_stream if stream else pa.ipc.new_file
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with new(path, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=10)
    return path


def replace(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))


# -- whole files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "write", "form"),
    [
        ("parc.parquet", pq.write_table, "Parquet"),
        ("parc.arrow", write_ipc, "Arrow IPC file"),
        (
            "parc.lz4",
            lambda table, path: write_ipc(table, path, compression="lz4"),
            "Arrow IPC file",
        ),
        (
            "parc.arrows",
            lambda table, path: write_ipc(table, path, compression="zstd", stream=True),
            "Arrow IPC stream",
        ),
    ],
)
def test_a_whole_file_is_read_as_it_is(
    tmp_path: Path, name: str, write: Callable[[pa.Table, Path], object], form: str
) -> None:
    write(fleet(), tmp_path / name)
    table, found = read_arrow(tmp_path / name)
    assert found == form
    assert table.to_pylist() == fleet().to_pylist()


# -- sizes that are stated -------------------------------------------------------------------------


def test_a_body_that_the_file_does_not_hold(tmp_path: Path) -> None:
    """The length of a record batch becomes 64 GiB, of which nothing is reserved."""
    path = write_ipc(fleet(), tmp_path / "parc.arrows", stream=True)
    messages = list(pa.ipc.MessageReader.open_stream(path.read_bytes()))
    body = max(messages, key=lambda message: len(message.body or b"")).body.size
    replace(path, struct.pack("<q", body), struct.pack("<q", 1 << 36))
    with pytest.raises(
        reen.errors.FileFormatError, match=r"states 68,719,476,736 bytes of data, and"
    ):
        read_arrow(path)


def test_a_buffer_that_says_it_decompresses_to_all_memory(tmp_path: Path) -> None:
    """Its first eight bytes are its size; no codec makes 2^40 bytes of a few."""
    path = write_ipc(fleet(), tmp_path / "parc.arrow", compression="zstd")
    zstd = b"\x28\xb5\x2f\xfd"
    content = path.read_bytes()
    place = content.index(zstd) - 8
    assert 0 < struct.unpack_from("<q", content, place)[0] < 1000
    path.write_bytes(content[:place] + struct.pack("<q", 1 << 40) + content[place + 8 :])
    with pytest.raises(
        reen.errors.FileFormatError, match=r"1,099,511,627,776 bytes, compressed in"
    ):
        read_arrow(path)
    with pytest.raises(
        reen.errors.FileFormatError, match=r"1,099,511,627,776 bytes, compressed in"
    ):
        reen.measure(pa_dataset.dataset(path, format="ipc"), method="base-carbone")


def test_rows_that_nothing_backs(tmp_path: Path) -> None:
    """A blank column takes no bytes, so that a file may state any number of rows."""
    blank = pa.table({"model": pa.nulls(77)})
    with pa.ipc.new_file(tmp_path / "parc.arrow", blank.schema) as writer:
        writer.write_table(blank)
    replace(tmp_path / "parc.arrow", struct.pack("<q", 77), struct.pack("<q", 1 << 50))
    with pytest.raises(reen.errors.FileFormatError, match=r"states 1,125,899,906,842,624 rows"):
        read_arrow(tmp_path / "parc.arrow")


def test_words_that_the_file_does_not_hold(tmp_path: Path) -> None:
    """The words of a dictionary become 2^39, in a file of two kilobytes."""
    words = pa.array([f"model {k % 23}" for k in range(ROWS)]).dictionary_encode()
    table = pa.table({"equipment_type": ["laptop"] * ROWS, "model": words})
    path = write_ipc(table, tmp_path / "parc.arrows", stream=True)
    # the number of the words, and that none of them is null
    replace(path, struct.pack("<qq", 23, 0), struct.pack("<qq", 1 << 39, 0))
    with pytest.raises(reen.errors.InventoryError, match=r"column 'model'.*damaged"):
        read_arrow(path)


@pytest.mark.slow
@pytest.mark.parametrize("stream", [False, True])
def test_a_file_cut_anywhere_is_refused(tmp_path: Path, *, stream: bool) -> None:
    """But for a stream that ends after a whole message, which is how streams end."""
    path = write_ipc(fleet(), tmp_path / "parc.arrow", stream=stream)
    whole = path.read_bytes()
    read = 0
    for size in range(1, len(whole), 7):
        path.write_bytes(whole[:size])
        try:
            read += read_arrow(path)[0].num_rows < ROWS
        except reen.errors.FileFormatError as error:
            assert str(path) in str(error)  # noqa: PT017 - one of two right ends
    assert read <= (4 if stream else 0)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (reen.types.Limits(rows=29), r"30 rows; expected 29 at most.*Limits\.rows"),
        (reen.types.Limits(file_bytes=100), r"expected 100 at most.*Limits\.file_bytes"),
        (reen.types.Limits(decoded_bytes=100), r"expected 100 at most.*Limits\.decoded_bytes"),
        (reen.types.Limits(columns=2), r"3 columns; expected 2 at most"),
    ],
)
def test_limits_of_a_parquet_file(tmp_path: Path, limits: reen.types.Limits, message: str) -> None:
    pq.write_table(fleet(), tmp_path / "parc.parquet")
    with pytest.raises((reen.errors.FileFormatError, reen.errors.InventoryError), match=message):
        read_arrow(tmp_path / "parc.parquet", limits=limits)


@pytest.mark.parametrize("compression", [None, "lz4"])
def test_limits_of_an_ipc_file(tmp_path: Path, compression: str | None) -> None:
    path = write_ipc(fleet(), tmp_path / "parc.arrow", compression=compression)
    for limits in (
        reen.types.Limits(rows=25),
        reen.types.Limits(file_bytes=100),
        reen.types.Limits(decoded_bytes=100),
    ):
        with pytest.raises(reen.errors.FileFormatError, match="Limits"):
            read_arrow(path, limits=limits)


# -- Parquet ---------------------------------------------------------------------------------------


def test_a_damaged_page_is_named_by_row_group_and_column(tmp_path: Path) -> None:
    """The second of three row groups, in the column of models."""
    path = tmp_path / "parc.parquet"
    pq.write_table(fleet(), path, row_group_size=10, write_page_checksum=True)
    column = pq.ParquetFile(path).metadata.row_group(1).column(1)
    content = bytearray(path.read_bytes())
    content[column.data_page_offset + column.total_compressed_size // 2] ^= 1
    place = column.dictionary_page_offset + column.total_compressed_size - 1
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(reen.errors.InventoryError) as met:
        reen.read(path)
    assert str(met.value.place) == f"{path}, row group 1, column 'model'"
    with reen.language("fr"):
        assert str(met.value.place).endswith(", groupe de lignes 1, colonne 'model'")


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("purchase_date", pa.array([2**31 - 1], pa.int32()).view(pa.date32())),
        ("lifetime", pa.array([2**62], pa.int64()).view(pa.duration("s"))),
    ],
)
def test_a_date_that_no_calendar_holds(tmp_path: Path, name: str, cells: pa.Array) -> None:
    path = tmp_path / "parc.parquet"
    pq.write_table(pa.table({"equipment_type": ["laptop"], name: cells}), path)
    for way in (
        lambda: reen.read(path),
        lambda: reen.measure(path, method="base-carbone"),
        lambda: reen.measure(pa_dataset.dataset(path), method="base-carbone"),
    ):
        with pytest.raises(reen.errors.InventoryError, match=f"column '{name}'"):
            way()


def test_a_column_twice(tmp_path: Path) -> None:
    twice = pa.table(
        [pa.array(["laptop"]), pa.array(["a"]), pa.array(["b"])],
        names=["equipment_type", "model", "model"],
    )
    pq.write_table(twice, tmp_path / "parc.parquet")
    write_ipc(twice, tmp_path / "parc.arrow")
    for name in ("parc.parquet", "parc.arrow"):
        for way in (
            reen.read,
            lambda path: reen.measure(path, method="base-carbone"),
        ):
            with pytest.raises(
                reen.errors.InventoryError, match=r"parc.*two columns are called 'model'"
            ):
                way(tmp_path / name)
    with pytest.raises(reen.errors.InventoryError, match="two columns are called 'model'"):
        reen.read_records(tmp_path / "parc.parquet", kind="purchases")


# -- datasets of IPC files -------------------------------------------------------------------------


def test_a_dataset_of_ipc_files_is_read_as_pyarrow_reads_it(tmp_path: Path) -> None:
    """Columns that a file lacks are blank, others are cast, folders say their columns."""
    (tmp_path / "country=FR").mkdir()
    (tmp_path / "country=DE").mkdir()
    write_ipc(fleet(), tmp_path / "country=FR" / "a.arrow")
    short = fleet().drop_columns(["model"])
    whole = pa.array([1] * ROWS, pa.int64())
    short = short.set_column(short.column_names.index("quantity"), "quantity", whole)
    write_ipc(short, tmp_path / "country=DE" / "b.arrow")
    schema = fleet().schema.append(pa.field("country", pa.string()))
    dataset = pa_dataset.dataset(tmp_path, format="ipc", partitioning="hive", schema=schema)
    measured = reen.measure(dataset, method="base-carbone", by=["country", "model"])
    table = dataset.to_table()
    expected = reen.measure(table, method="base-carbone", by=["country", "model"])
    assert sorted(map(str, measured.groups.to_pylist())) == sorted(
        map(str, expected.groups.to_pylist())
    )
    assert measured.totals()[0].value == pytest.approx(expected.totals()[0].value)


def test_only_rows_are_counted_where_no_column_is_wanted(tmp_path: Path) -> None:
    """A file of none of the columns that are read still has its rows."""
    write_ipc(
        fleet().append_column("day", pa.array([dt.date(2020, 1, 1)] * ROWS)), tmp_path / "a.arrow"
    )
    inventory = reen.read(tmp_path / "a.arrow")
    assert len(inventory) == ROWS
    assert np.isfinite(reen.measure(tmp_path / "a.arrow", method="base-carbone").totals()[0].value)
