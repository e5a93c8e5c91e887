"""The program as a whole: help, version, exit codes, errors, pipes, terminals."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

import reen
from reen.cli.app import COMMANDS as LISTED
from reen.cli.app import app

#: The fixture that types a command: it returns exit code, output and errors.
Typed = Callable[..., Any]

COMMANDS = ("measure", "explain", "read", "methods", "importers", "factors", "plugins")

#: Modules that a short list of CSV, measured by one method, has no use for: what they hold is
#: imported where it is used.
NOT_FOR_A_SHORT_LIST = {
    "numpy.ma",
    "pandas",
    "pyarrow.dataset",
    "pyarrow.fs",
    "pyarrow.parquet",
    "reen.cli.account_page",
    "reen.engine.draws",
    "reen.method.matching_table",
    "reen.gate.files",
    "reen.inventory.holdings",
    "reen.inventory.references",
    "reen.inventory.row_places",
    "reen.inventory.sharing",
    "reen.inventory.stacking",
    "reen.inventory.worklist",
    "reen.method.hosting",
    "reen.monitoring",
    "reen.results.interval",
    "reen.results.protection",
    "reen.results.sensitivity",
    "reen.results.statement",
    "reen.measurement.levels",
    "reen.measurement.sent_method",
    "reen.measurement.single_items",
    "reen.measurement.workers",
    "reen.sources.dataset",
    "reen.sources.factor_files",
    "reen.sources.stream",
    "reen.tables.evidence.models",
    "reen.tables.identity.purchase_joining",
    "reen.tables.identity.rounds",
    "reen.tables.inner_lists",
    "reen.tables.layouts.laying",
    "reen.tables.layouts.parents",
    "reen.tables.mapping.answers",
    "reen.tables.privacy.named_elsewhere",
    "reen.tables.record_rows",
    "reen.tables.reference.reading",
    "reen.tables.rows.misfits",
    "reen.tables.rows.titles",
    "reen.tables.together.moments",
    "reen.tables.together.recapitulation",
    "reen.tables.unread",
    "reen_plugins.base_impacts.tables",
    "rich.console",
    "ssl",
    "tomllib",
}

#: The same where programs read what is printed.
NOT_FOR_DATA = {"reen.results.footprint_view", "reen.views.text"}


def test_the_version_is_that_of_the_library(typed: Typed) -> None:
    run = typed("--version")
    assert (run.code, run.out) == (0, f"reen {reen.__version__}\n")


def test_without_a_command_the_help_is_shown(typed: Typed) -> None:
    run = typed()
    assert run.code == 0
    places = [run.out.index(f"  {name} ") for name in COMMANDS]
    assert places == sorted(places), "commands stand in the order of use"
    assert "reen measure parc.csv --method base-carbone" in run.out


def test_every_command_is_found_by_its_name() -> None:
    context = click.Context(app)
    found = [app.get_command(context, name) for name in app.list_commands(context)]
    assert [command.name for command in found if command is not None] == list(LISTED)


@pytest.mark.slow
def test_help_imports_no_command_and_no_library(program: Callable[..., Any]) -> None:
    """Neither numpy, pyarrow, rich's console nor a plugin: the list stands in one table."""
    watch = "import atexit, sys; atexit.register(lambda: print(*sys.modules, sep=chr(10)))"
    imported = set(program("--help", python=watch).out.split())
    assert "click" in imported
    costly = {"numpy", "pyarrow", "rich.console", "reen_plugins", "reen.cli.measuring"}
    assert not costly & imported


@pytest.mark.slow
@pytest.mark.parametrize("command", ["measure", "read", "compare", "change", "statement", "review"])
def test_the_help_of_a_command_imports_no_library(
    program: Callable[..., Any], command: str
) -> None:
    """Whoever asks how a command is typed does not wait for what reads, computes and draws."""
    watch = "import atexit, sys; atexit.register(lambda: print(*sys.modules, sep=chr(10)))"
    run = program(command, "--help", python=watch)
    imported = set(run.out.split())
    assert "reen.cli.page_options" in imported
    costly = {"numpy", "pyarrow", "rich.console", "reen_plugins", "reen.plugins", "reen.tables"}
    assert not costly & imported


@pytest.mark.slow
def test_a_command_imports_its_own_method_and_no_indicator(program: Callable[..., Any]) -> None:
    watch = "import atexit, sys; atexit.register(lambda: print(*sys.modules, sep=chr(10)))"
    run = program("methods", "declared", python=watch)
    imported = set(run.out.split())
    assert "reen_plugins.declared.method" in imported
    others = {"reen_plugins.boavizta.method", "reen_plugins.indicators.fleet_use", "reen.review"}
    assert not others & imported


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "needless"),
    [((), NOT_FOR_A_SHORT_LIST), (("--format", "csv"), NOT_FOR_A_SHORT_LIST | NOT_FOR_DATA)],
)
def test_a_short_list_is_measured_without_what_its_kind_does_not_need(
    program: Callable[..., Any], tmp_path: Path, typed: tuple[str, ...], needless: set[str]
) -> None:
    """A list of CSV by one method: no other container, method or verb, and few collections."""
    file = tmp_path / "parc.csv"
    file.write_text("Type;Nombre;Empreinte (kgCO2e)\nPC portable;3;200\nEcran;5;300\n", "utf-8")
    watch = (
        "import atexit, gc, sys; "
        "atexit.register(lambda: print(gc.get_threshold()[0], *sys.modules, sep=chr(10)))"
    )
    words = ("measure", file, "--method", "declared", "--as-of", "2022-12-31", *typed)
    run = program(*words, python=watch)
    assert (run.code, run.err) == (0, "")
    imported = set(run.out.split())
    assert "reen_plugins.declared.method" in imported
    assert "1000000" in imported
    assert not needless & imported


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_with_an_example(typed: Typed, command: str) -> None:
    run = typed(command, "--help")
    assert run.code == 0
    assert f"  reen {command}" in run.out.partition("Example")[2]
    assert "--traceback" in run.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("mesure",), "error: No such command 'mesure'."),
        (("measure",), "error: Missing argument 'PATH...'."),
        (("measure", "x.csv"), "`reen methods` lists them."),
        (("measure", "x.csv", "--methd", "declared"), "error: No such option"),
        (("measure", "x.csv", "-m", "declred"), "error: Unknown method 'declred'. Did you mean"),
        (("measure", "x.csv", "-m", "declared"), "error: x.csv: there is no such file"),
        (("measure", "x.csv", "-m", "declared", "--as-of", "2022-13-01"), "is not a date such as"),
        (("measure", "x.csv", "-m", "declared", "-o", "use_stage"), "not of the form name=value"),
        (("measure", "x.csv", "-m", "base-carbone", "-o", "use=1"), "option use='1': expected"),
        (("measure", "x.csv", "-m", "base-carbone", "-o", "use_stage=7"), "expected true or false"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    typed: Typed, words: tuple[str, ...], said: str
) -> None:
    run = typed(*words)
    assert (run.code, run.out) == (2, "")
    first, *more = run.err.splitlines()
    assert first.startswith("error: ")
    assert said in first
    assert not more or (len(more) == 1 and more[0].startswith("see: reen"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "entty"), "error: Unknown column 'entty'. Did you mean 'entity'"),
        (("--criteria", "climat_change"), "error: Unknown criterion 'climat_change'. Did you mean"),
        (("--factors", "nowhere.csv"), "error: nowhere.csv: there is no such file; check the path"),
        (("--country", "Atlantis"), "option --country Atlantis: expected a country"),
        (("--importer", "excel"), "error: Unknown importer 'excel'."),
        (("--output", "no/such/folder/x.json"), "No such file or directory"),
    ],
)
def test_bad_options_are_one_line_and_exit_code_2(
    typed: Typed, fleet: Path, words: tuple[str, ...], said: str
) -> None:
    run = typed("measure", fleet, "-m", "declared", *words)
    assert run.code == 2
    assert said in run.err
    assert "Traceback" not in run.err


def test_remedies_are_options_not_python(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("couleur,poids\nrouge,3\n", encoding="utf-8")
    run = typed("measure", path, "-m", "declared")
    assert run.code == 2
    assert "--column 'header in the file=equipment_type'" in run.err
    assert "columns=" not in run.err


@pytest.mark.parametrize(
    "content", [b"", b"equipment_type,quantity\n", b"\x00\x01\x02\xff" * 100], ids=repr
)
def test_files_that_are_no_inventory_are_one_line(
    typed: Typed, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    run = typed("measure", path, "-m", "declared")
    assert run.code == 2
    assert run.err.startswith("error: ")
    assert len(run.err.splitlines()) == 1


def test_a_folder_is_no_inventory(typed: Typed, tmp_path: Path) -> None:
    run = typed("read", tmp_path)
    assert run.code == 2
    assert run.err.startswith("error: ")


def test_the_traceback_comes_when_asked_for(typed: Typed, tmp_path: Path) -> None:
    run = typed("measure", tmp_path / "x.csv", "-m", "declared", "--traceback")
    assert run.code == 2
    assert run.err.startswith("Traceback (most recent call last)")
    assert run.err.splitlines()[-1].startswith("error: ")


@pytest.mark.slow
def test_it_runs_as_a_module_and_as_a_program(program: Typed, fleet: Path) -> None:
    run = program("measure", fleet, "-m", "declared", "--as-of", "2022-12-31", COLUMNS="100")
    assert run.code == 0
    assert run.out.startswith("Climate change: >= 23.40 tCO2e/year\n")
    refused = program("measure", "nowhere.csv", "-m", "declared")
    assert refused.code == 2
    assert refused.err == "error: nowhere.csv: there is no such file; check the path\n"


@pytest.mark.slow
def test_without_click_the_remedy_is_named(program: Typed) -> None:
    run = program("--version", python="import sys; sys.modules['click'] = None")
    assert (run.code, run.out) == (2, "")
    assert run.err == (
        "error: the command line needs the package 'click', which is not installed:"
        " pip install '.[cli]' in the folder of your copy of reen\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_poor_encoding_costs_no_answer(program: Typed, fleet: Path, encoding: str) -> None:
    arguments = ("-m", "declared", "--as-of", "2022-12-31", "--by", "entity")
    fleet.write_text(fleet.read_text("utf-8").replace("schools", "écoles"), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "reen.cli", "measure", str(fleet), *arguments],
        env=os.environ | {"PYTHONIOENCODING": encoding, "COLUMNS": "100"},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    page = run.stdout.decode(encoding)
    assert ("█" if encoding == "utf-8" else "###") in page
    data = program("measure", fleet, *arguments, "--format", "json", PYTHONIOENCODING=encoding)
    assert "écoles" in data.out  # data are UTF-8 everywhere


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise there")
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_a_reader_that_leaves_early_is_no_fault(tmp_path: Path, form: str) -> None:
    path = tmp_path / "many.csv"
    rows = "".join(f"PC-{k:05},laptop,5,100\n" for k in range(5_000))
    path.write_text(f"id,equipment_type,lifetime,declared_footprint\n{rows}", encoding="utf-8")
    words = ["measure", str(path), "-m", "declared", "--by", "id", "--limit", "0", "--full"]
    with subprocess.Popen(
        [sys.executable, "-m", "reen.cli", *words, "--format", form],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(1)
        running.stdout.close()
        said = running.stderr.read()
    assert said == b""
    assert running.returncode == 1


def show_on_terminal(*words: str, **environment: str) -> bytes:
    """Run the program on a pseudo-terminal and return all that it shows there."""
    import pty

    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "reen.cli", *words],
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"} | environment,
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
    ):
        os.close(follower)
        shown = b""
        while True:
            try:
                some = os.read(leader, 65_536)
            except OSError:  # what a terminal says when the other side is gone
                break
            if not some:
                break
            shown += some
    os.close(leader)
    return shown


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
def test_a_terminal_gets_emphasis_unless_no_color(fleet: Path) -> None:
    words = ("measure", str(fleet), "-m", "declared", "--as-of", "2022-12-31")
    style = re.compile(rb"\x1b\[[0-9;]*m")
    assert style.search(show_on_terminal(*words))
    assert not style.search(show_on_terminal(*words, NO_COLOR="1"))
