"""Formulas as MathML, which browsers draw themselves: no script and no font from elsewhere.

Input: LaTeX in the pages.  Output: MathML, made by docutils' own converter, which knows the plain
half of LaTeX; a formula that it does not know is a warning, and warnings fail the build.  The
LaTeX source stands beside it as an annotation, for copying and for readers of the HTML.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils.math import MathError, latex2mathml
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

_LOGGER = logging.getLogger(__name__)


def _mathml(node: nodes.Element, *, block: bool) -> str:
    source = node.astext().strip()
    try:
        made = latex2mathml.tex2mathml(source, as_block=block)
    except MathError as error:
        _LOGGER.warning("formula %r cannot be drawn: %s", source, error, location=node)
        return f"<code>{html.escape(source)}</code>"
    return str(made)


def _inline(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(_mathml(node, block=False))
    raise nodes.SkipNode


def _block(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append('<div class="formula">')
    self.body.append(_mathml(node, block=True))
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Offer the renderer as ``html_math_renderer = "mathml"``."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
