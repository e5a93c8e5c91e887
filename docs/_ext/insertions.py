"""Sphinx extension: puts what the code says in the place of the marks in the pages.

A line ``<!-- from the code: NAME -->`` of a page, with the text that follows it as far as
``<!-- end of: NAME -->``, becomes the Markdown that `reference_tables` makes under that name,
before the page is parsed.  An unknown name fails the build.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import reference_tables
from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def _insert(app: Sphinx, docname: str, source: list[str]) -> None:
    del app
    try:
        source[0] = reference_tables.expand(source[0])
    except KeyError as error:
        message = f"{docname}: nothing is made from the code under the name {error}"
        raise ExtensionError(message) from error


def setup(app: Sphinx) -> ExtensionMetadata:
    """Expand every page when it is read."""
    app.connect("source-read", _insert)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
