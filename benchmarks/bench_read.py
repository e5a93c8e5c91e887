"""Reading: what a typed read of an inventory costs over pyarrow's own read of the same CSV file.

    python benchmarks/bench_read.py
    python benchmarks/bench_read.py --rows 10000 --samples tests/fixtures examples

Output: a table per case, the share of the sample files that take the typed path, and a JSON record
of all runs.  The floor is `pyarrow.csv.read_csv` as it comes: it knows neither headers nor assets,
and checks nothing.  The project wants at most 10 ms over it on 10,000 rows, and 1.2 times its time
on a million, for the canonical columns and for a tidy French list (accents, ``;``, dd/mm/yyyy,
decimal commas, blanks).  The careful path is timed beside it, and so is the typed one where there
is no compiled kernel.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv
from generators import SEED
from harness import REPEATS, Case, Contender, environment, report, run_in_turns, write_json

import reen
from reen import kernel
from reen.errors import ReenError
from reen.tables.typed.reading import watched

#: Reading, over pyarrow's read, from this many rows; and in seconds over it, below.
MANY, TARGET, SECONDS_OVER = 1_000_000, 1.2, 0.010

ENGLISH = (
    *("id", "name", "equipment_type", "manufacturer", "model", "serial_number", "quantity"),
    *("purchase_date", "entity", "status", "country", "annual_energy"),
)
FRENCH = (
    *("Identifiant", "Nom", "Type", "Fabricant", "Modèle", "Numéro de série", "Quantité"),
    *("Date d'achat", "Service", "Statut", "Pays", "Consommation annuelle (kWh)"),
)
TYPES = (
    ("laptop", "PC portable"),
    ("desktop", "PC fixe"),
    ("monitor", "Écran"),
    ("smartphone", "Téléphone mobile"),
    ("printer", "Imprimante"),
)
STATUSES = (("in_use", "En service"), ("in_stock", "En stock"), ("retired", "Réformé"))
COUNTRIES = (("FR", "France"), ("BE", "Belgique"), ("DE", "Allemagne"))


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, MANY])
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--samples", type=Path, nargs="*", default=[])
    parser.add_argument("--json", type=Path, default=Path(".benchmarks/bench_read.json"))
    return parser.parse_args(given)


def columns(rows: int, *, french: bool) -> Iterator[npt.NDArray[np.str_] | list[str]]:
    """Yield the cells of each column: few makers, entities and days, one serial number a row."""
    draws = np.random.default_rng(SEED)
    numbers = range(rows)
    yield [f"A{k:07d}" for k in numbers]
    yield [f"PC-{k:07d}" for k in numbers]
    yield np.array([pair[french] for pair in TYPES])[draws.integers(0, len(TYPES), rows)]
    models = np.minimum(draws.zipf(1.3, rows) - 1, 599)
    yield np.array(["Dell", "HP", "Lenovo", "Samsung", "Ricoh"])[models % 5]
    yield np.array([f"Série {k}" if french else f"Model {k}" for k in range(600)])[models]
    yield [f"SN{k * 7919 % 10**9:09d}" for k in numbers]
    yield ["1"] * rows
    days = np.datetime64("2016-01-01") + draws.integers(0, 365 * 8, rows)
    texts = np.datetime_as_string(days)
    if french:
        texts = np.array(["/".join(reversed(day.split("-"))) for day in texts.tolist()])
    yield np.where(draws.random(rows) < 0.05, "", texts)
    place = "Pôle santé" if french else "Department"
    yield np.array([f"{place} {k}" for k in range(300)])[draws.integers(0, 300, rows)]
    yield np.array([pair[french] for pair in STATUSES])[draws.choice(3, rows, p=[0.9, 0.07, 0.03])]
    yield np.array([pair[french] for pair in COUNTRIES])[draws.choice(3, rows, p=[0.9, 0.06, 0.04])]
    energies = np.char.mod("%.1f", draws.lognormal(3.5, 0.5, rows))
    if french:
        energies = np.char.replace(energies, ".", ",")
    yield np.where(draws.random(rows) < 0.2, "", energies)


def write_list(path: Path, rows: int, *, french: bool) -> None:
    """Write a tidy list of equipment."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, delimiter=";" if french else ",", lineterminator="\n")
        lines.writerow(FRENCH if french else ENGLISH)
        cells = [np.asarray(column).tolist() for column in columns(rows, french=french)]
        lines.writerows(zip(*cells, strict=True))


def read_typed(path: Path) -> reen.Inventory:
    """Read as a user does."""
    found = reen.read(path)
    assert isinstance(found, reen.Inventory)
    return found


def read_without_loops(path: Path) -> reen.Inventory:
    """Read as a user does whose machine has no compiled kernel."""
    with kernel.using("numpy"):
        return read_typed(path)


def read_with_care(path: Path) -> reen.Inventory:
    """Read by the careful path."""
    with watched(careful=True):
        return read_typed(path)


def digest(inventory: reen.Inventory) -> npt.NDArray[np.float64]:
    """Return the rows, and by column of numbers the cells that are filled and their sum."""
    table = inventory.table
    found = [float(table.num_rows), float(inventory.account.rows), float(len(inventory.issues))]
    for column in table.columns:
        found.append(float(len(column) - column.null_count))
        if pa.types.is_floating(column.type):
            found.append(float(np.nansum(column.to_numpy())))
    return np.array(found)


def cases(folder: Path, *, rows: int, repeats: int) -> Iterator[Case]:
    """Time each list."""
    built = kernel.state().built
    for name, french in (("canonical columns", False), ("tidy French list", True)):
        path = folder / f"list{rows}{'fr' if french else 'en'}.csv"
        write_list(path, rows, french=french)
        parse = pa_csv.ParseOptions(delimiter=";" if french else ",")

        def reading(
            name: str, read: Callable[[Path], reen.Inventory], path: Path = path
        ) -> Contender:
            return Contender(
                name,
                run=lambda: read(path),
                check=lambda: digest(read(path)),
            )

        floor = Contender(
            "pyarrow, as it comes",
            run=lambda path=path, parse=parse: pa_csv.read_csv(path, parse_options=parse),
            target=TARGET if rows >= MANY else None,
            floor=True,
        )
        yield run_in_turns(
            name,
            [
                reading("reen.read", read_typed),
                floor,
                *([reading("without the kernel", read_without_loops)] if built else []),
                reading("the careful path", read_with_care),
            ],
            sizes={"rows": rows, "bytes": path.stat().st_size},
            repeats=repeats,
        )


def over(case: Case) -> str:
    """Return by how much a read takes longer than pyarrow's, in medians."""
    seconds = case.timings[0].median - case.timings[1].median
    wanted = f", wanted at most {SECONDS_OVER * 1e3:g}" if case.sizes["rows"] < MANY else ""  # type: ignore[operator]
    return f"  {1e3 * seconds:.1f} ms over it{wanted}"


def samples(folders: Sequence[Path]) -> dict[str, int]:
    """Return how many texts among sample files take the typed path, and how many do not."""
    found = {"typed": 0, "careful": 0, "not read": 0}
    files = sorted(
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix.casefold() in {".csv", ".tsv", ".txt"}
    )
    for path in files:
        with watched() as watch:
            try:
                reen.read(path, importer="table")
            except ReenError:
                found["not read"] += not (watch.typed or watch.others)
        found["typed"] += len(watch.typed)
        found["careful"] += len(watch.others)
    return found


def main(given: Sequence[str] | None = None) -> None:
    """Run the cases, print them as they come, and write the record."""
    options = arguments(given)
    done = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in options.rows:
            for case in cases(Path(folder), rows=rows, repeats=options.repeats):
                print(report(case), over(case), sep="\n", flush=True)
                done.append(case)
    about = environment("reen", "numpy", "pyarrow", "attrs")
    if options.samples:
        about["samples"] = samples(options.samples)
        print("sample files by path:", about["samples"])
    write_json(options.json, benchmark="read", cases=done, about=about)


if __name__ == "__main__":
    main()
