"""Arrow streams of every origin: read batch by batch, never held; the batch that fails is named."""

from __future__ import annotations

import pickle
import weakref
from collections.abc import Callable, Iterator, Sequence

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.dataset as pa_dataset
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.errors import EmptyInventoryError, InventoryError
from reen.inventory.ledger import Ledger
from reen.plugin import Context
from reen.plugin.arrays import Batch, Exchanges
from reen.sources.parts import View, in_blocks
from reen.sources.stream import open_stream
from reen.testing import assert_footprints_close

AS_OF = "2022-12-31"

needs_views = pytest.mark.skipif(not hasattr(pa, "string_view"), reason="this pyarrow has no views")


def measure(source: object, **options: object) -> reen.Footprint:
    chosen: dict[str, object] = {"method": "base-carbone", "by": "team", "as_of": AS_OF, **options}
    return reen.measure(source, **chosen)  # type: ignore[arg-type]


def plain(fleet: pa.Table) -> pa.Table:
    """Return the fleet in years, since only Arrow keeps the unit of a column."""
    years = pa.array(
        [None if each is None else each / 12 for each in fleet["lifetime"].to_pylist()]
    )
    return fleet.set_column(fleet.column_names.index("lifetime"), "lifetime", years)


@pytest.mark.slow
@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda table: table, id="pyarrow table"),
        pytest.param(lambda table: table.to_reader(max_chunksize=7), id="pyarrow reader"),
        pytest.param(lambda table: pa_dataset.dataset(table).scanner().to_reader(), id="scanner"),
        pytest.param(duckdb.from_arrow, id="duckdb relation"),
        pytest.param(lambda table: duckdb.from_arrow(table).to_arrow_reader(8), id="duckdb reader"),
        pytest.param(pl.from_arrow, id="polars frame", marks=needs_views),
        pytest.param(
            lambda table: pl.from_arrow(table).lazy(), id="polars lazy frame", marks=needs_views
        ),
        pytest.param(lambda table: table.to_pandas(), id="pandas frame"),
    ],
)
@pytest.mark.parametrize("batch_rows", [10, 1000])
def test_every_origin_gives_the_same(
    fleet: pa.Table, assert_same: Callable, wrap: Callable[[pa.Table], object], batch_rows: int
) -> None:
    table = plain(fleet)
    held = measure(reen.Inventory.from_arrow(table))
    assert_same(measure(wrap(table), batch_rows=batch_rows), held)


def test_lazy_frames_of_versions_that_cannot_give_batches_are_refused(fleet: pa.Table) -> None:
    class Old:
        """A lazy frame without `collect_batches`."""

        def collect(self) -> pa.Table:
            return fleet

    with pytest.raises(
        reen.errors.InventoryError, match="Old cannot be measured; give an Inventory"
    ):
        measure(Old())


def test_units_of_a_stream(fleet: pa.Table) -> None:
    """Months of a reader are months: the unit stands in the schema of the stream."""
    months, years = measure(fleet.to_reader(max_chunksize=9)), measure(plain(fleet))
    assert_footprints_close(months, years)


def test_rows_are_let_go() -> None:
    """A stream of 50 batches: those that were folded are gone while the others come."""
    alive: list[weakref.ref[pa.RecordBatch]] = []
    most = 0

    def rows() -> Iterator[pa.RecordBatch]:
        nonlocal most
        for _ in range(50):
            batch = pa.RecordBatch.from_pydict({"equipment_type": ["laptop"] * 100})
            alive.append(weakref.ref(batch))
            most = max(most, sum(each() is not None for each in alive))
            yield batch
            del batch

    schema = pa.schema([("equipment_type", pa.string())])
    # what passes through the Arrow C interface is another object: here the generator is read as is
    reader = pa.RecordBatchReader.from_batches(schema, rows())
    assert measure(reader, by=(), batch_rows=100).provenance.rows == 5000
    assert most <= 4


def test_progress_without_a_total() -> None:
    seen: list[tuple[int, int | None]] = []
    schema = pa.schema([("equipment_type", pa.string())])
    batches = [pa.RecordBatch.from_pydict({"equipment_type": ["laptop"] * 3}) for _ in range(2)]
    reader = pa.RecordBatchReader.from_batches(schema, batches)
    measure(reader, by=(), batch_rows=3, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(3, None), (6, None)]


def test_a_table_says_how_many_rows_it_has(fleet: pa.Table) -> None:
    seen: list[tuple[int, int | None]] = []
    measure(fleet, batch_rows=40, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(40, 60), (60, 60)]


# -------------------------------------------------------------------------------- what fails


def broken(error: Exception, after: int) -> pa.RecordBatchReader:
    """Return a stream that gives some batches of two rows and breaks off."""

    def rows() -> Iterator[pa.RecordBatch]:
        for _ in range(after):
            yield pa.RecordBatch.from_pydict({"equipment_type": ["laptop"] * 2})
        raise error

    return pa.RecordBatchReader.from_batches(pa.schema([("equipment_type", pa.string())]), rows())


@pytest.mark.parametrize(
    "error", [OSError("disk gone"), RuntimeError("query failed"), pa.ArrowInvalid("no such page")]
)
def test_a_stream_that_breaks_off_names_the_batch(error: Exception) -> None:
    with pytest.raises(InventoryError, match=r"RecordBatchReader, batch 3: .*(gone|failed|page)"):
        measure(broken(error, after=3), by=(), batch_rows=2)


def test_a_method_that_fails_names_the_batch(fleet: pa.Table) -> None:
    class Refusing(type(reen.default_registry().method("declared"))):  # type: ignore[misc]
        """A method of which nobody could be sure."""

        def prepare(self, context: Context) -> object:
            kinds = super().prepare(context).kinds

            class Prepared:
                columns = ("equipment_type",)

                def __init__(self) -> None:
                    self.kinds = kinds

                def exchanges(self, batch: Batch) -> list[Exchanges]:
                    raise ZeroDivisionError(str(batch.offset))

            return Prepared()

    with pytest.raises(reen.errors.PluginError) as found:
        measure(fleet.slice(10).to_reader(max_chunksize=20), method=Refusing(), batch_rows=50)
    assert "ZeroDivisionError: 0" in str(found.value)
    assert "RecordBatchReader, batches 0 to 2" in str(found.value)


def test_a_column_of_a_wrong_type_is_refused_before_any_row_is_read() -> None:
    def rows() -> Iterator[pa.RecordBatch]:
        pytest.fail("a row was asked for")
        yield

    schema = pa.schema([("equipment_type", pa.string()), ("lifetime", pa.string())])
    reader = pa.RecordBatchReader.from_batches(schema, rows())
    with pytest.raises(reen.errors.InventoryError, match="column 'lifetime' is text"):
        measure(reader, by=())


def test_a_stream_without_type_and_model() -> None:
    with pytest.raises(reen.errors.InventoryError, match="no header is known; found: 'team'"):
        measure(pa.table({"team": ["a"]}))


# -------------------------------------------------------------------------------- its parts


@given(sizes=st.lists(st.integers(0, 9), max_size=8), rows=st.integers(1, 12))
def test_blocks_hold_every_row_once(sizes: list[int], rows: int) -> None:
    """Blocks of `rows` rows and a last one; each names the record batches that it comes from."""
    numbers = iter(range(sum(sizes)))
    given_batches = [
        pa.RecordBatch.from_pydict(
            {"n": pa.array([next(numbers) for _ in range(size)], pa.int64())}
        )
        for size in sizes
    ]
    blocks = list(in_blocks(given_batches, rows))
    found = [n for block in blocks for batch in block.data for n in batch["n"].to_pylist()]
    assert found == list(range(sum(sizes)))
    assert all(block.rows == rows for block in blocks[:-1])
    owner = [k for k, size in enumerate(sizes) for _ in range(size)]
    at = 0
    for block in blocks:
        assert (block.first, block.last) == (owner[at], owner[at + block.rows - 1])
        at += block.rows


@pytest.mark.parametrize(("last", "calls"), [("desktop", 1), ("tablet", 2)])
def test_words_are_asked_once_for_blocks_that_have_the_same(last: str, calls: int) -> None:
    """Four blocks of two words, in memory of their own; those of the last one may differ."""
    asked: list[Sequence[str | None]] = []

    def lengths(words: Sequence[str | None]) -> npt.NDArray[np.int64]:
        asked.append(words)
        return np.array([len(word or "") for word in words])

    types = [["laptop", "desktop"]] * 3 + [["laptop", last]]
    batches = [pa.record_batch([pa.array(words)], ["equipment_type"]) for words in types]
    stream = open_stream(
        pa.RecordBatchReader.from_batches(batches[0].schema, batches), batch_rows=2
    )
    view = View(
        columns=frozenset({"equipment_type"}), registry=reen.default_registry(), batch_rows=2
    )
    found = [
        batch.map("equipment_type", lengths).tolist()
        for part in stream.parts(view)
        for batch in part.batches(view, Ledger())
    ]
    assert found == [[6, 7]] * 3 + [[6, len(last)]]
    assert len(asked) == calls


def test_words_that_nobody_reads_may_hold_null() -> None:
    """Two record batches, each with a dictionary of its own that holds null: not made one."""

    def rows(word: str) -> pa.RecordBatch:
        model = pa.array([word, None]).dictionary_encode(null_encoding="encode")
        return pa.record_batch([pa.array(["laptop"] * 2), model], ["equipment_type", "model"])

    batches = [rows("a"), rows("b")]
    reader = pa.RecordBatchReader.from_batches(batches[0].schema, batches)
    found = reen.measure(reader, method="base-carbone", as_of="2022-12-31")
    assert found.provenance.rows == 4
    texts = {row.text for rows in found.fold.examples.values() for row in rows}
    assert texts == {"laptop, a", "laptop, b", "laptop"}


def test_a_part_travels_with_its_rows_and_no_others(fleet: pa.Table) -> None:
    """A slice of a large table takes its own rows along, not those of the table."""
    large = pa.concat_tables([fleet] * 2000).combine_chunks()
    stream = open_stream(large, batch_rows=20)
    view = View(
        columns=frozenset({"equipment_type", "quantity"}),
        registry=reen.default_registry(),
        batch_rows=20,
    )
    part = next(stream.parts(view))
    written = pickle.dumps(part)
    assert len(written) < 20_000 < large.nbytes
    arrived = pickle.loads(written)  # noqa: S301 - written two lines above
    assert [batch.data for batch in arrived.batches(view, Ledger())] == [
        batch.data for batch in part.batches(view, Ledger())
    ]
    assert [batch.offset for batch in arrived.batches(view, Ledger())] == [0, 20]


@pytest.mark.parametrize("batches", [0, 1])
def test_a_stream_without_rows_is_refused_as_a_file_is(fleet: pa.Table, batches: int) -> None:
    """A query that finds nothing is a fault to look at before it is a footprint of nothing."""
    none = [pa.RecordBatch.from_pylist([], schema=fleet.schema)] * batches
    reader = pa.RecordBatchReader.from_batches(fleet.schema, none)
    with pytest.raises(
        EmptyInventoryError, match=r"^RecordBatchReader: there are columns but no r"
    ):
        measure(reader)
    lazy = pl.DataFrame(fleet.slice(0, 0)).lazy()
    with pytest.raises(EmptyInventoryError, match=r"^LazyFrame: there are columns but no row"):
        measure(lazy)


def test_what_is_held_may_have_no_row(fleet: pa.Table) -> None:
    """Whoever has a table or a frame sees that it is empty: a filter that keeps nothing."""
    none = fleet.slice(0, 0)
    for source in (none, pl.DataFrame(none), reen.Inventory.from_arrow(none)):
        assert np.isnan(float(measure(source).total()))


def test_a_list_of_arrow_data_without_rows_has_no_line(fleet: pa.Table) -> None:
    with pytest.raises(
        EmptyInventoryError, match=r"^Table: there are columns but no row; expected"
    ):
        reen.read(fleet.slice(0, 0))
