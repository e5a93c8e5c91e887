"""What a plugin defers: known by its name, imported on first use, checked as if given at once."""

from __future__ import annotations

import pickle
import sys
from typing import Any

import attrs
import pytest

import reen
from reen.plugin import Deferred, hookimpl
from reen.plugins.deferred import Objects
from reen.testing import ToyMethod

_HERE = __name__


@attrs.frozen
class Named:
    """One of several objects of a module."""

    name: str


SEVERAL = (Named("one"), Named("two"), Named("two"))
NO_METHOD = Named("toy")


def _plugin(name: str, home: str) -> object:
    class Plugin:
        @hookimpl
        def reen_methods(self) -> list[Deferred]:
            return [Deferred(name, home)]

    return Plugin()


@pytest.mark.parametrize(
    "kind", ["methods", "importers", "indicators", "exporters", "factor_readers"]
)
def test_every_bundled_object_is_called_as_it_was_deferred(kind: str) -> None:
    objects = getattr(reen.default_registry(), kind)
    assert {name: each.name for name, each in objects.items()} == {name: name for name in objects}
    assert list(objects) == sorted(objects)


def test_names_are_known_without_an_import() -> None:
    registry = reen.load_plugins(only=(), extra=[_plugin("toy", "reen_no_such_module:Method")])
    assert list(registry.methods) == ["toy"]
    assert "toy" in registry.methods
    assert "reen_no_such_module" not in sys.modules


@pytest.mark.parametrize(
    ("home", "said"),
    [
        ("reen_no_such_module:Method", "No module named 'reen_no_such_module'"),
        ("reen.testing:NoSuchMethod", "has no attribute 'NoSuchMethod'"),
        (f"{_HERE}:NO_METHOD", "which is no method: see the hook's contract"),
        (f"{_HERE}:SEVERAL", "0 objects called 'other'"),
        (
            "reen.testing:ToyMethod",
            "reen.testing:ToyMethod is called 'toy' and was deferred as 'other'",
        ),
    ],
)
def test_what_cannot_be_used_names_its_plugin_when_it_is_asked_for(home: str, said: str) -> None:
    registry = reen.load_plugins(only=(), extra=[_plugin("other", home)])
    with pytest.raises(reen.errors.PluginError, match=r"^Plugin: ") as caught:
        registry.method("other")
    assert said in str(caught.value)


def test_a_place_without_an_attribute_is_refused() -> None:
    with pytest.raises(reen.errors.PluginError, match=r"expected 'package\.module:attribute'"):
        Deferred("toy", "reen.testing.ToyMethod")


def test_one_of_several_is_found_by_its_name() -> None:
    assert Deferred("one", f"{_HERE}:SEVERAL").load() is SEVERAL[0]
    with pytest.raises(LookupError, match="2 objects called 'two'"):
        Deferred("two", f"{_HERE}:SEVERAL").load()


def test_it_is_loaded_once_and_again_in_another_process() -> None:
    registry = reen.load_plugins(only=(), extra=[_plugin("toy", "reen.testing:ToyMethod")])
    assert registry.method("toy") is registry.method("toy")
    again: Objects[Any] = pickle.loads(pickle.dumps(registry.methods))  # noqa: S301 - our own
    assert again["toy"] == ToyMethod()


def test_a_name_that_is_not_there_is_said_with_the_nearest() -> None:
    with pytest.raises(reen.errors.UnknownNameError, match="base-carbone"):
        reen.default_registry().method("base-carbon")


@pytest.mark.parametrize("name", [3, None, ""])
def test_a_name_that_is_no_text_is_the_fault_of_its_plugin(name: str) -> None:
    with pytest.raises(reen.errors.PluginError, match="expected its name as text"):
        reen.load_plugins(only=(), extra=[_plugin(name, "os:path")])
