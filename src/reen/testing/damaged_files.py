"""Hypothesis strategy: files of a format, damaged in every way that files are.

Input: files or folders.  Output: `Damaged` values, which write themselves to a folder: one of the
files with bytes changed, lost, repeated or cut, or bytes of no format at all.  ``hypothesis`` is
imported on use.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from reen.testing.strategies import composite

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["Damaged", "damaged_files"]

#: Bytes that files go wrong by, besides any others: quotes, separators, ends of line, marks of an
#: encoding, numbers that are none.
_USUAL = (
    b"",
    b"\n",
    b"\r\n",
    b",",
    b";",
    b"\t",
    b'"',
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xe9",
    b"nan",
    b"-1",
    b"1e999",
    b"{",
    b"}",
    b"[]",
    b"null",
)

#: Longest file shown whole.
_SHOWN = 300


@attrs.frozen
class Damaged:
    """A file, with what was done to it.

    Attributes
    ----------
    sample
        The file or folder that it is made of.
    inside
        The file that is damaged when the sample is a folder.
    content
        What the file holds now; None when nothing was done.
    done
        What was done, in words.
    """

    sample: Path
    inside: str = ""
    content: bytes | None = None
    done: tuple[str, ...] = ()

    def write(self, folder: Path) -> Path:
        """Write it in a folder, under its own name, and return where."""
        path = folder / self.sample.name
        if self.sample.is_dir():
            shutil.copytree(self.sample, path)
        elif self.content is None:
            shutil.copyfile(self.sample, path)
        if self.content is not None:
            (path / self.inside if self.inside else path).write_bytes(self.content)
        return path

    def __str__(self) -> str:
        """Return what the file holds, in words."""
        name = f"{self.sample.name}/{self.inside}" if self.inside else self.sample.name
        if self.content is None:
            return f"smallest example: {self.sample.name}, as it is"
        cut = f" and {len(self.content) - _SHOWN} bytes more" if len(self.content) > _SHOWN else ""
        return (
            f"smallest example: {name} with {', '.join(self.done)}; it then holds\n"
            f"  {self.content[:_SHOWN]!r}{cut}"
        )


def damaged_files(samples: Sequence[Path]) -> SearchStrategy[Damaged]:
    """Return a strategy of damaged files.

    Parameters
    ----------
    samples
        Files, or folders of which one file is damaged.

    Raises
    ------
    MissingExtraError
        When hypothesis is not installed.
    """
    files = [(sample, inside) for sample in samples for inside in _inside(sample)]
    contents = {file: (file[0] / file[1] if file[1] else file[0]).read_bytes() for file in files}

    def draw_damaged(draw: DrawFn) -> Damaged:
        from hypothesis import strategies as st

        sample, inside = draw(st.sampled_from(files))
        if not draw(st.integers(0, 3)):
            content = draw(st.binary(max_size=200))
            return Damaged(sample, inside, content, ("other bytes in its place",))
        content, done = contents[sample, inside], []
        for _ in range(draw(st.integers(1, 3))):
            harm = draw(st.sampled_from(_HARMS))
            at = draw(st.integers(0, len(content)))
            size = draw(st.integers(1, 40))
            new = draw(st.sampled_from(_USUAL) | st.binary(max_size=4))
            content, words = harm(content, at, size, new)
            done.append(words)
        return Damaged(sample, inside, content, tuple(done))

    return composite(draw_damaged)


def _inside(sample: Path) -> list[str]:
    if not sample.is_dir():
        return [""]
    return [path.name for path in sorted(sample.iterdir()) if path.is_file()]


def _replace(content: bytes, at: int, size: int, new: bytes) -> tuple[bytes, str]:
    changed = content[:at] + new + content[at + size :]
    return changed, f"{size} byte(s) from byte {at} on replaced by {new!r}"


def _insert(content: bytes, at: int, size: int, new: bytes) -> tuple[bytes, str]:
    del size
    return content[:at] + new + content[at:], f"{new!r} put in at byte {at}"


def _repeat(content: bytes, at: int, size: int, new: bytes) -> tuple[bytes, str]:
    del new
    piece = content[at : at + size]
    return content[:at] + piece + content[at:], f"{size} byte(s) from byte {at} on repeated"


def _cut(content: bytes, at: int, size: int, new: bytes) -> tuple[bytes, str]:
    del size, new
    return content[:at], f"everything from byte {at} on lost"


_HARMS: tuple[Callable[[bytes, int, int, bytes], tuple[bytes, str]], ...] = (
    _replace,
    _insert,
    _repeat,
    _cut,
)
