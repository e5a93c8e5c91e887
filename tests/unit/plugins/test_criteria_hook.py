"""The hook `reen_criteria`: what a registry has of it, and what it refuses.

Installed plugins are real here: a module and the metadata of its distribution, written to a folder
of the import path.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

import reen
from reen.plugin.packs import Criterion
from reen.testing import registry_of
from reen.vocabulary.criteria import bundled_criteria

Install = Callable[[str, str], None]

WASTE = Criterion(
    key="electronic_waste",
    unit="kgEwaste",
    title_en="Electronic waste",
    title_fr="Déchets électroniques",
    aliases=("DEEE",),
    source="tests",
)

PLUGIN = """
import reen

@reen.plugin.hookimpl
def reen_criteria():
    return [reen.plugin.packs.Criterion({fields})]
"""


def plugin(**fields: object) -> str:
    """Return the text of a plugin with one criterion."""
    values = {"key": "foo", "unit": "kgFoo", "title_en": "Foo", "title_fr": "Toto"} | fields
    return PLUGIN.format(fields=", ".join(f"{name}={value!r}" for name, value in values.items()))


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return a function that installs a plugin of one module, in a distribution of its own."""
    monkeypatch.syspath_prepend(tmp_path)

    def installed(module: str, text: str) -> None:
        (tmp_path / f"{module}.py").write_text(text, encoding="utf-8")
        folder = tmp_path / f"{module}_dist-1.0.dist-info"
        folder.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: {module}-dist\nVersion: 1.0\n"
        (folder / "METADATA").write_text(metadata, encoding="utf-8")
        (folder / "entry_points.txt").write_text(f"[reen]\n{module} = {module}\n", encoding="utf-8")

    yield installed
    for module in list(sys.modules):
        if module.startswith("reen_test_"):
            del sys.modules[module]


def test_the_criteria_of_a_plugin_follow_the_bundled_ones(install: Install) -> None:
    """Found by every name, with the plugin that gives them; the default registry has them not."""
    install("reen_test_one", plugin(aliases=["foos of the world"]))
    registry = reen.load_plugins()
    assert registry.criteria.keys == (*bundled_criteria().keys, "foo")
    assert registry.criteria.resolve("Foos of the World").unit == "kgFoo"
    assert registry.origins["criterion", "foo"].distribution == "reen_test_one-dist"
    assert reen.load_plugins(block=["reen_test_one"]).criteria == bundled_criteria()


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ({}, {}, "provides the criterion 'foo', which reen_test_one"),
        (
            {"aliases": ["bar"]},
            {"key": "bar", "unit": "kgBar", "title_en": "Bar", "title_fr": "Barre"},
            "criteria: 'bar' names both 'foo' and 'bar'; remove it from one. 'foo' is provided by",
        ),
        (
            {},
            {"key": "bar", "title_en": "Bar", "title_fr": "Barre"},
            "criteria: 'kgFoo' is the unit of both 'foo' and 'bar'",
        ),
    ],
    ids=["key", "alias", "unit"],
)
def test_two_plugins_that_claim_one_word(
    install: Install, one: dict[str, object], other: dict[str, object], said: str
) -> None:
    """A key, an alias or a unit: both distributions are named."""
    install("reen_test_one", plugin(**one))
    install("reen_test_two", plugin(**other))
    (failed,) = reen.load_plugins().failed
    text = failed.reason
    assert said in text
    assert "reen_test_one (reen_test_one-dist 1.0)" in text
    assert "reen_test_two (reen_test_two-dist 1.0)" in text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"key": "climate_change"}, "'climate_change' is declared twice"),
        ({"aliases": ["gwp"]}, "'gwp' names both 'climate_change' and 'foo'"),
        ({"unit": "kgCO2e"}, "'kgCO2e' is the unit of both 'climate_change' and 'foo'"),
    ],
    ids=["key", "alias", "unit"],
)
def test_a_plugin_that_claims_a_word_of_reen(
    install: Install, fields: dict[str, object], said: str
) -> None:
    """The plugin and reen are named, with the criterion of reen."""
    install("reen_test_one", plugin(**fields))
    (failed,) = reen.load_plugins().failed
    text = failed.reason
    assert text.startswith("reen_test_one (reen_test_one-dist 1.0): criteria: ")
    assert said in text
    assert text.endswith("'climate_change' is provided by reen")


def test_a_bundled_criterion_as_it_is_changes_nothing() -> None:
    """A plugin that says it again, as two do, claims nothing."""
    shipped = bundled_criteria()["climate_change"]
    registry = registry_of(criteria=[shipped, WASTE])
    assert registry.criteria.keys == (*bundled_criteria().keys, "electronic_waste")
    assert ("criterion", "climate_change") not in registry.origins


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (plugin(unit="kg foo"), "what reen_criteria returned cannot be used: criteria: 'kg foo'"),
        (plugin(key="Foo of the world"), "cannot be a key"),
        (plugin(title_en=""), "'foo' has no title: give title_en and title_fr"),
        (plugin(aliases="bar"), "'foo' has 'bar' as its aliases: expected several words"),
        (plugin(colour="red"), "failed in reen_criteria with TypeError"),
        (PLUGIN.replace("reen.plugin.packs.Criterion({fields})", "'foo'"), "which is no criterion"),
        (plugin().replace("]", ", reen_criteria.__wrapped__]"), "failed in reen_criteria"),
    ],
    ids=["unit", "key", "title", "aliases", "field", "text", "raises"],
)
def test_a_malformed_criterion(install: Install, text: str, said: str) -> None:
    """The plugin is left out with the reason, and the others go on; given by a host, it raises."""
    install("reen_test_bad", text)
    registry = reen.load_plugins()
    (failed,) = registry.failed
    assert str(failed.plugin) == "reen_test_bad (reen_test_bad-dist 1.0)"
    assert said in failed.reason
    assert registry.criteria == bundled_criteria()
    assert "base-carbone" in registry.methods
    module = sys.modules["reen_test_bad"]
    with pytest.raises(reen.errors.PluginError, match=r"^reen_test_bad: "):
        reen.load_plugins(only=(), extra=[module])


def test_two_criteria_of_one_plugin_that_clash() -> None:
    """The plugin alone contradicts itself."""
    other = attrs.evolve(WASTE, key="waste", title_en="Waste", title_fr="Rebut", aliases=())
    with pytest.raises(reen.errors.PluginError, match="is the unit of both"):
        registry_of(criteria=[WASTE, other])


def test_a_refused_plugin_leaves_no_trace(install: Install) -> None:
    """Its criteria are not there when its types are refused."""
    types = """

@reen.plugin.hookimpl
def reen_equipment_types():
    return [reen.plugin.packs.EquipmentType(key="laptop", title_en="x", title_fr="y")]
"""
    install("reen_test_one", plugin() + types)
    registry = reen.load_plugins()
    (failed,) = registry.failed
    assert "laptop" in failed.reason
    assert "foo" not in registry.criteria


def test_a_registry_with_criteria_survives_pickling() -> None:
    """As a host hands it to its workers."""
    registry = registry_of(criteria=[WASTE])
    again = pickle.loads(pickle.dumps(registry))  # noqa: S301 - our own bytes
    assert again.criteria == registry.criteria
    assert again.criteria.resolve("deee") == WASTE
