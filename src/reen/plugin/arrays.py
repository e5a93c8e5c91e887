"""The contract below the language of methods: batches, flows, exchanges and outcomes as arrays.

For a method that cannot be written case by case, and for whoever reads what the engine reads;
``docs/reference/arrays.md`` explains it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reen.lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from reen.engine.assessment import Assessment
    from reen.engine.exchanges import Driver, Exchanges, FlowKind, Outcome, Status
    from reen.factors.factor_set import FactorSet
    from reen.factors.flow import Flow, FlowDescription
    from reen.factors.library import FactorLibrary
    from reen.inventory.batch import Batch
    from reen.method.terms import Floats
    from reen.plugins.method import (
        Allocating,
        Prepared,
        Remark,
        Remarking,
        Remarks,
        Shares,
        StatusRule,
    )

__all__ = [
    "Allocating",
    "Assessment",
    "Batch",
    "Driver",
    "Exchanges",
    "FactorLibrary",
    "FactorSet",
    "Floats",
    "Flow",
    "FlowDescription",
    "FlowKind",
    "Outcome",
    "Prepared",
    "Remark",
    "Remarking",
    "Remarks",
    "Shares",
    "Status",
    "StatusRule",
]

__getattr__, __dir__ = _lazy_names(
    __name__,
    {
        "reen.engine.assessment": "Assessment",
        "reen.engine.exchanges": "Driver Exchanges FlowKind Outcome Status",
        "reen.factors.factor_set": "FactorSet",
        "reen.factors.flow": "Flow FlowDescription",
        "reen.factors.library": "FactorLibrary",
        "reen.inventory.batch": "Batch",
        "reen.method.terms": "Floats",
        "reen.plugins.method": "Allocating Prepared Remark Remarking Remarks Shares StatusRule",
    },
)
