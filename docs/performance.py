"""Write docs/explanation/performance.md and its plot: what a user waits for.

Input: ``benchmarks/records/*.json``, as the benchmarks write them.  Output: the page, and
``docs/explanation/waits-light.svg`` and ``-dark.svg``; no figure in them is typed by hand.
``python docs/performance.py`` writes all (matplotlib draws); tests/test_performance_page.py
checks them.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
RECORDS = ROOT / "benchmarks" / "records"
PAGE = ROOT / "docs" / "explanation" / "performance.md"
PLOT = ROOT / "docs" / "explanation" / "waits-{page}.svg"
#: Of text and lines, by the page that it stands on; the picture has no ground of its own.
INKS = {"light": "#333333", "dark": "#e6e6e6"}


class Wait(NamedTuple):
    """What somebody does, and where its time is recorded."""

    does: str
    record: str
    case: str
    sizes: Mapping[str, object]
    timing: str


WAITS = (
    Wait(
        "Type `reen measure` on a list of 13 rows",
        "wait",
        "start to result, reen measure",
        {"rows": 13},
        "reen measure",
    ),
    Wait(
        "Type `reen measure` on a CSV of 1 million rows",
        "wait",
        "start to result, csv",
        {"rows": 1_000_000},
        "reen measure",
    ),
    Wait("Import the library in a program", "import", "start-up, import reen", {}, "import reen"),
    Wait("Read and measure a CSV of 2 million rows", "steps", "all, csv", {}, "all"),
    Wait("Read and measure a Parquet file of 2 million rows", "steps", "all, parquet", {}, "all"),
    Wait(
        "Measure 1 million rows that are in memory",
        "fold",
        "measure, own tables",
        {"rows": 1_000_000, "criteria": 1},
        "reen.measure, with coverage",
    ),
    Wait(
        "Measure 1 million rows by 16 criteria",
        "fold",
        "measure, own tables",
        {"rows": 1_000_000, "criteria": 16},
        "reen.measure, with coverage",
    ),
    Wait(
        "Stream a Parquet file of 50 million rows",
        "stream",
        "streamed from Parquet, path",
        {},
        "50,000,000 rows",
    ),
    Wait("Answer a request for one new device", "embed", "measure, base-carbone", {}, "reen"),
    Wait(
        "Answer another request, method prepared",
        "embed",
        "prepared, again, base-carbone",
        {},
        "reen",
    ),
    Wait(
        "Get an interval from 10,000 draws",
        "draws",
        "draws, one spread per flow",
        {"rows": 1_000_000},
        "reen, interval",
    ),
    Wait("Match 50,000 model names with makers' sheets", "matching", "match", {}, "reen"),
)

HEAD = """# Performance

*`docs/performance.py` makes this page from the records of the benchmarks: no figure is typed.*

How long will you wait? On a small machine ({machine}), recorded on {date}:

"""

TAIL = """
:::{image} waits-light.svg
:class: only-light
:alt: "Bar chart of the waits above, on a logarithmic scale up to a minute"
:::
:::{image} waits-dark.svg
:class: only-dark
:alt: "Bar chart of the waits above, on a logarithmic scale up to a minute"
:::

What this means for you:

- A list of a few hundred devices takes the time to look up from the keyboard. Nearly all of it is
  the start of the program; in a web application or a notebook you pay for that start once.
- More criteria cost little: sixteen take far less than sixteen times as long as one.
- A file larger than your memory can be streamed from Parquet, in memory that does not grow with the
  file ([run on many machines](../how-to/run-on-many-machines.md)).
- In a program that answers requests, the first costs more than those that follow: `reen.measure`
  prepares a method that you call by its name once a day. With options or packs of your own, prepare
  it once (`reen.prepare`) and keep it:
  [embed in an application](../how-to/embed-in-an-application.md).
- Large inventories use a second processor for part of the work, where the
  [compiled kernel](compiled-kernel.md) is there; for all of it, hand files to several workers.

Your machine is another one. To have your own figures, type `nox -s bench`, or run one benchmark at
a size of your choice: `python benchmarks/bench_fold.py --help`. How `reen` compares with DuckDB,
Polars, pandas and BoaviztAPI, and which of the project's targets it misses, is in
`benchmarks/scorecard.md`.
"""


def records() -> dict[str, dict[str, Any]]:
    """Return the records by the name of their file."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in RECORDS.glob("*.json")}


def seconds(wait: Wait, found: Mapping[str, dict[str, Any]]) -> float:
    """Return the median of the runs of a wait, of one call where a run makes several."""
    ((runs, calls),) = (
        (timing["seconds"], case["sizes"].get("calls", 1))
        for case in found[wait.record]["cases"]
        if case["name"] == wait.case and wait.sizes.items() <= case["sizes"].items()
        for timing in case["timings"]
        if timing["name"] in {wait.timing, f"{wait.timing}, compiled"}
    )
    return float(statistics.median(runs)) / int(calls)


def shown(value: float) -> str:
    """Return seconds as a person says them, two figures."""
    return f"{value * 1000:.2g} ms" if value < 0.1 else f"{value:.2g} s"  # noqa: PLR2004


def page() -> str:
    """Return the page."""
    found = records()
    used = [found[name] for name in dict.fromkeys(wait.record for wait in WAITS)]
    machines = {
        f"{about['cores']} cores, {about['memory_gib']} GiB"
        for record in used
        for about in [record["environment"]["machine"]]
    }
    dates = sorted({str(record["date"]) for record in used})
    lines = ["| you | you wait |", "|---|--:|"]
    lines += [f"| {wait.does} | {shown(seconds(wait, found))} |" for wait in WAITS]
    head = HEAD.format(machine="; ".join(sorted(machines)), date=" and ".join(dates))
    return head + "\n".join(lines) + "\n" + TAIL


#: Left end of the plot, in seconds.
_LEAST = 0.00003


def draw() -> None:
    """Draw the waits, the longest at the top, for pages of either colour."""
    for page, ink in INKS.items():
        _draw(page, ink)


def _draw(page: str, ink: str) -> None:
    """Draw the waits for pages of one colour."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    found = records()
    rows = sorted((seconds(wait, found), wait.does.replace("`", "")) for wait in WAITS)
    # No date and no random names: the same figures give the same file.
    style = {"svg.hashsalt": "reen", "svg.fonttype": "none", "font.size": 9.0}
    with mpl.rc_context(style):
        figure = Figure(figsize=(8.4, 3.6))
        axes = figure.add_axes((0.42, 0.13, 0.56, 0.86))
        for row, (value, does) in enumerate(rows):
            axes.barh(row, value, left=0.0, color="#0072b2", height=0.6)
            axes.text(value * 1.15, row, shown(value), va="center", color=ink)
            axes.text(_LEAST * 0.8, row, does, va="center", ha="right", color=ink)
        axes.set_xscale("log")
        axes.set_xlim(_LEAST, 60.0)
        axes.set_yticks([])
        axes.set_xticks(
            [0.0001, 0.001, 0.01, 0.1, 1.0, 10.0, 60.0],
            ["0.1 ms", "1 ms", "10 ms", "0.1 s", "1 s", "10 s", "1 min"],
        )
        axes.minorticks_off()
        axes.tick_params(colors=ink)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        for side in ("bottom", "left"):
            axes.spines[side].set_color(ink)
        path = str(PLOT).format(page=page)
        figure.savefig(path, transparent=True, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    draw()
