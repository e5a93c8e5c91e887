"""Annotations of the public names resolve, as tools that make forms or checks of them ask."""

from __future__ import annotations

import functools
import importlib
import inspect
import typing
from collections.abc import Iterator

import pint
import pytest

FACES = ("reen", "reen.plugin", "reen.stored", "reen.types", "reen.errors")


def function_of(member: object) -> object:
    """Return what a method, a property or a cached one runs."""
    if isinstance(member, property):
        return member.fget
    if isinstance(member, functools.cached_property):
        return member.func
    return getattr(member, "__func__", member)


def annotated(face: str) -> Iterator[tuple[str, object]]:
    """Yield the public functions and classes of a face, and the public methods of these.

    Not the initialisers that attrs writes: a class that names itself is not known to them.
    """
    module = importlib.import_module(face)
    for name in module.__all__:
        public: object = getattr(module, name)
        if inspect.isfunction(public) or inspect.isclass(public):
            yield f"{face}.{name}", public
        if inspect.isclass(public):
            for own, member in inspect.getmembers_static(public):
                function = function_of(member)
                if not own.startswith("_") and inspect.isfunction(function):
                    yield f"{face}.{name}.{own}", function
        if inspect.ismodule(public) and public.__name__.startswith(f"{face}."):
            yield from annotated(public.__name__)


#: Older versions of pint tell what a quantity is made of to type checkers alone.
needs_generic_quantities = pytest.mark.skipif(
    not getattr(pint.Quantity, "__parameters__", ()),
    reason="quantities of this version of pint take no type as they run",
)


@needs_generic_quantities
def test_the_annotations_of_every_public_name_resolve() -> None:
    """Those that name a class which is imported on use as well."""
    found, unresolved = [], []
    for face in FACES:
        for name, given in annotated(face):
            try:
                found.append(typing.get_type_hints(given))
            except (NameError, AttributeError, TypeError) as error:
                unresolved.append(f"{name}: {error}")
    assert not unresolved
    assert len(found) > 500


@needs_generic_quantities
def test_a_hint_of_a_class_imported_on_use_is_that_class() -> None:
    import reen

    hints = typing.get_type_hints(function_of(vars(reen.types.Total)["quantity"]))
    assert hints["return"].__name__ == "Quantity"
    assert typing.get_type_hints(reen.Footprint.interval)["return"] is reen.types.Interval
