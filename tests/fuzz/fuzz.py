"""Fuzzing: spoilt files read one after the other, for a number of inputs or of seconds.

Run as a script, in a process that a fault of memory may end: the number of each input is written
before it is tried.  What ends in anything but a value or an error of reen, takes too long, or loses
a row, is kept as a file, from which it can be tried again.

    python tests/fuzz/fuzz.py delimited FOLDER --seed 1 --count 500
    python tests/fuzz/fuzz.py all FOLDER --seconds 3600
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import json
import random
import signal
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import mutators
from readers import READERS, Reader, corpus

import reen

#: Bytes of memory that one process may ask for, and seconds that one input may take.
MEMORY = 4 << 30
PATIENCE = 60


class TooLongError(Exception):
    """An input that hangs."""


def limited() -> None:
    """Bound the memory of this process, and the time of an input."""
    try:
        import resource
    except ImportError:  # Windows has neither
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    def ring(_number: int, _frame: object) -> None:
        raise TooLongError

    signal.signal(signal.SIGPROF, ring)


@contextlib.contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise when something takes longer."""
    timer = getattr(signal, "setitimer", None)  # Windows has none
    if timer is not None:
        timer(signal.ITIMER_PROF, seconds)  # of the processor: others may be busy
    try:
        yield
    finally:
        if timer is not None:
            timer(signal.ITIMER_PROF, 0)


def spoilt(reader: Reader, samples: list[bytes], number: int, seed: int) -> bytes:
    """Return the input of a number: one of the samples, spoilt once or a few times."""
    chance = random.Random(f"{seed}:{number}")  # noqa: S311 - to be made again
    data = chance.choice(samples)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        mutate = chance.choice((*reader.mutate, *reader.mutate, *reader.mutate, mutators.of_bytes))
        data = mutate(data, chance)
    return data


def tried(reader: Reader, path: Path) -> tuple[str, str]:
    """Read a file: ``value``, ``refused`` (an error of reen) or ``fault``, and what was said."""
    try:
        with within(PATIENCE):
            reader.read(path)
    except reen.ReenError as error:
        return ("container" if isinstance(error, reen.errors.FileFormatError) else "refused"), (
            f"{type(error).__name__}: {error}"
        )
    except TooLongError:
        return "fault", f"hang: more than {PATIENCE} s"
    except Exception as error:  # noqa: BLE001 - what is looked for
        place = traceback.extract_tb(error.__traceback__)[-1]
        return (
            "fault",
            f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}: {error}",
        )
    return "value", ""


def run(name: str, folder: Path, *, seed: int, count: int, seconds: float) -> dict[str, object]:
    """Try inputs of a reader, and return what became of them."""
    reader, samples = READERS[name], READERS[name].samples()
    folder.mkdir(parents=True, exist_ok=True)
    place, log = folder / f"input{reader.ending}", folder / "number"
    became: Counter[str] = Counter()
    faults: dict[str, str] = {}
    start, number, opened = time.monotonic(), 0, 0
    while number < count and time.monotonic() - start < seconds:
        data = spoilt(reader, samples, number, seed)
        place.write_bytes(data)
        log.write_text(f"{name} {seed} {number}")
        kind, said = tried(reader, place)
        became[kind] += 1
        opened += kind != "container" if reader.opens is None else reader.opens(data)
        if kind == "fault":
            first_line = said.splitlines()[0]
            key = first_line.partition(": ")[0]
            if key not in faults:
                faults[key] = said
                (folder / f"fault-{seed}-{number}{reader.ending}").write_bytes(data)
                sys.stderr.write(f"{name} {seed} {number}: {said[:300]}\n")
        number += 1
    log.write_text("done")
    return {
        "reader": name,
        "inputs": number,
        "seconds": round(time.monotonic() - start, 1),
        "past_container": round(opened / max(number, 1), 3),
        **became,
        "faults": faults,
    }


def again(name: str) -> dict[str, object]:
    """Read every file of the corpus of a reader."""
    found = {}
    for path in corpus(name):
        kind, said = tried(READERS[name], path)
        if kind == "fault":
            found[path.name] = said
    return {"reader": name, "files": len(list(corpus(name))), "faults": found}


def main() -> None:
    """Fuzz as typed; one line of JSON for each reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reader", choices=["all", *READERS])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1 << 60)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="of each reader")
    parser.add_argument("--corpus", action="store_true", help="only the files of the corpus")
    asked = parser.parse_args()
    faulthandler.enable()
    warnings.simplefilter("ignore")
    reen.default_registry()
    limited()
    for name in READERS if asked.reader == "all" else [asked.reader]:
        if asked.corpus:
            found = again(name)
        else:
            found = run(
                name,
                asked.folder / name,
                seed=asked.seed,
                count=asked.count,
                seconds=asked.seconds,
            )
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
