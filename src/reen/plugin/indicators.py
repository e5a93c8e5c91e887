"""What authors of indicators import: the contract, its context, and the value that it gives.

A value carries its numerator, its denominator, what is known of them, and its target.
"""

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
