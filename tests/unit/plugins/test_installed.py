"""Installed plugins are those of importlib.metadata, read without it where reen is alone."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.metadata
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import reen_plugins
from reen.errors import PluginApiWarning, PluginError
from reen.plugins.installed import installed_plugins
from reen.plugins.loading import LoadedPlugin

METADATA = "Metadata-Version: 2.1\nName: {}\nVersion: {}\n\nName: of the text\n"
OWN = LoadedPlugin("reen-bundled", "reen", "3.2")


def describe(
    folder: Path, stem: str, points: str | None, name: str = "", version: str = ""
) -> None:
    info = folder / stem
    info.mkdir(parents=True)
    if name:
        (info / "METADATA").write_text(METADATA.format(name, version), "utf-8")
    if points is not None:
        (info / "entry_points.txt").write_text(points, "utf-8")


def own(folder: Path, points: str = "[reen]\nreen-bundled = reen_plugins\n") -> None:
    describe(folder, "reen-3.2.dist-info", points, "reen", "3.2")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is all of the path, beside one that is not there and nothing else.

    What another test has imported may look for packages in the place of Python's own finder, as
    the package importlib_metadata does: it is left out, and that finder looks again.
    """
    plain = importlib.machinery.PathFinder
    looks = staticmethod(importlib.metadata.MetadataPathFinder.find_distributions)
    monkeypatch.setattr(plain, "find_distributions", looks, raising=False)
    finders = [
        each for each in sys.meta_path if each is plain or not hasattr(each, "find_distributions")
    ]
    monkeypatch.setattr(sys, "meta_path", finders)
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "not there")])
    return tmp_path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that says when importlib.metadata is asked."""
    seen: list[str] = []
    real = importlib.metadata.entry_points

    def noted(*, group: str) -> object:
        seen.append(group)
        return real(group=group)

    monkeypatch.setattr(importlib.metadata, "entry_points", noted)
    return seen


def test_reen_alone_is_read_without_it(path: Path, asked: list[str]) -> None:
    own(
        path,
        "# tools\n[console_scripts]\nreen = reen.cli:main\n\n[reen]\nreen-bundled=reen_plugins",
    )
    describe(path, "other-1.0.dist-info", "[console_scripts]\nreen-like = a.b:c\n", "other", "1.0")
    describe(path, "older-1.0.egg-info", None)
    ((plugin, load),) = installed_plugins()
    assert plugin == OWN
    assert load() is reen_plugins
    assert asked == []


def test_a_name_within_a_module_is_loaded(path: Path, asked: list[str]) -> None:
    own(path, "[reen]\nreen-bundled = reen.plugins.installed:OWN\n")
    ((_, load),) = installed_plugins()
    assert load() == "reen"
    assert asked == []


def _another_plugin(folder: Path) -> None:
    describe(folder, "waste-1.0.dist-info", "[reen]\nwaste = waste\n", "waste", "1.0")


def _older_reen(folder: Path) -> None:
    describe(folder, "reen-0.9.dist-info", None, "reen", "0.9")


def _spoilt(folder: Path) -> None:
    describe(folder, "half-1.0.dist-info", "[reen]\nmine = not a place\n", "half", "1.0")


def _no_pair(folder: Path) -> None:
    describe(folder, "half-1.0.dist-info", "[other]\nnothing\n", "half", "1.0")


def _not_text(folder: Path) -> None:
    describe(folder, "half-1.0.dist-info", "", "half", "1.0")
    (folder / "half-1.0.dist-info" / "entry_points.txt").write_bytes(b"\xff[reen]")


def _archive(folder: Path) -> None:
    with zipfile.ZipFile(folder / "x.zip", "w") as file:
        file.writestr("waste-1.0.dist-info/METADATA", METADATA.format("waste", "1.0"))
        file.writestr("waste-1.0.dist-info/entry_points.txt", "[reen]\nwaste = waste\n")
    sys.path.append(str(folder / "x.zip"))


def _egg(folder: Path) -> None:
    describe(folder / "waste-1.0-py3.egg", "EGG-INFO", "[reen]\nwaste = waste\n", "waste", "1.0")
    sys.path.append(str(folder / "waste-1.0-py3.egg"))


@pytest.mark.filterwarnings("ignore::reen.errors.PluginApiWarning")
@pytest.mark.parametrize(
    "change", [_another_plugin, _older_reen, _spoilt, _no_pair, _not_text, _archive, _egg]
)
def test_anything_else_is_left_to_it(
    change: Callable[[Path], None], path: Path, asked: list[str]
) -> None:
    """Whatever a third package has, in whatever form: the plugins are those that it finds."""
    own(path)
    change(path)
    importlib.invalidate_caches()
    found = {plugin for plugin, _ in installed_plugins()}
    assert asked == ["reen"]
    if change in (_another_plugin, _archive, _egg):
        assert LoadedPlugin("waste", "waste", "1.0") in found


@pytest.mark.parametrize(
    ("change", "error"), [(_no_pair, "TypeError"), (_not_text, "UnicodeDecodeError")]
)
def test_a_package_that_cannot_be_read_is_named(
    change: Callable[[Path], None], error: str, path: Path
) -> None:
    """With its version, its folder and what mends it; whatever is wrong with its entry points."""
    own(path)
    change(path)
    importlib.invalidate_caches()
    with pytest.warns(
        PluginApiWarning, match=r"half 1\.0: its entry points cannot be read"
    ) as all_:
        installed_plugins()
    (said,) = {str(each.message) for each in all_}
    assert f"{path / 'half-1.0.dist-info'}, entry_points.txt: {error}" in said
    assert "pip install --force-reinstall half" in said


def test_a_package_without_a_name_is_told_by_its_folder(path: Path) -> None:
    own(path)
    describe(path, "half-1.0.dist-info", "[other]\nnothing\n")
    importlib.invalidate_caches()
    with pytest.warns(PluginApiWarning) as all_:
        installed_plugins()
    assert str(path / "half-1.0.dist-info") in str(all_[0].message)


def test_an_entry_point_that_names_no_place_is_told_with_the_form(path: Path) -> None:
    own(path)
    describe(path, "half-1.0.dist-info", "[reen]\nmine = no such\n", "half", "1.0")
    importlib.invalidate_caches()
    loads = {plugin.name: load for plugin, load in installed_plugins()}
    with pytest.raises(PluginError, match=r"^mine \(half 1\.0\).*mine = MODULE or MODULE:OBJECT"):
        loads["mine"]()


def test_another_finder_of_packages_is_asked(
    path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Finder:
        def find_spec(self, *_: object) -> None:
            return None

        def find_distributions(self, *_: object) -> list[object]:
            return []

    own(path)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder()])
    assert [plugin for plugin, _ in installed_plugins()] == [OWN]
    assert asked == ["reen"]


def test_here_they_are_those_that_it_finds() -> None:
    """In the environment of the tests, whatever is installed there."""
    points = importlib.metadata.entry_points(group="reen")
    expected = {
        LoadedPlugin(each.name, each.dist.name, each.dist.version) for each in points if each.dist
    }
    assert {plugin for plugin, _ in installed_plugins()} == expected
