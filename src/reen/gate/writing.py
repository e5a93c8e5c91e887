"""Writing: the one place where files are written, so that each is old or new and never half.

Input: a path and its content.  Output: the file.  The content goes to a temporary file beside it,
reaches the disk, and takes the name in one step; whatever fails before leaves what was there.  A
file that was read is never written over (see `reads`), and of a folder that is written again, none
that a person has changed since (see `reads.Mark`).  Knows no content.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeAlias

from reen.errors import FileNotWrittenError
from reen.gate.reads import SET_FILE, Mark, digest_of, mark_of, no_name, read_before, wrote
from reen.reasons import Reason
from reen.reasons.system import system_words

__all__ = [
    "Content",
    "kept_as",
    "staged_folder",
    "write_file",
    "write_files",
    "write_new_folder",
    "writing",
]

#: What a file is to hold: itself, the file that has it, or what writes it.
Content: TypeAlias = bytes | str | Path | Callable[[BinaryIO], object]

#: Temporary files are hidden: a folder that is read passes over them.
_PREFIX, _SUFFIX = ".reen-", ".tmp"

#: Files of the system that are streams, even when they lead to a file on disk.
_STREAMS = ("/dev/", "/proc/")


def write_file(path: str | Path, content: bytes | str) -> None:
    """Write a file, over what is there.

    Parameters
    ----------
    path
        The file; a link is followed.
    content
        Bytes, or text that is written in UTF-8 with the line ends that it has.

    Raises
    ------
    FileNotWrittenError
        As `writing`.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> write_file(f"{folder.name}/note.txt", "été")
    >>> Path(folder.name, "note.txt").read_text("utf-8")
    'été'
    >>> folder.cleanup()
    """
    with writing(path) as file:
        file.write(_bytes(content))


def write_files(
    contents: Mapping[Path, Content], *, retouched: bool = False, replace: bool = False
) -> None:
    """Write several files, none before all of them are on the disk beside their names.

    A full disk leaves all of what was there.  A process that is killed while the names change (a
    moment) leaves whole files, the first of them new, and a mark beside them: who reads one of them
    is told (`reads.note`), until they are written again.  Folders are made.

    Parameters
    ----------
    contents
        What each file holds: bytes, text, the file that has it, or what writes it.
    retouched
        Whether a person may change the files: one that is not as it was written before is refused.
    replace
        Replace those too.

    Raises
    ------
    FileNotWrittenError
        As `writing`; or a file was changed since it was written, or is somebody else's.
    """
    home = Path(os.path.commonpath([path.parent.absolute() for path in contents]))
    staged: list[_Staged] = []
    try:
        for path, content in contents.items():
            with _said_of(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                staged.append(_Staged(path))
                staged[-1].fill(content)
        digests = {_name_in(home, each.path): each.digest() if retouched else "" for each in staged}
        if retouched and not replace:
            _refuse_changed(home, digests)
        with _marked(home, digests, kept=retouched):
            for each in staged:
                with _said_of(each.path):
                    each.take_name()
    finally:
        for each in staged:
            each.discard()


def _name_in(home: Path, path: Path) -> str:
    return path.absolute().relative_to(home).as_posix()


def _refuse_changed(home: Path, names: Iterable[str]) -> None:
    """Refuse to replace files that are not as they were written."""
    mark, changed = mark_of(home), []
    for name in names:
        path = home / name
        with _said_of(path):
            if path.is_file() and not mark.is_ours(name, digest_of(path)):
                changed.append(name)
    if changed:
        reason = Reason("error_changed_since_written", names=", ".join(changed))
        raise FileNotWrittenError(str(home), reason)


@contextmanager
def _marked(home: Path, digests: Mapping[str, str], *, kept: bool) -> Iterator[None]:
    """Mark files as no set while they take their names; the mark stays where they do not."""
    place, old = home / SET_FILE, mark_of(home)
    left = {name: digest for name, digest in old.coming.items() if name not in digests}
    of_others = {name: digest for name, digest in old.written.items() if name not in digests}
    after = Mark(left, {**of_others, **(digests if kept else {})})
    if len(digests) == 1 and not old and not after:
        yield  # a file that is alone is old or new by itself
        return
    with _said_of(place):
        staged = _Staged(place)  # on the disk before a name changes: it may be full after that
    try:
        with _said_of(place):
            staged.fill(after.text())
        write_file(place, Mark({**old.coming, **digests}, old.written).text())
        yield
        with _said_of(place):
            if after:
                staged.take_name()
            else:
                place.unlink(missing_ok=True)
    finally:
        staged.discard()


def write_new_folder(
    folder: Path, contents: Mapping[Path, bytes | str], *, retouched: bool = False
) -> None:
    """Write files, named from the folder on, in a folder that is not there yet, all or none.

    Raises
    ------
    FileNotWrittenError
        It is there, or cannot be written.
    """
    import tempfile

    with _said_of(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            dir=folder.parent, prefix=_PREFIX, suffix=_SUFFIX, ignore_cleanup_errors=True
        ) as staged:
            made = Path(staged, folder.name)
            files = {made / path: content for path, content in contents.items()}
            write_files(files, retouched=retouched)
            made.rename(folder)


@contextmanager
def staged_folder(folder: Path, *, replace: bool = False) -> Iterator[Path]:
    """Give a folder to write in, whose files go to `folder` at the end of the ``with`` block.

    For code that writes by itself: nothing of `folder` changes until all of it is made.

    Raises
    ------
    FileNotWrittenError
        As `write_files`, of files that a person may change.
    """
    import tempfile

    with _said_of(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            dir=folder, prefix=_PREFIX, suffix=_SUFFIX, ignore_cleanup_errors=True
        ) as name:
            staged = Path(name)
            yield staged
            made = [path for path in sorted(staged.rglob("*")) if path.is_file()]
            files = {folder / path.relative_to(staged): path for path in made}
            write_files(files, retouched=True, replace=replace)


def kept_as(path: Path) -> Path | None:
    """Keep what is there as ``NAME.bak``, and return that file; None where nothing is there.

    One that was kept before stays: the next ones are ``NAME.2.bak``, ``NAME.3.bak``...

    Raises
    ------
    FileNotWrittenError
        It cannot be written.
    """
    if not path.is_file():
        return None
    kept, number = path.with_name(f"{path.name}.bak"), 1
    while os.path.lexists(kept):
        number += 1
        kept = path.with_name(f"{path.name}.{number}.bak")
    with writing(kept, new=True) as file:
        file.write(path.read_bytes())
    return kept


@contextmanager
def writing(
    path: str | Path, *, new: bool = False, private: bool = False, over_read: bool = False
) -> Iterator[BinaryIO]:
    """Give a file to write in, which becomes `path` at the end of the ``with`` block.

    Parameters
    ----------
    path
        The file; a link is followed, so that it stays one.  Pipes and devices are written straight.
    new
        Refuse a file that is there.
    private
        Only its owner may read it.
    over_read
        Write even over a file that was read: for who keeps the old one (`kept_as`).

    Raises
    ------
    FileNotWrittenError
        This file was read, or it is there and should be new, or the disk is full, the folder
        missing or closed to writing...  What was there is unchanged, and the temporary file is
        gone.
    """
    path = Path(path)
    with _said_of(path):
        if _is_stream(path):
            with path.open("ab") as stream:
                yield stream
            return
        staged = _Staged(path, new=new, private=private, over_read=over_read)
        try:
            yield staged.file
            staged.seal()
            staged.take_name()
        finally:
            staged.discard()


class _Staged:
    """A temporary file beside the one that it becomes."""

    def __init__(
        self, path: Path, *, new: bool = False, private: bool = False, over_read: bool = False
    ) -> None:
        import tempfile  # where nothing is written, nobody waits for it

        read = None if over_read else read_before(path)
        if read is not None:
            raise FileNotWrittenError(str(path), Reason("error_not_over_read", read=str(read)))
        self.path, self.new = path, new
        self.target = Path(os.path.realpath(path))
        self.mode = _mode(self.target, path, new=new, private=private)
        handle, name = tempfile.mkstemp(dir=self.target.parent, prefix=_PREFIX, suffix=_SUFFIX)
        self.name: Path | None = Path(name)
        self.file: BinaryIO = os.fdopen(handle, "w+b")

    def fill(self, content: Content) -> None:
        """Write the whole content, that of another file where a path is given."""
        if callable(content):
            content(self.file)
        elif isinstance(content, Path):
            import shutil

            with content.open("rb") as made:
                shutil.copyfileobj(made, self.file)
        else:
            self.file.write(_bytes(content))
        self.seal()

    def seal(self) -> None:
        """Let the content reach the disk: only then may it take a name."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()

    def digest(self) -> str:
        """Return the SHA-256 of its content."""
        return "" if self.name is None else digest_of(self.name)

    def take_name(self) -> None:
        """Become the file, in one step; one that should be new replaces none."""
        if self.name is None:
            return
        self.name.chmod(self.mode)
        if not (self.new and self._linked(self.name)):
            self.name.replace(self.target)
            self.name = None
        wrote(self.target)
        _settle(self.target.parent)

    def _linked(self, name: Path) -> bool:
        try:
            self.target.hardlink_to(name)
        except FileExistsError:
            raise FileNotWrittenError(str(self.path), _THERE) from None
        except OSError:
            return False  # no hard links on this disk; what is there was looked for before
        return True

    def discard(self) -> None:
        """Remove what has not become the file."""
        with contextlib.suppress(OSError):  # what it could not write was said already
            self.file.close()
        if self.name is not None:
            with contextlib.suppress(FileNotFoundError):
                self.name.unlink()


def _bytes(content: bytes | str) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _is_stream(path: Path) -> bool:
    if path.absolute().as_posix().startswith(_STREAMS):
        return True
    return path.exists() and not path.is_file() and not path.is_dir()


def _mode(target: Path, path: Path, *, new: bool, private: bool) -> int:
    """Return the permissions of the file to be; refuse one that may not be written over."""
    if target.is_dir():
        raise FileNotWrittenError(str(path), Reason("error_folder_name_file"))
    if target.exists():
        if new:
            raise FileNotWrittenError(str(path), _THERE)
        if not os.access(target, os.W_OK):
            raise FileNotWrittenError(str(path), Reason("error_may_not_write_over"))
        return stat.S_IMODE(target.stat().st_mode)
    return 0o600 if private else 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_THERE = Reason("error_there_already_not_over")


def _settle(folder: Path) -> None:
    """Write the new name to the disk, on systems that can flush a folder."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        # some network disks refuse it; the content itself is on the disk already
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _said_of(path: Path) -> Iterator[None]:
    """Name the file that is written in errors of the system about it, or the one beside it."""
    reason = no_name(path)
    if reason is not None:
        raise FileNotWrittenError(ascii(str(path)), reason)
    try:
        yield
    except FileNotWrittenError:
        raise
    except BrokenPipeError:
        raise  # whoever read a pipe has gone
    except OSError as error:
        beside = str(error.filename or "")
        known = not beside or _PREFIX in beside or Path(beside) in (path, *path.parents)
        if not known:
            raise  # of another file
        why = system_words(error)
        reason = Reason("error_not_written", why=why, remedy=_remedy(error))
        raise FileNotWrittenError(str(path), reason) from error


def _remedy(error: OSError) -> Reason:
    if isinstance(error, FileNotFoundError):
        return Reason("remedy_make_folder")
    if isinstance(error, PermissionError):
        return Reason("remedy_permissions")
    return Reason("remedy_free_space")
