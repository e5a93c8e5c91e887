"""Mappings as TOML: every fault is told with its place, and what is written is read again."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen.errors import FileFormatError
from reen.inventory.schema import EQUIPMENT, ColumnKind
from reen.tables.headers.header_words import key_of
from reen.tables.mapping.checking import columns_of_kind
from reen.tables.mapping.loading import (
    mapping_from_toml,
    read_mapping,
)
from reen.tables.mapping.mapping import ColumnRule, FileMapping, ListRule, RowRule, TableMapping
from reen.tables.mapping.saving import mapping_to_toml, write_mapping

WHOLE = """
name = "parc"
title = "A tool"
source = "https://example.org/headers"
keep = ["Direction"]

[columns]
"Parc" = "entity"
[words.equipment_type]
"Gros PC" = "workstation"
[constants]
country = "FR"
lifetime = 5

[[table]]
kind = "equipment"
signature = [["Device ID", "Last check-in"]]
sheets = ["Feuil*"]
at_most = 6
header = 5
keys = ["serial_number", "id"]
[table.columns]
"Device ID" = "id"
"Total storage" = { column = "storage", unit = "MB" }
"Enrollment date" = { column = "purchase_date", precision = "estimated", preference = 2 }
"Notes" = ""
"Group" = "keep"
"OS" = "platform"
[table.words.status]
"Enrolled" = "in_use"
"-----" = ""
[[table.set_aside]]
header = "is_template"
values = ["1", "true"]
reason = "row_template"
[[table.list]]
path = "content.monitors"
kind = "equipment"
[table.list.columns]
"serial" = "serial_number"
[table.list.constants]
equipment_type = "monitor"
[[table.list.set_aside]]
header = "serial"
values = ["0", "00000000"]
reason = "row_internal_panel"
record = { equipment_type = ["laptop"] }
"""


RULE_OF_A_LIST = """
name = 'a'
[[table]]
[[table.list]]
path = 'x'
[[table.list.set_aside]]
header = 'a'
values = ['b']
reason = 'row_template'
record = { equipment_type = """

RULE_OF_A_TABLE = """
name = 'a'
[[table]]
[[table.set_aside]]
header = 'a'
values = ['b']
reason = 'row_template'
record = { equipment_type = ['laptop'] }
"""


def load(text: str) -> FileMapping:
    return mapping_from_toml(text, place="mairie.toml")


def test_every_key_becomes_a_value() -> None:
    mapping = load(WHOLE.replace('"-----" = ""\n', ""))
    assert mapping == FileMapping(
        name="parc",
        title="A tool",
        source="https://example.org/headers",
        keep=("Direction",),
        shared=TableMapping(
            columns={"Parc": ColumnRule("entity")},
            words={"equipment_type": {"Gros PC": "workstation"}},
            constants={"country": "FR", "lifetime": "5"},
        ),
        tables=(
            TableMapping(
                kind="equipment",
                signature=(("Device ID", "Last check-in"),),
                sheets=("Feuil*",),
                at_most=6,
                header=5,
                keys=("serial_number", "id"),
                columns={
                    "Device ID": ColumnRule("id"),
                    "Total storage": ColumnRule("storage", unit="MB"),
                    "Enrollment date": ColumnRule(
                        "purchase_date", precision="estimated", preference=2
                    ),
                    "Notes": ColumnRule(""),
                    "Group": ColumnRule("keep"),
                    "OS": ColumnRule("platform"),
                },
                words={"status": {"Enrolled": "in_use"}},
                set_aside=(RowRule("is_template", ("1", "true"), "row_template"),),
                lists=(
                    ListRule(
                        path="content.monitors",
                        kind="equipment",
                        columns={"serial": ColumnRule("serial_number")},
                        constants={"equipment_type": "monitor"},
                        set_aside=(
                            RowRule(
                                "serial",
                                ("0", "00000000"),
                                "row_internal_panel",
                                record={"equipment_type": ("laptop",)},
                            ),
                        ),
                    ),
                ),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["name", "is missing"]),
        ("nam = 'x'", ["'nam'", "did you mean 'name'"]),
        ("name = 3", ["name", "quotation marks"]),
        ("name = 'a'\n[[table]]\nsignatur = []", ["[[table]] 1", "did you mean 'signature'"]),
        ("name = 'a'\n[[table]]\nsignature = ['A']", ["[[table]] 1, signature", "list of lists"]),
        ("name = 'a'\n[[table]]\nsignature = [[]]", ["signature", "list of lists"]),
        ("name = 'a'\n[[table]]\nkind = 'equipement'", ["kind", "did you mean 'equipment'"]),
        ("name = 'a'\n[[table]]\nrefused = 'tickets'", ["refused", "kind ="]),
        ("name = 'a'\n[[table]]\nheader = 0.5", ["header", "whole number"]),
        ("name = 'a'\n[[table]]\nkeys = ['serial']", ["keys", "did you mean 'serial_number'"]),
        ("name = 'a'\n[[table]]\ndecimal = 'point'", ["decimal", "either"]),
        ("name = 'a'\n[[table]]\n[table.expect]\nmodl = ['x']", ["[expect]", "mean 'model'"]),
        ("name = 'a'\n[[table]]\n[table.expect]\nmodel = 'x'", ["[expect], model", "a list"]),
        ("name = 'a'\n[columns]\nX = 'equipement_type'", ["'X'", "mean 'equipment_type'"]),
        ("name = 'a'\n[columns]\nX = 3", ["'X'", "name of a column"]),
        ("name = 'a'\n[columns]\nX = {unit = 'W'}", ["'X'", "has no column"]),
        ("name = 'a'\n[columns]\nX = {column = 'power', units = 'W'}", ["did you mean 'unit'"]),
        ("name = 'a'\n[columns]\nX = {column = 'power', unit = 'kg'}", ["'kg'", "'W"]),
        ("name = 'a'\n[columns]\nX = {column = 'power', unit = 'bogus'}", ["'bogus'", "'W"]),
        ("name = 'a'\n[columns]\nX = {column = 'model', unit = 'W'}", ["no number"]),
        ("name = 'a'\n[columns]\nX = {column = 'model', precision = 'estimated'}", ["no date"]),
        (
            "name = 'a'\n[columns]\nX = {column = 'purchase_date', precision = 'estimate'}",
            ["did you mean 'estimated'"],
        ),
        ("name = 'a'\n[columns]\nX = {column = 'model', combine = 'sum'}", ["as 'first'"]),
        ("name = 'a'\n[columns]\nX = {column = 'ram', combine = 'all'}", ["combine", "first"]),
        ("name = 'a'\n[columns]\nX = {column = 'model', combine = 'count'}", ["as 'first'"]),
        ("name = 'a'\n[columns]\nX = {column = 'ownership', also = 'user_mod'}", ["'user_mode'"]),
        ("name = 'a'\n[columns]\nX = {column = 'ownership', also = 'ram'}", ["leave out also"]),
        (f"{RULE_OF_A_LIST}['lapto'] }}", ["[[list]] 1, [[set_aside]] 1", "mean 'laptop'"]),
        (RULE_OF_A_TABLE, ["there is no key 'record'"]),
        ("name = 'a'\n[columns]\nX = {column = '', unit = 'W'}", ["names no column"]),
        ("name = 'a'\n[columns]\nPrix = 'price'\n'PRIX (€)' = 'price'", ["same header as 'Prix'"]),
        ("name = 'a'\n[columns]\n'€' = 'price'", ["no letter and no digit"]),
        ("name = 'a'\n[words.status]\nX = 'used'", ["[words.status] 'X'", "in_use"]),
        ("name = 'a'\n[words.equipment_type]\nX = 'laptops'", ["mean 'laptop'"]),
        ("name = 'a'\n[words.country]\nX = 'Bretagne'", ["no country"]),
        ("name = 'a'\n[words.lifetime]\nX = '5'", ["holds no words"]),
        ("name = 'a'\n[words]\nstatus = 'x'", ["[words.status]", "no section"]),
        ("name = 'a'\n[words.status]\nEtat = 'in_use'\n'état' = 'in_use'", ["same word"]),
        ("name = 'a'\n[constants]\npurchase_date = '12/2020'", ["a date such as"]),
        ("name = 'a'\n[constants]\nlifetime = '5 kg'", ["a number in year"]),
        ("name = 'a'\n[constants]\nlifetime = 0", ["above 0"]),
        ("name = 'a'\n[constants]\nlifetime = [5]", ["expected one value"]),
        ("name = 'a'\n[constants]\nequipment_typ = 'laptop'", ["mean 'equipment_type'"]),
        ("name = 'a'\n[[set_aside]]\nheader = 'x'\nvalues = ['1']", ["reason", "is missing"]),
        (
            "name = 'a'\n[[set_aside]]\nheader = 'x'\nvalues = ['1']\nreason = 'row_odd'",
            ["[[set_aside]] 1, reason", "row_template"],
        ),
        (
            "name = 'a'\n[[table]]\n[[table.list]]\npath = 'x'\nkind = 'none'",
            ["[[table]] 1, [[list]] 1, kind"],
        ),
        ("name = a\n", ["is no TOML", "line 1"]),
    ],
)
def test_a_fault_says_where_what_was_expected_and_how_to_mend_it(
    text: str, parts: list[str]
) -> None:
    with pytest.raises(FileFormatError) as raised:
        load(text)
    message = str(raised.value)
    assert message.startswith("mairie.toml: ")
    for part in parts:
        assert part in message


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(FileFormatError, match=r"2 faults:\n.*'A'.*\n.*'B'"):
        load("name = 'a'\n[columns]\nA = 'nothing'\nB = 'nothing either'\n")


def test_a_column_belongs_to_the_kind_of_table_that_is_said() -> None:
    """Agents are counted in a headcount, and a mapping for every table may name them."""
    assert load("name = 'a'\n[columns]\nETP = 'agents'\n").shared.columns
    with pytest.raises(FileFormatError, match="no column 'agents'"):
        load("name = 'a'\n[[table]]\nkind = 'equipment'\n[table.columns]\nETP = 'agents'\n")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="cannot be read"):
        read_mapping(tmp_path / "none.toml")


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes('name = "pré"'.encode("latin-1"))
    with pytest.raises(FileFormatError, match="UTF-8"):
        read_mapping(path)


def test_the_mark_of_byte_order_that_windows_writes_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "bom.toml"
    path.write_bytes("\ufeffname = 'a'".encode())
    assert read_mapping(path).name == "a"


def test_the_digest_is_that_of_what_the_file_says() -> None:
    """Comments and the order of lines change nothing; a word does."""
    plain = load("name = 'a'\n[columns]\nA = 'site'\nB = 'entity'\n")
    other = load("name = 'a'  # ours\n[columns]\nB = 'entity'\nA = 'site'\n")
    assert plain.digest == other.digest
    assert plain.digest != load("name = 'a'\n[columns]\nA = 'site'\nB = 'site'\n").digest


HEADERS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(key_of)


def once(found: dict[str, ColumnRule]) -> dict[str, ColumnRule]:
    kept = {key_of(header): header for header in found}
    return {header: found[header] for header in kept.values()}


NUMBERS = [c.name for c in EQUIPMENT.values() if c.kind is ColumnKind.NUMBER]
TEXTS = ["site", "entity", "model", "manufacturer", "room", "platform"]
TEXTS = [name for name in TEXTS if name in columns_of_kind("equipment")]
RULES = st.one_of(
    st.builds(ColumnRule, st.sampled_from([*TEXTS, "", "keep"])),
    st.sampled_from(NUMBERS).flatmap(
        lambda name: st.builds(
            ColumnRule,
            st.just(name),
            unit=st.sampled_from(["", EQUIPMENT[name].unit]),
            preference=st.integers(1, 9),
            combine=st.sampled_from(["", "sum", "first", "count"]),
        )
    ),
    st.builds(
        ColumnRule, st.just("purchase_date"), precision=st.sampled_from(["", "estimated", "year"])
    ),
)
COLUMNS = st.dictionaries(HEADERS, RULES, max_size=4).map(once)
WORDS = st.dictionaries(
    st.sampled_from(["status", "equipment_type"]),
    st.dictionaries(HEADERS, st.just(""), max_size=3).map(once),
    max_size=2,
)
CONSTANTS = st.dictionaries(
    st.sampled_from(TEXTS), HEADERS.filter(lambda text: bool(text.strip())), max_size=2
)
ROW_RULES = st.builds(
    RowRule,
    HEADERS,
    st.lists(HEADERS, min_size=1, max_size=3).map(tuple),
    st.sampled_from(["row_template", "row_deleted"]),
    keep=st.booleans(),
)
RULES_OF_LISTS = st.builds(
    attrs.evolve,
    ROW_RULES,
    record=st.sampled_from([{}, {"equipment_type": ("laptop", "tablet")}]),
)
TABLES = st.builds(
    TableMapping,
    kind=st.sampled_from(["", "equipment"]),
    signature=st.lists(st.lists(HEADERS, min_size=1, max_size=3).map(tuple), max_size=2).map(tuple),
    sheets=st.lists(HEADERS, max_size=2).map(tuple),
    files=st.lists(HEADERS, max_size=2).map(tuple),
    columns=COLUMNS,
    words=WORDS,
    constants=CONSTANTS,
    set_aside=st.lists(ROW_RULES, max_size=2).map(tuple),
    keys=st.sampled_from([(), ("serial_number", "id")]),
    decimal=st.sampled_from(["", ",", ".", "either"]),
    unique=st.lists(HEADERS, max_size=2).map(tuple),
    expect=st.dictionaries(
        st.sampled_from(TEXTS), st.lists(HEADERS, min_size=1, max_size=3).map(tuple), max_size=2
    ),
    lists=st.lists(
        st.builds(
            ListRule,
            path=HEADERS,
            kind=st.just("equipment"),
            columns=COLUMNS,
            set_aside=st.lists(RULES_OF_LISTS, max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    header=st.integers(0, 30),
)
SHARED = st.builds(
    TableMapping,
    columns=COLUMNS,
    words=WORDS,
    constants=CONSTANTS,
    set_aside=st.lists(ROW_RULES, max_size=2).map(tuple),
)
MAPPINGS = st.builds(
    FileMapping,
    name=HEADERS,
    title=st.text(max_size=10),
    source=st.text(max_size=10),
    shared=SHARED,
    tables=st.lists(TABLES, max_size=3).map(tuple),
    keep=st.lists(HEADERS, max_size=2).map(tuple),
)


@pytest.mark.slow
@given(mapping=MAPPINGS)
def test_what_is_written_is_read_again(mapping: FileMapping) -> None:
    again = load(mapping_to_toml(mapping))
    assert again == mapping
    assert again.digest == mapping.digest


def test_a_mapping_is_written_to_a_file(tmp_path: Path) -> None:
    mapping = load(WHOLE.replace('"-----" = ""\n', ""))
    write_mapping(mapping, tmp_path / "again.toml")
    assert read_mapping(tmp_path / "again.toml") == mapping


def test_values_inside_values_without_end_are_refused() -> None:
    text = 'name = "a"\nx = ' + "[" * 5_000 + "]" * 5_000
    with pytest.raises(FileFormatError, match="too deep to be a mapping"):
        mapping_from_toml(text, place="m.toml")
