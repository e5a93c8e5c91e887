"""Rewrite the console transcripts of the README and of docs/ as their commands print them now.

Run it after a change of output, then read the difference: the pages are what users see.  Takes
pages, or all of them; only blocks whose first line is ``$ reen ...`` are touched.  The tests check
the pages against the same commands (tests/test_documents.py), in copies of the same folders.
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
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
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


def renew(match: re.Match[str], folder: Path, names: dict[str, object]) -> str:
    """Return a block made anew; Python is run for the files that it writes, and stays as it is."""
    if match["typed"] is None:
        with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
            try:
                if match["code"].startswith(">>>"):
                    return match[0]
                exec(match["code"], names)  # noqa: S102 - our own pages
            except Exception as error:  # noqa: BLE001 - a test says so of the page
                print(f"a block does not run: {error}", file=sys.stderr)  # noqa: T201
        return match[0]
    made = rewrite(match["typed"], folder)
    if any(said in made and said not in match["typed"] for said in ABSENT):
        return match[0]
    return f"```console\n{made}\n```"


def main() -> None:
    """Rewrite every page in place, or those that are named."""
    pages = [Path(name).resolve() for name in sys.argv[1:]]
    pages = pages or [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    for page in pages:
        with tempfile.TemporaryDirectory() as name:
            folder, names = Path(name), dict[str, object](__name__="__main__")
            for part in ("examples", "docs", "benchmarks"):
                shutil.copytree(ROOT / part, folder / part)
            text = page.read_text(encoding="utf-8")
            new = BLOCK.sub(lambda match: renew(match, folder, names), text)  # noqa: B023 - used here
            if new != text:
                page.write_text(new, encoding="utf-8")
                print(f"rewrote {page.relative_to(ROOT)}")  # noqa: T201 - a script talks


if __name__ == "__main__":
    main()
