"""Strategy: the objectives of a city, its actions, and its progress.

The storey holds objectives with their path, actions with their effects, scenarios that link a lever
to a figure, and the file in which a strategy officer writes them.  It uses indicator values; it
computes none.
"""

from reen.strategy.action import Action, ActionState, Saving, Step
from reen.strategy.cohorts import TypeFigures, Year
from reen.strategy.judging import Standing, State, judge
from reen.strategy.levers import (
    Drop,
    KeepLonger,
    Lever,
    MoveToCloud,
    Pool,
    Refurbish,
    Replace,
    Sleep,
    Virtualise,
)
from reen.strategy.objective import Objective, PathShape
from reen.strategy.organisation import Organisation
from reen.strategy.scenario import Ages, Outlook, Scenario, ages_of, payback_years
from reen.strategy.scenario_reading import Mix
from reen.strategy.strategy import Strategy

__all__ = [
    "Action",
    "ActionState",
    "Ages",
    "Drop",
    "KeepLonger",
    "Lever",
    "Mix",
    "MoveToCloud",
    "Objective",
    "Organisation",
    "Outlook",
    "PathShape",
    "Pool",
    "Refurbish",
    "Replace",
    "Saving",
    "Scenario",
    "Sleep",
    "Standing",
    "State",
    "Step",
    "Strategy",
    "TypeFigures",
    "Virtualise",
    "Year",
    "ages_of",
    "judge",
    "payback_years",
]
