"""The account of the files on a page: what became of their rows, what was refused or is doubtful.

Input: an `Account`.  Output: rich renderables.  One line per file where all is well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

import reen
from reen.cli.errors import as_typed
from reen.cli.tables import hang, heading, plural

__all__ = ["account_blocks"]


def account_blocks(account: reen.Account, *, width: int, limit: int) -> Iterator[RenderableType]:
    """Yield the lines of the files, then the rows refused and the doubts.

    Parameters
    ----------
    account
        The account.
    width
        Characters of a line.
    limit
        Files and issues shown under each head; 0 for all.
    """
    for line in _first(str(account).splitlines(), limit, "file"):
        yield hang(line, width=width, rest="  ")
    for title, issues in (
        ("Refused: not in the figures", account.refused),
        ("Doubtful: counted as read, and may be wrong", account.doubts),
    ):
        if issues:
            yield Text("")
            yield heading(f"{title} ({plural(sum(issue.count for issue in issues), 'row')})")
            for text in _first([as_typed(str(issue)) for issue in issues], limit, "issue"):
                yield hang(text, width=width, first="- ", rest="  ")


def _first(lines: Sequence[str], limit: int, noun: str) -> Iterator[str]:
    shown = len(lines) if limit == 0 else min(limit, len(lines))
    yield from lines[:shown]
    if shown < len(lines):
        yield f"and {plural(len(lines) - shown, noun)} more: --limit 0 shows them."
