"""Contract checks: what a plugin gave, looked at before anything is made of it.

Input: the content of a factor pack, which is loaded here; what a method prepared and answered; what
an importer returned.  What is of a wrong kind, shape or unit, or does not add up, is refused by the
name of its plugin.  The account of an importer is what a user trusts to know that no row of a file
was lost.  Lengths and codes of answers are the engine's to check; imports no engine but the values
that methods return.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from numbers import Integral, Real
from typing import TypeVar

import numpy as np
import pyarrow as pa

from reen.engine.exchanges import Exchanges, FlowKind
from reen.errors import DimensionError, PluginError
from reen.factors.content import PackContent
from reen.factors.factor_set import FactorSet
from reen.factors.pack import FactorPack
from reen.inventory.account import Account, AccountLine, Fate, Merge
from reen.inventory.issues import Issue, ReadReport, Severity
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.plugins.guard import answer_of
from reen.plugins.method import Allocating, CountingBeside, Prepared
from reen.tables.importing import Imported
from reen.vocabulary.lookup import VocabularyError
from reen.vocabulary.units import product_has_dimension_of

__all__ = ["check_answers", "check_content", "check_criteria", "check_prepared", "checked_import"]

_ARRAYS = ("values", "lower", "upper", "spread")


def check_content(pack: FactorPack) -> None:
    """Load the content of a pack and refuse what cannot be multiplied.

    Raises
    ------
    FactorDataError
        A row that does not fit the declared schema.
    PluginError
        The pack fails to load, its arrays do not fit its flows, stages and criteria, or a
        criterion is not defined.
    """
    name = f"factor pack {pack.name} {pack.version}"

    def content() -> PackContent:
        return pack.content

    factors = answer_of(name, "while it was loaded", content, reads_files=True).factors
    flows = len(factors.flows)
    if len(factors.descriptions) != flows:
        raise PluginError(name, f"has {len(factors.descriptions)} descriptions for {flows} flows")
    shape = flows, len(factors.stages), len(factors.criteria)
    for each in _ARRAYS:
        array: object = getattr(factors, each)
        if not isinstance(array, np.ndarray) or array.dtype != np.float64 or array.shape != shape:
            found = f"{getattr(array, 'dtype', type(array).__name__)}"
            size = getattr(array, "shape", "no shape")
            raise PluginError(
                name,
                f"{each} must be float64 of the shape (flows, stages, criteria) {shape}; it is"
                f" {found} of {size}",
            )
    check_criteria(name, factors)
    if np.isinf(factors.values).any():
        raise PluginError(name, f"{_first_infinite(factors)} is infinite; NaN is not published")


def check_criteria(name: str, factors: FactorSet) -> None:
    """Refuse figures of a criterion that nobody defines.

    Parameters
    ----------
    name
        The pack, or the method that made the factors, for messages.
    factors
        Factors of a plugin.

    Raises
    ------
    PluginError
        A criterion that reen does not ship and that does not come with them, or one that claims
        a key, alias or unit that another has.
    """
    try:
        known = factors.vocabulary
    except VocabularyError as error:
        raise PluginError(name, str(error)) from error
    for key in factors.criteria:
        if key not in known:
            raise PluginError(
                name,
                f"has figures of the criterion {key!r}, which nobody defines; give its Criterion"
                " as criteria= where the rows are read, or in FactorSet.definitions",
            )


def _first_infinite(factors: FactorSet) -> str:
    k, s, c = (int(place[0]) for place in np.nonzero(np.isinf(factors.values)))
    return f"the factor of {factors.flows[k]}, {factors.stages[s]}, {factors.criteria[c]}"


def check_prepared(method: str, prepared: object) -> None:
    """Refuse what `prepare` returned when it is no `Prepared`, or its kinds overlap.

    Raises
    ------
    PluginError
        Naming the method and what is wrong.
    """
    if not isinstance(prepared, Prepared):
        raise PluginError(
            method,
            f"prepare returned {type(prepared).__name__}, which lacks kinds, columns or"
            " exchanges(batch)",
        )
    _ = isinstance(prepared, Allocating)  # it runs code of theirs: here it is told whose
    beside = prepared.kinds_beside if isinstance(prepared, CountingBeside) else ()
    if not prepared.kinds and not beside:
        raise PluginError(
            method, "answers for no flow kind: nothing would be assessed, nor left out"
        )
    taken: dict[tuple[str, str], str] = {}
    for kind in (*prepared.kinds, *beside):
        for stage in kind.stages:
            place = kind.table, stage
            if taken.setdefault(place, kind.name) != kind.name:
                raise PluginError(
                    method,
                    f"the flow kinds {taken[place]!r} and {kind.name!r} both answer for the stage"
                    f" {stage}: its rows would count twice",
                )


def check_answers(method: str, kinds: Sequence[FlowKind], answers: Sequence[object]) -> None:
    """Refuse answers that are no exchanges, of no listed kind, or of a wrong unit.

    Raises
    ------
    PluginError
        Naming the method, the flow kind and the drivers.
    """
    for each in answers:
        if not isinstance(each, Exchanges):
            raise PluginError(method, f"returned {type(each).__name__} instead of Exchanges")
        if each.kind not in kinds:
            reason = f"answered for the flow kind {each.kind.name!r}, which it does not list"
            raise PluginError(method, reason)
        units = tuple(driver.unit for driver in each.drivers.values())
        try:
            fits = product_has_dimension_of(units, f"{each.reference_unit}/year")
        except DimensionError as error:
            raise PluginError(method, f"a driver of {each.kind.name!r}: {error}") from error
        if not fits:
            product = " x ".join(f"{key} [{driver.unit}]" for key, driver in each.drivers.items())
            raise PluginError(
                method,
                f"the drivers {product or '(none)'} of the flow kind {each.kind.name!r} do not make"
                f" {each.reference_unit}/year",
            )


T = TypeVar("T")


def checked_import(plugin: str, given: object) -> list[Imported]:
    """Return the parts that an importer returned, checked against the contract.

    Parameters
    ----------
    plugin
        Name of the importer, for messages.
    given
        What `read` or `read_files` returned.

    Raises
    ------
    PluginError
        Something else than `Imported`, or several of them; a kind that there is not; an account
        that does not add up to the rows read, or that refuses more rows than its issues say.
    """
    if isinstance(given, (list, tuple)) and given:
        return [_checked(plugin, part) for part in given]
    return [_checked(plugin, given)]


def _checked(plugin: str, given: object) -> Imported:
    if not isinstance(given, Imported):
        raise PluginError(plugin, f"returned {given!r} instead of Imported: see its contract")
    if given.kind not in SCHEMA_OF_KIND:
        expected = ", ".join(SCHEMA_OF_KIND)
        raise PluginError(plugin, f"returned a table of kind {given.kind!r}; expected {expected}")
    _check_table(plugin, given.table)
    _check_report(plugin, given.report)
    issues = _all(plugin, given.issues, Issue)
    _check_lines(plugin, given.lines)
    _all(plugin, given.merges, Merge)
    _check_refused(plugin, given.uncounted, issues)
    rows = given.table.num_rows
    _check_sum(plugin, given.report.source, given.rows_read, rows, given.uncounted)
    merged = given.uncounted.rows_of(Fate.MERGED)
    if merged != len(given.merges):
        raise PluginError(
            plugin,
            f"merged {merged:,} rows of {given.report.source}, and says of {len(given.merges):,}"
            " into which: each needs a Merge",
        )
    return given


def _check_table(plugin: str, table: object) -> None:
    if not isinstance(table, pa.Table):
        raise PluginError(plugin, f"returned {table!r} instead of a pyarrow table")


def _check_report(plugin: str, report: object) -> None:
    if not isinstance(report, ReadReport):
        raise PluginError(plugin, f"returned {report!r} instead of a ReadReport")


def _all(plugin: str, given: object, kind: type[T]) -> tuple[T, ...]:
    """Return the values of a tuple that the contract asks for."""
    if not isinstance(given, Iterable):
        raise PluginError(plugin, f"returned {given!r} instead of a tuple of {kind.__name__}")
    values: Sequence[object] = tuple(given)
    found: list[T] = []
    for value in values:
        if not isinstance(value, kind):
            raise PluginError(plugin, f"returned {value!r} instead of {_a(kind)}")
        found.append(value)
    return tuple(found)


def _a(kind: type) -> str:
    return f"an {kind.__name__}" if kind.__name__[0] in "AI" else f"a {kind.__name__}"


def _check_lines(plugin: str, given: object) -> None:
    for line in _all(plugin, given, AccountLine):
        if line.fate is Fate.COUNTED:
            reason = "gave a line of counted rows: these are the rows of its table"
            raise PluginError(plugin, reason)
        for name in ("rows", "unknown"):
            _check_number(plugin, getattr(line, name), f"{line.reason or line.fate}, {name}")
        items: object = line.items
        if not isinstance(items, Real) or not math.isfinite(items) or items < 0:
            raise PluginError(plugin, f"reports {items!r} items as {line.reason or line.fate}")


def _check_number(plugin: str, given: object, name: str) -> None:
    if not isinstance(given, Integral) or given < 0:
        raise PluginError(plugin, f"reports {given!r} as {name}; expected a number of rows")


def _check_sum(plugin: str, source: str, read: object, counted: int, others: Account) -> None:
    _check_number(plugin, read, "rows_read")
    if read == counted + others.rows:
        return
    parts = [f"{counted:,} counted"]
    parts += [
        f"{others.rows_of(fate):,} {fate}" for fate in (Fate.MERGED, Fate.SET_ASIDE, Fate.REFUSED)
    ]
    raise PluginError(
        plugin,
        f"its account of {source} does not add up: {read:,} rows read are not {' + '.join(parts)};"
        " a row of the file was lost, or counted twice",
    )


def _check_refused(plugin: str, account: Account, issues: Iterable[Issue]) -> None:
    told = sum(issue.count for issue in issues if issue.severity is Severity.REJECTED)
    refused = account.rows_of(Fate.REFUSED)
    if refused > told:
        raise PluginError(
            plugin,
            f"reports {refused:,} refused rows, and has issues for {told:,} of them: each needs"
            " one, which says where and why",
        )
