"""Names and modules that are imported when they are first used.

Input: which module has which names.  Output: the `__getattr__` and `__dir__` of a public face, or
what stands for a module.  A command or a method then pays for what it uses, not for all that it
could use.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping

__all__ = ["lazy_module", "lazy_names"]


def lazy_names(
    face: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a face.

    Parameters
    ----------
    face
        Its name.
    homes
        Names, separated by spaces, by the module that has them ("public=own" where the module
        calls it otherwise, "public=*" for the module itself).
    """
    home_of: dict[str, tuple[str, str]] = {}
    for home, names in homes.items():
        for name in names.split():
            public, _, own = name.partition("=")
            home_of[public] = home, own or public

    def import_name(name: str) -> object:
        if name not in home_of:
            message = f"module {face!r} has no attribute {name!r}"
            raise AttributeError(message)
        home, own = home_of[name]
        module = importlib.import_module(home)
        found: object = module if own == "*" else getattr(module, own)
        setattr(sys.modules[face], name, found)  # the next use asks nobody
        return found

    return import_name, lambda: sorted(sys.modules[face].__all__)


class _LazyModule:
    """A module that is imported when a name of it is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        found: object = getattr(importlib.import_module(self._name), name)
        return found


def lazy_module(name: str) -> object:
    """Return what stands for a module, and imports it when a name of it is asked for.

    A module takes so what few of its functions use, and what only its annotations name, which
    `typing.get_type_hints` then resolves.  Type checkers are shown the import itself.

    Examples
    --------
    >>> calendar = lazy_module("calendar")
    >>> calendar.isleap(2028)
    True
    """
    return _LazyModule(name)
