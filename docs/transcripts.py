"""Rewrite the console transcripts of the README and of docs/ as their commands print them now.

Run it after a change of output, then read the difference: the pages are what users see.  Takes no
argument; only blocks whose first line is ``$ reen ...`` are touched.  The tests check the pages
against the same commands (tests/test_documents.py), in copies of the same folders as here.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"```console\n(\$ reen .*?)```", re.DOTALL)


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


def renew(match: re.Match[str], folder: Path) -> str:
    """Return a block made anew; one that reads a file which its page writes is left as it is."""
    made = rewrite(match[1], folder)
    if "there is no such file" in made and "there is no such file" not in match[1]:
        return match[0]
    return f"```console\n{made}\n```"


def main() -> None:
    """Rewrite every page in place."""
    pages = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("examples", "docs", "benchmarks"):
            shutil.copytree(ROOT / part, folder / part)
        for page in pages:
            text = page.read_text(encoding="utf-8")
            new = BLOCK.sub(lambda match: renew(match, folder), text)
            if new != text:
                page.write_text(new, encoding="utf-8")
                print(f"rewrote {page.relative_to(ROOT)}")  # noqa: T201 - a script talks


if __name__ == "__main__":
    main()
