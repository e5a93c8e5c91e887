"""Count lines of code: no blank line, no comment, no docstring.

    python benchmarks/count_lines.py [folder ...]

A line counts when a token of code stands on it, so that a statement over three lines counts as
three.  Without folders: the library, the bundled plugins and the tests.  Modules are counted in
their folders, and folders in those above.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

__all__ = ["code_lines", "counted"]

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("src/reen", "src/reen_plugins", "tests")

_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def code_lines(source: str) -> int:
    """Return the number of lines of code of a module."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for first, last in _docstrings(ast.parse(source)):
        lines.difference_update(range(first, last + 1))
    return len(lines)


def _docstrings(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of each docstring."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, owners) and ast.get_docstring(node, clean=False) is not None:
            text = node.body[0]
            yield text.lineno, text.end_lineno or text.lineno


def counted(folder: Path) -> Counter[Path]:
    """Return the lines of code of each module below a folder, and of each folder."""
    found: Counter[Path] = Counter()
    for path in sorted(folder.rglob("*.py")):
        number = code_lines(path.read_text("utf-8"))
        found[path] = number
        for above in path.parents:
            found[above] += number
            if above == folder:
                break
    return found


def main(folders: list[str]) -> None:
    """Print the count of each folder and module, folders first among their equals."""
    for name in folders or FOLDERS:
        folder = Path(name) if folders else ROOT / name
        for path, number in sorted(counted(folder).items(), key=lambda pair: pair[0].parts):
            depth = len(path.parts) - len(folder.parts)
            mark = "/" if path.is_dir() else ""
            print(f"{number:7,}  {'  ' * depth}{path.name}{mark}")


if __name__ == "__main__":
    main(sys.argv[1:])
