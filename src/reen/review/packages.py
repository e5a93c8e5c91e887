"""Packages of the extra `review`, imported on use.

Input: a package's name for pip and what it is for.  Output: the module, or the error that says how
to install it.
"""

from __future__ import annotations

import importlib
from types import ModuleType

from reen.errors import MissingExtraError

__all__ = ["needed"]


def needed(package: str, purpose: str, *, module: str = "") -> ModuleType:
    """Return a module of the extra ``review``.

    Raises
    ------
    MissingExtraError
        The package is not installed.
    """
    try:
        return importlib.import_module(module or package)
    except ModuleNotFoundError as error:
        raise MissingExtraError(package, "review", purpose) from error
