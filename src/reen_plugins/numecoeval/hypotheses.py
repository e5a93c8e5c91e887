"""Hypotheses of NumEcoEval: values that stand in for what the data do not say.

Settled once, when the method prepares: options first, then the reference data.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from reen.plugin import Context

__all__ = ["Hypotheses"]


@attrs.frozen(eq=False)
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
