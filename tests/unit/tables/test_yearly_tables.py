"""Lists of one fleet in several years: the latest counts, however the files are given.

The lists are invented; what is set aside stands in the account with its items.
"""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

import reen
from reen import Fate

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


def test_files_of_two_years_are_one_fleet_as_in_their_folder(tmp_path: Path) -> None:
    """S1 left in between: counted from both lists it would be five assets, and there are four."""
    files = write(tmp_path, SNAPSHOTS)
    assert counted(reen.read(tmp_path)) == (4.0, 3.0)
    for order in (files, files[::-1]):
        assert counted(reen.read(*order)) == (4.0, 3.0)


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


def test_written_inventories_of_two_years(tmp_path: Path) -> None:
    """Each has its account beside it: the one of the other year is set aside with its items."""
    files = write(tmp_path, SNAPSHOTS)
    written = []
    for file in files:
        written.append(tmp_path / "written" / file.name)
        written[-1].parent.mkdir(exist_ok=True)
        reen.write_inventory(reen.read(file), written[-1])
    assert counted(reen.read(*written)) == counted(reen.read(tmp_path / "written")) == (4.0, 3.0)
