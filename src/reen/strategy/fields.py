"""Fields: the values that a key of a strategy file may have, and the message for any other.

Input: a TOML value.  Output: a Python value, or a fault that says what was expected.  Keys are
written in French or in English; one table says both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import attrs

from reen.reasons import say

__all__ = [
    "Fault",
    "Field",
    "choice",
    "day",
    "flag",
    "number",
    "numbers_by_year",
    "text",
    "texts",
    "whole",
]

#: The largest number that a strategy may hold: no city has more of anything.
_MOST = 1e15


class Fault(Exception):  # noqa: N818 - never leaves this storey
    """A value that a key may not have, with what was expected."""


#: Reads a value, or raises a `Fault`.
Read: TypeAlias = Callable[[Any], Any]


@attrs.frozen
class Field:
    """One key.

    Attributes
    ----------
    name
        Its name in English, that of the attribute.
    french
        Its name in French.
    read
        How its value is read.
    required
        Whether it must be there.
    """

    name: str
    french: str
    read: Read
    required: bool = False

    @property
    def names(self) -> tuple[str, str]:
        """Return both names."""
        return self.french, self.name


def text(value: Any) -> str:  # noqa: ANN401 - whatever a TOML file holds
    """Return a text."""
    if isinstance(value, str):
        return value
    message = say("error_text_quotation_marks")
    raise Fault(message)


def texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
    """Return several texts; one alone is a list of one."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    message = say("error_texts_square_brackets")
    raise Fault(message)


def flag(value: Any) -> bool:  # noqa: ANN401 - as above
    """Return a yes or a no."""
    if isinstance(value, bool):
        return value
    message = say("error_true_false")
    raise Fault(message)


def number(value: Any) -> float:  # noqa: ANN401 - as above
    """Return a finite number."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= _MOST:
        return float(value)
    message = say("error_number_point_12_5_1e15_at")
    raise Fault(message)


def amount(value: Any) -> float:  # noqa: ANN401 - as above
    """Return a number of 0 or more."""
    found = number(value)
    if found < 0.0:
        message = say("error_number_0_or_more")
        raise Fault(message)
    return found


def siren(value: Any) -> str:  # noqa: ANN401 - as above
    """Return a number of the French directory of organisations: nine digits, without blanks."""
    digits = "".join(value.split()) if isinstance(value, str) else ""
    if not (len(digits) == 9 and digits.isascii() and digits.isdecimal()):  # noqa: PLR2004 - a SIREN
        message = say("error_siren_quoted")
        raise Fault(message)
    return digits


def whole(least: int, most: int) -> Read:
    """Return what reads a whole number between two."""

    def read(value: Any) -> int:  # noqa: ANN401 - as above
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        message = say("error_whole_number_from", least=least, most=most)
        raise Fault(message)

    return read


def day(value: Any) -> dt.date:  # noqa: ANN401 - as above
    """Return a day, as TOML has it or as text."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return dt.datetime.strptime(value, form).replace(tzinfo=dt.UTC).date()
            except ValueError:
                continue
    message = say("error_day_2025_03_31_31_03")
    raise Fault(message)


def choice(words: Mapping[str, Any]) -> Read:
    """Return what reads one of some words, in either language."""

    def read(value: Any) -> Any:  # noqa: ANN401 - as above
        found = words.get(value.strip().casefold()) if isinstance(value, str) else None
        if found is None:
            message = say("error_one_of", names=", ".join(f'"{word}"' for word in words))
            raise Fault(message)
        return found

    return read


def numbers_by_year(value: Any) -> dict[int, float]:  # noqa: ANN401 - as above
    """Return numbers by year."""
    if isinstance(value, dict) and all(len(year) == 4 and year.isdecimal() for year in value):  # noqa: PLR2004 - a year of four digits, so that none stands twice
        return {int(year): number(each) for year, each in value.items()}
    message = say("error_years_numbers")
    raise Fault(message)
