"""Assets in several scanned files given together: counted once, as those of texts are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.feather as pa_feather
import pyarrow.parquet as pq
import pytest

import reen
from reen.inventory.account import Fate

_WAYS: dict[str, Callable[[pa.Table, Path], object]] = {
    "csv": pa_csv.write_csv,
    "parquet": pq.write_table,
    "arrow": lambda table, path: pa_feather.write_feather(table, str(path)),
}


def _files(way: str, folder: Path, column: str, *words: list[str | None]) -> list[Path]:
    paths = []
    for k, cells in enumerate(words):
        table = pa.table(
            {column: pa.array(cells, pa.string()), "equipment_type": ["laptop"] * len(cells)}
        )
        paths.append(folder / f"{'ab'[k]}.{way}")
        _WAYS[way](table, paths[-1])
    return paths


@pytest.mark.parametrize("way", _WAYS)
@pytest.mark.parametrize("column", ["serial_number", "asset_tag"])
def test_an_asset_in_two_files_is_one(column: str, way: str, tmp_path: Path) -> None:
    """Two laptops, of which the second file has one again and another one: three."""
    paths = _files(way, tmp_path, column, ["5HXK2J3", "5HXK2J4"], ["5HXK2J4", "5HXK2J5"])
    account = reen.measure(paths, "ecodiag").account
    assert account.items_of(Fate.COUNTED) == 3


@pytest.mark.parametrize("way", _WAYS)
def test_assets_of_other_numbers_are_others(way: str, tmp_path: Path) -> None:
    """Two laptops and two others, and one of no number in each file: six."""
    paths = _files(
        way, tmp_path, "serial_number", ["5HXK2J3", "5HXK2J4", None], ["5HXK2J5", "5HXK2J6", None]
    )
    assert reen.measure(paths, "ecodiag").account.items_of(Fate.COUNTED) == 6
