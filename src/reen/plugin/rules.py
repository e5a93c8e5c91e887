"""Rules that several bundled methods share: hosting, second-hand, the energy of a row, years.

A method that follows one of them asks here, so that all methods give one answer to one question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reen.lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from reen.method.allocating import AllocatingCaseMethod
    from reen.method.electricity import ARCHIVED, ENERGY_COLUMNS, states_energy, year_option
    from reen.method.hosting import Centre, Hosting
    from reen.method.second_hand import SecondHand, name_unused, second_hand_option
    from reen.plugins.guard import time_limit

__all__ = [
    "ARCHIVED",
    "ENERGY_COLUMNS",
    "AllocatingCaseMethod",
    "Centre",
    "Hosting",
    "SecondHand",
    "name_unused",
    "second_hand_option",
    "states_energy",
    "time_limit",
    "year_option",
]

__getattr__, __dir__ = _lazy_names(
    __name__,
    {
        "reen.method.allocating": "AllocatingCaseMethod",
        "reen.method.electricity": "ARCHIVED ENERGY_COLUMNS states_energy year_option",
        "reen.method.hosting": "Centre Hosting",
        "reen.method.second_hand": "SecondHand name_unused second_hand_option",
        "reen.plugins.guard": "time_limit",
    },
)
