"""Names that stand once in all files of a tool, marks of its numbers and values that it writes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reen
from reen import Inventory
from reen.inventory.account import Fate
from reen.tables.mapping.loading import mapping_from_toml
from reen.types import Severity

TOOL = """
name = "tool"
[[table]]
kind = "equipment"
signature = [["Thing", "Sort"]]
unique = ["id", "Base"]
[table.columns]
"Thing" = "id"
"Sort" = "equipment_type"
"Many" = "quantity"
"Power" = "power"
[[table]]
kind = "applications"
signature = [["Programme"]]
unique = ["id", "environment"]
[table.columns]
"Programme" = "id"
"Stage" = "environment"
"Guest" = "virtual_machine_id"
"""


HEADER = "Thing;Sort;Many;Base;Power\n"


def read(rows: str, more: str = "", *, tool: str = TOOL) -> Inventory:
    """Return what a text holds, read with the mapping as the user's own."""
    tool = tool.replace('"Power" = "power"\n', f'"Power" = "power"\n{more}')
    mapping = mapping_from_toml(tool, place="tool")
    return reen.read(rows.encode(), name="t.csv", mapping=mapping)


def test_the_first_row_of_a_name_counts_and_the_others_are_refused() -> None:
    """Rows 2 and 4 have one name and base; row 3 another base, row 5 none: three stay."""
    rows = "a;laptop;2;X;\na;laptop;3;Y;\na;laptop;9;X;\n;laptop;1;X;\n"
    found = read(HEADER + rows)
    assert found.table["quantity"].to_pylist() == [2.0, 3.0, 1.0]
    told = {(str(i.reason), i.severity, i.rows) for i in found.issues if i.column == "id"}
    assert told == {
        ("is in an earlier row, which is kept", Severity.REJECTED, (4,)),
        ("has no name: nothing can refer to it", Severity.NOTE, (5,)),
    }
    assert found.account.rows == 4
    assert found.account.rows_of(Fate.REFUSED) == 1
    assert "Base" in found.table.column_names, "a part of the name of a row stays"


def test_applications_are_one_in_any_case_and_need_a_name() -> None:
    """Nothing refers to an application: it is one however it is written; a blank one is refused."""
    rows = "Programme;Stage;Guest\nPaie;Test;v1\n PAIE ;test;v2\nPaie;Prod;v1\n;Test;v3\n"
    found = read(rows)
    assert found.applications["virtual_machine_id"].to_pylist() == ["v1", "v1"]
    assert found.account_of("applications").rows_of(Fate.REFUSED) == 2


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "A", ""]), st.sampled_from(["X", "Y", ""])),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=max(2, settings.default.max_examples // 12))
def test_no_row_is_lost_and_each_name_is_there(rows: list[tuple[str, str]]) -> None:
    """Rows read are those counted and refused; the names counted are the distinct names given."""
    found = read(HEADER + "".join(f"{name};laptop;1;{base};\n" for name, base in rows))
    named = {row for row in rows if row[0]}
    nameless = sum(not name for name, _ in rows)
    assert len(found) == len(named) + nameless
    assert found.account.rows == len(rows)
    assert found.account.rows_of(Fate.REFUSED) == len(rows) - len(found)


@pytest.mark.parametrize(
    ("decimal", "values"),
    [
        (",", [1250.0, 1.25]),
        (".", [1.25, 1250.0]),
        ("either", [1.25, 1.25]),
    ],
)
def test_the_marks_of_a_tool_settle_what_a_number_is(decimal: str, values: list[float]) -> None:
    """1.250 and 1,250 have two readings each, and no doubt is left where the tool says which."""
    tool = TOOL.replace('unique = ["id", "Base"]', f'decimal = "{decimal}"')
    found = read(HEADER + "a;switch;1;;1.250\nb;switch;1;;1,250\n", tool=tool)
    assert found.table["power"].to_pylist() == values
    assert not [issue for issue in found.issues if issue.severity is Severity.DOUBT]


def test_values_that_the_tool_does_not_write_are_noted_and_stay() -> None:
    """A blank cell is told where a value is expected, and a word beside the list."""
    rows = HEADER + "a;laptop;1;;\nb;;2;;\nc;screen;1;;\n"
    found = read(rows, '[table.expect]\nequipment_type = ["laptop", "scr*"]\n')
    told = [(i.value, str(i.reason), i.rows) for i in found.issues if i.column == "equipment_type"]
    assert ("", "is blank", (3,)) in told
    assert not [value for value, _, _ in told if value in ("laptop", "screen")]
    found = read(rows, '[table.expect]\nequipment_type = ["laptop", ""]\n')
    told = [(i.value, i.rows) for i in found.issues if "is known to write" in str(i.reason)]
    assert told == [("screen", (4,))]
    assert len(found) == 3
