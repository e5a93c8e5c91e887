"""The command line in the language of whoever types: its help, and the messages of click.

Input: what was typed and the machine's locale.  Output: commands whose help is in that language.
The English of a help text stands where its option does and is its key in the catalogue
`languages/<language>/LC_MESSAGES/cli.po`, as gettext has it; click looks its own words up there.
"""

from __future__ import annotations

import copy
import functools
import gettext
import inspect
import locale
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from reen.reasons import LANGUAGES, speak, speaking, spoken

__all__ = [
    "in_language",
    "key_of",
    "language_of",
    "language_of_machine",
    "language_option",
    "review_language_option",
    "speaking_to",
    "spoken_option",
    "translated",
]

#: The catalogue of the command line.
DOMAIN = "cli"

_OPTION = "--lang"

#: What says the language of messages, the first that is set.
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of_machine() -> str:
    """Return the language of the machine's locale, English where reen does not speak it."""
    given = next((os.environ[name] for name in _LOCALE if os.environ.get(name)), "")
    if not given and sys.platform == "win32":
        given = locale.getlocale()[0] or ""
    # fr_FR.UTF-8, fr-CA; Windows also says French_France
    code = {"french": "fr"}.get(given.partition("_")[0].lower(), given[:2].lower())
    return code if code in LANGUAGES else "en"


def language_of(arguments: Sequence[str]) -> str:
    """Return the language that was asked for, before anything of the command is understood.

    Examples
    --------
    >>> language_of(["measure", "--lang", "fr", "--help"]), language_of(["read", "--lang=en"])
    ('fr', 'en')
    """
    for at, word in enumerate(arguments):
        name, mark, value = word.partition("=")
        asked = value if mark else "".join(arguments[at + 1 : at + 2])
        if name == _OPTION and asked in LANGUAGES:
            return asked
    return language_of_machine()


@functools.cache
def _folder() -> str:
    return str(Path(__file__).parents[1] / "languages")


@contextmanager
def speaking_to(language: str) -> Iterator[None]:
    """Speak a language, click's own words included, for the length of a ``with`` block."""
    gettext.bindtextdomain(DOMAIN, _folder())
    before, machine = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language
    try:
        with speaking(language):
            yield
    finally:
        gettext.textdomain(before)
        os.environ.pop("LANGUAGE")
        if machine is not None:
            os.environ["LANGUAGE"] = machine


def _speak(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    """Speak a language until the command ends.

    A context that is left before it begins (help, a word that is no option) is never closed: what
    spoke before is then restored by the program, and by nothing that is collected later.
    """
    chosen = value or spoken()  # the program has asked the machine
    ctx.call_on_close(speak(chosen))
    return chosen


language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    callback=_speak,
    help="Language of the page; that of the machine (LC_ALL, LANG) when not given, else English."
    " Data for programs stay in English.",
)

#: For the review, which the law asks for in French: English is a choice, whatever the machine.
review_language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="fr",
    show_default=True,
    help="Language of the page, the PDF and the editable file; annex and open data are in French.",
)

#: The same, for commands whose pages ask for the language in force.
spoken_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    callback=_speak,
    expose_value=False,
    help="Language of the page; that of the machine (LC_ALL, LANG) when not given, else English."
    " Data for programs stay in English.",
)


def key_of(text: str) -> str:
    """Return a help text as it stands in the catalogue: a line for each paragraph."""
    paragraphs = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(" ".join(each.split()) for each in paragraphs)


def translated(text: str) -> str:
    """Return a help text in the language in force; what holds examples, line by line."""
    if text.startswith("\b"):
        return "\n".join(_found(line) if line.endswith(":") else line for line in text.split("\n"))
    return _found(key_of(text))


def _found(text: str) -> str:
    return _catalogue(spoken()).gettext(text)


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Return the texts of a language, looked for once and not for each option."""
    return gettext.translation(DOMAIN, _folder(), [language], fallback=True)


def in_language(command: click.Command) -> click.Command:
    """Return a command whose help is in the language in force; the one given stays as it is."""
    made = copy.copy(command)
    made._help_option = None  # noqa: SLF001 - click keeps the one of the language before
    made.help = translated(command.help or "")
    made.epilog = translated(command.epilog or "")
    made.params = [_spoken_parameter(each) for each in command.params]
    return made


def _spoken_parameter(parameter: click.Parameter) -> click.Parameter:
    made = copy.copy(parameter)
    if made.metavar:
        made.metavar = translated(made.metavar)
    if isinstance(made, click.Option) and made.help:
        made.help = translated(made.help)
    return made
