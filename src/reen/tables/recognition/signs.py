"""Signs: the headers and names by which kinds of table are recognised, as bundled data.

Input: `data/kind_signs.csv` (columns and headers that one kind has and the fleet has not, or the
other way round, with their weight), `data/table_names.csv` (what sheets and files of a kind are
called), `data/no_inventory.csv` (headers of what is no inventory).  Output: look-ups by reen's
normal form.  It judges no table.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

import attrs

from reen.tables.bundled_words import rows_of_forms

__all__ = ["Refusal", "Signs", "names_of_kinds", "refusals", "signs_of_kinds"]


@attrs.frozen(eq=False, repr=False)
class Signs:
    """What speaks for one kind.

    Attributes
    ----------
    columns, headers
        Weight by canonical column, and by header.
    """

    columns: Mapping[str, int]
    headers: Mapping[str, int]


@attrs.frozen(eq=False, repr=False)
class Refusal:
    """A table that is no inventory.

    Attributes
    ----------
    code
        What it is.
    groups
        Headers, of which one of each group must be there.
    without
        Columns of equipment that it does not have.
    """

    code: str
    groups: tuple[frozenset[str], ...]
    without: frozenset[str]

    def headers_of(self, there: frozenset[str]) -> frozenset[str]:
        """Return those of some headers that name it, in normal form; nothing when a group lacks."""
        matched = [there & group for group in self.groups]
        named = frozenset().union(*matched)
        return named if all(matched) and len(named) >= len(self.groups) else frozenset()


def _words(text: str) -> list[str]:
    return list(filter(None, text.split(";")))


@functools.cache
def signs_of_kinds() -> Mapping[str, Signs]:
    """Return what speaks for each kind."""
    found: dict[str, Signs] = {}
    for row in rows_of_forms("kind_signs.csv"):
        signs = found.setdefault(row["kind"], Signs({}, {}))
        weight = int(row["weight"])
        columns = {**signs.columns, **dict.fromkeys(_words(row["columns"]), weight)}
        headers = {**signs.headers, **dict.fromkeys(_words(row["headers"]), weight)}
        found[row["kind"]] = Signs(columns, headers)
    return found


@functools.cache
def names_of_kinds() -> Mapping[str, frozenset[str]]:
    """Return what the sheets and files of each kind are called."""
    return {
        row["kind"]: frozenset((*_words(row["french"]), *_words(row["english"])))
        for row in rows_of_forms("table_names.csv")
    }


@functools.cache
def refusals() -> tuple[Refusal, ...]:
    """Return what is no inventory, in the order in which it is looked for."""
    return tuple(
        Refusal(
            row["code"],
            tuple(frozenset(_words(group)) for group in row["headers"].split("|")),
            frozenset(_words(row["without"])),
        )
        for row in rows_of_forms("no_inventory.csv")
    )
