"""Write benchmarks/scorecard.md from the records of the benchmarks.

Input: ``benchmarks/records/*.json``, as the benchmarks write them (``--json``).  Output: the page,
in which no figure is typed by hand.  ``python benchmarks/scorecard.py`` writes it;
tests/test_performance_page.py checks that it is what this makes of the records.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
RECORDS = ROOT / "records"
PAGE = ROOT / "scorecard.md"

#: Title of each benchmark, and what it asks, in the order of the page.
TITLES = {
    "fold": ("Fold and multiply", "The engine and the whole of `measure`, next to query engines."),
    "criteria": ("More criteria", "What 16 criteria cost when one is paid for."),
    "steps": ("From a file", "Each step from a file to a footprint, next to reading the file."),
    "read": ("Reading", "A clean CSV inventory by the typed path and by the careful one."),
    "models": ("A million models", "As many distinct model names as rows, next to few of them."),
    "draws": ("Draws", "An interval by 10,000 draws, next to drawing the same normal numbers."),
    "matching": ("Matching models", "Distinct model names against sheets."),
    "stream": ("Streams", "Parquet of any size, in memory that does not grow."),
    "executors": ("Two processes", "The same files with one process and with two."),
    "embed": ("One item, and many", "Requests for one item, warm; an inventory, asset by asset."),
    "wait": (
        "From start to result",
        "Each program in a process of its own: what a person waits for.",
    ),
    "import": ("Import", "A fresh interpreter that imports `reen`."),
}

HEAD = """# Scorecard of the benchmarks

*`benchmarks/scorecard.py` makes this page from `benchmarks/records`: no figure in it is typed by
hand. It is for those who work on the speed of reen; what a user waits for is told in
`docs/explanation/performance.md`.*

Times say little of another machine; ratios say more. Each contender below does the same work in the
same process, its result is compared with that of `reen` (1e-9) before anything is timed, and the
runs are taken in turns. A ratio *x as fast* is the peer's median over `reen`'s: above 1, `reen` is
the quicker one. *x as long*, against a floor such as a copy of the columns, is the other way round.
What the project wants is beside it, met or not. The last column is the same ratio of processor
time, all threads together: that of the work done, however many processors it is spread over.

To have your own figures:

```text
nox -s bench
```

or one of them, at other sizes: `python benchmarks/bench_fold.py --help`. What exactly is compared,
and how, is in [README.md](README.md); so is what was tried where a wish is not met, and not kept.

What to expect, in words: with the criteria and stages of a full assessment, folding takes a quarter
(1 million rows) to a seventh (5 million) of the time of the query that an analyst would write, and
about half of that of an expert's. A whole measurement, which resolves words too, checks ranges and
accounts for every row, takes half to nine tenths of the analyst's bare query, and about the time of
the expert's. With one criterion the query engines are ahead, by a quarter to twice, and with a
group for each asset seven times. They keep all processors busy; `reen` asks for a second one in two
loops alone. Why a wish is not met is in [README.md](README.md#wishes-that-are-not-met).
"""


def page() -> str:
    """Return the page."""
    records = [json.loads(path.read_text("utf-8")) for path in sorted(RECORDS.glob("*.json"))]
    order = list(TITLES)
    records.sort(key=lambda record: order.index(record["benchmark"]))
    return "\n".join([HEAD, *(line for record in records for line in section(record))])


def section(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of one benchmark."""
    title, question = TITLES[record["benchmark"]]
    yield f"## {title}\n"
    yield f"{question}\n"
    yield f"{record['date']}; {machine(record['environment'])}\n"
    yield "| work | against | ratio | wanted | met | of processor time |"
    yield "|---|---|--:|--:|:-:|--:|"
    for case in record["cases"]:
        for name, ratio in case["ratios"].items():
            yield row(case, name, ratio)
    yield ""


def row(case: Mapping[str, Any], name: str, ratio: Mapping[str, Any]) -> str:
    """Return one comparison as a row of a table."""
    kind = "as long" if ratio["floor"] else "as fast"
    wanted, met = "", ""
    if ratio["target"] is not None:
        bound = "at most" if ratio["floor"] else "at least"
        wanted = f"{bound} {ratio['target']:g}"
        better = (
            ratio["value"] <= ratio["target"]
            if ratio["floor"]
            else (ratio["value"] >= ratio["target"])
        )
        met = "yes" if better else "**no**"
    busy = ratio.get("processor")
    of_processor = "" if busy is None else f"{figure(busy)} x"
    shown = f"{figure(ratio['value'])} x {kind}"
    return f"| {work(case)} | {name} | {shown} | {wanted} | {met} | {of_processor} |"


def figure(value: float) -> str:
    """Return a ratio in three figures."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def work(case: Mapping[str, Any]) -> str:
    """Return what was done, with its sizes."""
    sizes = [
        f"{value if isinstance(value, str) else format(value, ',')} {key}"
        for key, value in case["sizes"].items()
        if key != "bytes per row"
    ]
    return f"{case['name']}: {', '.join(sizes)}" if sizes else str(case["name"])


def machine(environment: Mapping[str, Any]) -> str:
    """Return the machine and the versions in one sentence."""
    about = environment["machine"]
    versions: Sequence[str] = [
        f"{name} {version}" for name, version in sorted(environment["packages"].items())
    ]
    return (
        f"{about['cores']} cores, {about['memory_gib']} GiB, {about['architecture']}; Python"
        f" {environment['python']}, {', '.join(versions)}."
    )


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
