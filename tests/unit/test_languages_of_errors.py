"""An error is in one language, that which is asked for, whichever was spoken when it was raised."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest

import reen
from reen.errors import FactorDataError, PluginError, ReenError, StrictReadError, UnknownNameError
from reen.inventory.issues import Issue
from reen.reasons import Reason, joined

PURCHASES = "Date d'achat,Type d'équipement,Quantité,Prix unitaire\n2024-03-01,laptop,2,800\n"
NO_FLEET = "type,quantity\nTotal,3\nTotal,4\n"
NO_HEADER = "aaa,bbb\n1,2\n"


def raised(of: Callable[[], object], language: str) -> ReenError:
    with reen.language(language), pytest.raises(ReenError) as caught:
        of()
    return caught.value


def read(folder: Path, **files: str) -> object:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    paths = [folder / f"{name}.csv" for name in files]
    return reen.read(paths if len(paths) > 1 else paths[0])


def cut_stream() -> object:
    table = pa.table({"equipment_type": ["laptop"] * 500})
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()[:-700]


def measure_nothing(folder: Path) -> object:
    purchases = folder / "purchases.csv"
    purchases.write_text(PURCHASES, encoding="utf-8")
    return reen.measure(purchases, "base-carbone", as_of="2024-12-31")


CASES: dict[str, Callable[[Path], object]] = {
    "purchases alone": measure_nothing,
    "sums alone": lambda folder: read(folder, fleet=NO_FLEET),
    "no header": lambda folder: read(folder, fleet=NO_HEADER),
    "a column of another name": lambda folder: reen.read(
        write(folder, "fleet.csv", b"type,quantity\nlaptop,3\n"),
        columns={"type": "equipement_type"},
    ),
    "a stream cut short": lambda folder: reen.read(write(folder, "fleet.arrows", cut_stream())),
    "lists inside": lambda folder: reen.read(
        write(
            folder,
            "fleet.json",
            b'[{"nom": "A", "parc": [{"genre": "PC"}]}, {"nom": "B", "parc": [{"genre": "TV"}]}]',
        )
    ),
    "two files without a header": lambda folder: reen.read(archive(folder, "one.csv", "two.csv")),
    "a method of another name": lambda _: reen.measure(
        reen.Equipment("laptop"), "base-carbon", as_of="2024-12-31"
    ),
    "a criterion that is not in the footprint": lambda _: laptop().total("water_use"),
    "a column that it was not measured by": lambda _: laptop().by("entity"),
    "the whole of an indicator that has parts alone": lambda _: reen.indicators(
        footprint=laptop(), names=["fleet_assessed"]
    ).get("fleet_assessed"),
    "no inventory": lambda _: reen.indicators(inventory=laptop()),  # type: ignore[arg-type]
    "a batch of a stream": lambda _: reen.measure(broken(), "declared", as_of="2024-12-31"),
    "a cell of a batch": lambda _: reen.measure(
        pa.table({"equipment_type": ["laptop"], "purchase_date": pa.array([2**40], pa.date64())}),
        "base-carbone",
        as_of="2024-12-31",
    ),
    "an answer that is none": lambda folder: reen.read(
        write(folder, "fleet.csv", b"type,quantity\nlaptop,3\n"),
        mapping=write(
            folder,
            "answers.csv",
            b"about,column,value,answer,code\nword,equipment_type,truc,nonsense,x\n",
        ),
    ),
    "a sheet in another encoding": lambda folder: reen.read(odd_workbook(folder)),
}


def laptop() -> reen.Footprint:
    return reen.measure(reen.Equipment("laptop"), "base-carbone", as_of="2024-12-31")


def broken() -> pa.RecordBatchReader:
    schema = pa.schema([("equipment_type", pa.string()), ("declared_footprint", pa.float64())])

    def batches() -> Iterator[pa.RecordBatch]:
        yield pa.RecordBatch.from_pylist([{"equipment_type": "laptop"}], schema=schema)
        raise OSError(5, "Input/output error")

    return pa.RecordBatchReader.from_batches(schema, batches())


def odd_workbook(folder: Path) -> Path:
    """Return a workbook whose sheet is in another encoding than UTF-8."""
    from openpyxl import Workbook

    whole, path = io.BytesIO(), folder / "fleet.xlsx"
    book = Workbook()
    book.active.append(["type", "quantity"])
    book.active.append(["laptop", 3])
    book.save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, b"\0" + content if "sheet1" in name else content)
    return path


def archive(folder: Path, *names: str) -> Path:
    with zipfile.ZipFile(folder / "files.zip", "w") as file:
        for name in names:
            file.writestr(name, f"{NO_HEADER}{name},4\n")
    return folder / "files.zip"


def write(folder: Path, name: str, content: object) -> Path:
    assert isinstance(content, bytes)
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", CASES)
def test_what_was_raised_in_one_language_is_told_in_the_other(name: str, tmp_path: Path) -> None:
    """Word for word what it would have been, had it been raised in that one."""
    english, french = (raised(lambda: CASES[name](tmp_path), each) for each in ("en", "fr"))
    assert english.said.text("en") == french.said.text("en")
    assert english.said.text("fr") == french.said.text("fr")
    assert english.said.text("en") != english.said.text("fr")
    assert str(pickle.loads(pickle.dumps(french))) == english.said.text("en")  # noqa: S301 - our own
    assert type(english) is type(french)


@pytest.mark.parametrize(
    ("error", "english", "french"),
    [
        (
            UnknownNameError("column", "sit", ["site", "size"], ["site", "size"], left_out=True),
            ["Did you mean 'site' or 'size'?", "Known: site, size.", "is kept by keep=['sit']"],
            ["Vouliez-vous dire 'site' ou 'size' ?", "Noms connus : site, size.", "keep=['sit']"],
        ),
        (
            StrictReadError("parc.csv", ["one"] * 7),
            ["  one\n  ... and 2 more\nCorrect"],
            ["  one\n  ... et 2 de plus\nCorrigez"],
        ),
        (
            FactorDataError("mine.csv", 4, "unit", "kg", "an amount"),
            ["mine.csv, row 4"],
            ["mine.csv, ligne 4"],
        ),
        (
            PluginError("mine 1.0", "fails", "rows 0 to 9"),
            ["fails (in the batch of rows 0 to 9)"],
            ["fails (dans le lot"],
        ),
    ],
)
def test_the_parts_of_an_error_are_told_in_the_language_asked_for(
    error: ReenError, english: list[str], french: list[str]
) -> None:
    """The nearest names, the rest of a list, the row, the batch."""
    for language, parts in (("en", english), ("fr", french)):
        said = error.said.text(language)
        assert [part for part in parts if part not in said] == [], said


def test_an_issue_is_told_with_its_place_in_the_language_asked_for() -> None:
    issue = Issue("date", "x", Reason("many_cells", count=7), source="parc.csv", rows=(2, 3))
    assert issue.text("fr").startswith("parc.csv, ligne 2, 3, colonne")
    assert Reason("error_first_issue", issue=issue.said).text("fr").count(issue.text("fr")) == 1


def test_many_reasons_are_one_in_their_order() -> None:
    """A thousand do not nest a thousand deep; none says nothing."""
    names = [str(number) for number in range(3_000)]
    assert joined(names).text("fr") == ", ".join(names)
    assert joined(["a", "b", "c"], "joined_by_semicolon").text("fr") == "a ; b ; c"
    assert joined([]).text() == ""
