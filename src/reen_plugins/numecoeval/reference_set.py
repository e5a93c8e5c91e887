"""The reference set of NumEcoEval: where there is one, no other pack fills its gaps.

The engine computes with one set of reference data: items, types with their lifetimes and server
flags, electricity mixes.  What the set lacks is an error there; to fill it in from others would
mix sources without saying so.  Its hypotheses stand in for what the data do not give: options go
first, then what the set says of ``*``.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping

import attrs

from reen.plugin import Context, FactorPack, Packs
from reen.plugin.arrays import FactorLibrary

__all__ = ["Hypotheses", "ReferenceSet"]


@attrs.frozen(eq=False)
class ReferenceSet:
    """The packs of the reference set; all packs in use where there is none.

    Attributes
    ----------
    of_items
        Items, and the lifetimes, energies and flags of types.
    of_mixes
        Electricity.
    """

    of_items: Context
    of_mixes: Context

    @classmethod
    def of(cls, context: Context, own: Collection[str]) -> ReferenceSet:
        """Return the reference set among the packs in use.

        Parameters
        ----------
        context
            Packs in use.
        own
            Names of the packs that are no reference set; none of them is set aside when empty.
        """
        given = [pack for pack in context.factors.packs if own and pack.name not in own]
        has_items = any(_holds(pack, "item") for pack in given)
        has_mixes = has_items and any(_holds(pack, "kWh") for pack in given)
        alone = attrs.evolve(context, factors=FactorLibrary.of((), given)) if has_items else context
        return cls(alone, alone if has_mixes else context)

    @functools.cached_property
    def packs(self) -> Packs:
        """Return the packs of items."""
        return Packs(self.of_items)

    @functools.cached_property
    def flags_servers(self) -> bool:
        """Tell whether the set says of any type that it is a server, or is none."""
        return any(parameter == "server" for _, parameter in self.of_items.factors.defaults)

    def server(self, name: str | None) -> bool | None:
        """Return whether the set flags a type as a server; None where it says nothing."""
        found = self.of_items.factors.default(name or "", "server")
        return None if found is None else found.value > 0.0


@attrs.frozen(eq=False)
class Hypotheses:
    """Default values for what the data do not give.

    Attributes
    ----------
    lifetime
        Years when neither the row nor its type says; 0 leaves such rows out.
    pue
        PUE of a data centre that gives none.
    cope_rate, byod_rate
        Utilisation rate of devices of mixed use, by ownership.
    """

    lifetime: float
    pue: float
    cope_rate: float
    byod_rate: float

    @classmethod
    def settle(cls, given: Mapping[str, float | None], context: Context) -> Hypotheses:
        """Take each value from the options, else from the reference data, else as documented.

        The documented values are the hypotheses of the engine's sample reference data
        (dureeVieParDefaut, PUEParDefaut, taux_utilisation_COPE, taux_utilisation_BYOD).
        """
        documented = {"lifetime": 2.0, "pue": 1.75, "cope_rate": 0.8, "byod_rate": 0.57}
        settled = {}
        for name, value in documented.items():
            option, published = given[name], context.factors.default("*", name)
            reference = value if published is None else published.value
            settled[name] = reference if option is None else option
        return cls(**settled)


def _holds(pack: FactorPack, unit: str) -> bool:
    return any(text.reference_unit == unit for text in pack.factors.descriptions)
