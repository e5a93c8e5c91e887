"""An answer about a whole table serves it however its file is named, and no other table."""

from __future__ import annotations

from pathlib import Path

import reen
from reen.tables.mapping.answers import worklist_to_csv
from reen.tables.mapping.saving import text_of, understood
from reen.types import Severity

#: The sites have 1 + 3 = 4 laptops, where the last line says 5.
FLEET = "Site;PC portable;Écran\nMairie;1;2\nÉcole;3;4\nTotal;5;6\n"


def written(path: Path, text: str = FLEET) -> Path:
    """Write a file, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def doubts(inventory: reen.Inventory) -> list[str]:
    """Return the codes of the doubts."""
    return [each.reason.code for each in inventory.issues if each.severity is Severity.DOUBT]


def answered(inventory: reen.Inventory, path: Path) -> Path:
    """Write the worklist with yes to its one question, the doubt."""
    lines = worklist_to_csv(inventory.worklist, language="en").splitlines()
    head = lines[0].lstrip("\ufeff").split(";")
    (line,) = (each.split(";") for each in lines[1:] if each.endswith("matrix_total"))
    line[head.index("answer")] = "yes"
    return written(path, f"{';'.join(head)}\n{';'.join(line)}\n")


def test_the_answer_for_a_file_serves_its_folder_and_the_other_way(tmp_path: Path) -> None:
    """By itself, in its folder, and in the folder of its folder, it is one file."""
    path = written(tmp_path / "ville" / "2025" / "parc.csv")
    ways = (path, path.parent, path.parent.parent)
    for number, way in enumerate(ways):
        inventory = reen.read(way)
        assert doubts(inventory) == ["matrix_total"]
        answers = answered(inventory, tmp_path / f"q{number}.csv")
        for other in ways:
            assert doubts(reen.read(other, mapping=answers)) == []


def test_the_answer_for_a_file_serves_no_other_one_of_its_name(tmp_path: Path) -> None:
    """Control: of two files of one name nothing says which one was meant; next year is asked."""
    path = written(tmp_path / "a" / "parc.csv")
    answers = answered(reen.read(path), tmp_path / "q.csv")
    in_folder = answered(reen.read(path.parent), tmp_path / "q2.csv")
    other = written(
        tmp_path / "b" / "parc.csv", FLEET.replace("3;4", "2;4").replace("École", "Lycée")
    )
    both = reen.read(path, other)
    assert doubts(both) == doubts(reen.read(path, other, mapping=answers)) == ["matrix_total"] * 2
    assert doubts(reen.read(path, other, mapping=in_folder)) == ["matrix_total"]
    assert doubts(reen.read(other, mapping=in_folder)) == ["matrix_total"]


def test_a_saved_mapping_serves_both_ways_of_naming_its_files(tmp_path: Path) -> None:
    """Two files whose one header is read otherwise: 2 + 3 items, by folder or one by one."""
    one = written(tmp_path / "2025" / "un.csv", "Zig;Nombre\nPC portable;2\n")
    two = written(tmp_path / "2025" / "deux.csv", "Zig;Type;Nombre\nMairie;Écran;3\n")
    rules = written(
        tmp_path / "m.toml",
        'name = "m"\n[[table]]\nfiles = ["un.csv"]\n[table.columns]\nZig = "equipment_type"\n'
        '[[table]]\nfiles = ["deux.csv"]\n[table.columns]\nZig = "site"\n',
    )
    ways: list[list[Path]] = [[one.parent], [one, two]]
    for way in ways:
        found = reen.read(*way, mapping=rules)
        assert found.report is not None
        read = found.report.columns_read
        saved = written(tmp_path / "s.toml", text_of(understood(read, name="s"), read))
        for other in ways:
            again = reen.read(*other, mapping=saved).table
            assert sorted(again["equipment_type"].to_pylist()) == ["laptop", "monitor"]
            assert [each for each in again["site"].to_pylist() if each] == ["Mairie"]
