"""Types that the name of a model tells: a "Latitude 5420" is a laptop, a "SM-A536B" a smartphone.

Input: maker, model and part number as a file writes them.  Output: `ModelTypes`, the equipment
types that they allow: none when the model is not known, several when its name does not tell.

The rules are those of `model_rules`, as they stand in ``compact.json``: of two thousand patterns,
those that begin as a word of the model does are looked at, and few of them compiled.

Must not weigh other evidence (the type's own cell, the platform, the name of the sheet), and
must not guess: a family whose members differ gives all that they can be.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import attrs

from reen.patterns import pattern
from reen.tables.bundled_words import compact_data
from reen.tables.evidence.makers import UNKNOWN, maker_in, maker_of
from reen.values import Compared
from reen.vocabulary.text import normalise

__all__ = ["ModelTypes", "types_of_model"]

#: "OptiPlex7010" and "iPhone12" are two words; codes have fewer letters before their digits.
_LETTERS = 5
_GLUED = pattern(r"\b([a-z]{5,})(?=[0-9])")

#: A pattern: what it begins with, its expression, and what the rule says that has it.
_Pattern: TypeAlias = tuple[str, str, "ModelTypes"]


@attrs.frozen(eq=False, repr=False)
class ModelTypes(Compared):
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
    words = text.split()
    if any(word[:_LETTERS].isalpha() and not word.isalpha() for word in words):
        text = _GLUED.sub(r"\1 ", text)
        words = text.split()
    said, after = maker_in(words)
    matches = _matches(text, words, after, _makers(said, maker_of(maker)))
    if not matches:
        return _NOTHING
    # "LaserJet MFP" lies around "LaserJet": the longer match knows more
    kept = [
        _narrowed(told, text, start, end)
        for told, start, end in matches
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
def _makers(said: str, own: str) -> frozenset[str]:
    """Return the makers that an item names: that in the model, and that of the maker's cell."""
    # a seller in the maker's cell does not gainsay the maker that the model names
    own = "" if said and own == UNKNOWN else own
    return frozenset(filter(None, (said, own)))


def _matches(
    text: str, words: list[str], after: int, makers: frozenset[str]
) -> list[tuple[ModelTypes, int, int]]:
    """Return what the rules say that match, each with where its match begins and ends."""
    found: list[tuple[ModelTypes, int, int]] = []
    at_start, elsewhere = _rules(makers)
    place = 0
    for position, word in enumerate(words):
        patterns = at_start if position in (0, after) else elsewhere
        for literal, expression, told in patterns[word[:2]]:
            if text.startswith(literal, place):
                matched = _match_of(expression)(text, place)
                if matched is not None:
                    found.append((told, place, matched.end()))
        place += len(word) + 1
    return found


class _Patterns(dict[str, tuple[_Pattern, ...]]):
    """The patterns that a word may match by its first letters, worked out when one has them."""

    def __init__(self, makers: frozenset[str], *, at_start: bool) -> None:
        super().__init__()
        self._makers = makers
        self._at_start = at_start

    def __missing__(self, head: str) -> tuple[_Pattern, ...]:
        patterns, beginnings = _known()["patterns"], _known()["beginnings"]
        found = []
        # what begins with one known letter may be any word that does
        for begun in dict.fromkeys((head, head[0])):
            for literal, numbers in beginnings.get(begun, {}).items():
                for each in numbers.split():
                    number, _, expression = patterns[int(each)].partition(" ")
                    allowed, told = _family(int(number), self._makers)
                    if allowed and (self._at_start or expression[0] != "^"):
                        found.append((literal, expression.removeprefix("^"), told))
        if head.isascii():  # words of other scripts begin in too many ways to keep them all
            self[head] = tuple(found)
        return tuple(found)


@functools.lru_cache(maxsize=1024)
def _rules(makers: frozenset[str]) -> tuple[_Patterns, _Patterns]:
    """Return the patterns of the rules for makers: at the start of a model, and elsewhere in it."""
    return _Patterns(makers, at_start=True), _Patterns(makers, at_start=False)


@functools.lru_cache(maxsize=1 << 14)
def _family(number: int, makers: frozenset[str]) -> tuple[bool, ModelTypes]:
    """Return whether the makers that an item names (none, one, two that differ) allow a family."""
    own, needs_maker, family, types = _known()["families"][number]
    holds = needs_maker == "no" or (
        makers.issubset(own.split(";")) and (bool(makers) or needs_maker == "not_another")
    )
    return holds, ModelTypes(tuple(types.split(";")), family)


@functools.lru_cache(maxsize=1 << 12)
def _match_of(expression: str) -> Callable[[str, int], re.Match[str] | None]:
    return re.compile(expression + r"\b").match


def _known() -> Mapping[str, Any]:
    return compact_data("reen.tables.evidence")


#: Words beside a name with the types that may have them, and phrases of several words with theirs.
_Telling: TypeAlias = tuple[Mapping[str, frozenset[str]], tuple[tuple[str, frozenset[str]], ...]]


@functools.cache
def _telling_words() -> _Telling:
    """Return the words and phrases that say what an item is."""
    known = _known()["telling_words"]
    found = {word: frozenset(filter(None, types.split(";"))) for word, types in known.items()}
    phrases = tuple((words, types) for words, types in found.items() if " " in words)
    return found, phrases


def _allowed(text: str) -> frozenset[str] | None:
    """Return the types that the words beside a name leave, None for all of them."""
    words, phrases = _telling_words()
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
