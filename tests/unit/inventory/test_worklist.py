"""The worklist: what share of the items can be measured, and what to answer first."""

from __future__ import annotations

import datetime as dt
import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.inventory.inventory import Inventory
from reen.inventory.issues import Issue, Severity
from reen.inventory.questions import Question, Subject, Worklist, question_text
from reen.inventory.table_kinds import LINKED_KINDS
from reen.inventory.worklist import worklist_of
from reen.reasons import Reason
from reen.vocabulary.equipment_types import bundled_equipment_types

TYPES = bundled_equipment_types()


def asked(rows: list[dict[str, object]], **given_: object) -> Worklist:
    inventory = Inventory.from_arrow(pa.Table.from_pylist(rows))
    return worklist_of(
        inventory.batches(), issues=inventory.issues, equipment_types=TYPES, **given_
    )


def shown(worklist: Worklist) -> list[tuple[str, str, float | None]]:
    return [(str(each.subject), each.value, each.items) for each in worklist]


def test_the_share_counts_items_and_not_rows() -> None:
    """Of 10 + 30 items, 10 have a type: 25 %; each row is one of two."""
    worklist = asked(
        [
            {"equipment_type": "laptop", "quantity": 10.0},
            {"equipment_type": "Bulot", "quantity": 30.0},
        ]
    )
    assert (worklist.typed, worklist.items, worklist.share) == (10.0, 40.0, 0.25)
    assert str(worklist.headline) == (
        "the type is known of 25% of the items (10 of 40). First question: 'Bulot' names no type"
        " of equipment that is known (30 items)"
    )
    assert worklist.headline.text("fr").startswith(
        "le type est connu pour 25\N{NO-BREAK SPACE}% des équipements (10 sur 40)"
    )


def test_one_question_for_a_word_that_nobody_knows_whatever_the_model() -> None:
    worklist = asked(
        [
            {"equipment_type": "Bulot", "model": f"Model {k}", "quantity": float(k)}
            for k in (1, 2, 3)
        ]
    )
    assert shown(worklist) == [("word", "Bulot", 6.0)]
    assert worklist[0].rows == 3


def test_an_everyday_word_is_asked_by_model() -> None:
    """A "Portable" may be a laptop or a telephone: the model tells, the word cannot."""
    worklist = asked(
        [
            {"equipment_type": "Portable", "model": "Zeta 5", "quantity": 4.0},
            {
                "equipment_type": "Portable",
                "model": "Eta 9",
                "manufacturer": "Eta",
                "quantity": 9.0,
            },
            {"equipment_type": "Portable", "quantity": 2.0},
        ]
    )
    assert shown(worklist) == [
        ("model", "Eta 9", 9.0),
        ("model", "Zeta 5", 4.0),
        ("word", "Portable", 2.0),
    ]
    assert worklist[0].proposals == ("laptop", "mobile_phone", "smartphone")


def test_what_blocks_most_comes_first_and_unknown_quantities_count_their_rows() -> None:
    worklist = asked(
        [
            {"equipment_type": None, "model": "Zeta", "manufacturer": None, "quantity": 3.0},
            {"equipment_type": None, "model": "Iota", "quantity": None},
            {"equipment_type": None, "model": "Iota", "quantity": None},
            {"equipment_type": None, "model": None, "manufacturer": "Eta", "quantity": 1.0},
        ]
    )
    assert shown(worklist) == [
        ("model", "Zeta", 3.0),
        ("model", "Iota", None),
        ("blank", "Eta", 1.0),
    ]
    assert worklist.uncountable == 2
    (bare,) = asked([{"equipment_type": None, "model": None, "quantity": 1.0}])
    assert str(question_text(bare)) == "a row has neither type nor model (1 item)"
    assert "2 rows of unknown type and quantity" in str(worklist.headline)


def test_doubts_refusals_and_headers_are_questions_and_notes_are_not() -> None:
    issues = [
        Issue("lifetime", "60", "may be months", severity=Severity.DOUBT, count=5, source="a.csv"),
        Issue("", "Parc, Tps", "is no table", severity=Severity.REJECTED, count=7, source="b.csv"),
        Issue("status", "qui sait", "is not known", severity=Severity.CELL, count=2),
        Issue("model", "x", "is said", severity=Severity.NOTE),
    ]
    worklist = worklist_of(
        (), issues=issues, equipment_types=TYPES, headers=[("a.csv", "Parc")], refused=7
    )
    assert [(str(each.subject), each.value, each.rows) for each in worklist] == [
        ("refused", "Parc, Tps", 7),
        ("doubt", "60", 5),
        ("word", "qui sait", 2),
        ("header", "Parc", 0),
    ]
    assert worklist[3].proposals == ("-", "keep")
    assert str(question_text(worklist[3])) == (
        "'Parc' is a header that nothing explains: it is not kept"
    )
    assert str(question_text(worklist[0])) == "'Parc, Tps' is no table (7 rows)"
    assert str(question_text(worklist[1])) == "lifetime: '60' may be months (5 rows)"
    # "Écran" as a status is no question about a type
    assert str(question_text(worklist[2])) == "status: 'qui sait' is not known (2 rows)"
    assert str(worklist.headline).startswith(
        "no equipment was found; 7 rows that could not be read. First question:"
    )


def test_nothing_to_ask() -> None:
    worklist = asked([{"equipment_type": "laptop", "quantity": 2.0}])
    assert len(worklist) == 0
    assert str(worklist.headline) == "the type of every item is known (2 items)"
    empty = worklist_of((), issues=(), equipment_types=TYPES)
    assert math.isnan(empty.share)
    assert str(empty.headline) == "no equipment was found"


def test_what_was_found_instead_of_equipment() -> None:
    """Two purchases and nothing else are no empty file."""
    bought = "Date facture;Désignation;Quantité;Prix HT\n01/02/2024;PC portable;6;700\n"
    bought += "02/02/2024;Écran;4;120\n"
    worklist = reen.read(bought.encode(), name="achats.csv").worklist
    assert str(worklist.headline).startswith("2 purchases, and no list of equipment")
    assert worklist.headline.text("fr").startswith("2 achats, et aucune liste d'équipements")
    several = Worklist(linked={"purchases": 1, "disposals": 0, "headcount": 3})
    assert str(several.headline) == "1 purchase; 3 headcounts, and no list of equipment"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", LINKED_KINDS)
def test_each_kind_of_table_is_named(kind: str, language: str) -> None:
    said = Worklist(linked={kind: 2}).headline.text(language)
    assert said.startswith("2 ")
    assert kind not in {"virtual_machines", "energy_readings"} or kind not in said


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "equipment_type": st.sampled_from(["laptop", "Bulot", "Portable", None]),
            "model": st.sampled_from(["Zeta", "Eta", None]),
            "quantity": st.sampled_from([1.0, 2.0, 5.0]),
        }
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.slow
@given(ROWS)
def test_questions_and_typed_items_are_all_items(rows: list[dict[str, object]]) -> None:
    worklist = asked(rows)
    blocked = sum(each.items or 0.0 for each in worklist)
    assert worklist.typed + blocked == pytest.approx(worklist.items)
    order = [each.blocked for each in worklist]
    assert order == sorted(order, reverse=True)


@pytest.mark.slow
@given(ROWS, st.randoms())
def test_the_order_of_rows_changes_no_question(
    rows: list[dict[str, object]], random: object
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    def values(worklist: Worklist) -> list[tuple[Subject, str, int, float | None]]:
        return [(each.subject, each.value, each.rows, each.items) for each in worklist]

    assert values(asked(rows)) == values(asked(shuffled))


def test_a_question_blocks_its_items_at_least_one_a_row() -> None:
    question = Question(
        subject=Subject.WORD,
        column="",
        value="x",
        reason=Reason("word_names_no_type"),
        rows=3,
        items=1.0,
    )
    assert question.blocked == 3.0


def test_a_word_that_nobody_knows_is_asked_though_models_tell_its_types() -> None:
    """It blocks nothing, so it comes last; its models may have been taken for another thing."""
    row = {"equipment_type_raw": "Bulot", "equipment_type_basis": "model", "quantity": 4.0}
    worklist = asked(
        [
            {**row, "equipment_type": "thin_client"},
            {**row, "equipment_type": "desktop"},
            {**row, "equipment_type": "laptop", "equipment_type_raw": "PC portable"},
            {**row, "equipment_type": None, "equipment_type_raw": "Zorglub", "quantity": 1.0},
        ]
    )
    assert [(each.value, each.items, each.blocks) for each in worklist] == [
        ("Zorglub", 1.0, True),
        ("Bulot", 8.0, False),
    ]
    assert worklist[1].proposals == ("desktop", "thin_client")


def test_the_types_of_what_was_bought_and_of_what_left_are_asked_like_those_of_the_equipment() -> (
    None
):
    """One word is asked once: 2 items owned and 3 that left; 4 bought are of another word."""
    equipment = pa.table({"equipment_type": ["Bulot", "laptop"], "quantity": [2.0, 5.0]})
    day = pa.array([dt.date(2023, 3, 12)] * 2, pa.date32())
    disposals = pa.table(
        {"date": day, "equipment_type": ["Bulot", "laptop"], "quantity": [3.0, 1.0]}
    )
    purchases = pa.table(
        {
            "date": day,
            "equipment_type": ["Truc", None],
            "model": [None, "Zyx 12"],
            "quantity": [4.0, 1.0],
        }
    )
    found = Inventory.from_tables(equipment=equipment, disposals=disposals, purchases=purchases)
    assert shown(found.worklist) == [
        ("word", "Bulot", 5.0),
        ("word", "Truc", 4.0),
        ("model", "Zyx 12", 1.0),
    ]
    assert all(each.blocks and each.column == "equipment_type" for each in found.worklist)
    assert (found.worklist.items, found.worklist.typed, found.worklist.rows) == (7.0, 5.0, 2)
    alone = Inventory.from_tables(disposals=disposals)
    assert shown(alone.worklist) == [("word", "Bulot", 3.0)]


def test_a_row_of_unknown_word_and_number_is_not_among_every_item() -> None:
    """60 laptops are known; of the other row neither what it is nor how many."""
    found = reen.read("Type;Qté\nZorglub;bof\nPC portable;60\n".encode(), name="parc.csv")
    said = found.worklist.headline.text("en")
    assert said.startswith(
        "the type of 60 items is known; 1 row of unknown type and quantity. First question:"
    )
    assert said.endswith("'Zorglub' names no type of equipment that is known (1 row)")


def test_a_column_whose_header_is_gone_is_proposed_for_one_that_nothing_explains() -> None:
    """Last year's "Mis en route" is called "Depuis" now: the mapping says what it was."""
    mapping = reen.plugin.files.FileMapping(
        name="mairie",
        shared=reen.plugin.files.TableMapping(
            columns={
                "Mis en route": reen.plugin.files.ColumnRule("purchase_date"),
                "Type": reen.plugin.files.ColumnRule("equipment_type"),
            }
        ),
        several_files=True,
    )
    text = "Type;Depuis\nÉcran;12/03/2021\n"
    found = reen.read(text.encode(), name="parc.csv", mapping=mapping)
    (question,) = found.worklist
    assert (question.value, question.proposals) == ("Depuis", ("purchase_date", "-", "keep"))


def test_columns_of_remarks_are_asked_about_last() -> None:
    """Nobody has to say what is meant by "Observations" before "Zone"."""
    text = (
        "Type;Commentaires DSI;Zone;Observation sur l'état;Agrafe\n"
        "PC portable;à changer;Z1;rayé;b\nÉcran;vu en 2023;Z2;bon;c\n"
    )
    asked = reen.read(text.encode(), name="parc.csv").worklist
    headers = [each.value for each in asked if each.subject is Subject.HEADER]
    assert headers == ["Agrafe", "Zone", "Commentaires DSI", "Observation sur l'état"]
