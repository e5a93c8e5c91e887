"""Numbers as people read them, in the language in force.

Input: numbers.  Output: texts with thousands apart and as many digits as say something.  The
library that writes numbers is an extra, and pages of results are not, so the marks of the two
languages stand here; the tests hold them to that library.
"""

from __future__ import annotations

import decimal
import math
from collections.abc import Iterable

from reen.reasons import day_text, say, share_text, spoken
from reen.reasons.numbers import marked

__all__ = [
    "bar",
    "count",
    "day",
    "decimals_for",
    "digits",
    "figure",
    "joined",
    "multiple_of",
    "of_items",
    "percent",
    "series",
]

#: Eighths of a cell, from none to seven.
_EIGHTHS = " ▏▎▍▌▋▊▉"

#: Significant digits of the largest figure of a table; the others have as many decimals.
_DIGITS = 4

#: From which figure on nobody reads the zeros.
_SO_LARGE = 1e12

#: Decimals beyond which figures are written with a power of ten.
_DECIMALS = 6


def bar(share: float, *, cells: int, ascii_only: bool = False) -> str:
    """Return a share of one as a bar of at most `cells` characters."""
    if not share > 0.0 or not math.isfinite(share):
        return ""
    share = min(share, 1.0)
    if ascii_only:
        return "#" * round(share * cells)
    full, eighths = divmod(round(share * cells * 8), 8)
    return ("█" * full + _EIGHTHS[eighths]).rstrip() or _EIGHTHS[1]


def multiple_of(unit: str, largest: float) -> tuple[str, float]:
    """Return the unit in which a table reads best, and what to divide by: tonnes above 1,000 kg."""
    if unit.startswith("kgCO2e/") and largest >= 1000.0:  # noqa: PLR2004 - a tonne is 1,000 kg
        return "t" + unit.removeprefix("kg"), 1000.0
    return unit, 1.0


def decimals_for(largest: float) -> int:
    """Return the decimals that give the largest figure of a table four significant digits."""
    if not math.isfinite(largest) or largest == 0.0:
        return 0
    return max(0, _DIGITS - 1 - math.floor(math.log10(abs(largest))))


def figure(value: float, decimals: int) -> str:
    """Return a figure with its thousands apart; a small one keeps a digit rather than vanish."""
    if decimals > _DECIMALS:
        return digits(value)
    if value != 0.0 and round(value, decimals) == 0.0:
        return _marked(f"{decimal.Decimal(f'{value:.1g}'):f}")
    # no minus before what rounds to nothing
    return _marked(f"{round(value, decimals) + 0.0:,.{decimals}f}")


def count(value: float) -> str:
    """Return a number of items: whole when it is, of two decimals at the most otherwise."""
    return _marked(_without_zeros(f"{round(value, 2) + 0.0:,.2f}"))


def of_items(value: float) -> int | float:
    """Return a number of items as a sentence takes it: whole when it is, else two decimals."""
    return int(value) if float(value).is_integer() else round(float(value), 2)


def digits(value: float, number: int = _DIGITS) -> str:
    """Return a figure with so many significant digits at most, as ``%g`` has them.

    What is large has a power of ten only where nobody would read its zeros.
    """
    text = f"{value:.{number}g}"
    if "e+" in text and abs(value) < _SO_LARGE:
        return _marked(f"{float(text):,.0f}")
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        return _marked(f"{mantissa}E{int(exponent)}")
    whole, mark, rest = text.partition(".")
    return _marked(f"{int(whole):,}{mark}{rest}" if abs(float(text)) >= 1 else text)


def percent(share: float) -> str:
    """Return a share of one in percent: ``6 %``; what is small, or not quite all, says so."""
    return share_text(share, decimals=0)


def series(parts: Iterable[str]) -> str:
    """Return parts one after the other, with semicolons as the language sets them."""
    return say("page_series").join(parts)


def joined(parts: Iterable[str]) -> str:
    """Return parts as an enumeration: ``a, b and c``."""
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} {say('page_and')} {last}" if most else last


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _marked(text: str) -> str:
    return marked(text, spoken())


def day(date: str) -> str:
    """Return an ISO date as people write it: ``31 December 2025``."""
    return day_text(date)
