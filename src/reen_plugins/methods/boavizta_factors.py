"""Factors: the answers of `boaviztapi` as flows made at run time, with the package's bounds.

Input: configurations and their answers.  Output: one set of factors per item (stage `embedded`) and
one per kWh (stage `use`), and which flow of each answers for a configuration.  An item flow is
shared by the configurations that differ only in use.  Only public names of `reen`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen import FactorSet, Flow, FlowDescription, Stage
from reen_plugins.methods.boavizta_answers import Answer
from reen_plugins.methods.boavizta_configurations import Configuration
from reen_plugins.methods.boavizta_package import CRITERIA, HOURS, PACKAGE

__all__ = ["Made", "made_of"]

_LICENCE = "package under AGPL-3.0; figures of ADEME Base IMPACTS and others, under their own terms"
_DEVICE = "manufacture, transport and end of life of the whole device (Base IMPACTS)"
_SERVER = (
    "manufacture of the components and assembly, without end of life; one generic server for the"
    " criteria that components do not have"
)
_USE = "as in the sources of the package; not tied to a year"


@attrs.frozen(eq=False, kw_only=True)
class Made:
    """Factors of some configurations.

    Attributes
    ----------
    answers
        Answers, one per configuration.
    items, uses
        Factors per item and per kWh.
    item, use
        Position of each configuration's flow in them.
    """

    answers: Sequence[Answer]
    items: FactorSet
    uses: FactorSet
    item: Sequence[int]
    use: Sequence[int]


def made_of(
    configurations: Sequence[Configuration], answers: Sequence[Answer], *, source: str
) -> Made:
    """Return the factors of some configurations.

    Parameters
    ----------
    configurations, answers
        What was asked and what was answered.
    source
        Name and version of the package.
    """
    items: dict[Flow, tuple[FlowDescription, npt.NDArray[np.float64]]] = {}
    uses: dict[Flow, tuple[FlowDescription, npt.NDArray[np.float64]]] = {}
    item_flows, use_flows = [], []
    for configuration, answer in zip(configurations, answers, strict=True):
        item, use = _item_flow(configuration, answer), _use_flow(configuration, answer)
        items.setdefault(item, (_item_text(configuration, answer, source), answer.embedded))
        uses.setdefault(use, (_use_text(configuration, answer, source), answer.use))
        item_flows.append(item)
        use_flows.append(use)
    return Made(
        answers=answers,
        items=_factor_set(items, Stage.EMBEDDED),
        uses=_factor_set(uses, Stage.USE),
        item=_positions(items, item_flows),
        use=_positions(uses, use_flows),
    )


def _positions(known: Iterable[Flow], flows: Iterable[Flow]) -> list[int]:
    order = {flow: k for k, flow in enumerate(known)}
    return [order[flow] for flow in flows]


def _factor_set(
    flows: Mapping[Flow, tuple[FlowDescription, npt.NDArray[np.float64]]], stage: Stage
) -> FactorSet:
    """Return the set of some flows, on the criteria that one of them has at least."""
    shape = (len(flows), 3, len(CRITERIA))
    figures = np.array([numbers for _, numbers in flows.values()]).reshape(shape)
    there = ~np.isnan(figures[:, 0]).all(axis=0)
    there[0] = True  # climate change stays in view where nothing has a device
    value, lower, upper = (figures[:, k, there][:, np.newaxis, :] for k in range(3))
    return FactorSet(
        flows=tuple(flows),
        descriptions=tuple(text for text, _ in flows.values()),
        stages=(stage,),
        criteria=tuple(key for key, used in zip(CRITERIA.values(), there, strict=True) if used),
        values=value,
        lower=lower,
        upper=upper,
        spread=np.full(value.shape, np.nan),
    )


def _described(configuration: Configuration, answer: Answer) -> str:
    parts = [f"{name}={value}" for name, value in configuration.components().items()]
    return "; ".join([answer.archetype, *parts])


def _item_flow(configuration: Configuration, answer: Answer) -> Flow:
    name = _described(configuration, answer)
    return Flow(PACKAGE, f"{name}; own lifetime" if configuration.own_lifetime else name)


def _use_flow(configuration: Configuration, answer: Answer) -> Flow:
    own = [
        f"own {name}"
        for name, given in (("power", configuration.own_power), ("hours", configuration.own_hours))
        if given
    ]
    name = "; ".join([f"electricity of {_described(configuration, answer)}", *own])
    return Flow(PACKAGE, name, configuration.country)


def _item_text(configuration: Configuration, answer: Answer, source: str) -> FlowDescription:
    return FlowDescription(
        name=f"{configuration.device.replace('_', ' ')}, BoaviztAPI",
        boundary=_SERVER if configuration.device == "server" else _DEVICE,
        sources=(f"{source}, archetype {answer.archetype}",),
        licence=_LICENCE,
        note="bounds: minimum and maximum of the package, from what is not known of the item",
    )


def _use_text(configuration: Configuration, answer: Answer, source: str) -> FlowDescription:
    power = "own power" if configuration.own_power else f"{answer.power:.6g} W"
    hours = answer.use_ratio * HOURS
    time = "own hours" if configuration.own_hours else f"{hours:.6g} h"
    return FlowDescription(
        name=f"electricity {configuration.country or 'at an unknown place'}, BoaviztAPI",
        reference_unit="kWh",
        boundary=_USE,
        sources=(f"{source}, electricity factors",),
        licence=_LICENCE,
        note=f"bounds per kWh of the mean ({power}, {time} a year) hold the ranges of both",
    )
