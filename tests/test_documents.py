r"""The README and the pages of docs/ run: every Python block, every `reen` command, every output.

Sybil reads the Markdown; each document is one test, and its blocks run in order, in one namespace.

- A `python` block is executed; one that starts with `>>>` is a doctest.  One that starts with the
  path of a file, as in `# reen-acme/src/reen_acme/acme.py`, is written there before, and what lies
  in such a `src` can be imported.
- A `console` block whose first line is `$ reen ...` is typed as it stands, and what the command
  prints (both streams, as on a terminal 100 columns wide without colours) must be what the page
  shows, trailing blanks aside.  A command that is meant to fail is followed by `$ echo $?` and its
  exit code.  A line that ends with `\` goes on in the next one, after `> `.
- A block that should not run is `text`; other languages are for what is no program.

The blocks run in a scratch folder that holds copies of examples/, docs/ and benchmarks/, so a page
may write files under the names that its reader would use.
"""

from __future__ import annotations

import difflib
import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import pytest
from sybil import Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [
    *sorted(ROOT.glob("README*.md")),
    *(p for p in sorted(ROOT.glob("docs/**/*.md")) if "_build" not in p.parts),
]
EVERY_DOCUMENT = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix()
)
NOT_PROGRAMS = {"csv", "ini", "json", "math", "mermaid", "text", "toml", "yaml"}
EXIT_CODE = "echo $?"


class Step(NamedTuple):
    """One command of a transcript, its line in the block (from 0), and what it should print."""

    line: int
    command: str
    output: list[str]


def parse_transcript(text: str) -> list[Step]:
    """Split a transcript at its prompts, lines that go on joined."""
    steps: list[Step] = []
    for number, line in enumerate(text.splitlines()):
        last = steps[-1] if steps else None
        if line.startswith("$ "):
            steps.append(Step(number, line.removeprefix("$ ").rstrip(), []))
        elif last and last.command.endswith("\\") and line.startswith("> "):
            command = last.command.removesuffix("\\") + line.removeprefix("> ").rstrip()
            steps[-1] = last._replace(command=command)
        elif last:
            last.output.append(line.rstrip())
    return steps


def run_command(command: str) -> tuple[list[str], int]:
    """Run one `reen` command as its reader would; return the lines it prints and its exit code."""
    program = shutil.which("reen", path=sysconfig.get_path("scripts"))
    assert program, "the command `reen` is not beside this Python: run pip install -e '.[test]'"
    run = subprocess.run(
        [program, *shlex.split(command)[1:]],
        env=os.environ
        | {"COLUMNS": "100", "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        encoding="utf-8",
        timeout=120,
    )
    return [line.rstrip() for line in run.stdout.splitlines()], run.returncode


def trim(lines: list[str]) -> list[str]:
    """Drop the blank lines at the end."""
    return "\n".join(lines).rstrip("\n").split("\n")


def check_transcript(text: str, run: Callable[[str], tuple[list[str], int]]) -> str | None:
    """Type the commands of a transcript; return how it differs from what they do, or None."""
    steps = parse_transcript(text)
    if not text.startswith("$ reen "):
        hidden = [step.command for step in steps if step.command.startswith("reen ")]
        return f"start the block with `$ reen`, or nothing of it runs: {hidden}" if hidden else None
    code = 0
    for step, following in zip_longest(steps, steps[1:]):
        if step.command == EXIT_CODE:
            printed = [str(code)]
        elif step.command.startswith("reen "):
            printed, code = run(step.command)
            if code != 0 and (following is None or following.command != EXIT_CODE):
                return "\n".join([f"exit code {code}: {step.command}", *printed])
        else:
            return f"only `reen` commands run here: {step.command}"
        shown, printed = trim(step.output), trim(printed)
        if shown != printed:
            difference = difflib.unified_diff(shown, printed, "the page", "reen", lineterm="")
            return "\n".join([f"$ {step.command}", *difference])
    return None


def evaluate_console(example: Example) -> str | None:
    """Check one block; Sybil raises what is returned, with the page and the line."""
    return check_transcript(str(example.parsed), run_command)


FILE = re.compile(r"# ([\w./-]+\.py)\n")


def evaluate_python(example: Example) -> str | None:
    """Run one block, written to its file first if it names one."""
    source = str(example.parsed)
    if named := FILE.match(source):
        file = Path(named[1])
        if not file.is_file():
            return f"{file} is none of the files that were written before"
        file.write_text(source[named.end() :], encoding="utf-8")
        if "src" in file.parts:
            sys.path.insert(0, str(Path(*file.parts[: file.parts.index("src") + 1]).resolve()))
    return PythonEvaluator()(example)


class PythonBlocks(PythonCodeBlockParser):
    """Python blocks, some of which are files."""

    def __init__(self) -> None:
        super().__init__(doctest_optionflags=doctest.ELLIPSIS)
        self.codeblock_parser = CodeBlockParser("python", evaluate_python)


SYBIL = Sybil(
    parsers=[
        PythonBlocks(),
        CodeBlockParser("console", evaluate_console),
    ],
)


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in a folder that looks like the checkout to a reader of the pages."""
    for name in ("examples", "docs", "benchmarks"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    known = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - known:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.mark.slow
def test_the_transcripts_name_the_block_that_fails(tmp_path: Path) -> None:
    """The page, the line of its block, exit code 1; the other pages are looked at all the same."""
    script = ROOT / "docs" / "transcripts.py"
    if not script.is_file():
        pytest.skip("an installed package has no pages")
    wrong, right = tmp_path / "wrong.md", tmp_path / "right.md"
    wrong.write_text("# A\n\n```python\nx = 1\n```\n\n```python\nx / 0\n```\n", "utf-8")
    right.write_text("# B\n\n```console\n$ reen --version\nold\n```\n", "utf-8")
    done = subprocess.run(
        [sys.executable, script, wrong, right], capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 1
    said = f"{wrong}:7: the block does not run: ZeroDivisionError: division by zero\n"
    assert done.stderr == said
    assert "$ reen --version\nreen " in right.read_text("utf-8")
    done = subprocess.run(
        [sys.executable, script, right], capture_output=True, check=False, encoding="utf-8"
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_there_is_a_readme_in_both_languages() -> None:
    assert {ROOT / "README.md", ROOT / "README.fr.md"} <= set(DOCUMENTS)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="the pages show the paths of a POSIX system")
@EVERY_DOCUMENT
@pytest.mark.usefixtures("scratch")
def test_document_runs(document: Path) -> None:
    page = SYBIL.parse(document)
    page.namespace["__name__"] = "__main__"  # what a block defines can be found again by pickle
    for example in page.examples():
        example.evaluate()


@EVERY_DOCUMENT
def test_no_block_escapes(document: Path) -> None:
    """A fence such as ```py or ```python title="x" would be shown and never run."""
    fences = re.findall(r"^ *```+ *([^`\n]+?) *$", document.read_text("utf-8"), flags=re.MULTILINE)
    assert not set(fences) - NOT_PROGRAMS - {"python", "console"}


def test_ci_runs_what_the_pages_say() -> None:
    """`.ci/run` is the second command of each README, and stands in CONTRIBUTING."""
    script = ROOT / ".ci" / "run"
    if not script.is_file():
        pytest.skip("a source distribution has no .ci/run")
    command = script.read_text("utf-8").splitlines()[-1]
    for page in ("README.md", "README.fr.md"):
        assert fenced((ROOT / page).read_text("utf-8"))[1] == command
    assert f"\n{command}\n" in (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def fenced(text: str) -> list[str]:
    """Return what stands in the fenced blocks of a page."""
    return re.findall(r"^```\w+\n(.*?)\n```$", text, flags=re.MULTILINE | re.DOTALL)


def test_the_first_command_of_the_readmes_installs_and_measures() -> None:
    """One line: an environment, the command line, and a page that the README shows below."""
    for page in ("README.md", "README.fr.md"):
        command, *others = fenced((ROOT / page).read_text("utf-8"))
        environment, install, measure = command.split(" && ")
        assert (environment, install) == ("python3 -m venv .venv", ".venv/bin/pip install '.[cli]'")
        typed = measure.removeprefix(".venv/bin/")
        assert any(block.startswith(f"$ {typed}") for block in others), typed


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("$ pip install reen\n", None),
        ("$ pip install reen\n$ reen methods\n", "start the block with `$ reen`"),
        ("$ reen methods\nnew\n$ rm -r docs\n", "only `reen` commands run here: rm -r docs"),
        ("$ reen methods\nold\n", "-old\n+new"),
        ("$ reen methods\nnew   \n\n", None),
        ("$ reen broken\nwrong\n", "exit code 2: reen broken"),
        ("$ reen broken\nwrong\n$ echo $?\n2\n", None),
        ("$ reen broken\nwrong\n$ echo $?\n0\n", "-0\n+2"),
        ("$ reen \\\n> methods\nnew\n", None),
    ],
)
def test_transcripts_are_checked(block: str, expected: str | None) -> None:
    """A stand-in for the command, so that each rule above is seen to hold and to fail."""
    answers = {"reen methods": (["new"], 0), "reen broken": (["wrong"], 2)}
    said = check_transcript(block, answers.__getitem__)
    assert said is expected if expected is None else expected in str(said)
