"""Base Carbone of ADEME: its method, its export and the packs made from it.

Elements, mixes and types as the official export has them.
"""

from reen_plugins.base_carbone.method import BaseCarbone

__all__ = ["BaseCarbone"]
