"""Rewrite the console transcripts of the README and of docs/ as their commands print them now.

Run it after a change of output, then read the difference: the pages are what users see.  Takes
pages, or all of them; only blocks whose first line is ``$ reen ...`` are touched.  The tests check
the pages against the same commands (tests/test_documents.py), in copies of the same folders, and
run Python as here: a block that starts with the path of a file is written there before.  A page
whose Python fails is named with the line of the block, and the exit code is 1.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE = re.compile(r"# ([\w./-]+\.py)\n")
BLOCK = re.compile(r"```(?:python\n(?P<code>.*?)|console\n(?P<typed>\$ reen .*?))```", re.DOTALL)

#: What a command says of a file that its page has not written: that page is left as it is.
ABSENT = ("there is no such file", "ce fichier n'existe pas")


def run(command: str, folder: Path) -> tuple[str, int]:
    """Return what a command prints on both streams, and its exit code."""
    program = shutil.which("reen", path=sysconfig.get_path("scripts"))
    if program is None:
        sys.exit("the command `reen` is not beside this Python: run pip install -e '.[test]'")
    done = subprocess.run(  # noqa: S603 - our own pages, our own command
        [program, *shlex.split(command)[1:]],
        cwd=folder,
        env=os.environ
        | {"COLUMNS": "100", "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        encoding="utf-8",
    )
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return "\n".join(lines).rstrip("\n"), done.returncode


def rewrite(block: str, folder: Path) -> str:
    """Return a transcript with the outputs of its commands made anew."""
    typed: list[str] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            typed.append(line)
        elif line.startswith("> ") and typed and typed[-1].endswith("\\"):
            typed[-1] += "\n" + line
    parts, code = [], 0
    for command in typed:
        if command == "$ echo $?":
            parts.append(f"{command}\n{code}")
            continue
        joined = command.removeprefix("$ ").replace("\\\n> ", "")
        output, code = run(joined, folder)
        parts.append(f"{command}\n{output}")
    return "\n".join(parts)


def execute(code: str, names: dict[str, object]) -> None:
    """Run a block of Python, written first to its file if it names one, as the tests do."""
    if named := FILE.match(code):
        file = Path(named[1])
        if not file.is_file():
            message = f"{file} is none of the files that were written before"
            raise FileNotFoundError(message)
        file.write_text(code[named.end() :], encoding="utf-8")
        if "src" in file.parts:
            sys.path.insert(0, str(Path(*file.parts[: file.parts.index("src") + 1]).resolve()))
    exec(code, names)  # noqa: S102 - our own pages


@contextlib.contextmanager
def standing_in(folder: Path) -> Iterator[None]:
    """Stand in a folder; forget the modules that were imported from it, and their place."""
    path, modules = [*sys.path], set(sys.modules)
    with contextlib.chdir(folder):
        try:
            yield
        finally:
            sys.path[:] = path
            for name in set(sys.modules) - modules:
                if str(folder) in str(getattr(sys.modules[name], "__file__", "")):
                    del sys.modules[name]


def renew(match: re.Match[str], names: dict[str, object], place: str) -> tuple[str, bool]:
    """Return a block made anew, and whether it runs.

    Python is run for the files that it writes, and stays as it is.
    """
    if match["typed"] is None:
        if match["code"].startswith(">>>"):
            return match[0], True
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                execute(match["code"], names)
        except Exception as error:  # noqa: BLE001 - whatever a page does wrong, the others are made
            line = match.string.count("\n", 0, match.start()) + 1
            said = f"{place}:{line}: the block does not run: {type(error).__name__}: {error}"
            print(said, file=sys.stderr)  # noqa: T201
            return match[0], False
        return match[0], True
    made = rewrite(match["typed"], Path.cwd())
    if any(said in made and said not in match["typed"] for said in ABSENT):
        return match[0], True
    return f"```console\n{made}\n```", True


def renew_page(page: Path) -> bool:
    """Rewrite a page in place; return whether all of its blocks run."""
    text, parts, end, whole = page.read_text(encoding="utf-8"), list[str](), 0, True
    place = str(page.relative_to(ROOT) if page.is_relative_to(ROOT) else page)
    with tempfile.TemporaryDirectory() as name:
        folder, names = Path(name).resolve(), dict[str, object](__name__="__main__")
        for part in ("examples", "docs", "benchmarks"):
            shutil.copytree(ROOT / part, folder / part)
        with standing_in(folder):
            for match in BLOCK.finditer(text):
                made, runs = renew(match, names, place)
                parts += [text[end : match.start()], made]
                end, whole = match.end(), whole and runs
    new = "".join([*parts, text[end:]])
    if new != text:
        page.write_text(new, encoding="utf-8")
        print(f"rewrote {place}")  # noqa: T201 - a script talks
    return whole


def main() -> None:
    """Rewrite every page in place, or those that are named."""
    pages = [Path(name).resolve() for name in sys.argv[1:]]
    pages = pages or [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    failed = [page for page in pages if not renew_page(page)]
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
