"""The account of the files on a page: what became of their rows, what was refused or is doubtful.

Input: an `Account`.  Output: rich renderables.  One line per file where all is well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reen.cli.errors import as_typed
from reen.cli.tables import hang, heading, paragraph
from reen.plugin import Reason

if TYPE_CHECKING:
    from rich.console import RenderableType

    from reen.types import Account

__all__ = ["account_blocks"]


def account_blocks(
    account: Account, *, width: int, limit: int, language: str | None = None
) -> Iterator[RenderableType]:
    """Yield the lines of the files, then the rows refused and the doubts.

    Parameters
    ----------
    account
        The account.
    width
        Characters of a line.
    limit
        Files and issues shown under each head; 0 for all.
    language
        ``en`` or ``fr``; that in force when None.
    """
    for line in _first(account.text(language).splitlines(), limit, language):
        yield hang(line, width=width, rest="  ")
    for head, issues in (
        ("account_of_refused", account.refused),
        ("account_of_doubts", account.doubts),
    ):
        if issues:
            rows = sum(issue.count for issue in issues)
            yield paragraph()
            yield heading(Reason(head, count=rows).text(language))
            texts = [as_typed(issue.text(language)) for issue in issues]
            for text in _first(texts, limit, language):
                yield hang(text, width=width, first="- ", rest="  ")


def _first(lines: Sequence[str], limit: int, language: str | None) -> Iterator[str]:
    shown = len(lines) if limit == 0 else min(limit, len(lines))
    yield from lines[:shown]
    if shown < len(lines):
        yield Reason("account_more", count=len(lines) - shown).text(language)
