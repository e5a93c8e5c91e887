"""Which element of the Base Carbone answers for which type of equipment, and why.

Output: `ELEMENTS` by type, with the reason of each choice where the base leaves one, the types that
have an element which is not used, and the places whose electricity is reached by an element only.
Data of this module are choices, never figures: those stand in the packs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

__all__ = ["ELEMENTS", "PLACES", "SET_ASIDE", "WHY"]

#: Base Carbone element of each equipment type, by default.  All are marked valid.
ELEMENTS: Mapping[str, str] = {
    "desktop": "27003",
    "workstation": "27004",
    "laptop": "27002",
    "tablet": "27007",
    "smartphone": "27012",
    "monitor": "27006",
    "television": "27000",
    "video_projector": "28313",
    "printer": "27026",
    "multifunction_printer": "27027",
    "server": "20894",
    "rack": "20896",
    "box": "27019",
    "e_reader": "27021",
    "game_console": "27023",
}

#: Why that element, where the base has several.
WHY: Mapping[str, str] = {
    "workstation": "the desktop computer marked 'haute performance'; 27003 is the office one",
    "tablet": "the size of 9 to 11 inches; 27008 is the small one (40.9 kg), 27009 the detachable"
    " one (82.2 kg)",
    "smartphone": "the middle of three sizes: 27011 is below 4.5 inches (27.6 kg), 27013 above 5.5"
    " (39.1 kg); 27010, 'classique' (16.5 kg), gives no size",
    "monitor": "23.8 inches, the larger of two; 27005 is 21.5 inches (222 kg)",
    "television": "40 to 49 inches, the middle of three; 26999 is 30 to 40 inches (340 kg), 27001"
    " 49 inches (500 kg)",
    "printer": "an office prints with a laser (197 kg); 27025 is the inkjet (88.2 kg)",
    "multifunction_printer": "the element that bears the name of the type, 'Imprimante -"
    " multi-fonction' (87.9 kg), of the same study as the other printers. Element 20591,"
    " 'Photocopieurs' (2,935 kg, without sub-lines, printed valid until December 2018), is 33 times"
    " as much, and more than three times what the archived elements of office A3 machines give (452"
    " and 883 kg). Where the copiers are large, elements=multifunction_printer=20591 takes it; the"
    " default is the low figure, so that a total is still 'at least'",
    "box": "the fibre modem; 27018 is the DSL one (61.3 kg)",
    "e_reader": "without light, the lower of two; 27022 is lit (44.9 kg)",
    "game_console": "the home console; 27024 is the portable one (30.8 kg)",
}

#: Types whose elements are not used unless `elements` names them, and why.
SET_ASIDE: Mapping[str, tuple[str, Literal["archived", "implausible"]]] = {
    "desk_phone": ("20614", "archived"),
    "mobile_phone": ("20613", "archived"),
    "storage": ("20893", "implausible"),  # 15.5 kg, for an array of disks
}

#: Places without a valid element that stands for them alone: the elements that there are, and of
#: what.  Option `mixes` takes one.
PLACES: Mapping[str, Mapping[str, str]] = {
    "NC": {"15496": "archived"},
    "PF": {"34916": "Tahiti", "34917": "the other islands"},
}
