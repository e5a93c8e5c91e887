"""The short page of a result: its view on one small terminal.

Input: a `View`.  Output: at most `LINES` lines of 80 columns.  What is not named one by one is
counted and grouped; `--full` shows the long page of the result instead.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

import reen
from reen.cli.coverages import personal_line
from reen.cli.errors import as_typed
from reen.cli.footprints import uncertainty
from reen.cli.page import Page
from reen.cli.screen import PageLine, Screen
from reen.reasons import say
from reen.results.footprint_view import Showing, footprint_view, main_criterion
from reen.views.model import View
from reen.views.text import LINES, text_of

__all__ = ["LINES", "short_page", "summary_view"]


def short_page(view: View, screen: Screen) -> Iterator[PageLine]:
    """Yield the lines of a view, as many as a small terminal holds."""
    view = attrs.evolve(view, more=say("page_all_of_it"))
    for line in text_of(view, width=screen.width, ascii_only=screen.ascii_only):
        yield PageLine(line.text, line.heading)


def summary_view(footprint: reen.Footprint, page: Page) -> View:
    """Return the view of a footprint, with what the command line knows beside it."""
    asked = uncertainty(footprint, page, (main_criterion(footprint.criteria),))
    personal = personal_line(footprint, page)
    return footprint_view(
        footprint,
        Showing(
            type_title=page.type_title,
            dated=page.dated,
            options=page.options,
            headline=tuple(f"{label} {text}" for label, text in asked.items()),
            stands_out=(personal,) if personal else (),
            typed=as_typed,
        ),
    )
