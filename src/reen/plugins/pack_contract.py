"""Pack contract: what the content of a factor pack must satisfy before a method sees it.

Rows that are read from files or from text are checked where they are read; a plugin may also build
its arrays itself.  Input: a pack, whose content is loaded here.  A pack that cannot be loaded, has
arrays of wrong shapes or types, or infinite values, is refused by name.
"""

from __future__ import annotations

import numpy as np

from reen.errors import PluginError
from reen.factors.content import PackContent
from reen.factors.factor_set import FactorSet
from reen.factors.pack import FactorPack
from reen.plugins.guard import answer_of
from reen.vocabulary.lookup import VocabularyError

__all__ = ["check_content", "check_criteria"]

_ARRAYS = ("values", "lower", "upper", "spread")


def check_content(pack: FactorPack) -> None:
    """Load the content of a pack and refuse what cannot be multiplied.

    Raises
    ------
    FactorDataError
        A row that does not fit the declared schema.
    PluginError
        The pack fails to load, its arrays do not fit its flows, stages and criteria, or a
        criterion is not defined.
    """
    name = f"factor pack {pack.name} {pack.version}"

    def content() -> PackContent:
        return pack.content

    factors = answer_of(name, "while it was loaded", content, reads_files=True).factors
    flows = len(factors.flows)
    if len(factors.descriptions) != flows:
        raise PluginError(name, f"has {len(factors.descriptions)} descriptions for {flows} flows")
    shape = flows, len(factors.stages), len(factors.criteria)
    for each in _ARRAYS:
        array: object = getattr(factors, each)
        if not isinstance(array, np.ndarray) or array.dtype != np.float64 or array.shape != shape:
            found = f"{getattr(array, 'dtype', type(array).__name__)}"
            size = getattr(array, "shape", "no shape")
            raise PluginError(
                name,
                f"{each} must be float64 of the shape (flows, stages, criteria) {shape}; it is"
                f" {found} of {size}",
            )
    check_criteria(name, factors)
    if np.isinf(factors.values).any():
        raise PluginError(name, f"{_first_infinite(factors)} is infinite; NaN is not published")


def check_criteria(name: str, factors: FactorSet) -> None:
    """Refuse figures of a criterion that nobody defines.

    Parameters
    ----------
    name
        The pack, or the method that made the factors, for messages.
    factors
        Factors of a plugin.

    Raises
    ------
    PluginError
        A criterion that reen does not ship and that does not come with them, or one that claims
        a key, alias or unit that another has.
    """
    try:
        known = factors.vocabulary
    except VocabularyError as error:
        raise PluginError(name, str(error)) from error
    for key in factors.criteria:
        if key not in known:
            raise PluginError(
                name,
                f"has figures of the criterion {key!r}, which nobody defines; give its Criterion"
                " as criteria= where the rows are read, or in FactorSet.definitions",
            )


def _first_infinite(factors: FactorSet) -> str:
    k, s, c = (int(place[0]) for place in np.nonzero(np.isinf(factors.values)))
    return f"the factor of {factors.flows[k]}, {factors.stages[s]}, {factors.criteria[c]}"
