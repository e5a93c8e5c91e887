"""No program loses what it read: the one writer refuses the files of its inputs, by any name."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as pa_dataset
import pyarrow.parquet as pq
import pytest

import reen
from reen.gate import reads
from reen.plugin import files as plugin_files
from reen.verbs.spreadsheets import write_workbook

CITY = Path(__file__).resolve().parents[2] / "examples" / "ville"
AS_OF = "2025-12-31"

FLEET = "id,equipment_type,quantity,lifetime,country\nPC-1,laptop,12,5,FR\nPC-2,desktop,3,5,FR\n"
FACTORS = (
    "flow,name,reference_unit,stage,criterion,value,unit,equipment_type,source,licence\n"
    "lap,Laptop,item,manufacturing,climate_change,156,kgCO2e,laptop,own,x\n"
)
MAPPING = 'name = "mairie"\n[words.equipment_type]\n"Gros PC" = "workstation"\n'
SHARING = (
    'column = "entity"\n[perimeters]\nville = "Ville"\nccas = "CCAS"\n[rows]\nagents = "ville"\n'
)
HEADCOUNT = "date,headcount\n2025-12-31,1650\n"
LAPTOP = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")


def unused() -> reen.Footprint:
    """Return a result that was made from no file."""
    return reen.measure(LAPTOP, "base-carbone", as_of=AS_OF)


# -- every kind of input ---------------------------------------------------------------------------


def inventory(folder: Path) -> Path:
    path = folder / "parc.csv"
    path.write_text(FLEET, "utf-8")
    reen.read(path)
    return path


def open_file(folder: Path) -> Path:
    path = folder / "parc.csv"
    path.write_text(FLEET, "utf-8")
    with path.open("rb") as file:
        reen.read(file)
    return path


def member_of_a_folder(folder: Path) -> Path:
    path = folder / "files" / "2025" / "parc.csv"
    path.parent.mkdir(parents=True)
    path.write_text(FLEET, "utf-8")
    reen.measure(folder / "files", "base-carbone", as_of=AS_OF)
    return path


def archive(folder: Path) -> Path:
    path = folder / "parc.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("parc.csv", FLEET)
    reen.read(path)
    return path


def parquet(folder: Path) -> Path:
    """Return a file that is measured piece by piece, and never held."""
    path = folder / "parc.parquet"
    pq.write_table(pa.table({"equipment_type": ["laptop"], "quantity": [2.0]}), path)
    reen.measure(path, "base-carbone", as_of=AS_OF)
    return path


def dataset(folder: Path) -> Path:
    """Return a file of a dataset that pyarrow opened."""
    path = folder / "all" / "parc.parquet"
    path.parent.mkdir()
    pq.write_table(pa.table({"equipment_type": ["laptop"], "quantity": [2.0]}), path)
    reen.measure(pa_dataset.dataset(folder / "all"), "base-carbone", as_of=AS_OF)
    return path


def factors(folder: Path) -> Path:
    path = folder / "facteurs.csv"
    path.write_text(FACTORS, "utf-8")
    reen.read_factors(path)
    return path


def pack_folder(folder: Path) -> Path:
    path = folder / "mine" / "pack.toml"
    path.parent.mkdir()
    path.write_text(
        'name = "mine"\nversion = "1"\ntitle = "M"\npublisher = "me"\nlicence = "CC0-1.0"\n'
        'source = "own"\n',
        "utf-8",
    )
    (path.parent / "factors.csv").write_text(FACTORS, "utf-8")
    reen.read_factors(path.parent)
    return path.parent / "factors.csv"


def mapping(folder: Path) -> Path:
    path = folder / "mairie.toml"
    path.write_text(MAPPING, "utf-8")
    reen.read_mapping(path)
    return path


def records(folder: Path) -> Path:
    path = folder / "effectifs.csv"
    path.write_text(HEADCOUNT, "utf-8")
    reen.read_records(path, kind="headcount")
    return path


def strategy(folder: Path) -> Path:
    path = folder / "strategie.toml"
    shutil.copy(CITY / "strategie.toml", path)
    reen.Strategy.read(path)
    return path


def plan(folder: Path) -> Path:
    shutil.copytree(CITY, folder / "ville")
    reen.Review.open(folder / "ville" / "review.toml")
    return folder / "ville" / "review.toml"


def sharing(folder: Path) -> Path:
    path = folder / "partage.toml"
    path.write_text(SHARING, "utf-8")
    reen.perimeters(
        reen.Inventory.from_arrow(
            pa.table({"equipment_type": ["laptop"], "entity": ["agents"], "quantity": [1.0]})
        ),
        path,
    )
    return path


def key(folder: Path) -> Path:
    path = folder / "reen.key"
    path.write_text("0123456789abcdef" * 4, "utf-8")
    (folder / "parc.csv").write_text(FLEET, "utf-8")
    reen.read(folder / "parc.csv", key=path)
    return path


INPUTS = [
    inventory, open_file, member_of_a_folder, archive, parquet, dataset, factors, pack_folder,
    mapping, records, strategy, plan, sharing, key,
]  # fmt: skip


@pytest.mark.parametrize("how", ["same", "another path", "link", "hard link", "moved"])
@pytest.mark.parametrize("given", INPUTS, ids=lambda given: given.__name__)
def test_no_input_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: Callable[[Path], Path], how: str
) -> None:
    """By its own name, a path around a corner, a link, a hard link, a name it got since."""
    monkeypatch.chdir(tmp_path)
    path = given(tmp_path)
    target = tmp_path / "resultat.json"
    if how == "link":
        linked(target.symlink_to, path)
    elif how == "hard link":
        linked(target.hardlink_to, path)
    elif how == "moved":
        path = path.rename(target)
    else:
        target = path if how == "same" else Path(os.path.relpath(path))
    before = path.read_bytes()
    with pytest.raises(reen.errors.FileNotWrittenError, match="is the file that is read"):
        plugin_files.write_file(target, "a result")
    assert path.read_bytes() == before
    assert target.is_symlink() == (how == "link")
    assert not list(tmp_path.rglob(".reen-*.tmp"))
    with reen.language("fr"), pytest.raises(reen.errors.FileNotWrittenError, match="fichier lu"):
        plugin_files.write_file(target, "a result")


def linked(make: Callable[[Path], None], path: Path) -> None:
    try:
        make(path)
    except OSError as error:
        pytest.skip(f"this user may make no links: {error}")


# -- every writer of the public faces --------------------------------------------------------------


def read(path: Path) -> reen.Inventory:
    """Return the inventory of a file, whose form is told by its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(FLEET, "utf-8")
    with path.open("rb") as file:
        return reen.read(file, name="parc.csv")


def footprint_json(folder: Path) -> Path:
    made = reen.measure(read(folder / "a.json"), "base-carbone", as_of=AS_OF)
    reen.write_footprint(made, folder / "a.json")
    return folder / "a.json"


def footprint_parquet(folder: Path) -> Path:
    made = reen.measure(read(folder / "a.parquet"), "base-carbone", as_of=AS_OF)
    reen.write_footprint(made, folder / "a.parquet")
    return folder / "a.parquet"


def comparison(folder: Path) -> Path:
    made = reen.compare(read(folder / "a.json"), methods=["base-carbone", "ecodiag"], as_of=AS_OF)
    reen.stored.write_comparison(made, folder / "a.json")
    return folder / "a.json"


def changed(folder: Path) -> Path:
    before = read(folder / "a.json")
    made = reen.change(before, before, method="base-carbone", as_of=("2024-12-31", AS_OF))
    reen.stored.write_change(made, folder / "a.json")
    return folder / "a.json"


def rows_csv(folder: Path) -> Path:
    reen.write_inventory(read(folder / "parc.csv"), folder / "parc.csv")
    return folder / "parc.csv"


def rows_parquet(folder: Path) -> Path:
    reen.write_inventory(read(folder / "parc.parquet"), folder / "parc.parquet")
    return folder / "parc.parquet"


def rows_beside(folder: Path) -> Path:
    """Write the second table of a list, whose name is made from that of the first."""
    made = read(folder / "new.purchases.csv")
    bought = reen.read(CITY / "2025" / "achats.csv")
    reen.write_inventory(made + bought, folder / "new.csv")
    return folder / "new.purchases.csv"


def account_beside(folder: Path) -> Path:
    reen.write_inventory(read(folder / "new.csv.account.json"), folder / "new.csv")
    return folder / "new.csv.account.json"


def mapping_file(folder: Path) -> Path:
    reen.write_mapping(reen.read_mapping(mapping(folder)), folder / "mairie.toml")
    return folder / "mairie.toml"


def exported(folder: Path, name: str = "ind_physical_equipment.csv") -> Path:
    """Export over a file of the set that the program has read."""
    made = read(folder / name)
    reen.export(
        made,
        folder,
        exporter="numecoeval-indicators",
        method="numecoeval",
        factors=CITY.parent / "numecoeval-reference",
        as_of=AS_OF,
        replace=True,
    )
    return folder / name


def export_account(folder: Path) -> Path:
    return exported(folder, "reen-account.json")


def review(folder: Path) -> Path:
    """Write a review over a file that the program has read for something else."""
    read(folder / "annexe.csv")
    made = reen.Review.open(CITY / "review.toml").year(2025)
    made.write(folder, formats=["annex"], replace=True)
    return folder / "annexe.csv"


def drawn(folder: Path) -> Path:
    pytest.importorskip("matplotlib")
    made = reen.measure(read(folder / "a.svg"), "base-carbone", by=["id"], as_of=AS_OF)
    made.plot().write(folder / "a.svg")
    return folder / "a.svg"


def workbook(folder: Path) -> Path:
    made = read(folder / "a.xlsx")
    write_workbook({"parc": made.table}, folder / "a.xlsx")
    return folder / "a.xlsx"


def by_a_plugin(folder: Path) -> Path:
    read(folder / "a.xml")
    with plugin_files.writing(folder / "a.xml") as file:
        file.write(b"<a/>")
    return folder / "a.xml"


WRITERS = [
    footprint_json, footprint_parquet, comparison, changed, rows_csv, rows_parquet, rows_beside,
    account_beside, mapping_file, exported, export_account, drawn, workbook, by_a_plugin,
    pytest.param(review, marks=pytest.mark.slow),
]  # fmt: skip


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_no_writer_writes_over_what_it_was_made_from(
    tmp_path: Path, write: Callable[[Path], Path]
) -> None:
    """The file as it was, no other one beside it, and the documented error."""
    with pytest.raises(reen.errors.FileNotWrittenError, match="is the file that is read"):
        write(tmp_path)
    (kept,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept.read_text("utf-8") == (MAPPING if kept.suffix == ".toml" else FLEET)


# -- what may be written ---------------------------------------------------------------------------


def test_what_reen_wrote_may_be_read_and_written_again(tmp_path: Path) -> None:
    """A notebook that is run twice: it read its own list in between, as it had written it."""
    for _ in range(2):
        (path,) = reen.write_inventory(reen.Inventory.from_equipment([LAPTOP]), tmp_path / "a.csv")
        again = reen.read(path)
        reen.write_inventory(again, path)


def test_what_a_person_changed_since_is_an_input(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    reen.write_inventory(reen.Inventory.from_equipment([LAPTOP]), path)
    (tmp_path / "a.csv.account.json").unlink()
    path.write_text(FLEET, "utf-8")
    made = reen.read(path)
    with pytest.raises(reen.errors.FileNotWrittenError):
        reen.write_inventory(made, path)
    assert path.read_text("utf-8") == FLEET


def test_a_result_is_replaced_by_a_newer_one(tmp_path: Path) -> None:
    """Stored results are no inputs: a program that keeps the last one compares and replaces it."""
    for name in ("last.json", "last.parquet"):
        path = tmp_path / name
        reen.write_footprint(unused(), path)
        os.utime(path, (0, 0))  # as another process wrote it
        assert reen.read_footprint(path).total() == unused().total()
        reen.write_footprint(unused(), path)


def test_a_command_keeps_even_the_result_that_it_read(tmp_path: Path) -> None:
    path = tmp_path / "last.parquet"
    reen.write_footprint(unused(), path)
    with reads.run():
        made = reen.read_footprint(path)
        with pytest.raises(reen.errors.FileNotWrittenError, match="is the file that is read"):
            reen.write_footprint(made, path)


def test_the_way_on_that_the_error_says(tmp_path: Path) -> None:
    """Another name; or the old file is put aside first."""
    path = inventory(tmp_path)
    made = reen.read(path)
    reen.write_inventory(made, tmp_path / "other.csv")
    path.rename(tmp_path / "before.csv")
    reen.write_inventory(made, path)
    assert (tmp_path / "before.csv").read_text("utf-8") == FLEET
    with pytest.raises(reen.errors.FileNotWrittenError):
        reen.write_inventory(made, tmp_path / "before.csv")


def test_a_file_that_replaces_an_input_is_none_to_lose(tmp_path: Path) -> None:
    """An editor saves by a new file of the same name: what it holds was corrected by hand."""
    path = inventory(tmp_path)
    (tmp_path / "new").write_text(FLEET + "PC-3,laptop,1,5,FR\n", "utf-8")
    (tmp_path / "new").replace(path)
    with pytest.raises(reen.errors.FileNotWrittenError):
        reen.write_inventory(reen.Inventory.from_equipment([LAPTOP]), path)


def test_the_number_of_a_file_that_is_gone_is_that_of_another_one() -> None:
    """Systems give numbers out again: what has one is not the file that was read."""
    memory = reads._Reads()
    memory._read[1, 2] = (Path("gone.csv"), (5, 7))
    here = Path(__file__)
    found = here.stat()
    memory._read[found.st_dev, found.st_ino] = (Path("gone.csv"), (5, 7))
    assert memory.find(here) is None
    memory.add(here)
    assert memory.find(here) == here


def test_the_memory_of_a_long_process_is_bounded(tmp_path: Path) -> None:
    memory = reads._Reads(4)
    paths = [tmp_path / f"{number}.csv" for number in range(9)]
    for path in paths:
        path.write_text(FLEET, "utf-8")
        memory.add(path)
    assert len(memory._read) == 4
    assert [path for path in paths if memory.find(path)] == paths[-2:]


def test_a_name_that_is_too_long_is_said(tmp_path: Path) -> None:
    """No file has it, whoever asks: no error of the system comes through."""
    for name in ("x" * 300 + ".csv", "x" * 300 + "/" + "y" * 5000 + ".json"):
        path = tmp_path / name
        for ask in (
            reen.read,
            reen.read_factors,
            reen.read_footprint,
            reen.read_mapping,
            reen.stored.read_comparison,
            reen.Strategy.read,
            reen.Review.open,
            lambda path: reen.measure(path, "base-carbone"),
            lambda path: reen.read_records(path, kind="headcount"),
        ):
            with pytest.raises(reen.errors.FileFormatError, match="longer than the system allows"):
                ask(path)
        with pytest.raises(reen.errors.FileNotWrittenError, match="longer than the system allows"):
            plugin_files.write_file(path, "")
        with pytest.raises(reen.ReenError):
            reen.measure(LAPTOP, "base-carbone", factors=str(path))
        with pytest.raises(reen.ReenError):
            reen.read(FLEET.encode(), name="a.csv", key=path)
