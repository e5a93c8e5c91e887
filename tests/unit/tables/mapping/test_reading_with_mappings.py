"""Tables read by mappings: headers, words, constants, rows set aside, units, precision, header."""

from __future__ import annotations

import datetime as dt

import pytest

from reen.inventory.account import Fate
from reen.inventory.issues import Severity
from reen.inventory.schema import EQUIPMENT, ColumnKind
from reen.tables.headers.wording import EQUIPMENT_WORDING, PURCHASES_WORDING, Wording
from reen.tables.importing import Imported, ReadOptions
from reen.tables.mapping.loading import mapping_from_toml
from reen.tables.mapping.mapping import FileMapping
from reen.tables.reader import read_tables
from reen.vocabulary.equipment_types import bundled_equipment_types


def mapping(text: str) -> FileMapping:
    return mapping_from_toml(f'name = "mairie"\n{text}', place="mairie.toml")


def read(
    text: str,
    said: str = "",
    *,
    tool: str = "",
    wording: Wording = EQUIPMENT_WORDING,
    columns: dict[str, str] | None = None,
) -> Imported:
    options = ReadOptions(
        today=dt.date(2025, 6, 1),
        equipment_types=bundled_equipment_types(),
        mapping=mapping(said) if said else None,
        mappings=(mapping(tool),) if tool else (),
        columns=columns or {},
    )
    return read_tables([("parc.csv", text.encode())], options, wording)[0]


def column(part: Imported, name: str) -> list[object]:
    found: list[object] = part.table[name].to_pylist()
    return found


def test_a_header_is_the_column_that_the_mapping_says() -> None:
    part = read("Type;Parc\nPC portable;Mairie\n", '[columns]\n"PARC" = "entity"\n')
    assert column(part, "entity") == ["Mairie"]
    assert set(part.report.mappings) == {"mairie"}


def test_a_rule_goes_before_the_base_vocabulary() -> None:
    """Site is a place to the library; here it is the owner, and the place stands elsewhere."""
    text = "Type;Site;Lieu d'usage\nPC portable;Mairie;Annexe\n"
    said = '[columns]\nSite = "entity"\n"Lieu d\'usage" = "site"\n'
    part = read(text, said)
    assert (column(part, "entity"), column(part, "site")) == (["Mairie"], ["Annexe"])


def test_an_empty_column_leaves_the_header_out() -> None:
    part = read("Type;Remarque\nPC portable;vieux\n", '[columns]\nRemarque = ""\n')
    assert "Remarque" not in part.table.column_names


def test_columns_of_the_call_go_before_the_mapping() -> None:
    part = read(
        "Type;Parc\nPC portable;Mairie\n", '[columns]\nParc = "entity"\n', columns={"Parc": "site"}
    )
    assert column(part, "site") == ["Mairie"]
    assert "entity" not in part.table.column_names


def test_the_user_goes_before_the_tool() -> None:
    tool = '[[table]]\nsignature = [["Type", "Parc"]]\n[table.columns]\nParc = "site"\n'
    text = "Type;Parc\nPC portable;Mairie\n"
    assert column(read(text, tool=tool), "site") == ["Mairie"]
    assert column(read(text, '[columns]\nParc = "entity"\n', tool=tool), "entity") == ["Mairie"]


def test_a_unit_is_that_of_the_mapping_where_cells_say_none() -> None:
    """250 Wh are a quarter of a kilowatt-hour."""
    said = '[columns]\nC = { column = "annual_energy", unit = "Wh/year" }\n'
    part = read("Type;C\nPC portable;250\n", said)
    field = part.table.schema.field("annual_energy")
    unit = field.metadata[b"unit"].decode()
    assert (column(part, "annual_energy"), unit) == ([250.0], "Wh/year")


def test_a_word_is_the_value_that_the_mapping_says_and_stays_as_written_beside_it() -> None:
    said = (
        '[words.equipment_type]\n"Gros PC" = "workstation"\n[words.status]\n"Enrolé" = "in_use"\n'
    )
    part = read("Type;Statut\ngros pc;enrole\nPC portable;En stock\n", said)
    assert column(part, "equipment_type") == ["workstation", "PC portable"]
    assert column(part, "equipment_type_raw") == ["gros pc", "PC portable"]
    assert column(part, "status") == ["in_use", "En stock"]
    assert column(part, "status_raw") == ["enrole", "En stock"]


def test_a_word_that_means_nothing_is_blank() -> None:
    part = read("Type;Site\nPC portable;XX\n", '[words.site]\nXX = ""\n')
    assert column(part, "site") == [None]


def test_a_constant_fills_what_is_blank_and_is_told() -> None:
    said = '[constants]\nsite = "Mairie"\nlifetime = "60 month"\npurchase_date = 2020-01-31\n'
    part = read("Type;Site;Durée de vie (mois)\nPC portable;;\nÉcran;Annexe;48\n", said)
    assert column(part, "site") == ["Mairie", "Annexe"]
    assert column(part, "lifetime") == [60.0, 48.0]
    assert column(part, "purchase_date") == [dt.date(2020, 1, 31)] * 2
    told = [
        text for text in list(map(str, part.report.assumptions)) if "as the mapping says" in text
    ]
    assert [text.split(" ")[0] for text in told] == ["1", "2", "1"]


def test_a_constant_type_makes_a_list_of_models_one_of_monitors() -> None:
    part = read("Numéro de série;Site\nX1;Mairie\n", '[constants]\nequipment_type = "monitor"\n')
    assert column(part, "equipment_type") == ["monitor"]


def test_a_constant_type_of_every_table_makes_no_assets_of_a_list_of_places() -> None:
    from reen.errors import InventoryError

    with pytest.raises(InventoryError):
        read("Site;Entité\nAnnexe;Mairie\n", '[constants]\nequipment_type = "monitor"\n')


def test_a_constant_country_is_that_of_blank_cells() -> None:
    part = read("Type;Pays\nPC portable;\nÉcran;Belgique\n", '[constants]\ncountry = "FR"\n')
    assert column(part, "country") == ["FR", "Belgique"]


def test_rows_are_set_aside_by_the_values_of_a_header() -> None:
    tool = """
[[table]]
signature = [["Type", "is_template"]]
[[table.set_aside]]
header = "Is Template"
values = ["1", "vrai"]
reason = "row_template"
"""
    part = read(
        "Type;is_template;Quantité\nPC portable;1;3\nÉcran;0;2\nServeur;Vrai;4\n", tool=tool
    )
    assert column(part, "equipment_type") == ["Écran"]
    line = next(line for line in part.uncounted.lines if line.fate is Fate.SET_ASIDE)
    assert line.reason is not None
    assert (line.reason.code, line.rows, line.items) == ("row_template", 2, 7.0)
    assert part.rows_read == 3


def test_the_values_that_stay_may_be_said_instead() -> None:
    said = (
        '[[set_aside]]\nheader = "Etat"\nvalues = ["Enrolled*"]\nreason = "row_not_enrolled"\n'
        "keep = true\n"
    )
    part = read("Type;Etat\nTablette;Enrolled 3\nTablette;Wiped\nTablette;\n", said)
    assert column(part, "equipment_type") == ["Tablette"]


def test_a_blank_cell_may_set_a_row_aside_by_a_column_that_is_left_out() -> None:
    said = (
        '[columns]\nEtat = ""\n[[set_aside]]\nheader = "Etat"\nvalues = [""]\n'
        'reason = "row_filtered"\n'
    )
    part = read("Type;Etat\nTablette;x\nTablette;\n", said)
    assert column(part, "equipment_type") == ["Tablette"]
    assert "Etat" not in part.table.column_names


def test_rows_known_by_a_blank_cell_are_no_titles_of_those_below() -> None:
    """One value alone in its row would be the section of the rows below it."""
    said = '[[set_aside]]\nheader = "Type"\nvalues = [""]\nreason = "row_continuation"\n'
    text = "Type;Modèle;Logiciels\nPC portable;A;Un\n;;Deux\n;;Trois\nPC portable;B;Un\n"
    assert column(read(text), "entity") == [None, "Trois"]
    part = read(text, said)
    assert column(part, "model") == ["A", "B"]
    assert "entity" not in part.table.column_names
    (line,) = (line for line in part.uncounted.lines if line.fate is Fate.SET_ASIDE)
    assert line.reason is not None
    assert (line.reason.code, line.rows) == ("row_continuation", 2)


def test_evidence_and_what_joins_are_filled_from_the_next_header() -> None:
    """And neither header is kept beside, with the names that it holds."""
    text = "Type;Login;Nom complet;Châssis;Forme\nPC;a1;Agent 01;;Tour\nPC;;Agent 02;Mini;\n"
    said = """
[columns]
"Login" = "user"
"Nom complet" = { column = "user", preference = 2 }
"Forme" = "form_factor"
"Châssis" = { column = "form_factor", preference = 2 }
"""
    part = read(text, said)
    assert not {"Login", "Nom complet", "Châssis", "Forme"} & set(part.table.column_names)


def test_a_date_that_stands_for_another_one_is_estimated() -> None:
    said = '[columns]\n"Enrôlé" = { column = "purchase_date", precision = "estimated" }\n'
    part = read("Type;Enrôlé\nTablette;2022-03-01\n", said)
    assert column(part, "purchase_date") == [dt.date(2022, 3, 1)]
    assert column(part, "purchase_date_precision") == ["estimated"]


def test_of_two_headers_the_preferred_one_counts_where_it_is_filled() -> None:
    tool = """
[[table]]
signature = [["Type", "B"]]
[table.columns]
B = { column = "serial_number", preference = 2 }
A = "serial_number"
"""
    part = read("Type;B;A\nPC;b1;a1\nPC;b2;\n", tool=tool)
    assert column(part, "serial_number") == ["a1", "b2"]


def test_the_line_of_the_header_is_the_one_that_is_said() -> None:
    text = "Type;Modèle;Quantité\n;;\nA;B;C\nPC portable;Latitude;2\n"
    said = (
        '[[table]]\nfiles = ["parc.*"]\nheader = 3\n[table.columns]\nA = "equipment_type"\n'
        'B = "model"\nC = "quantity"\n'
    )
    part = read(text, said)
    assert (column(part, "quantity"), column(part, "source_row")) == ([2.0], [4])
    assert part.rows_read == 1


def test_a_header_that_only_a_tool_knows_is_found_below_titles() -> None:
    """No word of the header is one of the base vocabulary; the title line is not taken for it."""
    tool = """
[[table]]
signature = [["Zork ID", "Zork kind"]]
[table.columns]
"Zork ID" = "id"
"Zork kind" = "equipment_type"
"Zork place" = "site"
"""
    part = read(
        "Export du 3 mars;;\nZork ID;Zork kind;Zork place\n1;PC portable;Mairie\n", tool=tool
    )
    assert (column(part, "id"), column(part, "site")) == (["1"], ["Mairie"])


def test_purchases_are_read_by_a_mapping_too() -> None:
    said = '[columns]\n"Le" = "date"\n"Quoi" = "equipment_type"\n[constants]\nentity = "Ville"\n'
    part = read("Le;Quoi\n2024-05-01;Écran\n", said, wording=PURCHASES_WORDING)
    assert column(part, "date") == [dt.date(2024, 5, 1)]
    assert column(part, "entity") == ["Ville"]


def test_two_tools_that_read_a_table_otherwise_make_it_doubtful() -> None:
    options = ReadOptions(
        today=dt.date(2025, 6, 1),
        equipment_types=bundled_equipment_types(),
        mappings=tuple(
            mapping_from_toml(
                f'name = "{name}"\n[[table]]\nsignature = [["Type", "Z"]]\n'
                f'[table.columns]\nZ = "{target}"\n',
                place=name,
            )
            for name, target in (("b", "site"), ("a", "entity"))
        ),
    )
    (part,) = read_tables([("parc.csv", b"Type;Z\nPC portable;x\n")], options, EQUIPMENT_WORDING)
    assert column(part, "entity") == ["x"]
    doubts = [issue for issue in part.issues if issue.severity is Severity.DOUBT]
    assert [issue.reason.code for issue in doubts] == ["mapping_rivals"]
    assert "b" in str(doubts[0])


def test_where_a_header_is_blank_the_next_of_the_mapping_counts() -> None:
    """Of text of any column: the label says what the code does not."""
    text = "Type;Code;Etat\nPC portable;1;\nPC portable;;Au rebut\nPC portable;9;HS\n"
    said = (
        '[columns]\nCode = "status"\nEtat = { column = "status", preference = 2 }\n'
        '[words.status]\n"1" = "in_use"\n"9" = ""\n'
    )
    assert column(read(text, said), "status") == ["in_use", "Au rebut", "HS"]


def test_the_key_of_another_record_is_no_label() -> None:
    """12 is the key of a maker that the tool did not write out; 0 is that of none."""
    text = (
        "Type;Marque;Parc\nPC portable;Dell;DSI\nPC portable;12;0\n"
        f"PC portable;{'a1' * 16};\nPC portable;R2D2;7 bis\n"
    )
    said = '[columns]\nMarque = {column = "manufacturer", reference = true}\n'
    part = read(text, f'{said}Parc = {{column = "entity", reference = true}}\n')
    assert column(part, "manufacturer") == ["Dell", None, None, "R2D2"]
    assert column(part, "entity") == ["DSI", None, None, "7 bis"]
    told = [issue for issue in part.issues if issue.reason.code == "reference_unresolved"]
    assert [(issue.value, issue.rows, issue.severity) for issue in told] == [
        ("12", (3,), Severity.CELL),
        ("a1" * 16, (4,), Severity.CELL),
    ]


def test_keys_stay_where_no_reference_is_said() -> None:
    part = read("Type;Marque\nPC portable;12\n", '[columns]\nMarque = "manufacturer"\n')
    assert column(part, "manufacturer") == ["12"]


def test_a_long_clean_text_is_read_as_a_short_one_is() -> None:
    """Three hundred rows take the path of typed columns; ten of them the careful one."""
    said = (
        '[words.equipment_type]\nGros = "workstation"\n[words.status]\nLIVE = "in_use"\n'
        '[constants]\nsite = "Mairie"\nlifetime = 5\n'
        '[[set_aside]]\nheader = "State"\nvalues = ["GONE"]\nreason = "row_deleted"\n'
        '[columns]\n"State" = "status"\n"Ref" = "id"\n'
    )
    kinds, states = ("Gros", "PC portable", "Écran"), ("LIVE", "GONE")

    def text(rows: int) -> str:
        lines = (f"R{k};{kinds[k % 3]};{states[k % 5 == 0]}" for k in range(rows))
        return "Ref;Type;State\n" + "\n".join(lines) + "\n"

    few, many = read(text(10), said), read(text(300), said)
    assert (few.table.num_rows, many.table.num_rows) == (8, 240)
    assert many.table.slice(0, 8).to_pylist() == few.table.to_pylist()
    assert [line.rows for line in many.uncounted.lines] == [60]
    assert set(column(many, "status_raw")) == {"LIVE"}


@pytest.mark.slow
@pytest.mark.parametrize("name", [n for n in EQUIPMENT if n not in ("source", "source_row")])
def test_any_column_may_be_a_constant(name: str) -> None:
    kind = EQUIPMENT[name]
    value = {
        ColumnKind.NUMBER: "1",
        ColumnKind.DATE: "2020-01-31",
        ColumnKind.BOOLEAN: "true",
    }.get(kind.kind, kind.values[0] if kind.values else "x")
    value = {"equipment_type": "laptop", "country": "FR"}.get(name, value)
    part = read("Numéro de série;Modèle\nX1;Latitude 5420\n", f'[constants]\n{name} = "{value}"\n')
    if name not in ("serial_number", "model"):  # the file has these
        found = column(part, name)[0]
        assert str(found).lower() in (value.lower(), f"{value}.0")
