"""Placing: the type of a row, from all that the row says."""

from __future__ import annotations

import pytest

from reen.tables.evidence.deciding import Decision
from reen.tables.evidence.placing import Placing
from reen.vocabulary.equipment_types import bundled_equipment_types

PLACING = Placing(known=bundled_equipment_types())


def test_the_model_of_a_row_tells_its_type() -> None:
    assert PLACING.decide({"manufacturer": "Dell", "model": "Latitude 5420"}) == Decision(
        "laptop", "model"
    )


@pytest.mark.parametrize("column", ["equipment_type", "model", "description", "role"])
def test_prose_names_no_type(column: str) -> None:
    """Half a page that speaks of a model is no model; to search it would take seconds a cell."""
    text = "PC portable Latitude 5420 " * 20
    assert PLACING.decide({column: text}) == Decision()


def test_the_name_of_the_list_counts_where_its_rows_say_nothing() -> None:
    placing = Placing(known=bundled_equipment_types(), list_name="Imprimantes")
    assert placing.decide({"model": "Zeta"}) == Decision("printer", "list_name")
    assert placing.decide({"equipment_type": "Bulot"}) == Decision()


def test_what_is_said_of_a_maker_holds_for_no_other_word() -> None:
    """An answer that HP is a laptop, given for the column of models, makes none of HP's screens.

    It settles the word that may be a laptop; a model that the user names goes before any word.
    """
    placing = Placing(
        known=bundled_equipment_types(), models={"hp": "laptop", "proliant ml350": "server"}
    )
    assert placing.decide({"equipment_type": "Écran", "model": "HP"}).type == "monitor"
    assert placing.decide({"equipment_type": "Imprimante", "model": "HP"}).type == "printer"
    assert placing.decide({"equipment_type": "Portable", "model": "HP"}).type == "laptop"
    assert placing.decide({"equipment_type": "PC fixe", "model": "ProLiant ML350"}).type == "server"
