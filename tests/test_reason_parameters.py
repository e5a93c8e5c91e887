"""Every sentence of the sources gets the parameters that it speaks of, in either language.

Read from the syntax trees: a call that names its code and its parameters literally.  A parameter
that lacks would print the code in place of the sentence.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import reen  # noqa: F401 - its plugins bring sentences of their own
from reen.reasons import LANGUAGES, has_sentence, parameters_of, sentence_template

#: What takes a code, then the parameters of its sentence.
SAYING = {"Excluded", "LeftOut", "Reason", "say"}

#: Whose `say` names the sentences of a change by what follows ``change_``.
CHANGE = "reen.results.change_wording"


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in ("reen", "reen_plugins"):
        spec = importlib.util.find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        folder = Path(spec.origin).parent
        for path in sorted(folder.rglob("*.py")):
            name = ".".join((package, *path.relative_to(folder).with_suffix("").parts))
            yield name, ast.parse(path.read_text("utf-8"))


def said(module: str, tree: ast.Module) -> Iterator[tuple[str, set[str], int]]:
    """Yield the code, the names of the parameters, and the line of each literal call."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args or len(node.args) > 1:
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        code = node.args[0]
        names = {each.arg for each in node.keywords if each.arg is not None}
        literal = isinstance(code, ast.Constant) and len(names) == len(node.keywords)
        if name not in SAYING or not literal:
            continue
        assert isinstance(code, ast.Constant)
        if module == CHANGE and isinstance(called, ast.Attribute):
            yield f"change_{str(code.value).replace(' ', '_')}", names, node.lineno
        else:
            yield str(code.value), names, node.lineno


def lacking() -> Iterator[str]:
    for module, tree in modules():
        for code, names, line in said(module, tree):
            if not has_sentence(code):
                continue
            for language in LANGUAGES:
                for count in (1, 2) if "count" in names else (None,):
                    template = sentence_template(code, language, count=count)
                    for name in sorted(parameters_of(template) - names):
                        yield f"{module}, line {line}: {code} lacks {name} ({language})"


def test_every_sentence_gets_its_parameters() -> None:
    assert not sorted(set(lacking()))


def test_many_sentences_are_looked_at() -> None:
    """A test that looks at nothing would pass whatever the sources hold."""
    assert (
        sum(has_sentence(code) for name, tree in modules() for code, *_ in said(name, tree)) > 900
    )
