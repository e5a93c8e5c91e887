"""The figures of a carbon footprint sheet, and whether they are plausible.

With T the footprint of a sheet over its whole life, u the share of its use stage, L its lifetime
and E its yearly energy:

    without use       T (1 - u), split by the published ratios; what they leave is not separated
    implied factor    T u / (E L), kgCO2e/kWh: the electricity that the sheet counted with
    implied energy    T u / (L m), kWh/year, m the usual implied factor of the sheet's location

Output: `Sheet`, its stages, a reason to set it aside, and the doubts of single fields: each
discredits what depends on that field and nothing else.  The rules are ours, their bounds are in
`Rules`; the defects that they meet are those known of the Boavizta data set.
"""

from __future__ import annotations

import re
from decimal import Decimal

import attrs

from reen import default_registry
from reen.plugin import Reason
from reen_plugins.manufacturer.pcf_file import Record, date_of

__all__ = [
    "BROUGHT_DOWN",
    "ENERGY_SET_ASIDE",
    "SPLIT_SET_ASIDE",
    "Rules",
    "Sheet",
    "model_of",
    "sheet_of",
]

#: Share of the use stage.
USE_RATIO = "gwp_use_ratio"

#: Shares of the other stages, with the stage of each.
RATIOS = {
    "gwp_manufacturing_ratio": "manufacturing",
    "gwp_transport_ratio": "distribution",
    "gwp_eol_ratio": "end_of_life",
}

#: Status of figures that are made without a field of their sheet.
BROUGHT_DOWN = "ratios that sum above 1 brought down together"
SPLIT_SET_ASIDE = "stages not separated: a ratio is above 1"
ENERGY_SET_ASIDE = "yearly energy set aside: the use stage contradicts it"

#: One place by its several names.
LOCATIONS = {
    "us": "North America",
    "north america": "North America",
    "ww": "the world",
    "worldwide": "the world",
    "world": "the world",
}

#: Kinds that the taxonomy would take for something else: drives of servers, watches and bulbs.
_NO_TYPE = frozenset({"hard drive", "iot"})

#: Names of HP servers end with the number of a footnote: "ProLiant DL380 Gen10 server4".
_FOOTNOTE = re.compile(r"(?<=[a-z]{4})4$")


@attrs.frozen(kw_only=True)
class Rules:
    """Bounds of what is believed.

    Attributes
    ----------
    implied_range
        Implied electricity factors that are plausible, kgCO2e/kWh; out of it the yearly energy is
        not used.
    excess
        How far the ratios of a sheet may sum above 1 by their rounding: four figures rounded to
        two decimals.
    surplus
        How far they may sum above 1 at all; beyond `excess` it is a doubt.
    shortfall
        How far four ratios, none of them 0, may sum below 1.
    maximum_error
        Published relative error above which it is not used.
    minimum_sheets
        Sheets of a kind from which their mean use ratio or their median is used.
    minimum_of_place
        Sheets of a location from which the median of their implied factors is used.
    """

    implied_range: tuple[float, float] = (0.2, 1.2)
    excess: float = 0.02
    surplus: float = 0.1
    shortfall: float = 0.1
    maximum_error: float = 2.0
    minimum_sheets: int = 5
    minimum_of_place: int = 3


@attrs.frozen(kw_only=True)
class Sheet:
    """The figures of one sheet, as published.

    Attributes
    ----------
    line
        Line of the file.
    manufacturer, name
        Maker and model.
    kind
        Kind of equipment as the file names it.
    equipment_type
        Type of it in the taxonomy, or empty.
    total
        Footprint over the whole life, kgCO2e.
    use
        Share of the use stage, None when not published.
    ratios
        Published shares of the other stages, by stage.
    energy
        Yearly energy, kWh, or None.
    lifetime
        Years, or None.
    location
        Where it assumes the use, or empty.
    error
        Published relative error; None when unknown.
    date
        (year, month, day), zeros when not told.
    report_date, source, licence
        As in the file.
    """

    line: int
    manufacturer: str
    name: str
    kind: str
    equipment_type: str
    total: Decimal
    use: Decimal | None
    ratios: dict[str, Decimal]
    energy: Decimal | None
    lifetime: Decimal | None
    location: str
    error: Decimal | None
    date: tuple[int, int, int]
    report_date: str
    source: str
    licence: str

    @property
    def figures(self) -> tuple[object, ...]:
        """Return the figures by which two sheets are the same."""
        ratios = tuple(sorted(self.ratios.items()))
        return (self.total, self.use, ratios, self.energy, self.lifetime, self.location, self.error)

    def doubts(self, rules: Rules) -> dict[str, str]:
        """Return what single fields do not hold, by the status of figures made without them.

        The making of an item is T (1 - u) whatever its yearly energy and whatever its split.
        """
        found: dict[str, str] = {}
        for column, share in self._shares().items():
            if column != USE_RATIO and share > 1:
                found[SPLIT_SET_ASIDE] = f"{column} is {share:f}, above 1: stages not separated"
        total = sum(self._shares().values())
        if not found and total > 1 + Decimal(str(rules.excess)):
            found[BROUGHT_DOWN] = f"the ratios sum to {total:f}, brought down to 1"
        implied = self.implied_factor()
        low, high = rules.implied_range
        if implied is not None and not low <= implied <= high:
            found[ENERGY_SET_ASIDE] = (
                f"its use stage implies {implied:.3g} kgCO2e per kWh of yearly_tec, out of {low:g}"
                f" to {high:g}: yearly_tec not used"
            )
        return found

    def _shares(self) -> dict[str, Decimal]:
        """Return the published shares, by column."""
        shares = {USE_RATIO: self.use} | {
            column: self.ratios.get(stage) for column, stage in RATIOS.items()
        }
        return {column: share for column, share in shares.items() if share is not None}

    def implied_factor(self) -> float | None:
        """Return the electricity factor that the sheet counted with, None when it cannot be had."""
        if self.use is None or not self.energy or not self.lifetime:
            return None
        return float(self.total * self.use / (self.energy * self.lifetime))

    def yearly_use(self) -> float | None:
        """Return the impact of a year of use as the sheet counts it, kgCO2e/year."""
        if self.use is None or not self.lifetime:
            return None
        return float(self.total * self.use / self.lifetime)

    def defect(self, rules: Rules) -> str:
        """Return why the sheet is not to be used at all, empty when it is."""
        if self.total <= 0:
            return "gwp_total is 0"
        if self.use is not None and self.use >= 1:
            why = "above 1" if self.use > 1 else "nothing is left for the equipment itself"
            return f"{USE_RATIO} is {self.use:f}: {why}"
        return self._defect_of_ratios(rules)

    def _defect_of_ratios(self, rules: Rules) -> str:
        shares = self._shares()
        if SPLIT_SET_ASIDE in self.doubts(rules):
            return "" if self.use is not None else f"a ratio is above 1, and no {USE_RATIO}"
        total = sum(shares.values())
        if total > 1 + Decimal(str(rules.surplus)):
            return f"the ratios sum to {total:f}, too far above 1"
        told = len(shares) == len(RATIOS) + 1 and all(shares.values())
        if told and total < 1 - Decimal(str(rules.shortfall)):
            return f"the four ratios sum to {total:f}, too far below 1"
        return ""

    def stages(self, rules: Rules) -> dict[str, Decimal]:
        """Return the footprint by stage, kgCO2e, without the use stage.

        The published ratios, times the total; what they leave of T (1 - u) comes under
        ``embedded``, since nothing says what it is.  A ratio of exactly 0 beside such a rest was
        not filled in, and is part of the rest.  Ratios that sum above 1 by their rounding are
        brought down to T (1 - u) together, and so are those that sum above it by more, which is a
        doubt.  Without a use ratio, the published ratios alone; where one of them is above 1, none.
        """
        ratios = {} if SPLIT_SET_ASIDE in self.doubts(rules) else dict(self.ratios)
        left = 1 - (self.use or Decimal(0))
        told = sum(ratios.values(), Decimal(0))
        rest = left - told
        if rest > Decimal(str(rules.excess)) or self.use is None:
            ratios = {stage: share for stage, share in ratios.items() if share}
        if rest < 0:
            scale = left / told
            return {stage: self.total * share * scale for stage, share in ratios.items()}
        stages = {stage: self.total * share for stage, share in ratios.items()}
        return stages | ({"embedded": self.total * rest} if rest and self.use is not None else {})


def sheet_of(record: Record) -> Sheet:
    """Return the sheet of a line.

    Raises
    ------
    ValueError
        With the reason, in words: a cell that is not what its column holds.
    """
    for column in ("manufacturer", "name"):
        if not record[column]:
            message = str(Reason("error_no", column=column))
            raise ValueError(message)
    total = record.number("gwp_total")
    if total is None:
        message = str(Reason("error_no_gwp_total"))
        raise ValueError(message)
    ratios = {stage: record.number(column) for column, stage in RATIOS.items()}
    return Sheet(
        line=record.line,
        manufacturer=record["manufacturer"],
        name=model_of(record),
        kind=record["subcategory"],
        equipment_type=_type_of(record["subcategory"]),
        total=total,
        use=record.number("gwp_use_ratio"),
        ratios={stage: share for stage, share in ratios.items() if share is not None},
        energy=record.number("yearly_tec") or None,
        lifetime=record.number("lifetime") or None,
        location=LOCATIONS.get(record["use_location"].casefold(), record["use_location"]),
        error=record.number("gwp_error_ratio") or None,  # 0 stands for unknown
        date=date_of(record["report_date"]),
        report_date=record["report_date"],
        source=record["sources"],
        licence=record["licence"],
    )


def model_of(record: Record) -> str:
    """Return the model that a line names, without the mark of a footnote."""
    name = record["name"]
    return _FOOTNOTE.sub("", name) if record["manufacturer"].casefold() == "hp" else name


def _type_of(kind: str) -> str:
    if kind.casefold() in _NO_TYPE:
        return ""
    return default_registry().equipment_types.resolve(kind) or ""
