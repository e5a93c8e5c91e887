"""What authors of importers, exporters and mappings import: readers, tables, words and columns.

The columns of each table of an inventory, what an importer is given and gives back, the mappings of
tools, and the gate that foreign Arrow data pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reen.lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from reen.gate.admission import admit
    from reen.gate.files import read_arrow
    from reen.gate.writing import write_file, writing
    from reen.inventory.record_schema import (
        DISPOSALS,
        ENERGY_READINGS,
        HEADCOUNT,
        PURCHASES,
        SERVICES,
    )
    from reen.inventory.schema import EQUIPMENT, Column, ColumnKind, TableSchema
    from reen.inventory.system_schema import APPLICATIONS, DATACENTERS, VIRTUAL_MACHINES
    from reen.inventory.table_kinds import SCHEMA_OF_KIND
    from reen.plugins.file_contracts import (
        Completion,
        Exporter,
        ExportOptions,
        ImportedFiles,
        Importer,
        StreamingImporter,
    )
    from reen.tables.importing import Imported, ReadOptions, Sample, Sniff
    from reen.tables.mapping.files import MappingFile
    from reen.tables.mapping.mapping import ColumnRule, FileMapping, ListRule, RowRule, TableMapping
    from reen.vocabulary.countries import resolve_country
    from reen.vocabulary.statuses import resolve_status
    from reen.vocabulary.text import fold_plurals
    from reen.vocabulary.text import normalise as normalise_text

__all__ = [
    "APPLICATIONS",
    "DATACENTERS",
    "DISPOSALS",
    "ENERGY_READINGS",
    "EQUIPMENT",
    "HEADCOUNT",
    "PURCHASES",
    "SCHEMA_OF_KIND",
    "SERVICES",
    "VIRTUAL_MACHINES",
    "Column",
    "ColumnKind",
    "ColumnRule",
    "Completion",
    "ExportOptions",
    "Exporter",
    "FileMapping",
    "Imported",
    "ImportedFiles",
    "Importer",
    "ListRule",
    "MappingFile",
    "ReadOptions",
    "RowRule",
    "Sample",
    "Sniff",
    "StreamingImporter",
    "TableMapping",
    "TableSchema",
    "admit",
    "fold_plurals",
    "normalise_text",
    "read_arrow",
    "resolve_country",
    "resolve_status",
    "write_file",
    "writing",
]

__getattr__, __dir__ = _lazy_names(
    __name__,
    {
        "reen.gate.admission": "admit",
        "reen.gate.files": "read_arrow",
        "reen.gate.writing": "write_file writing",
        "reen.inventory.table_kinds": "SCHEMA_OF_KIND",
        "reen.inventory.record_schema": "DISPOSALS ENERGY_READINGS HEADCOUNT PURCHASES SERVICES",
        "reen.inventory.schema": "Column ColumnKind EQUIPMENT TableSchema",
        "reen.inventory.system_schema": "APPLICATIONS DATACENTERS VIRTUAL_MACHINES",
        "reen.plugins.file_contracts": (
            "Completion Exporter ExportOptions ImportedFiles Importer StreamingImporter"
        ),
        "reen.tables.importing": "Imported ReadOptions Sample Sniff",
        "reen.tables.mapping.files": "MappingFile",
        "reen.tables.mapping.mapping": "ColumnRule FileMapping ListRule RowRule TableMapping",
        "reen.vocabulary.countries": "resolve_country",
        "reen.vocabulary.statuses": "resolve_status",
        "reen.vocabulary.text": "fold_plurals normalise_text=normalise",
    },
)
