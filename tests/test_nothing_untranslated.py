"""No sentence reaches a person in one language only: read from the syntax trees of the packages.

How a sentence is found: a text of two words or more among the arguments of an error that is raised
or made, of what prints or asks, or of a name that such an argument uses.  What is said by `Reason`
or `say` stands in both catalogues (see `unit/test_reasons.py`).  What is left is held by lists:
errors that only an author of plugins or of reen meets stay English, as their code does.
"""

from __future__ import annotations

import ast
import importlib
import importlib.resources
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from reen.cli.app import COMMANDS, app
from reen.cli.speech import key_of

#: Errors that say what is wrong with a program, to who writes it.
AUTHORS = {
    "AssertionError",
    "AttributeError",
    "BrokenLawError",
    "KeyError",
    "NotImplementedError",
    "PluginError",
    "RuntimeError",
    "TypeError",
    "VocabularyError",
    "WorkerMismatchError",
    "struct.error",
}

#: Modules that only authors of plugins, of packs or of reen call.
OF_AUTHORS = (
    "reen.engine",
    "reen.factors.pack",
    "reen.method",
    "reen.plugins",
    "reen.reasons",
    "reen.testing",
    "reen_plugins.factor_packs.making",
)

#: Functions that make, collect or print what a person is told, by their last name.
TELLING = {"add", "confirm", "echo", "fail", "print", "prompt", "refuse", "stranger", "unknown_keys"}
TELLING |= {"_damaged", "_error", "_fail", "_none", "_refuse", "_refused", "_too_large", "_wrong"}

#: Functions whose texts stand in the catalogues.
SAYING = {"Assumption", "Remark", "Reason", "as_reason", "say"}

SENTENCE = re.compile(r"[^\W\d_]{2,}[,;:]? [^\W\d_]{2,}")
