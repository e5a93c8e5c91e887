"""Errors of reen: one base class, one class per cause.

Every class also derives from the builtin that fits, so a host may catch either; the data are
attributes, not only text, and survive pickling (a worker's error arrives whole in the parent
process).  A message gives what was found, where, what was expected and the remedy, in the current
language (`reen.language`); `code` and `parameters` are the same in every language.

Examples
--------
>>> try:
...     reen.read("absent.csv")
... except reen.errors.FileFormatError:
...     print("there is no such file")
there is no such file
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from reen.reasons import Detail, Words
from reen.reasons import Reason as _Reason
from reen.reasons import as_reason as _as_reason
from reen.reasons import has_sentence as _has_sentence
from reen.reasons import joined as _joined

__all__ = [
    "BrokenLawError",
    "DimensionError",
    "EmptyInventoryError",
    "FactorDataError",
    "FactorWarning",
    "FileFormatError",
    "FileNotWrittenError",
    "InventoryError",
    "MissingExtraError",
    "OptionError",
    "PluginApiWarning",
    "PluginError",
    "ReenError",
    "StrictReadError",
    "UnknownNameError",
    "WorkerError",
]


#: Data of errors that say where something is or what it is called, and never what is the matter.
_NAMES = ("name", "place")


def _nearest(candidates: Sequence[Words]) -> Detail:
    """Return the sentence that proposes the nearest known names, or nothing."""
    if not candidates:
        return ""
    names = _joined([_quoted(candidate) for candidate in candidates], "joined_by_or")
    return _then(_Reason("error_did_you_mean", names=names))


def _then(sentence: _Reason) -> _Reason:
    """Return a sentence with the space that parts it from the one before."""
    return _joined(["", sentence], "joined_by_space")


def _at(place: Words, words: Words) -> _Reason:
    """Return words with the place that they are about before them."""
    return _Reason("error_at", place=place, text=_as_reason(words))


def _quoted(value: Words) -> str:
    """Return a value as it was given, in quotes; words about one in the same."""
    return repr(str(value) if isinstance(value, _Reason) else value)


class ReenError(Exception):
    """Base of every error that reen raises on purpose.

    Subclasses define ``__init__`` over their data; `args` keep that data, which is what makes
    them picklable without further code.  The text given to them is a string, or a
    `reen.plugin.Reason`, which has a sentence in each language.

    Examples
    --------
    >>> import reen
    >>> error = reen.errors.UnknownNameError("row", "PC-3", ["PC-2"])
    >>> error.code, error.parameters["name"]
    ('unknown_name', 'PC-3')
    >>> with reen.language("fr"):
    ...     print(error)  # doctest: +ELLIPSIS
    L'inventaire n'a pas de ligne 'PC-3'. Vouliez-vous dire 'PC-2' ? Désignez une ligne par...
    """

    @property
    def said(self) -> _Reason:
        """Return the message as data."""
        return _Reason("said", text=super().__str__())

    @property
    def code(self) -> str:
        """Return what is the matter, in snake_case: the cause if it is known, else the class."""
        cause = self._cause
        if cause is not None:
            return cause.code
        name = type(self).__name__.removesuffix("Error")
        return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()

    @property
    def parameters(self) -> Mapping[str, object]:
        """Return the data of the error, by name: its attributes, and the details of its cause."""
        cause = self._cause
        own = {name: value for name, value in vars(self).items() if value is not cause}
        return {**dict(cause.details if cause is not None else ()), **own}

    @property
    def _cause(self) -> _Reason | None:
        given = (value for name, value in vars(self).items() if name not in _NAMES)
        return next((value for value in given if isinstance(value, _Reason)), None)

    def __str__(self) -> str:
        """Return the message in the language in force."""
        return self.said.text()


def _kind(kind: Words) -> Detail:
    """Return what was looked up in the language in force; a plugin's own words as they are."""
    if isinstance(kind, _Reason):
        return kind
    code = f"kind_{kind.replace(' ', '_')}"
    return _Reason(code) if _has_sentence(code) else kind


class UnknownNameError(ReenError, LookupError):
    """An unknown name: of a method, a criterion, a type, a column, a row...

    Attributes
    ----------
    kind
        What was looked up: ``"method"``, ``"importer"``, ``"criterion"``, ``"column"``,
        ``"row"``...
    name
        The name that was asked for.
    candidates
        The nearest known names, best first; may be empty.
    known
        Every known name; empty for rows, of which there are too many.
    left_out
        Whether it may be a column of the file that was not kept, since nobody asked for it.
    """

    def __init__(
        self,
        kind: Words,
        name: Words,
        candidates: Sequence[Words] = (),
        known: Iterable[Words] = (),
        left_out: bool = False,  # noqa: FBT001, FBT002 - pickled by position
    ) -> None:
        self.kind = kind
        self.name = name
        self.candidates = tuple(candidates)
        self.known = tuple(known)
        self.left_out = left_out
        super().__init__(kind, name, self.candidates, self.known, left_out)

    @property
    def said(self) -> _Reason:
        """Return the name, the nearest known names, and all of them or the ways to name one."""
        near = _nearest(self.candidates)
        if self.kind == "row":
            return _Reason("error_unknown_row", name=self.name, near=near)
        known: list[Words] = [""]
        if self.known:
            known.append(_Reason("error_known", names=_joined(self.known)))
        if self.left_out:
            known.append(_Reason("error_keep_column", name=self.name))
        return _Reason(
            "error_unknown_name",
            kind=_kind(self.kind),
            name=self.name,
            near=near,
            known=_joined(known, "joined_by_space"),
        )


class DimensionError(ReenError, ValueError):
    """A quantity in a unit of the wrong dimension, or in no known unit.

    Attributes
    ----------
    what
        What carries the unit: a column, an option, a factor row.
    unit
        The unit found.
    expected
        A unit of the dimension expected.
    where
        File and row when known, else empty.
    """

    def __init__(self, what: str, unit: str, expected: str, where: str = "") -> None:
        self.what = what
        self.unit = unit
        self.expected = expected
        self.where = where
        super().__init__(what, unit, expected, where)

    @property
    def said(self) -> _Reason:
        """Return the place, the unit found, the unit expected and the remedy."""
        # the readers name a column so; in a language of its own the place is said in that language
        column = self.what.removeprefix("column '").removesuffix("'")
        named = self.what == f"column {column!r}"
        what = _Reason("error_column_named", column=column) if named else self.what
        found = _Reason("error_dimension", what=what, unit=self.unit, expected=self.expected)
        return _at(self.where, found) if self.where else found


class InventoryError(ReenError, ValueError):
    """An inventory, or a table of one, that cannot be used as it is.

    Columns that do not fit the schema (two claims, a wrong type), tables that lack what they must
    have, rows that cannot be read, a row named as several are, inventories that do not belong
    together.

    Attributes
    ----------
    message
        What is wrong and how to mend it.
    place
        Where reading met it, once it had begun: the file and its row group, or the number of the
        batch in its stream, both from 0; else empty.
    """

    def __init__(self, message: Words, place: Words = "") -> None:
        self.message = message
        self.place = place
        super().__init__(message, place)

    @property
    def said(self) -> _Reason:
        """Return the place, if there is one, and the message."""
        return _at(self.place, self.message) if self.place else _as_reason(self.message)


class EmptyInventoryError(InventoryError):
    """A file or table without any row of equipment."""


class FileFormatError(ReenError, ValueError):
    """A file that no importer can read, or whose content does not fit its name.

    Attributes
    ----------
    path
        The file.
    reason
        What was found and what was expected.
    """

    def __init__(self, path: str, reason: Words) -> None:
        self.path = path
        self.reason = reason
        super().__init__(path, reason)

    @property
    def said(self) -> _Reason:
        """Return the file and the reason."""
        return _at(self.path, self.reason)


class FileNotWrittenError(ReenError, OSError):
    """A file that could not be written, or may not be; what was there is unchanged.

    Attributes
    ----------
    path
        The file.
    reason
        What stopped it, and how to mend it.
    """

    def __init__(self, path: str, reason: Words) -> None:
        super().__init__(path, reason)
        # where the system keeps a number; what it said stands in the cause
        self.errno = None
        self.path = path
        self.reason = reason

    @property
    def said(self) -> _Reason:
        """Return the file and the reason."""
        return _at(self.path, self.reason)


class StrictReadError(ReenError, ValueError):
    """Raised at the end of a strict read when the importer met issues.

    Attributes
    ----------
    path
        The file.
    issues
        One line per issue, in order of row.
    """

    #: Lines shown in the message; all of them stand in `issues`.
    SHOWN = 5

    def __init__(self, path: str, issues: Sequence[str]) -> None:
        self.path = path
        self.issues = tuple(issues)
        super().__init__(path, self.issues)

    @property
    def said(self) -> _Reason:
        """Return the head of the issues, their count and the remedy."""
        lines: list[Words] = [f"  {line}" for line in self.issues[: self.SHOWN]]
        rest = len(self.issues) - self.SHOWN
        if rest > 0:
            more = _Reason("error_and_more", count=rest)
            lines.append(_joined(["  ...", more], "joined_by_space"))
        head = _joined(lines, "joined_by_line")
        return _Reason("error_strict", path=self.path, count=len(self.issues), head=head)


class OptionError(ReenError, ValueError):
    """An option that a method or function does not have, or a value that it cannot take.

    Attributes
    ----------
    owner
        The method or function.
    option
        The option's name.
    value
        The value given, as text.
    expected
        What would have been accepted: text, or a `Reason` (its sentence is `str(expected)`).
    """

    def __init__(self, owner: Words, option: str, value: Words, expected: Words) -> None:
        self.owner = owner
        self.option = option
        self.value = value
        self.expected = expected
        super().__init__(owner, option, value, expected)

    @property
    def said(self) -> _Reason:
        """Return the option, the value and what was expected."""
        return _Reason(
            "error_option",
            owner=self.owner,
            option=self.option,
            value=_quoted(self.value),
            expected=_as_reason(self.expected),
        )


class FactorDataError(ReenError, ValueError):
    """A row of a factor pack that does not fit the declared schema.

    Attributes
    ----------
    pack
        The pack or file.
    row
        The line of the file (header = 1), or None when the whole file is concerned.
    column, value
        The cell.
    expected
        What was expected, and how to mend it.
    """

    def __init__(
        self, pack: str, row: int | None, column: str, value: Words, expected: Words
    ) -> None:
        self.pack = pack
        self.row = row
        self.column = column
        self.value = value
        self.expected = expected
        super().__init__(pack, row, column, value, expected)

    @property
    def said(self) -> _Reason:
        """Return file, row, column, value and what was expected."""
        place: Detail = self.pack
        if self.row is not None:
            line = _Reason("error_comma_row", row=str(self.row))
            place = _Reason("error_followed", text=self.pack, more=line)
        return _Reason(
            "error_factor_data",
            place=place,
            column=self.column,
            value=_quoted(self.value),
            expected=_as_reason(self.expected),
        )


class PluginError(ReenError, RuntimeError):
    """A plugin that broke its contract, or that could not be loaded.

    Attributes
    ----------
    plugin
        The plugin, method or importer, with its version when known.
    reason
        What it did, and what the contract asks.
    where
        The batch that it was given, such as ``rows 0 to 99``; empty when there was none.
    """

    def __init__(self, plugin: str, reason: Words, where: str = "") -> None:
        self.plugin = plugin
        self.reason = reason
        self.where = where
        super().__init__(plugin, reason, where)

    @property
    def said(self) -> _Reason:
        """Return the culprit, the reason and the batch."""
        batch = _then(_Reason("error_in_batch", where=self.where)) if self.where else ""
        return _Reason("error_followed", text=_at(self.plugin, self.reason), more=batch)


class WorkerError(ReenError, RuntimeError):
    """A worker of an executor that cannot do its share; nothing was measured.

    It has another version of something than the caller (code ``error_worker``), it ended before it
    answered (``error_worker_lost``), or its executor takes no work any more
    (``error_executor_shut``).

    Attributes
    ----------
    reason
        What is the matter, and how to mend it.
    """

    def __init__(self, reason: Words) -> None:
        self.reason = reason
        super().__init__(reason)

    @property
    def said(self) -> _Reason:
        """Return the reason."""
        return _as_reason(self.reason)


class FactorWarning(UserWarning):
    """A factor that was read and does not fit its unit, with the likely unit."""


class PluginApiWarning(UserWarning):
    """A plugin written for an older version of what reen asks of plugins, which changed since."""


class BrokenLawError(ReenError, AssertionError):
    """A plugin that breaks a law of the conformance suite (`reen.testing`).

    Attributes
    ----------
    subject
        The method, importer or factor pack, with its version.
    law
        Name of the law, such as ``linearity``.
    rule
        The law in one sentence.
    found
        What was found instead.
    example
        The smallest input that shows it, in words; may be empty.
    """

    def __init__(self, subject: str, law: str, rule: str, found: str, example: str = "") -> None:
        self.subject = subject
        self.law = law
        self.rule = rule
        self.found = found
        self.example = example
        super().__init__(subject, law, rule, found, example)

    def __str__(self) -> str:
        """Return who broke which law, what was found, and the smallest example."""
        text = f"{self.subject} breaks the law of {self.law}: {self.rule}\nfound: {self.found}"
        return f"{text}\n{self.example}" if self.example else text


class MissingExtraError(ReenError, ImportError):
    """An optional dependency that is not installed.

    Attributes
    ----------
    package
        The missing package.
    extra
        The extra of reen that installs it.
    purpose
        What it is needed for.
    """

    def __init__(self, package: str, extra: str, purpose: Words) -> None:
        self.package = package
        self.extra = extra
        self.purpose = purpose
        super().__init__(package, extra, purpose)

    @property
    def said(self) -> _Reason:
        """Return the purpose and the command that installs the package."""
        return _Reason(
            "error_missing_extra",
            purpose=_as_reason(self.purpose),
            package=self.package,
            extra=self.extra,
        )
