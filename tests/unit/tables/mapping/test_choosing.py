"""Choosing the table of a tool by its header: the largest signature, and no silent guess."""

from __future__ import annotations

import pytest

from reen.tables.mapping.choosing import Place, Tools
from reen.tables.mapping.layers import TOOL, USER, layers_of
from reen.tables.mapping.mapping import ColumnRule, FileMapping, RowRule, TableMapping

HEADER = ("Device ID", "Model", "Last check-in", "Owner")


def tool(name: str, *signature: tuple[str, ...], **fields: object) -> FileMapping:
    return FileMapping(name=name, tables=(TableMapping(signature=signature, **fields),))  # type: ignore[arg-type]


def chosen(*tools: FileMapping, header: tuple[str, ...] = HEADER, source: str = "a.csv") -> str:
    choice = Tools.of(tools).choose(header, Place.of(source))
    return "" if choice is None else choice.tool.name


def test_all_headers_of_one_group_have_to_be_there_in_any_spelling() -> None:
    signed = tool("intune", ("nothing",), ("DEVICE  id", "last check in"))
    assert chosen(signed) == "intune"
    assert chosen(signed, header=("Device ID", "Model")) == ""


@pytest.mark.parametrize("order", [1, -1])
def test_the_signature_of_most_headers_is_chosen(order: int) -> None:
    small, large = tool("a", ("Device ID",)), tool("b", ("Device ID", "Owner"))
    assert chosen(*(small, large)[::order]) == "b"


def test_a_list_of_few_headers_is_not_known_in_a_longer_one() -> None:
    """Blank cells are no headers."""
    short = tool("a", ("Device ID", "Model"), at_most=4)
    assert chosen(short, header=(*HEADER, "", "")) == "a"
    assert chosen(short, header=(*HEADER, "Serial number")) == ""


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_alike_the_one_that_knows_more_headers_is_chosen(order: int) -> None:
    less = tool("a", ("Device ID",))
    more = tool("b", ("Device ID",), columns={"Model": ColumnRule("model")})
    assert chosen(*(less, more)[::order]) == "b"


@pytest.mark.parametrize("order", [1, -1])
def test_two_that_read_a_table_otherwise_are_told(order: int) -> None:
    """The first by name is taken, the other one is named: it is an assumption."""
    one = tool("a", ("Device ID",), columns={"Model": ColumnRule("model")})
    other = tool("b", ("Device ID",), columns={"Model": ColumnRule("model_number")})
    choice = Tools.of((one, other)[::order]).choose(HEADER, Place("a.csv"))
    assert choice is not None
    assert (choice.tool.name, choice.rivals) == ("a", ("b",))


def test_two_that_read_a_table_alike_are_no_rivals() -> None:
    one, other = tool("a", ("Device ID",)), tool("b", ("Device ID",))
    choice = Tools.of((one, other)).choose(HEADER, Place("a.csv"))
    assert choice is not None
    assert choice.rivals == ()


def test_the_name_of_a_sheet_settles_what_headers_do_not() -> None:
    one = tool("a", ("Device ID",), sheets=("vInfo",))
    other = tool("b", ("Device ID",), sheets=("vHost*",))
    assert chosen(one, other, source="export.xlsx[VHOSTS]") == "b"
    assert chosen(one, other, source="export/vhost_2024.csv") == "b"
    assert chosen(other, source="renamed.xlsx[Feuil1]") == "b"


def test_a_sheet_without_signature_is_known_by_its_name_alone() -> None:
    names = FileMapping(name="a", tables=(TableMapping(sheets=("vCPU",), kind="none"),))
    assert chosen(names, source="x.xlsx[vCPU]", header=()) == "a"
    assert chosen(names, source="x.xlsx[other]") == ""


def test_a_list_of_our_own_columns_is_that_of_no_tool() -> None:
    """Its names are spelt like the headers of many tools, and mean what the schema says."""
    glpi = tool("glpi", ("Name", "Serial number"))
    assert chosen(glpi, header=("name", "serial number", "Type")) == "glpi"
    assert chosen(glpi, header=("name", "serial_number", "equipment_type")) == ""


def test_no_tool_is_none() -> None:
    assert chosen() == ""
    assert layers_of(HEADER, "a.csv", mapping=None, tools=()) is None
    assert layers_of(HEADER, "a.csv", mapping=FileMapping(name="mairie"), tools=()) is None


def test_what_the_user_says_lies_on_what_the_tool_says() -> None:
    below = tool(
        "intune",
        ("Device ID",),
        columns={"Device ID": ColumnRule("id"), "Owner": ColumnRule("ownership")},
        words={"status": {"Enrolled": "in_use", "Gone": "lost"}},
        constants={"equipment_type": "tablet", "site": "Mairie"},
        set_aside=(RowRule("State", ("x",), "row_deleted"), RowRule("Kind", ("y",), "row_deleted")),
        keys=("id",),
    )
    user = FileMapping(
        name="mairie",
        shared=TableMapping(
            columns={"OWNER": ColumnRule("entity")},
            words={"status": {"gone": "stolen"}},
            constants={"equipment_type": "smartphone"},
            set_aside=(RowRule("state", ("z",), "row_filtered"),),
        ),
    )
    layers = layers_of(HEADER, "a.csv", mapping=user, tools=(below,))
    assert layers is not None
    assert {key: (laid.rule.column, laid.layer) for key, laid in layers.columns.items()} == {
        "device id": ("id", TOOL),
        "owner": ("entity", USER),
    }
    assert layers.words == {"status": {"enrolled": "in_use", "gone": "stolen"}}
    assert layers.constants == {"equipment_type": "smartphone", "site": "Mairie"}
    assert [rule.values for rule in layers.set_aside] == [("y",), ("z",)]
    assert layers.keys == ("id",)
    assert layers.digests == {"intune": below.digest, "mairie": user.digest}


@pytest.mark.parametrize(
    ("fields", "kind", "holds"),
    [
        ({}, "equipment", True),
        ({"sheets": ("Parc",)}, "equipment", True),
        ({"sheets": ("Achats",)}, "equipment", False),
        ({"files": ("*.csv",)}, "equipment", False),
        ({"files": ("mairie.*",)}, "equipment", True),
        ({"kind": "purchases"}, "equipment", False),
        ({"kind": "purchases"}, "purchases", True),
        ({"signature": (("Device ID",),)}, "equipment", True),
        ({"signature": (("Ticket",),)}, "equipment", False),
    ],
)
def test_a_section_of_the_user_holds_for_the_tables_that_it_names(
    fields: dict[str, object], kind: str, *, holds: bool
) -> None:
    section = TableMapping(columns={"Owner": ColumnRule("entity")}, **fields)  # type: ignore[arg-type]
    user = FileMapping(name="mairie", tables=(section,))
    layers = layers_of(HEADER, "x/mairie.xlsx[Parc]", mapping=user, tools=(), kind=kind)
    assert (layers is not None) is holds


@pytest.mark.parametrize(
    ("sections", "kind"),
    [
        ([{"kind": "purchases"}], "purchases"),
        ([{"kind": "purchases"}, {"kind": "purchases"}], "purchases"),
        ([{"kind": "purchases"}, {"kind": "disposals"}], ""),
        ([{"kind": "none"}], "none"),
        ([{"kind": "purchases"}, {"kind": "disposals", "sheets": ("Parc",)}], "disposals"),
        ([{"kind": "purchases"}, {"kind": "disposals", "sheets": ("Autre",)}], "purchases"),
        ([{"kind": "purchases", "sheets": ("Autre",)}], ""),
    ],
)
@pytest.mark.parametrize("below", [None, "equipment"])
def test_a_kind_that_names_no_table_is_said_of_all(
    sections: list[dict[str, object]], kind: str, below: str | None
) -> None:
    """What the user says of all tables goes before the tool, and what is said of one before it."""
    user = FileMapping(name="mairie", tables=tuple(TableMapping(**each) for each in sections))  # type: ignore[arg-type]
    tools = (
        () if below is None else (tool("intune", ["Device ID"], {"Device ID": "id"}, kind=below),)
    )
    layers = layers_of(HEADER, "x/mairie.xlsx[Parc]", mapping=user, tools=tools)
    assert ("" if layers is None else layers.kind) == (kind or below or "")
