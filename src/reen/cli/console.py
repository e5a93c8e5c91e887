"""The console: how rich writes to a terminal, to a pipe and to a text in memory.

Input: a stream.  Output: a console as wide as the terminal (or as COLUMNS says), without colours
where NO_COLOR asks so or nobody watches.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderableType

from reen.cli.terminal import wrapped
from reen.gate.characters import visible

if TYPE_CHECKING:
    from rich.segment import Segment

__all__ = ["console_on"]


class _Console(Console):
    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Render something, its text visible: what moves a cursor is the console's own alone."""
        for segment in super().render(renderable, options):
            if segment.control:
                yield segment
            else:
                yield segment._replace(text=visible(segment.text))

    def on_broken_pipe(self) -> None:
        """Let click end the program, as for every other output."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def console_on(stream: IO[str]) -> Console:
    """Return a console that writes plain words to a stream: no mark-up, no highlighting."""
    return _Console(
        file=wrapped(stream),
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        highlight=False,
        markup=False,
        emoji=False,
    )
