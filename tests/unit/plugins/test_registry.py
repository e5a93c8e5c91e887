"""The registry: what plugins provide, and what becomes of those that fail, clash or misspell.

Installed plugins are real here: a module and the metadata of its distribution, written to a folder
of the import path.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import attrs
import pytest

import reen
from reen.testing import ToyMethod, registry_of

Install = Callable[..., None]

GOOD = """
import reen
from reen.testing import ToyMethod

@reen.hookimpl
def reen_methods():
    return [ToyMethod()]
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return a function that installs a plugin of one module under an entry point."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)

    def installed(module: str, text: str, *, name: str = "", version: str = "1.0") -> None:
        (tmp_path / f"{module}.py").write_text(text, encoding="utf-8")
        folder = tmp_path / f"{module}_dist-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {module}-dist\nVersion: {version}\n", encoding="utf-8"
        )
        (folder / "entry_points.txt").write_text(
            f"[reen]\n{name or module} = {module}\n", encoding="utf-8"
        )

    yield installed
    for module in set(sys.modules) - before:
        if module.startswith("reen_test_"):
            del sys.modules[module]


# -- installed plugins -----------------------------------------------------------------------


def test_an_installed_plugin_is_loaded(install: Install) -> None:
    """Beside the bundled one, with its distribution and version."""
    install("reen_test_good", GOOD, version="2.5")
    registry = reen.load_plugins()
    assert "toy" in registry.methods
    assert registry.origins["method", "toy"].distribution == "reen_test_good-dist"
    assert registry.origins["method", "toy"].version == "2.5"


def test_the_plugins_of_a_result_are_in_its_provenance(install: Install) -> None:
    """Distribution and version of whoever gave the method."""
    install("reen_test_good", GOOD, version="2.5")
    footprint = reen.measure(
        reen.Equipment("laptop"), method="toy", as_of="2022-12-31", registry=reen.load_plugins()
    )
    assert reen.PluginRecord("reen_test_good-dist", "2.5") in footprint.provenance.plugins


def test_only_some_plugins(install: Install) -> None:
    """By entry-point name: the bundled one is not among them."""
    install("reen_test_good", GOOD)
    registry = reen.load_plugins(only=["reen_test_good"])
    assert list(registry.methods) == ["toy"]


def test_without_some_plugins(install: Install) -> None:
    """Blocked by entry-point name."""
    install("reen_test_good", GOOD)
    assert "toy" not in reen.load_plugins(block=["reen_test_good"]).methods


def test_only_a_plugin_that_is_not_installed() -> None:
    """A name that no entry point has is an error, not an empty registry."""
    with pytest.raises(reen.PluginError) as caught:
        reen.load_plugins(only=["reen-nowhere"])
    assert str(caught.value) == (
        "reen-nowhere: is not installed: no entry point of that name in 'reen'"
    )


def test_a_plugin_that_cannot_be_imported_is_reported(install: Install) -> None:
    """By name, distribution, version and reason; the others go on."""
    install("reen_test_broken", "import a_package_that_is_not_there\n", version="0.3")
    registry = reen.load_plugins()
    (failed,) = registry.failed
    assert str(failed.plugin) == "reen_test_broken (reen_test_broken-dist 0.3)"
    assert "No module named 'a_package_that_is_not_there'" in failed.reason
    assert "base-carbone" in registry.methods


@pytest.mark.parametrize(
    "text", ["raise RuntimeError('boom')\n", "def\n", "1 / 0\n"], ids=["raises", "syntax", "zero"]
)
def test_a_plugin_may_fail_in_any_way(install: Install, text: str) -> None:
    """Whatever its import raises, the registry is built."""
    install("reen_test_broken", text)
    registry = reen.load_plugins()
    assert [each.plugin.name for each in registry.failed] == ["reen_test_broken"]


def test_a_failed_plugin_that_was_asked_for_is_no_unknown_one(install: Install) -> None:
    """It is installed; it failed."""
    install("reen_test_broken", "1 / 0\n")
    registry = reen.load_plugins(only=["reen_test_broken"])
    assert len(registry.failed) == 1


def test_two_plugins_of_one_name(install: Install) -> None:
    """Two distributions register one entry-point name: both are named."""
    install("reen_test_good", GOOD, name="mine", version="1.0")
    install("reen_test_other", GOOD, name="mine", version="2.0")
    with pytest.raises(reen.PluginConflictError) as caught:
        reen.load_plugins()
    text = str(caught.value)
    assert "reen_test_good-dist 1.0" in text
    assert "reen_test_other-dist 2.0" in text


def test_two_plugins_that_claim_one_method(install: Install) -> None:
    """Both distributions are named, with the method and the remedy."""
    install("reen_test_good", GOOD, version="1.0")
    install("reen_test_other", GOOD, version="2.0")
    with pytest.raises(reen.PluginConflictError) as caught:
        reen.load_plugins()
    text = str(caught.value)
    assert "provides the method 'toy'" in text
    assert "reen_test_good-dist 1.0" in text
    assert "reen_test_other-dist 2.0" in text
    assert "rename it, or load only one of the two plugins" in text


# -- hooks -----------------------------------------------------------------------------------


def test_a_misspelt_hook_is_refused() -> None:
    """The plugin and the hook are named."""

    class Misspelt:
        __name__ = "misspelt"

        @reen.hookimpl
        def reen_method(self) -> list[reen.Method]:
            return []

    with pytest.raises(reen.PluginError) as caught:
        reen.load_plugins(only=(), extra=[Misspelt()])
    assert caught.value.plugin == "misspelt"
    assert "reen_method" in caught.value.reason


def test_a_hook_with_an_argument_too_many_is_refused() -> None:
    """The plugin and the hook are named."""

    class Curious:
        __name__ = "curious"

        @reen.hookimpl
        def reen_methods(self, configuration: str) -> list[reen.Method]:
            raise NotImplementedError(configuration)

    with pytest.raises(reen.PluginError, match="curious"):
        reen.load_plugins(only=(), extra=[Curious()])


def test_a_hook_that_raises_is_named() -> None:
    """With the class and the message of its error."""

    class Failing:
        __name__ = "failing"

        @reen.hookimpl
        def reen_methods(self) -> list[reen.Method]:
            message = "no licence file"
            raise FileNotFoundError(message)

    with pytest.raises((reen.PluginError, OSError)) as caught:
        reen.load_plugins(only=(), extra=[Failing()])
    assert "no licence file" in str(caught.value)


def test_a_hook_that_fails_of_itself_is_named() -> None:
    """A programming error in a hook names plugin and hook."""

    class Failing:
        __name__ = "failing"

        @reen.hookimpl
        def reen_methods(self) -> list[reen.Method]:
            message = "oops"
            raise TypeError(message)

    with pytest.raises(reen.PluginError, match="failing: failed in reen_methods with TypeError: o"):
        reen.load_plugins(only=(), extra=[Failing()])


def test_what_has_no_name_is_refused() -> None:
    """A hook that returns plain numbers."""

    class Nameless:
        __name__ = "nameless"

        @reen.hookimpl
        def reen_methods(self) -> list[object]:
            return [42]

    with pytest.raises(
        reen.PluginError, match="nameless: reen_methods returned 42, which is no method: see the"
    ):
        reen.load_plugins(only=(), extra=[Nameless()])


def test_an_extra_plugin_is_called_by_its_name() -> None:
    """Objects given by the host say who they are."""
    registry = registry_of(methods=[ToyMethod()])
    assert [plugin.name for plugin in registry.plugins] == ["given objects"]


def test_an_extra_plugin_without_name_is_called_by_its_class() -> None:
    """Addresses in messages help nobody, and differ on every run."""

    class Plain:
        @reen.hookimpl
        def reen_methods(self) -> list[reen.Method]:
            return [ToyMethod()]

    (plugin,) = reen.load_plugins(only=(), extra=[Plain()]).plugins
    assert "Plain" in plugin.name


def test_an_extra_plugin_that_is_loaded_already() -> None:
    """Once is enough."""
    plugin = importlib.import_module("reen_plugins.methods.hooks")
    with pytest.raises(reen.PluginConflictError, match="is loaded already; leave it out of extra"):
        reen.load_plugins(only=(), extra=[plugin, plugin])


def test_equipment_types_are_added_to_the_taxonomy() -> None:
    """A plugin's type resolves like the bundled ones, and is measured like them."""
    organ = reen.EquipmentType(
        key="barrel_organ",
        title_en="Barrel organ",
        title_fr="Orgue de barbarie",
        synonyms=("Limonaire",),
    )
    registry = registry_of(equipment_types=[organ], methods=[ToyMethod()])
    assert registry.equipment_types.resolve("limonaires") == "barrel_organ"
    footprint = reen.measure(reen.Equipment("Limonaire"), method="toy", registry=registry)
    assert {row.equipment_type for row in footprint.coverage} == {"barrel_organ"}


def test_an_equipment_type_that_is_taken() -> None:
    """A second laptop names the plugin that brings it."""
    laptop = reen.EquipmentType(key="laptop", title_en="Laptop", title_fr="Ordinateur portable")
    with pytest.raises(reen.PluginConflictError, match="given objects"):
        registry_of(equipment_types=[laptop])


# -- look-ups --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("method", "base-carbon", "Unknown method 'base-carbon'. Did you mean 'base-carbone'?"),
        ("importer", "delimitted", "Unknown importer 'delimitted'. Did you mean 'delimited'?"),
        ("factor_pack", "base-carbonne", "Unknown factor pack 'base-carbonne'. Did you mean 'bas"),
    ],
)
def test_an_unknown_name_proposes_the_nearest(kind: str, name: str, message: str) -> None:
    """And lists the known ones."""
    registry = reen.default_registry()
    with pytest.raises(reen.UnknownNameError) as caught:
        getattr(registry, kind)(name)
    assert str(caught.value).startswith(message)
    assert caught.value.known == tuple(sorted(getattr(registry, f"{kind}s")))


def test_an_unknown_method_of_a_measurement() -> None:
    """The nearest one is proposed there too."""
    with pytest.raises(reen.UnknownNameError, match="Did you mean 'declared'"):
        reen.measure(reen.Equipment("laptop"), method="declard")


def test_a_pack_that_a_method_needs_and_nobody_provides() -> None:
    """The method's own packs are looked up by name as well."""

    @attrs.frozen(kw_only=True)
    class Needy(ToyMethod):
        packs: ClassVar[tuple[str, ...]] = ("nowhere",)

    with pytest.raises(reen.UnknownNameError, match="Unknown factor pack 'nowhere'"):
        reen.measure(reen.Equipment("laptop"), method=Needy(), registry=registry_of())


def test_the_default_registry_is_built_once() -> None:
    """The same object for every call."""
    assert reen.default_registry() is reen.default_registry()
