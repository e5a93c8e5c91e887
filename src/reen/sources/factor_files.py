"""Factor files: a path becomes a factor pack, by the readers that plugins register.

Pack folders and long-form tables are read here; other formats by the reader that is surest of them.
"""

from __future__ import annotations

import warnings
from pathlib import Path

from reen.errors import FactorWarning, PluginError
from reen.factors.pack import FactorPack
from reen.plugins.building import default_registry
from reen.plugins.guard import answer_of
from reen.plugins.registry import Registry
from reen.sources.claims import existing, head_of, score_of
from reen.sources.pack_folders import read_pack_folder, read_pack_table
from reen.tables.importing import Sample

__all__ = ["read_factors"]


def read_factors(path: str | Path, *, registry: Registry | None = None) -> FactorPack:
    """Read a factor pack: a pack folder, a long-form file, or another format.

    A long-form file is delimited text, a workbook with one such sheet, or Parquet.

    Other formats (the official Base Carbone export, the reference files of NumEcoEval in their
    folder) are those of the registered factor readers, chosen by sniffing.

    Raises
    ------
    FileFormatError
        The file does not exist.
    FactorDataError
        A row that does not fit; the message names row, column, value and what was expected.

    Warns
    -----
    FactorWarning
        A factor that does not fit its unit, such as electricity of 52 kgCO2e/kWh.

    Examples
    --------
    >>> pack = reen.read_factors("examples/numecoeval-reference")
    >>> len(pack.factors), pack.factors.criteria[:1]
    (4, ('climate_change',))
    """
    pack = _factor_pack(Path(path), registry)
    for issue in pack.doubts:
        warnings.warn(str(issue), FactorWarning, stacklevel=2)
    return pack


def _factor_pack(path: Path, registry: Registry | None) -> FactorPack:
    existing(path)
    registry = registry or default_registry()
    types, criteria = registry.equipment_types, registry.criteria
    if path.is_dir() and path.joinpath("pack.toml").is_file():
        return read_pack_folder(path, equipment_types=types, criteria=criteria)
    sample = Sample(path, b"" if path.is_dir() else head_of(path))
    scores = [
        (score_of(f"factor reader {name}", reader.sniff, sample), name)
        for name, reader in registry.factor_readers.items()
    ]
    best = max(scores, default=(0.0, ""))
    if best[0] > 0.5:  # noqa: PLR2004 - aliases alone (0.5 and less) do not beat the long form
        name = f"factor reader {best[1]}"
        reader = registry.factor_readers[best[1]]
        pack = answer_of(name, f"on {path}", lambda: reader.read(path), reads_files=True)
        if not isinstance(pack, FactorPack):
            raise PluginError(name, f"returned {pack!r} instead of a FactorPack")
        return pack
    if path.is_dir():
        return read_pack_folder(path)  # raises: no pack.toml, and no reader knows the files
    return read_pack_table(path, equipment_types=types, criteria=criteria)
