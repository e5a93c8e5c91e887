"""Packages of the extras, imported on use; a missing one is named with the pip command.

Input: the name of a package and of the extra that installs it.  Output: the module, or an error.
"""

from __future__ import annotations

import importlib
from types import ModuleType

from reen.errors import MissingExtraError

__all__ = ["needed"]


def needed(package: str, purpose: str, *, extra: str, module: str = "") -> ModuleType:
    """Import a package of an extra.

    Parameters
    ----------
    package
        Its name for pip.
    purpose
        What it is needed for; the beginning of the message.
    extra
        The extra of reen that installs it.
    module
        The module to import, where it has another name.

    Raises
    ------
    MissingExtraError
        The package is not installed.
    """
    try:
        return importlib.import_module(module or package)
    except ModuleNotFoundError as error:
        raise MissingExtraError(package, extra, purpose) from error
