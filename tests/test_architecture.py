"""The shape of the source, read from its syntax trees: nothing here imports what it checks.

The packages are looked up where they are installed, so the same tests hold for a checkout and for
a wheel.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

import pytest

from .source_trees import Module, both, nodes_of, read_modules, written

# From the ground up, each part of the house as low as it can stand: a module imports its own part
# and the storeys below it, nothing beside it or above.

STOREYS = (
    {"_version", "arrays", "lazy_names", "patterns", "provenance", "reasons", "values"},
    {"gate", "kernel", "speaking", "vocabulary"},
    {"views"},
    {"inventory"},
    {"factors", "tables"},
    {"engine"},
    {"plugins", "results"},
    {"method", "monitoring", "sources"},
    {"measurement", "strategy"},
    {"purchasing", "verbs"},
    {"review", "testing"},
    {"cli", "__main__"},
)
LEVELS = {name: level for level, names in enumerate(STOREYS) for name in names}

# A module beside the package of its part, for the sake of its public name: errors are reasons that
# are raised.
PART_OF = {"errors": "reasons"}

# The faces gather names from every storey, and define nothing.
GATHERING = {"reen", "plugin", "stored", "types"}

# Those who may use a face, as any caller would.
CALLERS = {"testing", "cli", "__main__"}

# The engine turns arrays into arrays: no file, no network, no unit registry.
FORBIDDEN_IN_ENGINE = {
    "csv",
    "gzip",
    "io",
    "json",
    "os",
    "pathlib",
    "pint",
    "reen.vocabulary.units",
    "shutil",
    "socket",
    "sqlite3",
    "tempfile",
    "tomllib",
    "urllib",
    "zipfile",
    "pyarrow.csv",
    "pyarrow.dataset",
    "pyarrow.feather",
    "pyarrow.fs",
    "pyarrow.json",
    "pyarrow.parquet",
}
FILE_CALLS = {
    "fromfile",
    "genfromtxt",
    "loadtxt",
    "memmap",
    "open",
    "read_bytes",
    "read_text",
    "savetxt",
    "savez",
    "tofile",
    "write_bytes",
    "write_text",
}

# A hook's signature names what it returns, here for type checkers only: nothing is imported when
# the module runs.  The registry lists exporters, and an exporter is given the registry.
TYPES_FROM_ABOVE = {
    ("reen.plugins.hookspecs", "reen.monitoring.indicator"),
    ("reen.plugins.registry", "reen.monitoring.indicator"),
    ("reen.plugins.building", "reen.monitoring.indicator"),
    ("reen.plugins.file_contracts", "reen.plugins.registry"),
}

# A plugin is somebody else's code: it may raise anything, and its host must survive it.  The guard
# turns whatever it catches into an error that names the plugin and its version.
# calamine is written in another language, whose panics derive from no Exception.
BLANKET_ALLOWED = {"reen.plugins.guard", "reen.tables.containers.workbook"}

# Files are written by the one writer, and otherwise by the suite that damages copies of files.
# The terminal opens /dev/null where the shell closed its own streams.
WRITERS = {
    "reen.gate.writing",
    "reen.cli.terminal",
    "reen.testing.damaged_files",
    "reen.testing.importer_conformance",
}

# What writes, moves or removes a file by itself, whatever it is called on.
WRITING_CALLS = {
    *("write_text", "write_bytes", "touch", "symlink_to", "hardlink_to", "unlink"),
    *("os.open", "os.fdopen", "os.replace", "os.rename", "os.link", "os.symlink", "os.remove"),
    *("os.unlink", "os.truncate", "os.mkfifo", "shutil.copy", "shutil.copy2", "shutil.copyfile"),
    *("shutil.copytree", "shutil.move", "shutil.rmtree", "shutil.make_archive"),
    *("tempfile.mkstemp", "tempfile.NamedTemporaryFile", "tempfile.TemporaryDirectory"),
    *("np.save", "np.savez", "np.savetxt", "tofile", "extractall", "pa.memory_map"),
    "pa.create_memory_map",
}

# What writes to the sink that is its argument of that place: it must be one that was given.
SINK_CALLS = {
    **dict.fromkeys(("write_table", "write_csv", "write_feather"), 1),
    **dict.fromkeys(("ParquetWriter", "new_stream", "new_file", "savefig", "save", "Workbook"), 0),
    **dict.fromkeys(("to_csv", "to_parquet", "to_excel"), 0),
}

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


class Import(NamedTuple):
    """One imported module, absolute, and the name taken from it, if any."""

    line: int
    module: str
    name: str | None


def core() -> tuple[Module, ...]:
    return read_modules("reen")


def bundled() -> tuple[Module, ...]:
    return read_modules("reen_plugins")


def list_imports(module: Module) -> Iterator[Import]:
    """Yield every import, wherever it stands: on use and for type checking count as well."""
    for node in nodes_of(module, ast.Import):
        for alias in node.names:
            yield Import(node.lineno, alias.name, None)
    for node in nodes_of(module, ast.ImportFrom):
        source = node.module or ""
        if node.level:
            parents = module.name.split(".")
            kept = len(parents) - node.level + (1 if module.is_package else 0)
            source = ".".join([*parents[:kept], *([source] if source else [])])
        for alias in node.names:
            yield Import(node.lineno, source, alias.name)


def covers(forbidden: str, imported: Import) -> bool:
    """Say whether an import is, or lies within, a forbidden module."""
    full = f"{imported.module}.{imported.name}" if imported.name else imported.module
    return full == forbidden or full.startswith(f"{forbidden}.") or imported.module == forbidden


def taken_modules(module: Module, known: Collection[str]) -> set[str]:
    """Return the modules that a module imports, wherever the import stands."""
    found = set()
    for imported in list_imports(module):
        full = f"{imported.module}.{imported.name}"
        found |= {full if full in known else imported.module} & set(known)
    allowed = {above for below, above in TYPES_FROM_ABOVE if below == module.name}
    return found - allowed - {module.name}


def list_strings(module: Module) -> Iterator[ast.Constant]:
    """Yield the string constants of a module, docstrings left out."""
    docstrings = set()
    for node in nodes_of(module, ast.Expr):
        if isinstance(node.value, ast.Constant):
            docstrings.add(id(node.value))
    for node in nodes_of(module, ast.Constant):
        if isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def read_public_names(face: str) -> set[str]:
    """Return ``__all__`` of a public face, read from its source."""
    facade = [node for module in core() if module.name == face for node in module.tree.body]
    for node in facade:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return set(ast.literal_eval(node.value))
    pytest.fail(f"{face} assigns no literal list to __all__")


def wrong_imports(module: Module) -> Iterator[str]:
    """Yield what a module of the core imports from its own storey's neighbours or from above."""
    if module.storey in GATHERING:
        return
    part = PART_OF.get(module.storey, module.storey)
    if part not in LEVELS:
        yield f"{module.name} belongs to no storey: put it in STOREYS"
        return
    for imported in list_imports(module):
        parts = imported.module.split(".")
        if parts[0] != "reen":
            continue
        target = parts[1] if len(parts) > 1 else imported.name
        target = PART_OF.get(target or "", target)
        if target not in LEVELS:  # a face, or a name of one
            allowed = part in CALLERS
        else:
            above_or_beside = LEVELS[target] >= LEVELS[part]
            allowed = target == part or not above_or_beside
        if not allowed and (module.name, imported.module) not in TYPES_FROM_ABOVE:
            yield f"{module.name}:{imported.line} imports {imported.module} {imported.name or ''}"


def private_names(module: Module, faces: Mapping[str, set[str]]) -> Iterator[str]:
    """Yield what a bundled plugin uses of reen that is not public."""
    imports = nodes_of(module, ast.Import)
    aliases = {a.asname or a.name for node in imports for a in node.names if a.name == "reen"}
    for imported in list_imports(module):
        if imported.module.startswith("reen.tables."):
            continue  # the reader, which importers of a format of their own build on
        if imported.module in faces:
            if imported.name and imported.name not in faces[imported.module]:
                name = f"{imported.module}.{imported.name}"
                yield f"{module.name}:{imported.line}: {name} is in no __all__ of its face"
        elif imported.module.startswith("reen."):
            yield f"{module.name}:{imported.line}: {imported.module} is not public"
    for node in nodes_of(module, ast.Attribute):
        if not isinstance(node.value, ast.Name):
            continue
        if node.value.id in aliases and node.attr not in faces["reen"]:
            yield f"{module.name}:{node.lineno}: reen.{node.attr} is not in reen.__all__"


def called(call: ast.Call) -> str:
    """Return what is called, as it is written."""
    function = call.func
    return function.id if isinstance(function, ast.Name) else ast.unparse(function)


def list_calls(module: Module) -> Iterator[tuple[int, str | None, str]]:
    """Yield the line of each call, the last name of what is called, and all of it."""
    for node in nodes_of(module, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", None))
        yield node.lineno, name, called(node)


def test_imports_go_down_only() -> None:
    assert not [wrong for module in core() for wrong in wrong_imports(module)]


def test_each_part_of_the_house_stands_as_low_as_it_can() -> None:
    names = {module.name for module in core()}
    below: dict[str, set[str]] = {name: set() for name in LEVELS}
    for module in core():
        taken = {each.split(".")[1] for each in taken_modules(module, names) if "." in each}
        part = PART_OF.get(module.storey, module.storey)
        if part in LEVELS:
            taken = {PART_OF.get(each, each) for each in taken}
            below[part] |= (taken & LEVELS.keys()) - {part}
    heights = {}
    for name in TopologicalSorter(below).static_order():
        heights[name] = max((heights[under] + 1 for under in below[name]), default=0)
    # what calls everything is the roof, whatever it calls today
    assert {name: LEVELS[name] for name in heights if name not in CALLERS} == {
        name: height for name, height in heights.items() if name not in CALLERS
    }


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports inside functions and for type checkers count as well: they hide a circle, no more."""
    names = {module.name for module in both()}
    order = TopologicalSorter({each.name: taken_modules(each, names) for each in both()})
    try:
        order.prepare()
    except CycleError as error:
        pytest.fail("a circle of imports: " + " -> ".join(error.args[1]))


def test_the_maker_of_a_view_stands_above_its_class() -> None:
    """A class names its view (`Viewed.made_by`) instead of importing it; the view imports it."""
    known = {module.name: module for module in core()}
    made = [
        (module.name, ast.literal_eval(node.value))
        for module in core()
        for node in nodes_of(module, ast.AnnAssign)
        if node.value and ast.unparse(node.target) == "made_by"
    ]
    assert made
    for name, maker in made:
        module, _, function = maker.partition(":")
        defined = [getattr(node, "name", "") for node in known[module].tree.body]
        assert function in defined, f"{name} names {maker}"
        assert name in taken_modules(known[module], known), f"{maker} does not import {name}"


def test_core_does_not_know_the_bundled_plugins() -> None:
    imports = [
        f"{module.name}:{imported.line}"
        for module in core()
        for imported in list_imports(module)
        if imported.module.split(".")[0] == "reen_plugins"
    ]
    strings = [
        f"{module.name}:{string.lineno}"
        for module in core()
        for string in list_strings(module)
        if "reen_plugins" in string.value
    ]
    assert not imports + strings


def test_bundled_plugins_use_public_names_only() -> None:
    faces = {face: read_public_names(face) for face in FACES}
    assert not [wrong for module in bundled() for wrong in private_names(module, faces)]


def given_sinks(module: Module) -> set[str]:
    """Return the names that the one writer, or memory, gives to write in."""
    names = set()
    for node in nodes_of(module, ast.withitem):
        made = node.context_expr
        sink = isinstance(made, ast.Call) and called(made) in {
            "writing",
            "pa.ipc.new_stream",
            "pa.ipc.new_file",
        }
        if sink and isinstance(node.optional_vars, ast.Name):
            names.add(node.optional_vars.id)
    for node in nodes_of(module, ast.arg):  # what `write_files` gives to what writes a file
        if node.annotation is not None and ast.unparse(node.annotation) == "BinaryIO":
            names.add(node.arg)
    for node in nodes_of(module, ast.Assign):
        if isinstance(node.value, ast.Call):
            made = called(node.value).rpartition(".")[2]
            if made in {"BytesIO", "StringIO", "BufferOutputStream"}:
                names |= {each.id for each in node.targets if isinstance(each, ast.Name)}
    return names


def opens_to_write(call: ast.Call) -> bool:
    """Tell whether a call of an `open` asks for more than reading, or cannot be told not to."""
    name = getattr(call.func, "id", getattr(call.func, "attr", None))
    if name not in {"open", "OSFile", "FileIO"}:
        return False
    place = 1
    if isinstance(call.func, ast.Attribute) and name == "open":
        place = 0
        if ast.unparse(call.func.value).rpartition(".")[2][0].isupper():
            return False  # a class of ours that is made of a file
    modes = [each.value for each in call.keywords if each.arg == "mode"]
    modes += call.args[place : place + 1]
    return any(
        not isinstance(mode, ast.Constant) or bool(set("wax+") & set(str(mode.value)))
        for mode in modes
    )


def writes(module: Module) -> Iterator[str]:
    """Yield the calls of a module that write a file by themselves."""
    sinks = given_sinks(module)
    for node in nodes_of(module, ast.Call):
        whole = called(node)
        name = whole.rpartition(".")[2]
        if whole in WRITING_CALLS or name in WRITING_CALLS or opens_to_write(node):
            yield f"{module.name}:{node.lineno} calls {whole}()"
        place = SINK_CALLS.get(name)
        if place is not None and isinstance(node.func, ast.Attribute):
            sink = node.args[place : place + 1]
            if sink and not (isinstance(sink[0], ast.Name) and sink[0].id in sinks):
                yield f"{module.name}:{node.lineno} lets {whole}() open a file"


def test_one_writer_writes_all_files() -> None:
    """No other place opens a file to write, moves one, or lets a library do so by its path."""
    assert not [
        wrong for module in both() if module.name not in WRITERS for wrong in writes(module)
    ]


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("path.write_text(text)", True),
        ("path.open('w')", True),
        ("open(path, mode='ab')", True),
        ("path.open(mode)", True),
        ("open(path)", False),
        ("path.open('rb')", False),
        ("Review.open(plan)", False),
        ("pq.write_table(rows, path)", True),
        ("with writing(path) as file:\n    pq.write_table(rows, file)", False),
        ("sink = pa.BufferOutputStream()\npyarrow.csv.write_csv(rows, sink)", False),
        ("os.replace(one, other)", True),
        ("text.replace('a', 'b')", False),
    ],
)
def test_what_writes_is_known(source: str, *, wrong: bool) -> None:
    """The check itself: a call whose mode is a variable is one that may write."""
    assert bool(list(writes(written(source)))) == wrong


def test_engine_knows_neither_files_nor_pint() -> None:
    engine = [module for module in core() if module.storey == "engine"]
    imports = [
        f"{module.name}:{imported.line} imports {imported.module}"
        for module in engine
        for imported in list_imports(module)
        if any(covers(forbidden, imported) for forbidden in FORBIDDEN_IN_ENGINE)
    ]
    calls = [
        f"{module.name}:{line} calls {whole}()"
        for module in engine
        for line, name, whole in list_calls(module)
        if name in FILE_CALLS
    ]
    assert engine
    assert not imports + calls


def test_every_module_says_its_role() -> None:
    short = []
    for module in both():
        text = ast.get_docstring(module.tree) or ""
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            short.append(f"{module.name} opens with {len(lines)} lines: role, inputs, outputs")
    assert not short


def test_only_the_command_line_prints() -> None:
    assert not [
        f"{module.name}:{line} prints"
        for module in both()
        if module.storey not in {"cli", "__main__"}
        for line, _, whole in list_calls(module)
        if whole == "print"
    ]


def test_no_blanket_except() -> None:
    blanket = []
    for module in both():
        for node in nodes_of(module, ast.ExceptHandler):
            if module.name in BLANKET_ALLOWED:
                continue
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {ast.unparse(kind) if kind else "everything" for kind in caught}
            if names & {"everything", "Exception", "BaseException"}:
                blanket.append(f"{module.name}:{node.lineno} catches everything")
    assert not blanket
