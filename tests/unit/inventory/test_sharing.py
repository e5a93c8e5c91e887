"""One inventory, two organisations: whose the rows are; nothing counts twice, none is lost."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import reen
from reen.inventory.account import Fate
from reen.inventory.sharing import read_sharing

RULES = """\
[perimeters]
ville = "Ville"
agglo = "Agglomération"

[keys.agents]
ville = 700
agglo = 300

[rows]
"Mairie" = "ville"
"Mairie > DSI" = "agents"
"Siège" = "agglo"
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "partage.toml"
    path.write_text(RULES, encoding="utf-8")
    return path


def fleet(**columns: list[object]) -> reen.Inventory:
    return reen.Inventory.from_arrow(pa.table(columns))


def test_rows_belong_or_are_divided(rules: Path) -> None:
    """7 to the city; 10 of the shared department by 700 and 300 agents; 2 to the agglomeration.

    An entity below another follows it, the longest name first.
    """
    whole = fleet(
        equipment_type=["laptop"] * 4,
        entity=["Mairie > État civil", "Mairie > DSI > Réseau", "Siège", "Mairie"],
        quantity=[3.0, 10.0, 2.0, 4.0],
    )
    parts = reen.perimeters(whole, rules)
    assert {name: part.table["quantity"].to_pylist() for name, part in parts.items()} == {
        "ville": [3.0, 7.0, 4.0],
        "agglo": [3.0, 2.0],
    }
    account = parts["agglo"].account
    assert account.rows == 2
    assert "2 counted (1 row divided by the key agents)" in str(account)
    assert "1 ligne répartie selon la clé agents" in account.text("fr")
    assert parts["ville"].account.rows == 3


def test_footprints_add_up_and_stay_incomplete(rules: Path, tmp_path: Path) -> None:
    """A refused row belongs to nobody: neither organisation calls its figure complete."""
    path = tmp_path / "parc.csv"
    path.write_text(
        "type;quantité;entité;durée de vie;pays\n"
        "ordinateur portable;10;Mairie > DSI;5;FR\n"
        "ordinateur portable;5;Siège;5;FR\n"
        "machin;5;Mairie;5;FR\n",
        encoding="utf-8",
    )
    whole = reen.read(path)
    method = reen.configure(reen.default_registry().method("base-carbone"), {"use_stage": "false"})
    parts = reen.perimeters(whole, rules)
    found = {
        name: reen.measure(each, method=method, as_of="2025-12-31").total().value
        for name, each in parts.items()
    }
    assert found == pytest.approx({"ville": 7 * 156 / 5, "agglo": (3 + 5) * 156 / 5}, rel=1e-9)
    assert all(each.account.uncounted == whole.account.uncounted for each in parts.values())
    ville = reen.measure(parts["ville"], method=method, as_of="2025-12-31")
    assert not ville.total().complete
    assert ville.account.rows == 2


def test_a_table_without_quantities_has_one_item_a_row(rules: Path) -> None:
    parts = reen.perimeters(fleet(equipment_type=["laptop"], entity=["Mairie > DSI"]), rules)
    assert parts["agglo"].table["quantity"].to_pylist() == [0.3]


def test_a_blank_quantity_stays_unknown(rules: Path) -> None:
    whole = fleet(
        equipment_type=["laptop", "laptop"],
        entity=["Mairie > DSI", "Mairie > DSI"],
        quantity=pa.array([None, 10.0], pa.float64()),
    )
    parts = reen.perimeters(whole, rules)
    assert parts["ville"].table["quantity"].to_pylist() == [None, 7.0]
    assert {each.account.unknown_of(Fate.COUNTED) for each in parts.values()} == {1}


def test_rows_without_a_rule_are_refused(rules: Path) -> None:
    whole = fleet(equipment_type=["laptop"] * 3, entity=["Mairie", "Théâtre", None])
    with pytest.raises(reen.errors.OptionError, match=r"Théâtre, \(blank\)"):
        reen.perimeters(whole, rules)
    rules.write_text('blank = "agents"\n' + RULES + '"Théâtre" = "agglo"\n', encoding="utf-8")
    parts = reen.perimeters(whole, rules)
    assert parts["agglo"].table["quantity"].to_pylist() == [1.0, 0.3]


def test_tables_that_cannot_be_divided_are_refused(rules: Path) -> None:
    equipment = pa.table({"equipment_type": ["server"], "id": ["h"], "entity": ["Siège"]})
    machines = pa.table({"id": ["m"], "host_id": ["h"]})
    whole = reen.Inventory.from_tables(equipment=equipment, virtual_machines=machines)
    with pytest.raises(reen.errors.OptionError, match="virtual_machines"):
        reen.perimeters(whole, rules)
    with pytest.raises(reen.errors.OptionError, match="entity"):
        reen.perimeters(fleet(equipment_type=["laptop"]), rules)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[perimeters]\nville = 1\n[rows]\n", r"table \[perimeters\] of texts"),
        ('[perimeters]\nville = "V"\n[rows]\n', "two perimeters or more"),
        (RULES.replace("300", '"300"'), r"table \[keys.agents\] of numbers"),
        (RULES.replace("300", "-300"), "a number from 0 to 1e12"),
        (RULES.replace("agglo = 300", "agglomeration = 300"), "agglomeration"),
        (RULES.replace("[keys.agents]", "[keys.ville]"), "not that of a perimeter"),
        (RULES.replace('"agglo"', '"agglomeration"'), "a perimeter or a key"),
        (RULES.replace("[keys.agents]", "[clefs.agents]"), "'clefs' is not known"),
        ("keys = 1\n" + RULES.replace("[keys.agents]\nville = 700\nagglo = 300\n", ""), "for each"),
        ("blank = 1\n" + RULES, "a text for 'blank'"),
        (RULES.replace("700", "0").replace("300", "0"), "a weight above 0"),
        ("[perimeters", "is no TOML"),
        ("a = " + "[" * 50_000, "too deep to be rules of sharing"),
        (RULES.replace("300", "1" + "0" * 400), "a number from 0 to 1e12"),
        (RULES.replace("700", "1e308").replace("300", "1e308"), "a number from 0 to 1e12"),
        ("autre = 1\nblank = 1\n" + RULES, "'autre' is not known.*a text for 'blank'"),
        ("\ufeff" + RULES.replace("300", "-300"), "a number from 0 to 1e12"),
    ],
)
def test_rules_that_cannot_be_are_named(rules: Path, text: str, said: str) -> None:
    rules.write_text(text, encoding="utf-8")
    with pytest.raises(reen.errors.FileFormatError, match=said):
        read_sharing(rules)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(reen.errors.FileFormatError, match=r"cannot be read.*rules of sharing"):
        read_sharing(tmp_path / "none.toml")
