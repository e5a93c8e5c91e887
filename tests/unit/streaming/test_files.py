"""Parquet and Arrow files, folders of them, and datasets: read piece by piece, as when held."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as pa_dataset
import pyarrow.fs
import pyarrow.parquet as pq
import pytest

import reen
from reen.errors import EmptyInventoryError, InventoryError
from reen.plugin import Context
from reen.plugin.arrays import Batch, Driver, Exchanges, FlowKind, Outcome, Status
from reen.sources.opening import open_parts
from reen.sources.parts import View
from reen.types import Fate, Gap

AS_OF = "2022-12-31"
METHODS = pytest.mark.parametrize("method", ["base-carbone", "declared", "ecodiag", "numecoeval"])


def measure(source: object, method: str = "base-carbone", **options: object) -> reen.Footprint:
    chosen: dict[str, object] = {"by": ("team", "country"), "as_of": AS_OF, **options}
    return reen.measure(source, method=method, **chosen)  # type: ignore[arg-type]


def write(fleet: pa.Table, path: Path, *, rows: int = 7) -> Path:
    """Write a Parquet file of row groups of `rows` rows."""
    pq.write_table(fleet, path, row_group_size=rows)
    return path


@pytest.mark.slow
@METHODS
@pytest.mark.parametrize("batch_rows", [1, 10, 1000])
def test_a_parquet_file_measured_is_the_file_read_and_measured(
    fleet: pa.Table, tmp_path: Path, assert_same: Callable, method: str, batch_rows: int
) -> None:
    path = write(fleet, tmp_path / "fleet.parquet")
    held = measure(reen.read(path, keep=["team"]), method)
    assert_same(measure(path, method, batch_rows=batch_rows), held)
    assert measure(path, method).provenance.sources == ("fleet.parquet",)


@pytest.mark.slow
@METHODS
def test_an_arrow_file_too(
    fleet: pa.Table, tmp_path: Path, assert_same: Callable, method: str
) -> None:
    path = tmp_path / "fleet.arrow"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, fleet.schema) as writer:
        writer.write_table(fleet, max_chunksize=9)
    assert_same(
        measure(path, method, batch_rows=10), measure(reen.read(path, keep=["team"]), method)
    )


@pytest.mark.slow
def test_a_file_without_status_and_with_retirement_dates(
    fleet: pa.Table, tmp_path: Path, assert_same: Callable
) -> None:
    """The importer says who is in use; so it does piece by piece, and for a group of its own."""
    dates = pa.array([None if row % 3 else 19_000 for row in range(60)], pa.date32())
    path = write(fleet.append_column("retirement_date", dates), tmp_path / "fleet.parquet")
    for by in ("team", "status"):
        assert_same(measure(path, by=by), measure(reen.read(path, keep=["team"]), by=by))


@pytest.mark.slow
def test_words_of_every_encoding(fleet: pa.Table, tmp_path: Path, assert_same: Callable) -> None:
    """Large text, dictionaries of other codes, text without a dictionary in the file."""
    large = fleet.schema.set(1, fleet.schema.field(1).with_type(pa.large_string()))
    coded = fleet.set_column(
        8, "team", fleet["team"].dictionary_encode().cast(pa.dictionary(pa.int8(), pa.string()))
    )
    held = measure(reen.Inventory.from_arrow(fleet), by="team")
    for name, table in (("large", fleet.cast(large)), ("coded", coded)):
        path = write(table, tmp_path / f"{name}.parquet")
        found = measure(path, by="team")
        assert found.total() == held.total()
        assert_same(found, measure(reen.read(path, keep=["team"]), by="team"))
    plain = tmp_path / "plain.parquet"
    pq.write_table(fleet, plain, row_group_size=7, use_dictionary=False)
    assert_same(measure(plain), measure(reen.read(plain, keep=["team"])))


def test_only_the_columns_that_are_used_are_read(fleet: pa.Table, tmp_path: Path) -> None:
    """Those of the method, those grouped by, and those by which a row is shown."""
    registry = reen.default_registry()
    path = write(fleet.append_column("comment", pa.array(["x" * 100] * 60)), tmp_path / "a.parquet")
    opened = open_parts(path, registry=registry)
    assert opened.columns is not None
    assert "comment" in opened.columns
    view = View(columns=frozenset({"equipment_type", "quantity"}), registry=registry)
    names = {name for batch in opened.batches(view) for name in batch.data.schema.names}
    assert names == {
        *("equipment_type", "equipment_type_raw", "quantity"),
        *("id", "model", "source", "source_row"),
    }


def test_rows_are_numbered_through_the_file(fleet: pa.Table, tmp_path: Path) -> None:
    registry = reen.default_registry()
    opened = open_parts(write(fleet, tmp_path / "a.parquet"), registry=registry)
    view = View(columns=frozenset({"quantity"}), registry=registry, batch_rows=10)
    batches = list(opened.batches(view))
    # row groups of 7 rows: none is put together with the next one, since 14 would be too many
    assert [len(batch) for batch in batches] == [7] * 8 + [4]
    assert [batch.offset for batch in batches] == [7 * k for k in range(9)]
    assert [batch.place for batch in batches] == [f"a.parquet, row group {k}" for k in range(9)]
    lines = [line for batch in batches for line in batch.data["source_row"].to_pylist()]
    assert lines == list(range(1, 61))


def test_small_row_groups_are_read_together(fleet: pa.Table, tmp_path: Path) -> None:
    registry = reen.default_registry()
    opened = open_parts(write(fleet, tmp_path / "a.parquet"), registry=registry)
    view = View(columns=frozenset({"quantity"}), registry=registry, batch_rows=30)
    assert [(batch.place, len(batch)) for batch in opened.batches(view)] == [
        ("a.parquet, row groups 0 to 3", 28),
        ("a.parquet, row groups 4 to 7", 28),
        ("a.parquet, row group 8", 4),
    ]


def test_a_large_row_group_is_cut(fleet: pa.Table, tmp_path: Path) -> None:
    registry = reen.default_registry()
    opened = open_parts(write(fleet, tmp_path / "a.parquet", rows=60), registry=registry)
    view = View(columns=frozenset({"quantity"}), registry=registry, batch_rows=25)
    assert [(len(batch), batch.offset) for batch in opened.batches(view)] == [
        (25, 0),
        (25, 25),
        (10, 50),
    ]


def test_progress_by_batch_with_the_total(fleet: pa.Table, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    path = write(fleet, tmp_path / "a.parquet", rows=20)
    measure(path, batch_rows=20, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(20, 60), (40, 60), (60, 60)]


# ------------------------------------------------------------------------------- what fails


def damage(path: Path, *, group: int) -> None:
    """Overwrite the first column chunk of a row group."""
    chunk = pq.read_metadata(path).row_group(group).column(1)
    start = min(
        each for each in (chunk.dictionary_page_offset, chunk.data_page_offset) if each is not None
    )
    raw = bytearray(path.read_bytes())
    raw[start : start + chunk.total_compressed_size] = b"\xff" * chunk.total_compressed_size
    path.write_bytes(bytes(raw))


@pytest.mark.parametrize("wrap", [Path, pa_dataset.dataset], ids=["path", "dataset"])
def test_a_row_group_that_cannot_be_read_is_named(
    fleet: pa.Table, tmp_path: Path, wrap: Callable[[Path], object]
) -> None:
    path = write(fleet, tmp_path / "fleet.parquet", rows=20)
    damage(path, group=1)
    with pytest.raises(
        InventoryError, match=r"^fleet\.parquet, row group 1: cannot be read \(.*\); write the file"
    ) as found:
        measure(wrap(path), batch_rows=20)
    assert found.value.place == "fleet.parquet, row group 1"


def test_a_file_whose_end_is_missing(fleet: pa.Table, tmp_path: Path) -> None:
    path = write(fleet, tmp_path / "fleet.parquet")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(reen.errors.FileFormatError, match=r"fleet\.parquet: cannot be read"):
        measure(path)


def test_a_unit_of_a_wrong_dimension(fleet: pa.Table, tmp_path: Path) -> None:
    """A unit of a wrong dimension is refused before any row is read."""
    wrong = fleet.schema.set(5, pa.field("lifetime", pa.float64(), metadata={"unit": "kg"}))
    path = write(fleet.cast(wrong), tmp_path / "fleet.parquet")
    with pytest.raises(
        reen.errors.DimensionError, match=r"fleet\.parquet: column 'lifetime' is in 'kg'"
    ):
        measure(path)


def test_a_column_that_no_row_has(fleet: pa.Table, tmp_path: Path) -> None:
    path = write(fleet, tmp_path / "fleet.parquet")
    with pytest.raises(reen.errors.UnknownNameError, match="Did you mean 'team'"):
        measure(path, by="teem")


def test_no_row(fleet: pa.Table, tmp_path: Path) -> None:
    path = write(fleet.slice(0, 0), tmp_path / "fleet.parquet")
    with pytest.raises(reen.errors.EmptyInventoryError, match="columns but no row"):
        measure(path)


def test_no_type_and_no_model(fleet: pa.Table, tmp_path: Path) -> None:
    path = write(fleet.select(["team", "quantity"]), tmp_path / "fleet.parquet")
    with pytest.raises(reen.errors.InventoryError, match="says what the equipment is"):
        measure(path)


# ------------------------------------------------------------------------- folders, datasets


def write_folder(fleet: pa.Table, folder: Path) -> Path:
    """Write a file per team, in a folder that names it."""
    pa_dataset.write_dataset(
        fleet,
        folder,
        format="parquet",
        partitioning=pa_dataset.partitioning(pa.schema([("team", pa.string())]), flavor="hive"),
        max_rows_per_group=5,
        min_rows_per_group=5,
    )
    return folder


@pytest.mark.slow
@METHODS
def test_a_folder_of_parquet_files_with_a_column_in_their_folders(
    fleet: pa.Table, tmp_path: Path, assert_same: Callable, method: str
) -> None:
    folder = write_folder(fleet, tmp_path / "fleet")
    found = measure(folder, method, batch_rows=3)
    assert_same(found, measure(reen.read(folder, keep=["team"]), method))
    assert found.provenance.sources == ("fleet",)
    held = measure(reen.Inventory.from_arrow(fleet), method)
    assert float(found.total()) == pytest.approx(float(held.total()), nan_ok=True)
    assert found.groups["team"].to_pylist() == held.groups["team"].to_pylist()


@pytest.mark.slow
def test_rows_of_a_folder_are_shown_by_their_path(fleet: pa.Table, tmp_path: Path) -> None:
    folder = write_folder(fleet, tmp_path / "fleet")
    sources = {each.source for row in measure(folder).coverage for each in row.examples}
    assert "fleet/team=team%200/part-0.parquet" in sources


@pytest.mark.slow
def test_files_of_a_folder_need_not_have_the_same_columns(
    fleet: pa.Table, tmp_path: Path, assert_same: Callable
) -> None:
    """Without quantities a row is one item, whatever the other files have."""
    folder = tmp_path / "fleet"
    folder.mkdir()
    write(fleet.slice(0, 30), folder / "a.parquet")
    write(fleet.slice(30).drop_columns(["quantity", "country"]), folder / "b.parquet")
    found, held = measure(folder), measure(reen.read(folder, keep=["team"]))
    assert_same(found, held)
    apart = measure(folder / "a.parquet"), measure(folder / "b.parquet")
    assert float(found.total()) == pytest.approx(sum(float(each.total()) for each in apart))


def test_a_folder_with_other_files_is_not_read_in_part(fleet: pa.Table, tmp_path: Path) -> None:
    """The 5 rows of a list that nothing explains may be equipment: they are refused, by name."""
    write(fleet, tmp_path / "a.parquet")
    tmp_path.joinpath("_SUCCESS").write_text("")  # written by Spark, read by nobody
    alone = measure(tmp_path)
    tmp_path.joinpath("b.csv").write_text("x;y;z\n" + "a;b;c\n" * 5)
    found = measure(tmp_path)
    assert float(found.total()) == float(alone.total())
    (refused,) = [line for line in found.coverage.account.lines if line.fate is Fate.REFUSED]
    assert (refused.source.rpartition("/")[2], refused.rows) == ("b.csv", 5)
    assert not found.total().complete


def test_several_paths_are_read_one_after_the_other(
    fleet: pa.Table, tmp_path: Path, assert_same: Callable
) -> None:
    paths = [
        write(fleet.slice(0, 30), tmp_path / "a.parquet"),
        write(fleet.slice(30), tmp_path / "b.parquet"),
    ]
    found = measure(paths)
    assert_same(found, measure(reen.read(paths, keep=["team"])))
    assert found.provenance.sources == ("a.parquet", "b.parquet")


@pytest.mark.slow
@METHODS
def test_a_dataset_gives_what_its_table_gives(
    fleet: pa.Table, tmp_path: Path, assert_same: Callable, method: str
) -> None:
    folder = write_folder(fleet, tmp_path / "fleet")
    dataset = pa_dataset.dataset(folder, partitioning="hive")
    held = measure(dataset.to_table(), method)
    assert_same(measure(dataset, method, batch_rows=4), held, places=False)


def test_a_file_of_a_dataset_without_a_column_is_blank_there(
    fleet: pa.Table, tmp_path: Path, assert_same: Callable
) -> None:
    """As in the dataset's own table: a quantity that is not there is not known."""
    one = write(fleet.slice(0, 30), tmp_path / "a.parquet")
    other = write(fleet.slice(30).drop_columns(["quantity"]), tmp_path / "b.parquet")
    dataset = pa_dataset.dataset([str(one), str(other)], schema=fleet.schema)
    found = measure(dataset)
    assert_same(found, measure(dataset.to_table()), places=False)
    assert found.provenance.sources == ("a.parquet", "b.parquet")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["parquet", "ipc", "csv"])
def test_datasets_of_other_formats(
    fleet: pa.Table, tmp_path: Path, assert_same: Callable, form: str
) -> None:
    table = fleet.drop_columns(["purchase_date"])
    pa_dataset.write_dataset(
        table, tmp_path, format=form, max_rows_per_file=20, max_rows_per_group=20
    )
    dataset = pa_dataset.dataset(tmp_path, format=form)
    assert_same(measure(dataset, batch_rows=7), measure(dataset.to_table()), places=False)


@pytest.mark.slow
def test_a_filtered_dataset_and_one_in_memory(
    fleet: pa.Table, tmp_path: Path, assert_same: Callable
) -> None:
    dataset = pa_dataset.dataset(write(fleet, tmp_path / "a.parquet"))
    few = dataset.filter(pa_dataset.field("team") == "team 1")
    assert_same(measure(few), measure(few.to_table()))
    held = pa_dataset.dataset(fleet)
    assert_same(measure(held), measure(fleet))


def test_a_dataset_of_another_file_system(
    fleet: pa.Table, tmp_path: Path, assert_same: Callable
) -> None:
    """Paths that mean something to their file system only, as on object storage."""
    write(fleet, tmp_path / "fleet.parquet")
    elsewhere = pyarrow.fs.SubTreeFileSystem(str(tmp_path), pyarrow.fs.LocalFileSystem())
    dataset = pa_dataset.dataset("fleet.parquet", filesystem=elsewhere)
    found = measure(dataset)
    assert_same(found, measure(fleet), places=False)
    assert found.provenance.sources == ("fleet.parquet",)


def test_a_dataset_without_rows_is_refused_as_a_file_is(fleet: pa.Table, tmp_path: Path) -> None:
    """Nobody has looked at it: that there is nothing is no figure."""
    path = write(fleet.slice(0, 0), tmp_path / "a.parquet")
    dataset = pa_dataset.dataset(path)
    nothing = pa_dataset.field("team") == "no such team"
    for source in (path, dataset, pa_dataset.dataset(fleet).filter(nothing)):
        with pytest.raises(EmptyInventoryError, match="there are columns but no row"):
            measure(source)


def test_of_a_dataset_some_files_may_be_empty(
    fleet: pa.Table, tmp_path: Path, assert_same: Callable
) -> None:
    """The last one, too: the others have the rows."""
    for name, rows in (("a", fleet.slice(0, 0)), ("b", fleet), ("c", fleet.slice(0, 0))):
        write(rows, tmp_path / f"{name}.parquet")
    assert_same(measure(pa_dataset.dataset(tmp_path)), measure(fleet), places=False)


@pytest.mark.slow
def test_trace_and_compare_read_piece_by_piece_too(fleet: pa.Table, tmp_path: Path) -> None:
    path = write(fleet, tmp_path / "fleet.parquet")
    streamed = reen.trace(path, method="base-carbone", as_of=AS_OF, batch_rows=7).read_all()
    held = reen.trace(reen.read(path, keep=["team"]), method="base-carbone", as_of=AS_OF).read_all()
    order = [("row", "ascending"), ("kind", "ascending")]
    assert streamed.sort_by(order).to_pylist() == held.sort_by(order).to_pylist()
    seen: list[tuple[int, int | None]] = []
    methods = ["base-carbone", "ecodiag"]
    one = reen.compare(
        path,
        methods=methods,
        by="team",
        as_of=AS_OF,
        batch_rows=30,
        progress=lambda done, total: seen.append((done, total)),
    )
    other = reen.compare(reen.read(path, keep=["team"]), methods=methods, by="team", as_of=AS_OF)
    assert seen[-1] == (60, 60)
    assert effects(one.gap(*methods)) == pytest.approx(effects(other.gap(*methods)), rel=1e-9)


def effects(gap: Gap) -> dict[tuple[object, ...], float]:
    """Return what is not zero of a gap, by everything that tells its effects apart."""
    return {
        (each.name, each.only, each.stage, each.group, each.equipment_type): each.value
        for each in gap.effects
        if abs(each.value) > 1e-9
    }


def test_a_method_that_fails_names_the_row_group(fleet: pa.Table, tmp_path: Path) -> None:
    path = write(fleet, tmp_path / "fleet.parquet", rows=20)
    with pytest.raises(reen.errors.PluginError) as found:
        measure(path, method=Fussy(), batch_rows=20)
    assert str(found.value) == (
        "method fussy 1: failed on rows 40 to 59 with KeyError: 'team 0'"
        " (in the batch of fleet.parquet, row group 2)"
    )


class Fussy:
    """A method that fails on the third batch."""

    name = "fussy"
    version = "1"
    title = reference = "none"
    packs: tuple[str, ...] = ()
    kinds = (FlowKind("item", (reen.Stage.MANUFACTURING,)),)
    columns = ("equipment_type",)

    def prepare(self, context: Context) -> Fussy:
        del context
        return self

    def exchanges(self, batch: Batch) -> list[Exchanges]:
        if batch.offset == 40:
            raise KeyError("team 0")
        out = Outcome(Status.LEFT_OUT, reason="no")
        ones = np.ones(len(batch))
        return [
            Exchanges(
                kind=self.kinds[0],
                flows=(),
                flow=np.full(len(batch), -1, np.int32),
                drivers={
                    "quantity": Driver(ones, "item"),
                    "per_lifetime": Driver(ones, "1/year"),
                },
                reference_unit="item",
                outcomes=(out,),
                outcome=np.zeros(len(batch), np.uint8),
            )
        ]
