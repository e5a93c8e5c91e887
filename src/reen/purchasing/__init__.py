"""Purchasing: what is offered to a buyer, compared per year of service.

The storey holds offers with the sheets of their makers, the terms of the buyer, and what tells two
offers apart.  It uses the figures that the file of the purchase states; it looks up none.
"""

from reen.purchasing.offer import Consultation, Offer, Terms
from reen.purchasing.offer_comparison import OfferComparison, OfferPair, OfferResult, offers

__all__ = [
    "Consultation",
    "Offer",
    "OfferComparison",
    "OfferPair",
    "OfferResult",
    "Terms",
    "offers",
]
