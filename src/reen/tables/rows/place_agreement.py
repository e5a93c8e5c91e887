"""How the numbers of a place agree with the sums of others, and what follows from it.

Input: what was compared, type by type.  Output: whether the place adds up the others, may, or
does in part.
"""

from __future__ import annotations

import attrs

from reen.tables.rows.place_words import PlaceWord

__all__ = ["FEW_ITEMS", "SEVERAL", "SOME_ITEMS", "Agreement"]

#: Places beside a place beyond which it is only asked whether it adds them up.
_NEAR = 40
#: Places that have a sum, and numbers that agree by less chance than one.
SEVERAL = 2
#: Items from which numbers agree by little chance: where a word says it, where none does, by none.
FEW_ITEMS, SOME_ITEMS, _MANY_ITEMS = 10.0, 20.0, 40.0


def _least(word: PlaceWord) -> int:
    """Return how many places a sum adds up: a summary may be that of one list without a name."""
    return 1 if word is PlaceWord.SUMMARY else SEVERAL


@attrs.frozen(eq=False, repr=False)
class Agreement:
    """How the numbers of a place agree with the sums of others.

    Attributes
    ----------
    equal, items
        Numbers that agree, and how many items they are.  Of types of which every place has as many,
        as of screens and computers, one number is seen.
    different
        Numbers that do not, those of types that the place lacks too.
    lacking
        Those of types that it lacks alone.
    opposed
        Those of types that it and others have.
    is_near
        Whether those that differ do so by little.
    places
        Places that are added up.
    everything
        Whether these are all others.
    are_kinds
        Whether these are named as its kinds: "École A" and "École B" below "Écoles".
    """

    equal: int
    items: float
    different: int
    lacking: int
    opposed: int
    is_near: bool
    places: int
    everything: bool
    are_kinds: bool

    @property
    def is_far(self) -> bool:
        """Tell whether some of the places stand far from the sum, so that chance has more turns."""
        return not self.everything and self.places > _NEAR

    def proves(self, word: PlaceWord) -> bool:
        """Tell whether numbers and word leave no chance."""
        if self.places < _least(word) or not self.equal or (self.is_far and not self.are_kinds):
            return False
        if word >= PlaceWord.ALL:
            return self.different == (self.lacking if word is PlaceWord.ALL else 0)
        if self.different:
            return False
        if self.are_kinds and self.items >= (FEW_ITEMS if self.equal >= SEVERAL else SOME_ITEMS):
            return True
        if word is not PlaceWord.NAMED:
            several = self.equal >= SEVERAL and self.items >= FEW_ITEMS
            return several or (
                self.everything and self.places > SEVERAL and self.items >= SOME_ITEMS
            )
        return self.items >= _MANY_ITEMS and self.equal > SEVERAL + (not self.everything)

    def asks(self, word: PlaceWord) -> bool:
        """Tell whether the numbers agree by no likely chance."""
        if self.places < SEVERAL or not self.equal or self.different:
            return False
        if self.are_kinds:
            return self.items >= FEW_ITEMS
        if word is not PlaceWord.NAMED and self.everything:
            return self.items >= (FEW_ITEMS if self.equal >= SEVERAL else SOME_ITEMS)
        least = SEVERAL + (self.is_far or (word is PlaceWord.NAMED and not self.everything))
        return self.items >= SOME_ITEMS and self.equal >= least

    def is_part(self, word: PlaceWord) -> bool:
        """Tell whether some numbers are sums and others nearly, or should be by the word."""
        if self.places < _least(word) or not self.different:
            return False
        if word >= PlaceWord.ALL:
            return self.opposed > 0  # what no place has of its own may be shared by all
        if word is PlaceWord.NAMED:
            return self.is_near and self.equal >= SEVERAL and self.items >= SOME_ITEMS
        return self.is_near and self.equal > 0 and self.items >= FEW_ITEMS
