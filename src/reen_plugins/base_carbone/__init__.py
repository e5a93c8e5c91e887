"""Base Carbone of ADEME: its method, its export and the packs made from it.

Elements, mixes and types as the official export has them.  The method is imported when it is named:
what reads a pack or an export does without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reen_plugins.base_carbone.method import BaseCarbone

__all__ = ["BaseCarbone"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from reen_plugins.base_carbone.method import BaseCarbone

    return BaseCarbone
