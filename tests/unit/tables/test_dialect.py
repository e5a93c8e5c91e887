"""Delimiter and header, found from the first lines."""

from __future__ import annotations

import pytest

from reen.errors import OptionError
from reen.tables.delimited.dialect import find_dialect, split_record
from reen.tables.delimited.textfile import Text
from reen.tables.headers.understanding import recognise


def dialect(content: str, delimiter: str | None = None):  # noqa: ANN201 - a private value
    return find_dialect(Text(content.encode(), 0, "utf-8"), recognise, delimiter)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiter_that_cuts_most_lines_alike(delimiter: str) -> None:
    rows = [["Type", "Modèle", "Quantité"], ["PC fixe", "OptiPlex", "3"], ["Écran", "P24", "5"]]
    found = dialect("\n".join(delimiter.join(row) for row in rows))
    assert found.delimiter == delimiter
    assert found.header == ("Type", "Modèle", "Quantité")
    assert (found.header_line, found.first_line) == (1, 2)


def test_decimal_commas_do_not_make_a_comma_file() -> None:
    found = dialect("Type;Poids\nPC;1,5\nÉcran;2,5\nServeur;3,5\nNAS;4,5\nUPS;5,5\n")
    assert found.delimiter == ";"


def test_delimiter_most_frequent_in_the_header_is_not_taken() -> None:
    header = '"Type;genre;famille;nature","Modèle","Quantité"'
    assert dialect(f'{header}\n"PC","x","1"\n"PC","y","2"\n').delimiter == ","


def test_semicolons_inside_quotes_do_not_count() -> None:
    text = 'ComputerName,Model,Manufacturer,Admins\n"A","x","Dell","a;b;c"\n"B","y","HP","d;e"\n'
    assert dialect(text).delimiter == ","


def test_one_column_takes_a_delimiter_that_is_not_there() -> None:
    found = dialect("Modèle\nMacBookPro18,3\nP2422H; noir\n")
    assert found.delimiter == "\t"
    assert found.header == ("Modèle",)


def test_delimiter_given_is_obeyed() -> None:
    assert dialect("Type,Modèle;x\nPC,1;2\n", ";").header == ("Type,Modèle", "x")
    assert dialect("Type\tModèle\n", "tab").delimiter == "\t"


@pytest.mark.parametrize("wrong", ["", ";;", '"', "\n", "é"])
def test_delimiter_that_is_none(wrong: str) -> None:
    with pytest.raises(OptionError, match="delimiter="):
        dialect("a;b", wrong)


@pytest.mark.parametrize(
    "above",
    [
        "",
        "\n",
        "#TYPE System.Object\n",
        '"Column1";"Column2";"Column3"\n',
        "sep=;\n",
        "Ville de Valcour;;\nParc au 31/12/2024;;\n;;\n",
        'Inventaire des écrans 24"\n\n',
    ],
)
def test_lines_above_the_header_are_passed_over(above: str) -> None:
    found = dialect(above + "Type;Modèle;Quantité\nPC;x;1\nPC;y;2\n")
    assert found.header == ("Type", "Modèle", "Quantité")
    assert found.header_line == above.count("\n") + 1
    assert found.first_line == found.header_line + 1


def test_header_with_a_line_break_in_a_cell() -> None:
    found = dialect('Type;"Date\nd\'achat";Quantité\nPC;2020;1\n')
    assert found.header == ("Type", "Date\nd'achat", "Quantité")
    assert (found.header_line, found.first_line) == (1, 3)


def test_header_after_thirty_rows_is_none() -> None:
    found = dialect("x;y;z\n" * 30 + "Type;Modèle;Quantité\nPC;x;1\n")
    assert found.header_line == 0
    assert found.header == ("x", "y", "z")


def test_two_known_headers_need_the_quantity_or_a_type() -> None:
    assert dialect("Équipement;Nombre\nPC fixes;12\n").header_line == 1
    assert dialect("Site;Pays\nMairie;FR\n").header_line == 0
    assert dialect("Modèle;Machin\nx;y\n").header_line == 1


def test_a_row_of_header_words_is_no_header() -> None:
    assert dialect("Type;Nb;a;b;c\nPC;1;IP;IP;IP\nPC;1;Site;Pays;Nom\n").header_line == 1


def test_unnamed_columns_at_the_end_follow_the_rows() -> None:
    assert dialect("Type;Modèle;Marque;\nPC;x;Dell;\n").header[-1] == ""
    assert len(dialect("Type;Modèle;Marque\nPC;x;Dell;\nPC;y;HP;\n").header) == 4
    assert len(dialect("Type;Modèle;Marque;;\nPC;x;Dell\nPC;y;HP\n").header) == 3
    # Cells that hold something are no trailing delimiter: the rows are refused later.
    assert len(dialect("Type;Modèle;Marque\nPC;x;Dell;5\nPC;y;HP;6\n").header) == 3


def test_records_are_split_with_quotes_that_balance_only() -> None:
    assert split_record('a;"b;c";d', ";") == ["a", "b;c", "d"]
    assert split_record('"24 pouces;b', ";") == ['"24 pouces', "b"]
    assert split_record('écran 24";b', ";") == ['écran 24"', "b"]
