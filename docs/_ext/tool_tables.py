"""Which tools' files reen recognises, and what it takes each of their headers for.

Output: Markdown for the page "Files of known tools", made of the mappings that plugins provide: a
table of the tools, then for each tool its kinds of table, the headers by which one is recognised,
and the headers of each column.  Imports no Sphinx, so that tests can read the same text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import reen
from reen.plugin.files import ColumnRule, FileMapping

__all__ = ["tools"]


def tools() -> str:
    """Return the table of all tools and a section for each."""
    mappings = sorted(reen.default_registry().mappings, key=lambda each: each.name)
    lines = ["| name | files | tables |", "|---|---|---|"]
    for mapping in mappings:
        kinds = dict.fromkeys(_kind(table.kind, table.refused) for table in mapping.tables)
        link = f"[`{mapping.name}`](#{mapping.name})"
        lines.append(f"| {link} | {mapping.title} | {', '.join(kinds)} |")
    return "\n\n".join(["\n".join(lines), *(_section(mapping) for mapping in mappings)])


def _kind(kind: str, refused: str) -> str:
    return "refused, with the reason" if refused else (kind or "equipment").replace("_", " ")


def _section(mapping: FileMapping) -> str:
    parts = [f"## `{mapping.name}`", f"{mapping.title}."]
    if mapping.source:
        parts.append(f"Headers from: {_address(mapping.source)}.")
    for table in mapping.tables:
        groups = " or ".join(f"({_headers(group)})" for group in table.signature)
        kind = _kind(table.kind, table.refused).capitalize()
        parts.append(f"**{kind}**: recognised by {groups or 'its file'}.")
        if not table.refused:
            parts.append("\n".join(_columns({**mapping.shared.columns, **table.columns})))
    return "\n\n".join(part for part in parts if part)


def _address(source: str) -> str:
    return f"<{source}>" if source.startswith("http") and " " not in source else source.rstrip(".")


def _headers(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _columns(rules: Mapping[str, ColumnRule]) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for header, rule in rules.items():
        found.setdefault(rule.column, []).append(header)
    unread = found.pop("", [])
    if found:
        yield "| column of reen | headers of the file |"
        yield "|---|---|"
    for column, headers in found.items():
        yield f"| `{column}` | {_headers(headers)} |"
    if unread:
        yield ""
        yield f"Not read: {_headers(unread)}."
