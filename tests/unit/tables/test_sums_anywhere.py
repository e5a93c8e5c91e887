"""Sums that are not the last rows of Arrow data: counted once in every container, as in a text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.dataset as pa_dataset
import pyarrow.parquet as pq
import pytest

import reen
from reen.inventory.account import Account, Fate
from reen.testing import ToyMethod, registry_of

Cell = str | None
LONG = 12_000
#: Sites of 300 rows each, of 1, 2, 3, 4, 1, 2... laptops: 30,000.
SITES = [f"Site {k // 300}" for k in range(LONG)]
COUNTS = [1 + k % 4 for k in range(LONG)]


def _table(site: Sequence[Cell], kind: Sequence[Cell] | str, quantity: Sequence[float]) -> pa.Table:
    kinds = [kind] * len(site) if isinstance(kind, str) else kind
    return pa.table(
        {
            "site": pa.array(site, pa.string()),
            "equipment_type": pa.array(kinds, pa.string()),
            "quantity": pa.array(quantity),
        }
    )


def _text(table: pa.Table, folder: Path) -> Path:
    pa_csv.write_csv(table, folder / "parc.csv")
    return folder / "parc.csv"


def _parquet(table: pa.Table, folder: Path) -> Path:
    pq.write_table(table, folder / "parc.parquet", row_group_size=1_000)
    return folder / "parc.parquet"


def _dataset(table: pa.Table, folder: Path) -> pa_dataset.Dataset:
    (folder / "parc").mkdir()
    pq.write_table(table, folder / "parc" / "a.parquet")
    return pa_dataset.dataset(folder / "parc")


WAYS: Mapping[str, Callable[[pa.Table, Path], object]] = {
    "text": _text,
    "parquet": _parquet,
    "dataset": _dataset,
    "table": lambda table, _: table,
    "pandas": lambda table, _: table.to_pandas(),
    "polars": lambda table, _: pl.from_arrow(table),
    "reader": lambda table, _: table.to_reader(max_chunksize=5_000),
}


def _account(way: str, table: pa.Table, folder: Path) -> Account:
    return reen.measure(WAYS[way](table, folder), "ecodiag").account  # type: ignore[arg-type]


def _doubts(account: Account) -> list[str]:
    return [doubt.reason.code for doubt in account.doubts]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("word", ["All", "Tous", "Tous sites", "Overall", "(all)"])
def test_a_sum_that_stands_first_is_set_aside(word: str, way: str, tmp_path: Path) -> None:
    """30 laptops everywhere, 10 in A and 20 in B: 30."""
    account = _account(way, _table([word, "A", "B"], "laptop", [30, 10, 20]), tmp_path)
    assert account.items_of(Fate.COUNTED) == 30
    assert account.rows_of(Fate.SET_ASIDE) == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("word", ["Ville", None])
def test_a_sum_of_no_certain_word_is_doubted(word: Cell, way: str, tmp_path: Path) -> None:
    """10 and 20 laptops, and 30 of the town or of nowhere: 60, which may be 30."""
    account = _account(way, _table([word, "A", "B"], "laptop", [30, 10, 20]), tmp_path)
    assert account.items_of(Fate.COUNTED) == 60
    assert _doubts(account) == ["matrix_may_be_parents"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", [0, 6_000])
@pytest.mark.parametrize("word", ["All", "Ville", None])
def test_a_sum_in_a_long_table(word: Cell, place: int, way: str, tmp_path: Path) -> None:
    """30,000 laptops and their sum; what is read once has counted it before it is known: 60,000."""
    table = _table(
        [*SITES[:place], word, *SITES[place:]],
        "laptop",
        [*COUNTS[:place], 30_000, *COUNTS[place:]],
    )
    account = _account(way, table, tmp_path)
    is_late = way == "reader"
    assert account.items_of(Fate.COUNTED) == (60_000 if is_late else 30_000)
    assert _doubts(account) == (["matrix_may_be_parents"] if is_late else [])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("times", [1, 3_000])
@pytest.mark.parametrize("word", ["All", None])
def test_a_cube_is_counted_once(word: Cell, times: int, way: str, tmp_path: Path) -> None:
    """A: 10 laptops, 20 monitors; B: 40 and 50; their sums 50 and 70, and 120: 120 (of each)."""
    table = _table(
        [*["A", "A", "B", "B"] * times, word, word, word],
        [*["laptop", "monitor"] * 2 * times, "laptop", "monitor", word],
        [*[10, 20, 40, 50] * times, 50 * times, 70 * times, 120 * times],
    )
    account = _account(way, table, tmp_path)
    if way == "reader" and times > 1:
        assert account.items_of(Fate.COUNTED) == 3 * 120 * times
        assert _doubts(account) == ["matrix_may_be_parents"]
    else:
        assert account.items_of(Fate.COUNTED) == 120 * times
        assert not account.doubts


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sites", [800, 3_000])
def test_small_totals_in_the_midst(sites: int, way: str, tmp_path: Path) -> None:
    """3 + 4 + 5 + 6 = 18 laptops a site, below each a total of 18, and one laptop at the end."""
    site: list[Cell] = []
    for k in range(sites):
        site += [*[f"Site {k}"] * 4, "Total"]
    table = _table([*site, "Site X"], "laptop", [*[3, 4, 5, 6, 18] * sites, 1])
    account = _account(way, table, tmp_path)
    assert account.items_of(Fate.COUNTED) == 18 * sites + 1
    assert account.rows_of(Fate.SET_ASIDE) == sites
    assert not account.doubts


@pytest.mark.parametrize("way", [way for way in WAYS if way != "text"])
def test_a_quantity_that_is_no_number_hides_no_total(way: str, tmp_path: Path) -> None:
    """69,999 rows of one laptop below one of nobody knows how many; then their total."""
    quantity = [float("nan"), *[1.0] * 69_999, 69_999.0]
    account = _account(way, _table([*["A"] * 70_000, "Total"], "laptop", quantity), tmp_path)
    assert account.items_of(Fate.COUNTED) == 69_999
    assert account.rows_of(Fate.SET_ASIDE) == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("is_long", [False, True])
def test_a_typed_total_that_adds_up_to_nothing(way: str, tmp_path: Path, *, is_long: bool) -> None:
    """10 + 20 + 1 laptops (and 30,000), and a total of 500 that is set aside and doubted."""
    above, counts = (SITES, COUNTS) if is_long else ([], [])
    table = _table([*above, "A", "B", "Total", "C"], "laptop", [*counts, 10, 20, 500, 1])
    account = _account(way, table, tmp_path)
    assert account.items_of(Fate.COUNTED) == 31 + sum(counts)
    assert _doubts(account) == ["wrong_total"]


@pytest.mark.parametrize("way", WAYS)
def test_totals_of_types_in_a_long_table_are_right(way: str, tmp_path: Path) -> None:
    """30,000 laptops, 6 monitors, and the total of each: nothing is doubted."""
    table = _table(
        [*SITES, "Site A", "Site B", "Total", "Total"],
        [*["laptop"] * LONG, "monitor", "monitor", "laptop", "monitor"],
        [*COUNTS, 2, 4, 30_000, 6],
    )
    account = _account(way, table, tmp_path)
    assert account.items_of(Fate.COUNTED) == 30_006
    assert not account.doubts


@pytest.mark.parametrize("way", WAYS)
def test_a_manufacturer_called_total_is_counted(way: str, tmp_path: Path) -> None:
    """10 laptops of Total, 20 monitors and 5 servers of Dell: 35, and the name is doubted."""
    table = _table(["A"] * 3, ["laptop", "monitor", "server"], [10, 20, 5])
    table = table.append_column("manufacturer", pa.array(["Total", "Dell", "Dell"]))
    account = _account(way, table, tmp_path)
    assert account.items_of(Fate.COUNTED) == 35
    assert _doubts(account) == ["maybe_total"]


@pytest.mark.parametrize("kind", [pl.Categorical(), pl.Enum(["laptop"])])
@pytest.mark.parametrize("is_lazy", [False, True])
def test_categories_of_polars_are_words(kind: pl.DataType, *, is_lazy: bool) -> None:
    """One row of two laptops, whose type is a dictionary of views."""
    frame = pl.DataFrame(
        {"equipment_type": ["laptop"], "quantity": [2]}, schema_overrides={"equipment_type": kind}
    )
    account = reen.measure(frame.lazy() if is_lazy else frame, "base-carbone").account
    assert account.items_of(Fate.COUNTED) == 2


@pytest.mark.parametrize("way", WAYS)
def test_ticks_count_nothing(way: str, tmp_path: Path) -> None:
    """Nobody knows how many laptops are ticked."""
    table = pa.table({"equipment_type": ["laptop"] * 2, "quantity": [True, True]})
    account = _account(way, table, tmp_path)
    assert account.items_of(Fate.COUNTED) == 0
    assert _doubts(account) == ["yes_or_no"]


@pytest.mark.parametrize("way", WAYS)
def test_parts_of_items_are_doubted(way: str, tmp_path: Path) -> None:
    """2.5 + 1 + 1 laptops are 4.5, and two and a half are a slip."""
    account = _account(way, _table(["A", "B", "C"], "laptop", [2.5, 1.0, 1.0]), tmp_path)
    assert account.items_of(Fate.COUNTED) == 4.5
    (doubt,) = account.doubts
    assert (doubt.reason.code, doubt.value, doubt.rows) == (
        "parts_of_items",
        "2.5",
        (2,) if way == "text" else (1,),
    )


@pytest.mark.parametrize("is_dataset", [False, True])
def test_a_folder_called_total(tmp_path: Path, *, is_dataset: bool) -> None:
    """40 + 50 laptops, 10 + 20 monitors, and a folder of 90 and 30: 120."""
    for site, counts in (("A", [40, 10]), ("B", [50, 20]), ("Total", [90, 30])):
        (tmp_path / f"site={site}").mkdir()
        rows = pa.table({"equipment_type": ["laptop", "monitor"], "quantity": counts})
        pq.write_table(rows, tmp_path / f"site={site}" / "a.parquet")
    source = pa_dataset.dataset(tmp_path, partitioning="hive") if is_dataset else tmp_path
    account = reen.measure(source, "ecodiag").account
    assert account.items_of(Fate.COUNTED) == 120
    assert account.rows_of(Fate.SET_ASIDE) == 2


def test_groups_of_many_sites_are_looked_at_once(tmp_path: Path) -> None:
    """Half of 12,000 rows have no site, and count what the others do by chance alone: kept."""
    site: list[Cell] = [*SITES[: LONG // 2], *[None] * (LONG // 2)]
    kinds = [("laptop", "monitor")[k % 2] for k in range(LONG // 2)] + ["server"] * (LONG // 2)
    account = _account("table", _table(site, kinds, COUNTS), tmp_path)
    assert account.items_of(Fate.COUNTED) == 30_000
    assert not account.doubts


@pytest.mark.parametrize("way", WAYS)
def test_a_row_of_a_model_needs_no_type(way: str, tmp_path: Path) -> None:
    """12,000 laptops, 5 monitors, and 12,005 of a model by chance: 24,010."""
    table = _table(
        [*SITES, "B", "B"], [*["laptop"] * LONG, "monitor", None], [*[1] * LONG, 5, LONG + 5]
    )
    models = pa.array([*[None] * (LONG + 1), "Latitude 5420"], pa.string())
    account = _account(way, table.append_column("model", models), tmp_path)
    assert account.items_of(Fate.COUNTED) == 2 * (LONG + 5)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("below", [0, 500])
def test_a_total_among_names_of_devices(below: int, way: str, tmp_path: Path) -> None:
    """12,000 laptops of a name of their own, their total, and some more below it."""
    names = [f"PC{k}" for k in range(LONG)]
    table = pa.table(
        {
            "hostname": [*names, "Total", *[f"PD{k}" for k in range(below)]],
            "equipment_type": [*["laptop"] * LONG, None, *["laptop"] * below],
            "quantity": [*[1] * LONG, LONG, *[1] * below],
        }
    )
    account = _account(way, table, tmp_path)
    assert account.items_of(Fate.COUNTED) == LONG + below
    assert account.rows_of(Fate.SET_ASIDE) == 1


def test_without_an_importer_of_lists_a_stream_and_a_table_are_read_as_they_are() -> None:
    """10 + 20 laptops and a row of no type that is as many: none of it is refused."""
    table = _table(["A", "B", None], ["laptop", "laptop", None], [10.0, 20.0, 30.0])
    registry = registry_of(methods=[ToyMethod()])
    assert not registry.importers
    whole = reen.measure(table, ToyMethod(), registry=registry, as_of="2024-12-31")
    reader = reen.measure(table.to_reader(), ToyMethod(), registry=registry, as_of="2024-12-31")
    assert list(map(repr, reader.coverage)) == list(map(repr, whole.coverage))


#: A word, so that a table in memory is looked at too, and what is beyond the bound of a test.
_EVERYWHERE = _table(["All", *SITES], "laptop", [30_000, *COUNTS])


@pytest.mark.parametrize("way", [way for way in WAYS if way != "text"])
def test_beyond_the_bound_of_groups_sums_are_doubted(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """30,000 laptops of 40 sites and their sum: 60,000, of which nobody can say what they add up.

    41 groups, beyond 40.
    """
    monkeypatch.setattr("reen.tables.arrow_places._MOST_GROUPS", 40)
    account = _account(way, _EVERYWHERE, tmp_path)
    assert account.items_of(Fate.COUNTED) == 60_000
    (doubt,) = account.doubts
    assert doubt.reason.code == "sums_not_looked_for"
    assert doubt.reason.detail("groups") == 40
    assert (doubt.rows, doubt.count) == ((1, 2, 3, 4, 5), LONG + 1)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "text"])
def test_within_the_bound_of_groups_nothing_is_doubted(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """30,000 laptops of 40 sites: 40 groups, and no sum."""
    monkeypatch.setattr("reen.tables.arrow_places._MOST_GROUPS", 40)
    account = _account(way, _table(SITES, "laptop", COUNTS), tmp_path)
    assert account.items_of(Fate.COUNTED) == 30_000
    assert not account.doubts


def _of_devices(names: list[str], quantity: list[int]) -> pa.Table:
    """Return laptops of a name of their own; a row of another name has no type."""
    kinds = ["laptop" if name.startswith("PC") else None for name in names]
    return pa.table({"hostname": names, "equipment_type": kinds, "quantity": quantity})


@pytest.mark.parametrize("way", ["text", "parquet", "table", "reader"])
def test_small_totals_among_names_of_devices(way: str, tmp_path: Path) -> None:
    """12,000 laptops of a name of their own, below each five a total of 5: 2,400 totals."""
    names: list[str] = []
    for k in range(0, LONG, 5):
        names += [*[f"PC{device}" for device in range(k, k + 5)], f"Sous-total {k}"]
    account = _account(way, _of_devices(names, [1, 1, 1, 1, 1, 5] * (LONG // 5)), tmp_path)
    assert account.items_of(Fate.COUNTED) == LONG
    assert account.rows_of(Fate.SET_ASIDE) == LONG // 5
    assert not account.doubts


@pytest.mark.parametrize("way", ["text", "parquet", "table", "reader"])
@pytest.mark.parametrize("place", [0, 6_000])
def test_one_total_among_names_of_devices(place: int, way: str, tmp_path: Path) -> None:
    """12,000 laptops, and above or among them the total of those above it, or of all."""
    names = [f"PC{device}" for device in range(LONG)]
    names.insert(place, "Total")
    items = [1] * LONG
    items.insert(place, place or LONG)
    table = _of_devices(names, items)
    account = _account(way, table, tmp_path)
    assert account.items_of(Fate.COUNTED) == LONG
    assert account.rows_of(Fate.SET_ASIDE) == 1


@pytest.mark.parametrize("way", ["text", "parquet", "table", "reader"])
def test_many_items_among_names_of_devices_are_counted(way: str, tmp_path: Path) -> None:
    """12,000 laptops and 6,000 more in one row of no other name: 18,000."""
    names = [*[f"PC{k}" for k in range(6_000)], "PC en stock", *[f"PD{k}" for k in range(6_000)]]
    table = _of_devices(names, [*[1] * 6_000, 6_000, *[1] * 6_000])
    table = table.set_column(1, "equipment_type", pa.array(["laptop"] * (LONG + 1)))
    account = _account(way, table, tmp_path)
    assert account.items_of(Fate.COUNTED) == 18_000
    assert not account.doubts
    assert account.rows_of(Fate.SET_ASIDE) == 0


@pytest.mark.parametrize("way", ["text", "parquet", "table", "reader"])
def test_a_named_place_of_all_types_in_the_midst(way: str, tmp_path: Path) -> None:
    """40 sites of 100 laptops, 100 monitors and 100 servers, of 1, 2 or 3 items, and their sums.

    4,000 + 8,000 + 12,000 = 24,000 items, and "Mairie" has as many of each: a sum in a text; else
    counted too and doubted, as its rows are known too late.
    """
    kinds = ["laptop", "monitor", "server"] * (LONG // 3)
    counts = [1, 2, 3] * (LONG // 3)
    table = _table(
        [*SITES[:6_000], *["Mairie"] * 3, *SITES[6_000:]],
        [*kinds[:6_000], *kinds[:3], *kinds[6_000:]],
        [*counts[:6_000], 4_000, 8_000, 12_000, *counts[6_000:]],
    )
    account = _account(way, table, tmp_path)
    is_sum = way == "text"
    assert account.items_of(Fate.COUNTED) == (24_000 if is_sum else 48_000)
    assert account.rows_of(Fate.SET_ASIDE) == (3 if is_sum else 0)
    assert _doubts(account) == ([] if is_sum else ["matrix_may_be_parents"])


@pytest.mark.parametrize("way", ["text", "parquet", "table", "reader"])
def test_a_named_place_of_as_many_items_in_the_midst_is_counted(way: str, tmp_path: Path) -> None:
    """30,000 laptops of 40 sites, and a warehouse of 30,000: one number that agrees by chance."""
    table = _table(
        [*SITES[:6_000], "Réserve", *SITES[6_000:]],
        "laptop",
        [*COUNTS[:6_000], 30_000, *COUNTS[6_000:]],
    )
    account = _account(way, table, tmp_path)
    assert account.items_of(Fate.COUNTED) == 60_000
    assert not account.doubts


ONCE: Mapping[str, Callable[[pa.Table], object]] = {
    "generator": lambda table: pa.RecordBatchReader.from_batches(
        table.schema, (batch for batch in table.to_batches(max_chunksize=700))
    ),
    "scanner": lambda table: pa_dataset.dataset(table).scanner(batch_size=700).to_reader(),
    "lazy frame": lambda table: pl.from_arrow(table).lazy(),
    "relation": duckdb.from_arrow,
}


@pytest.mark.parametrize("way", ONCE)
@pytest.mark.parametrize("is_sum", [False, True])
def test_what_comes_once_doubts_the_sums_that_it_counted(way: str, *, is_sum: bool) -> None:
    """30,000 laptops below 30,000 or 30 of all sites: 60,000 or 30,030, in doubt."""
    table = _table(["Tous", *SITES], "laptop", [30_000 if is_sum else 30, *COUNTS])
    account = reen.measure(ONCE[way](table), "ecodiag").account  # type: ignore[arg-type]
    assert account.items_of(Fate.COUNTED) == (60_000 if is_sum else 30_030)
    assert _doubts(account) == ["matrix_may_be_parents" if is_sum else "sums_agree_in_part"]


@pytest.mark.parametrize("size", [700, LONG])
@pytest.mark.parametrize("way", ["plain", "dictionaries"])
def test_pieces_of_other_words_are_one_list(way: str, size: int) -> None:
    """40 sites of 300 rows of 1, 2, 3, 4... laptops, 750 each: some pieces share no word."""
    table = _table([*SITES, None], "laptop", [*COUNTS, 5])
    if way == "dictionaries":
        table = table.set_column(0, "site", table["site"].dictionary_encode())
    footprint = reen.measure(table.to_reader(max_chunksize=size), "ecodiag", by="site")
    whole = reen.measure(table, "ecodiag", by="site")
    assert footprint.account.items_of(Fate.COUNTED) == 30_005
    assert len(footprint.groups) == 41
    assert footprint.total().value == pytest.approx(whole.total().value, rel=1e-12)
