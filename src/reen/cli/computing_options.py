"""What to compute with: a method, its options, the factors, their versions, a date.

Input: what was typed.  Output: `Computing`, with the calls of the library that it stands for, and
what is installed.  `reen COMMAND --help` passes here: no plugin is imported for it.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

import reen
from reen.cli.arguments import as_day, pairs, shell_words
from reen.cli.page_options import Command, decorate
from reen.reasons import say

if TYPE_CHECKING:
    from reen.plugin import Method, Registry
    from reen.types import PackRecord

__all__ = [
    "Computing",
    "computing_options",
    "factors_option",
    "installed",
    "level_option",
    "matching_option",
    "pack_option",
    "with_matching",
    "with_versions",
]


#: Key, in what a command keeps, of the plugins that it has said to be left out.
_LEFT_OUT = "reen.cli.plugins_left_out"


def installed() -> Registry:
    """Return what the installed plugins provide; say on standard error which could not be used.

    Each is said once by a command, however often its parts ask for what is installed.
    """
    registry = reen.default_registry()
    if registry.failed:
        said: set[str] = click.get_current_context().meta.setdefault(_LEFT_OUT, set())
        for failed in registry.failed:
            if failed.reason not in said:
                said.add(failed.reason)
                click.echo(say("page_plugin_left_out", why=failed.reason), err=True)
    return registry


#: Option by which a method takes a table of models.
_MATCHING = "matching"

matching_option = click.option(
    "--matching",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Table of models from `reen match`, corrected by a person: its decisions go first. The"
    " same as -o matching=FILE, for the methods that match models with sheets.",
)


def with_matching(
    options: Mapping[str, Mapping[str, str]], matching: Path | None, registry: Registry
) -> dict[str, dict[str, str]]:
    """Return the options of some methods, with the table of models for those that take one.

    Parameters
    ----------
    options
        Options of each method, by its name, numbered where it comes again.
    matching
        What `--matching` says.
    registry
        Where the methods are.

    Raises
    ------
    click.BadParameter
        No method takes a table of models, or one has a table already.
    UnknownNameError
        No plugin provides a method.
    """
    found = {name: dict(given) for name, given in options.items()}
    if matching is None:
        return found
    taking = [name for name in found if _takes_table(registry.method(name.partition(" #")[0]))]
    if not taking:
        able = [name for name, method in registry.methods.items() if _takes_table(method)]
        message = say(
            "error_models_are_not_matched_sheets_there",
            found=", ".join(found),
            able=", ".join(able) or say("error_none_installed"),
        )
        raise click.BadParameter(message, param_hint="'--matching'")
    for name in taking:
        if _MATCHING in found[name]:
            message = say(
                "error_has_table_already_give_one_two", name=name, found=found[name][_MATCHING]
            )
            raise click.BadParameter(message, param_hint="'--matching'")
        found[name][_MATCHING] = str(matching)
    return found


def _takes_table(method: Method) -> bool:
    """Return whether a method has the option, and it is a table of models."""
    kind: type = type(method)
    if not attrs.has(kind) or _MATCHING not in attrs.fields_dict(kind):
        return False
    import typing

    from reen.plugin.packs import MatchingTable

    hint = typing.get_type_hints(kind)[_MATCHING]

    return MatchingTable in (hint, *typing.get_args(hint))


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)  # which has a cached property
class Computing:
    """What to compute with.

    Attributes
    ----------
    method, option, factors, pack, as_of, matching
        As typed; see the help of each option.
    """

    method: str
    option: tuple[str, ...]
    factors: tuple[str, ...]
    as_of: dt.date | None
    pack: tuple[str, ...] = ()
    matching: Path | None = None

    @property
    def options(self) -> Mapping[str, str]:
        """Return the options of the method, by name.

        Raises
        ------
        click.BadParameter
            An option that is not of the form name=value, or that is given twice.
        """
        given = {self.method: pairs(self.option, option="--option", form="name=value")}
        return with_matching(given, self.matching, installed())[self.method]

    @property
    def typed(self) -> str:
        """Return what another command on the same measurement must be given, as it is typed."""
        options = [word for each in self.option for word in ("--option", each)]
        options += [word for each in self.factors for word in ("--factors", each)]
        options += [word for each in self.pack for word in ("--pack", each)]
        if self.matching is not None:
            options += ["--matching", str(self.matching)]
        return shell_words(options)

    @functools.cached_property
    def registry(self) -> Registry:
        """Return what is installed, with the versions of packs that were asked for.

        Raises
        ------
        ReenError
            As `with_versions`.
        """
        return with_versions(installed(), self.pack)

    def configured(self) -> Method:
        """Return the method with its options.

        Raises
        ------
        UnknownNameError
            No plugin provides it.
        OptionError
            It has no such option, or the value does not fit.
        click.BadParameter
            As `options`.
        """
        return reen.configure(self.registry.method(self.method), self.options)


#: Endings of stored results.
_RESULTS = frozenset({".json", ".parquet"})


def with_versions(registry: Registry, packs: Sequence[str]) -> Registry:
    """Return a registry with the versions of packs that were asked for.

    Parameters
    ----------
    registry
        What is installed.
    packs
        As typed: ``name@version``, or the file of a result, whose packs are all taken.

    Raises
    ------
    UnknownNameError
        A pack, or a version, that is not there.
    FactorDataError
        A pack has another content than the result states.
    FileFormatError
        A file that holds no result.
    """
    from reen.gate.reads import is_there

    chosen: list[str | PackRecord] = []
    for text in packs:
        # a name has neither a folder nor the ending of a result
        if is_there(text, file=True) or Path(text).suffix in _RESULTS or Path(text).name != text:
            chosen += reen.read_footprint(text).provenance.packs
        else:
            chosen.append(text)
    return registry.with_packs(*chosen) if chosen else registry


#: Versions of packs.
pack_option = click.option(
    "--pack",
    metavar="NAME@VERSION|RESULT",
    multiple=True,
    help="Use that version of a factor pack, such as base-carbone@2026.1, or all the packs of an"
    " earlier result, to compute it again. Repeatable.",
)


#: Factors of the user's.
factors_option = click.option(
    "--factors",
    metavar="NAME|FILE",
    multiple=True,
    help="Factors that go before the method's own: a pack, or your file. Repeatable.",
)

_COMPUTING = (
    click.option(
        "-m",
        "--method",
        metavar="NAME",
        required=True,
        help="How to count; `reen methods` lists them.",
    ),
    click.option(
        "-o",
        "--option",
        metavar="NAME=VALUE",
        multiple=True,
        help="Option of the method; `reen methods NAME` lists them. Repeatable.",
    ),
    matching_option,
    factors_option,
    pack_option,
    click.option(
        "--as-of",
        callback=as_day,
        metavar="DATE",
        help="Reference date, such as 2022-12-31; it sets the year of the electricity factors."
        " When not given: today; of two years, the end of each.",
    ),
)


#: What is counted, of an information system.
level_option = click.option(
    "--level",
    type=click.Choice(["equipment", "virtual_machine", "application"]),
    default="equipment",
    show_default=True,
    help="Level of an information system to show: its equipment, or the shares of its virtual"
    " machines or applications.",
)


def computing_options(function: Command) -> Command:
    """Add the computing options to a command, which gets them as `computing`."""

    @functools.wraps(function)
    def gathered(**given: object) -> None:
        fields = [field.name for field in attrs.fields(Computing)]
        computing = Computing(**{name: given.pop(name) for name in fields})  # type: ignore[arg-type]
        function(computing=computing, **given)

    return decorate(gathered, _COMPUTING)
