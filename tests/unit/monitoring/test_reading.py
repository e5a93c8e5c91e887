"""Files of records: dialects, headers, cells, and what is said of what cannot be used."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import reen


def write(folder: Path, text: str, *, encoding: str = "utf-8", name: str = "achats.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, **options: object) -> reen.Purchases:
    return reen.read_records(path, kind="purchases", **options)  # type: ignore[call-overload,no-any-return]


FRENCH = (
    "Date de facture;Type de matériel;Quantité;Prix unitaire HT;Reconditionné;Direction\n"
    "05/03/2022;PC portables;1 200;712,50;oui;Écoles\n"
    "06/03/2022;Écrans;3;;non;\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_french_file(tmp_path: Path, encoding: str) -> None:
    bought = read(write(tmp_path, FRENCH, encoding=encoding))
    rows = bought.table.select(
        ["date", "equipment_type", "quantity", "unit_price", "reconditioned", "entity"]
    ).to_pylist()
    assert rows == [
        {
            "date": dt.date(2022, 3, 5),
            "equipment_type": "laptop",
            "quantity": 1_200.0,
            "unit_price": 712.5,
            "reconditioned": True,
            "entity": "Écoles",
        },
        {
            "date": dt.date(2022, 3, 6),
            "equipment_type": "monitor",
            "quantity": 3.0,
            "unit_price": None,
            "reconditioned": False,
            "entity": None,
        },
    ]
    assert bought.issues == ()


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_separators(tmp_path: Path, mark: str) -> None:
    text = "date,category,quantity\n2022-01-02,laptop,4\n".replace(",", mark)
    bought = read(write(tmp_path, text), delimiter=mark if mark == "|" else None)
    assert bought.table["quantity"].to_pylist() == [4.0]


def test_a_cell_may_hold_the_separator(tmp_path: Path) -> None:
    bought = read(write(tmp_path, 'date,supplier\n2022-01-02,"Dupont, SA"\n'))
    assert bought.table["supplier"].to_pylist() == ["Dupont, SA"]


def test_the_date_is_of_invoice_else_delivery_else_order(tmp_path: Path) -> None:
    text = (
        "order_date,delivery_date,invoice_date\n"
        "2022-01-01,2022-01-02,2022-01-03\n"
        "2022-01-01,2022-01-02,\n"
        "2022-01-01,,\n"
        ",,\n"
    )
    days = read(write(tmp_path, text)).table["date"].to_pylist()
    assert days == [dt.date(2022, 1, 3), dt.date(2022, 1, 2), dt.date(2022, 1, 1)]


def test_the_canonical_samples(shared_data: Path) -> None:
    folder = shared_data / "inventories" / "canonical"
    bought = read(folder / "synthetic_purchase.csv")
    gone = reen.read_records(folder / "synthetic_disposal.csv", kind="disposals")
    assert (len(bought), len(gone)) == (10, 10)
    assert bought.table["unit_price"].to_pylist()[0] == 712.5
    assert gone.table["weight"].to_pylist()[0] == 10.4
    assert bought.issues + gone.issues == ()


def test_units_may_stand_in_headers(tmp_path: Path) -> None:
    path = write(tmp_path, "date,weight [t]\n2022-01-02,1.5\n")
    gone = reen.read_records(path, kind="disposals")
    assert gone.table["weight"].to_pylist() == [1_500.0]


def test_words_of_destinations(tmp_path: Path) -> None:
    path = write(
        tmp_path, "date;destination\n2022-01-02;Don\n2022-01-02;DEEE\n2022-01-03;ailleurs\n"
    )
    gone = reen.read_records(path, kind="disposals")
    assert gone.table["destination"].to_pylist() == ["donation", "recycling", None]
    assert "achats.csv, row 4, column 'destination': 'ailleurs' is not known" in str(gone.issues[0])


def test_a_parquet_file_reads_like_its_csv(tmp_path: Path) -> None:
    table = pa.table(
        {
            "invoice_date": pa.array(["2022-01-02T13:00"]).cast(pa.timestamp("s")),
            "category": pa.array(["Notebook"]).dictionary_encode(),
            "quantity": [4],
        }
    )
    pq.write_table(table, tmp_path / "achats.parquet")
    bought = read(tmp_path / "achats.parquet")
    assert bought.table["date"].to_pylist() == [dt.date(2022, 1, 2)]
    assert bought.table["equipment_type"].to_pylist() == ["laptop"]


def test_rows_say_where_they_come_from(tmp_path: Path) -> None:
    text = "\n\ndate;quantity\n2022-01-02;1\n\n2022-01-03;2\n"
    table = read(write(tmp_path, text)).table
    assert table["source"].to_pylist() == ["achats.csv"] * 2
    assert table["source_row"].to_pylist() == [4, 6]


def test_columns_can_be_named(tmp_path: Path) -> None:
    path = write(tmp_path, "Jour;Combien\n2022-01-02;5\n")
    bought = read(path, columns={"Jour": "date", "Combien": "quantity"})
    assert bought.table["quantity"].to_pylist() == [5.0]


def test_unknown_columns_are_kept(tmp_path: Path) -> None:
    bought = read(write(tmp_path, "date;Marché\n2022-01-02;2021-07\n"))
    assert bought.table["Marché"].to_pylist() == ["2021-07"]


# -- what cannot be used ---------------------------------------------------------------------


def messages(records: reen.Purchases) -> list[str]:
    return [str(issue) for issue in records.issues]


@pytest.mark.parametrize(
    ("header", "cell", "message"),
    [
        ("quantity", "trois", "'trois' is not a number; expected a number in item, at least 0"),
        ("quantity", "-3", "'-3' is out of range; expected a number in item, at least 0"),
        ("reconditioned", "peut-être", "'peut-être' is not yes or no; expected yes or no"),
        ("invoice_date", "13/13/2022", "'13/13/2022' is not a date; expected a date such as"),
        ("category", "Truc", "'Truc' is not known, counted as 'unknown'"),
    ],
)
def test_a_bad_cell_is_named_by_file_row_and_column(
    tmp_path: Path, header: str, cell: str, message: str
) -> None:
    bought = read(write(tmp_path, f"date;{header}\n2022-01-02;1\n2022-01-02;{cell}\n"))
    column = {"category": "equipment_type"}.get(header, header)
    found = [text for text in messages(bought) if message in text]
    assert found, messages(bought)
    assert found[0].startswith(f"achats.csv, row 3, column {column!r}: ")


def test_a_bad_number_is_not_a_blank_one(tmp_path: Path) -> None:
    bought = read(write(tmp_path, "date;quantity\n2022-01-02;trois\n2022-01-02;\n"))
    assert bought.batch.invalid("quantity").tolist() == [True, False]
    assert np.isnan(bought.batch.values("quantity", "item")).all()


def test_thousands_or_decimals(tmp_path: Path) -> None:
    """In a file between commas ``1,234`` is either; between semicolons it is a decimal number."""
    english = read(write(tmp_path, 'date,quantity\n2022-01-02,"1,234"\n'))
    assert "may be a decimal number or thousands" in messages(english)[0]
    french = read(write(tmp_path, "date;quantity\n2022-01-02;1,234\n2022-01-02;1.234,5\n"))
    assert french.table["quantity"].to_pylist() == [1.234, 1_234.5]


def test_a_row_cut_short_is_refused_by_name(tmp_path: Path) -> None:
    bought = read(
        write(tmp_path, "date;category;quantity\n2022-01-02;laptop\n2022-01-03;laptop;2\n")
    )
    assert bought.table["source_row"].to_pylist() == [3]
    (message,) = messages(bought)
    assert message == (
        "achats.csv, row 2: '2022-01-02;laptop' does not have as many cells as the header;"
        " expected 3 cells with ';' between them (row refused)"
    )


def test_totals_are_refused_by_name(tmp_path: Path) -> None:
    text = "date;type;quantité\n2022-01-02;laptop;2\n;Total;2\n;Sous-total 2022;2\n"
    bought = read(write(tmp_path, text))
    assert len(bought) == 1
    assert "row 3, column 'equipment_type': 'Total' is a total of other rows" in messages(bought)[0]


def test_trailing_separators_make_no_column(tmp_path: Path) -> None:
    bought = read(write(tmp_path, "date;quantity;;\n2022-01-02;1;;\n"))
    assert bought.table.column_names == ["date", "quantity", "source", "source_row"]


def test_a_file_without_rows(tmp_path: Path) -> None:
    assert len(read(write(tmp_path, "date;quantity"))) == 0


def test_strict_reads_raise_all_issues(tmp_path: Path) -> None:
    path = write(tmp_path, "date;quantity\nhier;un\n")
    with pytest.raises(reen.StrictReadError) as caught:
        read(path, strict=True)
    assert len(caught.value.issues) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty; expected a header and one row per record"),
        (b"\n \n", "is empty"),
        (b"PK\x03\x04\x00\x00", "is not text in UTF-8 or Windows-1252"),
        ("date;quantity\n".encode("utf-16"), "is not text"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "achats.csv"
    path.write_bytes(content)
    with pytest.raises(reen.FileFormatError, match=message):
        read(path)


def test_a_csv_called_parquet(tmp_path: Path) -> None:
    with pytest.raises(reen.FileFormatError, match="is not a Parquet file"):
        read(write(tmp_path, FRENCH, name="achats.parquet"))


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(reen.FileFormatError, match="there is no such file"):
        read(tmp_path / "nothing.csv")


def test_no_date_column(tmp_path: Path) -> None:
    with pytest.raises(reen.SchemaError, match=r"achats\.csv: the column 'date' is not there"):
        read(write(tmp_path, "quantity\n1\n"))


def test_two_columns_of_one_meaning(tmp_path: Path) -> None:
    with pytest.raises(reen.SchemaError, match="'Nombre' and 'Quantité' both mean 'quantity'"):
        read(write(tmp_path, "date;Nombre;Quantité\n2022-01-02;1;2\n"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"encoding": "utf-99"}, "is no encoding"),
        ({"encoding": "ascii"}, "is not ascii text"),
        ({"columns": {"Nothing": "date"}}, "columns='Nothing'"),
    ],
)
def test_options_that_do_not_fit(tmp_path: Path, options: dict[str, object], message: str) -> None:
    with pytest.raises(reen.ReenError, match=message):
        read(write(tmp_path, FRENCH), **options)


def test_an_unknown_kind(tmp_path: Path) -> None:
    with pytest.raises(reen.OptionError, match="purchases, disposals, headcount"):
        reen.read_records(write(tmp_path, FRENCH), kind="sales")  # type: ignore[call-overload]
