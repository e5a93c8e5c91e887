"""Which encoding a text is in, and what is put right of a damaged one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reen.plugin.files import Imported
from reen.tables.cells.lost_letters import LOST
from reen.tables.delimited.encodings import count_odd_letters, find_encoding
from reen.tables.delimited.mojibake import mend_mojibake, undo_entities
from reen.tables.delimited.textfile import decode
from reen.tables.headers.understanding import recognise
from reen.types import Severity

Read = Callable[..., Imported]

ROWS = "Type;Modèle;Quantité;Site\n" + "Écran;P2422H;3;École\nUnité centrale;x;2;Théâtre\n" * 20


def known(cell: str) -> bool:
    return bool(recognise([cell]))


@pytest.mark.parametrize("encoding", ["cp1252", "iso8859-15", "cp850", "mac_roman"])
@pytest.mark.parametrize("words", [None, known])
def test_the_encoding_that_makes_letters_and_headers_right(
    encoding: str, words: Callable[[str], bool] | None
) -> None:
    assert find_encoding(ROWS.encode(encoding), words).data.decode() == ROWS


def test_headers_decide_where_letters_do_not() -> None:
    """0xE9 is "é" of Windows and "È" of the Mac; 0x90 "É" of MS-DOS and "ê" of the Mac."""
    assert find_encoding("N° de série;\n".encode("mac_roman"), known).encoding == "mac_roman"
    assert find_encoding(b"Mod\x8ale\n", known).data.decode() == "Modèle\n"


def test_the_sign_for_oe_is_latin_9() -> None:
    text = "Manœuvre;cœur\n"
    assert find_encoding(text.encode("iso8859-15")).data.decode() == text
    assert find_encoding("½ journée\n".encode("cp1252")).data.decode() == "½ journée\n"


@pytest.mark.parametrize(
    ("damage", "read"),
    [
        (b"l\x92\xe9cole", "l’école"),  # noqa: RUF001 - Windows-1252 pasted into UTF-8
        (b"n\xb0 5", "n° 5"),
        (b"salle du 2\xc3", f"salle du 2{LOST}"),  # a letter cut in two
        (b"l\xe2\x80", f"l{LOST}"),  # an apostrophe cut short
        (b"\x81", LOST),
    ],
)
def test_a_bad_byte_is_read_alone(damage: bytes, read: str) -> None:
    raw = ROWS.encode() + b"PC;x;1;" + damage + b"\n"
    text = decode(raw, Path("parc.csv"))
    assert text.data.decode() == ROWS + f"PC;x;1;{read}\n"
    assert text.encoding.startswith("utf-8, ")
    (repair,) = text.repairs
    assert repair.lines == (42,)
    assert repair.guessed
    assert repair.places[0].before is not None
    assert repair.places[0].before.startswith("PC;x;1;")


def test_two_files_of_two_encodings_put_end_to_end() -> None:
    raw = ROWS.encode() + ROWS.encode("cp1252") * 3
    assert decode(raw, Path("parc.csv")).data.decode() == ROWS * 4


def test_a_utf_16_file_that_was_cut() -> None:
    raw = ROWS.encode("utf-16")[:-1]
    text = decode(raw, Path("parc.csv"))
    assert text.data.decode() == ROWS[:-1] + LOST
    assert text.repairs[0].guessed


def test_odd_letters() -> None:
    assert count_odd_letters("Modèle À PRÊTER « l’été » n° 5 – 20 °C") == 0  # noqa: RUF001
    assert count_odd_letters("ModŠle") == count_odd_letters("QtÈ") == count_odd_letters("d…j") == 1


@pytest.mark.parametrize("page", ["cp1252", "latin-1", "mac_roman", "cp850", "cp437"])
@pytest.mark.parametrize(
    "text",
    ["Modèle", "Écran", "Quantité", "l’école n° 5", "«\u00a0à côté\u00a0»", "œuvre 12 €"],  # noqa: RUF001
)
def test_text_encoded_twice(page: str, text: str) -> None:
    twice = "".join(
        bytes((byte,)).decode(page, errors="ignore") or chr(byte) for byte in text.encode()
    )
    assert mend_mojibake(twice.encode()) == (text.encode(), [0], 1)


def test_text_encoded_three_times() -> None:
    text = "Quantité;Écran;l’école"  # noqa: RUF001
    thrice = text.encode().decode("cp1252").encode().decode("cp1252").encode()
    assert mend_mojibake(thrice) == (text.encode(), [0], 2)


def test_one_letter_encoded_twice() -> None:
    raw = (ROWS + "PC;x;1;mÃ©diathÃ¨que\n").encode()
    text = decode(raw, Path("parc.csv"))
    assert text.data.decode() == ROWS + "PC;x;1;médiathèque\n"
    assert [repair.lines for repair in text.repairs] == [(42,)]
    assert text.encoding == "utf-8, encoded twice in places"


@pytest.mark.parametrize(
    "text",
    ["Âge", "« QUALITÉ »", "« QUALITÉ»", "PÂTÉ®", "ÊTRE ÔTÉ", "São Paulo", "√2", "5 € — 6 ‚"],  # noqa: RUF001
)
def test_right_text_stays(text: str) -> None:
    assert mend_mojibake(text.encode()) == (text.encode(), [], 0)


def test_entities_of_letters_do_not_cut_a_cell(read: Read) -> None:
    found = read("Type;Entit&eacute;;Nb\nUnit&amp;eacute; centrale;A &gt; B;2\n")
    (row,) = found.table.to_pylist()
    assert (row["equipment_type"], row["entity"]) == ("Unité centrale", "A > B")


def test_entities_of_delimiters_stay() -> None:
    for text in (b"a&quot;b", b"a&#59;b", b"a&#10;b", b"R&D;x", b"a&nothing;b"):
        assert undo_entities(text) == text


def test_zero_bytes_that_pad_cells(read: Read) -> None:
    found = read(b"Type;Mod\xc3\xa8le;Nb\nPC fixe\0\0\0;\0x\0\0;2\n\0\0")
    (row,) = found.table.to_pylist()
    assert (row["equipment_type"], row["model"], row["quantity"]) == ("PC fixe", "x", 2.0)
    assert [issue.reason.code for issue in found.issues] == ["zero_bytes_removed"]


def test_a_line_that_is_no_header(tmp_path: Path) -> None:
    from reen.errors import FileFormatError

    with pytest.raises(FileFormatError, match=r"its first line has more than 4,194,304 bytes"):
        decode(b"x" * 5_000_000, tmp_path / "parc.csv")


# ------------------------------------------------------------------------ what is told


def test_a_damaged_cell_is_told_with_row_and_column(read: Read) -> None:
    raw = ROWS.encode() + b'PC;x;1;"a;\xe9t\xe9"\n'
    found = read(raw)
    assert found.report.details["encoding"] == "utf-8, 2 damaged bytes read as cp1252"
    (issue,) = found.issues
    assert (issue.column, issue.value, issue.rows) == ("site", "a;été", (42,))
    assert issue.severity is Severity.NOTE


def test_a_guessed_letter_of_a_model_is_a_doubt(read: Read) -> None:
    found = read(ROWS.encode() + b"\xc9cran;Mod\xe8le 5;1;A\n")
    told = {issue.column: issue.severity for issue in found.issues}
    assert told == {"equipment_type": Severity.NOTE, "model": Severity.DOUBT}


def test_what_stands_in_personal_columns_is_not_shown(read: Read) -> None:
    raw = (ROWS.replace("Site", "Utilisateur").encode()) + b"PC;x;1;Andr\xe9\n"
    assert all("Andr" not in str(issue) for issue in read(raw).issues)


def test_another_code_page_is_told_once(read: Read) -> None:
    (issue,) = read(ROWS.encode("cp850")).issues
    assert issue.reason.code == "read_in_encoding"
    assert issue.count == 41
    assert issue.severity is Severity.NOTE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_nothing_is_told_of_sound_text(read: Read, encoding: str) -> None:
    found = read(ROWS.encode(encoding))
    assert found.issues == ()
    assert found.report.details["encoding"] == encoding
