"""Indents: the level of the label of a line, by blanks, dashes, bullets or an outline number.

Input: labels as they are written.  Output: the depth of each, and the lines right below each line
that are one step deeper.  Where a workbook indents by the alignment of a cell, its container writes
the indent as blanks.

Knows no numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

from reen.patterns import pattern

__all__ = ["depth_of", "indented_groups", "is_indented", "named_in_levels"]

#: What stands before a line of detail, beside blanks.
_MARKS = "-–•>*↳"  # noqa: RUF001 - dashes of all kinds
#: The number of a line in an outline: "1.2 PC fixe" stands below "1. Postes".
_OUTLINE = pattern(r"\d{1,2}((?:\.\d{1,2})+)\.?\s+(?=[^\W\d_])")
_PART = pattern(r"(?i)dont\b")


def depth_of(label: str) -> int:
    """Return how deep a label stands: 0 for one at the margin.

    Examples
    --------
    >>> from reen.tables.layouts.indents import depth_of
    >>> [depth_of(label) for label in ("PC", "  portable", "    - Latitude", "dont portable")]
    [0, 2, 6, 1]
    >>> [depth_of(label) for label in ("1. Postes", "1.2 PC fixe", "1.2.1 Tour", "2.5 kg")]
    [0, 1, 2, 1]
    """
    if label[:1].isdecimal() and (outline := _OUTLINE.match(label)):
        return outline[1].count(".")
    depth = next(
        (at for at, mark in enumerate(label) if not (mark.isspace() or mark in _MARKS)), len(label)
    )
    is_part = label[depth : depth + 4].casefold() == "dont" and _PART.match(label, depth)
    return depth + 1 if is_part else depth


def is_indented(label: str) -> bool:
    """Tell whether a label stands deeper than the margin."""
    return depth_of(label) > 0


def indented_groups(labels: Sequence[str]) -> dict[int, list[int]]:
    """Return the lines right below each line that stand one step deeper, by its place.

    Examples
    --------
    >>> from reen.tables.layouts.indents import indented_groups
    >>> indented_groups(("PC", "  portable", "    Latitude", "  fixe", "Écran"))
    {0: [1, 3], 1: [2]}
    """
    groups: dict[int, list[int]] = {}
    above: list[tuple[int, int]] = []
    for row, label in enumerate(labels):
        if not label.strip():
            continue
        depth = depth_of(label)
        while above and above[-1][0] >= depth:
            above.pop()
        if above:
            groups.setdefault(above[-1][1], []).append(row)
        above.append((depth, row))
    return groups


def named_in_levels(families: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """Return what lines are called that name their family in a column of its own.

    A line that names nothing but its family stands above the kinds of that family, which are set
    in.  A family may be written once for the lines below it.

    Examples
    --------
    >>> from reen.tables.layouts.indents import named_in_levels
    >>> families = ("Réseau", "", "Téléphonie", "Impression")
    >>> named_in_levels(families, ("", "Switch", "Smartphone", ""))
    ['Réseau', '  Switch', 'Smartphone', 'Impression']
    """
    found = []
    above: str | None = None
    for family, kind in zip(families, kinds, strict=True):
        if not kind.strip():
            above = family.strip() or above
            found.append(family)
            continue
        same = above is not None and (not family.strip() or family.strip() == above)
        above = above if same else None
        found.append(f"  {kind}" if same else kind)
    return found
