"""Arrow files at the gate, whatever their form: Parquet, IPC file or IPC stream.

The first bytes tell the form, never the name.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from reen.errors import FileFormatError
from reen.gate.ipc import read_ipc
from reen.gate.limits import GENEROUS, Limits
from reen.gate.parquet import read_parquet
from reen.gate.reads import noted
from reen.reasons import Reason
from reen.reasons.system import system_words

__all__ = ["read_arrow"]

_PARQUET = b"PAR1"


def read_arrow(
    file: str | Path | bytes, *, place: str = "", limits: Limits = GENEROUS
) -> tuple[pa.Table, str]:
    """Read a Parquet or Arrow file, every cell of it checked, and say which form it has.

    Importers read such files with it, and return ``Imported(..., passed=True)``.

    Parameters
    ----------
    file
        Its path, or its bytes.
    place
        What it is called in messages; its path when nothing is given.
    limits
        How much is accepted.

    Returns
    -------
    pyarrow.Table
        All its rows, in plain types; see `reen.plugin.files.admit`.
    str
        ``"Parquet"``, ``"Arrow IPC file"`` or ``"Arrow IPC stream"``.

    Raises
    ------
    FileFormatError
        It is none of these, is damaged or cut short, or is larger than `limits` allow.
    InventoryError
        Its columns cannot be read.
    InventoryError
        Some of its cells cannot be read; the row group and the column are named.
    """
    source = file if isinstance(file, bytes) else Path(file)
    place = place or ("Arrow data" if isinstance(source, bytes) else str(source))
    if _head(source) == _PARQUET:
        return read_parquet(source, place=place, limits=limits), "Parquet"
    table, form = read_ipc(source, place=place, limits=limits)
    return table, f"Arrow IPC {form}"


def _head(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[: len(_PARQUET)]
    try:
        with noted(source).open("rb") as file:
            return file.read(len(_PARQUET))
    except OSError as error:
        reason = Reason("error_cannot_opened_check_path", strerror=system_words(error))
        raise FileFormatError(str(source), reason) from error
