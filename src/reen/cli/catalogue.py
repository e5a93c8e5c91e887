"""The commands that list what is installed: methods, importers, factors, plugins.

Input: the registry.  Output: pages or JSON.  The pages of factors are laid out in `factor_pages`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import attrs
import click
from click.core import ParameterSource

import reen
from reen.cli.computing_options import installed
from reen.cli.factor_pages import found_page, in_one_line, pack_content, pack_page, packs_page
from reen.cli.output import emit_json, emit_list
from reen.cli.page_options import limit_option, listing_options
from reen.cli.speech import translated
from reen.cli.tables import hang, heading, paragraph
from reen.gate.reads import is_there
from reen.reasons import Reason, has_sentence, say, spoken

if TYPE_CHECKING:
    from rich.console import RenderableType

    from reen.cli.screen import Screen
    from reen.plugin import Method, Registry

__all__ = ["default_text", "factors", "importers", "methods", "option_texts", "plugins"]

#: An option without a value.
_NONE = "(none)"


# -- methods ---------------------------------------------------------------------------------


@click.command(
    epilog="\b\nExamples:\n  reen methods\n  reen methods base-carbone",
)
@click.argument("name", metavar="[NAME]", required=False)
@listing_options
def methods(name: str | None, *, full: bool, output_format: str) -> None:
    """List the methods: ways to count. With NAME, show one with its options."""
    registry = installed()
    chosen = [registry.method(name)] if name else list(registry.methods.values())
    if output_format == "json":
        emit_json([_method_content(each, registry) for each in chosen])
        return

    def page(screen: Screen) -> Iterator[RenderableType]:
        if name is None and not full:
            for method in chosen:
                named = f"{method.name} {method.version}"
                yield in_one_line(named, titled(method.name, method.title), screen.width)
            yield paragraph()
            yield paragraph(say("methods_say_options"))
            return
        for number, method in enumerate(chosen):
            if number:
                yield paragraph()
            yield from _method_page(method, registry, screen.width, full=name is not None)
        if name is None:
            yield paragraph()
            yield paragraph(say("methods_say_options"))

    emit_list(page, full=full)


def _options(method: Method) -> dict[str, tuple[str, str]]:
    """Return (default value, description) of each option."""
    kind: type = type(method)
    if not attrs.has(kind):
        return {}
    described = option_texts(method)
    return {
        field.name: (default_text(getattr(method, field.name)), described.get(field.name, ""))
        for field in attrs.fields(kind)
    }


def option_texts(method: Method) -> dict[str, str]:
    """Return the English description of each option of a method, from its docstring."""
    return _described(inspect.getdoc(type(method)) or "")


def default_text(value: object) -> str:
    """Return the value of an option as it is typed; 0 is one, an empty table is none."""
    if value is None or value in ("", {}, ()):
        return _NONE
    return str(value).lower() if isinstance(value, bool) else str(value)


def titled(name: str, title: str, *, of: str = "method") -> str:
    """Return the title of a method in the language in force; a plugin's own as it gives it.

    With ``reference``, what it follows.
    """
    code = f"{of}_{name.replace('-', '_')}"
    return say(code) if spoken() != "en" and has_sentence(code) else title


def _described(docstring: str) -> dict[str, str]:
    """Return the text of each attribute, from the section that numpydoc calls Attributes."""
    found: dict[str, list[str]] = {}
    _, _, section = docstring.partition("Attributes\n----------\n")
    names: list[str] = []
    for line in section.splitlines():
        if line and not line.startswith(" "):
            names = [name.strip() for name in line.partition(":")[0].split(",")]
        elif line.strip():
            for name in names:
                found.setdefault(name, []).append(line.strip())
    return {name: " ".join(lines).replace("``", "") for name, lines in found.items()}


def _method_page(
    method: Method, registry: Registry, width: int, *, full: bool
) -> Iterator[RenderableType]:
    yield heading(f"{method.name} {method.version}")
    yield hang(titled(method.name, method.title), width=width, first="  ")
    options = _options(method)
    if full and not options:
        yield hang(say("methods_no_options"), width=width, first="  ")
    facts = {
        "methods_follows": titled(method.name, method.reference, of="reference"),
        "methods_packs": ", ".join(method.packs) or say("methods_no_packs"),
        "page_plugin": str(registry.origins.get(("method", method.name), "")),
    }
    if not full:
        facts["methods_options"] = ", ".join(
            f"{name}={say('methods_none') if value == _NONE else value}"
            for name, (value, _) in options.items()
        )
    for label, text in facts.items():
        if text:
            yield hang(
                text, width=width, first=f"  {say('page_label', label=Reason(label))}", rest="    "
            )
    if not full:
        return
    if options:
        yield paragraph()
        yield heading(say("methods_options_head"))
    for name, (value, described) in options.items():
        text = translated(described)
        yield paragraph(f"  --option {name}={say('methods_none') if value == _NONE else value}")
        if isinstance(getattr(method, name), Mapping):
            yield hang(
                say("methods_write_pairs", text=text, name=name), width=width, first="      "
            )
        elif text:
            yield hang(text, width=width, first="      ")


def _method_content(method: Method, registry: Registry) -> dict[str, object]:
    return {
        "name": method.name,
        "version": method.version,
        "title": method.title,
        "reference": method.reference,
        "packs": list(method.packs),
        "options": [
            {"name": name, "default": value, "description": text}
            for name, (value, text) in _options(method).items()
        ],
        "plugin": str(registry.origins.get(("method", method.name), "")),
    }


# -- importers -------------------------------------------------------------------------------


@click.command(epilog="\b\nExample:\n  reen importers")
@listing_options
def importers(*, full: bool, output_format: str) -> None:
    """List the importers, and the tools whose files are known by their headers."""
    registry = installed()
    rows = [
        (kind, each.name, each.title, str(registry.origins.get((kind, each.name), "")))
        for kind, every in (
            ("importer", registry.importers.values()),
            ("mapping", registry.mappings),
        )
        for each in every
    ]
    if output_format == "json":
        emit_json(
            [dict(zip(("kind", "name", "title", "plugin"), row, strict=True)) for row in rows]
        )
        return

    def page(screen: Screen) -> Iterator[RenderableType]:
        for kind, name, title, plugin in rows:
            if not full:
                yield in_one_line(name, translated(title), screen.width)
                continue
            yield heading(name if kind == "importer" else f"{name} ({say('importers_mapping')})")
            yield hang(translated(title), width=screen.width, first="  ")
            yield hang(
                plugin,
                width=screen.width,
                first=f"  {say('page_label', label=Reason('page_plugin'))}",
            )

    emit_list(page, full=full)


# -- factors ---------------------------------------------------------------------------------


@click.command(
    epilog="\b\nExamples:\n"
    "  reen factors\n"
    "  reen factors base-carbone --find laptop\n"
    "  reen factors Base_Carbone_V23.6.csv\n"
    "  reen factors --find smartphone",
)
@click.argument("name", metavar="[NAME|FILE]", required=False)
@click.option(
    "--find",
    metavar="TEXT",
    help="Only the factors with TEXT in their identifier, name, type, place or year, each with"
    " its boundary and source.",
)
@limit_option("Factors, and defaults by type, shown; 0 for all.", default=40)
@listing_options
def factors(
    name: str | None, *, find: str | None, limit: int, full: bool, output_format: str
) -> None:
    """List the factor packs: published impacts of one device, or of one kWh.

    With the NAME of a pack or a FILE of factors, show it: version, licence, source, figures.
    """
    registry = installed()
    if name is None:
        packs = list(registry.factor_packs.values())
    elif name in registry.factor_packs or not is_there(name):
        packs = [registry.factor_pack(name)]
    else:
        packs = [reen.read_factors(name, registry=registry)]
    if output_format == "json":
        emit_json([pack_content(pack, find=find, full=name is not None) for pack in packs])
        return

    def page(screen: Screen) -> Iterator[RenderableType]:
        if name is None and find is None:
            return packs_page(packs, screen.width, full=full)
        if name is None:
            return found_page(packs, text=find or "", limit=limit, width=screen.width)
        return pack_page(packs[0], find=find, limit=limit, width=screen.width, full=full)

    given = click.get_current_context().get_parameter_source("limit")
    asked = given is not None and given is not ParameterSource.DEFAULT
    emit_list(page, full=full or asked)  # who says how many lines has them


# -- plugins ---------------------------------------------------------------------------------


@click.command(epilog="\b\nExample:\n  reen plugins")
@listing_options
def plugins(*, full: bool, output_format: str) -> None:
    """List the plugins: what they provide, and which could not be loaded and why."""
    registry = reen.default_registry()  # failures are the subject here, not a warning
    provided: dict[str, dict[str, list[str]]] = {str(plugin): {} for plugin in registry.plugins}
    for (kind, each), plugin in registry.origins.items():
        provided[str(plugin)].setdefault(kind, []).append(each)
    if output_format == "json":
        emit_json(
            {
                "loaded": [
                    {
                        **attrs.asdict(plugin),
                        "provides": [
                            f"{kind} {each}"
                            for kind, names in provided[str(plugin)].items()
                            for each in names
                        ],
                    }
                    for plugin in registry.plugins
                ],
                "failed": [
                    {**attrs.asdict(failed.plugin), "reason": failed.reason}
                    for failed in registry.failed
                ],
            }
        )
        return

    def page(screen: Screen) -> Iterator[RenderableType]:
        for name, things in provided.items():
            yield heading(name)
            if not things:
                label = say("page_label", label=Reason("plugins_provides"))
                yield hang(say("page_nothing"), width=screen.width, first=f"  {label}")
            for kind, names in things.items():
                label = say(f"plugins_{kind.replace(' ', '_')}")
                text = say("page_colon", name=label, text=", ".join(names))
                yield hang(text, width=screen.width, first="  ", rest="    ")
        for failed in registry.failed:
            yield heading(say("plugins_left_out", plugin=str(failed.plugin)))
            yield hang(failed.reason, width=screen.width, first="  ")
        if not provided and not registry.failed:
            yield paragraph(say("plugins_none"))

    emit_list(page, full=full)
