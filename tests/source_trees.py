"""The syntax trees of both packages, parsed and walked once for all the tests that look at them."""

from __future__ import annotations

import ast
import functools
import gc
import importlib.util
from pathlib import Path
from typing import NamedTuple, TypeVar

N = TypeVar("N", bound=ast.AST)


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
    # a million nodes that stay: no look for garbage shall go through them, now or later
    gc.disable()
    try:
        found = tuple(_module(package, folder, path) for path in sorted(folder.rglob("*.py")))
        for module in found:
            _by_kind(module)
        gc.freeze()
    finally:
        gc.enable()
    return found


def _module(package: str, folder: Path, path: Path) -> Module:
    parts = [package, *path.relative_to(folder).with_suffix("").parts]
    is_package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_package else parts)
    return Module(name, is_package, ast.parse(path.read_text("utf-8"), str(path)))


def written(code: str) -> Module:
    """Return code of a test as a module, to show what a check finds in it."""
    return Module("written", is_package=False, tree=ast.parse(code))


def both() -> tuple[Module, ...]:
    """Return the modules of the library and of the bundled plugins."""
    return read_modules("reen") + read_modules("reen_plugins")


@functools.cache
def _by_kind(module: Module) -> dict[type[ast.AST], list[ast.AST]]:
    found: dict[type[ast.AST], list[ast.AST]] = {}
    for node in walk(module.tree):
        found.setdefault(type(node), []).append(node)
    return found


def nodes_of(module: Module, *kinds: type[N]) -> list[N]:
    """Return every node of a module that is of one of these classes; each module is walked once."""
    found = _by_kind(module)
    return [node for kind in kinds for node in found.get(kind, ())]  # type: ignore[misc]


def walk(tree: ast.AST) -> list[ast.AST]:
    """Return a tree and all nodes under it, as `ast.walk` in a third of its time."""
    found = [tree]
    for node in found:  # which grows meanwhile
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                found += [each for each in value if isinstance(each, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                found.append(value)
    return found
