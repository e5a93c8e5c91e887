"""Method checks: what a method prepared and answered, as far as arrays cannot tell.

Input: what `prepare` returned, and exchanges.  Whatever is of a wrong kind, answers for what it
does not list, or multiplies to a wrong unit, is refused by name.  Lengths and codes are the
engine's to check; imports no engine but the values that methods return.
"""

from __future__ import annotations

from collections.abc import Sequence

from reen.engine.exchanges import Exchanges, FlowKind
from reen.errors import DimensionError, PluginError
from reen.plugins.method import Allocating, CountingBeside, Prepared
from reen.vocabulary.units import product_has_dimension_of

__all__ = ["check_answers", "check_prepared"]


def check_prepared(method: str, prepared: object) -> None:
    """Refuse what `prepare` returned when it is no `Prepared`, or its kinds overlap.

    Raises
    ------
    PluginError
        Naming the method and what is wrong.
    """
    if not isinstance(prepared, Prepared):
        raise PluginError(
            method,
            f"prepare returned {type(prepared).__name__}, which lacks kinds, columns or"
            " exchanges(batch)",
        )
    _ = isinstance(prepared, Allocating)  # it runs code of theirs: here it is told whose
    beside = prepared.kinds_beside if isinstance(prepared, CountingBeside) else ()
    if not prepared.kinds and not beside:
        raise PluginError(
            method, "answers for no flow kind: nothing would be assessed, nor left out"
        )
    taken: dict[tuple[str, str], str] = {}
    for kind in (*prepared.kinds, *beside):
        for stage in kind.stages:
            place = kind.table, stage
            if taken.setdefault(place, kind.name) != kind.name:
                raise PluginError(
                    method,
                    f"the flow kinds {taken[place]!r} and {kind.name!r} both answer for the stage"
                    f" {stage}: its rows would count twice",
                )


def check_answers(method: str, kinds: Sequence[FlowKind], answers: Sequence[object]) -> None:
    """Refuse answers that are no exchanges, of no listed kind, or of a wrong unit.

    Raises
    ------
    PluginError
        Naming the method, the flow kind and the drivers.
    """
    for each in answers:
        if not isinstance(each, Exchanges):
            raise PluginError(method, f"returned {type(each).__name__} instead of Exchanges")
        if each.kind not in kinds:
            reason = f"answered for the flow kind {each.kind.name!r}, which it does not list"
            raise PluginError(method, reason)
        units = tuple(driver.unit for driver in each.drivers.values())
        try:
            fits = product_has_dimension_of(units, f"{each.reference_unit}/year")
        except DimensionError as error:
            raise PluginError(method, f"a driver of {each.kind.name!r}: {error}") from error
        if not fits:
            product = " x ".join(f"{key} [{driver.unit}]" for key, driver in each.drivers.items())
            raise PluginError(
                method,
                f"the drivers {product or '(none)'} of the flow kind {each.kind.name!r} do not make"
                f" {each.reference_unit}/year",
            )
