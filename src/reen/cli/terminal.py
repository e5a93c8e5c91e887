"""The terminal: the one sink of all text, where what a terminal would obey is made visible.

Input: text for standard output and standard error, whoever prints it.  Output: the same without
controls and marks of direction (see `reen.gate.characters`).  Bytes of data pass beside it.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import IO, TextIO, cast

from reen.gate.characters import visible
from reen.reasons import say

__all__ = ["VisibleStreams", "wrapped"]


class _Visible:
    """A stream of text that makes what it is given visible; it offers no way around."""

    def __init__(self, stream: TextIO) -> None:
        self.wrapped = stream
        self.encoding = stream.encoding
        self.errors = stream.errors

    @property
    def closed(self) -> bool:
        """Return whether it is closed."""
        return self.wrapped.closed

    def write(self, text: str) -> int:
        """Write text, made visible."""
        return self.wrapped.write(visible(text))

    def flush(self) -> None:
        self.wrapped.flush()

    def isatty(self) -> bool:
        return self.wrapped.isatty()

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.wrapped.fileno()


class _Closed(io.StringIO):
    """A stream that was closed before the program began: who writes there is told, or is not."""

    def __init__(self, *, told: bool) -> None:
        super().__init__()
        self._told = told

    @property
    def buffer(self) -> io.BytesIO:
        """Return what takes bytes, where nobody reads them."""
        if self._told:
            raise OSError(errno.EBADF, say("error_stdout_closed"))
        return io.BytesIO()

    def write(self, text: str) -> int:
        """Take text that nobody reads, or say that it is closed."""
        if self._told:
            raise OSError(errno.EBADF, say("error_stdout_closed"))
        return len(text)


class VisibleStreams:
    """Puts the sink before standard output and standard error, until `restore`.

    A stream that the shell closed (``>&-``) is an error for results and nothing for messages.
    """

    def __init__(self) -> None:
        self._given = sys.stdout, sys.stderr
        if None in (sys.stdin, *self._given):
            _take_numbers()
        out: TextIO | None = sys.stdout
        err: TextIO | None = sys.stderr
        sys.stdout = _sink(_Closed(told=True) if out is None else out)
        sys.stderr = _sink(_Closed(told=False) if err is None else err)

    def restore(self) -> None:
        """Give the streams back."""
        sys.stdout, sys.stderr = self._given


def _take_numbers() -> None:
    """Open nothing under the numbers 0 to 2 that are free.

    A file that were opened under one of them would get what compiled code prints on the terminal.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004 - standard error
        continue
    os.close(number)


def _sink(stream: TextIO) -> TextIO:
    return cast("TextIO", _Visible(stream))


def wrapped(stream: IO[str]) -> TextIO:
    """Return the stream below the sink, for who makes every text visible itself (the console)."""
    return cast("TextIO", getattr(stream, "wrapped", stream))
