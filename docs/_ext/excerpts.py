"""Sphinx extension: gives the search the words around what it finds, offline too.

Sphinx fetches excerpts from a server, page by page; a folder opened from the disk has none.
Output: ``_static/excerpts.js``, the plain text of every page by its name, loaded by the search page
only (`search.js` shows the words around the first hit).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def _text(tree: nodes.document) -> str:
    """Return what a reader sees, without headings, in one line."""
    parts = (
        part.astext()
        for part in tree.findall(
            lambda node: isinstance(node, nodes.paragraph | nodes.literal_block)
        )
        if not isinstance(part.parent, nodes.image)
    )
    return " ".join(" ".join(parts).split())


def _write(app: Sphinx, problem: Exception | None) -> None:
    if problem is not None or app.builder.format != "html":
        return
    texts = {name: _text(app.env.get_doctree(name)) for name in sorted(app.env.found_docs)}
    script = f"const EXCERPTS = {json.dumps(texts, ensure_ascii=False)};\n"
    Path(app.outdir, "_static", "excerpts.js").write_text(script, encoding="utf-8")


def _load(
    app: Sphinx, name: str, template: str, context: dict[str, object], tree: nodes.document | None
) -> None:
    del template, context, tree
    if name == "search":
        app.add_js_file("excerpts.js")
        app.add_js_file("search.js")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write the texts when the site is built; load them where they are used."""
    app.connect("html-page-context", _load)
    app.connect("build-finished", _write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
