"""Contract: what the exchanges of a method must satisfy before they are folded.

A method that answers with wrong lengths, codes out of range, amounts that are not finite, or
flows where a row is not assessed is refused by name, with the rows.  Arrays only.
"""

from __future__ import annotations

from typing import NoReturn

import numpy as np
import numpy.typing as npt

from reen.engine.cases import CaseAnswers, CaseExchange
from reen.engine.exchanges import Exchanges, Status
from reen.engine.rows import RowFacts, examples_of
from reen.errors import PluginError

__all__ = [
    "check_amounts",
    "check_case_amounts",
    "check_shapes",
    "places",
    "refuse_contradiction",
]


#: No product of what the columns of an inventory may hold is larger; sums of such amounts, their
#: squares too, are finite whatever the factors are.
LARGEST_AMOUNT = 1e80


def check_shapes(method: str, each: Exchanges, facts: RowFacts) -> None:
    """Refuse columns of different lengths, wrong types and codes out of range.

    Raises
    ------
    PluginError
        Naming the method, the flow kind and what was expected.
    """
    _check_drivers(method, each)
    _check_spread(method, each)
    size = len(each.flow)
    expected = facts.data.num_rows if each.row is None else len(each.row)
    lengths = {"outcome": len(each.outcome), "flow": size}
    lengths |= {f"driver {name!r}": len(each.drivers[name].values) for name in each.drivers}
    for name, length in lengths.items():
        if length != expected:
            raise PluginError(
                method,
                f"{name} of the flow kind {each.kind.name!r} has {length} values for"
                f" {expected} rows",
            )
    if each.flow.dtype.kind != "i" or each.outcome.dtype.kind not in "iu":
        raise PluginError(
            method,
            f"flow must be int32 and outcome unsigned; got {each.flow.dtype} and"
            f" {each.outcome.dtype}",
        )
    if not size:
        return
    if each.row is not None and (
        int(each.row.min()) < 0 or int(each.row.max()) >= facts.data.num_rows
    ):
        raise PluginError(
            method,
            f"row positions go from {each.row.min()} to {each.row.max()} in a batch of"
            f" {facts.data.num_rows} rows",
        )
    if int(each.flow.max()) >= len(each.flows) or int(each.flow.min()) < -1:
        rows = np.flatnonzero((each.flow < -1) | (each.flow >= len(each.flows)))
        raise PluginError(
            method,
            f"flow codes go from {each.flow.min()} to {each.flow.max()} for"
            f" {len(each.flows)} flows; expected -1 to {len(each.flows) - 1}"
            f" ({places(facts, rows, each)})",
        )
    if int(each.outcome.min()) < 0:
        raise PluginError(method, f"outcome codes go down to {each.outcome.min()}; expected 0 on")
    if int(each.outcome.max()) >= len(each.outcomes):
        rows = np.flatnonzero(each.outcome >= len(each.outcomes))
        raise PluginError(
            method,
            f"outcome codes go up to {each.outcome.max()} for {len(each.outcomes)} outcomes"
            f" ({places(facts, rows, each)})",
        )


def _check_drivers(method: str, each: Exchanges) -> None:
    for name, driver in each.drivers.items():
        values: object = driver.values
        if not isinstance(values, np.ndarray):
            kind = type(values).__name__
        elif values.dtype != np.float64 or values.ndim != 1:
            kind = f"{values.dtype} of {values.ndim} dimension(s)"
        else:
            continue
        raise PluginError(
            method, f"driver {name!r} must be a float64 array of one dimension, not {kind}"
        )


def _check_spread(method: str, each: Exchanges) -> None:
    spread = each.amount_spread
    if spread is None:
        return
    given: object = spread
    if not isinstance(given, np.ndarray) or given.dtype != np.float64:
        kind = given.dtype if isinstance(given, np.ndarray) else type(given).__name__
        raise PluginError(method, f"amount_spread must be a float64 array, not {kind}")
    if spread.shape != each.flow.shape:
        raise PluginError(
            method,
            f"amount_spread of the flow kind {each.kind.name!r} has the shape {spread.shape} for"
            f" {len(each.flow)} exchanges",
        )
    read = spread[each.flow >= 0]
    wrong = read[~(np.isfinite(read) & (read >= 0.0))]
    if len(wrong):
        raise PluginError(
            method,
            f"amount_spread of the flow kind {each.kind.name!r} holds {wrong[0]}; expected relative"
            " standard deviations, 0 or more (0 for an amount that is exact)",
        )


def check_amounts(
    method: str, each: Exchanges, amount: npt.NDArray[np.float64], facts: RowFacts
) -> None:
    """Refuse amounts of assessed rows that are no finite number from 0 on, or beyond all measure.

    A credit is a factor below 0: an amount below 0 would lower a total that calls itself complete.

    Raises
    ------
    PluginError
        Naming the method, the rows and their drivers.
    """
    sound = (amount >= 0.0) & (amount <= LARGEST_AMOUNT)  # NaN is not
    if sound.all():
        return
    rows = np.flatnonzero((each.flow >= 0) & ~sound)
    if not len(rows):
        return  # drivers are read where the exchange has a flow
    values = {name: float(driver.values[rows[0]]) for name, driver in each.drivers.items()}
    raise PluginError(
        method,
        f"the amount of {len(rows)} assessed row(s) of the flow kind"
        f" {each.kind.name!r} is not a finite number, 0 or more"
        f" ({places(facts, rows, each)}; drivers {values}); leave such rows out with"
        " a reason",
    )


def check_case_amounts(
    method: str,
    each: CaseAnswers,
    exchange: CaseExchange,
    assessed: npt.NDArray[np.bool_],
    facts: RowFacts,
) -> None:
    """Refuse amounts of assessed rows, as `check_amounts`.

    Raises
    ------
    PluginError
        Naming the method, the rows and their drivers.
    """
    sound = (exchange.amount >= 0.0) & (exchange.amount <= LARGEST_AMOUNT)  # NaN is not
    if sound.all():
        return
    rows = np.flatnonzero(assessed & ~sound)
    if not len(rows):
        return
    first = int(rows[0])
    names = " x ".join(exchange.drivers[exchange.sign[each.case[first]]])
    raise PluginError(
        method,
        f"the amount of {len(rows)} assessed row(s) of the flow kind {each.kind.name!r} is not"
        f" a finite number, 0 or more ({places(facts, rows)}; {names} = {exchange.amount[first]});"
        " leave such rows out with a reason",
    )


def refuse_contradiction(method: str, each: Exchanges, facts: RowFacts) -> NoReturn:
    """Refuse outcomes that contradict the flows.

    Raises
    ------
    PluginError
        Naming the method and the rows.
    """
    assessed = np.array([outcome.status is Status.ASSESSED for outcome in each.outcomes], np.bool_)
    rows = np.flatnonzero(assessed[each.outcome] != (each.flow >= 0))
    raise PluginError(
        method,
        f"{len(rows)} row(s) of the flow kind {each.kind.name!r}"
        f" ({places(facts, rows, each)}) are assessed without a flow, or have a flow"
        " without being assessed",
    )


def places(facts: RowFacts, rows: npt.NDArray[np.intp], each: Exchanges | None = None) -> str:
    """Return the first rows in words, by file and line."""
    if each is not None and each.row is not None:
        rows = each.row[rows]
    shown = examples_of(facts, rows[:3].tolist())
    text = ", ".join(f"{one.source}{':' if one.source else 'row '}{one.row}" for one in shown)
    return text + (" ..." if len(rows) > len(shown) else "")
