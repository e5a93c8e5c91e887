"""Hosting: the place of an item, and what a data centre adds to its electricity.

One place for all methods, so that one fact has one wording.  What a data centre hosts draws its
electricity there, times the power usage effectiveness (PUE) of the place: the electricity of the
whole place for each kWh of its equipment.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Hashable
from typing import ClassVar, TypeVar

import attrs

from reen.inventory.datacenter import Datacenter
from reen.method.amounts import Amount, constant
from reen.method.answers import Default
from reen.method.case import Case
from reen.method.packs import Packs
from reen.method.verdicts import LeftOut
from reen.plugins.method import Context
from reen.values import Compared, Printed

__all__ = ["Centre", "Hosting"]

H = TypeVar("H", bound=Hashable)


@attrs.frozen(eq=False, repr=False)
class Centre(Compared):
    """The country and PUE that apply to what a data centre hosts.

    Attributes
    ----------
    country
        Its country, None when it gives none.
    pue
        Its power usage effectiveness, None when it gives none.
    invalid
        Columns of it that cannot be used: unreadable, or out of range.
    known
        Whether the inventory has the data centre at all.
    """

    country: str | None = None
    pue: float | None = None
    invalid: frozenset[str] = frozenset()
    known: bool = True

    @classmethod
    def of(cls, datacenter: Datacenter) -> Centre:
        """Return that of a data centre."""
        pue = datacenter.pue
        return cls(datacenter.country or None, None if math.isnan(pue) else pue, datacenter.invalid)

    def refuse_invalid(self, column: str) -> None:
        """Refuse what cannot be used: a blank takes a default, and an invalid value never does.

        Raises
        ------
        LeftOut
            The column is unreadable or out of range.
        """
        if column in self.invalid:
            raise LeftOut("invalid", column=column)


#: A data centre that a row names, and of which the inventory says nothing.
_UNKNOWN = Centre(known=False)


@attrs.frozen(eq=False, repr=False)
class Hosting(Printed):
    """The data centre that hosts each item of an inventory.

    Attributes
    ----------
    context
        Data centres; packs, which may give a PUE for those that state none.
    """

    context: Context

    #: Columns of the inventory that it reads.
    COLUMNS: ClassVar[tuple[str, ...]] = ("country", "datacenter_id")

    def centre(self, identifier: str | None) -> Centre | None:
        """Return a data centre, as ``case.of`` asks for it; None where there is no identifier."""
        if identifier is None:
            return None
        found = self.context.datacenters.get(identifier)
        return _UNKNOWN if found is None else Centre.of(found)

    def centre_of(self, case: Case) -> Centre | None:
        """Return the data centre that hosts a case, None when none does."""
        if not case.given("datacenter_id"):
            return None
        return case.of(self.centre, "datacenter_id")

    def at(self, case: Case, function: Callable[[str | None], H]) -> H:
        """Return a function of the country where a case stands, such as that of its electricity.

        The country of its data centre, else the row's own.

        Parameters
        ----------
        case, function
            As ``case.of`` takes it; it may raise a verdict.

        Raises
        ------
        LeftOut
            The country of the data centre cannot be read.
        """
        centre = self.centre_of(case)
        if centre is not None:
            centre.refuse_invalid("country")
            if centre.country is not None:
                return function(centre.country)
        return case.of(function, "country")

    def effectiveness(self, case: Case) -> Amount:
        """Return what the electricity of a case is multiplied by: the PUE of its data centre.

        A data centre that gives none has that of the packs in use, flagged.  Where they have none
        either, what the place adds is not counted, and is named: the figure is a lower bound.

        Raises
        ------
        LeftOut
            The PUE is out of range, or unreadable.
        """
        centre = self.centre_of(case)
        if centre is None:
            return Amount(())
        centre.refuse_invalid("pue")
        if centre.pue is not None:
            return constant("pue", centre.pue, "1")
        if self._default is not None:
            return case.stand_in("pue", self._default)
        case.not_counted("pue")
        return Amount(())

    @functools.cached_property
    def _default(self) -> Default | None:
        """Return the PUE that the packs in use give to a place that states none."""
        found = Packs(self.context).default("*", "pue")
        # the one figure of a set, and not of a type
        return None if found is None else attrs.evolve(found, code="default_of_method")
