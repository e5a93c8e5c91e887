"""Storage: footprints written to files with their provenance, and read back equal.

JSON as `footprint_json` has it; Parquet with one row per group, with its key, its impacts by
criterion and stage, and its amounts and coverage as lists: everything that is not by group stands
in the file's metadata.  Both hold the SHA-256 of the footprint, which is checked when it is read.
Knows results only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from reen.arrays import numpy_of
from reen.engine.fold import Cells, CoverageCells
from reen.errors import FileFormatError
from reen.gate.parquet import read_parquet
from reen.gate.reads import note
from reen.gate.writing import write_file, writing
from reen.reasons import Reason
from reen.results.content_digest import content_digest
from reen.results.footprint import Footprint
from reen.results.footprint_json import (
    FORM,
    footprint_from_json,
    footprint_to_json,
    printed_figures,
)
from reen.results.integrity import check_digest, undamaged
from reen.results.stored_state import (
    arrow_table,
    arrow_text,
    footprint_of_state,
    state_content,
)

__all__ = ["read_footprint", "write_footprint"]

_KEY = b"reen"


def write_footprint(footprint: Footprint, path: str | Path) -> None:
    """Write a footprint as ``.json`` or ``.parquet``, by the ending of `path`.

    Raises
    ------
    FileFormatError
        Another ending.
    FileNotWrittenError
        It cannot be written; what was there is unchanged.

    Examples
    --------
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> footprint = reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     reen.write_footprint(footprint, f"{folder}/footprint.parquet")
    ...     again = reen.read_footprint(f"{folder}/footprint.parquet")
    >>> print(again.total())
    312 kgCO2e/year
    """
    path = Path(path)
    if path.suffix.lower() == ".json":
        write_file(path, footprint_to_json(footprint))
    elif path.suffix.lower() == ".parquet":
        with writing(path) as file:
            pq.write_table(_group_table(footprint), file, write_page_checksum=True)
    else:
        raise FileFormatError(str(path), Reason("error_footprint_written_json_parquet"))


def read_footprint(path: str | Path) -> Footprint:
    """Read a footprint written by `write_footprint`; it equals the one written.

    Raises
    ------
    FileFormatError
        The file is not a footprint, has another version of the form, or was changed after it was
        written.

    Examples
    --------
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> footprint = reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     reen.write_footprint(footprint, f"{folder}/footprint.json")
    ...     again = reen.read_footprint(f"{folder}/footprint.json")
    >>> print(again.total())
    312 kgCO2e/year
    """
    path = Path(path)
    note(path, stored=True)
    if not path.exists():
        raise FileFormatError(str(path), Reason("error_there_no_file_check_path"))
    if path.suffix.lower() == ".json":
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise FileFormatError(
                str(path), Reason("error_not_utf_8_text", error=str(error))
            ) from error
        return footprint_from_json(text, source=str(path))
    with undamaged(str(path)):
        # without threads, a page that fails its checksum is always the same one
        table = read_parquet(path.read_bytes(), place=str(path), use_threads=False)
        return _from_group_table(table, str(path))


def _lists(
    keys: npt.NDArray[np.int64], height: int, columns: Mapping[str, npt.NDArray[Any]]
) -> pa.ListArray:
    """Return one list of structs per key, the cells being sorted by key."""
    offsets = np.searchsorted(keys, np.arange(height + 1)).astype(np.int32)
    structs = pa.StructArray.from_arrays(
        [pa.array(each) for each in columns.values()], list(columns)
    )
    return pa.ListArray.from_arrays(pa.array(offsets), structs)


def _group_table(footprint: Footprint) -> pa.Table:
    fold, height = footprint.fold, footprint.group_count
    columns = {f"group.{name}": fold.groups[name] for name in footprint.grouped_by}
    impacts = footprint.impacts()
    for c, key in enumerate(footprint.criteria):
        for s, stage in enumerate(footprint.stages):
            columns[f"{key}.{stage}"] = pa.chunked_array(
                [pa.array(impacts[:, s, c], from_pandas=True)]
            )
    cover: dict[str, npt.NDArray[Any]] = {
        name: getattr(fold.by_group, name) for name in ("klass", "quantity", "rows", "unknown")
    }
    for name, cells in {"reen.amounts": fold.cells, "reen.noise": fold.noise}.items():
        if cells is not None:
            found: dict[str, npt.NDArray[Any]] = {"flow": cells.flow, "amount": cells.amount}
            columns[name] = _lists(cells.group, height, found)
    columns["reen.coverage"] = _lists(fold.by_group.key, height, cover)
    metadata = {
        "form": FORM,
        "sha256": content_digest(footprint),
        "provenance": footprint.provenance.to_dict(),
        "state": state_content(footprint),
        "groups": arrow_text(fold.groups.slice(0, 0)),
        "apart": {name: footprint_to_json(line) for name, line in footprint.apart.items()},
    }
    return pa.table(columns).replace_schema_metadata({_KEY: json.dumps(metadata, allow_nan=False)})


def _from_group_table(table: pa.Table, source: str) -> Footprint:
    metadata = (table.schema.metadata or {}).get(_KEY)
    content = json.loads(metadata) if metadata else {}
    if content.get("form") != FORM:
        found = content.get("form")
        raise FileFormatError(
            source, Reason("error_not_footprint_form_found", form=repr(FORM), found=repr(found))
        )
    schema = arrow_table(content["groups"]).schema
    groups = pa.table(
        [table[f"group.{name}"].cast(schema.field(name).type) for name in schema.names],
        schema=schema,
    )
    cover, noise = _unlisted(table["reen.coverage"]), "reen.noise"
    footprint = footprint_of_state(
        content["state"],
        content["provenance"],
        groups=groups,
        cells=_listed_cells(table["reen.amounts"]),
        noise=_listed_cells(table[noise]) if noise in table.column_names else None,
        by_group=CoverageCells(
            cover["key"],
            cover["klass"].astype(np.int32),
            cover["quantity"],
            cover["rows"],
            cover["unknown"],
        ),
    )
    lines = {
        name: footprint_from_json(line, source=f"{source}, apart: {name}")
        for name, line in content["apart"].items()
    }
    footprint = attrs.evolve(footprint, apart=lines)
    check_digest(footprint, content.get("sha256"), source)
    printed_figures(footprint)  # a digest says who wrote, not that sums can be made of it
    return footprint


def _listed_cells(column: pa.ChunkedArray) -> Cells:
    found = _unlisted(column)
    return Cells(found["key"], found["flow"].astype(np.int32), found["amount"])


def _unlisted(column: pa.ChunkedArray) -> dict[str, npt.NDArray[Any]]:
    lists = column.combine_chunks()
    if isinstance(lists, pa.ChunkedArray):  # pyarrow returns either, by version
        lists = lists.chunk(0)
    structs = lists.flatten()
    found = {field.name: numpy_of(structs.field(field.name)) for field in structs.type}
    lengths = numpy_of(lists.value_lengths())
    found["key"] = np.repeat(np.arange(len(lists), dtype=np.int64), lengths)
    return found
