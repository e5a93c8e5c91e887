"""Persons in Parquet and Arrow files: measured by path or read, they leave as from any file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.feather as pa_feather
import pyarrow.parquet as pq
import pytest

import reen
from reen.inventory.schema import EQUIPMENT
from reen.tables.arrow_persons import cut_names_of
from reen.tables.privacy.names_in_text import without_holders

#: Invented persons; "Zyxwin" is a surname that no list has.
ROWS = pa.table(
    {
        "id": ["PC-ZYXWIN", "PC-002", "zoe.zyxwin@ville.example", "QA14-MOREL"],
        "equipment_type": ["laptop", "Portable de Jeanne Zyxwin", "desktop", "monitor"],
        "model": ["Latitude 5420 (Mme Zyxwin)", "X", "Y", "P2419H"],
        "site": ["Mairie", "Bureau 12 Mme Zyxwin", "Chez Jeanne Zyxwin", "Rue Madame Curie"],
        "user": ["Jeanne Zyxwin", "Paul Zyxwin", "Zoé Zyxwin", ""],
        "Affectation": ["DSI", "Jeanne ZYXWIN", "Zyxwin", "MOREL"],
        "Prénom": ["Jeanne", "Paul", "Zoé", "Ali"],
        "quantity": [1.0, 1.0, 1.0, 1.0],
    }
)

WRITERS: dict[str, Callable[[pa.Table, Path], None]] = {
    "parc.csv": pa_csv.write_csv,
    "parc.parquet": pq.write_table,
    "parc.arrow": lambda table, path: pa_feather.write_feather(
        table, str(path), compression="uncompressed"
    ),
}


@pytest.fixture(params=WRITERS)
def parc(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    WRITERS[request.param](ROWS, path)
    return path


def groups(path: Path, by: str) -> set[str | None]:
    found = reen.measure(path, method="base-carbone", by=by, as_of="2024-12-31")
    return set(found.groups[by].to_pylist())


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("id", {"PC-002", None}),
        ("model", {"Latitude 5420 (…)", "X", "Y", "P2419H"}),
        ("site", {"Mairie", "Bureau 12 …", "Chez …", "Rue Madame Curie"}),
    ],
)
def test_no_group_names_a_person(parc: Path, by: str, expected: set[str | None]) -> None:
    assert groups(parc, by) == expected


@pytest.mark.parametrize("by", ["user", "Prénom"])
def test_a_column_of_persons_is_no_group(parc: Path, by: str) -> None:
    with pytest.raises(reen.errors.OptionError, match=f"by='{by}'"):
        groups(parc, by)


@pytest.mark.parametrize("name", ["parc.parquet", "parc.arrow"])
def test_services_stay_in_a_column_that_persons_leave(name: str, tmp_path: Path) -> None:
    """A surname alone is one where it stands beside a first name elsewhere, or is frequent."""
    WRITERS[name](ROWS, tmp_path / name)
    assert groups(tmp_path / name, "Affectation") == {"DSI", None}


def test_the_page_and_the_trace_name_nobody(parc: Path) -> None:
    found = reen.measure(parc, method="base-carbone", as_of="2024-12-31")
    traced = reen.trace(parc, method="base-carbone", as_of="2024-12-31").read_all()
    inventory = reen.read(parc)
    for text in (str(found), str(found.coverage), str(traced), str(inventory.table)):
        assert "Zyxwin" not in text.title()
    assert inventory.table["id"].to_pylist() == [None, "PC-002", None, None]
    assert "Zyxwin" not in str(inventory.issues).title()


@pytest.mark.parametrize("name", ["parc.parquet", "parc.arrow"])
def test_rows_by_path_and_rows_that_were_read_are_the_same(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    WRITERS[name](ROWS, path)
    by_path = reen.measure(path, method="base-carbone", by="site", as_of="2024-12-31")
    read = reen.measure(reen.read(path), method="base-carbone", by="site", as_of="2024-12-31")
    assert by_path.to_arrow().equals(read.to_arrow())
    assert str(by_path.coverage) == str(read.coverage)


@pytest.mark.parametrize("name", ["parc.parquet", "parc.arrow"])
def test_names_of_devices_are_a_group_as_pseudonyms_alone(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    WRITERS[name](ROWS.append_column("name", pa.array(["PC-ZYXWIN"] * 4)), path)
    with pytest.raises(reen.errors.OptionError, match="by='name'"):
        groups(path, "name")


def test_what_was_cut_is_told(tmp_path: Path) -> None:
    pq.write_table(ROWS, tmp_path / "parc.parquet")
    told = {
        issue.column: issue.count
        for issue in reen.read(tmp_path / "parc.parquet").issues
        if issue.reason.code == "names_cut"
    }
    assert told == {"equipment_type": 1, "model": 1, "site": 2}


def test_columns_that_are_asked_for_stay(tmp_path: Path) -> None:
    pq.write_table(ROWS, tmp_path / "parc.parquet")
    found = reen.read(tmp_path / "parc.parquet", keep=["model"])
    assert found.table["model"][0].as_py() == "Latitude 5420 (Mme Zyxwin)"


def test_numbers_and_lists_name_nobody(tmp_path: Path) -> None:
    """A place that is a number is told as such; a group that may hold persons may be numbers."""
    named = {"id": ["a", "b"], "equipment_type": ["laptop", "laptop"]}
    pq.write_table(pa.table({**named, "site": [1.5, 2.0]}), tmp_path / "site.parquet")
    with pytest.raises(reen.errors.InventoryError, match="column 'site' has the Arrow type double"):
        reen.read(tmp_path / "site.parquet")
    pq.write_table(pa.table({**named, "Affectation": [1.5, 2.0]}), tmp_path / "group.parquet")
    assert groups(tmp_path / "group.parquet", "Affectation") == {1.5, 2.0}


@pytest.mark.parametrize(
    "cells",
    [
        ["A001", "A002", "A003"],  # of one length: looked at where they lie
        ["A1", "PC-22", "333", None],
        [f"{k}" for k in range(300)] + ["chez Zoé Zyxwin"],  # beyond the first that are looked at
        ["A001", "Mme Zyxwin", "A003"],
        ["A001", "", "A003"],
    ],
)
@pytest.mark.parametrize("encoded", [False, True])
def test_numbers_hide_no_person_of_a_column_that_nothing_knows(
    cells: list[str | None], *, encoded: bool
) -> None:
    column = pa.chunked_array([pa.array(cells[:1], pa.string()), pa.array(cells[1:], pa.string())])
    if encoded:
        column = column.dictionary_encode()
    cut, rows = cut_names_of(pa.table({"number": column}), EQUIPMENT)
    expected = [None if cell is None else without_holders(cell) for cell in cells]
    assert cut["number"].to_pylist() == expected
    named = [k for k, (a, b) in enumerate(zip(cells, expected, strict=True)) if a != b]
    assert rows == ({"number": named} if named else {})
