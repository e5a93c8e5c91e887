"""Arguments as they are typed: lists, pairs and days become values, and words a command again.

Input: texts of the command line.  Output: names, pairs, a date, or the text of a command that can
be copied.  Knows no option by its name.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable

import click

from reen.reasons import say

__all__ = ["as_day", "pairs", "shell_words", "words"]


def words(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the words of a repeated option, each of which may hold several between commas."""
    return tuple(
        dict.fromkeys(word.strip() for text in texts for word in text.split(",") if word.strip())
    )


def pairs(texts: Iterable[str], *, option: str, form: str) -> dict[str, str]:
    """Return the pairs of a repeated option.

    The last ``=`` separates when the name is free text (a header), the first when the value is.

    Raises
    ------
    click.BadParameter
        A text without ``=``, a blank name or value (that of a header may be blank), or a name
        given twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        split = text.rpartition if form.startswith("header") else text.partition
        name, mark, value = (part.strip() for part in split("="))
        # a column that means nothing is left out
        if not mark or not name or not (value or form.startswith("header")):
            message = say("error_not_form", text=text, form=form)
            raise click.BadParameter(message, param_hint=f"'{option}'")
        if name in found:
            message = say("error_given_twice", name=name)
            raise click.BadParameter(message, param_hint=f"'{option}'")
        found[name] = value
    return found


def as_day(ctx: click.Context, parameter: click.Parameter, value: str | None) -> dt.date | None:
    """Return a calendar day."""
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        message = say("error_not_date_2022_12_31", value=repr(value))
        raise click.BadParameter(message, ctx, parameter) from None


def shell_words(words: Iterable[str], *, windows: bool = os.name == "nt") -> str:
    """Return the words of a command as they must be typed, each in quotes where it needs them.

    Examples
    --------
    >>> print(shell_words(["read", "mon parc.csv"], windows=False))
    read 'mon parc.csv'
    >>> print(shell_words(["read", "mon parc.csv", "D:parc.csv"], windows=True))
    read "mon parc.csv" D:parc.csv
    """
    words = list(words)
    if not windows:
        if not words:  # most measurements: what quotes words is not imported for none
            return ""
        import shlex

        return shlex.join(words)
    # the command prompt knows no single quotes, and no name of a file has a double one
    return " ".join(f'"{word}"' if re.search(r"[^\w.:/\\@=-]|^$", word) else word for word in words)
