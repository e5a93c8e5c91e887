"""The screen: where pages are printed, and what they are laid out for.

Input: a stream and the blocks of a page, or a view.  Output: text on the stream.  Lines that are
laid out already go to a pipe or a file as they are; rich is imported for a terminal, and for its
own blocks.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING

import attrs

from reen.cli.terminal import wrapped
from reen.gate.characters import visible
from reen.reasons import say

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

    from reen.views.model import View

__all__ = ["PageLine", "Screen", "short_page"]

#: Variables by which rich is told that somebody watches what is no terminal.
_WATCHED = frozenset({"FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"})

#: Columns where there is no terminal.
_WIDTH = 80


@attrs.frozen(eq=False, repr=False)
class PageLine:
    """A line that is never wrapped, so that it can be copied whole.

    Attributes
    ----------
    text
        What it says.
    heading
        Whether it is the title of a block.
    """

    text: str
    heading: bool = False

    def __rich__(self) -> Text:
        """Return the line as rich prints it."""
        from rich.text import Text

        return Text(self.text, style="bold" if self.heading else "", no_wrap=True)


class Screen:
    """A stream on which pages are printed.

    Parameters
    ----------
    stream
        Standard output, say, or a text in memory.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = wrapped(stream)

    @functools.cached_property
    def _watched(self) -> bool:
        return self._stream.isatty() or not _WATCHED.isdisjoint(os.environ)

    @functools.cached_property
    def _console(self) -> Console:
        from reen.cli.console import console_on

        return console_on(self._stream)

    @property
    def width(self) -> int:
        """Columns of a line: those of the terminal, or as COLUMNS says."""
        return self._console.width if self._watched else _width()

    @property
    def ascii_only(self) -> bool:
        """Whether the stream has no letter with an accent, nor a bar."""
        return not (self._stream.encoding or "utf-8").lower().startswith("utf")

    def show(self, blocks: Iterable[RenderableType]) -> None:
        """Print blocks one after the other; a line that is laid out is not wrapped again."""
        for block in blocks:
            if isinstance(block, PageLine) and not self._watched:
                self._stream.write(visible(block.text) + "\n")
            else:
                self._console.print(block, soft_wrap=_laid_out(block))
        self._stream.flush()

    def show_first(self, blocks: Iterable[RenderableType], *, most: int, then: str) -> None:
        """Print blocks up to a number of lines, then a line on how to see the others."""
        with self._console.capture() as captured:
            for block in blocks:
                self._console.print(block, soft_wrap=_laid_out(block))
        lines = captured.get().splitlines()
        if len(lines) > most:
            lines = [*lines[: most - 2], "", then]
        self._stream.write("".join(f"{line}\n" for line in lines))
        self._stream.flush()


def short_page(view: View, screen: Screen) -> Iterator[PageLine]:
    """Yield the lines of a view, as many as a small terminal holds; `--full` shows the long page.

    What is not named one by one is counted and grouped.
    """
    from reen.views.text import text_of

    view = attrs.evolve(view, more=say("page_all_of_it"))
    for line in text_of(view, width=screen.width, ascii_only=screen.ascii_only):
        yield PageLine(line.text, line.heading)


def _laid_out(block: RenderableType) -> bool:
    return isinstance(block, PageLine) or bool(getattr(block, "no_wrap", False))


def _width() -> int:
    """Return the columns where nobody watches: of COLUMNS, else of the terminal that is left."""
    said = os.environ.get("COLUMNS", "")
    if said.isdigit():
        return int(said) or _WIDTH
    for each in range(3):
        try:
            return os.get_terminal_size(each).columns or _WIDTH
        except (OSError, ValueError):
            continue
    return _WIDTH
