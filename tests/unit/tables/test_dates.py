"""Dates: their forms, the order of day and month, and the ones that cannot be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.plugin.files import FileMapping, Imported
from reen.tables.cells.days import DayKind, as_date, read_day
from reen.tables.mapping.mapping import AcceptedDoubt
from reen.types import Severity

Read = Callable[..., Imported]


def dates(
    read: Read, *cells: str, header: str = "Date d'achat", delimiter: str = ";"
) -> tuple[list[dt.date | None], Imported]:
    rows = "".join(f"PC fixe{delimiter}{cell}\n" for cell in cells)
    found = read(f"Type{delimiter}{header}\n{rows}", delimiter=delimiter)
    return found.table["purchase_date"].to_pylist(), found


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2021-03-12", dt.date(2021, 3, 12), "day"),
        ("2021/3/2", dt.date(2021, 3, 2), "day"),
        ("20210312", dt.date(2021, 3, 12), "day"),
        ("2021-03-12 08:30", dt.date(2021, 3, 12), "day"),
        ("2023-09-01 07:31:12.0000000", dt.date(2023, 9, 1), "day"),
        ("2024-01-01T00:00:00Z", dt.date(2024, 1, 1), "day"),
        ("2024-01-01T00:00:00+02:00", dt.date(2024, 1, 1), "day"),
        ("15 mars 2021", dt.date(2021, 3, 15), "day"),
        ("1er août 2021", dt.date(2021, 8, 1), "day"),
        ("March 5, 2021", dt.date(2021, 3, 5), "day"),
        ("44197", dt.date(2021, 1, 1), "day"),
        ("44197.5", dt.date(2021, 1, 1), "day"),
        ("20000", dt.date(1954, 10, 3), "day"),
        ("03/2021", dt.date(2021, 3, 15), "month"),
        ("2021-03", dt.date(2021, 3, 15), "month"),
        ("sept. 2022", dt.date(2022, 9, 15), "month"),
        ("Décembre 2022", dt.date(2022, 12, 15), "month"),
        ("févr.-21", dt.date(2021, 2, 15), "month"),
        ("2018", dt.date(2018, 7, 1), "year"),
        ("2018.0", dt.date(2018, 7, 1), "year"),
    ],
)
def test_forms_of_a_date(text: str, day: dt.date, precision: str) -> None:
    found = read_day(text)
    assert found.kind is DayKind.DATE
    assert as_date(found.year, found.first, found.second) == day
    assert found.precision == precision


@pytest.mark.parametrize(
    "text", ["12/03/2021", "12-03-2021", "12.03.2021", "12/3/21", "5/5/2024 8:17:11 AM"]
)
def test_the_order_of_two_numbers_is_left_to_the_column(text: str) -> None:
    assert read_day(text).kind is DayKind.ORDERED


@pytest.mark.parametrize(
    "text",
    [
        *("0000-00-00", "0001-01-01", "1899-12-30", "1900-01-00", "1970-01-01", "9999-12-31"),
        *("01/01/1970", "31/12/9999", "1/1/0001 12:00:00 AM", "00/00/0000"),
    ],
)
def test_days_that_stand_for_none(text: str) -> None:
    assert read_day(text).kind is DayKind.FILLER


@pytest.mark.parametrize(
    "text",
    [
        "2021-13-01",
        "2021-02-30",
        "avant 2015",
        "mars",
        "19999",
        "60001",
        "13/2021",
        "12",
        "",
        "T1 2020",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert read_day(text).kind is DayKind.UNREADABLE


def test_a_thirteenth_proves_the_order_for_the_whole_column(read: Read) -> None:
    found, imported = dates(read, "03/04/2021", "13/04/2021")
    assert found == [dt.date(2021, 4, 3), dt.date(2021, 4, 13)]
    assert imported.issues == ()
    found, _ = dates(read, "03/04/2021", "04/13/2021")
    assert found == [dt.date(2021, 3, 4), dt.date(2021, 4, 13)]


def test_without_proof_a_french_list_is_day_first(read: Read) -> None:
    found, imported = dates(read, "03/04/2021", "05/06/2021")
    assert found == [dt.date(2021, 4, 3), dt.date(2021, 6, 5)]
    assert imported.issues == ()


def test_without_proof_an_english_list_is_month_first_and_says_so(read: Read) -> None:
    found, imported = dates(read, "03/04/2021", "05/06/2021", header="Purchase date", delimiter=",")
    assert found == [dt.date(2021, 3, 4), dt.date(2021, 5, 6)]
    (issue,) = imported.issues
    assert issue.severity is Severity.NOTE
    assert (issue.rows, issue.count) == ((2, 3), 2)
    assert "no date of the column settles it, read month first" in str(issue.reason)


def test_the_same_number_twice_leaves_no_doubt(read: Read) -> None:
    found, imported = dates(read, "04/04/2021")
    assert found == [dt.date(2021, 4, 4)]
    assert imported.issues == ()


def test_half_days_are_american(read: Read) -> None:
    found, _ = dates(read, "3/4/2021 8:00:00 AM", "3/5/2021 9:00:00 PM")
    assert found == [dt.date(2021, 3, 4), dt.date(2021, 3, 5)]


def test_both_orders_are_an_error_for_what_is_ambiguous(read: Read) -> None:
    """13/04 and 04/13 have one reading each; 03/04 could be either."""
    found, imported = dates(read, "13/04/2021", "04/13/2021", "03/04/2021", "05/05/2021")
    assert found == [dt.date(2021, 4, 13), dt.date(2021, 4, 13), None, dt.date(2021, 5, 5)]
    (issue,) = imported.issues
    assert (issue.value, issue.rows, issue.severity) == ("03/04/2021", (4,), Severity.CELL)
    assert "may be day first or month first, and the column has both" in str(issue.reason)


def test_one_typing_error_does_not_spoil_a_column(read: Read) -> None:
    """Ten days above 12 come first, one comes second: that one is wrong, not the column."""
    column = [f"{day}/03/2021" for day in range(13, 23)]
    found, imported = dates(read, *column, "03/04/2021", "01/13/2021")
    assert found[10:] == [dt.date(2021, 4, 3), None]
    assert [issue.value for issue in imported.issues] == ["01/13/2021"]
    assert imported.report.details["order in purchase_date"] == "day first"


def test_precision_is_a_column_when_some_are_rough(read: Read) -> None:
    _, imported = dates(read, "2021-03-12", "sept. 2022", "2018", "")
    precision = imported.table["purchase_date_precision"].to_pylist()
    assert precision == ["day", "month", "year", None]
    _, imported = dates(read, "2021-03-12")
    assert "purchase_date_precision" not in imported.table.column_names


def test_unreadable_dates_are_null_with_an_issue(read: Read) -> None:
    found, imported = dates(read, "avant 2015", "2021-02-30", "2020-01-01")
    assert found == [None, None, dt.date(2020, 1, 1)]
    assert [(issue.value, str(issue.reason), issue.rows) for issue in imported.issues] == [
        ("avant 2015", "is no date", (2,)),
        ("2021-02-30", "is no date", (3,)),
    ]
    assert "such as 2022-12-31, 31/12/2022" in str(imported.issues[0].expected)


def test_fillers_are_blank_and_noted(read: Read) -> None:
    found, imported = dates(read, "1970-01-01", "N/A", "-", "2020-01-01")
    assert found == [None, None, None, dt.date(2020, 1, 1)]
    (issue,) = imported.issues
    assert (issue.value, issue.severity) == ("1970-01-01", Severity.NOTE)


def test_purchases_of_the_future_are_refused(read: Read) -> None:
    found, imported = dates(read, "2025-06-30", "2025-07-01")
    assert found == [dt.date(2025, 6, 30), None]
    (issue,) = imported.issues
    assert (issue.value, issue.rows) == ("2025-07-01", (3,))
    assert issue.severity is Severity.CELL
    assert str(issue.reason) == "is after the day of the import"


def test_old_purchases_are_flagged_and_kept(read: Read) -> None:
    found, imported = dates(read, "1994-12-31", "1995-01-01")
    assert found == [dt.date(1994, 12, 31), dt.date(1995, 1, 1)]
    assert [str(issue.reason) for issue in imported.issues] == ["is before 1995"]


def test_a_retirement_before_its_purchase_is_flagged(read: Read) -> None:
    found = read(
        "Type;Date d'achat;Date de réforme\nPC fixe;2020-01-01;2019-01-01\nPC fixe;;2019-01-01\n"
    )
    (issue,) = found.issues
    assert (issue.column, issue.rows) == ("retirement_date", (2,))
    assert found.table["retirement_date"].to_pylist() == [dt.date(2019, 1, 1)] * 2


def test_one_date_after_another(read: Read) -> None:
    """Purchase, else delivery, else commissioning, which is an estimate."""
    found = read(
        "Type;Date d'achat;Date de livraison;Date de mise en service\n"
        "PC fixe;2020-01-01;2020-02-01;2020-03-01\n"
        "PC fixe;;2020-02-01;2020-03-01\n"
        "PC fixe;;;2020-03-01\n"
        "PC fixe;;;\n"
    )
    assert [day and day.month for day in found.table["purchase_date"].to_pylist()] == [
        1,
        2,
        3,
        None,
    ]
    precision = found.table["purchase_date_precision"].to_pylist()
    assert precision == ["day", "day", "estimated", None]
    assert found.table["commissioning_date"].null_count == 1
    assert any(
        "'Date d\\'achat', else" in text or "else 'Date de livraison'" in text
        for text in list(map(str, found.report.assumptions))
    )
    assert any("commissioning date" in text for text in list(map(str, found.report.assumptions)))


@given(day=st.dates(dt.date(1995, 1, 1), dt.date(2068, 12, 31)))
def test_every_written_day_is_read_back(day: dt.date) -> None:
    for form in ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y-%m-%d %H:%M:%S"):
        found = read_day(day.strftime(form))
        assert as_date(found.year, found.first, found.second) == day
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y"):
        found = read_day(day.strftime(form))
        assert as_date(found.year, found.second, found.first) == day


@pytest.mark.parametrize(
    ("text", "day", "precision", "about"),
    [
        ("vers 2019", dt.date(2019, 7, 1), "year", True),
        ("environ 2015", dt.date(2015, 7, 1), "year", True),
        ("~2019", dt.date(2019, 7, 1), "year", True),
        ("2019 ?", dt.date(2019, 7, 1), "year", True),
        ("peut-être 2019", dt.date(2019, 7, 1), "year", True),
        ("circa 2019", dt.date(2019, 7, 1), "year", True),
        ("vers mars 2019", dt.date(2019, 3, 15), "month", True),
        ("courant 2019", dt.date(2019, 7, 1), "year", False),
        ("Début 2018", dt.date(2018, 7, 1), "year", False),
        ("fin d'année 2018", dt.date(2018, 7, 1), "year", False),
        ("été 2019", dt.date(2019, 7, 1), "year", False),
        ("mi-juin 2020", dt.date(2020, 6, 15), "month", False),
        ("early 2019", dt.date(2019, 7, 1), "year", False),
    ],
)
def test_a_year_or_a_month_among_words(
    read: Read, text: str, day: dt.date, precision: str, *, about: bool
) -> None:
    """The year stays what is written; what only says about when is doubted."""
    (found, _), part = dates(read, text, "12/03/2020")
    assert found == day
    assert part.table["purchase_date_precision"].to_pylist() == [precision, "day"]
    doubts = [issue for issue in part.issues if issue.severity is Severity.DOUBT]
    assert [(each.column, each.value, each.reason.code) for each in doubts] == (
        [("purchase_date", text, "date_is_about")] if about else []
    )


@pytest.mark.parametrize(
    "text",
    [
        "avant 2019",
        "après 2019",
        "2018/2019",
        "2019 ou 2020",
        "vers",
        "lot 2019",
        "vers 19",
        "début",
    ],
)
def test_a_bound_or_a_choice_is_no_date(read: Read, text: str) -> None:
    (found, _), part = dates(read, text, "12/03/2020")
    assert found is None
    assert [(each.value, each.reason.code) for each in part.issues] == [(text, "no_date")]


def test_an_answer_settles_what_says_about_when() -> None:
    text = b"Type;Date d'achat\nPC portable;vers 2019\n"
    found = reen.read(text, name="parc.csv")
    (question,) = [each for each in found.worklist if each.column == "purchase_date"]
    assert (question.subject, question.value) == ("doubt", "vers 2019")
    accepted = AcceptedDoubt(question.reason.code, question.column, question.value)
    mapping = FileMapping(name="mairie", accepted=(accepted,))
    again = reen.read(text, name="parc.csv", mapping=mapping)
    assert not again.account.doubts
    assert not again.worklist
    assert again.table["purchase_date"].to_pylist() == [dt.date(2019, 7, 1)]
