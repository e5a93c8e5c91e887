"""Guard: whatever a plugin does wrong becomes a `PluginError` that names the plugin.

The one place that catches everything: a plugin is somebody else's code, its host must survive it
and be told whose fault it is.  Errors of reen that speak of the user's data or options pass, since
they already say what is wrong.  `time_limit` bounds how long the host waits for each answer.
"""

from __future__ import annotations

import contextvars
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from reen.errors import (
    DimensionError,
    OptionError,
    PluginError,
    ReenError,
    UndeclaredColumnError,
    UnknownColumnError,
)

__all__ = ["A_METHOD", "answer_of", "blame", "current_time_limit", "time_limit"]

T = TypeVar("T")

#: Whose fault it is where that is not known yet: the guard writes the name in its place.
A_METHOD = "method"

#: Seconds that the host waits for each answer of a plugin; None for as long as it takes.
_LIMIT: contextvars.ContextVar[float | None] = contextvars.ContextVar("limit", default=None)

#: What a plugin that reads no file can only get wrong itself: columns and units of its contract.
_OWN_FAULTS = (UndeclaredColumnError, UnknownColumnError, DimensionError)


@contextmanager
def blame(  # noqa: C901 - each kind of fault, once
    plugin: str, doing: str, *, reads_files: bool = False, where: str = ""
) -> Iterator[None]:
    """Turn any exception raised inside into a `PluginError` of `plugin`.

    Parameters
    ----------
    plugin
        Name and version of the plugin, method or importer.
    doing
        What it was doing, as in "failed *while preparing*".
    reads_files
        Whether it reads the user's files, whose absence and whose units are not its fault.
    where
        The batch that it was given; it is added to what is said already.

    Raises
    ------
    PluginError
        The plugin raised something that is not an error of reen, ended the process, asked for a
        column or unit that is not there, or was already found to break its contract.
    """
    try:
        yield
    except PluginError as error:
        named = error.plugin != A_METHOD
        if named and (error.where or not where):
            raise
        raise PluginError(plugin, error.reason, error.where or where) from error.__cause__
    except ReenError as error:
        if isinstance(error, _OWN_FAULTS) and not reads_files:
            raise PluginError(plugin, str(error), where) from error
        if not type(error).__module__.startswith("reen."):
            # a class of the plugin may not survive the way back from another process
            raise PluginError(plugin, _failed(doing, error), where) from error
        error.add_note(f"raised by {plugin} {doing}")
        raise
    except MemoryError:
        raise
    except OSError as error:
        if reads_files:
            raise
        raise PluginError(plugin, _failed(doing, error), where) from error
    except SystemExit as error:
        raise PluginError(plugin, f"tried to end the process {doing}", where) from error
    except Exception as error:
        raise PluginError(plugin, _failed(doing, error), where) from error


def _failed(doing: str, error: Exception) -> str:
    try:
        said = str(error)
    except Exception:  # noqa: BLE001 - its message is its own code too
        said = "(its message cannot be shown)"
    return f"failed {doing} with {type(error).__name__}: {said}"


def answer_of(
    plugin: str,
    doing: str,
    function: Callable[[], T],
    *,
    reads_files: bool = False,
    where: str = "",
) -> T:
    """Return what a plugin answers, within the limit of time if there is one.

    Parameters
    ----------
    plugin, doing, reads_files, where
        As in `blame`.
    function
        Calls the plugin, and uses up what it yields.

    Raises
    ------
    PluginError
        As `blame`, or no answer in time.
    """
    seconds = current_time_limit()
    with blame(plugin, doing, reads_files=reads_files, where=where):
        if seconds is None:
            return function()
        return _answer_within(seconds, plugin, doing, function)


def _answer_within(seconds: float, plugin: str, doing: str, function: Callable[[], T]) -> T:
    """Call in a thread of its own and stop waiting after a while."""
    answers: list[T] = []
    errors: list[BaseException] = []
    context = contextvars.copy_context()

    def run() -> None:
        try:
            answers.append(context.run(function))
        except BaseException as error:  # noqa: BLE001 - handed over to the thread that waits
            errors.append(error)

    # daemon: a plugin that never answers must not keep the process from ending
    thread = threading.Thread(target=run, name=f"reen: {plugin}", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise PluginError(
            plugin,
            f"gave no answer {doing} within {seconds:g} s; its thread cannot be stopped and may go"
            " on until the process ends",
        )
    if errors:
        raise errors[0]
    return answers[0]


def current_time_limit() -> float | None:
    """Return the seconds that a plugin may take to answer, None for as long as it takes."""
    return _LIMIT.get()


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Limit the time that each call of a plugin may take, inside a ``with`` block.

    An answer is the import of a plugin or one of its hooks, the look at a file or the read of it,
    the content of a factor pack, the preparation of a method, or its exchanges for one batch.  A
    plugin that is late gets a `PluginError`; the host and the other plugins go on.

    Python cannot stop a thread: the late plugin goes on in one of its own until it ends, or until
    the process does, and keeps what it holds.  Code in C that never gives the interpreter lock
    back holds the whole process, and this limit with it.  A plugin that must be stopped for
    certain is to be run in a process that can be ended: measure there.

    Parameters
    ----------
    seconds
        Above 0.  The limit holds for what this thread or task calls, and is handed to the workers
        of an ``executor``.

    Raises
    ------
    OptionError
        A number that is not above 0.
    """
    if not seconds > 0.0 or math.isinf(seconds):
        raise OptionError("time_limit", "seconds", str(seconds), "a number of seconds above 0")
    token = _LIMIT.set(seconds)
    try:
        yield
    finally:
        _LIMIT.reset(token)
