"""Types in methods: options whose names are types, and types that no pack has a factor for.

An option such as ``elements=laptop=27002`` is data of the user's: a name that the taxonomy does
not have is an error of the option, with the nearest types, never a rule that applies to nothing.
Imports the public names of `reen` only.
"""

from __future__ import annotations

from collections.abc import Iterable

from reen.errors import OptionError
from reen.plugin import Context, Reason

__all__ = ["check_types", "no_factor"]


def check_types(method: str, option: str, types: Iterable[str], context: Context) -> None:
    """Refuse an option that names a type which the taxonomy does not have.

    Raises
    ------
    OptionError
        With the nearest types.
    """
    for name in types:
        if name in context.equipment_types:
            continue
        near = " or ".join(map(repr, context.equipment_types.nearest(name)))
        hint = Reason("error_did_you_mean_397", near=near) if near else ""
        raise OptionError(method, option, name, Reason("error_key_type_equipment", hint=hint))


def no_factor(context: Context) -> Reason:
    """Return why a type is left out: the packs in use that have items, and not this one."""
    factors = context.factors.factors
    pairs = zip(factors.flows, factors.descriptions, strict=True)
    packs = {flow.pack for flow, text in pairs if text.reference_unit == "item"}
    return Reason("no_factor", packs=", ".join(sorted(packs))) if packs else Reason("no_items")
