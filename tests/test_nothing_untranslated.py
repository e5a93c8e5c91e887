"""No sentence reaches a person in one language only: read from the syntax trees of the packages.

How a sentence is found: a text of two words or more among the arguments of an error that is raised
or made, of what prints or asks, or of what a name in such an argument stands for (a variable, a
constant, what a function of the module returns); and in a table of texts by language.  What is
said by `Reason` or `say` stands in both catalogues, as the last tests look; pages are read between
marks (`unit/cli/test_languages.py`).  What is left is held by lists: errors that only an author of
plugins or of reen meets stay English, as their code does.
"""

from __future__ import annotations

import ast
import importlib
import importlib.resources
import io
import re
from collections.abc import Iterable, Iterator

import attrs
import click
import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import reen
from reen.cli.app import COMMANDS, app
from reen.cli.catalogue import option_texts
from reen.cli.speech import key_of
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.plugins.building import default_registry
from reen.reasons import LANGUAGES, has_sentence
from reen.reasons.catalogue import catalogue_of

from .source_trees import Module, both, nodes_of, walk, written

#: Errors that say what is wrong with a program, to who writes it.
AUTHORS = {
    "AssertionError",
    "AttributeError",
    "BrokenLawError",
    "KeyError",
    "NotImplementedError",
    "PluginError",
    "RuntimeError",
    "TypeError",
    "VocabularyError",
    "struct.error",
}

#: Modules that only authors of plugins, of packs or of reen call.
OF_AUTHORS = (
    "reen.engine",
    "reen.method",
    "reen.plugins",
    "reen.reasons",
    "reen.testing",
    "reen_plugins.boavizta.answers",
    "reen_plugins.factor_packs.making",
)

#: Modules among them whose errors whoever types an option meets.
OF_USERS = {"reen.plugins.options"}

#: Texts that are no sentence (what is typed, keys of `kind_...`), or are for authors, by module.
KNOWN = {
    ("reen.cli.reading_options", "f'reen read {files.typed_with} --full'"),
    ("reen.cli.reading", "f'reen read {files.typed_with} --worklist questions.csv'"),
    (
        "reen.cli.starting",
        "f'reen review {path} --year {last} --output bilan-{last}/'",
    ),
    (
        "reen.factors.pack",
        "f'a PackContent from its load function, not {type(content).__name__}'",
    ),
    ("reen.kernel", "'built from other sources: install reen again'"),
    ("reen.kernel", "'not built'"),
    ("reen.kernel", "f'does not load: {error}'"),
    ("reen.monitoring.computing", "'kind of records'"),
    (
        "reen.monitoring.values",
        "f'{self.indicator}: give a number, or the reason why there is none'",
    ),
    (
        "reen.monitoring.values",
        "f'{self.indicator}: {value} is no value; say why it is missing instead'",
    ),
    (
        "reen.monitoring.values",
        "f'{self.indicator}: {self.value} does not lie from {self.least} to'",
    ),
    ("reen.results.comparison", "'compared method'"),
    (
        "reen.tables.evidence.model_rules",
        "f'models.csv: what {pattern!r} begins with cannot be told'",
    ),
    ("reen.tables.mapping.checking", "'decimal mark'"),
    ("reen.tables.mapping.checking", "'equipment type'"),
    ("reen.tables.mapping.checking", "'kind of table'"),
    ("reen.tables.mapping.checking", "'way to combine'"),
    ("reen.vocabulary.equipment_types", "'equipment type'"),
    ("reen.vocabulary.unit_table", "f'{unit!r} is not a unit'"),
    ("reen.factors.pack", "'factor pack'"),
    ("reen_plugins.base_carbone.file", '"Identifiant de l\'élément"'),
    ("reen_plugins.base_carbone.file", "'Type Ligne'"),
    ("reen_plugins.base_impacts.tables", "\"pip install 'boaviztapi==2.5.0'\""),
    ("reen_plugins.base_impacts.tables", "'ADEME Base IMPACTS'"),
    ("reen_plugins.boavizta.package", "f'cannot be imported: {error}'"),
}

#: Modules whose functions give notes and reasons to values: what they fill in is read by people.
INDICATORS = "reen_plugins.indicators"

#: Functions that make, collect or print what a person is told, by their last name.
TELLING = {"BadParameter", "Fault", "UsageError", "add", "confirm", "echo", "fail", "fault"}
TELLING |= {"_damaged", "_error", "_fail", "_none", "_refuse", "_refused", "_too_large", "_wrong"}
TELLING |= {"print", "prompt", "refuse", "stranger", "unknown"}

#: Arguments that are no sentence: names of options, of columns.
UNSAID = {"columns", "err", "param_hint"}

#: Functions whose texts stand in the catalogues.
SAYING = {"Assumption", "Reason", "as_reason", "say"}

#: Functions that are given a code, as they are called.
CODED = {"Assumption", "Reason", "_Reason", "_assumed", "_say", "say"}

SENTENCE = re.compile(r"[^\W\d_]{2,}[,;:]? [^\W\d_]{2,}")


def last_name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def tells(call: ast.Call) -> bool:
    """Tell whether a call makes or prints what a person is told."""
    name = last_name(call.func)
    if {name, ast.unparse(call.func)} & AUTHORS:
        return False
    return name in TELLING or name.endswith("Error")


def given_to(call: ast.Call) -> list[ast.expr]:
    """Return what a person is told of a call; of a sentence of the catalogues, its details."""
    kept = [each.value for each in call.keywords if each.arg not in UNSAID]
    return kept if last_name(call.func) in SAYING else [*call.args, *kept]


def sentences(node: ast.AST) -> Iterator[str]:
    """Yield the sentences that are written out under a node, outside of the catalogues."""
    if isinstance(node, ast.Call) and last_name(node.func) in SAYING:
        return
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and SENTENCE.search(node.value):
            yield ast.unparse(node)
        return
    if isinstance(node, ast.JoinedStr):
        parts = (each.value if isinstance(each, ast.Constant) else "x" for each in node.values)
        if SENTENCE.search(" ".join(map(str, parts))):
            yield ast.unparse(node)
        inner = [each.value for each in node.values if isinstance(each, ast.FormattedValue)]
    else:
        inner = list(ast.iter_child_nodes(node))
    for each in inner:
        yield from sentences(each)


def untranslated(module: Module) -> Iterator[str]:
    """Yield the sentences of a module that reach a person as they are written."""
    for table in nodes_of(module, ast.Dict):
        # a table of texts by language, whoever looks a text up in it
        keys = [getattr(each, "value", None) for each in table.keys]
        if "en" in keys:
            yield from sentences(table.values[keys.index("en")])
    if module.name.startswith(INDICATORS):
        for function in nodes_of(module, ast.FunctionDef):
            yield from formatted(function)
    calls = nodes_of(module, ast.Call)
    telling = {id(call): call for call in calls if tells(call) or last_name(call.func) in SAYING}
    for call in telling.values():
        for each in given_to(call):
            yield from sentences(each)
    for function in nodes_of(module, ast.FunctionDef) if telling else ():
        inside = walk(function)
        used = {
            each.id
            for node in inside
            if id(node) in telling
            for given in given_to(telling[id(node)])
            for each in walk(given)
            if isinstance(each, ast.Name)
        }
        for value in values_of(used, (*inside, *module.tree.body)):
            yield from sentences(value)


def formatted(function: ast.FunctionDef) -> Iterator[str]:
    """Yield the sentences that an indicator fills in, whatever way they take to its notes."""
    for node in walk(function):
        if isinstance(node, ast.JoinedStr):
            yield from sentences(node)


def values_of(names: set[str], nodes: Iterable[ast.AST]) -> Iterator[ast.expr]:
    """Yield what names stand for: what is assigned to them, or what functions of them return.

    Not a table or a list of names: its words are those of a file, not of a sentence.
    """
    for each in nodes:
        if isinstance(each, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and each.value:
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            assigned = {getattr(part, "id", "") for one in targets for part in walk(one)}
            if names & assigned and not isinstance(each.value, (ast.Dict, ast.Set, ast.Tuple)):
                yield each.value
        elif isinstance(each, ast.FunctionDef) and each.name in names:
            for said in walk(each):
                if isinstance(said, ast.Return) and said.value:
                    yield said.value


def test_no_error_and_no_print_is_in_english_only() -> None:
    """Give a sentence a code in both catalogues: `Reason("code", name=value)`, or `say`."""
    found = {
        (module.name, text)
        for module in both()
        if module.name in OF_USERS or not module.name.startswith(OF_AUTHORS)
        for text in untranslated(module)
    }
    assert found <= KNOWN, sorted(found - KNOWN)
    assert found >= KNOWN, sorted(KNOWN - found)


@pytest.mark.parametrize(
    "code",
    [
        "raise OptionError('m', 'o', value, 'a whole number above 0')",
        "raise InventoryError(f'{place}: there is no header {name!r}')",
        "def f():\n    message = 'the file is empty'\n    raise FileFormatError(path, message)",
        "click.echo(f'written to {path}: all of it', err=True)",
        "name = click.prompt('Name of the authority')",
        "raise rows.fail(line, column, cell, 'one of ' + 'these and those')",
        "def f():\n    return InventoryError('columns and no row')",
        "SAID = 'damaged ({}): send again'\ndef f():\n    raise FileError(path, SAID.format(1))",
        "raise InventoryError(Reason('code', names=', '.join(names) or 'no column'))",
        "def f():\n    hint = f'is it {near}?'\n    raise FileError(Reason('code', hint=hint))",
        "def g():\n    return f'{n} files and no row'\ndef f():\n    raise InventoryError(g())",
        "WORDS = {'en': {'whole': 'of the whole fleet'}, 'fr': {'whole': 'de tout le parc'}}",
    ],
)
def test_what_is_written_out_is_found(code: str) -> None:
    """Each of these has to be a finding."""
    assert list(untranslated(written(code)))


def test_a_note_of_an_indicator_is_found_wherever_it_is_made() -> None:
    code = "def f():\n    note = f'{n} items bought later'\n    told = (note,)\n    g(notes=told)"
    assert list(untranslated(written(code)._replace(name=f"{INDICATORS}.mine")))


@pytest.mark.parametrize(
    "code",
    [
        "raise OptionError('m', 'o', value, Reason('error_number_above', least=0))",
        "click.echo(say('page_written', path=str(path), said=total), err=True)",
        "raise PluginError(plugin, 'gave no exchanges at all')",
        "title = 'two words that nobody is told'",
    ],
)
def test_what_stands_in_the_catalogues_is_not(code: str) -> None:
    """Nor is what authors are told."""
    assert not list(untranslated(written(code)))


def codes_written() -> Iterator[tuple[str, str]]:
    """Yield each code that the source writes out, and its module."""
    for module in both():
        for call in nodes_of(module, ast.Call):
            code = call.args[0] if call.args else None
            # a view has a `say` of its own: those of the catalogues are called by their bare name
            if getattr(call.func, "id", "") in CODED and isinstance(code, ast.Constant):
                yield str(code.value), module.name


def test_every_code_of_the_source_has_its_sentence() -> None:
    """Write it in both `languages/*/LC_MESSAGES/reen.po`, in its order, and compile these."""
    found = set(codes_written())
    assert len(found) > 1_000
    missing = [
        (code, module, language)
        for code, module in sorted(found)
        for language in LANGUAGES
        if catalogue_of(language).sentence(code) is None
    ]
    assert not missing


def french_help() -> tuple[dict[str, str], bytes]:
    folder = importlib.resources.files("reen").joinpath("languages", "fr", "LC_MESSAGES")
    source = read_po(io.BytesIO(folder.joinpath("cli.po").read_bytes()), abort_invalid=True)
    compiled = folder.joinpath("cli.mo").read_bytes()
    texts = {m.id: m.string for m in source if isinstance(m.id, str) and m.id}
    return texts, compiled


def test_the_help_of_every_command_is_in_french() -> None:
    """Add what is missing to `languages/fr/LC_MESSAGES/cli.po`, under its English."""
    texts, _ = french_help()
    wanted = {app.help or "", *(said for _, said in COMMANDS.values())}
    for name, (module, _) in COMMANDS.items():
        command = getattr(importlib.import_module(f"reen.cli.{module}"), name.replace("-", "_"))
        wanted.add(command.help or "")
        for each in (*command.params, *app.params):
            wanted.add(each.metavar or "")
            wanted.add(each.help or "" if isinstance(each, click.Option) else "")
    registry = default_registry()
    for method in registry.methods.values():
        wanted.update(option_texts(method).values())
    wanted.update(each.title for each in (*registry.importers.values(), *registry.mappings))
    for indicator in registry.indicators.values():
        wanted |= {indicator.formula, indicator.source}
    missing = {key_of(text) for text in wanted if text} - texts.keys()
    assert not missing, f"add them to languages/fr/LC_MESSAGES/cli.po: {sorted(missing)}"


def test_every_option_of_a_method_says_what_it_does() -> None:
    """`reen methods NAME --full` prints it."""
    missing = [
        f"{type(method).__name__}.{field.name}"
        for method in default_registry().methods.values()
        for field in attrs.fields(type(method))
        if not option_texts(method).get(field.name)
    ]
    assert not missing, f"write them under Attributes of the docstring of their class: {missing}"


def test_methods_and_packs_are_described_in_french() -> None:
    """Methods have their words in the catalogues, indicators in `cli.po`; packs bring theirs."""
    registry = default_registry()
    codes = [
        f"{of}_{name.replace('-', '_')}"
        for name in registry.methods
        for of in ("method", "reference")
    ]
    missing = [code for code in codes if not has_sentence(code)]
    missing += [
        f"{pack.name}: {text}_fr"
        for pack in registry.factor_packs.values()
        for text in ("title", "description", "notes")
        if bool(getattr(pack, text)) != bool(getattr(pack, f"{text}_fr"))
    ]
    assert not missing, f"add them to both catalogues, or to the pack: {missing}"


def test_the_words_of_a_pack_are_those_of_the_language() -> None:
    pack = default_registry().factor_pack("weee-weights")
    assert pack.words("title") == pack.title
    with reen.language("fr"):
        assert pack.words("title") == "Masse moyenne d'un équipement par type"
        assert attrs.evolve(pack, title_fr="").words("title") == pack.title


def test_the_help_is_compiled() -> None:
    """Mend with: pybabel compile -d src/reen/languages -D cli."""
    texts, compiled = french_help()
    again = {m.id: m.string for m in read_mo(io.BytesIO(compiled)) if isinstance(m.id, str)}
    assert {key: again[key] for key in texts} == texts
    assert all(texts.values())


def test_every_column_has_a_name_in_both_languages() -> None:
    """Else a French page shows its key: add ``parameter_<column>`` to both catalogues."""
    columns = {name for schema in SCHEMA_OF_KIND.values() for name in schema}
    missing = sorted(
        f"parameter_{name}" for name in columns if not has_sentence(f"parameter_{name}")
    )
    assert not missing, f"add them to both catalogues: {missing}"
