"""Types that the name of a model tells: a "Latitude 5420" is a laptop, a "SM-A536B" a smartphone.

Input: maker, model and part number as a file writes them.  Output: `ModelTypes`, the equipment
types that they allow: none when the model is not known, several when its name does not tell.

Must not weigh other evidence (the type's own cell, the platform, the name of the sheet), and
must not guess: a family whose members differ gives all that they can be.
"""

from __future__ import annotations

import functools
import re

import attrs

from reen.tables.evidence.makers import UNKNOWN, maker_in, maker_of
from reen.tables.evidence.model_rules import Rule, rules_by_head, telling_words
from reen.vocabulary.text import normalise

__all__ = ["ModelTypes", "types_of_model"]

#: "OptiPlex7010" and "iPhone12" are two words; codes have fewer letters before their digits.
_GLUED = re.compile(r"\b([a-z]{5,})(?=[0-9])")


@attrs.frozen
class ModelTypes:
    """What a model can be.

    Attributes
    ----------
    types
        Keys of equipment types, sorted: empty when the model is not known, one when it is,
        several when its name leaves a question.
    family
        Name of the rule that tells: "Latitude"; those of several are joined by " / ".
    """

    types: tuple[str, ...] = ()
    family: str = ""


_NOTHING = ModelTypes()


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
    return _types_of(normalise(maker), normalise(model), normalise(number))


@functools.lru_cache(maxsize=1 << 16)
def _types_of(maker: str, model: str, number: str) -> ModelTypes:
    """Return the types of normalised texts."""
    by_name = _of_text(maker, model)
    by_number = _of_text(maker, number) if number and number != model else _NOTHING
    if not by_number.types:
        return by_name
    if not by_name.types:
        # what the name says the item is not, its number cannot make it
        return _narrowed(by_number, _allowed(model))
    families = " / ".join(sorted({by_name.family, by_number.family}))
    common = set(by_name.types) & set(by_number.types)
    return ModelTypes(tuple(sorted(common or {*by_name.types, *by_number.types})), families)


def _of_text(maker: str, text: str) -> ModelTypes:
    text = _GLUED.sub(r"\1 ", text)
    words = text.split()
    said, after = maker_in(words)
    own = maker_of(maker)
    # a seller in the maker's cell does not gainsay the maker that the model names
    makers = frozenset(filter(None, (said, own if own != UNKNOWN or not said else "")))
    matches = _matches(text, words, after, makers)
    kept = [
        rule
        for rule, start, end in matches
        if not any(s <= start and end <= e and e - s > end - start for _, s, e in matches)
    ]
    allowed = _allowed(text)
    answers = [_narrowed(ModelTypes(rule.types, rule.family), allowed) for rule in kept]
    answers = [answer for answer in answers if answer.types]
    if not answers:
        return _NOTHING
    return ModelTypes(
        tuple(sorted({each for answer in answers for each in answer.types})),
        " / ".join(sorted({answer.family for answer in answers})),
    )


def _matches(
    text: str, words: list[str], after: int, makers: frozenset[str]
) -> list[tuple[Rule, int, int]]:
    """Return the rules that match, each with where its match begins and ends."""
    by_head = rules_by_head(makers)
    found: list[tuple[Rule, int, int]] = []
    place = 0
    for position, word in enumerate(words):
        starts_model = position in (0, after)
        for head in (word[:2], word[:1]) if len(word) > 1 else (word,):
            for rule, expression, bound in by_head.get(head, ()):
                if starts_model or not bound:
                    match = expression.match(text, place)
                    if match is not None:
                        found.append((rule, place, match.end()))
        place += len(word) + 1
    return found


def _allowed(text: str) -> frozenset[str] | None:
    """Return the types that the words beside a name leave, None for all of them."""
    words, phrases = telling_words()
    found = [words[word] for word in text.split() if word in words]
    found += [types for phrase, types in phrases if phrase in text]
    return frozenset.intersection(*found) if found else None


def _narrowed(answer: ModelTypes, allowed: frozenset[str] | None) -> ModelTypes:
    if allowed is None or allowed.issuperset(answer.types):
        return answer
    types = tuple(each for each in answer.types if each in allowed)
    return ModelTypes(types, answer.family) if types else _NOTHING
