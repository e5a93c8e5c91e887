"""Errors as one line a person can act on, and the option that asks for more.

Input: an error of reen, of the system or of click.  Output: text for standard error.  The
library's messages name Python arguments; here they name the options of the command line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from reen.errors import ReenError
from reen.patterns import pattern
from reen.reasons import say
from reen.reasons.system import system_words

__all__ = [
    "BAD_INPUT",
    "as_typed",
    "describe_error",
    "describe_usage_error",
    "traceback_option",
    "wants_traceback",
]

#: Exit code for input that cannot be used: a file, an option, a name.
BAD_INPUT = 2

_TRACEBACK = "reen.traceback"

#: What the library's messages call an argument, and how it is typed here.
_TYPED = (
    (pattern(r"""columns=\{(['"])(.*?)\1: (['"])(.*?)\3\}"""), r"--column '\2=\4'"),
    (pattern(r"\b(encoding|importer|delimiter|country)='([^']*)'"), r"--\1 \2"),
    (pattern(r"\bcolumns="), "--column"),
    (pattern(r"\bkeep=\[(['\"])(.*?)\1\]"), r"--keep '\2'"),
    (pattern(r"\bimporter=(?=\W|$)"), "--importer"),
    (
        pattern(r"or read with strict=False and look at inventory\.issues\."),
        "or leave --strict out; `reen read` shows every issue.",
    ),
    (
        pattern(r"ou lisez avec strict=False et regardez inventory\.issues\."),
        "ou ôtez --strict ; `reen read` montre tous les défauts.",
    ),
)

#: What to do about a missing option.
_REMEDIES = {"method": "page_methods_lists_them"}

F = TypeVar("F", bound=Callable[..., object])


def as_typed(text: str) -> str:
    """Return a message of the library with its Python arguments as options."""
    for python, option in _TYPED:
        text = python.sub(option, text)
    return text


def describe_error(error: Exception) -> str:
    """Return the line that says what failed and how to mend it."""
    if isinstance(error, OSError) and error.strerror and not isinstance(error, ReenError):
        where = f"{error.filename}: " if error.filename else ""
        text = say("page_system_error", where=where, why=system_words(error))
    else:
        text = str(error)
    return say("page_error", text=as_typed(text))


def describe_usage_error(error: click.ClickException) -> str:
    """Return what is wrong with the command as typed, and where its help is."""
    text = say("page_error", text=error.format_message())
    if isinstance(error, click.MissingParameter) and error.param is not None:
        remedy = _REMEDIES.get(error.param.name or "")
        text += f" {say(remedy)}" if remedy else ""
    context = getattr(error, "ctx", None)
    if isinstance(context, click.Context):
        text += f"\n{say('page_see', typed=f'{context.command_path} --help')}"
    return text


def wants_traceback(ctx: click.Context) -> bool:
    """Tell whether `--traceback` was given."""
    return bool(ctx.find_root().meta.get(_TRACEBACK))


def _remember(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's own signature
    del parameter
    if value:
        ctx.find_root().meta[_TRACEBACK] = True


def traceback_option(function: F) -> F:
    """Add `--traceback` to a command."""
    return click.option(
        "--traceback",
        is_flag=True,
        expose_value=False,
        callback=_remember,
        help="On an error, also print the place in the program.",
    )(function)
