"""What the reference pages take from the code: tables and lists in Markdown, by name.

A line ``<!-- from the code: NAME -->`` of a page is followed by what `MAKERS[NAME]` returns and by
``<!-- end of: NAME -->``.  `renew(page)` writes that text anew: ``python docs/reference_pages.py``
does it for every page, so that the pages of a clone are whole; a test holds them current.
`expand(page)` gives the text that the site shows, always made from the code at hand.  Imports no
Sphinx, so that tests can read the same text.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs
from factors_by_type import defaults_by_type, factors_by_type, proxies_by_type
from reason_tables import assumptions, reasons
from tool_tables import tools

import reen
from reen.factors import columns as factor_columns
from reen.plugin import FactorPack
from reen.plugin.files import (
    APPLICATIONS,
    DATACENTERS,
    DISPOSALS,
    ENERGY_READINGS,
    EQUIPMENT,
    HEADCOUNT,
    PURCHASES,
    SCHEMA_OF_KIND,
    SERVICES,
    VIRTUAL_MACHINES,
    Column,
    ColumnKind,
    TableSchema,
)
from reen.plugin.indicators import Direction, Indicator
from reen.plugins import hookspecs
from reen.vocabulary.equipment_types import WeeeCategory

__all__ = ["MAKERS", "ONLY_IN_THE_SITE", "expand", "renew"]

_MARK = re.compile(
    r"^<!-- from the code: ([\w-]+) -->$(?:\n.*?^<!-- end of: \1 -->$)?", re.MULTILINE | re.DOTALL
)

#: What is made of directives that only Sphinx reads; the page has a table of the same names.
ONLY_IN_THE_SITE = {"error-details"}


def expand(page: str) -> str:
    """Return the text of a page with every mark replaced.

    Raises
    ------
    KeyError
        A mark whose name is not in `MAKERS`.
    """
    return _MARK.sub(lambda mark: MAKERS[mark[1]](), page)


def renew(page: str) -> str:
    """Return the text of a page with what follows each mark made anew.

    Raises
    ------
    KeyError
        A mark whose name is not in `MAKERS`.
    """

    def between_marks(mark: re.Match[str]) -> str:
        name = mark[1]
        begin = f"<!-- from the code: {name} -->"
        if name in ONLY_IN_THE_SITE:
            return begin
        return f"{begin}\n\n{MAKERS[name]().strip()}\n\n<!-- end of: {name} -->"

    return _MARK.sub(between_marks, page)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for row in rows:
        cells = " | ".join(cell.replace("|", r"\|") for cell in row)
        lines.append(f"| {cells} |")
    return "\n".join(lines)


def _codes(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


# -- columns ---------------------------------------------------------------------------------


def _unit(column: Column) -> str:
    if column.kind is ColumnKind.NUMBER:
        return "none" if column.unit == "1" else f"`{column.unit}`"
    return column.kind.value


def _range(column: Column) -> str:
    if column.values:
        return _codes(column.values)
    bounds = []
    if column.minimum is not None:
        bounds.append(f"{'above' if column.exclusive else 'at least'} {column.minimum:g}")
    if column.maximum is not None:
        bounds.append(f"at most {column.maximum:g}")
    if column.default is not None:
        bounds.append(f"{column.default:g} when the column is absent")
    return ", ".join(bounds)


def _schema(schema: TableSchema) -> str:
    rows = (
        (f"`{column.name}`", _unit(column), column.description, _range(column))
        for column in schema.columns
    )
    return _table(("column", "kind or unit", "meaning", "values"), rows)


def _file_columns(columns: Mapping[str, str], required: Iterable[str]) -> str:
    needed = set(required)
    rows = (
        (f"`{name}`", "yes" if name in needed else "", meaning) for name, meaning in columns.items()
    )
    return _table(("column", "required", "meaning"), rows)


def _parameters() -> str:
    rows = ((f"`{name}`", f"`{unit}`") for name, unit in factor_columns.PARAMETERS.items())
    return _table(("parameter", "unit"), rows)


# -- vocabulary ------------------------------------------------------------------------------


def _equipment_types() -> str:
    rows = (
        (
            f"`{kind.key}`",
            f"{kind.title_en}; {kind.title_fr}",
            "none" if kind.weee_category is None else str(kind.weee_category.value),
            "yes" if kind.is_server else "",
            ", ".join(kind.synonyms),
        )
        for kind in reen.default_registry().equipment_types
    )
    return _table(("key", "titles", "waste", "server", "other words"), rows)


def _waste() -> str:
    rows = ((str(each.value), f"{each.title_en}; {each.title_fr}") for each in WeeeCategory)
    return _table(("category", "titles"), rows)


# -- plugins ---------------------------------------------------------------------------------


def _hook_functions() -> dict[str, Callable[..., object]]:
    return {
        name: function
        for name, function in vars(hookspecs).items()
        if name.startswith(f"{hookspecs.GROUP}_") and inspect.isfunction(function)
    }


def _hooks() -> str:
    rows = []
    for name, function in _hook_functions().items():
        returned = str(inspect.signature(function).return_annotation)
        listed = f"`{returned.removeprefix('Iterable[').removesuffix(']')}`"
        said = " ".join((inspect.getdoc(function) or "").split())
        rows.append((f"`{name}()`", listed, said))
    return _table(("hook", "returns a list of", "for"), rows)


def _methods() -> str:
    registry = reen.default_registry()
    rows = (
        (f"[`{each.name}`](#{each.name})", each.title, each.reference, _codes(each.packs) or "none")
        for each in registry.methods.values()
    )
    return _table(("method", "title", "follows", "factor packs"), rows)


def _better(indicator: Indicator) -> str:
    return "neither" if indicator.direction is Direction.NONE else str(indicator.direction)


def _indicators() -> str:
    indicators = sorted(reen.default_registry().indicators.values(), key=lambda each: each.name)
    rows = (
        (
            f"[`{each.name}`](#{each.name})",
            each.title_en,
            f"`{each.unit}`",
            str(each.axis or "all"),
            _better(each),
        )
        for each in sorted(indicators, key=lambda each: (each.axis, each.name))
    )
    return _table(("indicator", "what it is", "unit", "axis", "better"), rows)


def _declared_indicators() -> str:
    """Return a section for each indicator that says all of itself by its fields."""
    parts = []
    for each in sorted(reen.default_registry().indicators.values(), key=lambda one: one.name):
        if not attrs.has(type(each)) or "formula" not in attrs.fields_dict(type(each)):
            continue
        needs = " and ".join(f"`{need}`" for need in each.needs)
        lines = [
            f"## `{each.name}`",
            f"Unit `{each.unit}`; axis {each.axis}; needs {needs}. French title: {each.title_fr}.",
            f"{each.formula[0].upper()}{each.formula[1:]}.",
            f"Divided by: {each.denominator}. Asked for by: {each.source}.",
        ]
        for target in each.targets:
            since = f" from {target.since}" if target.since else ""
            lines.append(f"Target: {target.text(each.unit)}{since}; {target.source}.")
        parts.append("\n\n".join(lines))
    return "\n\n".join(parts)


def _titled(things: Iterable[object], head: str) -> str:
    rows = ((f"`{getattr(each, 'name', '')}`", str(getattr(each, "title", ""))) for each in things)
    return _table((head, "reads or writes"), rows)


def _packs() -> str:
    parts = []
    for pack in reen.default_registry().factor_packs.values():
        try:
            counts = _counts(pack)
        except reen.errors.MissingExtraError as error:
            counts = f"Not counted here: {error}."
        facts = [
            ("version", pack.version),
            ("publisher", pack.publisher),
            ("source", pack.source),
            ("address", f"<{pack.url}>" if pack.url else ""),
            ("licence", pack.licence),
            ("content", counts),
        ]
        table = _table(("fact", "value"), [fact for fact in facts if fact[1]])
        told = [text for text in (pack.description, pack.notes) if text]
        parts.append("\n\n".join([f"## {pack.name}", f"{pack.title}.", table, *told]))
    return "\n\n".join(parts)


def _counts(pack: FactorPack) -> str:
    factors = pack.factors
    counted = [
        (len(factors.flows), "flow"),
        (len(pack.defaults), "default by type"),
        (len(pack.matching), "line of matching"),
    ]
    said = ", ".join(f"{count:,} {what}{'s' * (count > 1)}" for count, what in counted if count)
    said = said.replace("default by types", "defaults by type").replace(
        "line of matchings", "lines of matching"
    )
    if factors.flows:
        stages = _codes(stage.value for stage in factors.published_stages())
        said += f"; stages {stages}; criteria {_codes(factors.criteria)}"
    return said


# -- errors ----------------------------------------------------------------------------------


def _error_classes() -> list[type]:
    module = importlib.import_module("reen.errors")
    return [getattr(module, name) for name in module.__all__]


def _errors() -> str:
    rows = []
    for each in _error_classes():
        bases = [base.__name__ for base in each.__bases__]
        said = (inspect.getdoc(each) or "").split("\n\n")[0]
        rows.append((f"`{each.__name__}`", _codes(bases), " ".join(said.split())))
    return _table(("class", "also caught as", "meaning"), rows)


def _error_details() -> str:
    lines = ["```{eval-rst}"]
    for each in _error_classes():
        home = "reen" if each.__name__ in reen.__all__ else "reen.errors"
        lines += [
            f".. autoexception:: {home}.{each.__name__}",
            "   :no-members:",
            "   :show-inheritance:",
            "",
        ]
    return "\n".join([*lines, "```"])


# -- command line ----------------------------------------------------------------------------


def _command_line() -> str:
    from click.testing import CliRunner

    from reen.cli.app import COMMANDS, app

    def help_of(*words: str) -> str:
        asked = [*words, "--help"]
        done = CliRunner().invoke(app, asked, prog_name="reen", terminal_width=80)
        return f"```text\n{done.output.rstrip()}\n```"

    commands = [f"## reen {name}\n\n{help_of(name)}" for name in COMMANDS]
    return "\n\n".join([help_of(), *commands])


#: What can stand in a page, by the name of its mark.
MAKERS: Mapping[str, Callable[[], str]] = {
    "equipment-columns": lambda: _schema(EQUIPMENT),
    "purchase-columns": lambda: _schema(PURCHASES),
    "disposal-columns": lambda: _schema(DISPOSALS),
    "headcount-columns": lambda: _schema(HEADCOUNT),
    **{
        f"{kind.replace('_', '-')}-columns": functools.partial(_schema, SCHEMA_OF_KIND[kind])
        for kind in (
            "repairs",
            "contracts",
            "events",
            "projects",
            "connected_objects",
            "last_seen",
            "maturity",
        )
    },
    "indicators": _indicators,
    "declared-indicators": _declared_indicators,
    "energy-reading-columns": lambda: _schema(ENERGY_READINGS),
    "service-columns": lambda: _schema(SERVICES),
    "datacenter-columns": lambda: _schema(DATACENTERS),
    "virtual-machine-columns": lambda: _schema(VIRTUAL_MACHINES),
    "application-columns": lambda: _schema(APPLICATIONS),
    "factor-columns": lambda: _file_columns(
        factor_columns.FACTOR_COLUMNS, factor_columns.REQUIRED_FACTOR
    ),
    "default-columns": lambda: _file_columns(
        factor_columns.DEFAULT_COLUMNS, factor_columns.REQUIRED_DEFAULT
    ),
    "matching-columns": lambda: _file_columns(
        factor_columns.MATCH_COLUMNS, factor_columns.MATCH_COLUMNS
    ),
    "default-parameters": _parameters,
    "equipment-types": _equipment_types,
    "waste-categories": _waste,
    "hooks": _hooks,
    "reasons": reasons,
    "assumptions": assumptions,
    "methods": _methods,
    "tools": tools,
    "importers": lambda: _titled(reen.default_registry().importers.values(), "importer"),
    "exporters": lambda: _titled(reen.default_registry().exporters.values(), "exporter"),
    "factor-readers": lambda: _titled(
        reen.default_registry().factor_readers.values(), "factor reader"
    ),
    "factor-packs": _packs,
    "errors": _errors,
    "error-details": _error_details,
    "command-line": _command_line,
    "factors-by-type": factors_by_type,
    "proxies-by-type": proxies_by_type,
    "defaults-by-type": defaults_by_type,
}
