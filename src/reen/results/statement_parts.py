"""Parts of a statement: what each figure of a footprint is, whatever the scheme calls it.

Input: a footprint grouped by `STATEMENT_BY`.  Output: its figures one by one, each of one part:
the electricity of use, what comes before it, equipment owned or leased, goods, services, waste,
and the devices of the staff.  Nothing is lost and nothing stands twice: the shares add up to the
footprint.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator, Mapping, Sequence

import attrs

from reen.factors.flow import Flow
from reen.reasons import Reason
from reen.results.footprint_figures import FootprintFigures
from reen.vocabulary.stages import Stage

__all__ = ["STATEMENT_BY", "Part", "Share", "shares_of", "where_missing"]

#: Columns by which a footprint is grouped so that a statement can be made of it.
STATEMENT_BY = ("acquisition", "ownership", "service_type")

#: What is used and not owned; what is the staff's own; services that are goods.
_LEASED = frozenset({"lease", "made_available"})
_GOODS = frozenset({"paper", "small_equipment"})

#: Parts of a kWh that are emitted where the electricity is made.
_AT_THE_PLANT = frozenset({"combustion", "fugitive"})


class Part(enum.Enum):
    """What a figure is of."""

    ELECTRICITY = "electricity"
    ENERGY_UPSTREAM = "energy_upstream"
    OWNED = "owned"
    LEASED = "leased"
    GOODS = "goods"
    SERVICES = "services"
    WASTE = "waste"
    PERSONAL = "personal"


@attrs.frozen(kw_only=True)
class Share:
    """One figure of a footprint.

    Attributes
    ----------
    part
        What it is of.
    flow
        Factor by which it is counted.
    value
        kgCO2e per year.
    amount
        Reference units per year that it is of.
    spread
        Relative standard deviation of the factor, NaN where none is published.
    sources
        Citations of the factor.
    notes
        What is to be said of it.
    """

    part: Part
    flow: Flow
    value: float
    amount: float
    spread: float
    sources: tuple[str, ...]
    notes: tuple[Reason, ...] = ()

    @property
    def geography(self) -> str:
        """Return the place of the factor."""
        return self.flow.geography


def shares_of(footprint: FootprintFigures, criterion: str) -> Iterator[Share]:
    """Yield the figures of a footprint, each with its part."""
    factors, cells = footprint.factors, footprint.fold.cells
    c = factors.criteria.index(criterion)
    groups = footprint.groups.to_pylist()
    split: dict[Flow, dict[str, float]] = {}
    for flow, part, value in footprint.parts:
        split.setdefault(flow, {})[part] = value
    for k in range(len(cells.group)):
        position, group = int(cells.flow[k]), groups[int(cells.group[k])]
        flow, text = factors.flows[position], factors.descriptions[position]
        amount = float(cells.amount[k])
        for s, stage in enumerate(factors.stages):
            factor = float(factors.values[position, s, c])
            if math.isnan(factor):
                continue
            share = Share(
                part=_part(stage, text.reference_unit, group),
                flow=flow,
                value=amount * factor,
                amount=amount,
                spread=float(factors.spread[position, s, c]),
                sources=text.sources,
                notes=_notes(stage, text.reference_unit, group),
            )
            yield from _of_electricity(share, split.get(flow, {}))


def _part(stage: Stage, unit: str, group: Mapping[str, object]) -> Part:
    """Return what a figure is of, by its stage, the unit of its factor and who owns what."""
    if unit in ("item", "kWh", "kgCO2e"):
        if group["ownership"] == "personal":
            return Part.PERSONAL
        if stage is Stage.USE:
            return Part.ELECTRICITY
        if group["acquisition"] in _LEASED or group["ownership"] == "third_party":
            return Part.LEASED
        return Part.WASTE if stage is Stage.END_OF_LIFE else Part.OWNED
    if stage is Stage.END_OF_LIFE:
        return Part.WASTE
    return Part.GOODS if group["service_type"] in _GOODS else Part.SERVICES


def _notes(stage: Stage, unit: str, group: Mapping[str, object]) -> tuple[Reason, ...]:
    if unit == "kWh" and group["ownership"] == "third_party":
        return (Reason("statement_electricity_of_others"),)
    if unit not in ("item", "kgCO2e") or group["ownership"] == "personal":
        return ()
    notes = []
    if group["acquisition"] is None and group["ownership"] != "third_party":
        notes.append(Reason("statement_taken_as_owned"))
    if stage is Stage.END_OF_LIFE:
        notes.append(Reason("statement_end_of_life_shares"))
    if stage is Stage.UNSPECIFIED:
        notes.append(Reason("statement_content_unknown"))
    return tuple(notes)


def _of_electricity(share: Share, split: Mapping[str, float]) -> Iterator[Share]:
    """Yield a figure; that of electricity in its two parts where the source splits it."""
    total = math.fsum(split.values())
    if share.part is not Part.ELECTRICITY:
        yield share
    elif not total:
        said = Reason("statement_not_split", pack=share.flow.pack)
        yield attrs.evolve(share, notes=(*share.notes, said))
    else:
        at_plant = math.fsum(v for part, v in split.items() if part in _AT_THE_PLANT) / total
        burnt = share.value * at_plant
        yield attrs.evolve(share, value=burnt)
        yield attrs.evolve(share, part=Part.ENERGY_UPSTREAM, value=share.value - burnt)


def where_missing(kind: str, stages: Sequence[Stage], group: Mapping[str, object]) -> Part:
    """Return the part that rows left out would be of."""
    if kind == "waste":
        return Part.WASTE
    if kind == "service":
        return Part.GOODS if group["service_type"] in _GOODS else Part.SERVICES
    stage = Stage.USE if tuple(stages) == (Stage.USE,) else Stage.MANUFACTURING
    return _part(stage, "item", group)
