"""No code reads prose: reasons and assumptions are told apart by code and details.

Read from the syntax trees of the packages: a sentence (the text of a reason, or `str` of one) that
is compared, looked for or cut up would tie what the program does to how a sentence is written, and
to the language that it is written in.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from .source_trees import Module, both, nodes_of, written

#: Names under which reasons and assumptions go.
REASONS = {"assumption", "assumptions", "reason", "reasons", "rule"}

#: Methods that look into a text, or into a table of texts.
READING = {"endswith", "find", "fullmatch", "match", "partition", "removeprefix", "removesuffix"}
READING |= {"rpartition", "search", "split", "startswith"}
LOOKING_UP = {"count", "get", "index"}

#: The rule of a mapping has a `reason` too, which is a code.
ALLOWED = {
    ("reen.tables.mapping.checking", "rule.reason.startswith('row_')"),
    ("reen.tables.one_table", "rule.reason.removeprefix('row_')"),
}


def is_prose(node: ast.expr) -> bool:
    """Tell whether an expression is the sentence of a reason or an assumption."""
    if isinstance(node, ast.BoolOp):
        return any(map(is_prose, node.values))
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute) and node.func.attr == "text":
        return True
    called = isinstance(node.func, ast.Name) and node.func.id == "str" and len(node.args) == 1
    return called and is_reason(node.args[0])


def is_reason(node: ast.expr) -> bool:
    """Tell whether an expression goes under the name of a reason."""
    if isinstance(node, ast.BoolOp):
        return any(map(is_reason, node.values))
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name in REASONS


def is_text(node: ast.expr) -> bool:
    """Tell whether an expression is text that somebody wrote, or several."""
    if isinstance(node, (ast.Tuple, ast.Set, ast.List)):
        return any(map(is_text, node.elts))
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def readings(module: Module) -> Iterator[str]:
    """Yield the expressions that read the sentence of a reason, as they are written."""
    for node in nodes_of(module, ast.Compare, ast.Subscript, ast.Call):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            reason = any(isinstance(side, ast.Attribute) and is_reason(side) for side in sides)
            if any(map(is_prose, sides)) or (reason and any(map(is_text, sides))):
                yield ast.unparse(node)
        elif isinstance(node, ast.Subscript) and is_prose(node.slice):
            yield ast.unparse(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            taken = [node.func.value, *node.args]
            prose = any(map(is_prose, taken))
            if (node.func.attr in READING and (prose or any(map(is_reason, taken)))) or (
                node.func.attr in LOOKING_UP and prose
            ):
                yield ast.unparse(node)


def test_no_code_reads_the_sentence_of_a_reason() -> None:
    """Ask for `reason.code` and `reason.detail(...)`, or compare with another `Reason`."""
    found = {(each.name, text) for each in both() for text in readings(each)}
    assert found <= ALLOWED
    assert len(both()) > 300


@pytest.mark.parametrize(
    "code",
    [
        "row.reason == 'country unknown'",
        "row.reason in ('country unknown', 'lifetime unknown')",
        "'unknown' in row.reason",
        "row.reason != f'{name} unknown'",
        "row.reason.startswith('status')",
        "str(row.reason) == 'country unknown'",
        "str(row.reason or '').startswith('status')",
        "'median' in str(assumption)",
        "reason.text('fr').partition(':')",
        "outcome.reason.text() == other",
        "sentences[str(reason)]",
        "errors.get(str(reason), '')",
        "re.match(pattern, str(reason))",
    ],
)
def test_what_reads_a_sentence_is_found(code: str) -> None:
    """Each of these has to be a finding."""
    assert list(readings(written(code))) == [ast.unparse(ast.parse(code))]


@pytest.mark.parametrize(
    "code",
    [
        "row.reason == Reason('missing', column='country')",
        "row.reason == other.reason",
        "row.reason is None",
        "row.reason.code == 'missing'",
        "row.reason.code in {'missing', 'invalid'}",
        "lines.append(str(row.reason))",
        "reasons.get(row.reason)",
    ],
)
def test_what_asks_for_the_code_is_not(code: str) -> None:
    """None of these reads a sentence."""
    assert list(readings(written(code))) == []
