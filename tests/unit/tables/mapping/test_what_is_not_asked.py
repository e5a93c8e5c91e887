"""What was left out, or answered, is asked no more; and questions are in the language spoken."""

from __future__ import annotations

from pathlib import Path

import pytest

import reen
from reen.errors import FileFormatError
from reen.inventory.inventory_view import inventory_view
from reen.tables.mapping.answers import read_answers
from reen.tables.mapping.saving import text_of, understood
from reen.views.text import plain
from reen.views.text import text_of as page_of

#: A column of telephone numbers and one of fees, neither of which reen reads.
LINES = (
    "Type;N° de ligne;Abo mensuel HT;Zig\n"
    "Smartphone;06 12 34 56 78;14,9;a\nSmartphone;06 12 34 56 79;6,5;b\n"
)


def asked(inventory: reen.Inventory) -> set[str]:
    """Return the headers that are asked about."""
    return {each.value for each in inventory.worklist if each.subject == "header"}


def answers(path: Path, *lines: str) -> Path:
    """Write a worklist of some answers."""
    path.write_text("\n".join(("about;column;value;answer;code", *lines)) + "\n", encoding="utf-8")
    return path


def test_a_column_left_out_for_its_telephone_numbers_is_not_asked() -> None:
    """It is told as left out; the fees, and what nothing explains, are asked (control)."""
    found = reen.read(LINES.encode(), name="lignes.csv")
    assert asked(found) == {"Abo mensuel HT", "Zig"}
    assert found.report is not None
    assert any("N° de ligne" in str(each) for each in found.report.assumptions)


def test_a_header_that_is_not_wanted_is_told_no_more(tmp_path: Path) -> None:
    """Its 2 numbers (21.4) are noted before the answer only, and the saved mapping asks it not."""
    said = answers(tmp_path / "q.csv", "header;;Abo mensuel HT;-;header_not_known")

    def noted(mapping: Path | None) -> list[str]:
        found = reen.read(LINES.encode(), name="lignes.csv", mapping=mapping)
        return [each.value for each in found.issues if each.reason.code == "unread_numbers"]

    assert (noted(None), noted(said)) == (["Abo mensuel HT"], [])
    found = reen.read(LINES.encode(), name="lignes.csv", mapping=said)
    assert found.report is not None
    read = found.report.columns_read
    text = text_of(understood(read, name="m", said=read_answers(said)), read)
    assert [line for line in text.splitlines() if line.endswith('"keep"')] == ['# Zig = "keep"']


def test_numbers_that_may_be_items_stay_in_doubt(tmp_path: Path) -> None:
    """Control: a column that is not wanted may hold items all the same, and the doubt stays."""
    text = "Type;Zog\nPC portable;12\nÉcran;3\n"
    said = answers(tmp_path / "q.csv", "header;;Zog;-;header_not_known")
    for mapping in (None, said):
        found = reen.read(text.encode(), name="parc.csv", mapping=mapping)
        assert "unread_numbers_doubt" in [each.reason.code for each in found.issues]


def test_yes_is_no_misspelt_word(tmp_path: Path) -> None:
    """No type is proposed for "oui"; for "portabl" one is (control)."""
    for answer, hinted in (("oui", False), ("ecrann", True)):
        path = answers(tmp_path / "q.csv", f"word;equipment_type;Bulot;{answer};word_names_no_type")
        with pytest.raises(FileFormatError) as caught:
            read_answers(path)
        assert ("did you mean" in str(caught.value)) is hinted


def test_a_french_page_names_types_by_their_titles() -> None:
    """The word is asked with what it may be, in French: no key of a type stands there."""
    text = "Type;Modèle\nPC protable;Latitude 5520\nPortables;\n"
    found = reen.read(text.encode(), name="parc.csv")
    with reen.language("fr"):
        page = plain(page_of(inventory_view(found), width=200))
    assert "Ordinateur portable" in page
    assert "laptop" not in page
    with reen.language("en"):
        assert "laptop" in plain(page_of(inventory_view(found), width=200))
