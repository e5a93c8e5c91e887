"""Legal: the levels that French law sets for reuse, by year, and what is counted as reuse.

Purchases: public buyers must reach minimal shares of reused goods (law no. 2020-105 of 10 February
2020, AGEC, article 58), set by decree no. 2021-254 of 9 March 2021: 20 % as a rule, in money, by
product category.  Decree no. 2024-134 of 21 February 2024 replaced it on 1 July 2024 with rates
that rise in 2024, 2027 and 2030: 20, 25 and 30 % for IT and telephony, at second hand (the text of
the decree was not at hand to check them).  Retired equipment: decree no. 2023-266 of 12 April 2023,
article 3 (25 % in 2023, 35 % in 2024, 50 % from 2025), under law no. 2021-1485 of 15 November 2021
(REEN), article 16.
"""

from __future__ import annotations

import datetime as dt

from reen.plugin.indicators import Target

__all__ = ["OF_PURCHASES", "OF_RETIRED", "REUSE"]

#: Destinations where an item is used again.
REUSE = ("reuse_internal", "donation", "sale", "refurbisher")

_SECOND_HAND = (
    "AGEC law no. 2020-105, article 58; decree no. 2024-134 of 21 February 2024, IT and telephony"
    " (rate second-hand, not checked against the decree)"
)

_SECOND_HAND_FR = (
    "loi AGEC n° 2020-105, article 58 ; décret n° 2024-134 du 21 février 2024, informatique et"
    " téléphonie (taux de seconde main, non vérifié dans le décret)"
)


def _second_hand(share: float, *, since: dt.date, until: dt.date | None = None) -> Target:
    return Target(share, _SECOND_HAND, since=since, until=until, source_fr=_SECOND_HAND_FR)


#: Shares of reuse in what is bought.
OF_PURCHASES = (
    Target(
        20.0,
        "AGEC law no. 2020-105 of 10 February 2020, article 58; decree no. 2021-254 of 9 March"
        " 2021",
        since=dt.date(2021, 1, 1),
        until=dt.date(2024, 6, 30),
        source_fr="loi AGEC n° 2020-105 du 10 février 2020, article 58 ; décret n° 2021-254 du"
        " 9 mars 2021",
    ),
    _second_hand(20.0, since=dt.date(2024, 7, 1), until=dt.date(2026, 12, 31)),
    _second_hand(25.0, since=dt.date(2027, 1, 1), until=dt.date(2029, 12, 31)),
    _second_hand(30.0, since=dt.date(2030, 1, 1)),
)

_DECREE = "decree no. 2023-266 of 12 April 2023, article 3 (REEN law no. 2021-1485, article 16)"
_DECREE_FR = "décret n° 2023-266 du 12 avril 2023, article 3 (loi REEN n° 2021-1485, article 16)"


def _retired(share: float, *, since: dt.date, until: dt.date | None = None) -> Target:
    return Target(share, _DECREE, since=since, until=until, source_fr=_DECREE_FR)


#: Shares of reuse in what is retired.
OF_RETIRED = (
    _retired(25.0, since=dt.date(2023, 1, 1), until=dt.date(2023, 12, 31)),
    _retired(35.0, since=dt.date(2024, 1, 1), until=dt.date(2024, 12, 31)),
    _retired(50.0, since=dt.date(2025, 1, 1)),
)
