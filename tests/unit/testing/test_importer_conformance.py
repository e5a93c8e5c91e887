"""`check_importer`: good importers pass; each broken one fails on its law, with its smallest file.

Every fault below is one change of an importer that is otherwise as it should be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

import attrs
import pyarrow as pa
import pytest

import reen
from reen.plugin.files import Imported, Importer, ReadOptions, Sample, Sniff
from reen.testing import check_importer
from reen.types import AccountLine, Fate, Issue, ReadReport, Severity

SHEET = "laptop;3\nmonitor;2\nnothing\n"


@attrs.frozen
class Lines:
    """One thing per line, ``type;number``; a line of another form is refused by name."""

    name: ClassVar[str] = "lines"
    title: ClassVar[str] = "One thing per line"

    def sniff(self, sample: Sample) -> Sniff:
        return Sniff(0.9 if b";" in sample.head else 0.1)

    def read(self, path: Path, options: ReadOptions) -> Imported:
        del options
        types, numbers, places, issues = [], [], [], []
        lines = path.read_bytes().decode("utf-8", errors="replace").split("\n")
        blank = 0
        for place, line in enumerate(lines, start=1):
            kind, mark, number = line.partition(";")
            if not line.strip():
                blank += 1
            elif mark and number.isascii() and number.isdigit() and len(number) < 9:
                types.append(kind)
                numbers.append(float(number))
                places.append(place)
            else:
                issues.append(self.refused(line, place, path))
        table = pa.table(
            {
                "equipment_type": pa.array(types, pa.string()),
                "quantity": pa.array(numbers, pa.float64()),
                "source": pa.array([path.name] * len(types), pa.string()),
                "source_row": pa.array(places, pa.int64()),
            }
        )
        report = ReadReport(
            source=path.name,
            importer=self.name,
        )
        aside = AccountLine(fate=Fate.SET_ASIDE, reason="blank", rows=blank)
        return Imported(
            table=table,
            report=report,
            rows_read=len(lines),
            issues=tuple(issues),
            lines=(aside,),
        )

    def refused(self, line: str, place: int, path: Path) -> Issue:
        return Issue(
            "",
            line,
            "is no line of this format",
            expected="type;number",
            severity=Severity.REJECTED,
            source=path.name,
            rows=(place,),
        )


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Return a file of two things, and a line that is none."""
    path = tmp_path / "things.txt"
    path.write_text(SHEET, encoding="utf-8")
    return path


# -- good importers --------------------------------------------------------------------------


@pytest.mark.slow
def test_an_importer_that_holds(sheet: Path) -> None:
    """What the faults change was right."""
    check_importer(Lines(), sheet)


@pytest.mark.slow
def test_the_bundled_reader_of_text_holds(repository: Path) -> None:
    """On sheets in English and in French, damaged."""
    folder = repository / "tests" / "fixtures" / "inventories"
    samples = [*sorted(folder.glob("*.csv"))[:3], repository / "examples" / FLEET]
    importer = reen.default_registry().importer("table")
    check_importer(importer, *samples, examples=40)


FLEET = "boulogne_billancourt_2022.csv"


@pytest.mark.slow
def test_the_bundled_reader_of_arrow_holds(repository: Path, tmp_path: Path) -> None:
    """On the same rows in Parquet."""
    import pyarrow.parquet as pq

    table = reen.read(repository / "examples" / FLEET).table
    pq.write_table(table, tmp_path / "fleet.parquet")
    importer = reen.default_registry().importer("arrow")
    check_importer(importer, tmp_path / "fleet.parquet", examples=30)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["equipment.csv", "virtual_machines.csv"])
def test_the_bundled_reader_of_tables_holds_on_a_system(repository: Path, name: str) -> None:
    """On files of NumEcoEval, which a mapping reads."""
    importer = reen.default_registry().importer("table")
    check_importer(importer, repository / "examples" / "numecoeval" / name, examples=20)


# -- broken importers ------------------------------------------------------------------------


def changed(found: Imported, **report: object) -> Imported:
    """Return what was found with another report."""
    return attrs.evolve(found, report=attrs.evolve(found.report, **report))


class Untitled(Lines):
    title = ""


class Eager(Lines):
    def sniff(self, sample: Sample) -> Sniff:
        del sample
        return Sniff(100.0)


class Strict(Lines):
    def read(self, path: Path, options: ReadOptions) -> Imported:
        path.read_text(encoding="utf-8")
        return super().read(path, options)


class Raw(Lines):
    def read(self, path: Path, options: ReadOptions) -> Imported:
        return super().read(path, options).table  # type: ignore[return-value]


class Careless(Lines):
    def read(self, path: Path, options: ReadOptions) -> Imported:
        return attrs.evolve(super().read(path, options), issues=())


class Silent(Lines):
    def read(self, path: Path, options: ReadOptions) -> Imported:
        found = super().read(path, options)
        refused = AccountLine(fate=Fate.REFUSED, rows=len(found.issues))
        return attrs.evolve(found, lines=(*found.lines, refused), issues=())


class Clock(Lines):
    def read(self, path: Path, options: ReadOptions) -> Imported:
        now = dt.datetime.now(tz=dt.UTC).isoformat()
        return changed(super().read(path, options), details={"read": now})


class Lost(Lines):
    def read(self, path: Path, options: ReadOptions) -> Imported:
        found = super().read(path, options)
        return attrs.evolve(found, table=found.table.drop_columns(["source_row"]))


class OneLine(Lines):
    def read(self, path: Path, options: ReadOptions) -> Imported:
        found = super().read(path, options)
        ones = pa.array([1] * found.table.num_rows, pa.int64())
        return attrs.evolve(found, table=found.table.set_column(3, "source_row", ones))


class Kilograms(Lines):
    def read(self, path: Path, options: ReadOptions) -> Imported:
        found = super().read(path, options)
        field = pa.field("quantity", pa.float64(), metadata={"unit": "kg"})
        table = found.table.set_column(1, field, found.table["quantity"])
        return attrs.evolve(found, table=table)


class Tidy(Lines):
    def read(self, path: Path, options: ReadOptions) -> Imported:
        found = super().read(path, options)
        path.with_suffix(".done").write_text("read", encoding="utf-8")
        return found


class Nameless(Lines):
    def read(self, path: Path, options: ReadOptions) -> Imported:
        return changed(super().read(path, options), importer="csv")


class Modest(Lines):
    def sniff(self, sample: Sample) -> Sniff:
        del sample
        return Sniff(0.0)


class Refusing(Lines):
    def read(self, path: Path, options: ReadOptions) -> Imported:
        del options
        raise reen.errors.FileFormatError(str(path), "is of version 2; expected version 1")


def local() -> Importer:
    class Local(Lines):
        pass

    return Local()


#: Fault: the law that it breaks, the importer, and what the message says of it.
FAULTS: Mapping[str, tuple[str, Callable[[], Importer], str]] = {
    "no title": ("description", Untitled, "title is ''"),
    "a score above 1": ("robustness", Eager, "Sniff(score=100.0"),
    "bytes of another encoding": ("robustness", Strict, "failed reading it with UnicodeDecodeEr"),
    "a table": ("robustness", Raw, "returned a Table instead of Imported"),
    "a row lost": ("accounting", Careless, "does not add up"),
    "no issue": ("accounting", Silent, "has issues for 0 of them"),
    "the time of day": ("determinism", Clock, "report differ between two reads"),
    "no line": ("places", Lost, "there is no column 'source_row'"),
    "one line for all": ("places", OneLine, "two rows stand at line 1"),
    "things in kilograms": ("schema", Kilograms, "no inventory can be made of the rows"),
    "a file beside": ("purity", Tidy, "reading changed, made or removed things.done"),
    "another name": ("provenance", Nameless, "the report says the importer 'csv'"),
    "claims nothing": ("reach", Modest, "it would never be chosen"),
    "reads nothing": ("reach", Refusing, "is of version 2; expected version 1"),
    "a local class": ("pickling", local, "cannot be pickled"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_breaks_its_law(name: str, sheet: Path) -> None:
    """That law and no other is named, with what was found."""
    law, make, said = FAULTS[name]
    with pytest.raises(reen.errors.BrokenLawError) as caught:
        check_importer(make(), sheet, examples=60)
    assert (caught.value.law, caught.value.subject) == (law, "importer lines")
    assert said in caught.value.found


def test_every_law_has_a_fault() -> None:
    """A law that nothing breaks would be no law."""
    assert {law for law, _, _ in FAULTS.values()} == {
        *("description", "purity", "robustness", "determinism", "accounting", "places"),
        *("schema", "provenance", "pickling", "reach"),
    }


def test_the_smallest_file_is_shown(sheet: Path) -> None:
    """One byte that is no UTF-8."""
    with pytest.raises(reen.errors.BrokenLawError) as caught:
        check_importer(Strict(), sheet)
    assert str(caught.value) == (
        "importer lines breaks the law of robustness: whatever the bytes: rows and issues, or an"
        " error of reen\n"
        "found: importer lines: failed reading it with UnicodeDecodeError: 'utf-8' codec can't"
        " decode byte 0x80 in position 0: invalid start byte\n"
        "smallest example: things.txt with other bytes in its place; it then holds\n"
        "  b'\\x80'"
    )


def test_a_fault_of_every_file_is_shown_on_one_as_it_is(sheet: Path) -> None:
    """Nothing needs to be damaged to see it."""
    with pytest.raises(reen.errors.BrokenLawError) as caught:
        check_importer(Lost(), sheet)
    assert caught.value.example == "smallest example: things.txt, as it is"


def test_a_sample_that_is_not_there(tmp_path: Path) -> None:
    """A suite without a file would hold whatever the importer did."""
    with pytest.raises(reen.errors.OptionError, match="one file of the format at least"):
        check_importer(Lines(), tmp_path / "nowhere.txt")
    with pytest.raises(reen.errors.OptionError, match="one file of the format at least"):
        check_importer(Lines())
