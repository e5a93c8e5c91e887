"""The reader of tables, from any container to an inventory: what counts, and what is told."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import reen
from reen import Inventory
from reen.types import Fate, Severity

from .workbooks import workbook_of

Rows = Sequence[Sequence[object]]

HEADER = ("Type", "Modèle", "Nombre de PC", "Date d'achat", "Conso (kWh/an)")
FLEET = (
    ("PC portable", "Latitude 5420", 12, dt.date(2021, 5, 6), 30.125),
    ("Écran", "P2422H", 30, None, 45.5),
)


def text(rows: Rows) -> bytes:
    """Return a CSV file whose cells have one reading each: ISO days, four decimals."""

    def cell(value: object) -> str:
        if isinstance(value, float):
            return f"{value:.4f}"
        return "" if value is None else str(value)

    return "\n".join(";".join(map(cell, row)) for row in rows).encode()


def records(rows: Rows) -> list[dict[str, object]]:
    header, *others = rows
    return [dict(zip(map(str, header), row, strict=True)) for row in others]


def parquet(rows: Rows) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records(rows)), target)
    return target.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def written(rows: Rows) -> dict[str, bytes]:
    """Return one table in every container."""
    as_text = text(rows)
    return {
        "csv": as_text,
        "xlsx": workbook_of({"Parc": rows}),
        "json": json.dumps(records(rows), default=str).encode(),
        "jsonl": "\n".join(json.dumps(row, default=str) for row in records(rows)).encode(),
        "parquet": parquet(rows),
        "zip": zipped({"parc.csv": as_text}),
    }


def read(content: bytes, name: str = "parc") -> Inventory:
    found = reen.read(content, name=name)
    assert isinstance(found, Inventory)
    return found


def seen(inventory: Inventory) -> tuple[object, ...]:
    """Return rows, counts and issues, but for where they stand."""
    places = ["source", "source_row"]
    table = inventory.table.drop_columns(places).to_pylist()
    account = sorted(
        (line.fate, str(line.reason), line.rows, line.items) for line in inventory.account.lines
    )
    issues = sorted(
        (issue.column, issue.value, str(issue.reason), issue.severity, issue.count)
        for issue in inventory.issues
    )
    return table, account, issues


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "jsonl", "parquet", "zip"])
def test_every_container_gives_the_fleet(form: str) -> None:
    inventory = read(written([HEADER, *FLEET])[form])
    rows = inventory.table.to_pylist()
    assert [row["equipment_type"] for row in rows] == ["laptop", "monitor"]
    assert [row["quantity"] for row in rows] == [12.0, 30.0]
    assert [row["purchase_date"] for row in rows] == [dt.date(2021, 5, 6), None]
    assert [row["annual_energy"] for row in rows] == [30.125, 45.5]
    assert inventory.account.rows_of(Fate.COUNTED) == inventory.account.rows == 2
    assert not [issue for issue in inventory.issues if issue.severity is not Severity.NOTE]


WORDS = st.sampled_from(["PC portable", "Écran", "Serveur", "Imprimante", "Zorglub", "Switch"])
MODELS = st.sampled_from(["Latitude 5420", "P2422H", "R740", None, "X1 Carbon"])
QUANTITIES = st.one_of(st.integers(0, 2000), st.none())
DATES = st.one_of(st.none(), st.dates(dt.date(1999, 1, 1), dt.date(2024, 12, 31)))
ENERGY = st.one_of(st.none(), st.integers(1, 400_000).map(lambda number: number / 1000))


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    rows=st.lists(
        st.tuples(WORDS, MODELS, QUANTITIES, DATES, ENERGY).map(tuple), min_size=1, max_size=8
    )
)
def test_the_same_table_in_any_container_is_the_same_inventory(rows: list[Rows]) -> None:
    """Law 9: but for file, sheet, row and column, rows, account and issues are the same."""
    table = [HEADER, *rows]
    # A column of numbers says so in every container only when it holds one.
    if any(all(row[k] is None for row in rows) for k in (2, 3, 4)):
        return
    forms = written(table)
    first = seen(read(forms["xlsx"]))
    for form, content in forms.items():
        assert seen(read(content)) == first, form


def test_several_sheets_are_one_inventory() -> None:
    """Notes are set aside; a table whose columns are not known is refused: nothing is lost."""
    notes = [["Parc 2022"], ["Mis à jour par le service informatique"]]
    unknown = [["a", "b", "c"], *[[k, "x", "y"] for k in range(6)]]
    inventory = read(
        workbook_of({"Lisez-moi": notes, "Mairie": [HEADER, *FLEET], "Vrac": unknown}), "parc.xlsx"
    )
    account = inventory.account
    assert account.rows_by_fate == {
        Fate.COUNTED: 2,
        Fate.MERGED: 0,
        Fate.SET_ASIDE: 1,
        Fate.REFUSED: 6,
    }
    assert not account.is_complete
    (refused,) = account.refused
    assert (refused.source, refused.count) == ("parc.xlsx[Vrac]", 6)
    assert inventory.table["source"].unique().to_pylist() == ["parc.xlsx[Mairie]"]


def test_a_title_above_the_header_of_a_sheet() -> None:
    rows = [["Parc informatique de la ville"], [], HEADER, *FLEET, ["Total", None, 42, None, None]]
    inventory = read(workbook_of({"Parc": rows}), "parc.xlsx")
    assert inventory.table["quantity"].to_pylist() == [12.0, 30.0]
    assert inventory.table["source_row"].to_pylist() == [4, 5]
    assert inventory.account.rows_of(Fate.SET_ASIDE) == 1


def test_the_members_of_an_archive_and_of_a_folder(tmp_path: Path) -> None:
    files = {"b/parc.csv": text([HEADER, *FLEET]), "a.csv": text([HEADER, FLEET[0]])}
    again = {**files, "copie.csv": files["a.csv"], "~$a.xlsx": b"lock"}
    archive = read(zipped(again), "parc.zip")
    for name, content in again.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    folder = reen.read(tmp_path)
    assert isinstance(folder, Inventory)
    for found in (archive, folder):
        assert sorted(found.table["quantity"].to_pylist()) == [12.0, 12.0, 30.0]
        told = {issue.reason.code for issue in found.issues}
        assert told == {"member_repeated", "member_lock_file"}
        (line,) = (each for each in found.account.lines if each.source.endswith("/copie.csv"))
        assert (line.fate, line.rows, line.items) == (Fate.SET_ASIDE, 1, 12.0)


def test_one_device_of_an_agent_is_one_asset() -> None:
    """The applications of a telephone are no assets (a list of 469 in one export)."""
    phone = {
        "model": "Galaxy A53",
        "serial_number": "R58T",
        "type": "smartphone",
        "apps": [{"name": f"app {k}", "version": "1"} for k in range(469)],
    }
    inventory = read(json.dumps(phone).encode(), "phone.json")
    assert inventory.table["model"].to_pylist() == ["Galaxy A53"]
    assert inventory.account.rows_of(Fate.COUNTED) == 1
    assert inventory.account.is_complete


def test_open_files_and_names(tmp_path: Path) -> None:
    path = tmp_path / "parc.csv"
    path.write_bytes(text([HEADER, *FLEET]))
    with path.open("rb") as file:
        assert reen.read(file).table["source"].unique().to_pylist() == ["parc.csv"]
    with path.open(encoding="utf-8") as words:
        assert len(reen.read(words)) == 2
    buffer = io.BytesIO(path.read_bytes())
    with pytest.raises(reen.errors.OptionError, match=r"name='parc\.csv'"):
        reen.read(buffer)
    with pytest.raises(reen.errors.OptionError, match="one file"):
        reen.read(path, path, name="x")
    with pytest.raises(reen.errors.OptionError, match="a path, bytes, an open file"):
        reen.read(12)  # type: ignore[arg-type]
    with pytest.raises(reen.errors.OptionError, match="'table' for bytes"):
        reen.read(path.read_bytes(), name="x", importer="arrow")


def test_the_same_file_twice_is_read_once(tmp_path: Path) -> None:
    """12 + 30 items count; the 3 rows of the copy, a total among them, are set aside by name."""
    path = tmp_path / "parc.csv"
    path.write_bytes(text([HEADER, *FLEET, ["Total", None, 42, None, None]]))
    other = tmp_path / "copie.csv"
    other.write_bytes(path.read_bytes())
    accounts = set()
    for order in ((path, other), (other, path)):
        inventory = reen.read(*order)
        assert isinstance(inventory, Inventory)
        assert len(inventory) == 2
        (issue,) = (each for each in inventory.issues if each.reason.code == "member_repeated")
        assert str(issue.reason) == "has the same content as parc.csv, and is read once"
        accounts.add(str(inventory.account))
    assert accounts == {
        (
            "copie.csv: 3 rows: 3 set aside (3 rows of a copy of parc.csv)\n"
            "parc.csv: 3 rows: 2 counted, 1 set aside (1 total)"
        )
    }
    assert inventory.account.items_of(Fate.SET_ASIDE) == 42.0
    assert [report.source for report in inventory.reports] == ["parc.csv", "copie.csv"]


@pytest.mark.slow
def test_a_copy_of_a_written_inventory_and_of_a_workbook(tmp_path: Path) -> None:
    """A list that was written keeps its account; the sheets of a workbook are named one by one."""
    written = tmp_path / "parc.csv"
    reen.write_inventory(read(text([HEADER, *FLEET]), "liste.csv"), written)
    alone = reen.read(written)
    copy = tmp_path / "copie de parc.csv"
    copy.write_bytes(written.read_bytes())
    both = reen.read(copy, written)
    assert isinstance(alone, Inventory)
    assert isinstance(both, Inventory)
    assert both.account.rows_of(Fate.COUNTED) == alone.account.rows_of(Fate.COUNTED) == 2
    assert both.account.of_source("copie de parc.csv").rows_of(Fate.SET_ASIDE) == 2
    book = workbook_of({"Mairie": [HEADER, FLEET[0]], "Vrac": [["a", "b", "c"], *[[1, 2, 3]] * 6]})
    for name in ("a.xlsx", "ab.xlsx"):
        (tmp_path / name).write_bytes(book)
    account = reen.read(tmp_path / "ab.xlsx", tmp_path / "a.xlsx").account
    assert account.of_source("ab.xlsx[Vrac]").rows_of(Fate.SET_ASIDE) == 6
    assert account.of_source("a.xlsx[Vrac]").rows_of(Fate.REFUSED) == 6


def test_a_copy_of_purchases_is_accounted_for(tmp_path: Path) -> None:
    for name in ("achats.csv", "achats (1).csv"):
        (tmp_path / name).write_text("Date facture;Type;Quantité\n01/02/2024;Écran;3\n", "utf-8")
    bought = reen.read_records(
        tmp_path / "achats (1).csv", tmp_path / "achats.csv", kind="purchases"
    )
    assert bought.table["quantity"].to_pylist() == [3.0]
    (line,) = (each for each in bought.lines if each.fate is Fate.SET_ASIDE)
    assert (line.source, line.rows, line.items) == ("achats (1).csv", 1, 3.0)


def test_parquet_with_headers_of_its_own_is_read_by_words(tmp_path: Path) -> None:
    """A French frame: its quantity is not kept aside, and a unit of the metadata counts."""
    field = pa.field("Puissance", pa.float64(), metadata={"unit": "kW"})
    table = pa.table(
        [["Serveur"], [3], [0.5]],
        schema=pa.schema([("model", pa.string()), ("Quantité", pa.int64()), field]),
    )
    path = tmp_path / "parc.parquet"
    pq.write_table(table, path)
    inventory = reen.read(path)
    assert inventory.table["quantity"].to_pylist() == [3.0]
    (batch,) = inventory.batches()
    assert batch.values("power", "W/item").tolist() == [500.0]


def test_numbers_in_merged_cells_are_not_repeated() -> None:
    """10 laptops over three rows may be 10 in all: the others are of unknown quantity, in doubt."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (HEADER[:3], ("PC portable", "A", 10), ("PC portable", "B"), ("PC portable", "C")):
        sheet.append(row)
    sheet.merge_cells("C2:C4")
    target = io.BytesIO()
    book.save(target)
    inventory = read(target.getvalue(), "parc.xlsx")
    assert inventory.table["quantity"].to_pylist() == [10.0, None, None]
    (doubt,) = inventory.account.doubts
    assert doubt.reason.code == "numbers_merged"
    footprint = reen.measure(inventory, method="base-carbone", as_of="2022-12-31")
    assert footprint.total().doubtful
    assert not footprint.total().complete


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({}, "holds no file"),
        ({".cache/x.csv": b"a"}, "hidden"),
        ({"a.pdf": b"%PDF-1.4", "b.csv": b""}, "a.pdf"),
    ],
)
@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress])
def test_an_archive_of_which_nothing_is_read_says_why(
    members: Mapping[str, bytes], why: str, pack: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(reen.errors.EmptyInventoryError, match="that can be read: parc") as caught:
        read(pack(zipped(members)))
    assert why in str(caught.value)
    assert "is empty;" not in str(caught.value)


PC = {"type": "PC portable", "quantite": 1, "pays": "FR", "duree_vie": 5}


@pytest.mark.parametrize("wrap", [lambda values: values, lambda values: {"assets": values}])
def test_values_among_records_are_refused(wrap: Callable[[list[object]], object]) -> None:
    pc = {"type": "PC portable", "quantite": 1, "pays": "FR"}
    values = [pc, ["Serveur", 500], "Serveur;500", None, {**pc, "quantite": 2}, ""]
    inventory = read(json.dumps(wrap(values)).encode())
    assert {fate: inventory.account.rows_of(fate) for fate in Fate} == {
        Fate.COUNTED: 2,
        Fate.MERGED: 0,
        Fate.SET_ASIDE: 2,
        Fate.REFUSED: 2,
    }
    (issue,) = inventory.account.refused
    assert (issue.rows, issue.value) == ((2, 3), "Serveur; 500")
    assert not inventory.account.is_complete


def test_text_among_elements_is_refused() -> None:
    pc = "<pc><type>PC</type><quantite>3</quantite><pays>FR</pays></pc>"
    account = read(f"<inv>{pc}<pc>Serveur 500</pc><pc/>{pc}</inv>".encode()).account
    fates = [account.rows_of(fate) for fate in (Fate.COUNTED, Fate.SET_ASIDE, Fate.REFUSED)]
    assert fates == [2, 1, 1]


def test_a_record_beside_a_list_is_counted() -> None:
    server = {**PC, "type": "Serveur", "quantite": 500}
    inventory = read(json.dumps({"pcs": [PC], "serveur": server, "meta": {"total": 2}}).encode())
    assert inventory.account.items_of(Fate.COUNTED) == 501
    assert inventory.account.is_complete
    assert inventory.account.sources == ("parc[pcs]", "parc[serveur]")


def test_a_value_in_a_list_of_something_else_is_refused() -> None:
    account = read(json.dumps({"pcs": [PC], "b": [{"foo": 1}, "Serveur 500"]}).encode()).account
    assert account.rows_of(Fate.REFUSED) == 2
    assert not account.is_complete


@pytest.mark.parametrize("count", [1, 2])
def test_an_export_of_one_record_reads_like_one_of_two(count: int) -> None:
    pc = "<pc><type>PC portable</type><quantite>4</quantite><statut>reforme</statut></pc>"
    inventory = read(f"<inv>{pc * count}</inv>".encode())
    assert inventory.table.column("status").to_pylist() == ["retired"] * count


@pytest.mark.parametrize("name", ["parc.csv", "parc.xlsx"])
@pytest.mark.parametrize("above", [1, 2])
def test_rows_above_the_header_are_refused_by_line(name: str, above: int) -> None:
    """A list that was sorted with its header: none of its rows is lost in silence."""
    rows = [(f"PC-{k}", "laptop", k, "Latitude 5420") for k in range(1, 9)]
    rows.insert(above, ("id", "type", "quantity", "model"))  # type: ignore[arg-type]
    data = text(rows) if name == "parc.csv" else workbook_of({"Parc": rows})
    account = reen.read(io.BytesIO(data), name=name).account
    assert (account.rows, account.rows_of(Fate.COUNTED)) == (8, 8 - above)
    (refused,) = account.refused
    assert (refused.reason.code, list(refused.rows)) == (
        "rows_above_header",
        list(range(1, above + 1)),
    )


def test_titles_above_a_header_are_no_rows() -> None:
    rows = [
        ("Parc au 31/12/2025", "", "", ""),
        ("Edition", "2026-01-05", "", ""),
        ("id", "type", "quantity", "model"),
        ("PC-1", "laptop", 2, "Latitude 5420"),
    ]
    assert reen.read(io.BytesIO(text(rows)), name="a.csv").account.rows == 1
