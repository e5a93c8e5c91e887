"""The content of a factor pack: its tables, read and checked.

Must not know files.
"""

from __future__ import annotations

import hashlib

import attrs

from reen.factors.factor_set import FactorSet
from reen.values import Compared

__all__ = ["PackContent", "TypeDefault"]


@attrs.frozen(eq=False, repr=False)
class TypeDefault(Compared):
    """A published default of one parameter for one equipment type.

    Attributes
    ----------
    equipment_type, parameter
        What it is the default of.
    value, unit
        The figure, in the unit of the inventory column of that name.
    pack
        Pack that gives it.
    source, licence, note
        Where it comes from.
    """

    equipment_type: str
    parameter: str
    value: float
    unit: str
    pack: str
    source: str
    licence: str = ""
    note: str = ""


@attrs.frozen(eq=False, repr=False)
class PackContent(Compared):
    """The content of a pack: factors, type defaults, and matching beyond the flows' own keys.

    Attributes
    ----------
    factors
        Factors.
    defaults
        Published defaults by type (or flow id, or ``*`` for everything).
    matching
        (``type`` or ``model``, key, flow id): which flow answers for what.
    """

    factors: FactorSet
    defaults: tuple[TypeDefault, ...] = ()
    matching: tuple[tuple[str, str, str], ...] = ()
    # the digest stored beside exactly this content; not an argument, so that `attrs.evolve` with
    # other content never copies it
    _known_digest: str = attrs.field(default="", init=False, repr=False, eq=False)

    def of_digest(self, digest: str) -> PackContent:
        """Return this content with its digest, which is known from where it was read."""
        made = attrs.evolve(self)
        object.__setattr__(made, "_known_digest", digest)  # frozen, and nobody has seen it yet
        return made

    def digest(self) -> str:
        """Return a SHA-256 of the content, the same whatever the order of the rows."""
        if self._known_digest:
            return self._known_digest
        lines = sorted(repr(attrs.astuple(default)) for default in self.defaults)
        lines += sorted(repr(match) for match in self.matching)
        text = "\n".join([self.factors.digest(), *lines])
        return hashlib.sha256(text.encode()).hexdigest()
