"""Which rows show how a file writes: the same in every container, path and order of columns."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import json

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import reen
from reen.tables.sheet import Sheet
from reen.tables.typed.reading import watched

Table = list[list[str]]


def as_text(table: Table) -> str:
    return "".join(";".join(row) + "\n" for row in table)


def as_xlsx(table: Table) -> bytes:
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def as_json(table: Table) -> bytes:
    return json.dumps([dict(zip(table[0], row, strict=True)) for row in table[1:]]).encode()


def as_parquet(table: Table) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table(dict(zip(table[0], zip(*table[1:], strict=True), strict=True))), target)
    return target.getvalue()


def equipment(data: bytes, name: str, *, careful: bool = False) -> dict[str, list[object]]:
    """Return the columns of a file, but for the places of its rows, with what is told of cells."""
    with watched(careful=careful):
        found = reen.read(data, name=name)
    table = found.table
    columns = {
        column: table[column].to_pylist()
        for column in sorted(table.column_names)
        if not column.startswith("source")
    }
    issues = sorted(
        (issue.column, str(issue.reason), str(issue.severity)) for issue in found.issues
    )
    return {**columns, "issues": issues}


def every_way(table: Table) -> list[dict[str, list[object]]]:
    """Return what is read of a table by both paths, with more lines, in any order and container."""
    text = as_text(table)
    found = [
        equipment(text.encode(), "parc.csv"),
        equipment(text.encode(), "parc.csv", careful=True),
        equipment((text + "\n").encode(), "parc.csv"),
        equipment(as_xlsx(table), "parc.xlsx"),
        equipment(as_json(table), "parc.json"),
        equipment(as_parquet(table), "parc.parquet"),
    ]
    places = range(len(table[0]))
    for order in itertools.islice(itertools.permutations(places), 24):
        moved = as_text([[row[k] for k in order] for row in table])
        found += [
            equipment(moved.encode(), "parc.csv", careful=careful) for careful in (False, True)
        ]
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("header", "column"),
    [("date de mise au rebut", "retirement_date"), ("date achat", "purchase_date")],
)
def test_rows_set_aside_show_the_order_of_days(header: str, column: str) -> None:
    table = [
        ["type", "modele", "pays", header],
        ["PC portable", "a", "FR", "03/04/2019"],
        ["VM", "b", "FR", "02/13/2019"],
    ]
    found = every_way(table)
    assert found[0][column] == [dt.date(2019, 3, 4)]
    assert all(each == found[0] for each in found)
    quoted = as_text(table).replace(";b;", ';"b\nb";')
    assert equipment(quoted.encode(), "parc.csv")[column] == found[0][column]


@pytest.mark.slow
@pytest.mark.parametrize("aside", ["VM", "Licence"])
def test_rows_set_aside_outweigh_a_typing_error(aside: str) -> None:
    """One cell of the equipment has another order than ten of the rows set aside."""
    table = [
        ["type", "modele", "pays", "date achat"],
        ["PC portable", "a", "FR", "13/02/2019"],
        ["PC portable", "b", "FR", "03/04/2019"],
        *([aside, f"v{k}", "FR", f"01/{k}/2019"] for k in range(13, 24)),
    ]
    found = every_way(table)
    assert found[0]["purchase_date"] == [None, dt.date(2019, 3, 4)]
    assert all(each == found[0] for each in found)


@pytest.mark.slow
def test_a_total_shows_nothing() -> None:
    """The day of a total is that of the extraction, written by a program."""
    table = [
        ["type", "modele", "pays", "date achat", "quantité"],
        ["PC portable", "a", "FR", "03/04/2019", "2"],
        ["Total", "", "", "02/13/2019", "2"],
    ]
    for found in every_way(table):
        assert found["purchase_date"] == [dt.date(2019, 4, 3)]


@pytest.mark.slow
def test_rows_set_aside_show_the_decimal_mark() -> None:
    table = [
        ["type", "modele", "pays", "consommation (kWh)"],
        ["Serveur", "a", "FR", "1.250"],
        ["VM", "b", "FR", "12,5"],
    ]
    found = every_way(table)
    assert found[0]["annual_energy"] == [1250.0]
    assert all(each == found[0] for each in found)


def test_items_set_aside_are_counted_with_the_marks_of_the_file() -> None:
    text = "type;modele;quantité;pays\nPC portable;a;2,0;FR\nVM;b;1,250;FR\n"
    found = reen.read(text.encode(), name="parc.csv")
    assert [line.items for line in found.account.lines if "virtual" in str(line.reason)] == [1.25]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "countries"),
    [
        (
            [["type", "status", "country"], ["laptop", "unknown", "FR"], ["VM", "location", "DE"]],
            ["FR"],
        ),
        ([["type", "model", "country"], ["laptop", "a", "FR"], ["VM", "b", "NC"]], ["FR"]),
        # a territory written as a code shows that "NC" is one
        ([["type", "model", "country"], ["laptop", "a", "NC"], ["VM", "b", "RE"]], ["NC"]),
    ],
)
def test_questions_of_countries(table: Table, countries: list[str]) -> None:
    found = every_way(table)
    assert found[0]["country"] == countries
    assert "country_raw" not in found[0]
    assert all(each == found[0] for each in found)


@pytest.mark.slow
def test_words_of_rows_set_aside_add_no_column() -> None:
    table = [
        ["type", "modele", "pays", "date achat"],
        ["PC portable", "a", "FR", "2019-03-04"],
        ["VM", "b", "FR", "2019"],
    ]
    found = every_way(table)
    assert "purchase_date_precision" not in found[0]
    assert all(each == found[0] for each in found)


def test_the_words_of_a_sheet_are_those_of_its_rows() -> None:
    cells = pa.array(["a", "b", "c", "b", "a", None])
    encoded = Sheet({0: cells.dictionary_encode()}, pa.array(range(6)).to_numpy())
    plain = Sheet({0: cells}, pa.array(range(6)).to_numpy())
    mask = pa.array([False, False, True, True, True, True]).to_numpy(zero_copy_only=False)
    encoded.words(0)
    for sheet in (encoded, plain):
        assert sheet.keep(mask).words(0).dictionary.to_pylist() == ["c", "b", "a"]
        aside = sheet.set_aside(~mask)
        assert aside.words(0).dictionary.to_pylist() == ["c", "b", "a"]
        assert aside.evidence.words(0).dictionary.to_pylist() == ["a", "b", "c"]
        assert aside.set_aside(mask[2:]).evidence is aside.evidence
