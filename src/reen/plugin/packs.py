"""What authors of factor packs import: packs and their content, criteria, types, models.

A pack holds factors and defaults with their sources; a reader makes one from a file of a user.
"""

from reen.factors.defaults import TypeDefault
from reen.factors.matching import ModelMatch, ModelMatcher
from reen.factors.matching_table import MatchedModel, MatchingTable
from reen.factors.pack import PackContent, read_pack_folder
from reen.plugins.factor_reader import FactorReader
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
    "read_pack_folder",
]
