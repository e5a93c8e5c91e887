"""Kinds: what a table is, by its headers and the names of its sheet and file.

Input: a header and where it stands.  Output: a `Verdict`.  Each kind of table is given the weight
of the signs that it has: columns and headers that other kinds do not have, its names, its canonical
names.  The heaviest kind of which no necessary column lacks is taken; of two that weigh the same,
one that is the fleet is taken and doubted, and of two others none is.  A list that is of another
kind by its headers or name, and lacks a necessary column, is that: it is never counted as a fleet.

Must not read rows, nor open anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from reen.inventory.record_schema import HEADCOUNT
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.headers.header_words import key_of
from reen.tables.headers.spelt_headers import may_head
from reen.tables.headers.understanding import recognise, recognised
from reen.tables.headers.wording import WORDING_OF_KIND, Wording
from reen.tables.recognition.signs import names_of_kinds, refusals, signs_of_kinds
from reen.tables.rows.status_of_name import status_of_name
from reen.tables.sheet import tidy_cell

__all__ = ["Verdict", "kinds_named", "known_columns", "verdict_of"]

#: The kind that a table is taken for when it says what the equipment is and nothing else.
_FLEET = "equipment"

#: Weights: of a list that says what equipment is, of the name of a sheet, of the name of a file
#: that has sheets, of a header of canonical names alone.
_SAYS_WHAT, _NAME, _FILE_OF_SHEETS, _CANONICAL = 1, 3, 1, 4

#: Weight from which a table is of a kind though a necessary column lacks.
_SURE = 3

#: Kinds whose name alone says it: a sheet may be called as the place or the service that has it.
_SAID_BY_NAME = frozenset({"purchases", "disposals"})

#: The kind of a count of agents, and columns that say what a device is: no such count has them.
_STAFF, _OF_DEVICES = HEADCOUNT.name, frozenset({"equipment_type", "model", "serial_number"})

#: What a list of equipment says of each line, and kinds that one header more makes of it all the
#: same: lists of what was bought, left or mended say both too, and a machine with virtual
#: processors is none to count.  "Note", "Usage" or "Lignes" beside both is a remark.
_LISTED = frozenset({"equipment_type", "quantity"})
_LISTED_TOO = frozenset({"purchases", "disposals", "repairs", "virtual_machines"})

#: Columns of services by which a list with types and quantities is one of spending.
_SPENT = frozenset({"service_type", "amount", "amount_with_tax"})

#: Columns that this library adds to every table that it writes.
_ADDED = frozenset({"source", "source_row"})

#: A place: the file, with its sheet in brackets.
_PLACE = pattern(r"(?P<file>[^\[]*)(?:\[(?P<sheet>.*)\])?[^\]]*")


@attrs.define(eq=False, repr=False)
class _Case:
    """What speaks for one kind."""

    weight: int = 0
    signs: set[str] = attrs.field(factory=set)
    evidence: list[str] = attrs.field(factory=list)
    lacks: bool = False
    named: bool = False
    columns: frozenset[str] = frozenset()

    def add(self, weight: int, text: str) -> None:
        self.weight += weight
        if text not in self.evidence:
            self.evidence.append(text)


def verdict_of(
    header: Sequence[str],
    place: str,
    *,
    given: Mapping[str, str] | None = None,
    wordings: Mapping[str, Wording] = WORDING_OF_KIND,
) -> Verdict:
    """Return what a table is.

    Parameters
    ----------
    header
        Its header.
    place
        File, with the sheet in brackets.
    given
        Header to canonical column, as the user says: they name columns of equipment.
    wordings
        Wording of each kind, with what mappings say of this table.
    """
    keys = {key_of(tidy_cell(cell)): tidy_cell(cell) for cell in header if cell.strip()}
    refused = _refused(keys, header, given, wordings[_FLEET])
    if refused is not None:
        return refused
    cases = {kind: _case(wording, header, keys, given) for kind, wording in wordings.items()}
    for kind, weight, text in kinds_named(place):
        cases[kind].add(weight, text)
        cases[kind].named = True
    if _OF_DEVICES & set(recognise(list(keys.values()), given, wordings[_FLEET])):
        cases.pop(_STAFF, None)  # "Agent" beside a type is who uses the device
    cases = _without_remarks(_with_columns(cases, keys, given or {}))
    complete = {kind: case for kind, case in cases.items() if not case.lacks}
    if not complete:
        lacking = _lacking(cases, 0, place)
        return Verdict(lacking, tuple(cases[lacking].evidence) if lacking else ())
    best = max(case.weight for case in complete.values())
    heaviest = [kind for kind, case in complete.items() if case.weight == best]
    kind = heaviest[0]
    if _FLEET not in heaviest and (best <= 0 or len(heaviest) > 1):
        return Verdict("", rivals=tuple(heaviest) if best > 0 else ())
    if len(heaviest) == 1 and kind == _FLEET:
        lacking = _lacking(cases, best, place)
        if lacking:
            return Verdict(lacking, tuple(cases[lacking].evidence))
    rivals = tuple(heaviest) if len(heaviest) > 1 else ()
    return Verdict(kind, tuple(cases[kind].evidence), rivals=rivals)


def _with_columns(
    cases: dict[str, _Case], keys: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, _Case]:
    """Return the kinds that have the columns which the user names, or all when none has them."""
    named = {column for header, column in given.items() if column and key_of(header) in keys}
    found = {kind: case for kind, case in cases.items() if named <= set(SCHEMA_OF_KIND[kind])}
    return found or cases


def _without_remarks(cases: dict[str, _Case]) -> dict[str, _Case]:
    """Return the kinds without those that one header alone makes of a list of equipment."""
    fleet = cases.get(_FLEET)
    if fleet is None or not fleet.columns >= _LISTED:
        return cases
    return {
        kind: case
        for kind, case in cases.items()
        if kind == _FLEET
        or kind in _LISTED_TOO
        or case.named
        or len(case.signs) > 1
        or case.signs & _SPENT
    }


def _lacking(cases: Mapping[str, _Case], best: int, place: str) -> str:
    """Return the kind that outweighs a fleet and lacks a column, empty when none does.

    "Réformés" alone says the status of a fleet as well as that its rows are disposals.
    """
    by_name = _SAID_BY_NAME if status_of_name(place) is None else frozenset()
    found = {
        kind: case.weight
        for kind, case in cases.items()
        if case.lacks
        and case.weight > best
        and case.weight >= _SURE
        and (case.signs or kind in by_name)
    }
    return max(found, key=lambda kind: found[kind], default="")


def known_columns(
    cells: Sequence[str],
    fleet: list[str],
    wordings: Mapping[str, Wording] = WORDING_OF_KIND,
) -> list[str]:
    """Return the canonical columns that cells name in the kind that knows most of them.

    Parameters
    ----------
    cells
        Those of a row.
    fleet
        Columns of equipment that they name, which need not be complete and go before those of
        others that are as many.
    wordings
        Wording of each kind.
    """
    found = [fleet]
    cells = [cell for cell in cells if may_head(tidy_cell(cell))]
    if not cells:
        return fleet
    for kind, wording in wordings.items():
        if kind != _FLEET:
            columns = recognise(cells, None, wording)
            if not wording.lacks(columns):
                found.append(columns)
    return max(found, key=lambda columns: len(set(columns)))


def _refused(
    keys: Mapping[str, str],
    header: Sequence[str],
    given: Mapping[str, str] | None,
    wording: Wording,
) -> Verdict | None:
    there = frozenset(keys)
    columns: set[str] | None = None
    for refusal in refusals():
        named = refusal.headers_of(there)
        if not named:
            continue
        if columns is None:
            columns = set(recognise(header, given, wording))
        if not columns & refusal.without:
            shown = sorted({keys[key] for key in named})
            return Verdict("", tuple(shown), refused=refusal.code)
    return None


def _case(
    wording: Wording,
    header: Sequence[str],
    keys: Mapping[str, str],
    given: Mapping[str, str] | None,
) -> _Case:
    """Return what the header says for one kind."""
    kind = wording.schema.name
    signs = signs_of_kinds()[kind]
    case = _Case()
    columns = recognised(header, given if kind == _FLEET else None, wording)
    case.columns = frozenset(heading.column for heading in columns)
    case.lacks = bool(wording.lacks(case.columns))
    told: dict[str, int] = {}
    for heading in columns:
        if heading.preference <= 1 and heading.column in signs.columns:
            told[heading.text] = signs.columns[heading.column]
            case.signs.add(heading.column)
    for key, text in keys.items():
        if key in signs.headers:
            if text not in told:
                case.signs.add(text)
            told[text] = max(told.get(text, 0), signs.headers[key])
    for text, weight in told.items():
        case.add(weight, text)
    if kind == _FLEET and not case.lacks:
        case.weight += _SAYS_WHAT
    canonical = {text.partition(" [")[0] for text in keys.values()} - _ADDED
    schema = SCHEMA_OF_KIND[kind]
    if canonical and all(name.removesuffix("_precision") in schema for name in canonical):
        case.weight += _CANONICAL
    return case


def kinds_named(place: str) -> Iterator[tuple[str, int, str]]:
    """Yield the kinds that names speak for, with their weight and the name."""
    found = _PLACE.fullmatch(place) if "[" in place else None
    file, sheet = (found["file"], found["sheet"] or "") if found else (place, "")
    file = file.rpartition("/")[2].rpartition(".")[0] or file
    texts = [(sheet, _NAME), (file, _FILE_OF_SHEETS)] if sheet else [(file, _NAME)]
    for text, weight in texts:
        words = f" {key_of(text)} "
        for kind, names in names_of_kinds().items():
            if any(f" {name} " in words for name in names):
                yield kind, weight, text


#: What mappings call what is no inventory, besides what its headers say.
_OF_MAPPINGS = frozenset(
    {"choices", "other", "parts_of_machines", "reference_data", "shared_storage"}
)


@attrs.frozen(eq=False, repr=False)
class Verdict:
    """What a table is.

    Attributes
    ----------
    kind
        Kind of table (`reen.inventory.table_kinds`); empty when it is none, or nothing decides.
    evidence
        The headers and names that say so.
    refused
        Of no inventory: what it is (``tickets``, ``licences``, ``users``...).
    rivals
        Kinds that have as much evidence as the one that is taken, that one first.
    """

    kind: str
    evidence: tuple[str, ...] = ()
    refused: str = ""
    rivals: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """Return the evidence in one line."""
        return ", ".join(self.evidence)

    @property
    def what(self) -> Reason | str:
        """Return what a table that is no inventory is; a word of a mapping as it is."""
        known = {refusal.code for refusal in refusals()} | _OF_MAPPINGS
        if self.refused in known:
            return Reason(f"what_{self.refused}")
        return self.refused.replace("_", " ")
