"""Conformance of importers: `check_importer` checks the laws of an importer, on damaged files.

Input: an importer, and files or folders of its format that it reads.  Output: nothing, or a
`BrokenLawError` with the smallest file that shows it.  The files are the given ones with bytes
changed, lost, repeated or cut, and bytes of no format at all: whatever a file holds, reading it
ends in rows that are accounted for or in an error of reen.
"""

from __future__ import annotations

import datetime as dt
import functools
import pickle
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from reen.errors import MissingExtraError, OptionError, PluginError, ReenError
from reen.inventory.inventory import Inventory
from reen.plugins.contract_checks import checked_import
from reen.plugins.file_contracts import Importer
from reen.plugins.guard import answer_of
from reen.tables.importing import HEAD_BYTES, Imported, ReadOptions, Sample, Sniff
from reen.testing.damaged_files import Damaged, damaged_files
from reen.testing.laws import Law, chosen_laws, must, search, verdict
from reen.testing.method_laws import table_bytes
from reen.vocabulary.equipment_types import EquipmentTypes, bundled_equipment_types

if TYPE_CHECKING:
    pass

__all__ = ["check_importer"]


@attrs.frozen(kw_only=True)
class _Case:
    """A file or folder on disk, and how it is read."""

    importer: Importer
    path: Path
    options: ReadOptions

    def sniff(self) -> Sniff:
        head = b"" if self.path.is_dir() else self.path.read_bytes()[:HEAD_BYTES]
        found: object = answer_of(
            f"importer {self.importer.name}",
            "looking at it",
            lambda: self.importer.sniff(Sample(self.path, head)),
        )
        # as the host refuses it, so that it is the same fault under any law
        if not isinstance(found, Sniff) or not 0.0 <= found.score <= 1.0:
            reason = f"sniff returned {found!r}; expected a Sniff with a score of 0 to 1"
            raise PluginError(f"importer {self.importer.name}", reason)
        return found

    def read(self) -> Imported:
        """Read it; raises `ReenError` for a file that is refused."""
        name = f"importer {self.importer.name}"
        found: object = answer_of(
            name, "reading it", lambda: self.importer.read(self.path, self.options)
        )
        parts: list[Imported] = []
        for part in found if isinstance(found, (list, tuple)) and found else [found]:
            if not isinstance(part, Imported):
                raise PluginError(name, f"returned a {type(part).__name__} instead of Imported")
            parts.append(part)
        # of several tables, the laws are looked at on the one that has rows
        return next((part for part in parts if part.table.num_rows), parts[0])


def _robustness(case: _Case) -> None:
    case.sniff()
    case.read()


def _accounting(case: _Case) -> None:
    """Check the account as the host does."""
    found = case.read()
    try:
        checked_import("", found)
    except PluginError as error:
        raise AssertionError(error.reason) from error


def _places(case: _Case) -> None:
    found = case.read()
    table = found.table
    if not table.num_rows:
        return  # all of them are set aside or refused
    for name in ("source", "source_row"):
        must(
            name in table.column_names,
            f"there is no column {name!r}: no message could say where a row stands",
        )
    sources, rows = table["source"].to_pylist(), table["source_row"].to_pylist()
    for k, row in enumerate(rows):
        must(isinstance(row, int) and row >= 1, f"source_row of row {k} is {row!r}; expected 1 on")
    must(all(sources), "source is blank in some row")
    seen: set[tuple[str, int]] = set()
    for place in zip(sources, rows, strict=True):
        must(place not in seen, f"two rows stand at line {place[1]} of {place[0]}")
        seen.add(place)


def _schema(case: _Case) -> None:
    found = case.read()
    try:
        inventory = Inventory.from_arrow(
            found.table, kind=found.kind, equipment_types=case.options.equipment_types
        )
    except ReenError as error:
        message = f"no inventory can be made of the rows: {error}"
        raise AssertionError(message) from error
    rows = inventory.tables[found.kind].num_rows
    must(rows == found.table.num_rows, "the inventory has another number of rows")


def _determinism(case: _Case) -> None:
    one, two = (_content(case.read()) for _ in range(2))
    for name, value in one.items():
        must(value == two[name], f"{name} differ between two reads of one file")


def _content(found: Imported) -> dict[str, object]:
    return {
        "kind": found.kind,
        "rows": table_bytes(found.table),
        "issues": found.issues,
        "report": found.report,
        "account": (found.rows_read, found.uncounted),
    }


def _purity(case: _Case) -> None:
    before = _files(case.path.parent)
    try:
        case.sniff()
        case.read()
    finally:
        after = _files(case.path.parent)
        changed = sorted({*before, *after} - {n for n in before if before[n] == after.get(n)})
        must(not changed, f"reading changed, made or removed {', '.join(changed)}")


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _provenance(case: _Case) -> None:
    found = case.read()
    report = found.report
    must(
        report.importer == case.importer.name,
        f"the report says the importer {report.importer!r}, not {case.importer.name!r}",
    )
    must(
        case.path.name in report.source or case.path.is_dir(),
        f"the report says the source {report.source!r}, not {case.path.name!r}",
    )


_DESCRIPTION = Law("description", "an importer says its name and title")
_PICKLING = Law("pickling", "an importer works in another process as in this one")
_REACH = Law("reach", "an importer claims and reads the files of its own format")
_ROBUSTNESS = Law("robustness", "whatever the bytes: rows and issues, or an error of reen")

#: Laws of one file, in the order in which they are looked at.
_LAWS_OF_A_FILE: Mapping[Law, Callable[[_Case], None]] = {
    Law("purity", "reading changes nothing on disk"): _purity,
    _ROBUSTNESS: _robustness,
    Law("determinism", "a file read twice is read alike"): _determinism,
    Law("accounting", "rows read = counted + merged + set aside + refused"): _accounting,
    Law("places", "each row says its file and line, each its own"): _places,
    Law("schema", "the rows make an inventory"): _schema,
    Law("provenance", "a report names the importer and the file"): _provenance,
}
_LAWS = (_DESCRIPTION, *_LAWS_OF_A_FILE, _PICKLING, _REACH)


def check_importer(
    importer: Importer,
    *samples: str | Path,
    laws: str | Iterable[str] | None = None,
    examples: int = 100,
    equipment_types: EquipmentTypes | None = None,
) -> None:
    """Check an importer against the laws that every importer must satisfy.

    Parameters
    ----------
    importer
        The importer.
    samples
        Files, or folders for a format that is one, that it reads.
    laws
        Names of the laws to look at: ``description``, ``purity``, ``robustness``, ``determinism``,
        ``accounting``, ``places``, ``schema``, ``provenance``, ``pickling``, ``reach``; all when
        absent.
    examples
        Files made for each law.
    equipment_types
        Taxonomy; the bundled one when absent.

    Raises
    ------
    BrokenLawError
        The first law that does not hold, with the smallest file that was found.
    OptionError
        A law that there is not, or no sample.
    MissingExtraError
        When hypothesis is not installed.
    """
    chosen = chosen_laws("check_importer", _LAWS, laws)
    paths = [Path(sample) for sample in samples]
    if not paths or not all(path.exists() for path in paths):
        expected = "one file of the format at least, which is there"
        raise OptionError("check_importer", "samples", ", ".join(map(str, samples)), expected)
    subject = f"importer {getattr(importer, 'name', '')}"
    verdict(subject, _DESCRIPTION, lambda: _describe(importer))
    options = ReadOptions(
        today=dt.date(2025, 1, 1), equipment_types=equipment_types or bundled_equipment_types()
    )
    checks = {
        law: functools.partial(_hold, subject, law, importer, options)
        for law in chosen
        if law in _LAWS_OF_A_FILE
    }
    for check in checks.values():
        # as they are first: a fault of every file is best shown on one that is not damaged
        for path in paths:
            check(Damaged(path))
    search(damaged_files(paths), checks, examples=examples)
    if _PICKLING in chosen:
        verdict(subject, _PICKLING, lambda: _must_pickle(importer))
    if _REACH in chosen:
        for path in paths:
            case = _Case(importer=importer, path=path, options=options)
            verdict(subject, _REACH, functools.partial(_must_reach, case))


def _hold(
    subject: str, law: Law, importer: Importer, options: ReadOptions, damaged: Damaged
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = damaged.write(Path(folder))
        case = _Case(importer=importer, path=path, options=options)

        def run() -> None:
            try:
                _LAWS_OF_A_FILE[law](case)
            except PluginError:
                raise
            except (ReenError, MissingExtraError):
                return  # refused: that is an answer

        verdict(subject, law, run, contract=_ROBUSTNESS, words=lambda: str(damaged))


def _describe(importer: object) -> None:
    kind = type(importer).__name__
    for name in ("name", "title"):
        text = getattr(importer, name, None)
        must(isinstance(text, str) and bool(text.strip()), f"{kind}.{name} is {text!r}")
    must(isinstance(importer, Importer), f"{kind} lacks sniff(sample) or read(path, options)")


def _must_pickle(importer: Importer) -> None:
    try:
        again: object = pickle.loads(pickle.dumps(importer))  # noqa: S301 - our own bytes
    except (pickle.PicklingError, AttributeError, TypeError, RecursionError) as error:
        message = f"the importer cannot be pickled: {error}"
        raise AssertionError(message) from error
    must(getattr(again, "name", None) == importer.name, "it comes back with another name")


def _must_reach(case: _Case) -> None:
    score = case.sniff().score
    must(score > 0.0, f"sniff gave {score} to {case.path.name}: it would never be chosen for it")
    try:
        found = case.read()
    except PluginError:
        raise
    except ReenError as error:
        message = f"{case.path.name} is refused: {error}"
        raise AssertionError(message) from error
    rows = found.table.num_rows
    must(rows > 0, f"{case.path.name} gives no row")
