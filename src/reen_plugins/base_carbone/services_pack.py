"""Which element of the Base Carbone answers for which service, paper or waste, and why.

Output: monetary ratios by type of service, with the division of the French nomenclature (NAF) that
each is of; paper; the streams of waste equipment.  Data of this module are choices, never figures:
those stand in the pack base-carbone-services, made from the rows kept.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["PAPER", "RATIOS", "SERVICE_ELEMENTS", "WASTE", "WASTE_UNKNOWN"]


def _years(first: int) -> tuple[str, ...]:
    """Return the elements of one division, in prices of 2019 to 2023, which follow each other."""
    return tuple(str(element) for element in range(first, first + 5))


_INFORMATION, _TELECOMS, _REPAIR = _years(43441), _years(43506), _years(43496)

#: Monetary ratios by type of service: one division of the nomenclature of activities, in prices of
#: each year.
RATIOS: Mapping[str, tuple[str, ...]] = {
    # J62-63: programming, consulting, management of computer facilities, hosting of data
    "saas": _INFORMATION,
    "it_services": _INFORMATION,
    "hosting": _INFORMATION,
    "software_licence": _years(43341),  # J58, publishing, of which of software (58.2)
    # J61, by what it costs; a figure per gigabyte only by option, none is known of one line
    "telecom": _TELECOMS,
    "telephone_line": _TELECOMS,
    "fixed_network": _TELECOMS,
    "mobile_network": _TELECOMS,
    "maintenance": _REPAIR,  # S95, repair of computers and of personal goods
    "printing": _years(43571),  # C18: what others print, its paper included
    "paper": _years(43366),  # C17, where only the price is known; else by mass
    "small_equipment": _years(43416),  # C26, for what is bought and stands in no list of equipment
}

#: Paper by mass: "Papier - Moyen - Hors utilisation et fin de vie".
PAPER = "24309"

#: Stream of waste equipment, by category of the European directive (annex III): element.
WASTE: Mapping[int, str] = {
    2: "34616",  # screens: "Ecrans Plats"
    4: "34610",  # large equipment: "GEMHF", large appliances without cold
    5: "34612",  # small equipment: "PAM", small appliances mixed
    6: "34612",  # small information and telecommunication equipment, collected with them
}

#: Stream of equipment whose type is not known.  The mean of all streams, 34620 (1,995 kg a tonne,
#: 100 %), is "largely governed" by refrigerators, as its comment says: no digital equipment is one.
WASTE_UNKNOWN = "34612"

#: All elements of the pack.
SERVICE_ELEMENTS = frozenset(
    {PAPER, WASTE_UNKNOWN, *WASTE.values(), *(each for ids in RATIOS.values() for each in ids)}
)
