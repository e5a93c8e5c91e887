"""Second-hand: what an item had before the organisation, or has after it, counts for whom.

One place for all methods.  The making of an item serves all of its owners; no rule to share it is
agreed (ADEME, study of refurbishing, 2022), so the rule is an option.  With F the making of one
item and its end, L its life here, U before and D after:

    cut-off (default)   the first owner bears F; a later one what refurbishing caused
    years               F L / (U + L + D), and what refurbishing caused
    half                F / 2 for each of two owners, and what refurbishing caused for the second

What refurbishing causes is published as ranges of what is avoided, without kg: unless a pack in use
has it, it is left out by name.
"""

from __future__ import annotations

from typing import ClassVar

import attrs

from reen.factors.library import REFURBISHING
from reen.method.amounts import Amount, constant
from reen.method.answers import Exchange, ReferenceFlow
from reen.method.case import Case
from reen.method.questions import State
from reen.method.terms import Floats
from reen.method.verdicts import LeftOut
from reen.plugins.method import Context
from reen.values import Printed

__all__ = ["SECOND_HAND_RULES", "SecondHand", "name_unused", "second_hand_option"]

#: Rules by which the making of an item is shared between its owners.
SECOND_HAND_RULES = ("cut-off", "years", "half")

#: Name of the factor of an amount.
_SHARE = "making_share"


def second_hand_option(*more: str) -> str:
    """Return the option that shares the making of a device between its successive owners.

    Parameters
    ----------
    more
        Rules of the method's own, the first being its default.
    """
    rules = (*more, *SECOND_HAND_RULES)
    field: str = attrs.field(default=rules[0], validator=attrs.validators.in_(rules))
    return field


@attrs.frozen(eq=False, repr=False)
class SecondHand(Printed):
    """How the making of a device is shared between its successive owners.

    Attributes
    ----------
    context
        Packs, which may have the refurbishing of a type.
    sharing
        One of `SECOND_HAND_RULES`.
    """

    context: Context
    sharing: str = "cut-off"

    #: Columns of the inventory that it reads.
    COLUMNS: ClassVar[tuple[str, ...]] = (
        "downstream_lifetime",
        "equipment_type",
        "lifetime",
        "reconditioned",
        "upstream_lifetime",
    )

    def of(self, case: Case, new: Exchange) -> Exchange | tuple[Exchange, ...]:
        """Return what counts of an item, `new` being what would if it had one owner.

        Raises
        ------
        LeftOut
            A life that is invalid, or that the rule needs and the row lacks; by cut-off, a
            refurbishing that no pack in use has; by halves, an item of three owners.
        """
        before, after = self._had_owner(case), self._passes_on(case)
        made = new if self.sharing == "cut-off" else self._shared(case, new, before, after=after)
        if not before:
            return made
        refurbished = case.of(self.refurbishing, "equipment_type")
        if self.sharing == "cut-off":
            if refurbished is None:
                raise LeftOut("refurbishing_unpublished")
            return new.amount * refurbished
        if refurbished is None:
            case.not_counted("refurbishing")
            return made
        return made, new.amount * refurbished

    @staticmethod
    def _had_owner(case: Case) -> bool:
        """Tell whether a case had an owner before: the row says so, or gives years before."""
        if _is_given(case, "upstream_lifetime"):
            return True
        if not case.has("reconditioned"):
            return False
        if case.reconditioned is None:
            case.assume("taken_as", parameter="reconditioned", value="new")
        return bool(case.reconditioned == "true")

    @staticmethod
    def _passes_on(case: Case) -> bool:
        """Tell whether somebody else is to use an item afterwards."""
        return _is_given(case, "downstream_lifetime")

    def _shared(self, case: Case, new: Exchange, before: bool, *, after: bool) -> Exchange:  # noqa: FBT001
        """Return the share of the making that is the organisation's."""
        if not before and not after:
            return new
        if self.sharing == "half":
            if before and after:
                raise LeftOut("half_of_three_owners")
            return new * constant(_SHARE, 0.5, "1")
        lives: list[Amount | float] = [case.number("lifetime")]
        lives.append(case.number("upstream_lifetime") if before else 0.0)
        lives.append(case.number("downstream_lifetime") if after else 0.0)
        return new * case.derived(_SHARE, "1", _share_of_lives, *lives)

    def refurbishing(self, equipment_type: str | None) -> ReferenceFlow | None:
        """Return the refurbishing of a type, as ``case.of`` asks for it; None without one."""
        from reen.method.packs import Packs

        return Packs(self.context).by_id(f"{REFURBISHING}{equipment_type}")


def name_unused(case: Case, *columns: str) -> None:
    """Report what a row gives about other owners when the method does not use it.

    Parameters
    ----------
    case
        The case; the method reads the columns.
    columns
        ``reconditioned``, ``upstream_lifetime``, ``downstream_lifetime``.
    """
    for column in columns:
        if column == "reconditioned":
            said = case.has(column) and case.reconditioned == "true"
        else:
            said = case.given(column) and case.number(column) > 0.0
        if said:
            case.assume("not_used", parameter=column)


def _is_given(case: Case, column: str) -> bool:
    """Tell whether a life is there, and longer than nothing.

    Raises
    ------
    LeftOut
        It is invalid.
    """
    return case.state(column) is not State.BLANK and case.number(column) > 0.0


def _share_of_lives(own: Floats, before: Floats, after: Floats) -> Floats:
    """Return the share of all years of use that are the organisation's."""
    found: Floats = own / (before + own + after)
    return found
