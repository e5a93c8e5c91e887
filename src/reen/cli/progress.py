"""A sign of life on long work: a line on standard error, after a second, when a person watches.

Input: what is being done, and how many rows there are when that is known.  Output: nothing on a
pipe, nothing on quick work, nothing left on the screen afterwards.
"""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import ProgressColumn, TaskID

__all__ = ["Progress"]

#: Seconds of work that nobody minds.
_PATIENCE = 1.0


class Progress:
    """Shows that work goes on, for as long as the `with` block lasts.

    Parameters
    ----------
    text
        What is being done.
    total
        Rows to do; None when it is not known.
    console
        Where to show it; by default standard error when it is a terminal, else nowhere.
    patience
        Seconds before anything shows.
    """

    def __init__(
        self,
        text: str,
        *,
        total: int | None = None,
        console: Console | None = None,
        patience: float = _PATIENCE,
    ) -> None:
        self._text = text
        self._total = total
        self._console = console
        self._patience = patience
        # Reading a file is one long call, so the clock runs in a thread of its own.
        self._clock: threading.Timer | None = None
        self._lock = threading.Lock()
        self._over = False
        self._done = 0
        self._shown: tuple[Bar, TaskID] | None = None

    def __enter__(self) -> Self:
        """Start the clock, if anybody watches."""
        if self._console is not None or sys.stderr.isatty():
            self._clock = threading.Timer(self._patience, self._show)
            self._clock.daemon = True
            self._clock.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the line away."""
        if self._clock is not None:
            self._clock.cancel()
        with self._lock:
            self._over = True
            if self._shown is not None:
                self._shown[0].stop()

    def update(self, done: int, total: int | None = None) -> None:
        """Say how many rows are done, and how many there are where that is news."""
        del total  # given when the line was made
        with self._lock:
            self._done = done
            if self._shown is not None:
                bar, task = self._shown
                bar.update(task, completed=done)

    def _show(self) -> None:
        from rich.progress import Progress as Bar

        from reen.cli.console import console_on

        with self._lock:
            if self._over:
                return
            bar = Bar(
                *self._columns(),
                console=self._console or console_on(sys.stderr),
                transient=True,
                # Results go to standard output untouched, even while the line shows.
                redirect_stdout=False,
                redirect_stderr=False,
            )
            task = bar.add_task(self._text, total=self._total, completed=self._done)
            bar.start()
            self._shown = (bar, task)

    def _columns(self) -> list[ProgressColumn]:
        from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn

        head: list[ProgressColumn] = [SpinnerColumn(), TextColumn("{task.description}")]
        if self._total is not None:
            rows = TextColumn("{task.completed:,} of {task.total:,} rows")
            head += [BarColumn(bar_width=20), rows]
        return [*head, TimeElapsedColumn()]
