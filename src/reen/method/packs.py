"""Packs: the flows and defaults of the factor packs in use, as the functions of a method ask them.

Answers say what they are: which pack gives them, how well they fit, and what had to be assumed.
"""

from __future__ import annotations

import attrs

from reen.engine.exchanges import Match
from reen.method.amounts import Amount
from reen.method.answers import Default, ReferenceFlow
from reen.method.case import Case
from reen.method.rules import known_type
from reen.method.verdicts import LeftOut
from reen.plugins.method import Context
from reen.values import Printed

__all__ = ["Packs", "lifetime_of"]


@attrs.frozen(eq=False, repr=False)
class Packs(Printed):
    """The packs in use.

    Attributes
    ----------
    context
        What the method was prepared with.
    """

    context: Context

    def flow(self, position: int | None, match: Match | None = None) -> ReferenceFlow | None:
        """Return the flow at a position of `FactorLibrary.factors`, None for none."""
        if position is None or position < 0:
            return None
        factors = self.context.factors.factors
        return ReferenceFlow(
            factors.flows[position], factors.descriptions[position].reference_unit, match
        )

    def item(self, equipment_type: str | None) -> ReferenceFlow:
        """Return the item flow of a type, as ``case.of(packs.item, "equipment_type")`` asks for it.

        Raises
        ------
        LeftOut
            The type is not known, or no pack in use has a factor for it.
        """
        found = self.by_type(known_type(equipment_type))
        if found is None:
            names = ", ".join(pack.name for pack in self.context.factors.packs)
            raise LeftOut("no_factor", packs=names)
        return found

    def by_type(self, equipment_type: str | None) -> ReferenceFlow | None:
        """Return the item flow that answers for a type, None when no pack has one."""
        return self.flow(self.context.factors.by_type(equipment_type or ""), Match.TYPE)

    def by_model(self, model: str | None) -> ReferenceFlow | None:
        """Return the item flow of exactly that model, None when no pack has one."""
        return self.flow(self.context.factors.by_model(model or ""), Match.MODEL)

    def by_id(self, identifier: str) -> ReferenceFlow | None:
        """Return the first flow of an identifier, None when no pack has one."""
        return self.flow(self.context.factors.by_id(identifier))

    def default(
        self, equipment_type: str | None, parameter: str, match: Match | None = None
    ) -> Default | None:
        """Return the default of a type, with the pack that gives it; None when none does.

        Parameters
        ----------
        equipment_type
            Key of the taxonomy, or whatever else a pack gives defaults for.
        parameter
            ``lifetime``, ``annual_energy``...
        match
            Match level of a case that takes the default, where it lowers it.
        """
        found = self.context.factors.default(equipment_type or "", parameter)
        if found is None:
            return None
        return Default(found.value, found.unit, "default_of_type", found.pack, match, parameter)

    def lifetime(self, equipment_type: str | None) -> Default | None:
        """Return the default lifetime of a type, as ``case.of`` asks for it."""
        return self.default(equipment_type, "lifetime")

    def annual_energy(self, equipment_type: str | None) -> Default | None:
        """Return the default yearly energy of a type: what takes it is matched by type."""
        return self.default(equipment_type, "annual_energy", Match.TYPE)


def lifetime_of(case: Case, packs: Packs) -> Amount:
    """Return the lifetime of a case in years: the row's own, else its type's default, flagged.

    Raises
    ------
    LeftOut
        An invalid lifetime, or no default of the type either.
    """
    return case.number("lifetime", else_=lambda: case.of(packs.lifetime, "equipment_type"))
