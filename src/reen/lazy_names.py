"""Names of a public face that are imported when they are first used.

Input: which module has which names.  Output: the `__getattr__` and `__dir__` of the face.  A
command or a method then pays for what it uses of a face, not for all that the face offers.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping

__all__ = ["lazy_names"]


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
