"""Files of records: containers, headers, cells, and what is said of what cannot be used."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import reen
from reen.types import Fate, Severity


def write(folder: Path, text: str, *, encoding: str = "utf-8", name: str = "achats.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, **options: object) -> reen.types.Purchases:
    return reen.read_records(path, kind="purchases", **options)  # type: ignore[call-overload,no-any-return]


def noted(records: reen.types.Purchases | reen.types.Disposals | reen.types.Headcount) -> set[str]:
    """Return the codes of the issues, none of which may be more than a note."""
    assert {issue.severity for issue in records.issues} <= {Severity.NOTE}
    return {issue.reason.code for issue in records.issues}


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
    assert noted(bought) == set()
    assert bought.account.is_complete


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
    bought = read(write(tmp_path, text))
    assert bought.account.rows_of(Fate.SET_ASIDE) == 1  # the blank row
    days = bought.table["date"].to_pylist()
    assert days == [dt.date(2022, 1, 3), dt.date(2022, 1, 2), dt.date(2022, 1, 1)]


def test_the_canonical_samples(shared_data: Path) -> None:
    folder = shared_data / "inventories" / "canonical"
    bought = read(folder / "synthetic_purchase.csv")
    gone = reen.read_records(folder / "synthetic_disposal.csv", kind="disposals")
    assert (len(bought), len(gone)) == (10, 10)
    assert bought.table["unit_price"].to_pylist()[0] == 712.5
    assert gone.table["weight"].to_pylist()[0] == 10.4
    assert noted(bought) == {"unread_numbers"}  # the CPV code
    assert noted(gone) == set()


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


def test_unknown_columns_are_kept_where_they_are_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, "date;Marché;Lot\n2022-01-02;2021-07;3\n")
    assert not {"Marché", "Lot"} & {*read(path).table.column_names}
    bought = read(path, keep=["marche"])
    assert "Lot" not in bought.table.column_names
    assert bought.table["Marché"].to_pylist() == ["2021-07"]


# -- what cannot be used ---------------------------------------------------------------------


def messages(records: reen.types.Purchases) -> list[str]:
    return [str(issue) for issue in records.issues]


@pytest.mark.parametrize(
    ("header", "cell", "message"),
    [
        ("quantity", "trois", "'trois' is no number; expected a number in item, at least 0"),
        ("quantity", "-3", "'-3' is out of range; expected a number in item, at least 0"),
        ("reconditioned", "peut-être", "'peut-être' is neither yes nor no; expected yes or no"),
        ("invoice_date", "13/13/2022", "'13/13/2022' is no date; expected a date such as"),
        ("category", "Truc", "'Truc' is not known, counted as 'unknown'"),
    ],
)
def test_a_bad_cell_is_named_by_file_row_and_column(
    tmp_path: Path, header: str, cell: str, message: str
) -> None:
    bought = read(write(tmp_path, f"date;{header}\n2022-01-02;\n2022-01-02;{cell}\n"))
    column = {"category": "equipment_type", "invoice_date": "date"}.get(header, header)
    found = [text for text in messages(bought) if message in text]
    assert found, messages(bought)
    assert found[0].startswith(f"achats.csv, row 3, column {column!r}: ")


def test_a_bad_number_is_not_a_blank_one(tmp_path: Path) -> None:
    bought = read(write(tmp_path, "date;quantity\n2022-01-02;trois\n2022-01-02;\n"))
    assert bought.batch.invalid("quantity").tolist() == [True, False]
    assert np.isnan(bought.batch.values("quantity", "item")).all()


def test_thousands_or_decimals(tmp_path: Path) -> None:
    """In a file between commas ``1,234`` is either; other cells prove which."""
    english = read(write(tmp_path, 'date,price\n2022-01-02,"1,234"\n'))
    assert [issue.severity for issue in english.issues] == [Severity.DOUBT]
    assert not english.account.is_complete
    french = read(write(tmp_path, "date;prix\n2022-01-02;1,234\n2022-01-02;1.234,5\n"))
    assert french.table["unit_price"].to_pylist() == [1.234, 1_234.5]


def test_a_row_of_another_length_is_refused_by_name(tmp_path: Path) -> None:
    text = "date;category;quantity\n2022-01-02;laptop;2;x\n2022-01-03;laptop;2\n"
    bought = read(write(tmp_path, text))
    assert bought.table["source_row"].to_pylist() == [3]
    (refused,) = bought.account.refused
    assert str(refused).startswith("achats.csv, row 2: '2022-01-02;laptop;2;x'")
    assert bought.account.rows_of(Fate.REFUSED) == 1
    assert not bought.account.is_complete


def test_totals_are_set_aside_and_checked(tmp_path: Path) -> None:
    text = "date;type;quantité\n2022-01-02;laptop;2\n2022-01-03;laptop;1\n;Total;{}\n"
    right = read(write(tmp_path, text.format(3)))
    assert (len(right), right.account.rows_of(Fate.SET_ASIDE)) == (2, 1)
    assert right.account.is_complete
    wrong = read(write(tmp_path, text.format(4)))
    (doubt,) = wrong.account.doubts
    assert (doubt.reason.code, doubt.rows) == ("wrong_total", (4,))
    assert not wrong.account.is_complete


def test_trailing_separators_make_no_column(tmp_path: Path) -> None:
    bought = read(write(tmp_path, "date;quantity;;\n2022-01-02;1;;\n"))
    assert bought.table.column_names == ["date", "quantity", "source", "source_row"]


def test_a_file_without_rows(tmp_path: Path) -> None:
    assert len(read(write(tmp_path, "date;quantity"))) == 0


def test_strict_reads_raise_all_issues(tmp_path: Path) -> None:
    path = write(tmp_path, "date;quantity\nhier;un\n")
    with pytest.raises(reen.errors.StrictReadError) as caught:
        read(path, strict=True)
    assert len(caught.value.issues) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty; expected headers and a row per record"),
        (b"\n \n", "is empty"),
        (b"PK\x03\x04\x00\x00", "the archive is damaged or cut short"),
        (b"PAR1\x00\x00PAR1", "cannot be read as Parquet or Arrow"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "achats.csv"
    path.write_bytes(content)
    with pytest.raises(reen.errors.FileFormatError, match=message):
        read(path)


@pytest.mark.parametrize("name", ["achats.parquet", "achats.xlsx", "achats"])
def test_the_content_says_what_a_file_is(tmp_path: Path, name: str) -> None:
    assert len(read(write(tmp_path, FRENCH, name=name, encoding="utf-16"))) == 2


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(reen.errors.FileFormatError, match="there is no such file"):
        read(tmp_path / "nothing.csv")


def test_no_date_column(tmp_path: Path) -> None:
    with pytest.raises(
        reen.errors.InventoryError, match=r"no header names the column 'date'; found: 'quantity'"
    ):
        read(write(tmp_path, "quantity\n1\n"))


def test_two_columns_of_one_meaning(tmp_path: Path) -> None:
    with pytest.raises(
        reen.errors.InventoryError, match="'Nombre' and 'Quantité' both claim 'quantity'"
    ):
        read(write(tmp_path, "date;Nombre;Quantité\n2022-01-02;1;2\n"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"encoding": "utf-99"}, "an encoding that Python knows"),
        ({"encoding": "ascii"}, "cannot be read as ascii"),
        (
            {"columns": {"Nothing": "date"}},
            "no header 'Nothing', which columns= names; found: 'Date",
        ),
        ({"columns": {"Direction": "price"}}, "there is no column 'price'"),
    ],
)
def test_options_that_do_not_fit(tmp_path: Path, options: dict[str, object], message: str) -> None:
    with pytest.raises(reen.ReenError, match=message):
        read(write(tmp_path, FRENCH), **options)


def test_an_unknown_kind(tmp_path: Path) -> None:
    with pytest.raises(reen.errors.OptionError, match="purchases, disposals, headcount"):
        reen.read_records(write(tmp_path, FRENCH), kind="sales")  # type: ignore[call-overload]


# -- what inventories are read from, records are read from --------------------------------------

TITLED = (
    "Achats de matériel informatique;;;\n"
    "Source : service des finances;;;\n"
    ";;;\n"
    "Date de facture;Désignation;Qté;PU HT (€)\n"
    "15 mars 2022;PC portable;2;712,50\n"
    "2023-07;Écran;1;100,00\n"
    "44927;Écran;1;99,90\n"
    ";Total;4;\n"
)
DAYS = [dt.date(2022, 3, 15), dt.date(2023, 7, 15), dt.date(2023, 1, 1)]


def test_title_rows_totals_and_dates_of_every_form(tmp_path: Path) -> None:
    bought = read(write(tmp_path, TITLED))
    assert bought.table["date"].to_pylist() == DAYS
    assert bought.table["unit_price"].to_pylist() == [712.5, 100.0, 99.9]
    assert bought.table["equipment_type"].to_pylist() == ["laptop", "monitor", "monitor"]
    assert bought.table["source_row"].to_pylist() == [5, 6, 7]
    assert noted(bought) == {"date_is_a_month"}
    account = bought.account
    assert (account.rows_of(Fate.COUNTED), account.rows_of(Fate.SET_ASIDE)) == (3, 1)
    assert account.items_of(Fate.COUNTED) == 4.0


def test_bytes_and_open_files_have_a_name(tmp_path: Path) -> None:
    data = TITLED.encode("cp1252")
    as_bytes = reen.read_records(data, kind="purchases", name="achats.csv")
    with write(tmp_path, TITLED).open("rb") as file:
        opened = reen.read_records(file, kind="purchases")
    assert as_bytes.table.equals(opened.table)
    assert set(as_bytes.table["source"].to_pylist()) == {"achats.csv"}
    with pytest.raises(reen.errors.OptionError, match="a name for bytes"):
        reen.read_records(data, kind="purchases")


def rows_of(records: reen.types.Purchases) -> list[dict[str, object]]:
    """Return the rows but for where they come from."""
    return records.table.drop_columns(["source", "source_row"]).to_pylist()


def test_every_container_gives_the_same_records(tmp_path: Path) -> None:
    header = ["Date de facture", "Type", "Nombre", "PU HT"]
    rows = [["2022-03-15", "PC portable", 2, 712.5], ["2023-07-01", "Écran", 1, 99.125]]
    expected = [
        {
            "date": dt.date.fromisoformat(str(day)),
            "equipment_type": kind,
            "equipment_type_raw": word,
            "quantity": float(str(number)),
            "unit_price": price,
        }
        for (day, word, number, price), kind in zip(rows, ("laptop", "monitor"), strict=True)
    ]
    lines = [";".join(header), *(";".join(map(str, row)) for row in rows)]
    text = "\n".join(lines).replace(".5\n", ",5\n").replace(".125", ",125")
    content = json.dumps([dict(zip(header, row, strict=True)) for row in rows])
    table = pa.table(dict(zip(header, zip(*rows, strict=True), strict=True)))  # type: ignore[arg-type]
    pq.write_table(table, tmp_path / "achats.parquet")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("achats.csv", text)
    contents = {
        "achats.csv": text.encode(),
        "achats.json": content.encode(),
        "achats.zip": archive.getvalue(),
        "achats.parquet": (tmp_path / "achats.parquet").read_bytes(),
    }
    for name, data in contents.items():
        found = reen.read_records(data, kind="purchases", name=name)
        assert rows_of(found) == expected, name
        assert found.account.is_complete
        assert found.account.rows_of(Fate.COUNTED) == 2


def test_a_workbook(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Réforme"
    for row in (
        ["Sorties de l'année 2022"],
        [],
        ["Date de sortie", "Matériel", "Nombre", "Destination"],
        [dt.datetime(2022, 3, 15), "PC portable", 3, "Don"],  # noqa: DTZ001 - a cell has no zone
        [44927, "Écran", 1, "DEEE"],
        ["Total", None, 4, None],
    ):
        sheet.append(row)
    book.create_sheet("Lisez-moi").append(["Tableau tenu par le service"])
    book.save(tmp_path / "sorties.xlsx")
    gone = reen.read_records(tmp_path / "sorties.xlsx", kind="disposals")
    assert gone.table["date"].to_pylist() == [dt.date(2022, 3, 15), dt.date(2023, 1, 1)]
    assert gone.table["destination"].to_pylist() == ["donation", "recycling"]
    assert gone.account.is_complete
    assert gone.account.rows_of(Fate.COUNTED) == 2


def test_a_headcount(tmp_path: Path) -> None:
    text = (
        "Effectifs au 31 décembre\n\nDirection;Date;ETP\n"
        "Écoles;31/12/2022;1 200,5\nMairie;31/12/2022;450\nTotal;31/12/2022;1 650,5\n"
    )
    staff = reen.read_records(write(tmp_path, text), kind="headcount")
    assert staff.table["agents"].to_pylist() == [1_200.5, 450.0]
    assert staff.table["entity"].to_pylist() == ["Écoles", "Mairie"]
    assert staff.account.is_complete
    wrong = reen.read_records(
        text.replace("1 650,5", "1 700").encode(), kind="headcount", name="agents.csv"
    )
    assert [issue.column for issue in wrong.account.doubts] == ["agents"]


def test_several_files_are_one_and_the_same_content_counts_once(tmp_path: Path) -> None:
    first = write(tmp_path, "date;quantité\n2022-01-02;4\n", name="a.csv")
    again = write(tmp_path, "date;quantité\n2022-01-02;4\n", name="b.csv")
    other = write(tmp_path, "date;quantité\n2022-01-03;1\n", name="c.csv")
    bought = reen.read_records(first, again, other, kind="purchases")
    assert bought.table["source"].to_pylist() == ["a.csv", "c.csv"]
    assert noted(bought) == {"member_repeated"}
    folder = reen.read_records(tmp_path, kind="purchases")
    assert folder.table["quantity"].to_pylist() == [4.0, 1.0]


def test_a_table_of_another_kind_beside_the_records_is_refused_by_name() -> None:
    others = "\n".join(["a;b;c", *("1;2;3" for _ in range(6))])
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("achats.csv", "date;quantité\n2022-01-02;4\n")
        opened.writestr("autres.csv", others)
    bought = reen.read_records(archive.getvalue(), kind="purchases", name="tout.zip")
    assert len(bought) == 1
    (refused,) = bought.account.refused
    assert (refused.reason.code, refused.source) == ("no_record_columns", "tout.zip/autres.csv")
    assert bought.account.rows_of(Fate.REFUSED) == 6


def test_a_purchase_of_the_future_is_not_believed(tmp_path: Path) -> None:
    bought = read(write(tmp_path, "date;quantité\n2022-01-02;4\n2999-01-02;1\n"))
    assert bought.table["date"].to_pylist() == [dt.date(2022, 1, 2), None]
    assert [issue.severity for issue in bought.issues] == [Severity.CELL]


def test_a_year_is_of_a_period_only_when_all_of_it_is(tmp_path: Path) -> None:
    """A purchase of "2022" may be of its first half or not: the share is an interval."""
    text = "année;quantité;reconditionné\n2022;4;oui\n2021;4;non\n"
    bought = read(write(tmp_path, text + "15/02/2022;6;non\n"))
    assert bought.settled_in(dt.date(2022, 1, 1), dt.date(2022, 12, 31)).undated == 0
    half = bought.settled_in(dt.date(2022, 1, 1), dt.date(2022, 6, 30))
    assert half.table["date"].to_pylist() == [None, dt.date(2021, 7, 1), dt.date(2022, 2, 15)]
    names = ["reuse_in_purchases"]
    year = reen.indicators(purchases=bought, period=("2022-01-01", "2022-12-31"), names=names)
    assert year.get(names[0]).value == 40.0
    part = reen.indicators(purchases=bought, period=("2022-01-01", "2022-06-30"), names=names)
    value = part.get(names[0])
    assert (value.value, value.least, value.most) == (0.0, 0.0, 40.0)
    assert value.meets_target is None


@pytest.mark.parametrize("kind", ["purchases", "disposals", "headcount"])
@pytest.mark.parametrize(
    "content",
    [
        b",34:",
        b'"',
        b"date;agents\n\x00;\x00\n",
        b"date,quantity\n" + b"9" * 400 + b",1e400\n",
        "date;effectif;quantité\n٣;٤;٥\n".encode(),  # noqa: RUF001 - digits of another script
        b"{}",
        b"[[[]]]",
        b"<a><date>1</date></a>",
        b"date;date\n1;2\n",
        b"=cmd|' /C calc'!A0;date\n1;2\n",
        b"\xff\xfe",
        b"date;quantity;agents\n99999999999;-1e308;nan\n0000-00-00;inf;-0\n",
    ],
)
def test_hostile_records_end_in_records_or_a_documented_error(kind: str, content: bytes) -> None:
    with contextlib.suppress(reen.ReenError):
        found = reen.read_records(content, kind=kind, name="hostile.csv")  # type: ignore[call-overload]
        assert found.account.rows == len(found) + found.account.uncounted.rows
        assert found.table["date"].type == pa.date32()
