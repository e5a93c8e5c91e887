"""Second life: what the manufacture of an item caused, shared between its first and second owner.

For n items of a type whose factor is F (kgCO2e per item) and whose life with the organisation is L
years,

    new                 n x F / L
    second-hand         n x F / L x share

with `share` an option.  The type's lifetime stands in, flagged, where a row has none.  Electricity
is not counted: the method has no use stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

import attrs
import numpy as np
import numpy.typing as npt

import reen

__all__ = ["SecondLife"]

#: Flows of one item.  A pack that the user gives may publish any of these stages.
ITEM = reen.FlowKind(
    "item",
    (
        reen.Stage.MANUFACTURING,
        reen.Stage.DISTRIBUTION,
        reen.Stage.END_OF_LIFE,
        reen.Stage.EMBEDDED,
    ),
)


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

    def prepare(self, context: reen.Context) -> PreparedSecondLife:
        """Return the method ready to answer."""
        return PreparedSecondLife(share=self.share, context=context)


@attrs.frozen(kw_only=True, eq=False)
class PreparedSecondLife:
    """`SecondLife`, ready to answer batch by batch."""

    share: float
    context: reen.Context
    kinds: ClassVar[tuple[reen.FlowKind, ...]] = (ITEM,)
    columns: ClassVar[tuple[str, ...]] = (
        "equipment_type",
        "lifetime",
        "quantity",
        "reconditioned",
        "status",
    )

    def exchanges(self, batch: reen.Batch) -> Iterable[reen.Exchanges]:
        """Return one exchange per row, in the order of the rows."""
        assessment = reen.Assessment(len(batch), match=reen.Match.TYPE)
        # what is retired or lost is excluded by name, as in every method of reen
        self.context.status_rule.apply(batch, assessment)
        assessment.require(
            "quantity", missing=batch.missing("quantity"), invalid=batch.invalid("quantity")
        )
        flow = batch.map("equipment_type", self._flow_of)
        assessment.leave_out(flow < 0, reen.Reason("no_factor", packs=self._packs))
        drivers = {
            "quantity": reen.Driver(batch.values("quantity", "item"), "item"),
            "per_lifetime": reen.Driver(1.0 / self._lifetime(batch, assessment), "1/year"),
            "share": reen.Driver(self._share(batch, assessment), "1"),
        }
        outcomes, outcome = assessment.result()
        yield reen.Exchanges(
            kind=ITEM,
            flows=self.context.factors.factors.flows,
            flow=assessment.flow(flow),
            drivers=drivers,
            reference_unit="item",
            outcomes=outcomes,
            outcome=outcome,
        )

    @property
    def _packs(self) -> str:
        return ", ".join(pack.name for pack in self.context.factors.packs)

    def _flow_of(self, types: Sequence[str | None]) -> npt.NDArray[np.int32]:
        """Return the factor of each type, -1 for none; called once per distinct type."""
        return np.array([self.context.factors.by_type(each or "") for each in types], np.int32)

    def _lifetime_of(self, types: Sequence[str | None]) -> npt.NDArray[np.float64]:
        found = [self.context.factors.default(each or "", "lifetime") for each in types]
        return np.array([np.nan if each is None else each.value for each in found])

    def _lifetime(self, batch: reen.Batch, assessment: reen.Assessment) -> npt.NDArray[np.float64]:
        """Return the row's lifetime, else its type's, flagged; else leave the row out."""
        missing = batch.missing("lifetime")
        default = batch.map("equipment_type", self._lifetime_of)
        years = np.where(missing, default, batch.values("lifetime", "year"))
        given = missing & ~np.isnan(default)
        assessment.assume(given, reen.Assumption("default_of_type", parameter="lifetime"))
        assessment.leave_out(batch.invalid("lifetime"), reen.Reason("invalid", column="lifetime"))
        nowhere = reen.Reason("no_default", parameter="lifetime")
        assessment.leave_out(missing & ~given, nowhere)
        return years

    def _share(self, batch: reen.Batch, assessment: reen.Assessment) -> npt.NDArray[np.float64]:
        """Return the share of each row; a row that does not say is taken for new, flagged."""
        codes, words = batch.codes("reconditioned")
        second_hand = np.array([word == "true" for word in words] + [False])[codes]
        if batch.has("reconditioned"):
            new = reen.Assumption("taken_as", parameter="reconditioned", value="new")
            assessment.assume(codes < 0, new)
        return np.where(second_hand, self.share, 1.0)
