"""Optional packages of the containers, imported on use; a missing one names the pip command.

Input: the name of a package.  Output: the package, or an error.
"""

from __future__ import annotations

import importlib
from types import ModuleType

from reen.errors import MissingExtraError

__all__ = ["require"]


def require(package: str, purpose: str, module: str = "") -> ModuleType:
    """Import an optional package.

    Parameters
    ----------
    package
        Its name for pip.
    purpose
        What it is needed for; the beginning of the message.
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
        raise MissingExtraError(package, "tables", purpose) from error
