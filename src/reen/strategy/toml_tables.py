"""Tables of a TOML file on their way to values, and the faults met.

Input: a file, or what a TOML parser found in one with the line of each key, which no parser gives.
Output: values by key, each read by its `Field`; what is not known, missing or wrong is a fault with
its line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from reen.errors import FileFormatError, OptionError
from reen.gate.toml_text import text_of_toml, toml_content
from reen.reasons import say
from reen.strategy.fields import Fault, Field

__all__ = ["Tables", "lines_of", "not_known"]

T = TypeVar("T")

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*=")
_QUOTES = ('"""', "'''")


class Tables:
    """The tables of one file on their way to values, and the faults met.

    Parameters
    ----------
    content
        What the parser found.
    lines
        Line of each key; see `lines_of`.
    """

    def __init__(
        self, content: Mapping[str, Any], lines: Mapping[tuple[str, int, str], int]
    ) -> None:
        self.content, self.lines = dict(content), dict(lines)
        self.faults: list[tuple[int, str]] = []

    @classmethod
    def read(cls, path: Path, what: str) -> Tables:
        """Return the tables of a file.

        Parameters
        ----------
        path
            The file.
        what
            What it should hold, for messages: ``a strategy``.

        Raises
        ------
        FileFormatError
            It cannot be read, or is no TOML.
        """
        text = text_of_toml(path, what)
        return cls(toml_content(text, place=str(path), what=what), lines_of(text))

    def check_names(self, known: Sequence[str]) -> None:
        """Add a fault for each table whose name is not known."""
        for key in self.content:
            if key not in known:
                place = (key, 1, "") if (key, 1, "") in self.lines else ("", 1, key)
                self.fault(place, not_known(key, known))

    def refuse_faults(self, path: Path) -> None:
        """Raise what was found wrong, in the order of the lines.

        Raises
        ------
        FileFormatError
            With every fault.
        """
        if self.faults:
            told = say("page_series").join(message for _, message in sorted(self.faults))
            raise FileFormatError(str(path), told)

    def fault(self, where: tuple[str, int, str], message: str) -> None:
        """Add a fault at a key, or at its table where the key is not there."""
        table, position, key = where
        line = self.lines.get(where) or self.lines.get((table, position, "")) or 0
        name = f"[[{table}]] {position}" if table else say("fault_file")
        if not line and table:
            name = f"[[{table}]]"  # there is none
        said = say("fault_key", name=name, key=key) if key else name
        code = "fault_line" if line else "fault_without_line"
        self.faults.append((line, say(code, line=str(line), said=said, message=message)))

    def each(self, names: Sequence[str]) -> Iterator[tuple[Mapping[str, Any], tuple[str, int]]]:
        """Yield the tables of a name, in either language, with their place."""
        for name in names:
            found = self.content.get(name, [])
            found = [found] if isinstance(found, dict) else found
            if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
                self.fault(("", 1, name), say("fault_no_table", name=name))
                continue
            yield from ((each, (name, position)) for position, each in enumerate(found, 1))

    def once(self, names: Sequence[str]) -> Iterator[tuple[Mapping[str, Any], tuple[str, int]]]:
        """Yield the one table of a name, in either language; a second one is a fault."""
        for number, (each, place) in enumerate(self.each(names)):
            if number:
                self.fault((*place, ""), say("fault_stands_twice"))
                return
            yield each, place

    def values(
        self,
        given: Mapping[str, Any],
        fields: Sequence[Field],
        place: tuple[str, int],
        *,
        within: str = "",
        others: Sequence[str] = (),
    ) -> dict[str, Any] | None:
        """Return the values of the keys of one table, None where one is missing or wrong.

        Parameters
        ----------
        given
            The table.
        fields
            The keys that it may have.
        place
            Name and number of the table of the file.
        within
            Key of that table in which it stands, where it is an inner one.
        others
            Keys that the caller reads itself.
        """
        before = len(self.faults)
        found: dict[str, Any] = {}
        known = {name: field for field in fields for name in field.names}
        for key, value in given.items():
            where = (*place, within or key)
            said = f"({key!r}) " if within else ""
            if key in others:
                continue
            if key not in known:
                self.fault(where, f"{said}{not_known(key, [*known, *others])}")
                continue
            field = known[key]
            if field.name in found:
                self.fault(where, said + say("fault_said_again"))
                continue
            try:
                found[field.name] = field.read(value)
            except Fault as fault:
                self.fault(where, said + say("fault_is", value=repr(value), expected=str(fault)))
        for field in fields:
            there = any(name in given for name in field.names)
            if field.required and not there:
                where = (*place, within or field.french)
                said = f"({field.french!r}) " if within else ""
                self.fault(where, said + say("fault_missing", name=field.french))
        return found if len(self.faults) == before else None

    def made(
        self,
        make: Callable[..., T],
        values: Mapping[str, Any] | None,
        place: tuple[str, int],
        fields: Sequence[Field],
        *,
        within: str = "",
    ) -> T | None:
        """Return a value of some fields, None with a fault where they do not go together."""
        if values is None:
            return None
        try:
            return make(**values)
        except OptionError as error:
            names = next((each.names for each in fields if each.name == error.option), ())
            key = within or next((name for name in names if (*place, name) in self.lines), "")
            said = f"({names[0]!r}) " if within and names else ""
            self.fault(
                (*place, key),
                said + say("fault_is", value=str(error.value), expected=str(error.expected)),
            )
            return None


def not_known(key: str, known: Sequence[str]) -> str:
    """Return the hint for an unknown name: the nearest one, else all that are known."""
    near = difflib.get_close_matches(key, known, 1, cutoff=0.6)
    if near:
        return say("fault_not_known_near", near=near[0])
    return say("fault_not_known", names=", ".join(known))


def lines_of(text: str) -> Mapping[tuple[str, int, str], int]:
    r"""Return the line of each key by (table, number of the table, key).

    A table without a header is ``""``; the empty key is the header itself.  Tables of one name are
    counted from 1.

    Examples
    --------
    >>> found = lines_of("title = 'x'\n[[action]]\nid = 'A1'\n\n[[action]]\nid = 'A2'\n")
    >>> found["action", 2, "id"], found["", 1, "title"]
    (6, 1)
    """
    found: dict[tuple[str, int, str], int] = {}
    counts: dict[str, int] = {}
    table, number = "", 1
    for line, content in _outside_texts(text):
        header = _HEADER.match(content)
        if header:
            table = header[2].strip("\"'")
            counts[table] = counts.get(table, 0) + 1
            number = counts[table]
            found[table, number, ""] = line
            continue
        key = _KEY.match(content)
        if key:
            found.setdefault((table, number, key[1].strip("\"'")), line)
    return found


def _outside_texts(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that begin outside a text of several lines, with their numbers."""
    inside = ""
    for line, content in enumerate(text.splitlines(), 1):
        if not inside:
            yield line, content
        for mark in _QUOTES:
            if inside in ("", mark) and content.count(mark) % 2:
                inside = "" if inside else mark
