"""The questions of a worklist on a page: what can be measured, and what to answer first.

Input: a worklist.  Output: its headline and its first questions, one line each.  Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from reen.cli.options import Files
from reen.cli.tables import hang, heading, plural
from reen.inventory.questions import Worklist, question_text

__all__ = ["worklist_page"]

#: Questions on the page.
_SHOWN = 10


def worklist_page(worklist: Worklist, files: Files, width: int) -> Iterator[RenderableType]:
    """Yield what can be measured, and the first questions."""
    yield hang(str(worklist.headline), width=width, rest="  ")
    if not worklist:
        return
    yield Text("")
    yield heading(f"To answer first ({plural(len(worklist), 'question')})")
    for question in worklist.questions[:_SHOWN]:
        proposed = f"; perhaps {', '.join(question.proposals)}" if question.proposals else ""
        where = f" [{question.source}]" if question.source else ""
        yield hang(f"{question_text(question)}{proposed}{where}", width=width, first="- ")
    if len(worklist) > _SHOWN:
        yield Text(f"and {plural(len(worklist) - _SHOWN, 'question')} more")
    yield Text("answer them in a file, and give it back:")
    yield Text(f"  reen read {files.typed_with} --worklist questions.csv")
    yield Text(f"  reen read {files.typed_with} --mapping questions.csv")
