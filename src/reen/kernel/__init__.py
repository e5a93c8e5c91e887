"""Kernel: the loops of the engine, compiled, where a compiler was there when reen was installed.

The numpy path is the reference; the compiled one does the same operations in the same order, so
that results are equal to the last bit.  It is used when it loads; ``engine="numpy"``, or the
environment variable ``REEN_ENGINE``, turns it off.  Arrays only: knows no method and no inventory.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar, cast, get_args

import attrs
import numpy as np
import numpy.typing as npt

from reen.errors import OptionError
from reen.reasons import Reason
from reen.values import Compared

if TYPE_CHECKING:
    from reen.kernel.interface import Loops

__all__ = [
    "ENGINE_VARIABLE",
    "THREADS_VARIABLE",
    "Engine",
    "State",
    "lendable",
    "loops",
    "state",
    "threads",
    "using",
    "wanted",
]

#: Which loops are used: ``auto`` is the compiled ones where they load, else numpy's.
Engine: TypeAlias = Literal["auto", "numpy", "compiled"]

#: Environment variable that says which engine is used where a call does not.
ENGINE_VARIABLE = "REEN_ENGINE"

#: Environment variable that says how many threads the compiled loops may use at once.
THREADS_VARIABLE = "REEN_THREADS"

#: What this version of reen calls; a binary of another one is left alone.
_INTERFACE = 6

#: Rows from which a second thread gains more than it takes to start it.
_MANY = 1 << 15

T = TypeVar("T", bound=np.generic)

_chosen: ContextVar[Engine | None] = ContextVar("reen_engine", default=None)
_allowed: ContextVar[int | None] = ContextVar("reen_threads", default=None)


@attrs.frozen(eq=False, repr=False)
class State(Compared):
    """Which engine runs, and why.

    Attributes
    ----------
    engine
        ``numpy`` or ``compiled``.
    why
        What decided, in a few words for whoever reports a fault.
    built
        Whether the compiled loops are here, used or not.
    """

    engine: Literal["numpy", "compiled"]
    why: str
    built: bool


@functools.cache
def _loaded() -> tuple[Loops | None, str]:
    """Return the compiled loops, or None and why there are none."""
    try:
        found = importlib.import_module("reen.kernel._compiled")
    except ImportError as error:  # not built here, or built for another machine
        missing = isinstance(error, ModuleNotFoundError)
        return None, "not built" if missing else f"does not load: {error}"
    if getattr(found, "INTERFACE", None) != _INTERFACE:
        return None, "built from other sources: install reen again"
    return cast("Loops", found), "built"


@functools.lru_cache(maxsize=16)
def _checked(engine: str, where: str) -> Engine:
    if engine not in get_args(Engine):
        raise OptionError(where, "engine", engine, Reason("error_engine"))
    if engine == "compiled" and _loaded()[0] is None:
        expected = Reason("error_engine_not_here", why=_loaded()[1])
        raise OptionError(where, "engine", engine, expected)
    return cast("Engine", engine)


def wanted() -> Engine:
    """Return the engine asked for: by whoever measures, else by the environment.

    Raises
    ------
    OptionError
        The environment names an engine that there is not.
    """
    chosen = _chosen.get()
    return _environment() if chosen is None else chosen


def _environment() -> Engine:
    return _checked(os.environ.get(ENGINE_VARIABLE) or "auto", ENGINE_VARIABLE)


def loops() -> Loops | None:
    """Return the compiled loops where they are to be used, None where numpy's are."""
    chosen = _chosen.get()
    if chosen is None:
        chosen = _environment()
    return None if chosen == "numpy" else _loaded()[0]


def threads(rows: int) -> int:
    """Return how many threads may work at so many rows.

    As many as ``REEN_THREADS`` says, else as there are processors that the process may use; one in
    a worker of an executor, which has others beside it.

    Raises
    ------
    OptionError
        The environment says no whole number above 0.
    """
    if rows < _MANY:
        return 1
    allowed = _allowed.get()
    return _threads_of(os.environ.get(THREADS_VARIABLE, "")) if allowed is None else allowed


@functools.lru_cache(maxsize=16)
def _threads_of(said: str) -> int:
    if said:
        if not (said.isascii() and said.isdigit() and int(said)):
            raise OptionError(
                THREADS_VARIABLE, "threads", said, Reason("error_whole_number_above_0")
            )
        return int(said)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def state() -> State:
    """Return which engine runs, and why."""
    found, why = _loaded()
    if wanted() == "numpy":
        return State("numpy", f"asked for; the kernel is {why}", found is not None)
    return State("numpy" if found is None else "compiled", why, found is not None)


@contextlib.contextmanager
def using(engine: Engine | None, *, threads: int | None = None) -> Iterator[None]:
    """Use an engine while the context lasts; None keeps the one that is wanted, asked for once.

    Parameters
    ----------
    engine
        Its name.
    threads
        Threads of the compiled loops; None keeps what is allowed.

    Raises
    ------
    OptionError
        There is no such engine, or it is not here.
    """
    token = _chosen.set(wanted() if engine is None else _checked(engine, "measure"))
    allowed = _allowed.set(_allowed.get() if threads is None else threads)
    try:
        yield
    finally:
        _allowed.reset(allowed)
        _chosen.reset(token)


def lendable(array: npt.NDArray[T]) -> npt.NDArray[T]:
    """Return an array as the compiled loops read it: contiguous and aligned, a copy if need be."""
    flags = array.flags
    return array if flags.c_contiguous and flags.aligned else array.copy()
