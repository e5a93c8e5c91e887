"""One asset, several records: what is merged, what is not, and what is doubted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa
import pytest

import reen
from reen import Inventory
from reen.tables.identity.merging import Merged, merge_assets
from reen.types import Fate, Severity

Read = Callable[[str], Inventory]
Row = Mapping[str, object]


@pytest.fixture
def read() -> Read:
    """Return a function that reads a text as a file, assets found once."""

    def read_text(text: str) -> Inventory:
        found = reen.read(text.encode(), name="parc.csv")
        assert isinstance(found, Inventory)
        return found

    return read_text


def table(*rows: Row) -> pa.Table:
    """Return conformed rows; those without a source are lines of one list, from 2."""
    names = sorted({name for row in rows for name in row} | {"model"})
    filled = [
        {"source": "parc.csv", "source_row": line, **dict.fromkeys(names), **row}
        for line, row in enumerate(rows, 2)
    ]
    for row, given in zip(filled, rows, strict=True):
        row["source"] = given.get("source", "parc.csv")
    return Inventory.from_arrow(pa.Table.from_pylist(filled)).table


def merged(*rows: Row) -> Merged:
    return merge_assets(table(*rows))


def kept(found: Merged) -> list[int]:
    lines: list[int] = found.table["source_row"].to_pylist()
    return lines


def told(found: Merged, severity: Severity) -> list[tuple[str, str, tuple[int, ...]]]:
    return [
        (issue.column, issue.reason.code, issue.rows)
        for issue in found.issues
        if issue.severity is severity
    ]


def doubts(found: Merged) -> list[tuple[str, str, tuple[int, ...]]]:
    return told(found, Severity.DOUBT)


PC = {"equipment_type": "laptop", "model": "Latitude 5420", "serial_number": "7ABC123"}
OLD, NEW = dt.date(2022, 3, 1), dt.date(2024, 11, 5)


# --------------------------------------------------------------- the same asset, in one list


def test_rows_that_are_alike_and_share_a_serial_are_one_asset() -> None:
    found = merged(PC, {**PC, "serial_number": " 7abc123 "}, {**PC, "serial_number": "7ABC124"})
    assert kept(found) == [2, 4]
    (merge,) = found.merges
    assert (merge.source, merge.row, merge.into_source, merge.into_row) == (
        *("parc.csv", 3),
        *("parc.csv", 2),
    )
    assert str(merge.reason) == (
        "is the same asset: the rows have the same serial number and nothing that describes it"
        " differs"
    )
    assert merge.reason.text("fr").startswith("est le même équipement")
    assert found.issues == ()


def test_rows_of_one_key_of_a_tool_are_one_asset_whatever_differs() -> None:
    """A log has a row per run: the latest counts, and says what the machine became."""
    run = {"name": "ECOLE-01", "model": "M75s", "last_seen": OLD, "ram": 16.0}
    rows = [run, {**run, "last_seen": NEW, "ram": 32.0}, {**run, "name": "ECOLE-02"}]
    assert kept(merged(*rows)) == [2, 3, 4]
    found = merge_assets(table(*rows), keys={"parc.csv": ["serial_number", "name"]})
    assert kept(found) == [3, 4]
    assert found.table["ram"].to_pylist() == [32.0, 16.0]
    (merge,) = found.merges
    assert str(merge.reason) == (
        "is the same asset: the rows have the same name, which identifies assets in the tool"
    )


def test_the_first_filled_key_decides() -> None:
    """Two serial numbers are two assets, though they share the second key."""
    rows = [
        {"serial_number": "A1B2C3", "name": "esx01", "model": "R640"},
        {"serial_number": "D4E5F6", "name": "esx01", "model": "R640"},
        {"name": "esx02", "model": "R640"},
        {"name": " ESX02", "model": "R740"},
    ]
    found = merge_assets(table(*rows), keys={"parc.csv": ["serial_number", "name"]})
    assert kept(found) == [2, 3, 4]


def test_the_key_of_one_list_is_none_of_another() -> None:
    rows = [{"name": "ECOLE-01", "model": "M75s", "source": name} for name in ("a", "a", "b", "b")]
    found = merge_assets(table(*rows), keys={"b": ["name"]})
    assert found.table["source"].to_pylist() == ["a", "a", "b"]


ENROLLED = {**PC, "purchase_date": OLD, "purchase_date_precision": "estimated"}


def test_a_date_that_stands_for_another_parts_no_rows() -> None:
    """A device that is enrolled twice has two dates of enrolment, and was bought once."""
    again = {**ENROLLED, "purchase_date": NEW}
    found = merged(ENROLLED, again, {**again, "serial_number": "7ABC124"})
    assert kept(found) == [2, 4]
    assert found.issues == ()


def test_the_day_of_a_purchase_goes_before_a_date_that_stands_for_it() -> None:
    """Though the enrolment is the earlier date, and is read first."""
    bought = {**PC, "purchase_date": NEW, "purchase_date_precision": "day"}
    found = merged(ENROLLED, bought)
    assert kept(found) == [2]
    (row,) = found.table.select(["purchase_date", "purchase_date_precision"]).to_pylist()
    assert row == {"purchase_date": NEW, "purchase_date_precision": "day"}


def test_days_of_purchase_still_part_rows_beside_an_enrolment() -> None:
    """Two days of a purchase, a year apart, are of two assets whatever an enrolment says."""
    first = {**PC, "purchase_date": OLD, "purchase_date_precision": "day"}
    assert kept(merged(first, {**first, "purchase_date": NEW}, ENROLLED)) == [2, 3, 4]


def test_what_is_seen_may_differ() -> None:
    assert kept(merged({**PC, "site": "A"}, {**PC, "site": "B"})) == [2]


@pytest.mark.parametrize("later", ["PC-12-old", "PC-12 (2)", "PC-12_copie", "pc-12.ville.example"])
def test_a_name_with_a_suffix_beside_dates_is_an_earlier_record(later: str) -> None:
    found = merged(
        {**PC, "name": later, "id": "503", "last_seen": OLD},
        {**PC, "name": "PC-12", "id": "403", "last_seen": NEW},
    )
    assert kept(found) == [3]
    assert found.merges[0].reason.code == "merged_replaced"
    assert found.table["id"].to_pylist() == ["403"]


def test_a_name_with_a_suffix_beside_a_second_identifier() -> None:
    tag = {"asset_tag": "UC215"}
    found = merged(
        {**PC, **tag, "name": "PC-12"}, {**PC, "asset_tag": "uc215", "name": "PC-12-old"}
    )
    assert kept(found) == [2]
    assert found.merges[0].reason.code == "merged_second"


def test_a_name_with_a_suffix_and_nothing_else_is_doubted() -> None:
    found = merged({**PC, "name": "PC-12"}, {**PC, "name": "PC-12-old"})
    assert kept(found) == [2, 3]
    assert doubts(found) == [("serial_number", "assets_without_proof", (2, 3))]


@pytest.mark.parametrize("apart", [0, 3, 29])
def test_days_close_together_show_no_replacement(apart: int) -> None:
    """Two blades are scanned in one week; a machine that is replaced falls silent."""
    later = OLD + dt.timedelta(days=apart)
    found = merged(
        {**PC, "name": "esx1", "id": "1", "last_seen": OLD},
        {**PC, "name": "esx1-bis", "id": "2", "last_seen": later},
    )
    assert kept(found) == [2, 3]
    assert doubts(found)


def test_states_show_that_one_record_replaces_another() -> None:
    found = merged({**PC, "id": "1", "status": "retired"}, {**PC, "id": "2", "status": "in_use"})
    assert kept(found) == [3]
    assert found.table["status"].to_pylist() == ["in_use"]


def test_an_agent_that_enrols_again_has_another_id_and_the_same_name() -> None:
    found = merged(
        {**PC, "id": "a", "name": "VAL-0001", "last_seen": NEW},
        {**PC, "id": "b", "name": "VAL-0001", "last_seen": OLD},
        {**PC, "id": "c", "name": "VAL-0002", "serial_number": "7ABC999"},
    )
    assert kept(found) == [2, 4]


def test_a_log_lists_each_machine_with_a_date_each() -> None:
    days = [dt.date(2024, month, 11) for month in range(1, 10)]
    log = [
        {"id": f"ECO-{k}", "model": "OptiPlex", "last_seen": day} for day in days for k in range(4)
    ]
    found = merged(*log)
    assert kept(found) == [34, 35, 36, 37]
    assert not doubts(found)


@pytest.mark.parametrize("column", ["serial_number", "asset_tag", "id", "Device UUID"])
def test_each_identifier_makes_one_asset(column: str) -> None:
    row = {"equipment_type": "laptop", "model": "X"}
    found = merged({**row, column: "4c4c4544-01"}, {**row, column: "4C4C4544-01"}, row, row)
    assert kept(found) == [2, 4, 5]


def test_rows_without_identifier_are_never_merged() -> None:
    row = {"equipment_type": "laptop", "model": "Latitude 7490"}
    assert kept(merged(*[row] * 4)) == [2, 3, 4, 5]
    named = {**row, "name": "PC-1"}
    assert merged(named, named).issues == ()


# -------------------------------------------------------- one identifier, several assets


@pytest.mark.parametrize("items", [5, 40, 100])
@pytest.mark.parametrize(
    "serial", ["1234567890123", "0000000001", "Chassis Serial Number", "4XK2Z4J"]
)
@pytest.mark.parametrize("last_seen", [None, NEW])
def test_a_serial_on_many_named_rows_identifies_none(
    items: int, serial: str, last_seen: dt.date | None
) -> None:
    rows = [
        {**PC, "serial_number": serial, "name": f"MON-{k:03}", "last_seen": last_seen}
        for k in range(items)
    ]
    found = merged(*rows, {**PC, "name": "MON-X"})
    assert len(kept(found)) == items + 1
    assert found.merges == ()
    assert told(found, Severity.NOTE) == [("serial_number", "identifier_on_many", (2, 3, 4, 5, 6))]
    assert not doubts(found)


@pytest.mark.parametrize("tag", ["No Asset Tag", "0000000000", "NA-01"])
def test_two_fillers_are_no_second_identifier(tag: str) -> None:
    rows = [
        {**PC, "serial_number": "Default", "asset_tag": tag, "name": f"PC-{k}"} for k in "12345"
    ]
    assert len(kept(merged(*rows))) == 5


@pytest.mark.parametrize("items", [4, 300])
def test_a_serial_on_many_rows_that_nothing_tells_apart_is_doubted(items: int) -> None:
    found = merged(*[{**PC, "serial_number": "1234567890123"}] * items)
    assert len(kept(found)) == items
    ((column, code, _),) = doubts(found)
    assert (column, code) == ("serial_number", "assets_too_many")


@pytest.mark.parametrize("name", ["Ecran", "Latitude 5420", "Latitude"])
def test_a_name_that_says_no_more_than_the_model_tells_nothing_apart(name: str) -> None:
    found = merged(*[{**PC, "name": name, "last_seen": NEW}] * 50)
    assert len(kept(found)) == 50
    assert doubts(found)


@pytest.mark.parametrize("other", [{}, {"id": "1", "site": "A"}])
def test_words_in_the_place_of_a_serial_are_doubted_even_twice(other: Row) -> None:
    row = {**PC, "serial_number": "En attente", **other}
    found = merged({**row, "ram": 8.0}, {**row, "ram": 16.0} if other else row)
    assert kept(found) == [2, 3]
    assert ("serial_number", "assets_without_proof", (2, 3)) in doubts(found)


@pytest.mark.parametrize("lists", [("parc.csv", "parc.csv"), ("parc.csv", "mdm.csv")])
def test_a_name_beside_words_in_the_place_of_a_serial_is_a_name_alone(
    lists: tuple[str, str],
) -> None:
    row = {**PC, "serial_number": "En attente", "name": "PC-7"}
    found = merged(*[{**row, "source": source} for source in lists])
    assert len(kept(found)) == 2
    assert doubts(found)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("asset_tag", ("1001", "1002")),
        ("Device UUID", ("4c4c4544-1", "4c4c4544-2")),
    ],
)
def test_another_identifier_is_another_asset(column: str, values: tuple[str, str]) -> None:
    found = merged({**PC, column: values[0]}, {**PC, column: values[1]})
    assert kept(found) == [2, 3]
    assert told(found, Severity.NOTE) == [("serial_number", "assets_contradict", (2, 3))]
    assert not doubts(found)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("equipment_type", ("laptop", "desktop")),
        ("model", ("Latitude 5420", "OptiPlex 7090")),
        ("purchase_date", (OLD, NEW)),
        ("price", (650.0, 900.0)),
    ],
)
def test_one_other_description_is_kept_and_doubted(
    column: str, values: tuple[object, object]
) -> None:
    rows = [
        {**PC, "asset_tag": "UC99", "last_seen": day, column: value}
        for day, value in zip((OLD, NEW), values, strict=True)
    ]
    found = merged(*rows)
    assert kept(found) == [2, 3]
    assert {code for _, code, _ in doubts(found)} == {"assets_contradict"}


@pytest.mark.parametrize(
    "second",
    [{"asset_tag": "UC99"}, {"id": "17", "site": "Accueil"}, {"N°": "17", "Service": "Accueil"}],
)
def test_an_asset_that_a_second_identifier_shows_may_be_in_another_section(second: Row) -> None:
    """A line added below the last section of a sheet repeats one of the first."""
    others = [{"model": "X", "N°": str(k)} for k in range(30, 45)]
    rows = [{**PC, **second, "entity": each} for each in ("Mairie", "Ecole")]
    found = merged(*rows, *others)
    assert kept(found) == [2, *range(4, 19)]
    assert told(found, Severity.NOTE) == [("entity", "merged_values_differ", (2, 3))]


@pytest.mark.parametrize("other", [{}, {"id": "1"}, {"name": "Ecran"}, {"Etage": "1"}])
def test_another_entity_is_doubted_without_one(other: Row) -> None:
    """Ids that start anew in each section prove nothing where the place differs too."""
    rows = [{**PC, **other, "entity": each, "site": each} for each in ("Mairie", "Ecole")]
    found = merged(*rows, {"model": "X", "Etage": "1"})
    assert kept(found) == [2, 3, 4]
    assert ("serial_number", "assets_contradict", (2, 3)) in doubts(found)


def test_tag_entity_and_date_make_two_assets_of_one_serial() -> None:
    found = merged(
        {**PC, "name": "PC-1", "asset_tag": "1001", "entity": "Mairie", "purchase_date": OLD},
        {**PC, "name": "PC-2", "asset_tag": "1002", "entity": "Ecole", "purchase_date": NEW},
    )
    assert kept(found) == [2, 3]
    assert not doubts(found)


def test_an_unknown_type_contradicts_nothing() -> None:
    found = merged({**PC, "equipment_type": None}, PC, {**PC, "equipment_type": "Zorglub"})
    assert kept(found) == [2]
    assert found.table["equipment_type"].to_pylist() == ["laptop"]


@pytest.mark.parametrize("serial", ["8939010102358470000", "1,23457E+18", "8.93901E+18"])
@pytest.mark.parametrize("name", [("Tab 1", "Tab 2", "Tab 3"), ("", "", "")])
def test_a_rounded_serial_proves_nothing(serial: str, name: Sequence[str]) -> None:
    found = merged(*[{**PC, "serial_number": serial, "name": each} for each in name])
    assert kept(found) == [2, 3, 4]
    assert told(found, Severity.NOTE) == [("serial_number", "identifier_rounded", (2, 3, 4))]


def test_other_names_and_dates_are_not_enough() -> None:
    found = merged(
        {**PC, "name": "PC-1", "last_seen": OLD}, {**PC, "name": "PC-8", "last_seen": NEW}
    )
    assert kept(found) == [2, 3]
    assert doubts(found) == [("serial_number", "assets_of_other_names", (2, 3))]


def test_lines_numbered_anew_in_each_section_are_no_identifiers() -> None:
    row = {"equipment_type": "laptop", "model": "X"}
    found = merged({**row, "id": "1", "site": "A"}, {**row, "id": "1", "site": "B"})
    assert kept(found) == [2, 3]


# --------------------------------------------------------------------------- quantities


def test_a_quantity_beside_one_serial_is_kept() -> None:
    rows = [{**PC, "id": "1", "quantity": 4.0}, {**PC, "id": "1", "quantity": 1.0}]
    found = merged(*rows)
    assert found.table["quantity"].to_pylist() == [4.0]
    assert told(found, Severity.NOTE) == [("quantity", "merged_values_differ", (2, 3))]


@pytest.mark.parametrize("other", [4.0, 6.0])
def test_two_rows_of_several_items_are_two(other: float) -> None:
    found = merged({**PC, "quantity": 4.0}, {**PC, "quantity": other})
    assert found.table["quantity"].to_pylist() == [4.0, other]
    assert doubts(found) == [("serial_number", "assets_of_several_items", (2, 3))]


def test_several_items_in_two_lists_are_one_row_when_all_agrees() -> None:
    several = {**PC, "quantity": 4.0}
    assert len(kept(merged({**several, "source": "a"}, {**several, "source": "b"}))) == 1
    other = merged({**several, "source": "a"}, {**several, "source": "b", "quantity": 5.0})
    assert len(kept(other)) == 2
    assert doubts(other)


# -------------------------------------------------------------------------- several lists


def two_lists(left: Sequence[Row], right: Sequence[Row]) -> Merged:
    rows = [{**row, "source": "glpi.csv"} for row in left]
    rows += [{**row, "source": "mdm.csv"} for row in right]
    return merged(*rows)


def test_two_lists_of_one_fleet() -> None:
    fleet = [{**PC, "name": f"PC-{k}", "serial_number": f"ABC{k}"} for k in (1, 2)]
    found = two_lists(fleet, fleet)
    assert found.table["source"].to_pylist() == ["glpi.csv"] * 2
    assert [(merge.source, merge.row, merge.into_row) for merge in found.merges] == [
        ("mdm.csv", 4, 2),
        ("mdm.csv", 5, 3),
    ]
    assert not found.issues


def test_lists_name_and_describe_an_asset_each_in_its_way() -> None:
    left = [
        {
            "serial_number": f"ABC{k}",
            "name": f"PC-{k}",
            "model": "Latitude 5420",
            "manufacturer": "Dell Inc.",
            "entity": "Ville > Mairie",
        }
        for k in range(4)
    ]
    right = [
        {
            "serial_number": f"ABC{k}",
            "name": f"portable {k + 70}",
            "model": "Dell Latitude 5420",
            "manufacturer": "DELL",
            "entity": "Mairie",
        }
        for k in range(4)
    ]
    assert len(kept(two_lists(left, right))) == 4


def test_one_serial_in_two_lists_that_share_nothing_else_is_doubted() -> None:
    left = [{**PC, "serial_number": f"A{k}BC", "name": f"PC-{k}"} for k in range(9)]
    right = [{**PC, "serial_number": f"Z{k}BC", "name": f"PC-{k + 50}"} for k in range(9)]
    right[3] = {**right[3], "serial_number": "A3BC"}
    found = two_lists(left, right)
    assert len(kept(found)) == 18
    ((column, code, rows),) = doubts(found)
    assert (column, code, rows) == ("serial_number", "assets_of_other_names", (5,))
    assert str(found.issues[0].expected) == "one row per asset; the others are in mdm.csv: 14"


def test_blades_of_one_chassis_in_two_lists_are_doubted() -> None:
    blades = [{**PC, "name": f"esx{k:02}"} for k in range(5)]
    found = two_lists(blades, blades)
    assert len(kept(found)) == 10
    assert doubts(found) == [("serial_number", "assets_repeat_in_lists", (2, 3, 4, 5, 6))]


@pytest.mark.parametrize(
    "other", [{"equipment_type": "desktop"}, {"asset_tag": "UC2"}, {"model": "OptiPlex 3000"}]
)
def test_lists_that_contradict_each_other_are_doubted(other: Row) -> None:
    found = two_lists([{**PC, "asset_tag": "UC1"}], [{**PC, **other}])
    assert len(kept(found)) == 2
    assert doubts(found)


def test_short_numbers_of_two_lists_are_not_compared() -> None:
    left = [{"model": "X", "asset_tag": str(k), "name": f"PC-{k}"} for k in range(1, 9)]
    right = [{"model": "Y", "asset_tag": str(k), "name": f"TAB-{k}"} for k in range(1, 9)]
    found = two_lists(left, right)
    assert len(kept(found)) == 16
    assert not doubts(found)


def test_the_same_id_in_two_lists_says_nothing() -> None:
    row = {"equipment_type": "laptop", "model": "X", "id": "403"}
    found = two_lists([row], [row])
    assert len(kept(found)) == 2
    assert not found.issues


def test_which_list_gives_which_field() -> None:
    """The last contact gives state and user, the list of purchases gives date, price and entity."""
    assets = {
        **PC,
        "asset_tag": "UC1",
        "name": "PC-1",
        "purchase_date": dt.date(2021, 3, 12),
        "price": 900.0,
        "entity": "Mairie",
        "status": "in_stock",
        "user_id": "u1",
    }
    mdm = {
        **PC,
        "name": "PC-1",
        "last_seen": NEW,
        "status": "in_use",
        "user_id": "u2",
        "entity": "Ville > Mairie",
        "ram": 16.0,
    }
    found = two_lists([assets], [mdm])
    (row,) = found.table.to_pylist()
    assert (row["source"], row["status"], row["user_id"], row["last_seen"], row["ram"]) == (
        *("mdm.csv", "in_use", "u2"),
        *(NEW, 16.0),
    )
    assert (row["asset_tag"], row["purchase_date"], row["price"], row["entity"]) == (
        *("UC1", dt.date(2021, 3, 12)),
        *(900.0, "Mairie"),
    )


def test_lists_of_which_one_says_gone_are_doubted_without_a_date() -> None:
    row = {**PC, "name": "PC-1"}
    found = two_lists([{**row, "status": "retired"}], [{**row, "status": "in_use"}])
    assert found.table["status"].to_pylist() == ["in_use"]
    assert doubts(found) == [("status", "merged_states_contradict", (2,))]


# ------------------------------------------------------------------- through the importer


def lines(found: Inventory) -> list[int]:
    rows: list[int] = found.table["source_row"].to_pylist()
    return rows


def test_the_same_serial_number_in_a_file(read: Read) -> None:
    found = read("Type;N° de série;Site\nPC;xbq1;A\nPC;XBQ2;B\nPC; XBQ1 ;C\n")
    assert lines(found) == [2, 3]
    assert found.account.rows_of(Fate.MERGED) == 1
    assert found.account.rows == 3


def test_empty_cells_are_filled_from_the_others(read: Read) -> None:
    found = read(
        "Type;N° de série;Dernier inventaire;Modèle;Site;Entité\n"
        "PC;A1;2024-05-01;;;\nPC;A1;2023-01-01;OptiPlex;S1;\nPC;A1;2022-01-01;;S2;E2\n"
    )
    assert lines(found) == [2]
    row = found.table.to_pylist()[0]
    assert (row["model"], row["site"], row["entity"]) == ("OptiPlex", "S1", "E2")
    assert row["last_seen"].year == 2024


def test_the_inventory_number_serves_where_there_is_no_serial(read: Read) -> None:
    found = read(
        "Type;N° de série;N° inventaire\nPC;;UC1\nPC;;uc1\nPC;A1;UC2\nPC;B2;UC2\n"
        "PC;00000000;UC3\nPC;;UC3\n"
    )
    assert lines(found) == [2, 4, 5, 6]


def test_rows_of_one_id_that_differ_are_kept_and_told(read: Read) -> None:
    found = read("id;Type;Quantité\nlot-1;PC portable;120\nlot-1;PC fixe;5\nlot-2;UPS;1\n")
    assert found.table["quantity"].to_pylist() == [120.0, 5.0, 1.0]
    (issue,) = found.issues
    assert str(issue) == (
        "parc.csv, row 2, 3, column 'id': 'lot-1' is on rows that differ in equipment_type; all"
        " of them are counted; expected one identifier per asset, and one row (noted)"
    )


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 10_000])
def test_many_assets_many_times(read: Read, rows: int) -> None:
    """Each asset on two lines, in another order the second time; the second has the site."""
    first = "".join(f"PC;S{k};2024-01-01;\n" for k in range(rows))
    second = "".join(f"PC;s{k};2023-01-01;site {k}\n" for k in reversed(range(rows)))
    found = read(f"Type;N° de série;Dernier inventaire;Site\n{first}{second}")
    assert found.account.rows_of(Fate.MERGED) == rows
    assert lines(found) == list(range(2, rows + 2))
    assert found.table["site"].to_pylist() == [f"site {k}" for k in range(rows)]
