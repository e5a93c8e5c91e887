"""A view as HTML: a fragment for a notebook, a page of its own for a report.

Input: views.  Output: HTML in which every text is escaped, by the templates beside this module.
jinja2 is an extra: without it, a fragment is the same text as in a terminal, and never raises.
"""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reen.errors import MissingExtraError
from reen.gate.characters import escaped, visible_value
from reen.reasons import Reason, say, speaking
from reen.views.figures import percent
from reen.views.model import View
from reen.views.text import plain, text_of

if TYPE_CHECKING:
    import jinja2

__all__ = ["fragment", "page"]


def fragment(view: View) -> str:
    """Return a view as an HTML fragment; where jinja2 is not installed, as plain text in HTML."""
    try:
        environment = _environment()
    except ImportError:
        return f"<pre>{escaped(plain(text_of(view, width=100)))}</pre>"
    with speaking(view.language):
        return environment.get_template("view.html").render(_words(view))


def page(views: Sequence[View]) -> str:
    """Return views as one page of HTML that needs no other file.

    Raises
    ------
    MissingExtraError
        jinja2 is not installed.
    """
    try:
        environment = _environment()
    except ImportError as error:
        raise MissingExtraError("jinja2", "views", Reason("purpose_html")) from error
    first = views[0]
    parts = [fragment(view) for view in views]
    return environment.get_template("page.html").render(view=first, parts=parts)


def _words(view: View) -> dict[str, object]:
    """Return what the template is given: the view, and the words around it."""
    return {
        "view": view,
        "percent": percent,
        "share_head": say("page_share"),
        "sources_head": say("view_sources"),
    }


@functools.cache
def _environment() -> jinja2.Environment:
    import jinja2

    folder = importlib.resources.files("reen.views") / "templates"
    names = ("page.html", "style.css", "view.html")
    texts = {name: folder.joinpath(name).read_text("utf-8") for name in names}
    return jinja2.Environment(
        loader=jinja2.DictLoader(texts),
        autoescape=True,
        finalize=visible_value,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
