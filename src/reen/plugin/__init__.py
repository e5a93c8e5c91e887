"""What authors of methods import: the language of methods, and the contract around it.

    from reen.plugin import CaseMethod, Excluded, Kind, Packs, Stage, constant

A method is an ``attrs.frozen`` class whose fields are its options; it prepares a `CaseMethod`, with
one function of a `Case` for each `Kind` of flow.  ``docs/tutorials/write-a-method.md`` leads
through one.

Other authors: `reen.plugin.files` for importers, exporters and mappings, `reen.plugin.packs` for
factor packs, `reen.plugin.indicators` for indicators.  Methods that share the rules of the
bundled ones (hosting, second-hand, electricity) find them in `reen.plugin.rules`; what works on
arrays instead of cases, in `reen.plugin.arrays`.

Examples
--------
>>> from reen.plugin import constant
>>> constant("lifetime", 5.0, "year")
<Amount lifetime [year]>
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reen.lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from reen.engine.exchanges import Assumption, Match
    from reen.errors import OptionError, PluginError
    from reen.factors.pack import FactorPack
    from reen.inventory.datacenter import Datacenter
    from reen.method.amounts import Amount, Factor, constant, day
    from reen.method.answers import Default, Exchange, ReferenceFlow
    from reen.method.calendar import year_of, years_between, years_since
    from reen.method.case import Case
    from reen.method.case_method import CaseMethod
    from reen.method.electricity import Electricity, yearly_energy
    from reen.method.flow_kinds import EMBEDDED_STAGES, Kind
    from reen.method.packs import Packs, lifetime_of
    from reen.method.questions import State
    from reen.method.rules import known_type
    from reen.method.verdicts import Excluded, IncludedElsewhere, LeftOut
    from reen.plugin import arrays, files, indicators, packs, rules
    from reen.plugins.deferred import Deferred
    from reen.plugins.hookspecs import hookimpl
    from reen.plugins.method import Context, Method
    from reen.plugins.registry import Registry
    from reen.reasons import Reason
    from reen.vocabulary.stages import Stage

__all__ = [
    "EMBEDDED_STAGES",
    "Amount",
    "Assumption",
    "Case",
    "CaseMethod",
    "Context",
    "Datacenter",
    "Default",
    "Deferred",
    "Electricity",
    "Exchange",
    "Excluded",
    "Factor",
    "FactorPack",
    "IncludedElsewhere",
    "Kind",
    "LeftOut",
    "Match",
    "Method",
    "OptionError",
    "Packs",
    "PluginError",
    "Reason",
    "ReferenceFlow",
    "Registry",
    "Stage",
    "State",
    "arrays",
    "constant",
    "day",
    "files",
    "hookimpl",
    "indicators",
    "known_type",
    "lifetime_of",
    "packs",
    "rules",
    "year_of",
    "yearly_energy",
    "years_between",
    "years_since",
]

__getattr__, __dir__ = _lazy_names(
    __name__,
    {
        "reen.engine.exchanges": "Assumption Match",
        "reen.errors": "OptionError PluginError",
        "reen.factors.pack": "FactorPack",
        "reen.inventory.datacenter": "Datacenter",
        "reen.method.amounts": "Amount Factor constant day",
        "reen.method.answers": "Default Exchange ReferenceFlow",
        "reen.method.calendar": "year_of years_between years_since",
        "reen.method.case": "Case",
        "reen.method.electricity": "Electricity yearly_energy",
        "reen.method.flow_kinds": "EMBEDDED_STAGES Kind",
        "reen.method.packs": "Packs lifetime_of",
        "reen.method.case_method": "CaseMethod",
        "reen.method.questions": "State",
        "reen.method.rules": "known_type",
        "reen.method.verdicts": "Excluded IncludedElsewhere LeftOut",
        "reen.plugin.arrays": "arrays=*",
        "reen.plugin.files": "files=*",
        "reen.plugin.indicators": "indicators=*",
        "reen.plugin.packs": "packs=*",
        "reen.plugin.rules": "rules=*",
        "reen.plugins.deferred": "Deferred",
        "reen.plugins.hookspecs": "hookimpl",
        "reen.plugins.method": "Context Method",
        "reen.plugins.registry": "Registry",
        "reen.reasons": "Reason",
        "reen.vocabulary.stages": "Stage",
    },
)
