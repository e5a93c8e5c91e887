"""The command `show-versions`: the versions of what runs here, for the report of a fault.

Input: nothing.  Output: versions of reen, of Python, of what it stands on, of plugins and extras,
and which engine runs.  No path, no name of a person or of a machine.
"""

from __future__ import annotations

import importlib.metadata
import platform
import re
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

import reen
from reen.cli.errors import traceback_option
from reen.cli.output import emit_json, emit_page
from reen.cli.page_options import for_whom_option
from reen.cli.tables import paragraph

if TYPE_CHECKING:
    from rich.console import RenderableType

    from reen.cli.screen import Screen

__all__ = ["show_versions"]

#: A requirement of an extra: the name before versions and markers.
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def _required(*, extras: bool) -> list[str]:
    """Return the distributions that reen needs, or those that its extras do."""
    found: list[str] = []
    for requirement in importlib.metadata.requires("reen") or ():
        name = _NAME.match(requirement)
        if name is not None and ("extra ==" in requirement) == extras and name[0] != "reen":
            found.append(name[0])
    return sorted(set(found))


def _versions(names: list[str]) -> dict[str, str | None]:
    """Return the version of each distribution, None of one that is not installed."""
    found: dict[str, str | None] = {}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = None
    return found


def _content() -> dict[str, object]:
    from reen.kernel import state

    registry, running = reen.default_registry(), state()
    return {
        "reen": reen.__version__,
        "engine": running.engine,
        "kernel": running.why,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": f"{sys.platform} {platform.machine()} {platform.release()}",
        "requires": _versions(_required(extras=False)),
        "extras": _versions(_required(extras=True)),
        "plugins": [str(plugin) for plugin in registry.plugins],
        "plugins_failed": [str(failed.plugin) for failed in registry.failed],
    }


@click.command("show-versions", epilog="\b\nExample:\n  reen show-versions")
@for_whom_option
@traceback_option
def show_versions(output_format: str) -> None:
    """Show the versions of reen, Python and its packages, for a report of a fault."""
    content = _content()
    if output_format == "json":
        emit_json(content)
        return

    def page(_: Screen) -> Iterator[RenderableType]:
        for name, said in content.items():
            if isinstance(said, Mapping):
                there = [f"{key} {version}" for key, version in said.items() if version]
                absent = [key for key, version in said.items() if not version]
                told = ", ".join(there) + (f"; not here: {', '.join(absent)}" if absent else "")
            else:
                told = ", ".join(said) if isinstance(said, list) else str(said)
            yield paragraph(f"{name}: {told or 'none'}")

    emit_page(page)
