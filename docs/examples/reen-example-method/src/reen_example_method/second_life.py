"""Second life: what the manufacture of an item caused, shared between its first and second owner.

For n items of a type whose factor is F (kgCO2e per item) and whose life with the organisation is L
years,

    new                 n x F / L
    second-hand         n x F / L x share

with `share` an option.  The type's lifetime stands in, flagged, where a row has none.  Electricity
is not counted: the method has no use stage.
"""

from __future__ import annotations

from typing import ClassVar

import attrs

from reen.plugin import (
    EMBEDDED_STAGES,
    Amount,
    Case,
    CaseMethod,
    Context,
    Exchange,
    Kind,
    constant,
    lifetime_of,
)

__all__ = ["SecondLife"]


@attrs.frozen(kw_only=True)
class SecondLife:
    """Embedded impacts, of which a second-hand item carries a share.

    Attributes
    ----------
    share
        Share of the embedded impacts that a second life carries, from 0 to 1.
    """

    share: float = attrs.field(
        default=0.5, validator=[attrs.validators.ge(0.0), attrs.validators.le(1.0)]
    )

    name: ClassVar[str] = "second-life"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "Second life: embedded impacts shared with a second owner"
    reference: ClassVar[str] = "reen-example-method: an example, which follows no publication"
    packs: ClassVar[tuple[str, ...]] = ("example-lab",)

    def prepare(self, context: Context) -> PreparedSecondLife:
        """Return the method ready to answer."""
        return PreparedSecondLife(share=self.share, context=context)


@attrs.frozen(kw_only=True, eq=False)
class PreparedSecondLife(CaseMethod):
    """`SecondLife`, ready to answer."""

    share: float
    context: Context
    kinds = (Kind("item", EMBEDDED_STAGES, "item"),)
    reads: ClassVar[tuple[str, ...]] = ("equipment_type", "lifetime", "reconditioned")

    def item(self, case: Case) -> Exchange:
        """Return the items a year, times what this owner carries of them."""
        making = case.of(self.packs.item, "equipment_type")
        amount = case.quantity * case.usage_share / lifetime_of(case, self.packs)
        return amount * self._carried(case) * making

    def _carried(self, case: Case) -> Amount:
        """Return the share of a row; one that does not say is taken for new, flagged."""
        if case.has("reconditioned") and case.reconditioned is None:
            case.assume("taken_as", parameter="reconditioned", value="new")
        share = self.share if case.reconditioned == "true" else 1.0
        return constant("share", share, "1")
