"""Whole files, from bytes to inventory: what is read, said and refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import reen
from reen import Inventory, ReenError
from reen.errors import EmptyInventoryError, FileFormatError, InventoryError
from reen.inventory.account import Fate
from reen.plugin.files import Imported, Importer
from reen.tables.reader import TableReader
from reen.types import Severity

Read = Callable[..., Imported]

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "inventories"
EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@pytest.fixture
def fixture(read: Read) -> Callable[[str], Imported]:
    """Return a function that reads one of the invented files."""
    return lambda name: read((FIXTURES / name).read_bytes(), name=name)


def figures(found: Imported) -> tuple[int, int, Mapping[str, int], int]:
    """Return the account's figures, once they are seen to add up."""
    account = found.uncounted
    counted, refused = found.table.num_rows, account.rows_of(Fate.REFUSED)
    others = {str(line.reason): line.rows for line in account.lines if line.fate != Fate.REFUSED}
    assert found.rows_read == counted + sum(others.values()) + refused
    return found.rows_read, counted, others, refused


def test_it_is_an_importer() -> None:
    assert isinstance(TableReader(), Importer)
    assert TableReader().name == "table"


def test_a_sheet_made_by_hand(fixture: Callable[[str], Imported]) -> None:
    """Windows-1252, titles, sections, sub-totals, a total (12 + 1,012 + 30 + 8 + 10 = 1,072)."""
    found = fixture("parc_mairie_cp1252.csv")
    assert figures(found) == (
        *(13, 6),
        {"blank row": 1, "section title": 2, "note": 1, "total": 1, "sub-total": 2},
        0,
    )
    assert found.report.details == {
        "encoding": "cp1252",
        "delimiter": ";",
        "header line": "4",
        "decimal mark": ",",
        "order in purchase_date": "day first",
    }
    rows = found.table.to_pylist()
    assert [row["source_row"] for row in rows] == [6, 7, 10, 11, 12, 13]
    assert [row["entity"] for row in rows] == ["École Jules Ferry"] * 2 + ["Mairie"] * 4
    assert [row["quantity"] for row in rows[:5]] == [12.0, 1012.0, 30.0, 8.0, None]
    assert rows[5]["quantity"] == 10.0  # written "8 + 2 HS"
    assert [row["annual_energy"] for row in rows[:2]] == [98.5, 25.4]
    assert [row["weight"] for row in rows] == pytest.approx([5.2, 4.1, 1.4, None, None, 0.49])
    assert rows[1]["Observations"] == '24"'
    assert rows[0]["purchase_date"] == dt.date(2022, 9, 15)
    assert [row["purchase_date_precision"] for row in rows[:4]] == ["month", "day", "year", "day"]
    told = {(issue.column, issue.value): issue for issue in found.issues}
    assert ("quantity", "1 072") not in told, "the total says so too: 12 + 1012 + 30 + 8 + 10"
    assert told["quantity", "8 + 2 HS"].severity is Severity.DOUBT
    assert told["purchase_date", "n.c."].rows == (13,)


def test_a_powershell_export(fixture: Callable[[str], Imported]) -> None:
    """UTF-16, a `#TYPE` line, decimal commas inside quotes, a virtual machine."""
    found = fixture("powershell_utf16.csv")
    assert figures(found) == (3, 2, {"virtual machine": 1}, 0)
    assert found.report.details["encoding"] == "utf-16"
    assert found.report.details["header line"] == "2"
    assert found.table["ram"].to_pylist() == [15.77, 7.8]
    assert found.table.schema.field("ram").metadata == {b"unit": b"GiB/item"}
    assert found.table["source_row"].to_pylist() == [3, 4]
    assert any("powers of two" in text for text in list(map(str, found.report.assumptions)))


def test_marks_that_do_not_balance(fixture: Callable[[str], Imported]) -> None:
    """Without quotation marks, the comma inside a quoted model cuts its row."""
    found = fixture("quotes_do_not_balance.csv")
    assert figures(found) == (5, 4, {}, 1)
    assert found.table["model"].to_pylist() == [
        *("Latitude 7490", 'PROLITE 24"', '"27 pouces', 'LA2405X 24"')
    ]
    assert found.report.details["quotation marks"] == "none (they do not balance)"
    assert found.issues[0].rows == (3,)


def test_lines_inside_cells(fixture: Callable[[str], Imported]) -> None:
    found = fixture("lines_in_cells.csv")
    assert figures(found) == (6, 4, {"blank row": 2}, 0)
    assert found.table["source_row"].to_pylist() == [3, 6, 7, 8]
    assert found.table["quantity"].to_pylist() == [2.0, 1.0, None, 4.0]
    assert found.table["cpu_model"].to_pylist()[0] == "Xeon Gold 5218 Xeon Gold 5218"
    assert found.table["model"].to_pylist()[1] == 'Écran 24" et tour'
    (issue,) = found.issues
    assert (issue.severity, issue.rows) == (Severity.DOUBT, (7,))


def test_an_english_export(fixture: Callable[[str], Imported]) -> None:
    """Month first (03/14, 12/25), thousands by comma, a person's column, a purchase in 2090."""
    found = fixture("english_month_first.csv")
    assert figures(found) == (4, 4, {}, 0)
    assert found.report.details["order in purchase_date"] == "month first"
    assert found.table["purchase_date"].to_pylist() == [
        *(dt.date(2022, 3, 14), dt.date(2021, 12, 25), dt.date(2020, 1, 2), None)
    ]
    assert found.table["price"].to_pylist() == [1641.97, 1202.0, 180.5, 180.5]
    assert found.table["serial_number"].to_pylist()[0] == "0004512"
    assert "Jane" not in str(found)
    inventory = reen.read(FIXTURES / "english_month_first.csv")
    assert "Jane" not in str((inventory, inventory.table.to_pylist(), inventory.account.to_dict()))


def test_a_canonical_file(fixture: Callable[[str], Imported]) -> None:
    found = fixture("canonical.csv")
    assert figures(found) == (3, 3, {}, 0)
    assert found.issues == ()
    units = {
        field.name: field.metadata[b"unit"].decode()
        for field in found.table.schema
        if field.metadata
    }
    assert units == {
        "quantity": "item",
        "lifetime": "month",
        "annual_energy": "kWh/item/year",
        "ram": "GiB/item",
        "weight": "kg/item",
        "price": "EUR/item",
    }
    inventory = Inventory.from_arrow(found.table)
    batch = next(inventory.batches())
    assert batch.values("lifetime", "year").tolist() == [5.0, 6.0, 8.0]


def test_a_laboratory_list(fixture: Callable[[str], Imported]) -> None:
    found = fixture("liste_laboratoire.tsv")
    assert figures(found) == (4, 4, {}, 0)
    assert found.report.details["delimiter"] == "\t"


def test_columns_are_in_canonical_order_then_as_found(read: Read) -> None:
    found = read(
        "Remarque;Quantité;Modèle;Étage;Type\na;1;m;b;Serveur\n", keep=("étage", "remarque")
    )
    assert found.table.column_names == [
        *("equipment_type", "model", "quantity", "status", "Remarque", "Étage"),
        *("source", "source_row"),
    ]
    assert found.report.mapped["quantity"] == "Quantité"
    assert found.report.kept == ("Remarque", "Étage")
    assert found.table["source"].to_pylist() == ["parc.csv"]


def test_the_empty_file(read: Read) -> None:
    with pytest.raises(
        EmptyInventoryError, match=r"parc\.csv: the file is empty; expected headers"
    ):
        read("")


@pytest.mark.parametrize("text", ["Type;Modèle;Quantité", "Type;Modèle;Quantité\r\n\r\n"])
def test_only_a_header(read: Read, text: str) -> None:
    with pytest.raises(EmptyInventoryError, match=r"parc\.csv: there is only a header \(line 1\)"):
        read(text)


def test_a_binary_file(read: Read) -> None:
    with pytest.raises(FileFormatError, match="the archive is damaged or cut short"):
        read(b"PK\x03\x04\x14\x00[Content_Types].xml xl/workbook.xml", name="parc.csv")
    with pytest.raises(FileFormatError, match="binary file"):
        read(bytes(range(256)))


def test_no_header(read: Read) -> None:
    with pytest.raises(
        InventoryError, match=r"parc\.csv: no header is known; found: 'Dell', 'P24', '3'"
    ):
        read("Dell;P24;3\nHP;E24;4\n")


def test_two_columns_of_one_meaning(read: Read) -> None:
    text = "Type;Type de matériel;Nb\nPC fixe;Informatique;2\n"
    with pytest.raises(
        InventoryError, match=r"parc\.csv: the columns 'Type' and 'Type de matériel' both"
    ):
        read(text)
    found = read(text, columns={"Type": "equipment_type"})
    assert found.table["equipment_type"].to_pylist() == ["PC fixe"]
    assert found.table["Type de matériel"].to_pylist() == ["Informatique"]


def test_no_row_is_equipment(read: Read) -> None:
    with pytest.raises(EmptyInventoryError) as caught:
        read("Type;Modèle;Nb\nPC;3\n;;\nTotal;;0\nPC;VMware7,1;3\n")
    message = str(caught.value)
    assert "parc.csv: none of the 4 row(s) is equipment" in message
    assert "1 blank row, 1 total, 1 virtual machine, 1 refused" in message
    assert "The first issue: parc.csv, row 2: 'PC;3' has 2 cells" in message


def test_utf8_with_a_damaged_byte_keeps_its_accents(read: Read) -> None:
    found = read("Type;Modèle\nÉcran;réf. ".encode() + b"\xe9" + b"\n")
    assert found.report.details["encoding"] == "utf-8, 1 damaged byte read as cp1252"
    assert found.table["model"].to_pylist() == ["réf. é"]
    assert [issue.severity for issue in found.issues] == [Severity.DOUBT]


def test_a_header_that_only_the_user_knows(read: Read) -> None:
    found = read("Machin;Truc\nPC fixe;A\n", columns={"Machin": "equipment_type"})
    assert found.table["equipment_type"].to_pylist() == ["PC fixe"]


def test_the_user_gives_encoding_and_delimiter(read: Read) -> None:
    text = "Modèle,Type;Nb\nx,PC fixe;2\n".encode("cp850")
    found = read(text, encoding="cp850", delimiter=",")
    assert found.table["model"].to_pylist() == ["x"]
    assert found.report.details["encoding"] == "cp850"


def test_stale_rows_are_counted(read: Read) -> None:
    found = read("Type;Modèle;Dernier inventaire\nPC;x;2020-01-01\nPC;y;2025-06-01\n")
    assert "1 row(s) last seen over a year ago are counted." in list(
        map(str, found.report.assumptions)
    )


def test_rows_without_model_are_counted(read: Read) -> None:
    found = read("Type;Modèle;Nb\nPC;x;1\nPC;;3\n")
    assert "1 of 2 rows (75% of the items) has no model." in list(
        map(str, found.report.assumptions)
    )
    found = read("Type;Nb\nPC;\n")
    assert "1 of 1 rows has no model." in list(map(str, found.report.assumptions))


def test_units_taken_for_granted_are_said(read: Read) -> None:
    found = read("Type;Durée de vie;Puissance (W);Nb\nPC;5;60;1\n")
    assert "No unit in the header: lifetime in years." in list(map(str, found.report.assumptions))


@pytest.mark.parametrize(
    ("name", "column", "unit", "total"),
    [
        ("boulogne_billancourt_2022.csv", "declared_footprint", "kgCO2e/item", 36_198.8),
        (
            "boulogne_billancourt_2022_printed.csv",
            "declared_annual_footprint",
            "kgCO2e/item/year",
            36_345.0,
        ),
    ],
)
def test_the_published_example(name: str, column: str, unit: str, total: float) -> None:
    """Figures 3 and 4 of the work programme: quantity x footprint / lifetime, or x yearly."""
    inventory = reen.read(EXAMPLES / name)
    assert inventory.issues == ()
    assert len(inventory) == 13
    assert inventory.table.schema.field(column).metadata == {b"unit": unit.encode()}
    rows = inventory.table.to_pylist()
    assert [row["id"] for row in rows if row["quantity"] is None] == [
        *("agents-server", "schools-server")
    ]
    declared = [row for row in rows if row[column] is not None]
    assert len(declared) == 7
    assert sum(
        row["quantity"] * row[column] / (row["lifetime"] if column == "declared_footprint" else 1)
        for row in declared
    ) == pytest.approx(total)
    assert {row["country"] for row in rows} == {"FR"}
    assert "unknown" not in {row["equipment_type"] for row in rows}


def test_reen_finds_the_importer(tmp_path: Path) -> None:
    path = tmp_path / "parc.csv"
    path.write_text("Type;Quantité\nPC fixes;12\n", encoding="utf-8")
    inventory = reen.read(path)
    assert inventory.report is not None
    assert inventory.report.importer == "table"
    path.write_text("", encoding="utf-8")
    with pytest.raises(EmptyInventoryError):
        reen.read(path)
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(ReenError, match="a PDF document"):
        reen.read(path)


@pytest.mark.slow
def test_thousands_of_columns(read: Read) -> None:
    """A dump of everything that a tool knows: each kept column under its header."""
    headers = [f"Champ {k}" for k in range(3000)]
    cells = [f"v{k % 7}" for k in range(3000)]
    text = f"Type;{';'.join(headers)}\nPC portable;{';'.join(cells)}\n"
    assert read(text).report.left_out == tuple(headers)
    found = read(text, keep=headers)
    assert found.report.kept == tuple(headers)
    assert found.table["Champ 2999"].to_pylist() == ["v3"]
