"""The option `--matching`: a table of models, given to the methods that match models with sheets.

Input: what was typed, and the options of some methods.  Output: the same options, the table among
them where a method takes one.  `reen match` writes such tables; the library reads them.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from pathlib import Path

import attrs
import click

from reen.plugin import Method, Registry
from reen.reasons import say

__all__ = ["matching_option", "with_matching"]

#: Option by which a method takes a table of models.
_OPTION = "matching"

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
        if _OPTION in found[name]:
            message = say(
                "error_has_table_already_give_one_two", name=name, found=found[name][_OPTION]
            )
            raise click.BadParameter(message, param_hint="'--matching'")
        found[name][_OPTION] = str(matching)
    return found


def _takes_table(method: Method) -> bool:
    """Return whether a method has the option, and it is a table of models."""
    kind: type = type(method)
    if not attrs.has(kind) or _OPTION not in attrs.fields_dict(kind):
        return False
    hint = typing.get_type_hints(kind)[_OPTION]

    from reen.plugin.packs import MatchingTable

    return MatchingTable in (hint, *typing.get_args(hint))
