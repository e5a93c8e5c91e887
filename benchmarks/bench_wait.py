"""What people wait for: from process start to printed result, next to scripts that say the same.

    python benchmarks/bench_wait.py --rows 1000 10000 100000 1000000

`reen measure FILE --method base-carbone --by entity --format csv` in a process of its own, against
scripts in DuckDB, Polars and pandas (`wait_duckdb.py`...) that read the same file and a table of
factors, and print the same figures by entity and stage.  They check nothing and account for no row:
it is what an analyst would write who trusts the file.  The small commands stand beside
`python -c "import numpy, pyarrow"`.  Output: a table per case, and a JSON record of all runs.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from generators import SEED
from harness import REPEATS, Case, Contender, Result, environment, report, run_in_turns, write_json

import reen

#: Rows from which starting no longer dominates.
ROWS = (1_000, 10_000, 100_000, 1_000_000)

#: Wanted of 10,000 rows of CSV against DuckDB: at most 1.5 times its time, so as fast as 1 / 1.5.
WANTED = {("csv", 10_000, "duckdb"): 1.0 / 1.5}

PEERS = ("duckdb", "polars", "pandas")
ENTITIES = 40
AS_OF = "2022-12-31"

# Types and countries for which the method has a factor, a usual lifetime and a mix.
TYPES = ("laptop", "desktop", "monitor", "smartphone", "tablet", "television", "printer")
COUNTRIES = ("FR", "BE", "DE", "ES", "IT")

_FLOOR = ("-c", "import numpy, pyarrow")
_REEN = ("-m", "reen.cli")


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, nargs="+", default=list(ROWS))
    parser.add_argument("--formats", nargs="+", choices=("csv", "parquet"), default=None)
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--repeats", type=int, default=REPEATS)
    # a user of the command line has nothing else, and so less to look for
    parser.add_argument(
        "--python", default=sys.executable, help="of an environment with reen[cli] alone"
    )
    parser.add_argument("--json", type=Path, default=Path(".benchmarks/bench_wait.json"))
    return parser.parse_args(given)


def fleet(rows: int) -> pa.Table:
    """Return a clean inventory: every row an asset of its own, a fifth without a lifetime."""
    draw = np.random.default_rng(SEED)
    lifetime = draw.integers(3, 9, rows).astype(float)
    return pa.table(
        {
            "asset_id": [f"A{k:07d}" for k in range(rows)],
            "entity": np.char.add("E", draw.integers(0, ENTITIES, rows).astype(str)),
            "equipment_type": np.array(TYPES)[draw.integers(0, len(TYPES), rows)],
            "country": np.array(COUNTRIES)[draw.integers(0, len(COUNTRIES), rows)],
            "quantity": draw.integers(1, 4, rows).astype(float),
            "lifetime": pa.array(lifetime, mask=draw.random(rows) < 0.2),
            "annual_energy": draw.integers(5, 200, rows).astype(float),
        }
    )


def figure(stage: str, **fields: object) -> float:
    """Return the figure of one item at a stage, kgCO2e a year, as the method has it."""
    item = reen.Equipment(quantity=1, **fields)  # type: ignore[arg-type]
    measured = reen.measure(item, method="base-carbone", as_of=AS_OF).to_arrow().to_pylist()
    (value,) = [row["value"] for row in measured if row["stage"] == stage]
    return float(value)


def write_factors(folder: Path) -> None:
    """Write what the scripts join: `types.csv` (usual lifetime, kg) and `mixes.csv` (kg/kWh)."""
    lines = ["equipment_type,usual_lifetime,embedded"]
    for name in TYPES:
        one = figure("embedded", equipment_type=name, lifetime="1 year")
        lines.append(f"{name},{one / figure('embedded', equipment_type=name)!r},{one!r}")
    folder.joinpath("types.csv").write_text("\n".join(lines) + "\n", "utf-8")
    lines = ["country,mix"]
    for country in COUNTRIES:
        mix = figure("use", equipment_type="laptop", country=country, annual_energy="1 kWh/year")
        lines.append(f"{country},{mix!r}")
    folder.joinpath("mixes.csv").write_text("\n".join(lines) + "\n", "utf-8")


def output(*command: str) -> str:
    """Return what a command prints.

    Raises
    ------
    RuntimeError
        It fails: its time would mean nothing.
    """
    done = subprocess.run(  # noqa: S603 - our own commands
        command, check=False, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8"
    )
    if done.returncode:
        message = f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}"
        raise RuntimeError(message)
    return done.stdout


def figures(text: str) -> Result:
    """Return printed lines of entity, stage and value as entities x (embedded, use)."""
    found = {
        (row["entity"], row["stage"]): float(row["value"])
        for row in csv.DictReader(io.StringIO(text))
    }
    entities = sorted({entity for entity, _ in found})
    return np.array(
        [[found[entity, stage] for stage in ("embedded", "use")] for entity in entities]
    )


def contender(name: str, command: Sequence[str], *, target: float | None = None) -> Contender:
    """Return a command as a contender; what it prints is compared."""
    return Contender(
        name,
        run=lambda: output(*command),
        check=lambda: figures(output(*command)),
        target=target,
    )


def waits(folder: Path, options: argparse.Namespace) -> Iterator[Case]:
    """Time the same figures by each program, from its start to its end."""
    here = Path(__file__).parent
    peers = [name for name in options.peers if importlib.util.find_spec(name)]
    for rows in options.rows:
        inventory = fleet(rows)
        for form in options.formats or ("csv", "parquet"):
            file = folder / f"inventory-{rows}.{form}"
            if form == "csv":
                pyarrow.csv.write_csv(inventory, file)
            else:
                pyarrow.parquet.write_table(inventory, file)
            typed = ("--method", "base-carbone", "--as-of", AS_OF, "--by", "entity")
            ours = (options.python, *_REEN, "measure", str(file), *typed, "--format", "csv")
            contenders = [contender("reen measure", ours)]
            for peer in peers:
                script = (sys.executable, str(here / f"wait_{peer}.py"), str(file))
                target = WANTED.get((form, rows, peer))
                contenders.append(contender(peer, script, target=target))
            contenders.append(
                Contender(
                    "import numpy, pyarrow", lambda: output(options.python, *_FLOOR), floor=True
                )
            )
            name = f"start to result, {form}"
            sizes = {"rows": rows}
            yield run_in_turns(name, contenders, sizes=sizes, repeats=options.repeats)


def small(folder: Path, options: argparse.Namespace) -> Iterator[Case]:
    """Time what is asked every day: the help, and a list of 13 lines."""
    file = folder / "small.csv"
    pyarrow.csv.write_csv(fleet(13), file)
    commands = {
        "reen --help": (("--help",), 1.5),
        "reen measure": (("measure", str(file), "--method", "base-carbone"), 2.5),
    }
    for name, (words, target) in commands.items():
        contenders = [
            Contender(name, run=lambda words=words: output(options.python, *_REEN, *words)),
            Contender(
                "import numpy, pyarrow",
                run=lambda: output(options.python, *_FLOOR),
                floor=True,
                target=target,
            ),
        ]
        sizes = {"rows": 13} if "measure" in name else {}
        yield run_in_turns(
            f"start to result, {name}", contenders, sizes=sizes, repeats=options.repeats
        )


def main(given: Sequence[str] | None = None) -> None:
    """Run the cases, print them as they come, and write the record."""
    options = arguments(given)
    done = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_factors(folder)
        for made in (small, waits):
            for case in made(folder, options):
                print(report(case), flush=True)
                done.append(case)
    peers = [name for name in options.peers if importlib.util.find_spec(name)]
    about = environment("reen", "numpy", "pyarrow", *peers)
    about["pandas_installed"] = importlib.util.find_spec("pandas") is not None
    write_json(options.json, benchmark="wait", cases=done, about=about)


if __name__ == "__main__":
    main()
