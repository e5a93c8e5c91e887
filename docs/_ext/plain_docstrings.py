"""Sphinx extension: docstrings as we write them, made plain to the reader of numpydoc sections.

Attributes that belong together have one entry (``lower, upper``), which it takes for a type and a
name; in the summary of a property, it takes what stands before a colon for a type.  Input: the
lines of a docstring, before that reader.  Output: the same lines, the section "Attributes" turned
into a field that holds a list, and an empty comment before the summary of a property.  A default
that is made anew for each object is written ``...``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

_TITLE = "Attributes"

#: Kinds whose summary may be read as a type.
_VALUES = {"attribute", "data", "property"}

#: Before napoleon, which listens with the default priority of 500.
_EARLY = 400


def _listed(lines: list[str]) -> list[str]:
    """Return the lines of the section as a field: names, then their description."""
    made = [f":{_TITLE}:"]
    for line in lines:
        if line and not line.startswith(" "):
            names, _, kind = line.partition(" : ")
            shown = ", ".join(f"**{name.strip()}**" for name in names.split(","))
            made.append(f"    {shown}" + (f" : {kind}" if kind else ""))
        else:
            made.append(f"    {line}" if line else "")
    return made


def _rewrite(*event: object) -> None:
    _, what, *_, lines = event  # application, kind, name, object, options, lines
    if not isinstance(lines, list):
        return
    if what in _VALUES and lines and lines[0]:
        lines[:0] = ["..", ""]
    if _TITLE not in lines:
        return
    start = lines.index(_TITLE)
    if start + 1 >= len(lines) or not lines[start + 1].startswith("---"):
        return
    end = next(
        (place - 1 for place in range(start + 2, len(lines)) if lines[place].startswith("---")),
        len(lines),
    )
    lines[start:end] = _listed(lines[start + 2 : end])


def _sign(*event: object) -> tuple[str, object] | None:
    *_, signature, returned = event
    if not isinstance(signature, str):
        return None
    return signature.replace("= NOTHING", "= ..."), returned


def setup(app: Sphinx) -> ExtensionMetadata:
    """Rewrite each docstring when it is read."""
    app.connect("autodoc-process-docstring", _rewrite, priority=_EARLY)
    app.connect("autodoc-process-signature", _sign)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
