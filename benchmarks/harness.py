"""Side-by-side timing: contenders that give the same result, run in turns in one process.

Input: contenders (name, function).  Output: the runs of each, ratios to the reference, a printed
table, and a JSON record with versions, machine and sizes.  Results are compared before anything
is timed; no absolute time is asserted, here or anywhere.  Knows neither `reen` nor its peers.
"""

from __future__ import annotations

import gc
import importlib.metadata
import json
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

__all__ = [
    "AGREEMENT",
    "Case",
    "Contender",
    "Disagreement",
    "Ratio",
    "Timing",
    "compare",
    "environment",
    "report",
    "run_in_turns",
    "write_json",
]

#: Largest difference between two results, relative to the absolute sum of the reference's.
AGREEMENT = 1e-9

#: Seconds for which threads are watched until they rest, and how often at most.
_LOOK, _LOOKS = 0.01, 50

#: Whether the system says how many processes wait for a processor.
LOADS = hasattr(os, "getloadavg")

#: Fewest runs of which a median is taken, unless the caller only wants to see that it works.
REPEATS = 5

Result: TypeAlias = npt.NDArray[np.float64]


class Disagreement(AssertionError):  # noqa: N818 - said of two contenders, as in a court
    """Two contenders gave different results; there is nothing to time."""


@attrs.frozen
class Contender:
    """One way to do the work.

    Attributes
    ----------
    name
        Shown in the table.
    run
        Does the work once and returns what it made; timed.
    check
        Does the work once in the same way and returns the result in the common order and shape;
        never timed.  None for what gives no result to compare.
    target
        Ratio that the project wants, or None.  Printed, never asserted.
    floor
        Whether this is a lower bound of the time (reading the data at all) and not a peer.
    """

    name: str
    run: Callable[[], object]
    check: Callable[[], Result] | None = None
    target: float | None = None
    floor: bool = False


@attrs.frozen
class Timing:
    """The runs of one contender.

    Attributes
    ----------
    name
        Of the contender.
    seconds
        From start to end.
    processor
        Seconds of processor time, of all threads together: what a busy machine changes least.
    """

    name: str
    seconds: tuple[float, ...]
    processor: tuple[float, ...] = ()

    @property
    def median(self) -> float:
        """Return the median run."""
        return statistics.median(self.seconds)


@attrs.frozen
class Ratio:
    """How the reference compares with another contender, in medians.

    Attributes
    ----------
    value
        Peer over reference: how many times as fast the reference is.  For a floor, reference over
        floor: how many times as long the reference takes.
    target
        Wanted: at least this against a peer, at most this against a floor.
    floor
        Which of the two it is.
    processor
        The same of processor time, None where it was not taken.
    """

    value: float
    target: float | None
    floor: bool
    processor: float | None = None

    def __str__(self) -> str:
        """Return the ratio and what is wanted."""
        text = f"{self.value:8.2f} x" + (" as long" if self.floor else " as fast")
        if self.processor is not None:
            text += f" (processor time {self.processor:.2f} x)"
        if self.target is not None:
            text += f", wanted {'at most' if self.floor else 'at least'} {self.target:g}"
        return text


@attrs.frozen(kw_only=True)
class Case:
    """One piece of work and how long each contender took.

    Attributes
    ----------
    name
        What was done.
    sizes
        Rows, groups, criteria...
    timings
        The reference first.
    ratios
        The reference against each other contender.
    agreement
        Largest relative difference between a contender's result and the reference's.
    """

    name: str
    sizes: Mapping[str, float | str]
    timings: tuple[Timing, ...]
    ratios: Mapping[str, Ratio]
    agreement: Mapping[str, float]


def compare(reference: Result, other: Result, *, who: str) -> float:
    """Return how far two results are apart, relative to the reference's absolute sum by column.

    Raises
    ------
    Disagreement
        When shapes differ or a difference exceeds `AGREEMENT`.
    """
    if reference.shape != other.shape:
        message = f"{who}: shape {other.shape} instead of {reference.shape}"
        raise Disagreement(message)
    # A cell is judged by the larger of itself and the mean of its column: a sum of 1e-12 that
    # stems from nothing but rounding must not fail the whole.
    scale = np.maximum(np.abs(reference), np.abs(reference).mean(axis=0, keepdims=True))
    difference = np.abs(other - reference) / np.where(scale > 0.0, scale, 1.0)
    worst = float(np.nan_to_num(difference, nan=np.inf).max(initial=0.0))
    if worst > AGREEMENT:
        cell = np.unravel_index(int(np.argmax(difference)), difference.shape)
        message = (
            f"{who}: {other[cell]!r} instead of {reference[cell]!r} at {tuple(map(int, cell))};"
            f" worst relative difference {worst:.3g}"
        )
        raise Disagreement(message)
    return worst


def run_in_turns(
    name: str,
    contenders: Sequence[Contender],
    *,
    sizes: Mapping[str, float | str],
    repeats: int = REPEATS,
    pools: bool = False,
) -> Case:
    """Check that all contenders agree, then time them in turns.

    The first contender is the reference.  The checking run is also the warm-up.  Turns are
    interleaved, so that a slow minute of the machine falls on everybody, and start with another
    contender each time, so that nobody always runs on what the same neighbour left in the cache.

    With `pools`, work is done by processes that outlive it: their processor time is not known, and
    none is told.

    Raises
    ------
    Disagreement
        When a contender does not give the reference's result.
    """
    agreement = _check(contenders)
    runs: dict[str, list[tuple[float, float]]] = {each.name: [] for each in contenders}
    for turn in range(repeats):
        for place in range(len(contenders)):
            contender = contenders[(turn + place) % len(contenders)]
            runs[contender.name].append(_time(contender.run))
    timings = tuple(
        Timing(
            key, tuple(wall for wall, _ in each), () if pools else tuple(busy for _, busy in each)
        )
        for key, each in runs.items()
    )
    ratios = {}
    for contender, timing in zip(contenders[1:], timings[1:], strict=True):
        floor = contender.floor
        value = _over(timing.median, timings[0].median, floor=floor)
        # a clock of processor time may not have ticked
        ticks = [statistics.median(each.processor or [0.0]) for each in (timing, timings[0])]
        busy = _over(*ticks, floor=floor) if all(ticks) else None
        ratios[contender.name] = Ratio(value, contender.target, floor, busy)
    return Case(name=name, sizes=sizes, timings=timings, ratios=ratios, agreement=agreement)


def _over(peer: float, reference: float, *, floor: bool) -> float:
    """Return how many times the reference a peer takes, or the reference a floor."""
    return reference / peer if floor else peer / reference


def _check(contenders: Sequence[Contender]) -> dict[str, float]:
    """Run every contender once, which also warms it up, and compare the results."""
    first = contenders[0].check
    if first is None:
        for contender in contenders:
            contender.run()
        return {}
    reference = first()
    agreement = {}
    for contender in contenders[1:]:
        if contender.check is None:
            contender.run()
        else:
            agreement[contender.name] = compare(reference, contender.check(), who=contender.name)
    return agreement


def _time(run: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of a run, and those of processor time."""
    # What the previous contender left behind is collected before the clock starts, and the
    # collector stays on: a library that makes garbage should pay for it.
    gc.collect()
    _settle()
    busy, start = _busy(), time.perf_counter()
    result = run()
    elapsed, busy = time.perf_counter() - start, _busy() - busy
    del result
    return elapsed, busy


def _busy() -> float:
    """Return the seconds of processor time of this process, and of those that it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _settle() -> None:
    """Wait until the threads of the contender before have come to rest.

    Those of a BLAS spin for some 30 ms after a product of matrices, in case there is another: their
    processor time would be counted to whoever runs next.
    """
    for _ in range(_LOOKS):
        busy = time.process_time()
        time.sleep(_LOOK)
        if time.process_time() - busy < _LOOK / 10:
            return


def report(case: Case) -> str:
    """Return a case as a table: median and range in seconds, for information, then the ratio."""
    sizes = ", ".join(
        f"{key} {value if isinstance(value, str) else format(value, ',')}"
        for key, value in case.sizes.items()
    )
    width = max(len(timing.name) for timing in case.timings)
    lines = [case.name + (f" ({sizes})" if sizes else "")]
    for timing in case.timings:
        seconds = f"{timing.median:8.4f} s ({min(timing.seconds):.4f} to {max(timing.seconds):.4f})"
        ratio = case.ratios.get(timing.name, "")
        lines.append(f"  {timing.name:<{width}}  {seconds}  {ratio}".rstrip())
    return "\n".join(lines)


def pinned_peers() -> dict[str, str]:
    """Return the peers' versions that the published figures were taken with."""
    text = (Path(__file__).parent / "peers.txt").read_text("utf-8")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return dict(line.split("==", 1) for line in lines if line)


def environment(*packages: str) -> dict[str, object]:
    """Return versions and machine, enough to tell two records apart; no names, no paths.

    The load is that of the last minutes before the record is written: above the benchmark's own
    threads, somebody else was at work too, and the ratios are not those of a quiet machine.
    """
    versions = {name: importlib.metadata.version(name) for name in packages}
    return {
        "python": platform.python_version(),
        "packages": versions,
        "pinned_peers": pinned_peers(),
        "peers_as_pinned": all(
            versions[name] == version
            for name, version in pinned_peers().items()
            if name in versions
        ),
        "machine": {
            "system": platform.system(),
            "architecture": platform.machine(),
            "processor": _processor(),
            "cores": os.cpu_count(),
            "memory_gib": _memory_gib(),
            "load": [round(each, 1) for each in os.getloadavg()] if LOADS else None,
        },
    }


def _processor() -> str:
    """Return the processor as the system describes it, as finely as it does."""
    information = Path("/proc/cpuinfo")
    if not information.is_file():
        return platform.processor()
    fields: dict[str, str] = {}
    for line in information.read_text("utf-8").splitlines():
        key, _, value = line.partition(":")
        fields.setdefault(key.strip(), value.strip())
    names = ("model name", "cpu family", "model", "cache size")
    return ", ".join(f"{name} {fields[name]}" for name in names if name in fields)


def _memory_gib() -> float | None:
    if "SC_PHYS_PAGES" not in getattr(os, "sysconf_names", {}):
        return None
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)


def write_json(
    path: Path, *, benchmark: str, cases: Sequence[Case], about: Mapping[str, object]
) -> None:
    """Write the record of a benchmark, with every single run."""
    record = {
        "benchmark": benchmark,
        "date": datetime.now(tz=UTC).date().isoformat(),
        "environment": about,
        "cases": [
            {**attrs.asdict(case), "medians": {each.name: each.median for each in case.timings}}
            for case in cases
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", "utf-8")
    sys.stdout.write(f"written: {path.name}\n")
