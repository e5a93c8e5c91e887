"""Rows as text, each with its line in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from reen.tables.delimited.dialect import Dialect
from reen.tables.delimited.records import Records, read_records
from reen.tables.delimited.textfile import Text

PATH = Path("parc.csv")


def records(content: str, *, width: int = 3, delimiter: str = ",") -> Records:
    """Return the rows of a text without header, its first line being line 2 of a file."""
    dialect = Dialect(delimiter, tuple("abcdefgh"[:width]), 1, 0, 2)
    return read_records(Text(content.encode(), 0, "utf-8"), dialect, range(width), PATH)


def cells(found: Records) -> list[tuple[str | None, ...]]:
    return list(zip(*(column.to_pylist() for column in found.columns.values()), strict=True))


def test_clean_rows() -> None:
    found = records("1,2,3\n4,,6\n")
    assert cells(found) == [("1", "2", "3"), ("4", None, "6")]
    assert list(found.lines) == [2, 3]
    assert found.read == 2


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "end", "two ends"])
def test_line_ends(end: str, last: str) -> None:
    tail = {"": "", "end": end, "two ends": end * 2}[last]
    found = records(f"1,2,3{end}4,5,6{tail}")
    assert cells(found) == [("1", "2", "3"), ("4", "5", "6")]
    assert found.blank_lines == 0


def test_empty_lines_are_counted_and_lines_stay_right() -> None:
    found = records("1,2,3\n\n\n4,5,6\n\n7,8,9\n\n\n")
    assert list(found.lines) == [2, 5, 7]
    assert found.blank_lines == 3


@pytest.mark.parametrize("quoted", ["x", '"x"', '"x\n \ny"'])
def test_lines_of_spaces_are_empty_lines(quoted: str) -> None:
    """Those inside a quoted cell are part of it."""
    found = records(f"1,2,3\n  \n \t\r\n4,5,{quoted}\n \n7,8,9\n   ")
    assert cells(found) == [("1", "2", "3"), ("4", "5", quoted.strip('"')), ("7", "8", "9")]
    assert list(found.lines) == [2, 5, 7 + quoted.count("\n")]
    assert (found.blank_lines, found.misfits) == (4, ())


def test_nothing_but_lines_of_spaces() -> None:
    found = records(" \n\t\n \t")
    assert (cells(found), found.blank_lines, found.read) == ([], 3, 3)


def test_spaces_of_a_line_longer_than_a_piece_stay() -> None:
    """The pieces that are looked at are of 256 KiB: the second is of spaces, inside a cell."""
    long = "x" * (1 << 18) + " " * (1 << 18)
    found = records(f"1,2,3\n\n  \n4,{long}|,6\n")
    assert cells(found) == [("1", "2", "3"), ("4", f"{long}|", "6")]
    assert found.blank_lines == 2


def test_lines_of_marks_are_rows() -> None:
    assert cells(records("1\t2\t3\n\t\t\n \n", delimiter="\t"))[1:] == [(None, None, None)]


def test_lines_inside_a_quoted_cell_belong_to_its_row() -> None:
    found = records('1,"two\n\nlines",3\n\n4,5,6\n7,"8",9\n')
    assert cells(found) == [("1", "two\n\nlines", "3"), ("4", "5", "6"), ("7", "8", "9")]
    assert list(found.lines) == [2, 6, 7]
    assert found.blank_lines == 1
    assert found.quoted


def test_quoted_cells_that_end_and_begin_on_one_line() -> None:
    found = records('1,"a\nb","c\nd"\n4,5,6\n')
    assert cells(found) == [("1", "a\nb", "c\nd"), ("4", "5", "6")]
    assert list(found.lines) == [2, 5]


def test_bare_inch_marks_are_plain() -> None:
    found = records('PROLITE 24",,LCD\nHP LA2405X 24",HP,LCD\nx,y,z\n')
    assert cells(found)[:2] == [('PROLITE 24"', None, "LCD"), ('HP LA2405X 24"', "HP", "LCD")]
    assert found.quoted


def test_marks_that_do_not_balance_are_read_as_written() -> None:
    found = records('"24 pouces,HP,LCD\nx,"y",z\n')
    assert cells(found) == [('"24 pouces', "HP", "LCD"), ("x", '"y"', "z")]
    assert not found.quoted


def test_two_rows_are_not_taken_for_one_cell() -> None:
    """Between the marks stand a whole row and the beginning of another."""
    found = records('"24 pouces,HP,LCD\nLA2405X 24",HP,LCD\n')
    assert cells(found) == [('"24 pouces', "HP", "LCD"), ('LA2405X 24"', "HP", "LCD")]


def test_rows_of_another_length_are_set_aside() -> None:
    found = records("1,2,3\n4,5\n\n7,8,9,10\n11,12,13\n")
    assert cells(found) == [("1", "2", "3"), ("11", "12", "13")]
    assert list(found.lines) == [2, 6]
    assert [(misfit.line, misfit.cells, misfit.text) for misfit in found.misfits] == [
        (3, 2, "4,5"),
        (5, 4, "7,8,9,10"),
    ]
    assert found.read == 5


def test_nothing_after_the_header() -> None:
    found = records("\n\n")
    assert found.read == 0
    assert list(found.columns) == [0, 1, 2]


def test_only_the_columns_wanted_are_read() -> None:
    dialect = Dialect(",", ("a", "", "c"), 1, 0, 2)
    found = read_records(Text(b"1,2,3\n", 0, "utf-8"), dialect, [2], PATH)
    assert {key: column.to_pylist() for key, column in found.columns.items()} == {2: ["3"]}


@pytest.mark.slow
def test_quotes_across_the_blocks_of_the_reader() -> None:
    """Three megabytes with a quoted line break every 50 rows: pyarrow reads blocks of one."""
    block = '1,"a\nb",3\n' + "1,2,3\n" * 49
    found = records(block * 8_000)
    assert len(found.lines) == 50 * 8_000
    assert found.lines[-1] == 2 + 51 * 8_000 - 1
    assert found.columns[1][50 * 4_000].as_py() == "a\nb"


def test_one_long_cell() -> None:
    found = records(f'1,"{"x" * 3_000_000}\n",3\n4,5,6\n')
    assert list(found.lines) == [2, 4]
