"""The examples of docstrings run, as those of the documentation do."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import reen
import reen_plugins

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL


def modules() -> Iterator[str]:
    """Yield the names of all modules but those that run when they are imported."""
    for package in (reen, reen_plugins):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                yield module.name


def examples(name: str) -> Iterator[doctest.DocTest]:
    """Yield the docstrings of a module that have examples; the library is imported in them."""
    module = importlib.import_module(name)
    for found in doctest.DocTestFinder().find(module, extraglobs={"reen": reen}):
        if found.examples:
            yield found


def run(example: doctest.DocTest) -> tuple[int, str]:
    """Return how many lines of an example fail, and what is said of them."""
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=OPTIONS)
    return runner.run(example, out=said.append).failed, "".join(said)


@pytest.mark.slow
def test_examples_of_docstrings_run() -> None:
    """What a docstring shows is what happens."""
    outcomes = [run(example) for name in modules() for example in examples(name)]
    assert outcomes
    assert not any(failed for failed, _ in outcomes), "\n".join(said for _, said in outcomes)


def test_every_public_name_has_an_example() -> None:
    """Modules, classes and functions; a plain value has no docstring of its own."""
    values = {name for name in reen.__all__ if isinstance(getattr(reen, name), (str, tuple))}
    assert values == {"__version__"}
    docstrings = {name: getattr(reen, name).__doc__ or "" for name in {*reen.__all__} - values}
    assert not sorted(name for name, text in docstrings.items() if ">>>" not in text)


def test_there_are_examples_and_a_wrong_one_is_found() -> None:
    """Some of reen's are found at all; and one plus one is not three."""
    assert sum(len(each.examples) for each in examples("reen.method.amounts")) > 1
    wrong = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, None)
    failed, said = run(wrong)
    assert failed == 1
    assert "Expected:" in said
