"""Files: the mapping of a tool as a plugin hands it over, read on first use.

Input: the path of a TOML file.  Output: its name at once, its mapping when it is asked for, checked
as that of a tool.  Knows no registry.
"""

from __future__ import annotations

from pathlib import Path

import attrs

from reen.errors import FileFormatError
from reen.reasons import Reason
from reen.tables.mapping.compact import compact_mapping
from reen.tables.mapping.mapping import FileMapping
from reen.values import Compared
from reen.vocabulary.equipment_types import EquipmentTypes

__all__ = ["MappingFile", "of_tool"]


@attrs.frozen(eq=False, repr=False)
class MappingFile(Compared):
    """The mapping of a tool, in a TOML file that is called like the tool.

    Attributes
    ----------
    path
        The file, such as ``mappings/glpi.toml``: the mapping is called ``glpi``.
    """

    path: Path = attrs.field(converter=Path)

    @property
    def name(self) -> str:
        """Return the name of the tool."""
        return self.path.stem

    def load(self, equipment_types: EquipmentTypes | None = None) -> FileMapping:
        """Return the mapping.

        Parameters
        ----------
        equipment_types
            Types that it may name; those of reen by default.

        Raises
        ------
        FileFormatError
            What `reen.read_mapping` refuses; a table that no header, sheet or file tells; another
            name than that of the file.
        """
        mapping = compact_mapping(self.path)  # checked when it was made
        if mapping is None:
            from reen.tables.mapping.loading import read_mapping

            mapping = read_mapping(self.path, equipment_types=equipment_types)
        if mapping.name != self.name:
            reason = Reason("error_called_expected_name_file", name=mapping.name, name_2=self.name)
            raise FileFormatError(str(self.path), reason)
        return of_tool(mapping, str(self.path))


def of_tool(mapping: FileMapping, place: str) -> FileMapping:
    """Return a mapping each table of which can be told by its headers or names.

    Raises
    ------
    FileFormatError
        A table that would be any.
    """
    for number, table in enumerate(mapping.tables, 1):
        if not (table.signature or table.sheets or table.files):
            reason = Reason("error_table_has_no_signature_expected_headers", number=number)
            raise FileFormatError(place, reason)
    return mapping
