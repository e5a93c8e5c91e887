"""Rules that tell a type of equipment from the name of a model, as bundled data.

Input: `data/models.csv`, one family of models a row, and `data/telling_words.csv`, words
beside a name that say what the item is ("dock", "MFP", "toner").  Output: `Rule` values and, for the
makers of an item, those that may hold by the first letters of a word.

Must not be told anything of an inventory: what the rules say comes from how makers name things.
"""

from __future__ import annotations

import csv
import functools
import importlib.resources
import re
from collections.abc import Iterator, Mapping

import attrs

from reen.tables.evidence.makers import known_makers
from reen.vocabulary.equipment_types import bundled_equipment_types
from reen.vocabulary.text import normalise

__all__ = ["NEEDS", "Rule", "model_rules", "rules_by_head", "telling_words"]

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
    """

    makers: frozenset[str]
    needs_maker: str
    family: str
    types: tuple[str, ...]
    patterns: tuple[str, ...]
    examples: tuple[str, ...]
    why: str

    def holds_for(self, makers: frozenset[str]) -> bool:
        """Tell whether the makers that an item names (none, one, two that differ) allow it."""
        if self.needs_maker == "no":
            return True
        return makers <= self.makers and (bool(makers) or self.needs_maker == "not_another")


def _rows(file: str) -> Iterator[dict[str, str]]:
    source = importlib.resources.files(__package__).joinpath("data", file)
    yield from csv.DictReader(source.read_text(encoding="utf-8").splitlines(), strict=True)


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


#: Rules by the first letters of a word: the rule, its expression, whether it is bound to the start.
Found = tuple[tuple[Rule, re.Pattern[str], bool], ...]


@functools.cache
def _compiled() -> tuple[tuple[str, Rule, re.Pattern[str], bool], ...]:
    return tuple(
        (head, rule, re.compile(pattern.removeprefix("^") + r"\b"), pattern[0] == "^")
        for rule in model_rules()
        for pattern in rule.patterns
        for head in sorted(_heads(pattern.removeprefix("^")))
    )


@functools.lru_cache(maxsize=1024)
def rules_by_head(makers: frozenset[str]) -> Mapping[str, Found]:
    """Return the rules that may hold for makers, by the first letters of what they match."""
    found: dict[str, list[tuple[Rule, re.Pattern[str], bool]]] = {}
    for head, rule, expression, bound in _compiled():
        if rule.holds_for(makers):
            found.setdefault(head, []).append((rule, expression, bound))
    return {head: tuple(each) for head, each in found.items()}
