"""Sums among the rows of long Arrow data: counted once, in whatever container, as in a text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.dataset as pa_dataset
import pyarrow.ipc as pa_ipc
import pyarrow.parquet as pq
import pytest

import reen
from reen.errors import InventoryError
from reen.inventory.account import Fate
from reen.inventory.issues import Severity
from reen.sources.opening import load_source
from reen.tables.arrow_sums import SumFinder, without_sums

ROWS = 12_000
#: Rows of 1, 2, 3, 4, 1, 2... laptops.
ITEMS = 30_000

Cell = str | int | None
#: Site, type, quantity.
Row = tuple[Cell, Cell, Cell]


def _rows() -> list[Row]:
    return [(f"Site {k // 300}", "laptop", 1 + k % 4) for k in range(ROWS)]


def _table(rows: list[Row]) -> pa.Table:
    site, kind, quantity = zip(*rows, strict=True)
    return pa.table(
        {
            "site": pa.array(site, pa.string()),
            "equipment_type": pa.array(kind, pa.string()),
            "quantity": pa.array(quantity, pa.int64()),
        }
    )


def _with_sites_added_up() -> list[Row]:
    """Below the 300 rows of each site, which count 750, their sub-total; then the total."""
    rows = _rows()
    found: list[Row] = []
    for k in range(0, ROWS, 300):
        found += [*rows[k : k + 300], (f"Sous-total Site {k // 300}", "laptop", 750)]
    return [*found, ("Total général", "laptop", ITEMS)]


#: What stands there, and how many totals and sub-totals are set aside.
SUMS: Mapping[str, tuple[list[Row], int, int]] = {
    "a total": ([*_rows(), ("Total", "laptop", ITEMS)], 1, 0),
    "a grand total": ([*_rows(), ("TOTAL GÉNÉRAL :", None, ITEMS)], 1, 0),
    "the whole": ([*_rows(), ("Ensemble", "laptop", ITEMS)], 1, 0),
    "a total of types": ([*_rows(), (None, "TOTAL", ITEMS)], 1, 0),
    "a bare sum": ([*_rows(), (None, None, ITEMS)], 1, 0),
    "all sites": ([*_rows(), ("Tous", "laptop", ITEMS)], 1, 0),
    "a total above": ([("Total", "laptop", ITEMS), *_rows()], 1, 0),
    "sub-totals": (_with_sites_added_up(), 1, 40),
}


def _csv(table: pa.Table, folder: Path) -> object:
    pa_csv.write_csv(table, folder / "parc.csv")
    return folder / "parc.csv"


def _parquet(table: pa.Table, folder: Path) -> object:
    pq.write_table(table, folder / "parc.parquet", row_group_size=5_000)
    return folder / "parc.parquet"


def _file(table: pa.Table, folder: Path) -> object:
    with pa_ipc.new_file(str(folder / "parc.arrow"), table.schema) as writer:
        writer.write_table(table, max_chunksize=5_000)
    return folder / "parc.arrow"


def _stream_file(table: pa.Table, folder: Path) -> object:
    with pa_ipc.new_stream(str(folder / "parc.arrows"), table.schema) as writer:
        writer.write_table(table, max_chunksize=5_000)
    return folder / "parc.arrows"


def _folder(table: pa.Table, folder: Path) -> Path:
    """Write two files, of which the second ends as the table does."""
    inside = folder / "parc"
    inside.mkdir()
    pq.write_table(table.slice(0, 7_000), inside / "a.parquet")
    pq.write_table(table.slice(7_000), inside / "b.parquet")
    return inside


def _dictionaries(table: pa.Table, folder: Path) -> object:
    del folder
    encoded = table["site"].dictionary_encode()
    return table.set_column(0, "site", encoded)


WAYS: Mapping[str, Callable[[pa.Table, Path], object]] = {
    "text": _csv,
    "parquet": _parquet,
    "arrow file": _file,
    "arrow stream": _stream_file,
    "folder": _folder,
    "dataset": lambda table, folder: pa_dataset.dataset(_folder(table, folder)),
    "filtered dataset": lambda table, folder: pa_dataset.dataset(_folder(table, folder)).filter(
        pa_dataset.field("quantity") > 0
    ),
    "dataset in memory": lambda table, _: pa_dataset.dataset(table),
    "table": lambda table, _: table,
    "dictionaries": _dictionaries,
    "pandas": lambda table, _: table.to_pandas(),
    "polars": lambda table, _: pl.from_arrow(table),
    "lazy polars": lambda table, _: pl.from_arrow(table).lazy(),
    "reader": lambda table, _: table.to_reader(max_chunksize=150),
    "relation": lambda table, _: duckdb.from_arrow(table),
}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sums", SUMS)
def test_sums_are_counted_once(sums: str, way: str, tmp_path: Path) -> None:
    """12,000 rows of 1 to 4 laptops, 30,000 in all, and nothing else."""
    rows, totals, partial = SUMS[sums]
    footprint = reen.measure(WAYS[way](_table(rows), tmp_path), "ecodiag")  # type: ignore[arg-type]
    account = footprint.account
    assert account.items_of(Fate.COUNTED) == ITEMS
    assert account.rows_of(Fate.COUNTED) == ROWS
    lines: dict[str, int] = {}
    for line in account.lines:
        if line.fate is Fate.SET_ASIDE and line.reason is not None:
            lines[line.reason.code] = lines.get(line.reason.code, 0) + line.rows
    wanted = {"row_total": totals, "row_sub_total": partial}
    assert lines == {code: count for code, count in wanted.items() if count}
    assert not account.issues
    clean = reen.measure(_table(_rows()), "ecodiag")
    assert footprint.total().value == pytest.approx(clean.total().value, rel=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("way", [way for way in WAYS if "filtered" not in way])
def test_sums_are_no_rows_of_what_is_loaded(way: str, tmp_path: Path) -> None:
    """30,000 items, one total set aside."""
    source = WAYS[way](_table(SUMS["a bare sum"][0]), tmp_path)
    account = load_source(source).account  # type: ignore[arg-type]
    assert account.items_of(Fate.COUNTED) == ITEMS
    assert account.rows_of(Fate.SET_ASIDE) == 1


@pytest.mark.parametrize("way", ["table", "reader", "folder", "parquet"])
def test_a_total_that_is_no_sum_is_doubted(way: str, tmp_path: Path) -> None:
    """It says 31,000, and the rows count 30,000."""
    source = WAYS[way](_table([*_rows(), ("Total", None, 31_000)]), tmp_path)
    account = reen.measure(source, "ecodiag").account  # type: ignore[arg-type]
    assert account.items_of(Fate.COUNTED) == ITEMS
    (doubt,) = account.doubts
    assert doubt.reason.code == "wrong_total"
    assert (doubt.value, doubt.count) == ("31000", 1)
    assert doubt.rows == ((ROWS - 7_000 + 1,) if way == "folder" else (ROWS + 1,))


def test_a_model_that_is_called_total_is_counted_and_doubted() -> None:
    """A router of Adtran is called "Total Access 924": 30,000 laptops, and one."""
    table = _table(_rows()).append_column("model", pa.array(["Latitude 5420"] * ROWS))
    router = pa.table(
        {"site": [None], "equipment_type": [None], "quantity": [1], "model": ["Total Access 924"]},
        schema=table.schema,
    )
    account = reen.measure(pa.concat_tables([table, router]), "ecodiag").account
    assert account.items_of(Fate.COUNTED) == ITEMS + 1
    assert [doubt.reason.code for doubt in account.doubts] == ["maybe_total"]


@pytest.mark.parametrize("way", ["table", "reader", "parquet"])
def test_a_site_of_as_many_as_all_others_is_doubted(way: str, tmp_path: Path) -> None:
    """A named place is counted, and what is odd about it is said."""
    source = WAYS[way](_table([*_rows(), ("Mairie", "laptop", ITEMS)]), tmp_path)
    account = reen.measure(source, "ecodiag").account  # type: ignore[arg-type]
    assert account.items_of(Fate.COUNTED) == 2 * ITEMS
    assert [doubt.reason.code for doubt in account.doubts] == ["matrix_may_be_parents"]


def test_an_asset_called_total_is_no_total() -> None:
    """A row with a serial number is an asset, whatever its site is called."""
    table = _table([*_rows(), ("Total", "laptop", 1)])
    serials = pa.array([None] * ROWS + ["5HXK2J3"], pa.string())
    account = reen.measure(table.append_column("serial_number", serials), "ecodiag").account
    assert account.items_of(Fate.COUNTED) == ITEMS + 1
    assert not account.doubts


def test_a_company_called_total_owns_its_assets() -> None:
    """A list without quantities: each row is one laptop of the company Total."""
    table = pa.table({"equipment_type": ["laptop"] * ROWS, "entity": ["Total"] * ROWS})
    account = reen.measure(table.append_column("model", pa.array(["X1"] * ROWS)), "ecodiag").account
    assert account.items_of(Fate.COUNTED) == ROWS
    assert not account.doubts


@pytest.mark.parametrize("way", ["table", "reader", "parquet", "folder"])
@pytest.mark.parametrize("left_out", [[], ["quantity"]])
def test_a_total_that_counts_as_one_row_is_set_aside(
    way: str, left_out: list[str], tmp_path: Path
) -> None:
    """A list of one laptop a row, with or without a column that says so: 12,000 laptops."""
    table = _table([*((site, kind, 1) for site, kind, _ in _rows()), ("Total", "laptop", 1)])
    table = table.drop_columns(left_out)
    account = reen.measure(WAYS[way](table, tmp_path), "ecodiag").account  # type: ignore[arg-type]
    assert account.items_of(Fate.COUNTED) == ROWS
    assert account.rows_of(Fate.SET_ASIDE) == 1


def test_a_place_called_somme_is_no_total() -> None:
    """One row in fifty is of the Somme, 240 in all, and the first one is looked at."""
    rows = [("Somme" if k % 50 == 0 else site, *rest) for k, (site, *rest) in enumerate(_rows())]
    account = reen.measure(_table(rows), "ecodiag").account  # type: ignore[arg-type]
    assert account.items_of(Fate.COUNTED) == ITEMS
    assert not account.issues


def test_each_folder_of_a_partition_has_its_total(tmp_path: Path) -> None:
    """Two countries of 1 + 2 laptops, each with a total: 6, and the countries stay."""
    for country in ("FR", "DE"):
        (tmp_path / f"country={country}").mkdir()
        rows: list[Row] = [("A", "laptop", 1), ("B", "laptop", 2), ("Total", "laptop", 3)]
        pq.write_table(_table(rows), tmp_path / f"country={country}" / "a.parquet")
    read = reen.read(tmp_path)
    assert sorted(read.table["country"].to_pylist()) == ["DE", "DE", "FR", "FR"]
    assert read.account.rows_of(Fate.SET_ASIDE) == 2
    measured = reen.measure(tmp_path, "ecodiag", by="country").account
    assert measured.items_of(Fate.COUNTED) == 6
    assert measured.rows_of(Fate.SET_ASIDE) == 2


def test_what_reen_wrote_is_as_it_was(tmp_path: Path) -> None:
    """Its rows are those that were counted, whatever they are called."""
    read = reen.read(
        b"Site;Type;Mod\xc3\xa8le;Nombre\nTotal;laptop;X1;1\nA;laptop;X1;1\n", name="a.csv"
    )
    path = tmp_path / "parc.parquet"
    pq.write_table(read.table, path)
    assert reen.measure(path, "ecodiag").account.items_of(Fate.COUNTED) == 2


def test_a_damaged_cell_is_refused_and_not_looked_at() -> None:
    """Offsets that lead out of the text end in an error of the gate."""
    offsets = pa.array([0, 5, 2], pa.int32()).buffers()[1]
    words = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"ab")])
    batch = pa.RecordBatch.from_arrays([words], ["site"])
    finder = SumFinder(batch.schema, "parc")
    with pytest.raises(InventoryError, match="parc"):
        list(finder.looked([batch]))


def test_a_note_says_which_rows_were_sums_of_no_name() -> None:
    """They are set aside on an assumption, which is told."""
    rows, account = without_sums(_table(SUMS["all sites"][0]), "parc")
    assert rows.num_rows == ROWS
    assert account.rows_of(Fate.SET_ASIDE) == 1


def test_rows_far_apart_are_looked_at_without_those_between() -> None:
    """A sub-total in the midst of text that is no dictionary: known by how many items it counts."""
    half = [("A", "laptop", 1)] * 20_000
    table = _table([*half, ("Sous-total A", "laptop", 20_000), *half])
    rows, account = without_sums(table, "parc")
    assert rows.num_rows == 40_000
    assert np.sum(rows["quantity"].to_numpy()) == 40_000
    assert not [issue for issue in account.issues if issue.severity is Severity.DOUBT]
