"""Factors: the answers of `boaviztapi` as flows made at run time, with the package's bounds.

Input: a configuration and its answer.  Output: a flow per item (stage `embedded`) and one per kWh
(stage `use`), each with its factors, and with what the answer takes for granted.  Configurations
that differ in use only have one item flow.
"""

from __future__ import annotations

import functools

import attrs
import numpy as np
import numpy.typing as npt

from reen.plugin import Match, ReferenceFlow, Stage
from reen.plugin.arrays import FactorSet, Flow, FlowDescription
from reen_plugins.boavizta.answers import Answer
from reen_plugins.boavizta.configurations import CLOUD, Configuration
from reen_plugins.boavizta.package import CRITERIA, HOURS, PACKAGE

__all__ = ["Made", "no_factors"]

_LICENCE = "package under AGPL-3.0; figures of ADEME Base IMPACTS and others, under their own terms"
_DEVICE = "manufacture, transport and end of life of the whole device (Base IMPACTS)"
_SERVER = (
    "manufacture of the components and assembly, without end of life; one generic server for the"
    " criteria that components do not have"
)
#: What the figures of a type cover, where they are not those of a whole device.
_BOUNDARIES = {
    "server": _SERVER,
    CLOUD: f"share of a server of the provider ({_SERVER}), without network and building",
    "iot": "manufacture and end of life of the blocks of a connected object, without distribution",
}
_USE = "as in the sources of the package; not tied to a year"


@attrs.frozen(eq=False, kw_only=True)
class Made:
    """The flows of one configuration.

    Attributes
    ----------
    configuration, answer
        What was asked and what was answered.
    source
        Name and version of the package.
    """

    configuration: Configuration
    answer: Answer
    source: str

    @functools.cached_property
    def item(self) -> ReferenceFlow:
        """What is embedded in an item, over its whole life."""
        flow = _item_flow(self.configuration, self.answer)
        text = _item_text(self.configuration, self.answer, self.source)
        factors = _factors(flow, text, Stage.EMBEDDED, self.answer.embedded)
        return ReferenceFlow(flow, "item", assumptions=self.answer.assumed, factors=factors)

    @functools.cached_property
    def use(self) -> ReferenceFlow:
        """A kWh of its use; a row that gives its own power takes nothing for granted."""
        flow = _use_flow(self.configuration, self.answer)
        text = _use_text(self.configuration, self.answer, self.source)
        factors = _factors(flow, text, Stage.USE, self.answer.use)
        if self.configuration.own_power:
            return ReferenceFlow(flow, "kWh", Match.DECLARED, factors=factors)
        return ReferenceFlow(flow, "kWh", assumptions=self.answer.assumed, factors=factors)


def no_factors(stage: Stage) -> FactorSet:
    """Return no flow of a stage: climate change stays in view where nothing has a device."""
    nothing = np.empty((0, 1, 1))
    return FactorSet((), (), (stage,), ("climate_change",), nothing, nothing, nothing, nothing)


def _factors(
    flow: Flow, text: FlowDescription, stage: Stage, figures: npt.NDArray[np.float64]
) -> FactorSet:
    """Return the factors of one flow, on the criteria that it has."""
    there = ~np.isnan(figures[0])
    value, lower, upper = (each[there][np.newaxis, np.newaxis] for each in figures)
    return FactorSet(
        flows=(flow,),
        descriptions=(text,),
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
        boundary=_BOUNDARIES.get(configuration.device, _DEVICE),
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
