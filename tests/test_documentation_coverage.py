"""The reference is complete: every public name, hook, column, option, error and pack stands in it.

Looks at the sources of the documentation site, with what they take from the code put in (the same
text that the site shows), so it needs no Sphinx.  A failure names what is missing, with the count.
"""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

import attrs
import pytest

import reen
import reen.errors
from reen.plugin.files import (
    APPLICATIONS,
    DATACENTERS,
    DISPOSALS,
    EQUIPMENT,
    HEADCOUNT,
    PURCHASES,
    SCHEMA_OF_KIND,
    VIRTUAL_MACHINES,
    TableSchema,
)
from reen.plugins import hookspecs

#: The public faces, the most used first.
FACES = (
    "reen",
    "reen.plugin",
    "reen.plugin.arrays",
    "reen.plugin.files",
    "reen.plugin.indicators",
    "reen.plugin.packs",
    "reen.plugin.rules",
    "reen.stored",
    "reen.types",
    "reen.errors",
    "reen.testing",
)

_DIRECTIVE = re.compile(
    # what has no docstring of its own, but that of its type, is described by hand
    r"^\.\. (?:auto(?:function|class|data|exception|module)|data):: (reen[\w.]*)$",
    re.MULTILINE,
)


@pytest.fixture(scope="module")
def tables(repository: Path) -> ModuleType:
    """Return the module that makes tables from the code, found where the site finds it."""
    path = repository / "docs" / "_ext" / "reference_tables.py"
    spec = importlib.util.spec_from_file_location("reference_tables", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(path.parent)  # as conf.py does: its neighbours are found by name
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages(repository: Path, tables: ModuleType) -> Mapping[str, str]:
    """Return the text of each page by its path, as the site shows it."""
    folder = repository / "docs"
    found = [*folder.rglob("*.md"), *folder.rglob("*.rst")]
    kept = (path for path in found if not {"_build", "examples"} & set(path.parts))
    return {
        path.relative_to(folder).as_posix(): tables.expand(path.read_text("utf-8")) for path in kept
    }


@pytest.fixture(scope="module")
def described(pages: Mapping[str, str]) -> set[str]:
    """Return the names of which the docstring is shown."""
    return {name for text in pages.values() for name in _DIRECTIVE.findall(text)}


def check(what: str, wanted: Iterable[str], there: Iterable[str], *, page: str = "") -> None:
    names, have = sorted(wanted), set(there)
    missing = [name for name in names if name not in have]
    assert names, f"no {what} to look for"
    assert not missing, (
        f"{len(names) - len(missing)} of {len(names)} {what} documented; missing: "
        + ", ".join(missing)
        + (f"; write their rows in docs/{page}" if page else "")
    )


def first_cells(text: str) -> set[str]:
    """Every name in code style in the first cell of a table's row."""
    rows = re.findall(r"^\|([^|]*)\|", text, re.MULTILINE)
    return {name for cell in rows for name in re.findall(r"`([^`]+)`", cell)}


def section(text: str, title: str) -> str:
    """Return the text under a heading, down to the next of its level."""
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    (found,) = [part for part in parts if part.partition("\n")[0] == title]
    return found


@pytest.mark.parametrize("face", FACES)
def test_every_public_name(described: set[str], face: str) -> None:
    """Each name of a face is described, once, under whichever face it stands first."""
    shown = {name.rpartition(".")[2] for name in described}
    # modules are not described but opened: each of their names is
    names = importlib.import_module(face).__all__
    check(f"names of {face}", (n for n in names if f"{face}.{n}" not in FACES), shown)


def test_no_name_is_described_that_is_not_there(described: set[str]) -> None:
    for name in described - {"reen.vocabulary.units"}:
        home, _, last = name.rpartition(".")
        assert last in importlib.import_module(home).__all__, name


def test_no_name_is_described_twice(pages: Mapping[str, str]) -> None:
    names = [name for text in pages.values() for name in _DIRECTIVE.findall(text)]
    assert len(names) == len(set(names))


def test_every_hook(pages: Mapping[str, str]) -> None:
    hooks = [name for name in vars(hookspecs) if name.startswith("reen_")]
    check("hooks", (f"{name}()" for name in hooks), first_cells(pages["reference/hooks.md"]))


def test_every_error(pages: Mapping[str, str], described: set[str]) -> None:
    check("errors", reen.errors.__all__, first_cells(pages["reference/errors.md"]))
    check("errors", reen.errors.__all__, (name.rpartition(".")[2] for name in described))


@pytest.mark.parametrize(
    ("title", "schema"),
    [
        ("Equipment", EQUIPMENT),
        ("Data centres", DATACENTERS),
        ("Virtual machines", VIRTUAL_MACHINES),
        ("Applications", APPLICATIONS),
        ("Purchases", PURCHASES),
        ("Disposals", DISPOSALS),
        ("Headcount", HEADCOUNT),
        ("Repairs", SCHEMA_OF_KIND["repairs"]),
        ("Contracts", SCHEMA_OF_KIND["contracts"]),
        ("Events", SCHEMA_OF_KIND["events"]),
        ("Projects", SCHEMA_OF_KIND["projects"]),
        ("Connected objects", SCHEMA_OF_KIND["connected_objects"]),
        ("Last contacts", SCHEMA_OF_KIND["last_seen"]),
        ("Maturity", SCHEMA_OF_KIND["maturity"]),
    ],
)
def test_every_column(pages: Mapping[str, str], title: str, schema: TableSchema) -> None:
    check(
        f"columns of {schema.name}",
        schema,
        first_cells(section(pages["reference/columns.md"], title)),
    )


def bundled() -> reen.plugin.Registry:
    return reen.load_plugins(only=["reen-bundled"])


def test_every_method_with_its_options(pages: Mapping[str, str]) -> None:
    """Each method has a section; the options stand in a table of it, the formulas are maths."""
    text = pages["reference/methods.md"]
    for method in bundled().methods.values():
        part = section(text, method.name)
        assert "$" in part or "```math" in part, f"{method.name} has no formula"
        if options := [field.name for field in attrs.fields(type(method))]:
            page = "reference/methods.md"
            check(f"options of {method.name}", options, first_cells(part), page=page)
        else:
            assert "| option |" not in part


def test_every_factor_pack(pages: Mapping[str, str]) -> None:
    for pack in bundled().factor_packs.values():
        part = section(pages["reference/factor-packs.md"], pack.name)
        for fact in (pack.version, pack.licence, pack.source):
            assert fact in part, f"{pack.name}: {fact}"


def test_every_importer_exporter_and_reader(pages: Mapping[str, str]) -> None:
    registry = bundled()
    there = first_cells(pages["reference/importers-and-exporters.md"])
    check("importers", registry.importers, there)
    check("exporters", registry.exporters, there)
    readers = first_cells(pages["reference/factor-packs.md"])
    check("factor readers", registry.factor_readers, readers)


def test_every_criterion_type_and_indicator(pages: Mapping[str, str]) -> None:
    registry = bundled()
    keys = (criterion.key for criterion in registry.criteria)
    check("criteria", keys, first_cells(pages["reference/criteria.md"]))
    kinds = (kind.key for kind in registry.equipment_types)
    check("equipment types", kinds, first_cells(pages["reference/equipment-types.md"]))
    check("indicators", registry.indicators, first_cells(pages["reference/indicators.md"]))


def test_every_indicator_has_a_section(pages: Mapping[str, str]) -> None:
    """With its unit, its axis and what it needs."""
    for indicator in bundled().indicators.values():
        part = section(pages["reference/indicators.md"], f"`{indicator.name}`")
        assert f"`{indicator.unit}`" in part, indicator.name
        assert f"axis {indicator.axis}" in part, indicator.name
        for need in indicator.needs:
            assert need in part, indicator.name


def test_the_examples_of_the_state(pages: Mapping[str, str]) -> None:
    """24 of them, in order; each names indicators that there are, with their section."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in pages["reference/state-indicators.md"].splitlines()
        if re.match(r"^\| \d", line)
    ]
    assert [int(row[0]) for row in rows] == list(range(1, 25))
    named = {name for row in rows for name in re.findall(r"\(indicators\.md#(\w+)\)", row[3])}
    check("indicators of the State's examples", named, bundled().indicators)
    assert len(named) > 20
    indicators = bundled().indicators
    for row in rows:
        for name in re.findall(r"\(indicators\.md#(\w+)\)", row[3]):
            assert indicators[name].axis == int(row[1]), name


def test_every_command(pages: Mapping[str, str]) -> None:
    from reen.cli.app import COMMANDS

    text = pages["reference/command-line.md"]
    for command in COMMANDS:
        assert f"Usage: reen {command}" in section(text, f"reen {command}")


def test_every_type_has_its_factors_or_its_gaps(pages: Mapping[str, str]) -> None:
    """Each type is in the table of types and methods, and its figures are those of the packs."""
    text = pages["reference/factors-by-type.md"]
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    for kind in reen.default_registry().equipment_types:
        assert sum(f"(`{kind.key}`)" in line for line in lines) == 1, kind.key
    assert "| Desktop computer (`desktop`) | 169 | 211.5 | 300 |" in lines
    assert "| Desk phone (`desk_phone`) | none | none | 17 |" in lines
    assert "- `desk_phone`: the Base Carbone element of the type, 20614, is archived" in text
    assert "ADEME, Base Carbone V23.6, element 27026" in text


def test_a_mark_that_nothing_answers_is_refused(tables: ModuleType) -> None:
    with pytest.raises(KeyError, match="columns-of-nothing"):
        tables.expand("before\n<!-- from the code: columns-of-nothing -->\nafter")


def test_every_table_made_from_the_code_is_used(repository: Path, tables: ModuleType) -> None:
    sources = "".join(text for _, text in written(repository))
    unused = [name for name in tables.MAKERS if f"<!-- from the code: {name} -->" not in sources]
    assert not unused


def written(repository: Path) -> Iterator[tuple[Path, str]]:
    """Yield the pages of the documentation as they are committed."""
    for path in sorted((repository / "docs").rglob("*.md")):
        if "_build" not in path.parts:
            yield path, path.read_text("utf-8")


def test_the_pages_of_a_clone_hold_what_the_code_says(repository: Path, tables: ModuleType) -> None:
    """What is made from the code is committed, and current."""
    # the help of commands is laid out as click does it since 8.2
    other_help = importlib.metadata.version("click").startswith("8.1.")
    stale = [
        path.relative_to(repository).as_posix()
        for path, text in written(repository)
        if not (other_help and path.name == "command-line.md") and tables.renew(text) != text
    ]
    assert not stale, f"run `python docs/reference_pages.py`: {stale}"


def test_what_is_made_anew_takes_the_place_of_the_old(tables: ModuleType) -> None:
    """Twice is once; the site shows the text without its marks."""
    name = "waste-categories"
    page = f"before\n<!-- from the code: {name} -->\n\nold\n\n<!-- end of: {name} -->\nafter\n"
    new = tables.renew(page)
    assert "old" not in new
    assert "| category |" in new
    assert tables.renew(new) == new
    assert tables.expand(new) == f"before\n{tables.MAKERS[name]()}\nafter\n"


def test_missing_names_are_counted() -> None:
    with pytest.raises(AssertionError, match="1 of 2 hooks documented; missing: b"):
        check("hooks", ["b", "a"], ["a", "c"])


def codes_given(folder: Path, *calls: str) -> Iterator[str]:
    """Yield the codes that the modules of a folder write out in calls."""
    for path in sorted(folder.rglob("*.py")):
        if path.stem.endswith("importer"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            # a name, or a method of something: case.assume
            if getattr(node.func, "id", getattr(node.func, "attr", "")) in calls:
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    yield str(code.value)


@pytest.mark.slow
def test_every_code_of_a_method_is_described(pages: Mapping[str, str]) -> None:
    """What the bundled methods, the status rule and the coverage say, with their sentences."""
    page = pages["reference/reasons.md"]
    reen_folder = Path(reen.__file__).parent
    (bundled_folder,) = importlib.import_module("reen_plugins").__path__
    ours = (reen_folder / name for name in ("method", "plugins", "results"))
    # what importers and indicators say of files and records stands on their own pages
    standards = (path.parent for path in sorted(Path(bundled_folder).rglob("method.py")))
    folders = [*standards, *ours]
    said = ("Reason", "LeftOut", "Excluded", "IncludedElsewhere")
    # what is wrong with an option or a file is an error, which stands on the page of errors; the
    # words of the sentence about a gap, of a hint, a table, or what was expected, are no reasons
    given = {
        code
        for folder in folders
        for code in codes_given(folder, *said)
        if not code.startswith(("error_", "expected_", "gap_", "hint_", "kind_", "table_of_"))
    }
    assert len(given) > 30
    described = first_cells(section(page, "Reasons"))
    assumed = first_cells(section(page, "Assumptions"))
    # a note on the electricity of a place is a reason first, and then an assumption
    check("codes of reasons", given, described | assumed)
    taking = ("Assumption", "_assumed", "assume")
    taken = {code for folder in folders for code in codes_given(folder, *taking)}
    check("codes of assumptions", taken, assumed)
