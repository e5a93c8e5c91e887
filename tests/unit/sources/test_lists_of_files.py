"""A list of files is read as their folder is: what is readable counts, what is not is named."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import reen
from reen.errors import FileFormatError, InventoryError
from reen.types import Fate

FLEET = "Type;Nombre\nPC portable;12\nÉcran;3\n"
TICKETS = (
    "Ticket;Ouvert le;Priorité;Demandeur;Résumé\n"
    "12;2025-01-01;haute;a;Imprimante en panne\n13;2025-01-02;basse;b;Mot de passe\n"
)
#: A table of something that no header explains, which may be equipment: 5 rows.
RIDDLE = "Zig;Zag;Zog\n" + "".join(f"a{k};b{k};c{k}\n" for k in range(5))


def files(folder: Path, **texts: str) -> list[Path]:
    """Write some files into a folder of that name."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return [folder / f"{name}.csv" for name in texts]


def counted(inventory: reen.Inventory) -> tuple[float, int, int, int]:
    """Return the items, and the rows counted, set aside and refused."""
    account = inventory.account
    fates = (Fate.COUNTED, Fate.SET_ASIDE, Fate.REFUSED)
    return (
        sum(inventory.table["quantity"].to_pylist()),
        *(account.rows_of(fate) for fate in fates),
    )


def test_a_list_of_files_counts_what_its_folder_does(tmp_path: Path) -> None:
    """12 + 3 = 15 items in 2 rows; 2 tickets are set aside, and 5 rows may be equipment."""
    paths = files(tmp_path / "parc", fleet=FLEET, tickets=TICKETS, riddle=RIDDLE)
    listed, folder = reen.read(*paths), reen.read(tmp_path / "parc")
    assert counted(listed) == counted(folder) == (15, 2, 2, 5)
    assert listed.worklist.refused == folder.worklist.refused == 5
    assert any(
        issue.source == "riddle.csv" and issue.severity == "rejected" for issue in listed.issues
    )


def test_no_total_of_a_list_with_a_file_that_is_not_read_is_complete(tmp_path: Path) -> None:
    """The 5 rows of the riddle may be equipment: what is measured is a least."""
    paths = files(tmp_path / "parc", fleet=FLEET, riddle=RIDDLE)
    for given, refused in ((paths[:1], 0), (paths, 5), ([tmp_path / "parc"], 5)):
        footprint = reen.measure(reen.read(*given, country="FR"), "base-carbone")
        assert footprint.coverage.account.rows_of(Fate.REFUSED) == refused
        assert footprint.total("climate_change").complete is not bool(refused)


def test_a_blank_file_beside_a_fleet_is_named(tmp_path: Path) -> None:
    """A file of blank lines has no row; that it is there is told, in a list and in a folder."""
    paths = files(tmp_path / "parc", fleet=FLEET, blank="\n\n;;\n")
    for inventory in (reen.read(*paths), reen.read(tmp_path / "parc")):
        assert counted(inventory) == (15, 2, 0, 0)
        assert [each.source.rpartition("/")[2] for each in inventory.issues] == ["blank.csv"]


def test_a_list_without_a_readable_file_says_what_is_wrong_with_each(tmp_path: Path) -> None:
    """Control: nothing is readable, and each file is named."""
    paths = files(tmp_path / "parc", tickets=TICKETS, riddle=RIDDLE)
    with pytest.raises(InventoryError) as caught:
        reen.read(*paths)
    assert "tickets.csv" in str(caught.value)
    assert "riddle.csv" in str(caught.value)


def test_a_file_that_does_not_exist_is_an_error_in_any_list(tmp_path: Path) -> None:
    """Control: what was named and is not there is a mistake of whoever typed it."""
    (path,) = files(tmp_path / "parc", fleet=FLEET)
    with pytest.raises(FileFormatError, match=r"none\.csv"):
        reen.read(path, tmp_path / "none.csv")


#: A list whose types stand under a header that nothing explains, and one that needs no help.
LINES = "Zig;Nombre\nTéléphone portable;4\nTablette;2\n"


def test_a_column_named_for_one_file_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    """12 + 3 items of the fleet and 4 + 2 of the lines: 21 in 4 rows, nothing refused."""
    paths = files(tmp_path / "parc", fleet=FLEET, lines=LINES, tickets=TICKETS)
    for given in (paths, [tmp_path / "parc"]):
        found = reen.read(*given, columns={"Zig": "equipment_type"})
        assert counted(found) == (21, 4, 2, 0)


def test_a_column_of_no_file_is_an_error(tmp_path: Path) -> None:
    """Control: a misspelt header is named, whatever is readable without it."""
    paths = files(tmp_path / "parc", fleet=FLEET, lines=LINES)
    for given in (paths, paths[:1], paths[1:], [tmp_path / "parc"]):
        with pytest.raises(InventoryError, match="no header 'Zag'"):
            reen.read(*given, columns={"Zag": "equipment_type"})


def test_a_column_named_for_one_file_beside_a_parquet_file(tmp_path: Path) -> None:
    """4 + 2 items of the lines, and the 3 of the Parquet file, whose headers are others."""
    (lines,) = files(tmp_path / "parc", lines=LINES)
    written = tmp_path / "parc.parquet"
    pq.write_table(pa.table({"equipment_type": ["laptop"], "quantity": [3.0]}), written)
    assert counted(reen.read(lines, written, columns={"Zig": "equipment_type"}))[:2] == (9, 3)
