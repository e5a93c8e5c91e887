"""Errors of reen: one base class, one class per cause.

Every class also derives from the builtin that fits, so a host may catch either; the data stand
in attributes, not only in the text, and survive pickling (a worker's error arrives whole in the
parent process).  A message says what was found, where, what was expected and how to mend it.

This is the lowest storey: it imports nothing of reen.

Examples
--------
>>> try:
...     reen.read("absent.csv")
... except reen.errors.FileFormatError:
...     print("there is no such file")
there is no such file
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = [
    "AmbiguousRowError",
    "BatchError",
    "BrokenLawError",
    "CountryError",
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
    "UndeclaredColumnError",
    "UnknownColumnError",
    "UnknownNameError",
    "UnknownRowError",
    "WorkerLostError",
    "WorkerMismatchError",
]


def _nearest(candidates: Sequence[str]) -> str:
    """Return the sentence that proposes the nearest known names, or nothing."""
    if not candidates:
        return ""
    return f" Did you mean {' or '.join(repr(candidate) for candidate in candidates)}?"


class ReenError(Exception):
    """Base of every error that reen raises on purpose.

    Subclasses define ``__init__`` over their data; `args` keep that data, which is what makes
    them picklable without further code.

    Examples
    --------
    >>> try:
    ...     reen.measure(reen.Equipment("laptop"), "bilan-carbone")
    ... except reen.ReenError as error:
    ...     print(type(error).__name__)
    UnknownNameError
    """


class UnknownNameError(ReenError, LookupError):
    """A name that no plugin, pack or vocabulary declares: a method, a criterion, a type...

    Attributes
    ----------
    kind
        What was looked up: ``"method"``, ``"importer"``, ``"criterion"``, ``"factor pack"``...
    name
        The name that was asked for.
    candidates
        The nearest known names, best first; may be empty.
    known
        Every known name.
    """

    def __init__(
        self, kind: str, name: str, candidates: Sequence[str] = (), known: Iterable[str] = ()
    ) -> None:
        self.kind = kind
        self.name = name
        self.candidates = tuple(candidates)
        self.known = tuple(known)
        super().__init__(kind, name, self.candidates, self.known)

    def __str__(self) -> str:
        """Return the name, the nearest known names, and all of them."""
        known = f" Known: {', '.join(self.known)}." if self.known else ""
        return f"Unknown {self.kind} {self.name!r}.{_nearest(self.candidates)}{known}"


class UnknownColumnError(UnknownNameError):
    """A column that the inventory does not have.

    Attributes
    ----------
    left_out
        Whether it may be a column of the file that was not kept, since nobody asked for it.
    """

    def __init__(
        self,
        name: str,
        candidates: Sequence[str] = (),
        known: Iterable[str] = (),
        left_out: bool = False,  # noqa: FBT001, FBT002 - pickled by position
    ) -> None:
        super().__init__("column", name, candidates, known)
        self.left_out = left_out
        self.args = (name, self.candidates, self.known, left_out)

    def __str__(self) -> str:
        """Return the column, the nearest ones, and how a column of a file comes in."""
        keep = f" A column of a file that is not known is kept by keep=[{self.name!r}]."
        return f"{super().__str__()}{keep if self.left_out else ''}"


class UndeclaredColumnError(ReenError, LookupError):
    """A method that reads a column which it does not declare.

    Attributes
    ----------
    name
        The column.
    declared
        The columns that the method declares.
    """

    def __init__(self, name: str, declared: Iterable[str]) -> None:
        self.name = name
        self.declared = tuple(sorted(declared))
        super().__init__(name, self.declared)

    def __str__(self) -> str:
        """Return the column, the declared ones and the remedy."""
        return (
            f"The method reads the column {self.name!r} without declaring it; add it to"
            f" Prepared.columns, or to CaseMethod.reads (declared: {', '.join(self.declared)})."
        )


class UnknownRowError(UnknownNameError):
    """A row that the inventory does not have (by id, ``file:line`` or position)."""

    def __init__(self, name: str, candidates: Sequence[str] = ()) -> None:
        super().__init__("row", name, candidates)
        self.args = (name, self.candidates)

    def __str__(self) -> str:
        """Return the row, the nearest ids, and the three ways to name a row."""
        return (
            f"The inventory has no row {self.name!r}.{_nearest(self.candidates)}"
            " Name a row by its id, asset tag or serial number, or by its line in the file."
        )


class AmbiguousRowError(ReenError, LookupError):
    """A name that several rows of the inventory have.

    Attributes
    ----------
    row
        The name.
    places
        Where the first of them stand.
    """

    def __init__(self, row: str, places: Sequence[str]) -> None:
        self.row = row
        self.places = tuple(places)
        super().__init__(row, self.places)

    def __str__(self) -> str:
        """Return the name, the places and the remedy."""
        return (
            f"{self.row!r} names several rows ({', '.join(self.places)}); name one by 'file:line',"
            " or by its position."
        )


class CountryError(ReenError, ValueError):
    """A place that is not an ISO 3166-1 country or territory.

    Attributes
    ----------
    text
        What was written.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(text)

    def __str__(self) -> str:
        """Return what was written and what was expected."""
        return (
            f"{self.text!r} is not a country or territory of ISO 3166-1;"
            " expected a code such as 'FR' or a name in English or French."
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

    def __str__(self) -> str:
        """Return the place, the unit found, the unit expected and the remedy."""
        place = f"{self.where}: " if self.where else ""
        return (
            f"{place}{self.what} is in {self.unit!r}, which cannot be converted to"
            f" {self.expected!r}. Correct the unit, or move the figures to the column that they"
            " belong to."
        )


class InventoryError(ReenError, ValueError):
    """An inventory, or a table of one, that cannot be used as it is.

    Columns that do not fit the schema (two claims, a wrong type), tables that lack what they must
    have, inventories that do not belong together.

    Attributes
    ----------
    message
        What is wrong and how to mend it.
    """

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)

    def __str__(self) -> str:
        """Return the message."""
        return self.message


class EmptyInventoryError(InventoryError):
    """A file or table without any row of equipment."""


class BatchError(InventoryError):
    """Rows of a file or of a stream that could not be read, once reading had begun.

    Attributes
    ----------
    place
        The file and its row group, or the number of the batch in its stream, both from 0.
    reason
        What was met there.
    """

    def __init__(self, place: str, reason: str) -> None:
        self.place = place
        self.reason = reason
        super().__init__(f"{place}: {reason}")
        self.args = (place, reason)


class FileFormatError(ReenError, ValueError):
    """A file that no importer can read, or that is not what its name says.

    Attributes
    ----------
    path
        The file.
    reason
        What was found and what was expected.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(path, reason)

    def __str__(self) -> str:
        """Return the file and the reason."""
        return f"{self.path}: {self.reason}"


class FileNotWrittenError(ReenError, OSError):
    """A file that could not be written, or may not be; what was there is unchanged.

    Attributes
    ----------
    path
        The file.
    reason
        What stopped it, and how to mend it.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        # where the system keeps a number; what it said stands in the cause
        self.errno = None
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        """Return the file and the reason."""
        return f"{self.path}: {self.reason}"


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

    def __str__(self) -> str:
        """Return the head of the issues, their count and the remedy."""
        head = "\n".join(f"  {line}" for line in self.issues[: self.SHOWN])
        rest = len(self.issues) - self.SHOWN
        more = f"\n  ... and {rest} more" if rest > 0 else ""
        return (
            f"{self.path}: {len(self.issues)} issue(s) in a strict read:\n{head}{more}\n"
            "Correct the cells, or read with strict=False and look at inventory.issues."
        )


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
        What would have been accepted.
    """

    def __init__(self, owner: str, option: str, value: str, expected: str) -> None:
        self.owner = owner
        self.option = option
        self.value = value
        self.expected = expected
        super().__init__(owner, option, value, expected)

    def __str__(self) -> str:
        """Return the option, the value and what was expected."""
        return f"{self.owner}: option {self.option}={self.value!r}: expected {self.expected}."


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

    def __init__(self, pack: str, row: int | None, column: str, value: str, expected: str) -> None:
        self.pack = pack
        self.row = row
        self.column = column
        self.value = value
        self.expected = expected
        super().__init__(pack, row, column, value, expected)

    def __str__(self) -> str:
        """Return file, row, column, value and what was expected."""
        line = "" if self.row is None else f", row {self.row}"
        return (
            f"{self.pack}{line}, column {self.column!r}: {self.value!r}; expected {self.expected}."
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

    def __init__(self, plugin: str, reason: str, where: str = "") -> None:
        self.plugin = plugin
        self.reason = reason
        self.where = where
        super().__init__(plugin, reason, where)

    def __str__(self) -> str:
        """Return the culprit, the reason and the batch."""
        batch = f" (in the batch of {self.where})" if self.where else ""
        return f"{self.plugin}: {self.reason}{batch}"


class WorkerMismatchError(ReenError, RuntimeError):
    """A worker of an executor that would not compute with what the caller has.

    Attributes
    ----------
    subject
        What differs: reen itself, a method, a factor pack, an importer.
    caller, worker
        Its version, plugin and hash where `measure` was called, and in the worker.
    """

    def __init__(self, subject: str, caller: str, worker: str) -> None:
        self.subject = subject
        self.caller = caller
        self.worker = worker
        super().__init__(subject, caller, worker)

    def __str__(self) -> str:
        """Return what differs, on both sides, and the remedy."""
        return (
            f"A worker of the executor has {self.worker} of the {self.subject}, and the caller has"
            f" {self.caller}. Install the same versions on every worker and start them again;"
            " nothing was measured."
        )


class WorkerLostError(ReenError, RuntimeError):
    """A worker of an executor that ended before it answered, or an executor that takes no work.

    Attributes
    ----------
    reason
        What the executor says of it.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    def __str__(self) -> str:
        """Return what was lost, what the executor says, and the usual causes."""
        return (
            f"A worker of the executor was lost ({self.reason}); nothing was measured. It was"
            " ended from outside, by want of memory or by a crash in compiled code: give smaller"
            " batches (batch_rows=) or fewer workers, and a new executor."
        )


class FactorWarning(UserWarning):
    """A factor that was read and that cannot be what its unit says, with the likely unit."""


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

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        self.package = package
        self.extra = extra
        self.purpose = purpose
        super().__init__(package, extra, purpose)

    def __str__(self) -> str:
        """Return the purpose and the command that installs the package."""
        return (
            f"{self.purpose} needs the package {self.package!r}, which is not installed:"
            f" pip install 'reen[{self.extra}]'"
        )
