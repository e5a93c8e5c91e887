"""What authors of factor packs import: packs and their content, criteria, types, models.

A pack has factors and defaults with their sources; a reader makes one from a user's file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reen.lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from reen.factors.content import PackContent, TypeDefault
    from reen.method.matching import ModelMatch, ModelMatcher
    from reen.method.matching_table import MatchedModel, MatchingTable
    from reen.plugins.file_contracts import FactorReader
    from reen.sources.pack_folders import compact_folder, read_pack_folder
    from reen.vocabulary.criteria import Criterion
    from reen.vocabulary.equipment_types import EquipmentType

__all__ = [
    "Criterion",
    "EquipmentType",
    "FactorReader",
    "MatchedModel",
    "MatchingTable",
    "ModelMatch",
    "ModelMatcher",
    "PackContent",
    "TypeDefault",
    "compact_folder",
    "read_pack_folder",
]

__getattr__, __dir__ = _lazy_names(
    __name__,
    {
        "reen.factors.content": "PackContent TypeDefault",
        "reen.method.matching": "ModelMatch ModelMatcher",
        "reen.method.matching_table": "MatchedModel MatchingTable",
        "reen.plugins.file_contracts": "FactorReader",
        "reen.sources.pack_folders": "compact_folder read_pack_folder",
        "reen.vocabulary.criteria": "Criterion",
        "reen.vocabulary.equipment_types": "EquipmentType",
    },
)
