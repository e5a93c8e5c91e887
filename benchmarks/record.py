"""Record: run the benchmarks of the pages and write their records, on a machine that is quiet.

    python benchmarks/record.py                 # all of them, about 25 minutes
    python benchmarks/record.py fold stream     # some

Input: names of benchmarks, as in `scorecard.py`.  Output: their records, and the scorecard, the
page on performance and its plot, which are made of them.  Waits a while where others work,
then refuses, since the ratios would not be those of a quiet machine; ``--loaded`` runs all the
same, into `.benchmarks/`, where no page looks.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from scorecard import RECORDS, TITLES

ROOT = Path(__file__).resolve().parent.parent
ELSEWHERE = ROOT / ".benchmarks"

#: Share of the processors that may be busy on a quiet machine; without a count of it, processes
#: that may wait for each, in the last minute.
QUIET = 0.1

#: Seconds for which it is looked at, and in which a machine may become quiet.
_LOOK, _PATIENCE = 2.0, 90.0

#: What the benchmarks run at, where it is not their defaults: what a quarter of an hour more would
#: not change.  Rows of a group each are fewer, since the peers hold all of the result.
OPTIONS = {
    "fold": ("--sources", "own tables", "--sparse-rows", "1000000"),
    "criteria": ("--repeats", "7"),
    "executors": ("--formats", "parquet"),
    "import": ("--repeats", "7"),
    "embed": ("--calls", "20", "--assets", "50000"),
    "wait": ("--rows", "10000", "100000", "1000000"),
}


def names() -> list[str]:
    """Return the benchmarks that the pages are made of."""
    return list(TITLES)


def is_quiet() -> bool:
    """Tell whether hardly anybody else works here."""
    before = _busy()
    if before is None:
        return os.getloadavg()[0] <= QUIET * (os.cpu_count() or 1)
    time.sleep(_LOOK)
    busy, idle = (now - then for now, then in zip(_busy() or before, before, strict=True))
    return busy <= QUIET * (busy + idle)


def _busy() -> tuple[float, float] | None:
    """Return the ticks of all processors since the start, busy and idle; None where none counts."""
    told = Path("/proc/stat")
    if not told.is_file():
        return None
    ticks = [float(each) for each in told.read_text("utf-8").splitlines()[0].split()[1:9]]
    idle = ticks[3] + ticks[4]  # and waiting for a disk
    return sum(ticks) - idle, idle


def becomes_quiet() -> bool:
    """Wait a while for others to end."""
    until = time.monotonic() + _PATIENCE
    while not (quiet := is_quiet()) and time.monotonic() < until:
        time.sleep(_LOOK)
    return quiet


def main(given: Sequence[str] | None = None) -> None:
    """Run the benchmarks asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    parser.add_argument("--loaded", action="store_true", help="a trial, on a machine in use")
    options = parser.parse_args(given)
    unknown = sorted(set(options.names) - set(names()))
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(names())}")
    folder = ELSEWHERE if options.loaded else RECORDS
    folder.mkdir(exist_ok=True)
    for name in options.names or names():
        if not options.loaded and not becomes_quiet():
            parser.error("others work on this machine: wait for them, or say --loaded")
        program = ROOT / "benchmarks" / f"bench_{name}.py"
        given = ("--json", str(folder / f"{name}.json"), *OPTIONS.get(name, ()))
        began = time.monotonic()
        subprocess.run([sys.executable, str(program), *given], check=True)  # noqa: S603 - ours
        sys.stdout.write(f"{name}: {time.monotonic() - began:.0f} s\n")
        sys.stdout.flush()
    if not options.loaded:
        for page in ("benchmarks/scorecard.py", "docs/performance.py"):
            subprocess.run([sys.executable, str(ROOT / page)], check=True)  # noqa: S603 - ours


if __name__ == "__main__":
    main()
