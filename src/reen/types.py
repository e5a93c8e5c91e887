"""What the functions of reen return, to annotate code with: results, their parts, the account.

You need not build any of these by hand; each class describes its content.

Examples
--------
>>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
>>> footprint = reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
>>> isinstance(footprint.coverage, reen.types.Coverage)
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reen.lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from reen.gate.limits import Limits
    from reen.inventory.account import Account, AccountLine, Fate, Merge
    from reen.inventory.issues import Issue, ReadReport, Severity
    from reen.inventory.record_kinds import Disposals, Headcount, Purchases
    from reen.inventory.sharing import Sharing
    from reen.inventory.users import Users
    from reen.measurement.prepared_measurement import PreparedMeasurement
    from reen.monitoring.collection import Indicators
    from reen.provenance import MappingRecord, PackRecord, PluginRecord, Provenance
    from reen.purchasing.offer import Consultation, Offer, Terms
    from reen.purchasing.offer_comparison import OfferComparison, OfferPair, OfferResult
    from reen.results.assumptions import SharedAssumption, SharedValue
    from reen.results.bounds import Bounds
    from reen.results.change import Change
    from reen.results.citations import Citations
    from reen.results.common_draws import ProbabilityAbove
    from reen.results.comparison import Comparison, TypeTotals
    from reen.results.coverage import Coverage, CoverageRow
    from reen.results.gap import Effect, Gap, RankedEffect
    from reen.results.interval import Interval
    from reen.results.normalisation import NormalisedImpact, PersonEquivalents, SingleScore
    from reen.results.sensitivity import AssumptionShare, FlowShare, GroupShare, Sensitivity
    from reen.results.statement import Statement
    from reen.results.statement_parts import STATEMENT_BY
    from reen.results.total import Total
    from reen.review.review import YearReview
    from reen.strategy.action import Action
    from reen.strategy.objective import Objective
    from reen.strategy.scenario import Scenario
    from reen.verbs.explanation import Explanation
    from reen.views.model import View
    from reen.views.plot import Picture

__all__ = [
    "STATEMENT_BY",
    "Account",
    "AccountLine",
    "Action",
    "AssumptionShare",
    "Bounds",
    "Change",
    "Citations",
    "Comparison",
    "Consultation",
    "Coverage",
    "CoverageRow",
    "Disposals",
    "Effect",
    "Explanation",
    "Fate",
    "FlowShare",
    "Gap",
    "GroupShare",
    "Headcount",
    "Indicators",
    "Interval",
    "Issue",
    "Limits",
    "MappingRecord",
    "Merge",
    "NormalisedImpact",
    "Objective",
    "Offer",
    "OfferComparison",
    "OfferPair",
    "OfferResult",
    "PackRecord",
    "PersonEquivalents",
    "Picture",
    "PluginRecord",
    "PreparedMeasurement",
    "ProbabilityAbove",
    "Provenance",
    "Purchases",
    "RankedEffect",
    "ReadReport",
    "Scenario",
    "Sensitivity",
    "Severity",
    "SharedAssumption",
    "SharedValue",
    "Sharing",
    "SingleScore",
    "Statement",
    "Terms",
    "Total",
    "TypeTotals",
    "Users",
    "View",
    "YearReview",
]

__getattr__, __dir__ = _lazy_names(
    __name__,
    {
        "reen.gate.limits": "Limits",
        "reen.inventory.account": "Account AccountLine Fate Merge",
        "reen.inventory.issues": "Issue ReadReport Severity",
        "reen.inventory.sharing": "Sharing",
        "reen.inventory.users": "Users",
        "reen.monitoring.collection": "Indicators",
        "reen.inventory.record_kinds": "Disposals Headcount Purchases",
        "reen.provenance": "MappingRecord PackRecord PluginRecord Provenance",
        "reen.purchasing.offer_comparison": "OfferComparison OfferPair OfferResult",
        "reen.purchasing.offer": "Consultation Offer Terms",
        "reen.results.assumptions": "SharedAssumption SharedValue",
        "reen.results.bounds": "Bounds",
        "reen.results.change": "Change",
        "reen.results.citations": "Citations",
        "reen.results.common_draws": "ProbabilityAbove",
        "reen.results.comparison": "Comparison TypeTotals",
        "reen.results.coverage": "Coverage CoverageRow",
        "reen.results.gap": "Effect Gap RankedEffect",
        "reen.results.interval": "Interval",
        "reen.results.normalisation": "NormalisedImpact PersonEquivalents SingleScore",
        "reen.results.sensitivity": "AssumptionShare FlowShare GroupShare Sensitivity",
        "reen.results.statement": "Statement",
        "reen.results.statement_parts": "STATEMENT_BY",
        "reen.results.total": "Total",
        "reen.review.review": "YearReview",
        "reen.measurement.prepared_measurement": "PreparedMeasurement",
        "reen.strategy.action": "Action",
        "reen.strategy.objective": "Objective",
        "reen.strategy.scenario": "Scenario",
        "reen.verbs.explanation": "Explanation",
        "reen.views.model": "View",
        "reen.views.plot": "Picture",
    },
)
