"""What authors of indicators import: the contract, its context, and the value that it gives.

A value carries its numerator, its denominator, what is known of them, and its target.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reen.lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from reen.monitoring.indicator import Indicator, IndicatorContext
    from reen.monitoring.values import Completeness, Direction, IndicatorValue, Target

__all__ = [
    "Completeness",
    "Direction",
    "Indicator",
    "IndicatorContext",
    "IndicatorValue",
    "Target",
]

__getattr__, __dir__ = _lazy_names(
    __name__,
    {
        "reen.monitoring.indicator": "Indicator IndicatorContext",
        "reen.monitoring.values": "Completeness Direction IndicatorValue Target",
    },
)
