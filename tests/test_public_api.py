"""The public faces: `__all__` is all there is, and every name of it is documented and typed.

`reen` is for everybody, `reen.plugin` for authors of plugins, `reen.types` for annotations.

The annotations are read as written (they stay strings), so names imported for type checking only
need not exist at run time.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

import reen.plugin.files
import reen.plugin.indicators
import reen.plugin.packs
import reen.types

ALL_FACES = [
    reen,
    reen.plugin,
    reen.plugin.files,
    reen.plugin.indicators,
    reen.plugin.packs,
    reen.types,
    reen.errors,
]
FACES = pytest.mark.parametrize("face", ALL_FACES, ids=lambda face: face.__name__)
#: Each name once, of the face where it stands first.
NAMES = {name: face.__name__ for face in reversed(ALL_FACES) for name in face.__all__}
EVERY_NAME = pytest.mark.parametrize("name", sorted(f"{home}.{n}" for n, home in NAMES.items()))


def named(name: str) -> Any:  # noqa: ANN401 - a class, a function or a constant
    """Return what a dotted name is of."""
    home, _, last = name.rpartition(".")
    return getattr(importlib.import_module(home), last)


def public_functions(thing: object) -> Iterator[tuple[str, Callable[..., object]]]:
    """Yield a function itself, or the public methods and properties that a class defines."""
    if inspect.isfunction(thing):
        yield thing.__name__, thing
    elif inspect.isclass(thing):
        for name, member in vars(thing).items():
            if name.startswith("_"):
                continue
            if isinstance(member, (classmethod, staticmethod)):
                yield name, member.__func__
            elif isinstance(member, property) and member.fget is not None:
                yield name, member.fget
            elif inspect.isfunction(member):
                yield name, member


def annotations_of(function: Callable[..., object]) -> dict[str, object]:
    """Return the annotation of each argument and of the return, `self` and `cls` left out."""
    signature = inspect.signature(function)
    found = {
        name: argument.annotation
        for name, argument in signature.parameters.items()
        if name not in {"self", "cls"}
    }
    return found | {"return": signature.return_annotation}


@FACES
def test_no_name_stands_twice(face: ModuleType) -> None:
    assert len(face.__all__) == len(set(face.__all__))


@FACES
def test_nothing_else_is_offered(face: ModuleType) -> None:
    offered = {
        name
        for name, value in vars(face).items()
        if not name.startswith("_")
        and not isinstance(value, ModuleType)
        # what comes from elsewhere serves annotations
        and str(getattr(value, "__module__", "")).startswith("reen")
    }
    assert offered <= set(face.__all__)


@FACES
def test_every_name_is_listed_by_dir(face: ModuleType) -> None:
    assert set(face.__all__) <= set(dir(face))


@EVERY_NAME
def test_name_exists(name: str) -> None:
    assert named(name) is not None


@EVERY_NAME
def test_name_is_documented(name: str) -> None:
    thing = named(name)
    if not (inspect.isclass(thing) or inspect.isroutine(thing) or isinstance(thing, ModuleType)):
        return  # a constant or an alias, documented where it is assigned
    # Its own docstring: one inherited from a base class says nothing of this name.
    own = vars(thing).get("__doc__") if inspect.isclass(thing) else thing.__doc__
    assert (own or "").strip(), f"{name} has no docstring"


@EVERY_NAME
def test_methods_are_documented(name: str) -> None:
    thing = named(name)
    bare = [member for member, function in public_functions(thing) if not inspect.getdoc(function)]
    # An override inherits its docstring, as `inspect.getdoc` finds it on the class.
    bare = [member for member in bare if not inspect.getdoc(getattr(thing, member, None))]
    assert not bare, f"no docstring in {name}: {bare}"


@EVERY_NAME
def test_signatures_are_annotated(name: str) -> None:
    bare = [
        f"{member}: {argument}"
        for member, function in public_functions(named(name))
        for argument, annotation in annotations_of(function).items()
        if annotation is inspect.Signature.empty
    ]
    assert not bare, f"no annotation in {name}: {bare}"


@EVERY_NAME
def test_signatures_hold_no_any(name: str) -> None:
    loose = [
        f"{member}: {argument}: {annotation}"
        for member, function in public_functions(named(name))
        for argument, annotation in annotations_of(function).items()
        if re.search(r"\bAny\b", str(annotation))
    ]
    assert not loose, f"`Any` in {name}: {loose}"
