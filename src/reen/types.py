"""What the functions of reen return, to annotate code with: results, their parts, the account.

Nothing here needs to be built by hand; each class says what it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reen.lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from reen.inventory.account import Account, AccountLine, Fate, Merge
    from reen.inventory.issues import Issue, ReadReport, Severity
    from reen.inventory.sharing import Sharing
    from reen.provenance import MappingRecord, PackRecord, PluginRecord, Provenance
    from reen.results.assumptions import SharedAssumption, SharedValue
    from reen.results.bounds import Bounds
    from reen.results.common_draws import ProbabilityAbove
    from reen.results.comparison import TypeTotals
    from reen.results.coverage import Coverage, CoverageRow
    from reen.results.gap import Effect, Gap, RankedEffect
    from reen.results.interval import Interval
    from reen.results.normalisation import NormalisedImpact, PersonEquivalents, SingleScore
    from reen.results.sensitivity import AssumptionShare, FlowShare, GroupShare, Sensitivity
    from reen.results.statement import Statement
    from reen.review.review import YearReview
    from reen.runs.measurement import PreparedMeasurement
    from reen.verbs.explaining import Explanation

__all__ = [
    "Account",
    "AccountLine",
    "AssumptionShare",
    "Bounds",
    "Coverage",
    "CoverageRow",
    "Effect",
    "Explanation",
    "Fate",
    "FlowShare",
    "Gap",
    "GroupShare",
    "Interval",
    "Issue",
    "MappingRecord",
    "Merge",
    "NormalisedImpact",
    "PackRecord",
    "PersonEquivalents",
    "PluginRecord",
    "PreparedMeasurement",
    "ProbabilityAbove",
    "Provenance",
    "RankedEffect",
    "ReadReport",
    "Sensitivity",
    "Severity",
    "SharedAssumption",
    "SharedValue",
    "Sharing",
    "SingleScore",
    "Statement",
    "TypeTotals",
    "YearReview",
]

__getattr__, __dir__ = _lazy_names(
    __name__,
    {
        "reen.inventory.account": "Account AccountLine Fate Merge",
        "reen.inventory.issues": "Issue ReadReport Severity",
        "reen.inventory.sharing": "Sharing",
        "reen.provenance": "MappingRecord PackRecord PluginRecord Provenance",
        "reen.results.assumptions": "SharedAssumption SharedValue",
        "reen.results.bounds": "Bounds",
        "reen.results.common_draws": "ProbabilityAbove",
        "reen.results.comparison": "TypeTotals",
        "reen.results.coverage": "Coverage CoverageRow",
        "reen.results.gap": "Effect Gap RankedEffect",
        "reen.results.interval": "Interval",
        "reen.results.normalisation": "NormalisedImpact PersonEquivalents SingleScore",
        "reen.results.sensitivity": "AssumptionShare FlowShare GroupShare Sensitivity",
        "reen.results.statement": "Statement",
        "reen.review.review": "YearReview",
        "reen.runs.measurement": "PreparedMeasurement",
        "reen.verbs.explaining": "Explanation",
    },
)
