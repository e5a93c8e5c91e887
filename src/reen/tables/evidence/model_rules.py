"""Rules that tell a type of equipment from the name of a model, as bundled data.

Input: `data/models.csv`, one family of models a row, and `data/telling_words.csv`, words
beside a name that say what the item is ("dock", "MFP", "toner").  Output: `Rule` values and, for
the makers of an item, those that may hold by the first letters of a word.

Must not be told anything of an inventory: what the rules say comes from how makers name things.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

import attrs

from reen.tables.evidence.makers import known_makers
from reen.vocabulary.equipment_types import bundled_equipment_types
from reen.vocabulary.lookup import read_table
from reen.vocabulary.text import normalise

__all__ = ["NEEDS", "ByHead", "ModelTypes", "Rule", "model_rules", "rules_for", "telling_words"]

#: What a rule asks of the maker: nothing, that it be no other one, that it be named.
NEEDS = ("no", "not_another", "yes")

#: How a pattern may begin: with letters and digits (the last is none where it may be absent), with
#: one of a class, with one of several texts, or with something that may be absent.
_HEAD = re.compile(r"([a-z0-9]+)(?![?*{]|[a-z0-9])|([a-z0-9]+)[a-z0-9][?*{]")
_CLASS = re.compile(r"(\[[a-z0-9-]+\]|\\d)")
_GROUP = re.compile(r"\(\?:([^()]*)\)")
_OPTIONAL = re.compile(r"([a-z0-9]|\[[a-z0-9-]+\]|\\d|\(\?:[^()]*\))[?*]")
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"

#: First letters by which rules are looked up.
_KEY = 2


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


@attrs.frozen(eq=False, kw_only=True)
class Rule:
    """A family of models and what its members are.

    Attributes
    ----------
    makers
        Keys of the makers that sell it.
    needs_maker
        One of `NEEDS`.  A family name that nobody else has needs none.
    family
        Name of the rule: "Latitude", "SM-A".
    types
        Keys of equipment types: one, or several where the name alone does not tell.
    patterns
        Expressions on the normalised model, each matched at the start of a word up to the end of
        one; ``^`` binds it to the start of the model (what follows the maker's name).
    examples
        Models that the rule must tell.
    why
        What the naming rests on.
    told
        The answer that it gives.
    """

    makers: frozenset[str]
    needs_maker: str
    family: str
    types: tuple[str, ...]
    patterns: tuple[str, ...]
    examples: tuple[str, ...]
    why: str

    told: ModelTypes = attrs.field(init=False)

    @told.default
    def _told(self) -> ModelTypes:
        return ModelTypes(tuple(sorted(self.types)), self.family)

    def holds_for(self, makers: frozenset[str]) -> bool:
        """Tell whether the makers that an item names (none, one, two that differ) allow it."""
        if self.needs_maker == "no":
            return True
        return makers <= self.makers and (bool(makers) or self.needs_maker == "not_another")


def _rows(file: str) -> Iterator[dict[str, str]]:
    yield from read_table(file, __package__)


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


@functools.cache
def model_rules() -> tuple[Rule, ...]:
    """Return the bundled rules.

    Raises
    ------
    ValueError
        A row names a maker or a type that does not exist.
    """
    types = {each.key for each in bundled_equipment_types()}
    rules = []
    for row in _rows("models.csv"):
        rule = Rule(
            makers=frozenset(_list(row["maker"])),
            needs_maker=row["needs_maker"],
            family=row["family"],
            types=_list(row["types"]),
            patterns=_list(row["pattern"]),
            examples=_list(row["examples"]),
            why=row["why"],
        )
        strange = (rule.makers - known_makers()) | (set(rule.types) - types)
        if strange or rule.needs_maker not in NEEDS or not rule.types:
            message = f"models.csv, {rule.family}: {sorted(strange) or rule.needs_maker!r}"
            raise ValueError(message)
        rules.append(rule)
    return tuple(rules)


#: Words with the types that they allow, and phrases of several words with theirs.
Telling = tuple[Mapping[str, frozenset[str]], tuple[tuple[str, frozenset[str]], ...]]


@functools.cache
def telling_words() -> Telling:
    """Return the words beside a name that say what the item is, with the types that may have them.

    A "ThinkPad dock" is a docking station and no laptop; a "LaserJet MFP" is no mere printer; a
    "toner" is nothing that is counted.
    """
    found = {
        normalise(word): frozenset(_list(row["types"]))
        for row in _rows("telling_words.csv")
        for word in _list(row["words"])
    }
    phrases = tuple((words, types) for words, types in sorted(found.items()) if " " in words)
    return {word: types for word, types in found.items() if " " not in word}, phrases


def _heads(pattern: str) -> frozenset[str]:
    """Return the first letters of what a pattern may match: one or two of them.

    Raises
    ------
    ValueError
        They cannot be told.
    """
    if found := _OPTIONAL.match(pattern):
        rest = pattern[found.end() :]
        return _heads(rest) | _heads(found[1] + rest)
    if found := _GROUP.match(pattern):
        rest = pattern[found.end() :]
        return frozenset().union(*(_heads(each + rest) for each in found[1].split("|")))
    if found := _HEAD.match(pattern):
        return frozenset({(found[1] or found[2])[:_KEY]})
    if found := _CLASS.match(pattern):
        return frozenset(re.findall(found[1], _LETTERS))
    message = f"models.csv: what {pattern!r} begins with cannot be told"
    raise ValueError(message)


class _Pattern:
    """A pattern that is compiled when a word first begins as it does: most of them never are."""

    __slots__ = ("_match", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._match: _Match | None = None

    def __call__(self, text: str, place: int) -> re.Match[str] | None:
        """Return the match at a place of a text, None when there is none."""
        if self._match is None:
            self._match = re.compile(self._text).match
        return self._match(text, place)


_Match: TypeAlias = Callable[[str, int], "re.Match[str] | None"]

#: Rules with how each matches at a place of a text, by the first two letters of a word, or by the
#: only ones that it has.
ByHead = Mapping[str, tuple[tuple[Rule, _Match], ...]]


@functools.cache
def _patterns() -> tuple[tuple[str, Rule, _Match, bool], ...]:
    """Return each rule by what it begins with, and whether that must be the start of a model."""
    return tuple(
        (head, rule, match, pattern[0] == "^")
        for rule in model_rules()
        for pattern in rule.patterns
        for match in (_Pattern(pattern.removeprefix("^") + r"\b"),)
        for head in sorted(_heads(pattern.removeprefix("^")))
    )


@functools.lru_cache(maxsize=1024)
def rules_for(makers: frozenset[str]) -> tuple[ByHead, ByHead]:
    """Return the rules that may hold for makers: at the start of a model, and elsewhere in it."""
    allowed = [each for each in _patterns() if each[1].holds_for(makers)]
    return _by_head(allowed), _by_head([each for each in allowed if not each[3]])


def _by_head(rules: Iterable[tuple[str, Rule, _Match, bool]]) -> ByHead:
    found: dict[str, list[tuple[Rule, _Match]]] = {}
    for head, rule, match, _ in rules:
        found.setdefault(head, []).append((rule, match))
    # what begins with one known letter may be any word that does
    return {
        head: (*each, *found.get(head[0], ())) if len(head) > 1 else tuple(each)
        for head, each in found.items()
    }
