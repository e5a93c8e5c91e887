"""Every sentence of the sources gets the parameters that it speaks of, in either language.

Read from the syntax trees: a call that names its code and its parameters literally.  A parameter
that lacks would print the code in place of the sentence.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import reen  # noqa: F401 - its plugins bring sentences of their own
from reen.reasons import LANGUAGES, has_sentence, parameters_of, sentence_template

from .source_trees import Module, both, nodes_of

#: What takes a code, then the parameters of its sentence.
SAYING = {"Excluded", "LeftOut", "Reason", "say"}

#: Whose `say` names the sentences of a change by what follows ``change_``.
CHANGE = "reen.results.change_wording"


def said(module: Module) -> Iterator[tuple[str, set[str], int]]:
    """Yield the code, the names of the parameters, and the line of each literal call."""
    for node in nodes_of(module, ast.Call):
        if len(node.args) != 1:
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        code = node.args[0]
        names = {each.arg for each in node.keywords if each.arg is not None}
        literal = isinstance(code, ast.Constant) and len(names) == len(node.keywords)
        if name not in SAYING or not literal:
            continue
        assert isinstance(code, ast.Constant)
        if module.name == CHANGE and isinstance(called, ast.Attribute):
            yield f"change_{str(code.value).replace(' ', '_')}", names, node.lineno
        else:
            yield str(code.value), names, node.lineno


def lacking() -> Iterator[str]:
    for module in both():
        for code, names, line in said(module):
            if not has_sentence(code):
                continue
            for language in LANGUAGES:
                for count in (1, 2) if "count" in names else (None,):
                    template = sentence_template(code, language, count=count)
                    for name in sorted(parameters_of(template) - names):
                        yield f"{module.name}, line {line}: {code} lacks {name} ({language})"


def test_every_sentence_gets_its_parameters() -> None:
    assert not sorted(set(lacking()))


def test_many_sentences_are_looked_at() -> None:
    """A test that looks at nothing would pass whatever the sources hold."""
    assert sum(has_sentence(code) for module in both() for code, *_ in said(module)) > 900
