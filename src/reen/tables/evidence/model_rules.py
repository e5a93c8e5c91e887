"""Rules that tell a type of equipment from the name of a model, as they are written and checked.

Input: `data/models.csv`, one family of models a row, `data/telling_words.csv`, words beside a name
that say what the item is ("dock", "MFP", "toner"), and `data/makers.csv`.  Output: their rows, and
the ``compact.json`` beside them, in which `models` looks a model up without reading all rules:

    python -m reen.tables.evidence.model_rules

Must not be told anything of an inventory: what the rules say comes from how makers name things.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from pathlib import Path

import attrs

from reen.tables.bundled_words import COMPACT, rows_of
from reen.vocabulary.equipment_types import bundled_equipment_types
from reen.vocabulary.lookup import split_words
from reen.vocabulary.text import normalise

__all__ = ["NEEDS", "Rule", "compact_models", "model_rules", "telling_words"]

#: What a rule asks of the maker: nothing, that it be no other one, that it be named.
NEEDS = ("no", "not_another", "yes")

#: How a pattern may begin: with letters and digits (the last is none where it may be absent), with
#: one of a class, with one of several texts, or with something that may be absent.
_HEAD = re.compile(r"([a-z0-9]+)(?![?*{]|[a-z0-9])|([a-z0-9]+)[a-z0-9][?*{]")
_CLASS = re.compile(r"(\[[a-z0-9-]+\]|\\d)")
_GROUP = re.compile(r"\(\?:([^()]*)\)")
_OPTIONAL = re.compile(r"([a-z0-9]|\[[a-z0-9-]+\]|\\d|\(\?:[^()]*\))[?*]")
#: What every match of a pattern begins with: its letters before the first that may be absent.
_LITERAL = re.compile(r"[a-z0-9 ]*(?![?*{])")
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"

#: First letters by which rules are looked up.
_KEY = 2


@attrs.frozen(kw_only=True, eq=False, repr=False)
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


def _rows(name: str) -> list[dict[str, str]]:
    return rows_of(name, "reen.tables.evidence")


def model_rules() -> tuple[Rule, ...]:
    """Return the bundled rules.

    Raises
    ------
    ValueError
        A row names a maker or a type that does not exist.
    """
    types = {each.key for each in bundled_equipment_types()}
    makers = {row["maker"] for row in _rows("makers.csv")}
    rules = []
    for row in _rows("models.csv"):
        rule = Rule(
            makers=frozenset(split_words(row["maker"])),
            needs_maker=row["needs_maker"],
            family=row["family"],
            types=split_words(row["types"]),
            patterns=split_words(row["pattern"]),
            examples=split_words(row["examples"]),
            why=row["why"],
        )
        strange = (rule.makers - makers) | (set(rule.types) - types)
        if strange or rule.needs_maker not in NEEDS or not rule.types:
            message = f"models.csv, {rule.family}: {sorted(strange) or rule.needs_maker!r}"
            raise ValueError(message)
        rules.append(rule)
    return tuple(rules)


def telling_words() -> Mapping[str, tuple[str, ...]]:
    """Return the words beside a name that say what the item is, with the types that may have them.

    A "ThinkPad dock" is a docking station and no laptop; a "LaserJet MFP" is no mere printer; a
    "toner" is nothing that is counted.
    """
    return {
        normalise(word): split_words(row["types"])
        for row in _rows("telling_words.csv")
        for word in split_words(row["words"])
    }


def _beginnings(pattern: str) -> dict[str, str]:
    """Return what a pattern may match begins with: by its first letters (one or two), all of it.

    Raises
    ------
    ValueError
        It cannot be told.
    """
    if found := _OPTIONAL.match(pattern):
        rest = pattern[found.end() :]
        return _either(_beginnings(rest), _beginnings(found[1] + rest))
    if found := _GROUP.match(pattern):
        rest = pattern[found.end() :]
        return _either(*(_beginnings(each + rest) for each in found[1].split("|")))
    if found := _HEAD.match(pattern):
        literal = _LITERAL.match(pattern)
        return {(found[1] or found[2])[:_KEY]: literal[0] if literal else ""}
    if found := _CLASS.match(pattern):
        return {letter: letter for letter in re.findall(found[1], _LETTERS)}
    message = f"models.csv: what {pattern!r} begins with cannot be told"
    raise ValueError(message)


def _either(*several: Mapping[str, str]) -> dict[str, str]:
    """Return what one of several beginnings begins with."""
    found: dict[str, str] = {}
    for head, literal in itertools.chain.from_iterable(each.items() for each in several):
        common = found.get(head, literal)
        while not literal.startswith(common):
            common = common[:-1]
        found[head] = common
    return found


def compact_models() -> str:
    """Return the compact form of the rules, of the words beside names and of the makers, as JSON.

    Families; patterns, each with the number of its family; by the first letters of what patterns
    may match, all that such a match begins with, and their numbers.  Normal forms of all words.
    """
    rules = model_rules()
    families = [
        [";".join(sorted(each.makers)), each.needs_maker, each.family, ";".join(sorted(each.types))]
        for each in rules
    ]
    patterns: list[str] = []
    begun: dict[str, dict[str, list[str]]] = {}
    for number, rule in enumerate(rules):
        for pattern in rule.patterns:
            for head, literal in _beginnings(pattern.removeprefix("^")).items():
                begun.setdefault(head, {}).setdefault(literal, []).append(str(len(patterns)))
            patterns.append(f"{number} {pattern}")
    beginnings = {
        head: {literal: " ".join(numbers) for literal, numbers in sorted(begun[head].items())}
        for head in sorted(begun)
    }
    makers = {
        column: {
            row["maker"]: ";".join(map(normalise, split_words(row[column])))
            for row in _rows("makers.csv")
            if row[column]
        }
        for column in ("names", "names_in_its_cell")
    }
    telling = {word: ";".join(types) for word, types in telling_words().items()}
    # a line for each family and each beginning: what changes is seen
    parts = [
        '"families": [\n' + ",\n".join(map(_json, families)) + "\n]",
        '"patterns": [\n' + ",\n".join(map(_json, patterns)) + "\n]",
        _lines("beginnings", beginnings),
        _lines("telling_words", telling),
        _lines("makers", makers),
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _lines(name: str, part: Mapping[str, object]) -> str:
    lines = (f"{_json(key)}: {_json(value)}" for key, value in part.items())
    return f"{_json(name)}: {{\n" + ",\n".join(lines) + "\n}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    from reen.gate.writing import write_file

    write_file(Path(__file__).parent / "data" / COMPACT, compact_models())
