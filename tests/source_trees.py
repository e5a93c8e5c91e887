"""The syntax trees of both packages, parsed and walked once for all the tests that look at them."""

from __future__ import annotations

import ast
import functools
import gc
import importlib.util
from pathlib import Path
from typing import NamedTuple


class Module(NamedTuple):
    """One source file: its dotted name, whether it is a package, and its syntax tree."""

    name: str
    is_package: bool
    tree: ast.Module

    @property
    def storey(self) -> str:
        """The part of the name that says the storey; the facade itself is `reen`."""
        return self.name.split(".")[1] if "." in self.name else self.name


def find_package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    assert spec is not None, f"package {name} not found: run pip install -e '.[test]'"
    assert spec.submodule_search_locations, f"{name} is no package"
    return Path(spec.submodule_search_locations[0])


@functools.cache
def read_modules(package: str) -> tuple[Module, ...]:
    """Return the modules of a package; read once, and by no test that does not ask."""
    folder = find_package(package)
    gc.disable()  # it would look through all that is kept, time and again: four fifths of the work
    try:
        return tuple(_module(package, folder, path) for path in sorted(folder.rglob("*.py")))
    finally:
        gc.enable()


def _module(package: str, folder: Path, path: Path) -> Module:
    parts = [package, *path.relative_to(folder).with_suffix("").parts]
    is_package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_package else parts)
    return Module(name, is_package, ast.parse(path.read_text("utf-8"), str(path)))


def both() -> tuple[Module, ...]:
    """Return the modules of the library and of the bundled plugins."""
    return read_modules("reen") + read_modules("reen_plugins")


@functools.cache
def nodes_of(module: Module) -> tuple[ast.AST, ...]:
    """Return every node of a module; walking all of them once takes a second."""
    return tuple(ast.walk(module.tree))
