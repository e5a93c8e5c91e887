"""Reads: which files were read, so that none is written over, and which were written together.

Input: the paths that readers open.  Output: whether a path is one of them, by whatever name, link
or hard link it goes.  A command remembers what it reads until its end (`run`).  Elsewhere the
process remembers its inputs as long as it lives; stored results, which can be written again from
what was read, are none, and nor is a file that reen wrote in it and nobody changed since.

Files that are written together leave a mark in their folder, a hidden file.  While they take their
names, it names those that are coming, so that nobody reads new ones and old ones as one set; after
that, it keeps the digests of those that a person may retouch, so that they are not replaced in
silence.  Writes nothing.
"""

from __future__ import annotations

import contextvars
import errno
import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias, TypeVar

import attrs

from reen.errors import FileFormatError
from reen.reasons import Reason
from reen.values import Compared

__all__ = [
    "REMEMBERED",
    "SET_FILE",
    "Mark",
    "digest_of",
    "is_same_file",
    "is_there",
    "mark_of",
    "no_name",
    "note",
    "note_open",
    "noted",
    "read_before",
    "run",
    "wrote",
]

#: The name of a mark.
SET_FILE = ".reen-set.json"


@attrs.frozen(eq=False, repr=False)
class Mark(Compared):
    """The content of a mark: the files of its folder, by name from the folder on.

    Attributes
    ----------
    coming
        SHA-256 of the files whose writing was not brought to its end.
    written
        SHA-256 of those that were written.
    """

    coming: Mapping[str, str] = attrs.field(factory=dict)
    written: Mapping[str, str] = attrs.field(factory=dict)

    def __bool__(self) -> bool:
        """Tell whether it says anything."""
        return bool(self.coming or self.written)

    def is_ours(self, name: str, digest: str) -> bool:
        """Tell whether a file still is as it was written, by this writing or the one before."""
        return digest in (self.written.get(name), self.coming.get(name))

    def text(self) -> str:
        """Return the text of the file."""
        return json.dumps(attrs.asdict(self), sort_keys=True, indent=1) + "\n"


def mark_of(folder: Path) -> Mark:
    """Return the mark of a folder; an empty one where there is none."""
    mark = folder / SET_FILE
    if not mark.exists():  # nearly always: sooner told so than by opening it
        return Mark()
    try:
        content = json.loads(mark.read_bytes())
    except (OSError, ValueError):  # a mark is written whole: what is no JSON is none of ours
        return Mark()
    found = content if isinstance(content, dict) else {}
    return Mark(_texts(found.get("coming")), _texts(found.get("written")))


def _texts(found: object) -> dict[str, str]:
    """Return the names and digests of a part of a mark, as far as they are any."""
    pairs = found.items() if isinstance(found, dict) else ()
    return {name: digest for name, digest in pairs if isinstance(digest, str)}


def digest_of(content: bytes | Path) -> str:
    """Return the SHA-256 of bytes, or of those of a file."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


P = TypeVar("P", bound=Path)
K = TypeVar("K")
V = TypeVar("V")

#: How many names and numbers of files a process remembers: one that runs for months does not grow.
REMEMBERED = 50_000

#: The device and number of a file, which its links share; when it was changed last, and its size.
_Number: TypeAlias = tuple[int, int]
_Stamp: TypeAlias = tuple[int, int]


class _Reads:
    """Files that were read, by their real name and by their number; of too many, the last."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._read: OrderedDict[_Number | str, tuple[Path, _Stamp]] = OrderedDict()
        self._wrote: OrderedDict[_Number, _Stamp] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, path: Path) -> None:
        """Remember a file; not one that still is as it was written here."""
        found = _found(path)
        if found is None:
            return  # whoever reads it says that it is not there
        number, stamp = found
        with self._lock:
            if self._wrote.get(number) != stamp:
                for key in (number, os.path.realpath(path)):
                    self._keep(self._read, key, (path.absolute(), stamp))

    def wrote(self, path: Path) -> None:
        """Remember that a file was written here, as it is now."""
        found = _found(path)
        if found is not None:
            with self._lock:
                self._keep(self._wrote, *found)

    def find(self, path: Path) -> Path | None:
        """Return a file that was read by the name it was read by; None of any other."""
        found = _found(path)
        if found is None:
            return None
        number, stamp = found
        with self._lock:
            if self._wrote.get(number) == stamp:
                return None
            named, same = self._read.get(os.path.realpath(path)), self._read.get(number)
        if named is not None:
            return named[0]
        # the system gives the number of a file that is gone to another one
        there = same is not None and (same[1] == stamp or is_same_file(same[0], path))
        return same[0] if same is not None and there else None

    def _keep(self, kept: OrderedDict[K, V], key: K, value: V) -> None:
        kept.pop(key, None)
        kept[key] = value
        while self._most is not None and len(kept) > self._most:
            kept.popitem(last=False)


#: What the process read outside of any run, and what the run in force did.
_OF_PROCESS = _Reads(REMEMBERED)
_OF_RUN: contextvars.ContextVar[_Reads | None] = contextvars.ContextVar("read", default=None)


@contextmanager
def run() -> Iterator[None]:
    """Remember the files that are read inside; a run within a run is part of the outer one."""
    if _OF_RUN.get() is not None:
        yield
        return
    token = _OF_RUN.set(_Reads())
    try:
        yield
    finally:
        _OF_RUN.reset(token)


def no_name(path: str | Path) -> Reason | None:
    """Return why no file can be called so, whatever the folder; None where one can."""
    try:
        os.stat(path)  # noqa: PTH116 - a path of any kind
    except ValueError:
        return Reason("error_no_name_of_file")
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return Reason("error_name_too_long")
    return None


def is_there(path: str | Path, *, file: bool = False) -> bool:
    """Tell whether something, or a file, is there; by no name that cannot be one's."""
    return os.path.isfile(path) if file else os.path.exists(path)  # noqa: PTH110, PTH113 - see above


def note(path: str | Path, *, stored: bool = False) -> None:
    """Remember a file that is about to be read, or every file of a folder.

    Parameters
    ----------
    path
        The file.
    stored
        Whether it is a stored result, which a program may replace by a newer one; a command does
        not.

    Raises
    ------
    FileFormatError
        The name cannot be that of a file; or the file belongs to a set of which the writing was
        interrupted, so that some files are new and some old.
    """
    reason = no_name(path)
    if reason is not None:
        raise FileFormatError(ascii(str(path)), reason)
    path = Path(path)
    is_folder = path.is_dir()
    _check_set(path, is_folder=is_folder)
    read = _OF_RUN.get()
    if read is None and stored:
        return
    read = read or _OF_PROCESS
    if is_folder:
        for folder, _, names in os.walk(path):
            for name in names:
                read.add(Path(folder, name))
    else:
        read.add(path)


def note_open(file: object) -> None:
    """Remember the file that an open file reads, where it has one: not a member of an archive."""
    name, number = getattr(file, "name", None), getattr(file, "fileno", None)
    if not isinstance(name, str) or not callable(number):
        return
    try:
        same = os.path.samestat(os.stat(name), os.fstat(number()))  # noqa: PTH116 - of any name
    except (OSError, ValueError):  # in memory, closed, or of another folder by now
        return
    if same:
        note(name)


def _check_set(path: Path, *, is_folder: bool) -> None:
    names = mark_of(path if is_folder else path.parent).coming
    if names if is_folder else path.name in names:
        reason = Reason("error_files_not_of_one_writing", names=", ".join(sorted(names)))
        raise FileFormatError(str(path), reason)


def noted(path: P) -> P:
    """Return a path that is about to be read, once it is remembered: ``noted(path).open()``."""
    note(path)
    return path


def read_before(path: str | Path) -> Path | None:
    """Return the file that was read that a path is, by the name it was read by; None if none."""
    return (_OF_RUN.get() or _OF_PROCESS).find(Path(path))


def wrote(path: Path) -> None:
    """Remember a file that was just written: it is ours to write again until somebody changes it.

    A file of a folder that takes its name later is not.
    """
    (_OF_RUN.get() or _OF_PROCESS).wrote(path)


def is_same_file(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file, by links or hard links; missing files never do."""
    first, second = _found(one), _found(other)
    return first is not None and second is not None and first[0] == second[0]


def _found(path: Path) -> tuple[_Number, _Stamp] | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino), (found.st_mtime_ns, found.st_size)
