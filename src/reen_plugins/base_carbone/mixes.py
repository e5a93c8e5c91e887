"""The average electricity mixes of the Base Carbone: their place, their year, and their parts.

Input: the elements of an export counted per kWh.  Output: which of them is the mix of continental
France in a year, or of Corsica or an overseas territory at any date, and the parts (combustion,
upstream, losses) that an element splits into.  A mix that cannot be placed for certain is found by
its identifier only; nothing is guessed from a name that is not in the lists below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from reen_plugins.base_carbone.file import ID, TOTAL, Element, Line

__all__ = ["PARTS", "parts", "places_and_years"]

#: Codes of the places that the base puts under "Outre-mer", as it spells them.  Corsica is there.
OVERSEAS: Mapping[str, str] = {
    "corse": "FR-20R",
    "guadeloupe": "GP",
    "guyane": "GF",
    "martinique": "MQ",
    "mayotte": "YT",
    "nouvelle-calédonie": "NC",
    "réunion": "RE",
    "st barthélémy": "BL",
    "st martin": "MF",
    "st pierre et miquelon": "PM",
}

#: Parts of a kWh, by the kind of sub-line: what burns in the plant, what comes before it, what the
#: network loses, what escapes from reservoirs.
PARTS: Mapping[str, str] = {
    "combustion à la centrale": "combustion",
    "amont": "upstream",
    "transport et distribution": "losses",
    "emissions fugitives": "fugitive",
}

_MIX_YEAR = re.compile(r"((?:19|20)\d{2}) - mix moyen", re.IGNORECASE)
_VALID_YEAR = re.compile(r"(?:.* )?année ((?:19|20)\d{2})", re.IGNORECASE)


def places_and_years(
    lines: Iterable[Line], by_id_only: dict[str, list[str]]
) -> dict[str, tuple[str, str]]:
    """Return the code and the year (empty: any date) of each element that answers for a place.

    Of the elements of one place and year the valid one answers, then the one changed last.  An
    archived element is still right for its own year in continental France, and for nothing else.

    Parameters
    ----------
    lines
        Totals of elements, in any unit.
    by_id_only
        Where identifiers are added that answer for no place, by reason.
    """
    same: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        if not _is_average(line):
            continue
        place, year, reason = _continental(line) if _in(line, "france continentale") else (
            _overseas(line)
        )  # fmt: skip
        if reason:
            by_id_only.setdefault(reason, []).append(line[ID])
        else:
            same.setdefault((place, year), []).append(line)
    chosen: dict[str, tuple[str, str]] = {}
    for (place, year), alike in same.items():
        alike.sort(key=lambda line: (line.is_valid, line.modified(), int(line[ID])))
        chosen[alike.pop()[ID]] = (place, year)
        if alike:
            reason = f"another element gives the average mix of {year or place}"
            by_id_only.setdefault(reason, []).extend(line[ID] for line in alike)
    return chosen


def _in(line: Line, place: str) -> bool:
    return line["Localisation géographique"].casefold() == place


def _is_average(line: Line) -> bool:
    return (
        line["Unité français"] == "kgCO2e/kWh"
        and "mix moyen" in line["Nom attribut français"].casefold()
        and line["Nom frontière français"].casefold().startswith("consommation")
        and (_in(line, "france continentale") or _in(line, "outre-mer"))
    )


def _continental(line: Line) -> tuple[str, str, str]:
    """Return (code, year, why there is none) of a mix of continental France."""
    years = {
        found[1]
        for found in (
            _MIX_YEAR.fullmatch(line["Nom attribut français"]),
            _VALID_YEAR.fullmatch(line["Période de validité"]),
        )
        if found
    }
    if len(years) != 1 or line["Nom frontière français"].casefold() != "consommation":
        return "", "", "average mix whose year is missing or contradictory"
    return "FR", years.pop(), ""


def _overseas(line: Line) -> tuple[str, str, str]:
    """Return (code, no year, why there is none) of a mix of Corsica or overseas."""
    place = OVERSEAS.get(line["Sous-localisation géographique français"].casefold(), "")
    if not place:
        return "", "", "average mix of a place without a code of its own"
    return place, "", "" if line.is_valid else "archived average mix"


def parts(element: Element) -> Iterator[tuple[str, Line]]:
    """Yield each part of a mix with its line; nothing when one of them is not known."""
    found = [(PARTS.get(line["Type poste"].casefold(), ""), line) for line in element.sub_lines]
    names = [name for name, _ in found]
    if all(names) and len(set(names)) == len(names):
        for name, line in found:
            if line.decimal(TOTAL) is not None:
                yield name, line
