"""Machines of NumEcoEval: the use stage of virtual machines that declare their own energy.

Energy x mix x PUE of the host's data centre.  Written on arrays, as machines are no rows of the
equipment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from reen.plugin import (
    Assessment,
    Assumption,
    Batch,
    Driver,
    Electricity,
    Exchanges,
    Kind,
    LeftOut,
    Match,
    Reason,
    ReferenceFlow,
    Stage,
)
from reen_plugins.numecoeval.hypotheses import Centre, Hypotheses

__all__ = ["ELECTRICITY", "machine_exchanges"]

# the engine knows no status, and has a rate of utilisation of its own
ELECTRICITY = Kind(
    "electricity", (Stage.USE,), "kWh", use=True, match=Match.DECLARED, preamble=("quantity",)
)

_ENERGY = "kWh/item/year"


class _Method(Protocol):
    """What is asked of the prepared method."""

    @property
    def hypotheses(self) -> Hypotheses:
        """Return what stands in for what the data do not say."""

    @property
    def mixes(self) -> Electricity:
        """Return the electricity of each place."""

    def centre(self, identifier: str | None) -> Centre | None:
        """Return a data centre."""


def machine_exchanges(
    method: _Method, machines: Batch, datacenters: Sequence[str]
) -> Iterator[Exchanges]:
    """Yield the exchanges of the machines that declare their energy; none of the others.

    Parameters
    ----------
    method
        The prepared method.
    machines
        All virtual machines.
    datacenters
        Data centre of each machine's host, empty for none.
    """
    energy, quantity = (
        machines.values("annual_energy", _ENERGY),
        machines.values("quantity", "item"),
    )
    rows = np.flatnonzero(~np.isnan(energy))
    if not len(rows):
        return
    assessment = Assessment(len(rows), match=Match.DECLARED)
    assessment.require(
        "quantity",
        missing=machines.missing("quantity")[rows],
        invalid=machines.invalid("quantity")[rows],
    )
    names = [datacenters[row] for row in rows.tolist()]
    distinct = sorted(set(names))
    at = {name: number for number, name in enumerate(distinct)}
    codes = np.array([at[name] for name in names], np.intp)
    flows: list[ReferenceFlow] = []
    flow_of, pue_of = np.full(len(distinct), -1, np.int32), np.ones(len(distinct))
    for number, name in enumerate(distinct):
        here = codes == number
        centre = method.centre(name or None)
        if centre is None:
            assessment.leave_out(here, Reason("no_datacenter"))
            continue
        try:
            flow = method.mixes.mix(centre.country)
        except LeftOut as verdict:
            assessment.leave_out(here, verdict.reason)
            continue
        flow_of[number] = len(flows)
        flows.append(flow)
        pue = method.hypotheses.pue if centre.pue is None else centre.pue
        pue_of[number] = pue
        if centre.pue is None:
            said = Assumption("default_of_method", parameter="pue", value=pue, unit="1")
            assessment.assume(here, said)
        for assumption in flow.assumptions:
            assessment.assume(here, assumption)
    outcomes, outcome = assessment.result()
    yield Exchanges(
        kind=ELECTRICITY,
        flows=[flow.key for flow in flows],
        flow=assessment.flow(flow_of[codes]),
        drivers={
            "quantity": Driver(quantity[rows], "item"),
            "annual_energy": Driver(energy[rows], _ENERGY),
            "pue": Driver(pue_of[codes], "1"),
        },
        reference_unit="kWh",
        outcomes=outcomes,
        outcome=outcome,
        row=rows,
    )
