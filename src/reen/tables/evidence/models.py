"""Types that the name of a model tells: a "Latitude 5420" is a laptop, a "SM-A536B" a smartphone.

Input: maker, model and part number as a file writes them.  Output: `ModelTypes`, the equipment
types that they allow: none when the model is not known, several when its name does not tell.

Must not weigh other evidence (the type's own cell, the platform, the name of the sheet), and
must not guess: a family whose members differ gives all that they can be.
"""

from __future__ import annotations

import functools
import re

from reen.tables.evidence.makers import UNKNOWN, maker_in, maker_of
from reen.tables.evidence.model_rules import (
    ByHead,
    ModelTypes,
    Rule,
    rules_for,
    telling_words,
)
from reen.vocabulary.text import normalise

__all__ = ["ModelTypes", "types_of_model"]

#: "OptiPlex7010" and "iPhone12" are two words; codes have fewer letters before their digits.
_GLUED = re.compile(r"\b([a-z]{5,})(?=[0-9])")


_NOTHING = ModelTypes()

#: A list has few makers, each of many models.
_normal_maker = functools.lru_cache(maxsize=1024)(normalise)


@functools.lru_cache(maxsize=1 << 16)
def types_of_model(maker: str, model: str, number: str = "") -> ModelTypes:
    """Return the equipment types that a model can be.

    Case, accents, punctuation and what is added to a model ("(64 GB Space Gray)") do not matter.

    Parameters
    ----------
    maker
        The maker as it is written; may be blank, or stand in the model.
    model
        Name of the model.
    number
        Part number, machine type or identifier.  It completes the name; where both tell and have
        no type in common, all of their types are given.

    Examples
    --------
    >>> types_of_model("DELL Inc.", "Latitude 5420").types
    ('laptop',)
    >>> types_of_model("", "Samsung Galaxy A53 5G (128 Go)").types
    ('smartphone',)
    >>> types_of_model("Dell", "Inspiron 3000").types
    ('all_in_one', 'desktop', 'laptop')
    >>> types_of_model("Dell", "Latitude 5420 battery").types
    ()
    """
    return _types_of(_normal_maker(maker), normalise(model), normalise(number) if number else "")


def _types_of(maker: str, model: str, number: str) -> ModelTypes:
    """Return the types of normalised texts."""
    by_name = _of_text(maker, model)
    by_number = _of_text(maker, number) if number and number != model else _NOTHING
    if not by_number.types:
        return by_name
    if not by_name.types:
        # what the name says the item is not, its number cannot make it
        return _narrowed(by_number, model)
    families = " / ".join(sorted({by_name.family, by_number.family}))
    common = set(by_name.types) & set(by_number.types)
    return ModelTypes(tuple(sorted(common or {*by_name.types, *by_number.types})), families)


def _of_text(maker: str, text: str) -> ModelTypes:
    """Return the types that a normalised name, or number, tells."""
    text = _GLUED.sub(r"\1 ", text)
    words = text.split()
    said, after = maker_in(words)
    matches = _matches(text, words, after, *_rules(said, maker_of(maker)))
    if not matches:
        return _NOTHING
    # "LaserJet MFP" lies around "LaserJet": the longer match knows more
    kept = [
        _narrowed(rule.told, text, start, end)
        for rule, start, end in matches
        if not any(s <= start and end <= e and e - s > end - start for _, s, e in matches)
    ]
    answers = {answer for answer in kept if answer.types}
    if not answers:
        return _NOTHING
    if len(answers) == 1:
        return answers.pop()
    return ModelTypes(
        tuple(sorted({each for answer in answers for each in answer.types})),
        " / ".join(sorted({answer.family for answer in answers})),
    )


@functools.lru_cache(maxsize=1024)
def _rules(said: str, own: str) -> tuple[ByHead, ByHead]:
    """Return the rules for the maker that the model names and that of the maker's cell."""
    # a seller in the maker's cell does not gainsay the maker that the model names
    own = "" if said and own == UNKNOWN else own
    return rules_for(frozenset(filter(None, (said, own))))


def _matches(
    text: str, words: list[str], after: int, at_start: ByHead, elsewhere: ByHead
) -> list[tuple[Rule, int, int]]:
    """Return the rules that match, each with where its match begins and ends."""
    found: list[tuple[Rule, int, int]] = []
    place = 0
    for position, word in enumerate(words):
        by_head = at_start if position in (0, after) else elsewhere
        for rule, match in by_head.get(word[:2]) or by_head.get(word[0], ()):
            matched = match(text, place)
            if matched is not None:
                found.append((rule, place, matched.end()))
        place += len(word) + 1
    return found


def _allowed(text: str) -> frozenset[str] | None:
    """Return the types that the words beside a name leave, None for all of them."""
    words, phrases = telling_words()
    found = [words[word] for word in text.split() if word in words]
    found += [types for phrase, types in phrases if phrase in text]
    return frozenset.intersection(*found) if found else None


def _narrowed(answer: ModelTypes, text: str, start: int = 0, end: int = 0) -> ModelTypes:
    """Return what the words of a text leave of an answer.

    No word may deny all of its types; those outside the match choose among them (a "Pavilion
    Notebook"), those inside are part of the name (a "ThinkPad X1 Tablet").
    """
    allowed = _allowed(text)
    if allowed is None or allowed.issuperset(answer.types):
        return answer
    if not allowed.isdisjoint(answer.types):
        allowed = _allowed(text[:start] + text[end:])
        if allowed is None:
            return answer
    types = tuple(each for each in answer.types if each in allowed)
    return ModelTypes(types, answer.family) if types else _NOTHING
