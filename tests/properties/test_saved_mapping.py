"""A mapping saved from a read and replayed gives an equal inventory, account and doubts.

Tables are of headers of all sorts: known in both languages, with units, known to several columns,
unknown, twice the same; the law holds whatever they hold.
"""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.inventory.issues import ColumnRead
from reen.plugin.files import ColumnRule, FileMapping, TableMapping
from reen.tables.mapping.loading import mapping_from_toml
from reen.tables.mapping.saving import text_of, understood

HEADERS = {
    "Type": ["PC portable", "Écran", "Truc", ""],
    "Modèle": ["Latitude 5420", "Galaxy A53", ""],
    "Désignation": ["PC portable", "Serveur"],
    "Quantité": ["1", "2", "x", ""],
    "Nb de postes": ["3", "4"],
    "Site": ["Mairie", "Annexe", ""],
    "Lieu": ["Salle 1", ""],
    "Numéro de série": ["A1", "A2", "A3", ""],
    "Date d'achat": ["01/02/2020", "2021-03-04", ""],
    "Mise en service": ["05/06/2021", ""],
    "Conso (kWh/an)": ["40", "55,5", ""],
    "Conso": ["120 W", "80 W"],
    "Durée de vie (mois)": ["60", "48", ""],
    "Prix TTC": ["1 200,50", ""],
    "Statut": ["En service", "Réformé", "?"],
    "Pays": ["France", "Belgique", "Bretagne"],
    "Remarque": ["vieux", ""],
    "Utilisateur": ["a.b", "c.d"],
    "Parc": ["A", "B"],
}


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    headers = draw(st.lists(st.sampled_from(sorted(HEADERS)), min_size=1, max_size=7, unique=True))
    if not {"Type", "Modèle"} & set(headers):
        headers.insert(0, "Type")
    rows = draw(
        st.lists(
            st.tuples(*(st.sampled_from(HEADERS[header]) for header in headers)),
            min_size=1,
            max_size=6,
        )
    )
    lines = [headers, *rows]
    return "\n".join(";".join(cells) for cells in lines).encode() + b"\n"


def read_again(
    found: reen.Inventory, *sources: object, said: FileMapping | None = None, **options: object
) -> tuple[FileMapping, reen.Inventory]:
    """Return the mapping that a read gives, and what it reads of the same sources."""
    assert found.report is not None
    columns = options.pop("columns", None)
    country = options.pop("country", None)
    mapping = understood(
        found.report.columns_read,
        name="saved",
        said=said,
        columns=columns,  # type: ignore[arg-type]
        country=country,  # type: ignore[arg-type]
    )
    text = text_of(mapping, found.report.columns_read)
    saved = mapping_from_toml(text, place="saved.toml")
    assert saved == mapping
    return saved, reen.read(*sources, mapping=saved, **options)  # type: ignore[arg-type]


def same(one: reen.Inventory, other: reen.Inventory) -> None:
    assert other.table.schema.equals(one.table.schema, check_metadata=True)
    # as text: a number that cannot be read is nan, which equals nothing
    assert repr(other.table.to_pydict()) == repr(one.table.to_pydict())
    assert other.account == one.account
    assert other.issues == one.issues
    assert one.report is not None
    assert other.report is not None
    assert other.report.mapped == one.report.mapped
    assert other.report.kept == one.report.kept


@pytest.mark.slow
@given(data=tables())
def test_replaying_a_saved_mapping_changes_nothing(data: bytes) -> None:
    try:
        found = reen.read(data, name="parc.csv")
    except reen.errors.InventoryError:
        return  # two columns claim one meaning, or no row is equipment: nothing was understood
    same(found, read_again(found, data, name="parc.csv")[1])


def test_what_the_user_says_is_saved_with_the_rest() -> None:
    data = b"Type;Parc;Bureau\nGros PC;Mairie;12\n"
    said = FileMapping(
        name="mairie",
        shared=TableMapping(words={"equipment_type": {"Gros PC": "workstation"}}),
    )
    options = {"columns": {"Parc": "entity", "Bureau": ""}, "country": "FR"}
    found = reen.read(data, name="parc.csv", mapping=said, **options)  # type: ignore[arg-type]
    saved, again = read_again(found, data, name="parc.csv", said=said, **options)
    same(found, again)
    assert saved.shared.constants == {"country": "FR"}
    assert {h: rule.column for h, rule in saved.shared.columns.items()} == {
        "Parc": "entity",
        "Bureau": "",
        "Type": "equipment_type",
    }


def test_a_header_that_two_tables_read_otherwise_stands_in_a_section_of_each(
    tmp_path: Path,
) -> None:
    """Sites in one file are owners in the other, as its own mapping said."""
    paths = [tmp_path / "a.csv", tmp_path / "b [2].csv"]
    for path, kind in zip(paths, ("PC portable", "Serveur"), strict=True):
        path.write_text(f"Type;Site\n{kind};x\n", encoding="utf-8")
    said = FileMapping(
        name="mairie",
        tables=(TableMapping(files=("b*",), columns={"Site": ColumnRule("entity")}),),
    )
    found = reen.read(*paths, mapping=said)
    saved, again = read_again(found, *paths, said=None)
    same(found, again)
    assert [table.files for table in saved.tables] == [("a.csv",), ("b [[]2].csv",)]


@pytest.mark.slow
def test_a_mapping_of_two_files_reads_each_of_them(tmp_path: Path) -> None:
    """What the other file has is noted; one that has none of its headers is refused."""
    fleet, screens, other = (tmp_path / f"{name}.csv" for name in ("parc", "ecrans", "divers"))
    fleet.write_text("Type;Quantité\nLaptop;12\n", "utf-8")
    screens.write_text("Catégorie;Nb\nÉcran;10\n", "utf-8")
    other.write_text("Modèle;Unités\nLatitude 5420;10\n", "utf-8")
    saved, _ = read_again(reen.read(fleet, screens), fleet, screens)
    assert saved.several_files
    for path, items, missing in ((fleet, 12.0, "'Nb', 'Catégorie'"), (screens, 10.0, "'Type'")):
        found = reen.read(path, mapping=saved)
        assert found.table["quantity"].to_pylist() == [items]
        (told,) = (i for i in found.issues if i.reason.code == "mapping_of_other_files")
        assert missing in str(told)
    assert not [
        issue
        for issue in reen.read(fleet, screens, mapping=saved).issues
        if issue.reason.code == "mapping_of_other_files"
    ]
    with pytest.raises(reen.errors.InventoryError, match="names headers that no table has"):
        reen.read(other, mapping=saved)


def test_headers_that_nothing_knows_are_lines_to_fill_in() -> None:
    found = reen.read(b"Type;Remarque\nPC portable;x\n", name="parc.csv")
    assert found.report is not None
    read = found.report.columns_read
    text = text_of(understood(read, name="mairie"), read)
    assert '\n# Remarque = "keep"\n' in text
    filled = text.replace("# Remarque", "Remarque").replace("\n# ", "\n#")
    lines = filled.splitlines()
    moved = "\n".join(line for line in lines if not line.startswith("#"))
    assert mapping_from_toml(moved, place="x").shared.columns["Remarque"].column == "keep"


def test_a_unit_is_saved_with_its_column() -> None:
    found = reen.read("Type;Conso (Wh/an)\nÉcran;40\n".encode(), name="parc.csv")
    saved, _ = read_again(found, "Type;Conso (Wh/an)\nÉcran;40\n".encode(), name="parc.csv")
    assert saved.shared.columns["Conso (Wh/an)"] == ColumnRule("annual_energy", unit="Wh/year")


@pytest.mark.parametrize("field", ["precision", "unit"])
def test_the_report_says_what_a_mapping_said(field: str) -> None:
    rule = ColumnRule("purchase_date", precision="estimated")
    if field == "unit":
        rule = ColumnRule("lifetime", unit="month")
    said = FileMapping(name="m", shared=TableMapping(columns={"X": rule}))
    data = {"unit": b"Type;X\nTablette;36\n", "precision": b"Type;X\nTablette;2022-01-02\n"}[field]
    found = reen.read(data, name="parc.csv", mapping=said)
    saved, again = read_again(found, data, name="parc.csv")
    assert saved.shared.columns["X"] == rule
    assert attrs.asdict(again.account) == attrs.asdict(found.account)
    same(found, again)


def test_what_differs_by_sheet_is_saved_without_the_year_of_its_name() -> None:
    """Of one workbook, whatever it is called: next year's has another name, and other years."""
    read = [
        ColumnRead(source="parc.xlsx[Parc]", header="Quoi", column="equipment_type", sure=True),
        ColumnRead(source="parc.xlsx[Sortis 2024]", header="Quoi", column="recipient", sure=True),
    ]
    saved = understood(read, name="m")
    assert [(each.sheets, each.files) for each in saved.tables] == [
        (("Parc",), ()),
        (("Sortis *",), ()),
    ]


def test_two_years_of_a_sheet_that_differ_keep_their_names() -> None:
    read = [
        ColumnRead(source="a.xlsx[Parc 2023]", header="Quoi", column="equipment_type", sure=True),
        ColumnRead(source="a.xlsx[Parc 2024]", header="Quoi", column="model", sure=True),
        ColumnRead(source="b 2024.csv", header="Quoi", column="entity", sure=True),
    ]
    saved = understood(read, name="m")
    assert [(each.sheets, each.files) for each in saved.tables] == [
        (("Parc 2023",), ("a.xlsx",)),
        (("Parc 2024",), ("a.xlsx",)),
        ((), ("b *.csv",)),
    ]


def test_a_header_of_one_sheet_that_another_year_has_not_is_noted() -> None:
    """A mapping of this year reads the file of last year, with the old name of a column."""
    rule = TableMapping(sheets=("parc",), columns={"Depuis": ColumnRule("purchase_date")})
    shared = TableMapping(columns={"Type": ColumnRule("equipment_type")})
    said = FileMapping(name="mairie", shared=shared, tables=(rule,), several_files=True)
    last = reen.read("Type;Acheté le\nÉcran;12/03/2021\n".encode(), name="parc.csv", mapping=said)
    (note,) = [each for each in last.issues if each.reason.code == "mapping_of_other_files"]
    assert note.reason.detail("headers") == "'Depuis'"
    with pytest.raises(reen.errors.InventoryError, match="'Depuis'"):
        reen.read(
            "Type;Acheté le\nÉcran;12/03/2021\n".encode(),
            name="parc.csv",
            mapping=attrs.evolve(said, several_files=False),
        )
