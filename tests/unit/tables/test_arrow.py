"""Parquet and Arrow files with canonical columns."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen import ReenError
from reen.errors import (
    DimensionError,
    EmptyInventoryError,
    FileFormatError,
    InventoryError,
    OptionError,
)
from reen.inventory.account import Fate
from reen.plugin.files import Imported, Importer, ReadOptions, Sample
from reen_plugins.importers.arrow import ArrowFile


def options(**said: object) -> ReadOptions:
    return ReadOptions(
        today=dt.date(2025, 6, 30),
        equipment_types=reen.default_registry().equipment_types,
        **said,  # type: ignore[arg-type]
    )


def table() -> pa.Table:
    """Return three rows: lifetimes in months, a text column of its own, a date."""
    return pa.table(
        [
            pa.array(["laptop", "desktop", "PC portable"]).dictionary_encode(),
            pa.array([1.0, 2.0, None]),
            pa.array([60.0, 72.0, None]),
            pa.array([dt.date(2020, 1, 1), None, None]),
            pa.array(["a", "b", "c"]),
            pa.array(["elsewhere.csv"] * 3),
        ],
        schema=pa.schema(
            [
                pa.field("equipment_type", pa.dictionary(pa.int32(), pa.string())),
                pa.field("quantity", pa.float64()),
                pa.field("lifetime", pa.float64(), metadata={"unit": "month"}),
                pa.field("purchase_date", pa.date32()),
                pa.field("direction", pa.string()),
                pa.field("source", pa.string()),
            ]
        ),
    )


def write_parquet(rows: pa.Table, path: Path) -> None:
    pq.write_table(rows, path)


def write_file(rows: pa.Table, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
        writer.write_table(rows)


def write_stream(rows: pa.Table, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows)


def write_feather(rows: pa.Table, path: Path) -> None:
    pyarrow.feather.write_feather(rows, path, compression="uncompressed")


WRITERS = pytest.mark.parametrize(
    ("write", "name", "kind"),
    [
        (write_parquet, "parc.parquet", "Parquet"),
        (write_file, "parc.arrow", "Arrow IPC file"),
        (write_stream, "parc.arrows", "Arrow IPC stream"),
        (write_feather, "parc.feather", "Arrow IPC file"),
    ],
)


@WRITERS
def test_rows_units_and_places(
    write: Callable[[pa.Table, Path], None], name: str, kind: str, tmp_path: Path
) -> None:
    write(table(), tmp_path / name)
    without = reen.read(tmp_path / name)
    assert "direction" not in without.table.column_names
    assert (without.report.kept, without.report.left_out) == ((), ("direction",))
    inventory = reen.read(tmp_path / name, keep=["Direction"])
    assert inventory.report is not None
    assert inventory.report.importer == "arrow"
    assert inventory.report.details == {"format": kind}
    assert inventory.report.kept == ("direction",)
    batch = next(inventory.batches())
    assert batch.values("lifetime", "year").tolist()[:2] == [5.0, 6.0]
    rows = inventory.table.to_pylist()
    assert [row["equipment_type"] for row in rows] == ["laptop", "desktop", "laptop"]
    assert [(row["source"], row["source_row"]) for row in rows] == [
        (name, line) for line in (1, 2, 3)
    ]
    assert {row["status"] for row in rows} == {"in_use"}


def test_it_is_an_importer() -> None:
    assert isinstance(ArrowFile(), Importer)


def read(tmp_path: Path, rows: pa.Table, **said: object) -> Imported:
    pq.write_table(rows, tmp_path / "parc.parquet")
    return ArrowFile().read(tmp_path / "parc.parquet", options(**said))


def test_country_of_the_rows_that_name_none(tmp_path: Path) -> None:
    assert "country" not in read(tmp_path, table()).table.column_names
    assert read(tmp_path, table(), country="FR").table["country"].to_pylist() == ["FR"] * 3
    given_country = table().append_column("country", pa.array(["RE", None, None]))
    found = read(tmp_path, given_country, country="FR")
    assert found.table["country"].to_pylist() == ["RE", "FR", "FR"]
    assert "2 row(s) without a country are in FR." in list(map(str, found.report.assumptions))
    with pytest.raises(OptionError):
        read(tmp_path, table(), country="Frnace")


def test_headers_given(tmp_path: Path) -> None:
    rows = table().rename_columns(["genre", *table().column_names[1:]])
    found = read(tmp_path, rows, columns={"genre": "equipment_type"})
    assert found.table.column_names[0] == "equipment_type"
    with pytest.raises(
        InventoryError, match="no column 'kind', which columns= names; found: genre"
    ):
        read(tmp_path, rows, columns={"kind": "equipment_type"})
    with pytest.raises(
        InventoryError, match="no column 'equipment_typ'; did you mean 'equipment_type'"
    ):
        read(tmp_path, rows, columns={"genre": "equipment_typ"})


def test_a_folder_of_parquet_files(tmp_path: Path) -> None:
    """Two files, one of them in a folder that says its site; each row keeps its file and place."""
    folder = tmp_path / "fleet"
    below = folder / "site=Nantes%20Est"
    below.mkdir(parents=True)
    write_parquet(table(), folder / "a.parquet")
    write_parquet(table().slice(0, 2), below / "b.pq")
    folder.joinpath("_metadata.json").write_text("{}")
    inventory = reen.read(folder)
    assert inventory.report is not None
    assert inventory.account.rows_of(Fate.COUNTED) == 5
    assert inventory.account.sources == ("fleet/a.parquet", "fleet/site=Nantes%20Est/b.pq")
    assert inventory.report.source == "fleet/a.parquet, fleet/site=Nantes%20Est/b.pq"
    rows = inventory.table.to_pylist()
    assert [row["site"] for row in rows] == [None] * 3 + ["Nantes Est"] * 2
    assert [(row["source"], row["source_row"]) for row in rows] == [
        *(("fleet/a.parquet", line) for line in (1, 2, 3)),
        *(("fleet/site=Nantes%20Est/b.pq", line) for line in (1, 2)),
    ]
    found = reen.measure(folder, method="base-carbone", by="site", as_of="2022-12-31")
    assert found.groups["site"].to_pylist() == ["Nantes Est", None]


def test_a_folder_of_blank_partitions(tmp_path: Path) -> None:
    """What Hive calls the folder of blank values is blank."""
    below = tmp_path / "fleet" / "site=__HIVE_DEFAULT_PARTITION__"
    below.mkdir(parents=True)
    write_parquet(table(), below / "a.parquet")
    inventory = reen.read(tmp_path / "fleet")
    assert inventory.table["site"].null_count == 3
    found = reen.measure(tmp_path / "fleet", method="declared", by="site")
    assert found.groups["site"].to_pylist() == [None]


@pytest.mark.parametrize("other", ["notes.csv", "READ.ME"])
def test_a_folder_with_something_else_is_not_its_own(tmp_path: Path, other: str) -> None:
    write_parquet(table(), tmp_path / "a.parquet")
    tmp_path.joinpath(other).write_text("x")
    assert ArrowFile().sniff(Sample(tmp_path, b"")).score == 0.0


def test_no_type_and_no_model(tmp_path: Path) -> None:
    rows = pa.table({"equipement_type": ["laptop"]})
    with pytest.raises(InventoryError, match="'equipement_type' looks like 'equipment_type'"):
        read(tmp_path, rows)


def test_no_row(tmp_path: Path) -> None:
    with pytest.raises(EmptyInventoryError, match="columns but no row"):
        read(tmp_path, table().slice(0, 0))


def test_a_unit_of_the_wrong_dimension(tmp_path: Path) -> None:
    rows = pa.table({"model": ["x"], "annual_energy": [1.0]}).cast(
        pa.schema(
            [
                ("model", pa.string()),
                pa.field("annual_energy", pa.float64(), metadata={"unit": "kg"}),
            ]
        )
    )
    pq.write_table(rows, tmp_path / "parc.parquet")
    with pytest.raises(DimensionError, match=r"parc\.parquet: column 'annual_energy' is in 'kg'"):
        reen.read(tmp_path / "parc.parquet")


@pytest.mark.parametrize("content", [b"PAR1nothing", b"ARROW1\0\0nothing", b"\x00\x01", b"PAR1"])
def test_files_that_cannot_be_read(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "parc.parquet"
    path.write_bytes(content)
    with pytest.raises(FileFormatError, match=r"parc\.parquet: cannot be read as Parquet or Arrow"):
        reen.read(path)


def test_the_empty_file(tmp_path: Path) -> None:
    (tmp_path / "parc.parquet").write_bytes(b"")
    with pytest.raises(EmptyInventoryError, match="the file is empty"):
        reen.read(tmp_path / "parc.parquet")


@given(
    cut=st.integers(0, 400),
    flip=st.integers(0, 400),
    write=st.sampled_from([write_parquet, write_file]),
)
def test_damaged_files_end_in_a_reen_error(
    tmp_path_factory: pytest.TempPathFactory,
    cut: int,
    flip: int,
    write: Callable[[pa.Table, Path], None],
) -> None:
    """A file cut short or with one byte changed is read, or refused in reen's own words."""
    path = tmp_path_factory.getbasetemp() / "damaged"
    write(table(), path)
    raw = bytearray(path.read_bytes())
    raw[flip % len(raw)] ^= 0xFF
    path.write_bytes(bytes(raw[: max(1, len(raw) - cut)]))
    with contextlib.suppress(ReenError):
        ArrowFile().read(path, options())


def test_nan_is_reported(tmp_path: Path) -> None:
    """It is no number, and no blank either: nothing is counted with it, and a word says so."""
    path = tmp_path / "parc.parquet"
    lifetimes = [4.0, float("nan"), None, *[float("nan")] * 6]
    table = {"equipment_type": ["laptop"] * 9, "lifetime": pa.array(lifetimes)}
    pq.write_table(pa.table({**table, "mine": lifetimes}), path)
    (issue,) = reen.read(path).issues
    assert str(issue) == (
        "parc.parquet, row 2, 4, 5, 6, 7 and 2 more, column 'lifetime': 'NaN' is no number;"
        " expected a number in year, above 0, or a null (value not used)"
    )
