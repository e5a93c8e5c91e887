"""Documents (JSON, JSON Lines, XML) as trees of dicts, lists and text, for `records`.

Numbers of JSON stay as they are written, but for an exponent or a third decimal (see `cells`).
Attributes and children of an XML element become keys; the text of an element that has some is
under the empty key.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable
from typing import Any

import attrs

from reen.errors import FileFormatError
from reen.reasons import Reason
from reen.tables.containers.cells import literal_text
from reen.tables.containers.limits import Limits
from reen.tables.containers.xml_events import feed_xml

__all__ = ["Document", "Tree", "parse_json", "parse_xml"]

#: A value of a document; None is a null or an empty element.
Tree = dict[str, "Tree"] | list["Tree"] | str | None

_SHOWN = 3


@attrs.frozen(eq=False, repr=False)
class Document:
    """A parsed document.

    Attributes
    ----------
    root
        Its value.
    lines
        Line of each record of JSON Lines; empty otherwise.
    remarks
        What is to be told.
    """

    root: Tree = attrs.field(repr=False)
    lines: tuple[int, ...] = ()
    remarks: tuple[Reason, ...] = ()


def parse_json(place: str, data: bytes, limits: Limits) -> Document:
    """Parse JSON, or JSON Lines.

    Raises
    ------
    FileFormatError
        The text is no JSON (the message has the line), or is nested too deep.
    """
    text, remarks = _decode(place, data)
    repeated: dict[str, int] = {}
    decoder = _decoder(repeated)
    lines: tuple[int, ...] = ()
    try:
        root, end = decoder.raw_decode(text, _blanks(text, 0))
        if _blanks(text, end) < len(text):
            root, lines = _parse_lines(place, text, decoder)
    except json.JSONDecodeError as error:
        raise FileFormatError(place, _no_json(error.msg, error.lineno, error.colno)) from error
    except RecursionError as error:
        reason = Reason("error_lists_objects_are_nested_deeper_than", depth=limits.depth)
        raise FileFormatError(place, reason) from error
    _check_depth(place, root, limits)
    if _HALF.search(text):
        root = _whole(root)
    if repeated:
        names = ", ".join(list(repeated)[:_SHOWN])
        remarks.append(Reason("keys_repeated", count=sum(repeated.values()), keys=names))
    return Document(root, lines, tuple(remarks))


#: An escape of JSON that may be half of a pair, which is no character alone.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def _whole(value: Any) -> Any:  # noqa: ANN401 - a value of a document
    """Return a value whose halves of characters are signs of what was lost."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(each) for key, each in value.items()}
    return value


def _decoder(repeated: dict[str, int]) -> json.JSONDecoder:
    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = dict(pairs)
        if len(made) < len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    repeated[key] = repeated.get(key, 0) + 1
                seen.add(key)
        return made

    constants: Callable[[str], str] = str
    return json.JSONDecoder(
        object_pairs_hook=build,
        parse_float=literal_text,
        parse_int=str,
        parse_constant=constants,
    )


def _decode(place: str, data: bytes) -> tuple[str, list[Reason]]:
    encoding = json.detect_encoding(data)
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding), []
    except UnicodeDecodeError as error:
        if encoding not in {"utf-8", "utf-8-sig"} or data.startswith(codecs.BOM_UTF8):
            reason = Reason("error_text_not_from_beginning_end_export", encoding=encoding)
            raise FileFormatError(place, reason) from error
        return data.decode("cp1252", "replace"), [Reason("encoding_assumed", encoding="cp1252")]


def _blanks(text: str, start: int) -> int:
    while start < len(text) and text[start] in " \t\r\n":
        start += 1
    return start


def _parse_lines(
    place: str, text: str, decoder: json.JSONDecoder
) -> tuple[list[Any], tuple[int, ...]]:
    records, numbers = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip(" \t\r")
        if not stripped:
            continue
        try:
            records.append(decoder.decode(stripped))
        except json.JSONDecodeError as error:
            raise FileFormatError(place, _no_json(error.msg, number, error.colno)) from error
        numbers.append(number)
    return records, tuple(numbers)


def _no_json(what: str, line: int, column: int) -> Reason:
    return Reason("error_json_damaged", line=str(line), column=str(column), what=what)


def _check_depth(place: str, root: Any, limits: Limits) -> None:  # noqa: ANN401 - a JSON value
    level, depth = [root], 0
    while level:
        level = (
            [
                child
                for value in level
                for child in (value.values() if isinstance(value, dict) else value)
                if isinstance(child, dict | list)
            ]
            if depth
            else [value for value in level if isinstance(value, dict | list)]
        )
        depth += 1
        if level:
            limits.check(place, "depth", depth, what="lists and objects inside one another")


def parse_xml(place: str, data: bytes, limits: Limits) -> Document:
    """Parse XML (raises as `feed_xml` does)."""
    reader = _XmlReader()
    feed_xml(place, data, reader, limits)
    return Document(reader.root)


class _XmlReader:
    """Handler that builds the tree of a document."""

    def __init__(self) -> None:
        self.root: Tree = None
        self._open: list[tuple[dict[str, Any], list[str]]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        del name
        self._open.append((dict(attributes), []))

    def data(self, text: str) -> None:
        self._open[-1][1].append(text)

    def end(self, name: str) -> None:
        fields, pieces = self._open.pop()
        text = "".join(pieces).strip()
        value: Tree = fields or (text or None)
        if fields and text:
            fields[""] = text
        if not self._open:
            self.root = value if fields else {name: value}
            return
        parent = self._open[-1][0]
        if name not in parent:
            parent[name] = value
        elif isinstance(parent[name], list):
            parent[name].append(value)
        else:
            parent[name] = [parent[name], value]
