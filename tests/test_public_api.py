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

import reen.plugin.arrays
import reen.plugin.files
import reen.plugin.indicators
import reen.plugin.packs
import reen.plugin.rules
import reen.stored
import reen.types

ALL_FACES = [
    reen,
    reen.plugin,
    reen.plugin.arrays,
    reen.plugin.files,
    reen.plugin.indicators,
    reen.plugin.packs,
    reen.plugin.rules,
    reen.stored,
    reen.types,
    reen.errors,
]
FACES = pytest.mark.parametrize("face", ALL_FACES, ids=lambda face: face.__name__)
#: Each name once, of the face where it stands first.
_HOMES = {name: face.__name__ for face in reversed(ALL_FACES) for name in face.__all__}
NAMES = sorted(f"{home}.{name}" for name, home in _HOMES.items())


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


def test_every_name_exists() -> None:
    assert not [name for name in NAMES if named(name) is None]


def test_every_name_is_documented() -> None:
    bare = []
    for name in NAMES:
        thing = named(name)
        if not (inspect.isclass(thing) or inspect.isroutine(thing) or inspect.ismodule(thing)):
            continue  # a constant or an alias, documented where it is assigned
        # Its own docstring: one inherited from a base class says nothing of this name.
        own = vars(thing).get("__doc__") if inspect.isclass(thing) else thing.__doc__
        if not (own or "").strip():
            bare.append(name)
    assert not bare, f"no docstring: {bare}"


def test_methods_are_documented() -> None:
    bare = [
        f"{name}.{member}"
        for name in NAMES
        for member, function in public_functions(named(name))
        # An override inherits its docstring, as `inspect.getdoc` finds it on the class.
        if not inspect.getdoc(function) and not inspect.getdoc(getattr(named(name), member, None))
    ]
    assert not bare, f"no docstring: {bare}"


def arguments() -> Iterator[tuple[str, object]]:
    """Yield every argument and return of a public function or method, with its annotation."""
    for name in NAMES:
        for member, function in public_functions(named(name)):
            for argument, annotation in annotations_of(function).items():
                yield f"{name}, {member}: {argument}", annotation


def test_signatures_are_annotated() -> None:
    bare = [where for where, annotation in arguments() if annotation is inspect.Signature.empty]
    assert not bare, f"no annotation: {bare}"


def test_signatures_hold_no_any() -> None:
    loose = [
        f"{where}: {annotation}"
        for where, annotation in arguments()
        if re.search(r"\bAny\b", str(annotation))
    ]
    assert not loose, f"`Any`: {loose}"
