"""Look-ups of NumEcoEval: answers on distinct models, types, countries and data centres.

Each takes distinct values and returns one answer for each, for `Batch.map` to spread; together
with the hypotheses that the options leave open, settled once.  Imports the public names of `reen`
only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen import Context
from reen_plugins.methods.mixes import Mixes

__all__ = ["NO_MATCH", "Hypotheses", "Lookups"]

#: Code of a model that the matching table does not name.
NO_MATCH = -2


@attrs.frozen
class Hypotheses:
    """Values that stand in for what the data do not say.

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


@attrs.frozen(eq=False)
class Lookups:
    """Answers on distinct values."""

    context: Context
    hypotheses: Hypotheses
    matching: Mapping[str, str]
    mixes: Mixes

    def model_item(self, models: Sequence[str | None]) -> npt.NDArray[np.int32]:
        """Return the reference item of each model of the matching table; NO_MATCH for others."""
        library = self.context.factors
        found = []
        for model in models:
            target = self.matching.get(model or "")
            position = library.by_model(model or "") if target is None else library.by_id(target)
            found.append(NO_MATCH if position is None else position)
        return np.array(found, np.int32)

    def type_item(self, types: Sequence[str | None]) -> npt.NDArray[np.int32]:
        """Return the reference item of each type, -1 for none."""
        return np.array([self.context.factors.by_type(each or "") for each in types], np.int32)

    def type_default(self, parameter: str, types: Sequence[str | None]) -> npt.NDArray[np.float64]:
        """Return a published default of each type, NaN for none."""
        found = [self.context.factors.default(each or "", parameter) for each in types]
        return np.array([np.nan if each is None else each.value for each in found])

    def type_lifetime(self, types: Sequence[str | None]) -> npt.NDArray[np.float64]:
        """Return the default lifetime of each type, in years."""
        return self.type_default("lifetime", types)

    def type_energy(self, types: Sequence[str | None]) -> npt.NDArray[np.float64]:
        """Return the default yearly energy of each type, in kWh per item."""
        return self.type_default("annual_energy", types)

    def is_server(self, types: Sequence[str | None]) -> npt.NDArray[np.bool_]:
        """Return which types are servers."""
        servers = {each.key for each in self.context.equipment_types if each.is_server}
        return np.array([each in servers for each in types])

    def rate(self, ownerships: Sequence[str | None]) -> npt.NDArray[np.float64]:
        """Return the utilisation rate of each ownership."""
        rates = {
            "corporate_personal_use": self.hypotheses.cope_rate,
            "personal": self.hypotheses.byod_rate,
        }
        return np.array([rates.get(each or "", 1.0) for each in ownerships])

    def hosting_mix(self, datacenters: Sequence[str | None]) -> npt.NDArray[np.int32]:
        """Return the electricity flow of the country of each data centre, -1 for none."""
        places = self.context.datacenters
        return self.mixes.positions(
            [
                places[each].country if each is not None and each in places else None
                for each in datacenters
            ]
        )

    def pue(self, datacenters: Sequence[str | None]) -> npt.NDArray[np.float64]:
        """Return the PUE of each data centre, NaN when it gives none."""
        places = self.context.datacenters
        return np.array(
            [
                places[each].pue if each is not None and each in places else np.nan
                for each in datacenters
            ]
        )

    def is_known(self, datacenters: Sequence[str | None]) -> npt.NDArray[np.bool_]:
        """Return which data centres are in the system."""
        return np.array([each in self.context.datacenters for each in datacenters])

    def item_energies(self) -> npt.NDArray[np.float64]:
        """Return the yearly energy of each flow of the packs in use, NaN for none."""
        found = [
            self.context.factors.default(flow.id, "annual_energy")
            for flow in self.context.factors.factors.flows
        ]
        return np.array([np.nan if each is None else each.value for each in found])
