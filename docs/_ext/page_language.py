"""Sphinx extension: says in which language a page is, so that screen readers pronounce it.

The pages of ``docs/fr`` and those named in `FRENCH` are French, all others English.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

#: French pages that are not in ``docs/fr``.
FRENCH = {"how-to/faire-le-bilan"}


def _name(
    app: Sphinx, name: str, template: str, context: dict[str, object], tree: nodes.document | None
) -> None:
    del app, template, tree
    if name.startswith("fr/") or name in FRENCH:
        context["language"] = "fr"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Name the language of each page when it is written."""
    app.connect("html-page-context", _name)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
