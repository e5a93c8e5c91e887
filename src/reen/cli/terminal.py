"""The terminal: the one sink of all text, where what a terminal would obey is made visible.

Input: text for standard output and standard error, whoever prints it.  Output: the same without
controls and marks of direction (see `reen.gate.characters`).  Bytes of data pass beside it.
"""

from __future__ import annotations

import sys
from typing import IO, TextIO, cast

from reen.gate.characters import visible

__all__ = ["VisibleStreams", "wrapped"]


class _Visible:
    """A stream of text that makes what it is given visible; it offers no way around."""

    def __init__(self, stream: TextIO) -> None:
        self.wrapped = stream
        self.encoding = stream.encoding
        self.errors = stream.errors

    @property
    def closed(self) -> bool:
        return self.wrapped.closed

    def write(self, text: str) -> int:
        return self.wrapped.write(visible(text))

    def flush(self) -> None:
        self.wrapped.flush()

    def isatty(self) -> bool:
        return self.wrapped.isatty()

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.wrapped.fileno()


class VisibleStreams:
    """Puts the sink before standard output and standard error, until `restore`."""

    def __init__(self) -> None:
        self._given = sys.stdout, sys.stderr
        # where the program has neither, as a window has none, there is nothing to keep clean
        sys.stdout, sys.stderr = (
            stream if stream is None else cast("TextIO", _Visible(stream)) for stream in self._given
        )

    def restore(self) -> None:
        """Give the streams back."""
        sys.stdout, sys.stderr = self._given


def wrapped(stream: IO[str]) -> TextIO:
    """Return the stream below the sink, for who makes every text visible itself (the console)."""
    return cast("TextIO", getattr(stream, "wrapped", stream))
