"""Spend: the services table alone, by the monetary ratios and the paper of Base Carbone.

What a method of equipment counts beside the fleet, counted by itself: for who has the accounts of
an organisation and no inventory, or asks what its services weigh.  Equipment and waste are outside
its boundary, which the page says.  Formulas and sources: `services`.
"""

from __future__ import annotations

import attrs

from reen.plugin import Case, CaseMethod, Context, Exchange, Kind
from reen_plugins.spend.services import SERVICE, SERVICE_PACKS, Networks, Services

__all__ = ["Spend"]


@attrs.frozen(kw_only=True)
class Spend:
    """What is spent on digital services, and the paper used.

    Attributes
    ----------
    networks
        ``none``, or ``negaoctet``: networks per gigabyte by figures whose origin is NegaOctet, in
        a pack of the user's (flows ``fixed-network-fr`` and ``mobile-network-fr``).
    """

    networks: Networks = attrs.field(
        default="none", validator=attrs.validators.in_(("none", "negaoctet"))
    )

    name = "spend"
    version = "1"
    title = "Spending on digital services, by monetary ratios; paper by mass"
    reference = "ADEME, Base Carbone, monetary ratios by division of the NAF"
    packs = SERVICE_PACKS

    def prepare(self, context: Context) -> PreparedSpend:
        """Look up the ratios."""
        services = Services(context=context, networks=self.networks)
        return PreparedSpend(context=context, services=services)


@attrs.frozen(kw_only=True, eq=False)
class PreparedSpend(CaseMethod):
    """`Spend`, ready to answer.

    Attributes
    ----------
    context
        Packs and reference date.
    services
        What answers for the rows.
    """

    context: Context
    services: Services

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Return no kind: equipment is not counted."""
        return ()

    @property
    def kinds_beside(self) -> tuple[Kind, ...]:
        """Return the kind of services."""
        return (SERVICE,)

    def service(self, case: Case) -> Exchange:
        """Return what a service takes in a year."""
        return self.services.service(case)
