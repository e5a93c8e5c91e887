"""Lists of one fleet in several years: the latest counts, however the files are given.

The lists are invented; what is set aside stands in the account with its items.
"""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import openpyxl
import pytest

import reen
from reen.types import Fate, Severity

from .workbooks import workbook_of

HEADER = "Type;Modèle;N° de série;Date d'achat;Fournisseur\n"


def assets(*serials: str, year: int = 2020) -> str:
    """Return a list of screens, each with its serial number."""
    return HEADER + "".join(f"Écran;P24;{each};01/02/{year};\n" for each in serials)


def write(folder: Path, files: dict[str, str]) -> list[Path]:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return [folder / name for name in files]


def counted(inventory: reen.Inventory) -> tuple[float, float]:
    """Return the items that count, and those of other years; every row is in the account."""
    account = inventory.account
    assert account.rows == sum(line.rows for line in account.lines)
    other = sum(
        line.items
        for line in account.lines
        if line.reason is not None and line.reason.code == "row_other_year"
    )
    return account.items_of(Fate.COUNTED), other


SNAPSHOTS = {
    "parc_2023.csv": assets("S1", "S2", "S3"),
    "parc_2024.csv": assets("S2", "S3", "S4", "S5"),
}


@pytest.mark.slow
def test_files_of_two_years_are_one_fleet_as_in_their_folder(tmp_path: Path) -> None:
    """S1 left in between: counted from both lists it would be five assets, and there are four."""
    files = write(tmp_path, SNAPSHOTS)
    assert counted(reen.read(tmp_path)) == (4.0, 3.0)
    for order in (files, files[::-1]):
        assert counted(reen.read(*order)) == (4.0, 3.0)


@pytest.mark.slow
def test_a_year_in_the_name_of_a_workbook(tmp_path: Path) -> None:
    """The sheets are called the same: the files tell the year."""
    files = []
    for name, text in SNAPSHOTS.items():
        book = openpyxl.Workbook()
        for row in text.splitlines():
            book.worksheets[0].append(row.split(";"))
        target = io.BytesIO()
        book.save(target)
        files.append(tmp_path / name.replace("csv", "xlsx"))
        files[-1].write_bytes(target.getvalue())
    assert counted(reen.read(*files)) == counted(reen.read(tmp_path)) == (4.0, 3.0)


@pytest.mark.parametrize(
    "files",
    [
        # different assets under one name
        {"parc_2023.csv": assets("S1", "S2"), "parc_2024.csv": assets("T1", "T2")},
        # two places
        {"mairie_2023.csv": assets("S1", "S2"), "ecoles_2024.csv": assets("T1", "T2")},
        {
            "mairie/parc_2023.csv": assets("S1", "S2"),
            "ecoles/parc_2024.csv": assets("S1", "T2", "T3"),
        },
        # what was bought in its year
        {
            "parc_2023.csv": assets("", "", year=2023),
            "parc_2024.csv": assets("", "", year=2024),
        },
        {"dotation_2023.csv": assets("", ""), "dotation_2024.csv": assets("", "", year=2021)},
    ],
    ids=["assets", "places", "folders", "bought", "allocations"],
)
def test_lists_that_add_up(files: dict[str, str], tmp_path: Path) -> None:
    """Nothing is set aside; an asset that stands in two of them counts once."""
    for found in (reen.read(*write(tmp_path, files)), reen.read(tmp_path)):
        assert counted(found) == (4.0, 0.0)


def test_purchases_of_two_years_are_a_sum(tmp_path: Path) -> None:
    text = "Date de facture;Type;Quantité;Fournisseur;PU HT\n01/02/20{};Écran;{};D;150\n"
    files = write(
        tmp_path, {"achats_2023.csv": text.format(23, 3), "achats_2024.csv": text.format(24, 4)}
    )
    assert reen.read(*files).purchases["quantity"].to_pylist() == [3.0, 4.0]


def test_the_year_that_is_wanted(tmp_path: Path) -> None:
    files = write(tmp_path, SNAPSHOTS)
    mapping = tmp_path / "own.toml"
    mapping.write_text('name = "own"\n[constants]\nyear = "2023"\n', "utf-8")
    assert counted(reen.read(*files, mapping=mapping)) == (3.0, 4.0)


@pytest.mark.slow
def test_written_inventories_of_two_years(tmp_path: Path) -> None:
    """Each has its account beside it: the one of the other year is set aside with its items."""
    files = write(tmp_path, SNAPSHOTS)
    written = []
    for file in files:
        written.append(tmp_path / "written" / file.name)
        written[-1].parent.mkdir(exist_ok=True)
        reen.write_inventory(reen.read(file), written[-1])
    assert counted(reen.read(*written)) == counted(reen.read(tmp_path / "written")) == (4.0, 3.0)


def workbook(sheets: dict[str, str]) -> bytes:
    def cells(line: str) -> list[object]:
        return [int(cell) if cell.isdecimal() else cell for cell in line.split(";")]

    return workbook_of(
        {name: [cells(line) for line in text.splitlines()] for name, text in sheets.items()}
    )


def doubts(inventory: reen.Inventory) -> list[str]:
    return [issue.reason.code for issue in inventory.account.doubts]


def in_any_order(sheets: dict[str, str]) -> reen.Inventory:
    """Return the inventory of a workbook, once it is made sure that its order changes nothing."""
    found = [
        reen.read(workbook(dict(order)), name="parc.xlsx")
        for order in itertools.permutations(sheets.items())
    ]
    assert len({str(each.account) for each in found}) == 1
    assert len({tuple(doubts(each)) for each in found}) == 1
    return found[0]


TWICE = [
    *(("Parc au 31-12-23", "Parc au 31-12-24"), ("2023-2024", "2024-2025"), ("N-1", "N")),
    *(("Archive 2022", "Parc"), ("Ancien", "Actuel"), ("Sept 23", "Sept 24")),
    *(("FY23", "FY24"), ("T1 2024", "T2 2024"), ("Inventaire 2023", "Parc informatique 2024")),
]


@pytest.mark.slow
@pytest.mark.parametrize(("old", "new"), TWICE)
def test_sheets_of_one_fleet_at_two_moments(old: str, new: str) -> None:
    """Three screens, then four of which two were there: 4 and not 5; 33 of 30 + 33 in counts."""
    sheets = {old: assets("S1", "S2", "S3"), new: assets("S2", "S3", "S4", "S5")}
    found = in_any_order(sheets)
    assert counted(found) == (4.0, 3.0)
    assert doubts(found) == []
    counts = {
        old: "Type;Quantité\nPC portable;10\nÉcran;20\n",
        new: "Type;Quantité\nPC portable;11\nÉcran;22\n",
    }
    assert counted(in_any_order(counts)) == (33.0, 30.0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("export-20231231.csv", "export-20241231.csv"),
        ("parc_sept23.csv", "parc_sept24.csv"),
        ("parc 31.12.2023.csv", "parc 31.12.2024.csv"),
        ("2023/parc.csv", "2024/parc.csv"),
        ("inventaire 2023/liste_2023.csv", "inventaire 2024/liste_2024.csv"),
    ],
)
def test_files_of_one_fleet_at_two_moments(old: str, new: str, tmp_path: Path) -> None:
    """As in one folder, so given one by one, in any order."""
    files = write(tmp_path, {old: SNAPSHOTS["parc_2023.csv"], new: SNAPSHOTS["parc_2024.csv"]})
    for found in (reen.read(tmp_path), reen.read(*files), reen.read(*reversed(files))):
        assert counted(found) == (4.0, 3.0)


def test_the_year_that_is_wanted_of_days(tmp_path: Path) -> None:
    """The list of the end of 2023, which is the later one of that year: 2 screens, not 3 or 1."""
    files = write(
        tmp_path,
        {
            "parc 30-06-2023.csv": assets("S1", "S2", "S3"),
            "parc 31-12-2023.csv": assets("S1", "S2"),
            "parc 31-12-2024.csv": assets("S1"),
        },
    )
    mapping = tmp_path / "own.toml"
    mapping.write_text('name = "own"\n[constants]\nyear = "2023"\n', "utf-8")
    found = reen.read(*files, mapping=mapping)
    assert counted(found) == (2.0, 4.0)
    assert doubts(found) == []


def test_a_year_and_a_day_in_it_are_doubted() -> None:
    """Which of "2024" and "june 2024" is later, nothing says."""
    found = in_any_order({"Parc 2024": assets("S1", "S2"), "Parc juin 2024": assets("S2", "S3")})
    assert counted(found) == (2.0, 2.0)
    assert doubts(found) == ["table_of_other_year"]


@pytest.mark.slow
def test_three_lists_of_which_the_first_and_the_last_share_nothing() -> None:
    """All was replaced in two steps: S3 is in two lists, S5 in two; 2 screens stand today."""
    sheets = {
        "2018": assets("S1", "S2", "S3"),
        "2021": assets("S3", "S4", "S5"),
        "2024": assets("S5", "S6"),
    }
    assert counted(in_any_order(sheets)) == (2.0, 6.0)


@pytest.mark.parametrize(
    "names", [("Feuil1", "Feuil2"), ("Mairie", "Écoles"), ("Parc", "Parc (2)")]
)
def test_lists_that_share_most_assets_are_doubted(names: tuple[str, str]) -> None:
    """S2 and S3 stand in both, S1 in one, S4 in the other: 4 together, which were 3 each time."""
    one, other = names
    found = in_any_order({one: assets("S1", "S2", "S3"), other: assets("S2", "S3", "S4")})
    assert counted(found) == (4.0, 0.0)
    assert doubts(found) == ["tables_share_assets"]
    (doubt,) = found.account.doubts
    assert (doubt.reason.detail("shared"), doubt.reason.detail("apart")) == (2, 2)
    assert doubt.reason in [question.reason for question in found.worklist]


@pytest.mark.slow
def test_inventory_numbers_tell_assets_as_serial_numbers_do() -> None:
    sheets = {
        name: "Type;N° d'inventaire\n" + "".join(f"Écran;{tag}\n" for tag in tags)
        for name, tags in (("A", ("UC1001", "UC1002")), ("B", ("UC1001", "UC1002", "UC1003")))
    }
    assert doubts(in_any_order(sheets)) == ["tables_share_assets"]
    apart = {
        "2023": "Type;N° d'inventaire\nÉcran;UC1\n",
        "2024": "Type;N° d'inventaire\nÉcran;UC2\n",
    }
    assert counted(in_any_order(apart)) == (2.0, 0.0)


def test_lists_of_two_tools_are_joined_without_a_doubt() -> None:
    """Other columns are another source: each may know assets that the other does not."""
    tool = "Type;Modèle;Numéro de série;Dernier contact\n" + "".join(
        f"Écran;P24;{each};2024-11-30\n" for each in ("S2", "S3", "S4")
    )
    found = in_any_order({"GLPI": assets("S1", "S2", "S3"), "Agent": tool})
    assert counted(found) == (4.0, 0.0)
    assert doubts(found) == []


def test_an_archive_of_other_assets_is_doubted() -> None:
    """They may have left the fleet: who reads the figure is told."""
    found = in_any_order({"Archives": assets("S1", "S2"), "Parc": assets("S3", "S4")})
    assert doubts(found) == ["old_list_counted"]


@pytest.mark.parametrize(
    "names", [("Parc v1", "Parc v2"), ("Janvier", "Février"), ("Parc", "Copie de Parc")]
)
def test_versions_and_months_are_doubted(names: tuple[str, str]) -> None:
    """63 items of 30 and 33: nothing says which list is the later one."""
    one, other = names
    found = in_any_order(
        {
            one: "Type;Quantité\nPC portable;10\nÉcran;20\n",
            other: "Type;Quantité\nPC portable;11\nÉcran;22\n",
        }
    )
    assert counted(found) == (63.0, 0.0)
    assert doubts(found) == ["tables_may_be_versions"]


@pytest.mark.parametrize(
    "names",
    [
        *(("Livraison 2023", "Livraison 2024"), ("Nouveaux PC 2023", "Nouveaux PC 2024")),
        *(("École 1", "École 2"), ("Parc 2023 (Mairie)", "Parc 2024 (Écoles)")),
        ("Mairie", "Écoles 2024"),
    ],
)
def test_sheets_of_places_and_of_what_came_add_up(names: tuple[str, str]) -> None:
    """10 and 11 laptops are 21."""
    found = in_any_order(
        {name: f"Type;Quantité\nPC portable;{n}\n" for name, n in zip(names, (10, 11), strict=True)}
    )
    assert counted(found) == (21.0, 0.0)
    assert doubts(found) == []


def test_what_was_bought_in_a_school_year_adds_up() -> None:
    sheets = {
        "2022-2023": HEADER + "Écran;P24;;01/10/2022;\nÉcran;P24;;01/03/2023;\n",
        "2023-2024": HEADER + "Écran;P24;;01/10/2023;\nÉcran;P24;;01/03/2024;\n",
    }
    assert counted(in_any_order(sheets)) == (4.0, 0.0)


@pytest.mark.parametrize(
    ("names", "doubted"),
    [
        (("2023", "Écrans 2024"), True),
        (("Écrans 2023", "Parc 2024"), True),
        (("Serveurs 2022", "Inventaire"), True),
        (("Parc au 31-12-2023", "Écrans (juin 2024)"), True),
        # lists of two types, and one of which no moment is known
        (("PC 2023", "Écrans 2024"), False),
        (("2023", "Écrans"), False),
        (("2024", "Écrans 2024"), False),
    ],
)
def test_a_list_of_a_year_beside_a_part_of_the_fleet_in_another_one(
    names: tuple[str, str], *, doubted: bool
) -> None:
    """10 laptops and 11 screens count; whether the newer whole has the older part is asked."""
    found = in_any_order(
        {
            name: f"Type;Quantité\n{kind};{number}\n"
            for name, kind, number in zip(names, ("PC portable", "Écran"), (10, 11), strict=True)
        }
    )
    assert counted(found) == (21.0, 0.0)
    assert doubts(found) == ["older_list_may_be_part"] * doubted


def test_a_list_of_an_earlier_year_without_a_later_one_is_counted_and_noted() -> None:
    """The schools were last counted in 2023: 12 + 5 = 17 items, of two years."""
    data = workbook_of(
        {
            "Mairie 2024": [["Type", "Nb"], ["Écran", 12], ["Serveur", 0]],
            "Écoles 2023": [["Type", "Nb"], ["Tablette", 5], ["Imprimante", 0]],
        }
    )
    found = reen.read(data, name="parc.xlsx")
    assert found.account.items_of(Fate.COUNTED) == 17.0
    (note,) = [each for each in found.issues if each.reason.code == "older_list_beside"]
    assert (note.source, note.severity) == ("parc.xlsx[Écoles 2023]", Severity.NOTE)
    assert note.reason.detail("others") == "parc.xlsx[Mairie 2024]"
