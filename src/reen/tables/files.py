"""Files: what was given to be read, each with its name for messages.

Input: paths, folders, bytes, open files, data frames.  Output: `File` values; the files of a folder
one by one, lock files and hidden ones passed over, and the same content given twice read once: both
told.
"""

from __future__ import annotations

import hashlib
import urllib.parse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath

import attrs
import pyarrow as pa
import pyarrow.ipc

from reen.errors import FileFormatError, OptionError
from reen.gate.admission import told
from reen.gate.reads import note_open, noted
from reen.inventory.inventory import ArrowStream, Inventory
from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason

__all__ = [
    "File",
    "Repeated",
    "files_of_folder",
    "folder_columns",
    "given_files",
    "label_of",
    "readable",
    "whole_place",
    "without_repeated",
]

#: Beginnings of the names of files that office programs and systems keep beside the user's own.
_LOCKS = ("~$", ".~lock.")
_SYSTEM = frozenset({"Thumbs.db", "desktop.ini"})

_CHUNK = 1 << 20

#: What the folder of blank values is called.
_NULL = "__HIVE_DEFAULT_PARTITION__"


@attrs.frozen(eq=False, repr=False)
class File:
    """A file to be read.

    Attributes
    ----------
    label
        What it is called in messages and in the column ``source``.
    data
        Its path, or its bytes.
    folder
        The folder that was given, when it lies in one; its files are read as one.
    """

    label: str
    data: Path | bytes
    folder: Path | None = None


def given_files(sources: Iterable[object], name: str | None = None) -> tuple[File, ...]:
    """Return the files that were given.

    Parameters
    ----------
    sources
        Paths, bytes, open files, data frames, and sequences of them.
    name
        What bytes or an open file are called.

    Raises
    ------
    FileFormatError
        None was given.
    OptionError
        Bytes without a name, one name for several files, or something that is no file.
    """
    given = [
        each
        for source in sources
        for each in (source if isinstance(source, (list, tuple)) else (source,))
    ]
    if not given:
        raise FileFormatError("reen.read", Reason("error_no_file_was_given_name_at"))
    if name is not None and len(given) > 1:
        raise OptionError("read", "name", name, Reason("error_one_file_give_others_names_their"))
    return _told_apart([_file(each, name) for each in given])


def _told_apart(files: Sequence[File]) -> tuple[File, ...]:
    """Return files of one name by their folder too, or by a number: rows are named by them."""
    names = Counter(file.label for file in files)
    found: list[File] = []
    for file in files:
        label = file.label
        if names[label] > 1 and isinstance(file.data, Path):
            label = "/".join(file.data.absolute().parts[-2:])
        taken = {each.label for each in found}
        number = 2
        unique = label
        while unique in taken:
            unique, number = f"{label} ({number})", number + 1
        found.append(attrs.evolve(file, label=unique))
    return tuple(found)


def _file(given: object, name: str | None) -> File:
    if isinstance(given, (str, Path)):
        path = noted(Path(given))
        label = readable(name or path.name)
        if _can_be_read_once(path):
            return File(label, _read_once(path, label))
        return File(label, path)
    if isinstance(given, (bytes, bytearray, memoryview)):
        return File(_named(name, "bytes"), bytes(given))
    read = getattr(given, "read", None)
    if callable(read):
        note_open(given)
        own = getattr(given, "name", None)
        known = name or (PurePath(own).name if isinstance(own, str) else None)
        try:
            content: object = read()
        except ValueError as error:  # closed, or not in the encoding that it was opened with
            reason = Reason("error_open_file_gives_nothing", error=str(error))
            raise FileFormatError(known or type(given).__name__, reason) from error
        data = content.encode() if isinstance(content, str) else content
        if isinstance(data, bytes):
            return File(_named(known, type(given).__name__), data)
    if isinstance(given, Inventory):
        expected = Reason("error_not_read_yet_inventory")
        raise OptionError("read", "sources", "Inventory", expected)
    if isinstance(given, ArrowStream):
        label = name or type(given).__name__
        return File(label, _as_arrow_file(given, label))
    expected = Reason("error_path_bytes_an_open_file_several")
    raise OptionError("read", "sources", type(given).__name__, expected)


def _as_arrow_file(given: ArrowStream, label: str) -> bytes:
    """Return a data frame as the Arrow file that it would be written to."""
    sink = pa.BufferOutputStream()
    with told(label, "cannot be read as Arrow data"):
        table = pa.table(given)
        if any(column.num_chunks > 1 for column in table.columns):
            table = table.unify_dictionaries()  # a file holds one for each column
        with pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    return bytes(sink.getvalue())


def arrow_schema(data: bytes) -> pa.Schema | None:
    """Return the columns of an Arrow file; None of other bytes, or of damaged ones."""
    if not data.startswith(b"ARROW1"):
        return None
    try:
        return pa.ipc.open_file(data).schema
    except (pa.ArrowException, OSError, ValueError):
        # what is wrong with it is said where it is read
        return None


def readable(name: str) -> str:
    """Return the name of a file as text: what it has that is no UTF-8 cannot be shown."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _can_be_read_once(path: Path) -> bool:
    """Tell whether a path is a pipe or a device, such as /dev/stdin, whose bytes come once."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _read_once(path: Path, label: str) -> bytes:
    with path.open("rb") as file:
        data = file.read(_MOST + 1)
    if len(data) > _MOST:
        raise FileFormatError(label, Reason("error_pipe_too_long", most=_MOST))
    return data


#: Bytes of a pipe, which are held in memory: those that a file may have.
_MOST = 1 << 30


def _named(name: str | None, what: str) -> str:
    if name:
        return readable(name)
    expected = Reason("error_name_name_parc_csv_stands_messages", what=what)
    raise OptionError("read", "name", "", expected)


def files_of_folder(folder: Path) -> tuple[dict[Path, File], list[Issue]]:
    """Return the files of a folder and of those in it, in order, and what is passed over."""
    files: dict[Path, File] = {}
    passed: list[Issue] = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        inner = path.relative_to(folder)
        label = readable((PurePath(folder.name) / inner).as_posix())
        if path.name.startswith(_LOCKS):
            passed.append(_passed(label, "member_lock_file"))
        elif path.name in _SYSTEM or any(part.startswith(".") for part in inner.parts):
            passed.append(_passed(label, "member_hidden"))
        elif not path.stat().st_size:
            passed.append(_passed(label, "member_empty"))
        else:
            files[path] = File(label, path, folder)
    return files, passed


def _passed(label: str, code: str, **details: str) -> Issue:
    reason = Reason(code, member=label, **details)
    return Issue("", label, reason, severity=Severity.NOTE, source=label)


@attrs.frozen(eq=False, repr=False)
class Repeated:
    """A file that has the content of another one.

    Attributes
    ----------
    label
        Its name.
    first
        Name of the other one, which is read.
    names
        Both names with their folders, which may be those of two sites.
    """

    label: str
    first: str
    names: tuple[str, str]

    @property
    def issue(self) -> Issue:
        """Return the note that tells it."""
        return _passed(self.label, "member_repeated", first=self.first)


def without_repeated(files: Sequence[File]) -> tuple[list[File], list[Repeated]]:
    """Return the files, the same content once, and those that have it again.

    Of equal files the one of the shortest name is read, whatever their order: a copy has more
    words than what it is a copy of.
    """
    sizes: dict[int, list[list[File]]] = {}
    alike: list[list[File]] = []
    for file in files:
        size = _size(file)
        known = sizes.setdefault(size, []) if size >= 0 else []
        twins = next((group for group in known if _same(file, group[0])), None)
        if twins is None:
            alike.append([file])
            known.append(alike[-1])
        else:
            twins.append(file)
    kept = [min(group, key=lambda file: (len(file.label), file.label)) for group in alike]
    repeated = [
        Repeated(file.label, first.label, (_whole_name(file), _whole_name(first)))
        for first, group in zip(kept, alike, strict=True)
        for file in group
        if file is not first
    ]
    return kept, repeated


def whole_place(source: str, files: Iterable[File]) -> str:
    """Return the place of a table with all its folders, however its file was named when given.

    Parameters
    ----------
    source
        What it is called: ``2025/parc.xlsx[Feuil1]``.
    files
        The files and folders that were given.
    """
    found = ""
    longest = -1
    for file in files:
        rest = source.removeprefix(file.label)
        inside = not file.label or not rest or rest.startswith(("/", "["))
        if source.startswith(file.label) and inside and len(file.label) > longest:
            longest = len(file.label)
            mark = "/" if rest and not rest.startswith(("/", "[")) else ""
            found = f"{_whole_name(file)}{mark}{rest}"
    return found or source


def _whole_name(file: File) -> str:
    """Return the name of a file with its folders."""
    return file.label if isinstance(file.data, bytes) else file.data.absolute().as_posix()


def _size(file: File) -> int:
    """Return the number of bytes; -1 for a folder, or where there is no file."""
    if isinstance(file.data, bytes):
        return len(file.data)
    return file.data.stat().st_size if file.data.is_file() else -1


def _same(one: File, other: File) -> bool:
    return _digest(one) == _digest(other)


def _digest(file: File) -> bytes:
    digest = hashlib.sha256()
    for chunk in _chunks(file):
        digest.update(chunk)
    return digest.digest()


def _chunks(file: File) -> Iterator[bytes]:
    if isinstance(file.data, bytes):
        yield file.data
        return
    with noted(file.data).open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            yield chunk


def label_of(file: Path, folder: Path | None) -> str:
    """Return what a file is called: its name, or its path from the folder that was given."""
    named = Path(file.name) if folder is None else Path(folder.name) / file.relative_to(folder)
    return readable(named.as_posix())


def folder_columns(file: Path, folder: Path | None) -> dict[str, str | None]:
    """Return the columns that folders called ``column=value`` give to the rows of a file.

    That is how Hive, Spark, DuckDB, Polars and pyarrow write a partitioned table; all are text.
    """
    if folder is None:
        return {}
    pairs = [part.partition("=") for part in file.relative_to(folder).parts[:-1]]
    return {
        urllib.parse.unquote(name): None if value == _NULL else urllib.parse.unquote(value)
        for name, mark, value in pairs
        if mark and name
    }
