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
from types import TracebackType
from typing import TypeVar

from reen.errors import DimensionError, OptionError, PluginError, ReenError, UnknownNameError

__all__ = ["A_METHOD", "answer_of", "blame", "current_time_limit", "time_limit"]

T = TypeVar("T")

#: Whose fault it is where that is not known yet: the guard writes the name in its place.
A_METHOD = "method"

#: Seconds that the host waits for each answer of a plugin; None for as long as it takes.
_LIMIT: contextvars.ContextVar[float | None] = contextvars.ContextVar("limit", default=None)


class blame:  # noqa: N801 - it is used as a function, in `with` statements
    """Turn whatever is raised inside into a `PluginError` of `plugin`.

    A class, since a generator would take some errors (StopIteration, GeneratorExit) for its own.

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
        The plugin raised something that is not an error of reen, of whatever class, ended the
        process, asked for a column or unit that is not there, or was already found to break its
        contract.  A person who interrupts the program (KeyboardInterrupt) is obeyed.
    """

    def __init__(
        self, plugin: str, doing: str, *, reads_files: bool = False, where: str = ""
    ) -> None:
        self.plugin, self.doing = plugin, doing
        self.reads_files, self.where = reads_files, where

    def __enter__(self) -> None:
        """Begin to watch."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Raise an error that names the plugin instead, or let the error pass."""
        if error is None or isinstance(error, KeyboardInterrupt):
            return
        told = self._told(error)
        if told is None:
            return
        cause = error.__cause__ if isinstance(error, PluginError) else error
        raise told from cause

    def _told(self, error: BaseException) -> PluginError | None:
        """Return the error that names the plugin; None where the error may pass as it is."""
        plugin, where = self.plugin, self.where
        if isinstance(error, PluginError):
            named = error.plugin != A_METHOD and bool(error.where or not where)
            return None if named else PluginError(plugin, error.reason, error.where or where)
        reason: str | None = _failed(self.doing, error)
        if isinstance(error, ReenError):
            # a class of the plugin may not survive the way back from another process
            if type(error).__module__.startswith("reen."):
                own = not self.reads_files and _is_own_fault(error)
                reason = str(error) if own else None
            if reason is None:
                error.add_note(f"raised by {plugin} {self.doing}")
        elif isinstance(error, SystemExit):
            reason = f"tried to end the process {self.doing}"
        elif isinstance(error, OSError) and self.reads_files:
            reason = None
        return None if reason is None else PluginError(plugin, reason, where)


def _is_own_fault(error: ReenError) -> bool:
    """Tell whether an error is of columns or units: the fault of a plugin that reads no file."""
    column = isinstance(error, UnknownNameError) and error.kind == "column"
    return column or isinstance(error, DimensionError)


def _failed(doing: str, error: BaseException) -> str:
    try:
        said = str(error)
    except BaseException:  # noqa: BLE001 - its message is its own code too
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

    Python cannot stop a thread: the late plugin goes on in one of its own, and keeps its memory,
    until it ends or the process does.  Code in C that never releases the interpreter lock blocks
    the whole process, and this limit with it.  To be able to stop a plugin for certain, measure
    in a process that you can end.

    Parameters
    ----------
    seconds
        Above 0.  The limit applies to the calls of this thread or task, and to the workers of an
        ``executor``.

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
