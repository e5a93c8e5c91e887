"""Fuzzing: spoilt files read one after the other, for a number of inputs or of seconds.

Input: readers and mutators.  Output: what became of each input, summed up by reader in a file of
JSON that a later run goes on from.  Inputs are read in child processes with bounded memory and
time, thousands in each.  What ends in anything but a value or an error of reen, takes too long, or
loses a row, is kept as a file, from which it can be tried again.

    python tests/fuzz/fuzz.py delimited FOLDER --seed 1 --count 500
    python tests/fuzz/fuzz.py all FOLDER --seconds 3600
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import gc
import itertools
import json
import math
import os
import random
import re
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import mutators
import pyarrow as pa
from readers import READERS, Reader, corpus

import reen

#: Bytes of memory that one process may ask for, seconds of the processor that one input may take,
#: and seconds without a word after which a child is given up.
MEMORY = 4 << 30
PATIENCE = 30
SILENCE = 600

#: Seconds that one child lives for, and that one reader has before its next turn.
TURN = 10.0


class TooLongError(Exception):
    """An input that hangs."""


@contextlib.contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise when something takes longer; end the process where it does not even listen."""
    if not hasattr(signal, "setitimer"):  # Windows
        yield
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(used.ru_utime + used.ru_stime) + 2 * seconds
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
    signal.setitimer(signal.ITIMER_PROF, seconds)  # of the processor: others may be busy
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def limited() -> None:
    """Bound the memory of this process, and let a timer be heard."""
    if not hasattr(signal, "setitimer"):
        return
    import resource

    if "ASAN_OPTIONS" not in os.environ:  # that sanitizer maps more than there is
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    def ring(_number: int, _frame: object) -> None:
        raise TooLongError

    signal.signal(signal.SIGPROF, ring)


def spoilt(reader: Reader, samples: list[bytes], number: int, seed: int) -> bytes:
    """Return the input of a number: one of the samples, spoilt once or a few times."""
    chance = random.Random(f"{seed}:{number}")  # noqa: S311 - to be made again
    data = chance.choice(samples)
    ways = (*reader.mutate * 6, mutators.of_bytes)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        try:
            data = chance.choice(ways)(data, chance)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            # what was spoilt once cannot always be taken apart again
            data = mutators.of_bytes(data, chance)
    return data


def tried(reader: Reader, path: Path) -> tuple[str, str]:
    """Read a file: ``value``, ``refused`` (an error of reen) or ``fault``, and what was said."""
    try:
        with within(PATIENCE):
            reader.read(path)
    except reen.errors.PluginError as error:
        cause = error.__cause__ or error  # the readers are plugins too: the guard has told of it
        return "fault", f"{type(cause).__name__} at {_place(cause)}: {error}"
    except reen.ReenError as error:
        shut = isinstance(error, reen.errors.FileFormatError)
        return "container" if shut else "refused", type(error).__name__
    except TooLongError:
        return "fault", f"hang: more than {PATIENCE} s"
    except Exception as error:  # noqa: BLE001 - what is looked for
        return "fault", f"{type(error).__name__} at {_place(error)}: {error}"
    return "value", ""


def _place(error: BaseException) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def outcomes(name: str, place: Path, *, seed: int, first: int) -> Iterator[Sequence[Any]]:
    """Yield what becomes of each input: its kind, words, whether its container opens, seconds."""
    reader = READERS[name]
    samples = reader.samples()
    for number in itertools.count(first):
        start = time.process_time()
        data = spoilt(reader, samples, number, seed)
        place.write_bytes(data)
        kind, said = tried(reader, place)
        if kind == "fault":
            kept_of(place, said).write_bytes(data)
        opened = kind != "container"
        if reader.opens is not None and kind != "value":  # what is read was open
            opened = reader.opens(data)
        yield [kind, said, opened, round(time.process_time() - start, 4)]


def kept_of(place: Path, said: str) -> Path:
    """Return the file that keeps the last input of a kind of fault."""
    kind = re.sub(r"\W+", "-", said.partition(": ")[0])
    return place.with_name(f"fault-{kind}{place.suffix}")


def for_a_turn(
    made: Iterable[Sequence[Any]], *, count: int, seconds: float
) -> Iterator[Sequence[Any]]:
    """Yield outcomes for so long."""
    start = time.monotonic()
    for outcome in itertools.islice(made, count):
        yield outcome
        if time.monotonic() - start > seconds:
            return


def in_child(made: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Yield outcomes that a child process makes; its death is the last one, a fault."""
    if not hasattr(os, "fork"):
        yield from made
        return
    out, into = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(out)
            limited()
            with os.fdopen(into, "w") as told:
                for outcome in made:
                    told.write(json.dumps(outcome) + "\n")
                    told.flush()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - a child says it and ends, whatever happens
            traceback.print_exc()
            os._exit(70)
    os.close(into)
    silent, rest = False, b""
    while True:
        if not select.select([out], [], [], SILENCE)[0]:
            silent = True
            os.kill(child, signal.SIGKILL)
        said = os.read(out, 1 << 16)
        if not said:
            break
        *lines, rest = (rest + said).split(b"\n")
        yield from map(json.loads, lines)
    os.close(out)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status or silent:
        died = "silence" if silent else f"death {status}"
        yield ["fault", f"{died}: the child ended", True, 0.0]


def turn(name: str, folder: Path, so_far: dict[str, Any], *, seed: int, **most: Any) -> None:  # noqa: ANN401
    """Try inputs of a reader for a turn, and add what became of them to what is known."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"input{READERS[name].ending}"
    made = for_a_turn(outcomes(name, place, seed=seed, first=so_far["inputs"]), **most)
    for kind, said, opened, seconds in in_child(made):
        number = so_far["inputs"]
        so_far["inputs"] += 1
        so_far["seconds"] += seconds
        so_far["past_container"] += opened
        so_far["kinds"][kind] = so_far["kinds"].get(kind, 0) + 1
        if kind == "refused":
            so_far["errors"][said] = so_far["errors"].get(said, 0) + 1
        if seconds > so_far["slowest"][0]:
            so_far["slowest"] = [seconds, number]
        if kind == "fault":
            key, kept = said.partition(": ")[0], kept_of(place, said)
            if key not in so_far["faults"]:
                sys.stderr.write(f"{name} {seed} {number}: {said[:300]}\n")
            if not kept.exists():  # the child ended before it could
                kept.write_bytes(place.read_bytes())
            old = so_far["faults"].get(key, {"said": said[:500], "file": kept.name, "times": 0})
            so_far["faults"][key] = {**old, "times": old["times"] + 1, "last": number}


def nothing_yet() -> dict[str, Any]:
    """Return what is known of a reader before its first input."""
    return {
        "inputs": 0, "seconds": 0.0, "past_container": 0, "kinds": {}, "errors": {},
        "slowest": [0.0, 0], "faults": {},
    }  # fmt: skip


def run(names: Iterable[str], folder: Path, *, seed: int, count: int, seconds: float) -> None:
    """Try inputs of readers in turns, so many or for so long each, and say what became of them."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"progress-{seed}.json"
    known = json.loads(file.read_text("utf-8")) if file.exists() else {}
    left = {name: [count, seconds] for name in names}
    while left:
        for name in list(left):
            so_far = known.setdefault(name, nothing_yet())
            most, start, before = left[name], time.monotonic(), so_far["inputs"]
            for_now = min(TURN, most[1])
            turn(name, folder / name, so_far, seed=seed, count=most[0], seconds=for_now)
            most[0] -= so_far["inputs"] - before
            most[1] -= time.monotonic() - start
            if most[0] <= 0 or most[1] <= 0:
                del left[name]
            whole = file.with_suffix(".new")
            whole.write_text(json.dumps(known, indent=1), "utf-8")
            whole.replace(file)
            if name not in left:
                sys.stdout.write(json.dumps({"reader": name, **so_far}) + "\n")
                sys.stdout.flush()


def again(name: str) -> dict[str, object]:
    """Read every file of the corpus of a reader."""
    found, reader = {}, READERS[name]
    for path in corpus(name):
        with tempfile.TemporaryDirectory() as folder:  # some readers make files beside theirs
            place = Path(shutil.copy(path, folder))
            for kind, said, *_ in in_child(tried(reader, each) for each in [place]):
                if kind == "fault":
                    found[path.name] = said
    return {"reader": name, "files": len(list(corpus(name))), "faults": found}


def warmed(folder: Path, names: Iterable[str]) -> None:
    """Read each sample once: what is loaded at first use is loaded for every child."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        place = folder / f"sample{READERS[name].ending}"
        for sample in READERS[name].samples():
            place.write_bytes(sample)
            with contextlib.suppress(reen.ReenError):
                READERS[name].read(place)
    gc.freeze()  # children share what is loaded, and do not look through it again


def main() -> None:
    """Fuzz as typed; one line of JSON for each reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reader", choices=["all", *READERS])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1 << 60, help="of each reader")
    parser.add_argument("--seconds", type=float, default=math.inf, help="of each reader")
    parser.add_argument("--corpus", action="store_true", help="only the files of the corpus")
    asked = parser.parse_args()
    faulthandler.enable()
    warnings.simplefilter("ignore")
    pa.set_cpu_count(1)  # children share nothing with threads of their parent
    names = list(READERS) if asked.reader == "all" else [asked.reader]
    if asked.corpus:
        for name in names:
            sys.stdout.write(json.dumps(again(name)) + "\n")
        return
    warmed(asked.folder / "samples", names)
    run(names, asked.folder, seed=asked.seed, count=asked.count, seconds=asked.seconds)


if __name__ == "__main__":
    main()
