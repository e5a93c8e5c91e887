"""The template of a plugin: the files of a package that installs and passes its own tests at once.

Input: a name, a kind and a folder.  Output: the files written.  The files are those of `templates`,
with a few names put in by `string.Template`; a name that would make a package that does not work
(or hides another) is refused before anything is written.
"""

from __future__ import annotations

import importlib.util
import keyword
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import reen
from reen.gate.writing import write_new_folder
from reen.plugins.api import API_VERSION
from reen.reasons import Reason, Words

if TYPE_CHECKING:
    from reen.plugin import Registry

__all__ = ["KINDS", "write_plugin"]

#: What a plugin may be made for, with what it is called in a sentence.
KINDS: Mapping[str, str] = {
    "method": "method",
    "importer": "importer",
    "factor-pack": "factor pack",
}

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*")

_EXPECTED = Reason("error_plugin_name")


def write_plugin(
    project: str, *, kind: str, directory: Path, registry: Registry
) -> tuple[str, list[Path]]:
    """Write the package of a plugin in a new folder of its name.

    Parameters
    ----------
    project
        Name of the package, such as ``reen-acme``; what it provides is called ``acme``.
    kind
        One of `KINDS`.
    directory
        Where the folder goes; made when it is not there.
    registry
        What is installed, whose names are taken.

    Returns
    -------
    name, paths
        Name of the method, importer or pack, and the files written.

    Raises
    ------
    reen.errors.OptionError
        A name that cannot be that of a package, or is taken; a folder that is there already.
    reen.errors.FileNotWrittenError
        It cannot be written.
    """
    name = _checked(project, kind, registry)
    folder = directory / project
    if folder.exists():
        expected = Reason("error_folder_not_there_yet_choose_another")
        raise reen.errors.OptionError("new-plugin", "directory", str(folder), expected)
    made = dict(_made(project, name, kind))
    write_new_folder(folder, made)
    return name, [folder / path for path in made]


def _checked(project: str, kind: str, registry: Registry) -> str:
    """Return the name of what the plugin provides; refuse one that would not work."""

    def refuse(expected: Words) -> reen.errors.OptionError:
        return reen.errors.OptionError("new-plugin", "name", project, expected)

    if not _NAME.fullmatch(project):
        raise refuse(_EXPECTED)
    module = project.replace("-", "_")
    if keyword.iskeyword(module) or module in sys.stdlib_module_names:
        raise refuse(Reason("error_another_name_means_something_else_python", module=module))
    if importlib.util.find_spec(module) is not None:
        raise refuse(Reason("error_another_name_module_installed_already", module=module))
    name = project.removeprefix("reen-")
    taken = {
        "method": registry.methods,
        "importer": registry.importers,
        "factor-pack": registry.factor_packs,
    }
    if name in taken[kind]:
        owner = registry.origins.get((KINDS[kind], name))
        raise refuse(
            Reason("error_another_name_provides", owner=str(owner), kinds=KINDS[kind], name=name)
        )
    if keyword.iskeyword(name.replace("-", "_")):
        raise refuse(Reason("error_another_name_means_something_else_in_python_27", name=name))
    return name


def _made(project: str, name: str, kind: str) -> Iterator[tuple[Path, str]]:
    """Yield the path and the text of each file."""
    words = name.split("-")
    values = {
        "project": project,
        "module": project.replace("-", "_"),
        "name": name,
        "file": "_".join(words),
        "type": "".join(word.capitalize() for word in words),
        "title": " ".join(words).capitalize(),
        "thing": KINDS[kind],
        "api": API_VERSION,
        "minimum": ".".join(reen.__version__.split(".")[:2]),
    }
    templates = files("reen.cli") / "templates"
    for source in ("common", kind):
        for parts, text in _texts(templates / source):
            path = "/".join(parts).removesuffix(".txt")
            for key in ("module", "file"):
                path = path.replace(f"__{key}__", values[key])
            if path == "gitignore":
                path = ".gitignore"
            yield Path(path), Template(text).substitute(values)


def _texts(
    folder: Traversable, parts: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the files of a folder of the package, with their paths."""
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            yield from _texts(entry, (*parts, entry.name))
        else:
            yield (*parts, entry.name), entry.read_text(encoding="utf-8")
