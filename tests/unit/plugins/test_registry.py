"""The registry: what plugins provide, and what becomes of those that fail, clash or misspell.

Installed plugins are real here: a module and the metadata of its distribution, written to a folder
of the import path.
"""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import attrs
import pytest

import reen
from reen.plugin import Method, hookimpl
from reen.plugin.packs import EquipmentType
from reen.plugins import api
from reen.testing import ToyMethod, registry_of
from reen.types import PluginRecord

Install = Callable[..., None]

GOOD = """
import reen
from reen.testing import ToyMethod

@reen.plugin.hookimpl
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
    assert PluginRecord("reen_test_good-dist", "2.5") in footprint.provenance.plugins


def test_a_registry_shows_names_and_not_all_that_it_holds() -> None:
    """A line of text: the taxonomy and the packs would fill screens."""
    shown = repr(registry_of(methods=[ToyMethod()]))
    assert "methods=<toy>" in shown
    assert "indicators=<none>" in shown
    assert len(shown) < 1_000


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
    with pytest.raises(reen.errors.PluginError) as caught:
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
    """Two distributions register one entry-point name: the second is left out, both are named."""
    install("reen_test_good", GOOD, name="mine", version="1.0")
    install("reen_test_other", GOOD, name="mine", version="2.0")
    registry = reen.load_plugins()
    (failed,) = registry.failed
    assert "reen_test_good-dist 1.0" in failed.reason
    assert "reen_test_other-dist 2.0" in failed.reason
    assert registry.origins["method", "toy"].distribution == "reen_test_good-dist"


@pytest.mark.parametrize("name", ["reen-bundled", "aaa"])
def test_nobody_takes_the_place_of_reens_own(install: Install, name: str) -> None:
    """Neither by the name of its entry point nor by that of a method, whatever comes first."""
    own = GOOD.replace("[ToyMethod()]", "[type('M', (ToyMethod,), {'name': 'base-carbone'})()]")
    install("reen_test_good", own, name=name, version="1.0")
    install("reen_test_other", GOOD, name="zzz", version="2.0")
    registry = reen.load_plugins()
    (failed,) = registry.failed
    assert failed.plugin.name == name
    assert registry.origins["method", "base-carbone"].distribution == "reen"
    assert "toy" in registry.methods


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("entry_points.txt", b"\xff\xfe[reen]\n\xe9 = a:b\n"),
        ("entry_points.txt", b"[reen]\nmine = not a place\n"),
        ("METADATA", b"\xff\xfe"),
        ("METADATA", None),
    ],
)
def test_a_package_installed_by_halves_stops_nobody(
    install: Install, tmp_path: Path, file: str, content: bytes | None
) -> None:
    """Whatever its description holds, the plugins of the others are there."""
    install("reen_test_good", GOOD, version="1.0")
    install("reen_test_half", "raise KeyError", version="2.0")
    (info,) = tmp_path.rglob("reen_test_half*dist-info")
    if content is None:
        (info / file).unlink()
    else:
        (info / file).write_bytes(content)
    importlib.invalidate_caches()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        registry = reen.load_plugins()
    assert {"toy", "base-carbone"} <= registry.methods.keys()


def test_two_plugins_that_claim_one_method(install: Install) -> None:
    """Both distributions are named, with the method and the remedy."""
    install("reen_test_good", GOOD, version="1.0")
    install("reen_test_other", GOOD, version="2.0")
    registry = reen.load_plugins()
    (failed,) = registry.failed
    text = failed.reason
    assert "provides the method 'toy'" in text
    assert "reen_test_good-dist 1.0" in text
    assert "reen_test_other-dist 2.0" in text
    assert "rename it, or load only one of the two plugins" in text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import sys\nsys.exit(3)\n", "tried to end the process while it was imported"),
        (
            "import reen\nraise reen.errors.MissingExtraError('x', 'y', 'this')\n",
            "this needs the package 'x', which is not installed",
        ),
        (
            "import reen\n@reen.plugin.hookimpl\ndef reen_method():\n    return []\n",
            "has a hook that does not exist: reen_method; did you mean reen_methods?",
        ),
        (
            "import reen\n@reen.plugin.hookimpl\ndef reen_methods():\n    return 1 / 0\n",
            "failed in reen_methods with ZeroDivisionError",
        ),
        (
            "import reen\n@reen.plugin.hookimpl\ndef reen_methods():\n    pass\n",
            "reen_methods returned None instead of a list",
        ),
        (GOOD.replace("[ToyMethod()]", "[ToyMethod(), 42]"), "returned 42, which is no method"),
        (GOOD.replace("[ToyMethod()]", "[ToyMethod(), ToyMethod()]"), "the method 'toy' twice"),
        (
            GOOD + "def reen_importers():\n    return []\n",
            "reen_importers is not marked with reen.",
        ),
        (
            "reen_methods = 3\n",
            "has no hook implementation: is it marked with reen.plugin.hookimpl?",
        ),
        (
            "import reen\nreen.default_registry()\n",
            "the registry of all plugins was asked for while plugins are being loaded",
        ),
    ],
    ids=[
        *("exit", "error of reen", "misspelt", "raises", "nothing", "no method", "twice"),
        *("unmarked", "no hook", "asks for itself"),
    ],
)
def test_a_bad_plugin_spoils_nothing(install: Install, text: str, reason: str) -> None:
    """It is recorded by name with the reason, provides nothing, and the others go on."""
    install("reen_test_bad", text, version="0.3")
    registry = reen.load_plugins()
    (failed,) = registry.failed
    assert str(failed.plugin) == "reen_test_bad (reen_test_bad-dist 0.3)"
    assert reason in failed.reason
    assert "toy" not in registry.methods
    assert "base-carbone" in registry.methods


def test_a_plugin_that_failed_is_named_where_it_is_missed(install: Install) -> None:
    """Whoever asks for what it would have provided is told why it is not there."""
    install("reen_test_bad", GOOD.replace("[ToyMethod()]", "[ToyMethod(), 42]"))
    with pytest.raises(reen.errors.UnknownNameError) as caught:
        reen.load_plugins().method("toy")
    assert any("reen_test_bad" in note for note in caught.value.__notes__)


# -- versions of the plugin API --------------------------------------------------------------


def test_a_plugin_for_a_newer_reen_is_refused(install: Install) -> None:
    """By name, with what to do; the others go on."""
    install("reen_test_new", GOOD + "reen_api = '1.9'\n", version="4.0")
    registry = reen.load_plugins()
    (failed,) = registry.failed
    assert failed.reason == (
        "reen_test_new (reen_test_new-dist 4.0): was written for version 1.9 of the plugin API and"
        " this reen has 1.0; install a newer reen, or an older version of the plugin"
    )
    assert "base-carbone" in registry.methods


def test_a_plugin_for_an_older_reen_is_warned_of(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is loaded, and the warning says what has changed since: all that came after, in order."""
    monkeypatch.setattr(api, "API_VERSION", "3.2")
    changes = {2: "Batches have no index.", 3: "Drivers need a unit."}
    monkeypatch.setattr(api, "CHANGES", changes)
    install("reen_test_old", GOOD + "reen_api = '1.4'\n")
    with pytest.warns(reen.errors.PluginApiWarning) as warned:
        registry = reen.load_plugins(only=["reen_test_old"])
    (warning,) = warned
    assert str(warning.message) == (
        "reen_test_old (reen_test_old-dist 1.0) was written for version 1.4 of the plugin API and"
        " this reen has 3.2. What changed: 2.0: Batches have no index. 3.0: Drivers need a unit."
        " Look for a newer version of the plugin."
    )
    assert "toy" in registry.methods


@pytest.mark.parametrize("version", ["'2.0'", "'3.0'", "'3.2'"])
def test_what_concerns_no_plugin_is_no_warning(
    install: Install, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    """Version 3 added something, and asked nothing of plugins of version 2: warnings are errors."""
    monkeypatch.setattr(api, "API_VERSION", "3.2")
    monkeypatch.setattr(api, "CHANGES", {2: "Batches have no index."})
    install("reen_test_fine", GOOD + f"reen_api = {version}\n")
    assert "toy" in reen.load_plugins(only=["reen_test_fine"]).methods


@pytest.mark.parametrize("version", ["1", "'one'", "'1'", "'1.0.0'", "None", "1.0"])
def test_a_version_that_is_none(install: Install, version: str) -> None:
    """Two whole numbers as text, or nothing at all."""
    install("reen_test_odd", GOOD + f"reen_api = {version}\n")
    (failed,) = reen.load_plugins().failed
    assert 'expected such as reen_api = "1.0": two whole numbers as text' in failed.reason


def test_a_host_is_told_of_its_own_plugin_at_once() -> None:
    """An object given in `extra` is the host's own: what is wrong with it raises."""

    class New:
        reen_api = "7.0"

        @hookimpl
        def reen_methods(self) -> list[Method]:
            return [ToyMethod()]

    with pytest.raises(reen.errors.PluginError, match=r"New: was written for version 7\.0"):
        reen.load_plugins(only=(), extra=[New()])


def test_a_hook_of_a_newer_reen_may_be_there_as_an_option() -> None:
    """Marked as optional, it is not called by one that does not know it."""

    class Ahead:
        @hookimpl(optionalhook=True)
        def reen_scenarios(self) -> list[object]:
            raise NotImplementedError

        @hookimpl
        def reen_methods(self) -> list[Method]:
            return [ToyMethod()]

    assert list(reen.load_plugins(only=(), extra=[Ahead()]).methods) == ["toy"]


def test_a_wrapper_is_refused() -> None:
    """Reen asks each plugin by itself: there is nothing to wrap."""

    class Wrapper:
        @hookimpl(wrapper=True)
        def reen_methods(self) -> Iterator[None]:
            yield

    with pytest.raises(
        reen.errors.PluginError, match="reen_methods is a wrapper, which reen does not"
    ):
        reen.load_plugins(only=(), extra=[Wrapper()])


# -- registries beside each other ------------------------------------------------------------


def test_two_registries_do_not_see_each_other() -> None:
    """Neither what one was given, nor its equipment types, nor its failures."""
    organ = EquipmentType(key="organ", title_en="Organ", title_fr="Orgue")
    one = registry_of(methods=[ToyMethod()], equipment_types=[organ])
    other = reen.load_plugins(only=["reen-bundled"])
    assert "toy" not in other.methods
    assert "organ" not in other.equipment_types
    assert one.equipment_types.resolve("organ") == "organ"
    assert reen.default_registry().equipment_types.resolve("organ") is None


@pytest.mark.parametrize(
    "name",
    [
        *("methods", "importers", "factor_packs", "factor_readers", "indicators", "exporters"),
        "origins",
    ],
)
def test_a_registry_cannot_be_changed(name: str) -> None:
    """Adding to one would change what others of this process measure."""
    registry = reen.default_registry()
    with pytest.raises(TypeError):
        getattr(registry, name)["new"] = object()
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(registry, name, {})


def test_a_registry_can_be_pickled() -> None:
    """With what it provides, in the same order."""
    registry = reen.load_plugins(only=["reen-bundled"])
    again = pickle.loads(pickle.dumps(registry))  # noqa: S301 - our own bytes
    assert list(again.methods) == list(registry.methods)
    assert dict(again.origins) == dict(registry.origins)
    with pytest.raises(TypeError):
        again.methods["new"] = object()


@pytest.mark.slow
def test_loading_from_many_threads(tmp_path: Path) -> None:
    """In a process that has loaded nothing, eight threads get one registry, built once."""
    program = """
import threading, reen

class Counted:
    calls = 0

registries, barrier = [], threading.Barrier(8)

def work():
    barrier.wait()
    registries.append(reen.default_registry())
    extra = reen.load_plugins(only=["reen-bundled"])
    assert "declared" in extra.methods and not extra.failed

threads = [threading.Thread(target=work) for _ in range(8)]
[each.start() for each in threads]
[each.join() for each in threads]
print(len(registries), len(set(map(id, registries))))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (done.stdout, done.stderr) == ("8 1\n", "")


# -- provenance ------------------------------------------------------------------------------


def test_an_object_of_the_hosts_is_named_as_such() -> None:
    """A plugin without a distribution is told by its name."""
    footprint = reen.measure(
        reen.Equipment("laptop"), method="toy", registry=registry_of(methods=[ToyMethod()])
    )
    assert footprint.provenance.plugins == (PluginRecord("given objects", ""),)


def test_another_method_of_the_same_name_is_not_the_plugins() -> None:
    """A host's own class called `declared` is not reen's."""

    @attrs.frozen(kw_only=True)
    class Mine(ToyMethod):
        name: ClassVar[str] = "declared"

    footprint = reen.measure(reen.Equipment("laptop"), method=Mine(), as_of="2022-12-31")
    assert footprint.provenance.plugins == ()


def test_a_file_called_like_a_pack_is_not_the_plugins(tmp_path: Path) -> None:
    """Factors of a file, whose name is that of a bundled pack."""
    path = tmp_path / "base-carbone.csv"
    path.write_text(
        "flow,reference_unit,stage,criterion,value,unit,equipment_type,source\n"
        "a,item,embedded,climate_change,100,kgCO2e/item,laptop,me\n",
        encoding="utf-8",
    )
    footprint = reen.measure(
        reen.Equipment("laptop", lifetime=4),
        method=ToyMethod(),
        factors=path,
        as_of="2022-12-31",
    )
    assert footprint.total().value == 25.0
    assert footprint.provenance.plugins == ()


IMPORTER = """
from pathlib import Path

import pyarrow as pa

import reen


class One:
    name = "one"
    title = "One laptop"

    def sniff(self, sample):
        return reen.plugin.files.Sniff(1.0 if sample.path.suffix == ".one" else 0.0)

    def read(self, path, options):
        table = pa.table({"equipment_type": ["laptop"], "source": [path.name], "source_row": [1]})
        report = reen.types.ReadReport(source=path.name, importer="one")
        return reen.plugin.files.Imported(table=table, rows_read=1, report=report)


@reen.plugin.hookimpl
def reen_importers():
    return [One()]
"""


def test_the_importer_of_the_rows_is_in_the_provenance(install: Install, tmp_path: Path) -> None:
    """Whether the file is measured, or what was read of it; beside reen's own method."""
    install("reen_test_one", IMPORTER, version="0.9")
    registry = reen.load_plugins()
    path = tmp_path / "fleet.one"
    path.write_text("one", encoding="utf-8")
    expected = (
        PluginRecord("reen", reen.__version__),
        PluginRecord("reen_test_one-dist", "0.9"),
    )
    for source in (path, reen.read(path, registry=registry)):
        footprint = reen.measure(source, method="declared", registry=registry)
        assert footprint.provenance.plugins == expected
        own = reen.measure(reen.Equipment("laptop"), method="declared", registry=registry)
        assert (own + footprint).provenance.plugins == expected


ORGAN = """
import reen


@reen.plugin.hookimpl
def reen_equipment_types():
    return [reen.plugin.packs.EquipmentType(key="organ", title_en="Organ", title_fr="Orgue")]
"""


def test_the_equipment_types_of_the_rows_are_in_the_provenance(install: Install) -> None:
    """Of a plugin that adds one, where there is such a thing among the rows."""
    install("reen_test_organ", ORGAN, version="1.7")
    registry = reen.load_plugins()
    mine = PluginRecord("reen_test_organ-dist", "1.7")
    for kind, there in (("organ", True), ("laptop", False)):
        footprint = reen.measure(reen.Equipment(kind), method="declared", registry=registry)
        assert (mine in footprint.provenance.plugins) is there


# -- pickles ---------------------------------------------------------------------------------

METHOD = """
import attrs

import reen
from reen.testing import ToyMethod


@attrs.frozen(kw_only=True)
class Mine(ToyMethod):
    years: float = 4.0
    name = "mine"


@reen.plugin.hookimpl
def reen_methods():
    return [Mine()]
"""


def loaded_elsewhere(pickled: Path, program: str, *, path: str = "") -> str:
    """Return what a program prints of a pickle, in a process with a folder on its path."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import pickle\nfound = pickle.load(open({str(pickled)!r}, 'rb'))\n{program}",
        ],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([path, *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.slow
def test_a_configured_method_comes_back_where_its_plugin_is(
    install: Install, tmp_path: Path
) -> None:
    """With its options; where the plugin is not, Python names the module that is missing."""
    install("reen_test_mine", METHOD)
    method = reen.configure(reen.load_plugins().method("mine"), {"years": "7"})
    pickled = tmp_path / "method.pickle"
    pickled.write_bytes(pickle.dumps(method))
    program = "print(found.name, found.years)"
    here = str(tmp_path)
    assert loaded_elsewhere(pickled, program, path=here) == "mine 7.0\n"
    (tmp_path / "reen_test_mine.py").unlink()
    assert "No module named 'reen_test_mine'" in loaded_elsewhere(pickled, program, path=here)


@pytest.mark.slow
def test_a_result_comes_back_wherever_reen_is(install: Install, tmp_path: Path) -> None:
    """It holds figures and names: the plugin need not be there, and the provenance names it."""
    install("reen_test_mine", METHOD, version="2.1")
    registry = reen.load_plugins()
    footprint = reen.measure(
        reen.Equipment("laptop"), method="mine", as_of="2022-12-31", registry=registry
    )
    pickled = tmp_path / "result.pickle"
    pickled.write_bytes(pickle.dumps(footprint))
    (tmp_path / "reen_test_mine.py").unlink()
    said = loaded_elsewhere(pickled, "print(*found.provenance.plugins, found.provenance.hash)")
    assert said == (
        "PluginRecord(distribution='reen_test_mine-dist', version='2.1')"
        f" {footprint.provenance.hash}\n"
    )


# -- hooks -----------------------------------------------------------------------------------


def test_a_misspelt_hook_is_refused() -> None:
    """The plugin and the hook are named."""

    class Misspelt:
        __name__ = "misspelt"

        @hookimpl
        def reen_method(self) -> list[Method]:
            return []

    with pytest.raises(reen.errors.PluginError) as caught:
        reen.load_plugins(only=(), extra=[Misspelt()])
    assert caught.value.plugin == "misspelt"
    assert "reen_method" in caught.value.reason


def test_a_hook_with_an_argument_too_many_is_refused() -> None:
    """The plugin and the hook are named."""

    class Curious:
        __name__ = "curious"

        @hookimpl
        def reen_methods(self, configuration: str) -> list[Method]:
            raise NotImplementedError(configuration)

    with pytest.raises(reen.errors.PluginError, match="curious"):
        reen.load_plugins(only=(), extra=[Curious()])


def test_a_hook_that_raises_is_named() -> None:
    """With the class and the message of its error."""

    class Failing:
        __name__ = "failing"

        @hookimpl
        def reen_methods(self) -> list[Method]:
            message = "no licence file"
            raise FileNotFoundError(message)

    with pytest.raises((reen.errors.PluginError, OSError)) as caught:
        reen.load_plugins(only=(), extra=[Failing()])
    assert "no licence file" in str(caught.value)


def test_a_hook_that_fails_of_itself_is_named() -> None:
    """A programming error in a hook names plugin and hook."""

    class Failing:
        __name__ = "failing"

        @hookimpl
        def reen_methods(self) -> list[Method]:
            message = "oops"
            raise TypeError(message)

    with pytest.raises(
        reen.errors.PluginError, match="failing: failed in reen_methods with TypeError: o"
    ):
        reen.load_plugins(only=(), extra=[Failing()])


def test_what_has_no_name_is_refused() -> None:
    """A hook that returns plain numbers."""

    class Nameless:
        __name__ = "nameless"

        @hookimpl
        def reen_methods(self) -> list[object]:
            return [42]

    with pytest.raises(
        reen.errors.PluginError,
        match="nameless: reen_methods returned 42, which is no method: see the",
    ):
        reen.load_plugins(only=(), extra=[Nameless()])


def test_an_extra_plugin_is_called_by_its_name() -> None:
    """Objects given by the host say who they are."""
    registry = registry_of(methods=[ToyMethod()])
    assert [plugin.name for plugin in registry.plugins] == ["given objects"]


def test_an_extra_plugin_without_name_is_called_by_its_class() -> None:
    """Addresses in messages help nobody, and differ on every run."""

    class Plain:
        @hookimpl
        def reen_methods(self) -> list[Method]:
            return [ToyMethod()]

    (plugin,) = reen.load_plugins(only=(), extra=[Plain()]).plugins
    assert "Plain" in plugin.name


def test_an_extra_plugin_that_is_loaded_already() -> None:
    """Once is enough."""
    plugin = importlib.import_module("reen_plugins.hooks")
    with pytest.raises(reen.errors.PluginError, match="is loaded already, as reen_plugins"):
        reen.load_plugins(only=(), extra=[plugin, plugin])


def test_equipment_types_are_added_to_the_taxonomy() -> None:
    """A plugin's type resolves like the bundled ones, and is measured like them."""
    organ = EquipmentType(
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
    laptop = EquipmentType(key="laptop", title_en="Laptop", title_fr="Ordinateur portable")
    with pytest.raises(reen.errors.PluginError, match="given objects"):
        registry_of(equipment_types=[laptop])


# -- look-ups --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("method", "base-carbon", "Unknown method 'base-carbon'. Did you mean 'base-carbone'?"),
        ("importer", "tabel", "Unknown importer 'tabel'. Did you mean 'table'?"),
        ("factor_pack", "base-carbonne", "Unknown factor pack 'base-carbonne'. Did you mean 'bas"),
    ],
)
def test_an_unknown_name_proposes_the_nearest(kind: str, name: str, message: str) -> None:
    """And lists the known ones."""
    registry = reen.default_registry()
    with pytest.raises(reen.errors.UnknownNameError) as caught:
        getattr(registry, kind)(name)
    assert str(caught.value).startswith(message)
    assert caught.value.known == tuple(sorted(getattr(registry, f"{kind}s")))


def test_an_unknown_method_of_a_measurement() -> None:
    """The nearest one is proposed there too."""
    with pytest.raises(reen.errors.UnknownNameError, match="Did you mean 'declared'"):
        reen.measure(reen.Equipment("laptop"), method="declard")


def test_a_pack_that_a_method_needs_and_nobody_provides() -> None:
    """The method's own packs are looked up by name as well."""

    @attrs.frozen(kw_only=True)
    class Needy(ToyMethod):
        packs: ClassVar[tuple[str, ...]] = ("nowhere",)

    with pytest.raises(reen.errors.UnknownNameError, match="Unknown factor pack 'nowhere'"):
        reen.measure(reen.Equipment("laptop"), method=Needy(), registry=registry_of())


def test_the_default_registry_is_built_once() -> None:
    """The same object for every call."""
    assert reen.default_registry() is reen.default_registry()
