"""The questions of a worklist on a page: what can be measured, and what to answer first.

Input: a worklist.  Output: its headline and its first questions, one line each.  Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from reen.cli.reading_options import Files
from reen.cli.tables import as_is, hang, heading, series
from reen.inventory.questions import Worklist, question_text
from reen.reasons import say
from reen.tables.mapping.answers import proposed_types

__all__ = ["worklist_page"]

#: Questions on the page.
_SHOWN = 10


def worklist_page(worklist: Worklist, files: Files, width: int) -> Iterator[RenderableType]:
    """Yield what can be measured, and the first questions."""
    yield hang(str(worklist.headline), width=width, rest="  ")
    if not worklist:
        return
    yield Text("")
    yield heading(say("page_answer_first", asked=say("page_questions", count=len(worklist))))
    for question in worklist.questions[:_SHOWN]:
        words = proposed_types(question)
        proposed = [say("page_perhaps", words=words)] if words else []
        where = f" [{question.source}]" if question.source else ""
        text = series([str(question_text(question)), *proposed])
        yield hang(f"{text}{where}", width=width, first="- ")
    if len(worklist) > _SHOWN:
        yield Text(say("page_more_questions", count=len(worklist) - _SHOWN))
    yield Text(say("page_answer_file"))
    yield as_is(f"  reen read {files.typed_with} --worklist questions.csv")
    yield as_is(f"  reen read {files.typed_with} --mapping questions.csv")
