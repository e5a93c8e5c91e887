"""What authors of methods import: the language of methods, and the contract around it.

    from reen.plugin import CaseMethod, Excluded, Kind, Packs, Stage, constant

A method is an ``attrs.frozen`` class whose fields are its options; it prepares a `CaseMethod`, with
one function of a `Case` for each `Kind` of flow.  ``docs/tutorials/write-a-method.md`` leads
through one.

Other authors: `reen.plugin.files` for importers, exporters and mappings, `reen.plugin.packs` for
factor packs, `reen.plugin.indicators` for indicators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reen.lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from reen.engine.assessment import Assessment
    from reen.engine.exchanges import (
        Assumption,
        Driver,
        Exchanges,
        FlowKind,
        Match,
        Outcome,
        Status,
    )
    from reen.errors import OptionError, PluginError
    from reen.factors.factor_set import FactorSet, Flow, FlowDescription
    from reen.factors.library import FactorLibrary
    from reen.factors.pack import FactorPack
    from reen.inventory.batch import Batch
    from reen.inventory.datacenter import Datacenter
    from reen.method.allocating import AllocatingCaseMethod
    from reen.method.amounts import Amount, Factor, constant, day
    from reen.method.answers import Default, Exchange, ReferenceFlow
    from reen.method.calendar import year_of, years_between, years_since
    from reen.method.case import Case
    from reen.method.electricity import (
        ARCHIVED,
        ENERGY_COLUMNS,
        Electricity,
        states_energy,
        year_option,
        yearly_energy,
    )
    from reen.method.hosting import Centre, Hosting
    from reen.method.kinds import EMBEDDED_STAGES, Kind
    from reen.method.lives import lifetime_of
    from reen.method.packs import Packs
    from reen.method.prepared import CaseMethod
    from reen.method.questions import State
    from reen.method.rules import known_type
    from reen.method.second_hand import SecondHand, name_unused, second_hand_option
    from reen.method.terms import Floats
    from reen.method.verdicts import Excluded, IncludedElsewhere, LeftOut
    from reen.plugin import files, indicators, packs
    from reen.plugins.deferred import Deferred
    from reen.plugins.guard import time_limit
    from reen.plugins.hookspecs import hookimpl
    from reen.plugins.method import (
        Allocating,
        Context,
        Method,
        Prepared,
        Remark,
        Remarking,
        Remarks,
        Shares,
        StatusRule,
    )
    from reen.plugins.registry import Registry
    from reen.reasons import Reason
    from reen.vocabulary.stages import Stage

__all__ = [
    "ARCHIVED",
    "EMBEDDED_STAGES",
    "ENERGY_COLUMNS",
    "Allocating",
    "AllocatingCaseMethod",
    "Amount",
    "Assessment",
    "Assumption",
    "Batch",
    "Case",
    "CaseMethod",
    "Centre",
    "Context",
    "Datacenter",
    "Default",
    "Deferred",
    "Driver",
    "Electricity",
    "Exchange",
    "Exchanges",
    "Excluded",
    "Factor",
    "FactorLibrary",
    "FactorPack",
    "FactorSet",
    "Floats",
    "Flow",
    "FlowDescription",
    "FlowKind",
    "Hosting",
    "IncludedElsewhere",
    "Kind",
    "LeftOut",
    "Match",
    "Method",
    "OptionError",
    "Outcome",
    "Packs",
    "PluginError",
    "Prepared",
    "Reason",
    "ReferenceFlow",
    "Registry",
    "Remark",
    "Remarking",
    "Remarks",
    "SecondHand",
    "Shares",
    "Stage",
    "State",
    "Status",
    "StatusRule",
    "constant",
    "day",
    "files",
    "hookimpl",
    "indicators",
    "known_type",
    "lifetime_of",
    "name_unused",
    "packs",
    "second_hand_option",
    "states_energy",
    "time_limit",
    "year_of",
    "year_option",
    "yearly_energy",
    "years_between",
    "years_since",
]

__getattr__, __dir__ = _lazy_names(
    __name__,
    {
        "reen.engine.assessment": "Assessment",
        "reen.engine.exchanges": "Assumption Driver Exchanges FlowKind Match Outcome Status",
        "reen.errors": "OptionError PluginError",
        "reen.factors.factor_set": "FactorSet Flow FlowDescription",
        "reen.factors.library": "FactorLibrary",
        "reen.factors.pack": "FactorPack",
        "reen.inventory.batch": "Batch",
        "reen.inventory.datacenter": "Datacenter",
        "reen.method.allocating": "AllocatingCaseMethod",
        "reen.method.amounts": "Amount Factor constant day",
        "reen.method.answers": "Default Exchange ReferenceFlow",
        "reen.method.calendar": "year_of years_between years_since",
        "reen.method.case": "Case",
        "reen.method.electricity": (
            "ARCHIVED ENERGY_COLUMNS Electricity states_energy year_option yearly_energy"
        ),
        "reen.method.hosting": "Centre Hosting",
        "reen.method.kinds": "EMBEDDED_STAGES Kind",
        "reen.method.lives": "lifetime_of",
        "reen.method.packs": "Packs",
        "reen.method.prepared": "CaseMethod",
        "reen.method.questions": "State",
        "reen.method.rules": "known_type",
        "reen.method.second_hand": "SecondHand name_unused second_hand_option",
        "reen.method.terms": "Floats",
        "reen.method.verdicts": "Excluded IncludedElsewhere LeftOut",
        "reen.plugin.files": "files=*",
        "reen.plugin.indicators": "indicators=*",
        "reen.plugin.packs": "packs=*",
        "reen.plugins.deferred": "Deferred",
        "reen.plugins.guard": "time_limit",
        "reen.plugins.hookspecs": "hookimpl",
        "reen.plugins.method": (
            "Allocating Context Method Prepared Remark Remarking Remarks Shares StatusRule"
        ),
        "reen.plugins.registry": "Registry",
        "reen.reasons": "Reason",
        "reen.vocabulary.stages": "Stage",
    },
)
