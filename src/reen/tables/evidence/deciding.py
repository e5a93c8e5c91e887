"""Deciding: one type from several pieces of evidence, or the types that they leave open.

Input: what each kind of evidence leaves open.  Output: a `Decision`: the type with the evidence
that settled it, or a question.  The organisation's own word goes first where it names one type; a
model may make a coarse word finer ("Imprimante" beside a copier), never replace it.
The order in which evidence is given changes nothing, and what is not read decides nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

import attrs

from reen.inventory.schema import TYPE_BASES
from reen.tables.bundled_words import rows_of
from reen.values import Compared
from reen.vocabulary.lookup import split_words

__all__ = ["Clue", "Decision", "decide"]

#: Kinds that contradict an organisation's word in earnest; the others are often wrong themselves.
_GRAVE = frozenset({"model"})
#: Types that say nothing of what a device is.
_COARSE = frozenset({"other", "unknown"})


@attrs.frozen(eq=False, repr=False)
class Clue:
    """What one piece of evidence leaves open.

    Attributes
    ----------
    kind
        One of `reen.inventory.schema.TYPE_BASES`.
    types
        The types that it leaves open; empty when it says nothing.
    bundle
        Whether they are several things under one word.
    """

    kind: str
    types: tuple[str, ...]
    bundle: bool = False


@attrs.frozen(eq=False, repr=False)
class Decision(Compared):
    """What the evidence says.

    Attributes
    ----------
    type
        The type, empty when it is a question.
    basis
        Kind of evidence that settled it.
    candidates
        What it may be, where it is a question.
    against
        Kind of evidence that contradicts it, empty when none does in earnest.
    other
        The type that this evidence names.
    """

    type: str = ""
    basis: str = ""
    candidates: tuple[str, ...] = ()
    against: str = ""
    other: str = ""


def decide(clues: Iterable[Clue]) -> Decision:
    """Return what some evidence says together.

    Examples
    --------
    >>> found = decide([Clue("word", ("laptop", "mobile_phone")), Clue("model", ("laptop",))])
    >>> found.type, found.basis
    ('laptop', 'model')
    >>> decide([Clue("operating_system", ("laptop", "desktop"))]).candidates
    ('laptop', 'desktop')
    """
    given = sorted(
        (clue for clue in clues if clue.types), key=lambda clue: TYPE_BASES.index(clue.kind)
    )
    by_kind = {clue.kind: clue for clue in given}
    if "mapping" in by_kind:
        return Decision(by_kind["mapping"].types[0], "mapping")
    word = by_kind.get("word")
    if word is not None and word.bundle:
        return Decision(candidates=word.types)
    if word is not None and len(word.types) == 1:
        return _by_word(word.types[0], given)
    return _narrowed(given)


def _by_word(word: str, given: list[Clue]) -> Decision:
    """Return the type that the organisation's word names, or a finer one."""
    finer = _finer()
    for clue in given:
        if clue.kind == "word" or word in clue.types:
            continue
        better = (
            clue.types
            if word in _COARSE
            else [each for each in clue.types if each in finer[word]]
            if word in finer
            else []
        )
        if len(better) == 1 and clue.kind != "list_name":
            return Decision(better[0], clue.kind)
        if not better and clue.kind in _GRAVE and word not in _COARSE:
            return Decision(word, "word", against=clue.kind, other=clue.types[0])
    return Decision(word, "word")


def _narrowed(given: list[Clue]) -> Decision:
    """Return the only type that all evidence leaves open, the strongest going first."""
    left: tuple[str, ...] = ()
    basis = ""
    for clue in given:
        if not left:
            left, basis = clue.types, clue.kind
            continue
        common = tuple(each for each in left if each in clue.types)
        if not common:
            # a word that nobody would write beside such a model, or two clues of equal worth
            if len(left) > 1 or clue.kind == "word":
                return Decision(candidates=(*left, *clue.types))
            continue
        if len(common) < len(left):
            left, basis = common, clue.kind if len(common) == 1 else basis
    if len(left) == 1:
        return Decision(left[0], basis)
    return Decision(candidates=left)


@functools.cache
def _finer() -> Mapping[str, tuple[str, ...]]:
    return {
        row["word"]: split_words(row["models"])
        for row in rows_of("refines.csv", "reen.tables.evidence")
    }
