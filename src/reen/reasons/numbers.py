"""Numbers and shares as sentences and pages print them, rounded in one way everywhere.

Input: numbers.  Output: text with the marks of a language, or how many decimals a reader needs.  A
share that lacks something is never printed as all of it, nor one that holds something as none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from reen.reasons.spoken import spoken

__all__ = ["MARKS", "decimals_of", "number_text", "rounded_apart", "share_text"]

#: Mark between thousands, decimal mark, and what stands before the sign of a percentage.
MARKS: Mapping[str, tuple[str, str, str]] = {"en": (",", ".", ""), "fr": ("\u202f", ",", "\u00a0")}

#: Decimals of a percentage in sentences and reviews, of what is no whole number.
_OF_PERCENT = 1

#: Decimals beyond which two numbers are the same.
_MOST = 12


def marked(text: str, language: str) -> str:
    """Return a number that Python wrote with the marks of a language."""
    thousands, point, _ = MARKS[language]
    return text.translate({ord(","): thousands, ord("."): point})


def number_text(value: float, language: str | None = None) -> str:
    """Return a number with its thousands apart, at most ten significant digits.

    A library that writes numbers is an extra; sentences are not, so the marks stand here.
    """
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
    return marked(text, language or spoken())


def share_text(
    share: float, language: str | None = None, *, decimals: int | None = None, sign: bool = False
) -> str:
    """Return a share of one in percent; what is small, or not quite all, says so.

    Parameters
    ----------
    share
        The share.
    language
        That in force when none is named.
    decimals
        Decimals of the percentage; when not given one, or none of a whole number.
    sign
        Whether a rise has a plus.

    Examples
    --------
    >>> share_text(0.7586), share_text(0.8), share_text(0.99996)
    ('75.9%', '80%', '>\u00a099.9%')
    """
    percent = 100.0 * share
    if decimals is None:
        decimals = decimals_of(percent, "%")
    step, mark = 10.0**-decimals, ""
    shown = round(percent, decimals) + 0.0  # no minus before what rounds to nothing
    if 0.0 < share < 1.0 and shown in (0.0, 100.0):
        mark, shown = ("<\u00a0", step) if shown == 0.0 else (">\u00a0", 100.0 - step)
    language = language or spoken()
    text = marked(f"{shown:{'+' if sign and shown else ''},.{decimals}f}", language)
    return f"{mark}{text}{MARKS[language][2]}%"


def decimals_of(value: float, unit: str = "") -> int:
    """Return the decimals that a reader needs: three digits that count, one of a percentage.

    Whole numbers have none, of any size.

    Examples
    --------
    >>> decimals_of(23.8287), decimals_of(61530.0), decimals_of(6.149, "%")
    (1, 0, 1)
    """
    if value == math.floor(value) and abs(value) < 1e7:  # noqa: PLR2004 - a count
        return 0
    if unit == "%":
        # what floats leave of a whole percentage is no decimal
        return 0 if math.isclose(value, round(value), rel_tol=1e-12) else _OF_PERCENT
    size = math.floor(math.log10(abs(float(f"{value:.3g}")))) if value else 0
    return max(0, 2 - size)


def rounded_apart(*values: float, unit: str = "") -> tuple[float, ...]:
    """Return values as a reader is shown them, in their order: what differs is not the same.

    Examples
    --------
    >>> rounded_apart(45.348, 50.0, unit="%"), rounded_apart(49.98, 50.0, unit="%")
    ((45.3, 50.0), (49.98, 50.0))
    """
    order = _order(values)
    for more in range(_MOST):
        shown = tuple(round(value, decimals_of(value, unit) + more) for value in values)
        if _order(shown) == order:
            return shown
    return values


def _order(values: tuple[float, ...]) -> list[bool]:
    return [one < other for one in values for other in values]
