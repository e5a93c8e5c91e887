"""Reads: which files a run has read, so that none of them is ever written over.

Input: the paths that readers open.  Output: whether a path is one of them, by whatever name, link
or hard link it goes.  A run is what `run` surrounds (a command of the command line, say); outside
of one nothing is remembered.
"""

from __future__ import annotations

import contextvars
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from reen.errors import FileFormatError
from reen.reasons import Reason

__all__ = [
    "SET_FILE",
    "is_same_file",
    "names_of_set",
    "no_name",
    "note",
    "noted",
    "read_of_run",
    "run",
]

#: Names the files of a folder that are being written together, until all of them have their names.
SET_FILE = ".reen-set.json"

P = TypeVar("P", bound=Path)

#: The files of the run in force, by device and number, each with the name it was read by.
_READ: contextvars.ContextVar[dict[tuple[int, int], Path] | None] = contextvars.ContextVar(
    "read", default=None
)


@contextmanager
def run() -> Iterator[None]:
    """Remember the files that are read inside; a run within a run is part of the outer one."""
    if _READ.get() is not None:
        yield
        return
    token = _READ.set({})
    try:
        yield
    finally:
        _READ.reset(token)


def no_name(path: str | Path) -> Reason | None:
    """Return why no file can be called so, whatever the folder; None where one can."""
    try:
        name = os.fsencode(path)
    except UnicodeEncodeError:
        return Reason("error_no_name_of_file")
    return Reason("error_no_name_of_file") if b"\0" in name else None


def note(path: str | Path) -> None:
    """Remember a file that is about to be read, or every file of a folder.

    Raises
    ------
    FileFormatError
        The name cannot be that of a file; or the file belongs to a set of which the writing was
        interrupted, so that some files are new and some old.
    """
    reason = no_name(path)
    if reason is not None:
        raise FileFormatError(ascii(str(path)), reason)
    _check_set(Path(path))
    read = _READ.get()
    if read is None:
        return
    path = Path(path)
    key = _key(path)
    if key is None:
        return  # whoever reads it says that it is not there
    read.setdefault(key, path)
    if path.is_dir():
        for folder, _, names in os.walk(path):
            for file in (Path(folder, name) for name in names):
                inner = _key(file)
                if inner is not None:
                    read.setdefault(inner, file)


def _check_set(path: Path) -> None:
    is_folder = path.is_dir()
    names = names_of_set(path if is_folder else path.parent)
    if names if is_folder else path.name in names:
        reason = Reason("error_files_not_of_one_writing", names=", ".join(sorted(names)))
        raise FileFormatError(str(path), reason)


def names_of_set(folder: Path) -> frozenset[str]:
    """Return the files of a folder that were not all written when their writer was stopped."""
    try:
        names = json.loads((folder / SET_FILE).read_bytes())
    except (OSError, ValueError):  # a mark is written whole: what is no JSON is none of ours
        return frozenset()
    return frozenset(map(str, names)) if isinstance(names, list) else frozenset()


def noted(path: P) -> P:
    """Return a path that is about to be read, once it is remembered: ``noted(path).open()``."""
    note(path)
    return path


def read_of_run(path: str | Path) -> Path | None:
    """Return the file of the run that a path is, by the name it was read by; None if it is none."""
    key, read = _key(Path(path)), _READ.get()
    return None if key is None or read is None else read.get(key)


def is_same_file(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file, by links or hard links; missing files never do."""
    key = _key(one)
    return key is not None and key == _key(other)


def _key(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino
