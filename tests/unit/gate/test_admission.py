"""The gate for tables, frames and streams: what passes, in which type, and what is refused where.

Damaged arrays are made from buffers, as a reader that trusts a file would make them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pa_dataset
import pyarrow.parquet as pq
import pytest

import reen
from reen.gate.admission import Admission
from reen.plugin.files import admit


def patched(table: pa.Table, old: bytes, new: bytes) -> pa.Table:
    """Return a table with some bytes of its buffers changed, as a damaged file gives it."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    written = sink.getvalue().to_pybytes()
    assert written.count(old) == 1
    return pa.ipc.open_stream(written.replace(old, new)).read_all()


def numbers(*values: int) -> bytes:
    return np.array(values, np.int32).tobytes()


def words_of(*codes: int) -> pa.Array:
    """Return two texts that are the words of these numbers, of which there is one."""
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, pa.int32()), pa.array(["a"], pa.string()), safe=False
    )


def fleet(**columns: pa.Array) -> pa.Table:
    rows = len(next(iter(columns.values())))
    return pa.table({"equipment_type": ["laptop"] * rows, **columns})


# -- damage ----------------------------------------------------------------------------------------

TEXTS = fleet(id=pa.array(["first", "second"]), date=pa.nulls(2, pa.date32()))
WORDS = TEXTS.set_column(1, "id", TEXTS["id"].dictionary_encode())
OFFSETS = numbers(0, 5, 11)
DAMAGED = {
    "an offset beyond the text": patched(TEXTS, OFFSETS, numbers(0, 5, 4000)),
    "offsets that go back": patched(TEXTS, OFFSETS, numbers(0, 12, 11)),
    "text that is no UTF-8": patched(TEXTS, b"firstsecond", b"firstsec\xffnd"),
    "a code beyond the words": TEXTS.set_column(1, "id", words_of(0, 7)),
    "a negative code": TEXTS.set_column(1, "id", words_of(0, -1_560_281_087)),
    "a word of wrong offsets": patched(WORDS, OFFSETS, numbers(0, 1_174_405_136, 11)),
    "a word beyond the text": patched(WORDS, OFFSETS, numbers(0, 5, 1_174_405_136)),
}


@pytest.mark.parametrize("table", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_column_is_refused_by_every_way_in(table: pa.Table) -> None:
    """It is named, and so is what to do."""
    ways = {
        "from_arrow": lambda: reen.Inventory.from_arrow(table),
        "a record batch": lambda: reen.Inventory.from_arrow(table.to_batches()[0]),
        "a stream": lambda: reen.Inventory.from_arrow(table.to_reader()),
        "measure": lambda: reen.measure(table, method="base-carbone"),
        "measure a stream": lambda: reen.measure(table.to_reader(), method="base-carbone"),
        "records": lambda: reen.types.Purchases.from_arrow(table),
        "linked tables": lambda: reen.Inventory.from_tables(
            equipment=reen.Inventory.from_arrow(fleet(id=pa.array(["a", "b"]))),
            virtual_machines=table,
        ),
    }
    for name, way in ways.items():
        with pytest.raises(
            reen.errors.InventoryError, match=r"column 'id'.*damaged.*write it again"
        ) as met:
            way()
        assert met.value.place, name


@pytest.mark.parametrize("kind", [pa.string(), pa.string_view()], ids=str)
@pytest.mark.parametrize("first", [0, 1])
def test_half_an_element_behind_the_last_one_is_nothing(kind: pa.DataType, first: int) -> None:
    """Arrow asks that a buffer is large enough, not that it ends with an element."""
    if OLD and pa.types.is_string_view(kind):
        pytest.skip("pyarrow 18 makes no views of buffers")
    whole = pa.array(["PC-0", "PC-1", "a name of more than twelve letters"], kind)
    buffers = whole.buffers()
    buffers[1] = pa.py_buffer(bytes(buffers[1]) + b"???")
    odd = pa.Array.from_buffers(kind, 3, buffers).slice(first)
    read = reen.Inventory.from_arrow(fleet(id=odd)).table["id"].to_pylist()
    assert read == whole.to_pylist()[first:]
    made = reen.measure(fleet(id=odd), "base-carbone", by=["id"], as_of="2025-12-31")
    assert made.group_count == len(odd)


def test_the_code_that_is_wrong_is_named_with_its_row() -> None:
    """Rows are counted from 1, through all record batches."""
    table = pa.concat_tables([fleet(id=words_of(0, 0)), fleet(id=words_of(0, 9))])
    with pytest.raises(reen.errors.InventoryError) as met:
        reen.Inventory.from_arrow(table, source="parc")
    assert str(met.value.place) == "parc, column 'id', row 4"
    with reen.language("fr"):
        assert str(met.value.place) == "parc, colonne 'id', ligne 4"
    assert "word number 9 of a dictionary of 1" in str(met.value.message)


def test_a_dataset_in_memory_is_checked_too() -> None:
    """It has no files, and comes as a stream."""
    dataset = pa_dataset.dataset(DAMAGED["an offset beyond the text"])
    with pytest.raises(reen.errors.InventoryError, match="column 'id'"):
        reen.measure(dataset, method="base-carbone")
    with pytest.raises(reen.errors.InventoryError, match="column 'id'"):
        reen.explain(dataset, method="base-carbone")


# -- types -----------------------------------------------------------------------------------------


def odd_columns() -> Iterator[tuple[str, pa.Array, pa.DataType]]:
    """Yield columns of three cells, and the type in which they pass."""
    yield "runs", pc.run_end_encode(pa.array(["a", "a", "b"])), pa.string()
    yield "half floats", pa.array(np.array([1, 2, 3], np.float16)), pa.float32()
    yield "dates as words", pa.array([1, 1, 2], pa.date32()).dictionary_encode(), pa.date32()
    yield "numbers as words", pa.array([5, 5, 6]).dictionary_encode(), pa.int64()
    text = pa.array(["a", "b", "a"], pa.large_string())
    yield "large text", text, pa.large_string()
    yield "words", text.dictionary_encode(), text.dictionary_encode().type
    if hasattr(pa, "string_view"):
        views = pa.array(["a", None, "b" * 40]).cast(pa.string_view())
        yield "views", views, pa.string()
        # what polars makes of its categories
        codes = pa.array([0, 2, None], pa.uint32())
        yield "views as words", pa.DictionaryArray.from_arrays(codes, views), pa.string()
    if hasattr(pa, "uuid"):
        storage = pa.array([bytes(16)] * 3, pa.binary(16))
        yield "an extension", pa.ExtensionArray.from_storage(pa.uuid(), storage), storage.type


@pytest.mark.parametrize(
    ("column", "kind"),
    [each[1:] for each in odd_columns()],
    ids=[each[0] for each in odd_columns()],
)
def test_odd_types_pass_as_plain_ones_with_the_same_cells(
    column: pa.Array, kind: pa.DataType
) -> None:
    passed = admit(pa.table({"x": column}))["x"]
    assert passed.type == kind
    storage = column.storage if isinstance(column, pa.ExtensionArray) else column
    assert passed.to_pylist() == storage.to_pylist()


def refused_columns() -> Iterator[tuple[str, pa.Array, str]]:
    one = pa.array([1])
    union = pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [one])
    yield "a union", union, "cannot be read as one kind of cell"
    yield (
        "a union in a list",
        pa.ListArray.from_arrays(pa.array([0, 1], pa.int32()), union),
        "union",
    )
    deep = one
    for _ in range(9):
        deep = pa.ListArray.from_arrays(pa.array([0, 1], pa.int32()), deep)
    yield "nine levels", deep, "nested more than 8 levels deep"
    yield "no time zone", pa.array([0], pa.timestamp("s", tz="Foo/Bar")), "time zone"
    if hasattr(pa, "list_view"):
        yield "a list view", pa.array([[1]], pa.list_view(pa.int64())), "one kind of cell"


@pytest.mark.parametrize(
    ("column", "what"),
    [each[1:] for each in refused_columns()],
    ids=[each[0] for each in refused_columns()],
)
def test_types_that_nothing_can_handle_are_refused(column: pa.Array, what: str) -> None:
    with pytest.raises(
        reen.errors.InventoryError, match=rf"parc: column 'x'.*{what}.*leave it out"
    ):
        admit(pa.table({"x": column}), place="parc")


def test_a_column_twice_is_refused() -> None:
    table = pa.table([pa.array([1]), pa.array([2])], names=["model", "model"])
    with pytest.raises(reen.errors.InventoryError, match="two columns are called 'model'"):
        admit(table)


def test_a_unit_that_is_no_text_is_refused() -> None:
    field = pa.field("lifetime", pa.float64(), metadata={b"unit": b"ann\xe9e"})
    table = pa.table([pa.array([5.0])], schema=pa.schema([field]))
    with pytest.raises(reen.errors.InventoryError, match=r"'lifetime'.*'unit'.*no UTF-8 text"):
        reen.Inventory.from_arrow(table)


# -- the calendar ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "column",
    [
        pa.array([0, 2**31 - 1], pa.int32()).view(pa.date32()),
        pa.array([0, 2**62], pa.int64()).view(pa.timestamp("s")),
        pa.array([0, -(2**62)], pa.int64()).view(pa.timestamp("ms", tz="UTC")),
        pa.array([0, 2**62], pa.int64()).view(pa.duration("s")),
        pa.array([[0], [2**31 - 1]], pa.list_(pa.int32())).cast(pa.list_(pa.date32())),
        pa.array([{"a": 0}, {"a": 2**31 - 1}], pa.struct([("a", pa.int32())])).cast(
            pa.struct([("a", pa.date32())])
        ),
        pa.array([0, 2**31 - 1], pa.int32()).view(pa.date32()).dictionary_encode(),
    ],
    ids=["date", "moment", "zone", "duration", "list", "struct", "words"],
)
def test_no_calendar_holds_it(column: pa.Array) -> None:
    """Python shows the years 1 to 9999, and durations of 999,999,999 days."""
    with pytest.raises(
        reen.errors.InventoryError, match=r"column 'x', row.*holds.*expected a (date|duration)"
    ):
        admit(pa.table({"x": column}))


def test_the_whole_calendar_passes() -> None:
    """But for a day at either end, which a time zone may move out of it."""
    days = pa.array([dt.date(1, 1, 2), None, dt.date(9999, 12, 30)])
    moments = days.cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="Europe/Paris"))
    table = pa.table({"day": days, "moment": moments})
    assert admit(table).equals(table)


# -- limits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (reen.types.Limits(rows=2), r"3 rows or more; expected 2.*Limits\.rows"),
        (reen.types.Limits(columns=1), r"2 columns; expected 1.*Limits\.columns"),
        (reen.types.Limits(decoded_bytes=100), r"more memory than expected.*Limits\.decoded_bytes"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_more_than_the_limits_is_refused(
    limits: reen.types.Limits, message: str, *, stream: bool
) -> None:
    table = fleet(id=pa.array(["a", "b", "c" * 100]))
    with pytest.raises(reen.errors.InventoryError, match=message):
        reen.Inventory.from_arrow(table.to_reader() if stream else table, limits=limits)


#: Whether this is the oldest pyarrow, which makes no views of buffers.
OLD = int(pa.__version__.partition(".")[0]) == 18


def bombs() -> Iterator[tuple[str, pa.Array]]:
    """Yield columns that are small as they stand, and of a gigabyte once written out."""
    rows, word = 1 << 14, "x" * (1 << 16)
    yield (
        "words",
        pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([word])),
    )
    yield "runs", pa.RunEndEncodedArray.from_arrays(pa.array([rows], pa.int32()), pa.array([word]))
    if int(pa.__version__.partition(".")[0]) > 18:
        view = pa.array([word]).cast(pa.string_view())
        same = np.frombuffer(view.buffers()[1], np.uint8)
        yield (
            "views",
            pa.Array.from_buffers(
                view.type, rows, [None, pa.py_buffer(np.tile(same, rows)), *view.buffers()[2:]]
            ),
        )


@pytest.mark.parametrize("column", [each[1] for each in bombs()], ids=[each[0] for each in bombs()])
def test_what_grows_when_it_is_written_out_is_counted_first(column: pa.Array) -> None:
    """2^14 cells of 2^16 bytes are 2^30 bytes; half of that is allowed."""
    before = pa.total_allocated_bytes()
    with pytest.raises(reen.errors.InventoryError, match=r"Limits\.decoded_bytes"):
        admit(pa.table({"x": column}), limits=reen.types.Limits(decoded_bytes=1 << 29))
    assert pa.total_allocated_bytes() - before < 1 << 20


def test_an_endless_stream_ends_at_the_limit() -> None:
    batch = fleet(id=pa.array(["a"] * 1000)).to_batches()[0]

    def endless() -> Iterator[pa.RecordBatch]:
        while True:
            yield batch

    reader = pa.RecordBatchReader.from_batches(batch.schema, endless())
    with pytest.raises(reen.errors.InventoryError, match="expected 5,000"):
        reen.Inventory.from_arrow(reader, limits=reen.types.Limits(rows=5_000))


def test_a_negative_limit_is_no_limit() -> None:
    with pytest.raises(ValueError, match="rows"):
        reen.types.Limits(rows=-1)


# -- what gives the data ---------------------------------------------------------------------------


class Broken:
    """An object that says it gives Arrow data, and does not."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        raise RuntimeError("no connection")


def test_what_gives_no_data_is_refused() -> None:
    for way in (
        lambda: reen.Inventory.from_arrow(Broken()),
        lambda: reen.measure(Broken(), method="base-carbone"),
    ):
        with pytest.raises(reen.errors.InventoryError, match="no connection"):
            way()


def test_a_table_that_passed_is_the_table_itself() -> None:
    """Nothing is copied: the columns of a plain table share their memory with it."""
    table = fleet(id=pa.array(["a", "b"]), quantity=pa.array([1.0, 2.0]))
    passed = admit(table)
    assert passed.equals(table)
    mine, theirs = (each["quantity"].chunk(0).buffers()[1].address for each in (passed, table))
    assert mine == theirs


def test_metadata_and_units_stay() -> None:
    field = pa.field("lifetime", pa.float64(), metadata={"unit": "month"})
    schema = pa.schema([field], metadata={"made by": b"\xff"})
    passed = admit(pa.table([pa.array([60.0])], schema=schema))
    assert passed.schema.equals(schema, check_metadata=True)


def test_an_importer_that_passed_its_table_is_not_checked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checking a large file takes a sixth of its read: once is enough.

    A short one is looked into beforehand, for sums below its rows.
    """
    monkeypatch.setattr("reen_plugins.importers.arrow._SHORT", 0)
    path = tmp_path / "parc.parquet"
    pq.write_table(fleet(id=pa.array(["a", "b"])), path)
    checked = []
    whole = Admission.table

    def table(self: Admission, *given: pa.Table, **named: object) -> pa.Table:
        checked.append(self.place)
        return whole(self, *given, **named)

    monkeypatch.setattr(Admission, "table", table)
    assert len(reen.read(path)) == 2
    assert checked == [str(path)]
