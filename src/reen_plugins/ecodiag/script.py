"""The table of EcoDiag's devices as its page publishes it: a script, read and never run.

Input: the text of the user's copy of ``devices.js``.  Output: the value given to ``devices``, as
dictionaries, lists, numbers, texts and `Pattern`.  Only what such a table is written with is
understood (objects, lists, texts, patterns, arithmetic, ``hypot([...])``, comments); anything else
is refused with its line.  Knows nothing of EcoDiag.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TypeAlias

import attrs

from reen.plugin import Reason

__all__ = ["Pattern", "ScriptError", "Value", "read_table"]


class ScriptError(ValueError):
    """What is not understood, and where."""


@attrs.frozen
class Pattern:
    """A regular expression of the script.

    Attributes
    ----------
    text, flags
        As between the slashes, and after them.
    """

    text: str
    flags: str = ""


Value: TypeAlias = "dict[str, Value] | list[Value] | float | str | Pattern"

#: Deepest nesting that is followed.
_DEPTH = 20

_BLANKS = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_TEXT = re.compile(r"'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"")
_REGEX = re.compile(r"/((?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)/([a-z]*)")
_ESCAPE = re.compile(r"\\(.)")


def read_table(text: str, name: str) -> Value:
    """Return the value that a script gives to a name.

    Raises
    ------
    ScriptError
        The script gives it none, or one that is not understood.

    Examples
    --------
    >>> read_table("var devices = {pad: {grey_CO2: 100 + 50 /* kg */, regex: /pad/i}};", "devices")
    {'pad': {'grey_CO2': 150.0, 'regex': Pattern(text='pad', flags='i')}}
    """
    found = re.search(rf"\b{name}\s*=", text)
    if found is None:
        message = str(Reason("error_nothing_given_expected_line_var", name=name))
        raise ScriptError(message)
    return _Reader(text, found.end()).value(0)


@attrs.define(eq=False, repr=False)
class _Reader:
    """Reads values from a place in a text."""

    text: str
    at: int

    def _error(self, expected: Reason | str) -> ScriptError:
        line = self.text.count("\n", 0, self.at) + 1
        seen = self.text[self.at : self.at + 12].split("\n")[0] or str(Reason("error_the_end"))
        return ScriptError(
            str(
                Reason(
                    "error_line_not_understood_expected", line=line, seen=seen, expected=expected
                )
            )
        )

    def _look(self) -> str:
        """Return the next sign, blanks and comments apart."""
        blanks = _BLANKS.match(self.text, self.at)
        if blanks:
            self.at = blanks.end()
        return self.text[self.at : self.at + 1]

    def _take(self, sign: str) -> None:
        if self._look() != sign:
            raise self._error(repr(sign))
        self.at += 1

    def _match(self, pattern: re.Pattern[str], expected: str) -> re.Match[str]:
        self._look()
        found = pattern.match(self.text, self.at)
        if found is None:
            raise self._error(expected)
        self.at = found.end()
        return found

    def value(self, depth: int) -> Value:
        """Return the next value."""
        if depth > _DEPTH:
            raise self._error(Reason("error_at_most_values_inside_each_other", depth=_DEPTH))
        sign = self._look()
        if sign == "{":
            return self._object(depth)
        if sign == "[":
            return [self.value(depth + 1) for _ in self._items("[", "]")]
        if sign in ("'", '"'):
            single, double = self._match(_TEXT, "a text").groups()
            return _ESCAPE.sub(r"\1", single if single is not None else double)
        if sign == "/":
            text, flags = self._match(_REGEX, "a pattern").groups()
            return Pattern(text, flags)
        return self._sum(depth)

    def _items(self, start: str, end: str) -> Iterator[None]:
        """Yield before each item of a list; one comma may end it."""
        self._take(start)
        while self._look() != end:
            yield
            if self._look() != end:
                self._take(",")
        self._take(end)

    def _object(self, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for _ in self._items("{", "}"):
            if self._look() in ("'", '"'):
                name = str(self.value(depth + 1))
            else:
                name = self._match(_NAME, "a name").group()
            self._take(":")
            found[name] = self.value(depth + 1)
        return found

    # -- numbers -------------------------------------------------------------------------------

    def _sum(self, depth: int) -> float:
        found = self._product(depth)
        while self._look() in ("+", "-"):
            sign = 1.0 if self._look() == "+" else -1.0
            self.at += 1
            found += sign * self._product(depth)
        return found

    def _product(self, depth: int) -> float:
        found = self._number(depth)
        while self._look() in ("*", "/"):
            divides = self._look() == "/"
            self.at += 1
            other = self._number(depth)
            if divides and other == 0.0:
                raise self._error(Reason("error_divisor_not_0"))
            found = found / other if divides else found * other
        return found

    def _number(self, depth: int) -> float:
        if depth > _DEPTH:
            raise self._error(Reason("error_at_most_values_inside_each_other", depth=_DEPTH))
        if self._look() == "(":
            self._take("(")
            found = self._sum(depth + 1)
            self._take(")")
            return found
        if _NAME.match(self.text, self.at):
            return self._hypot(depth)
        return float(self._match(_NUMBER, "a number").group())

    def _hypot(self, depth: int) -> float:
        """Return the root of the sum of the squares of a list: the one function of such tables."""
        start = self.at
        name = self._match(_NAME, "a number").group()
        if name != "hypot" or self._look() != "(":
            self.at = start
            raise self._error(Reason("error_number_hypot"))
        self._take("(")
        numbers = self.value(depth + 1)
        self._take(")")
        if not isinstance(numbers, list) or not all(isinstance(each, float) for each in numbers):
            self.at = start
            raise self._error(Reason("error_hypot_list_numbers"))
        return math.hypot(*(each for each in numbers if isinstance(each, float)))
