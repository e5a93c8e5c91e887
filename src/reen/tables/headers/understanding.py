"""Headers: which canonical column each column of a file is, and in which unit.

Input: the header cells of a file and what the user says of them.  Output: the place, unit and
order of every column; those that two headers claim alike are refused, those that name persons are
left out, those that nothing knows are kept under their own header.  `spelt_headers` says what the
words of one header mean.

Reads no row; a unit of the wrong dimension is passed on, and refused by reen itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

import attrs

from reen.errors import InventoryError
from reen.inventory.schema import ColumnKind
from reen.reasons import Detail, Reason, joined
from reen.tables.cells.units_in_text import in_column, read_unit
from reen.tables.headers.header_words import PERSONAL, key_of
from reen.tables.headers.headings import BY_SENSE, LEFT_OUT, Heading, Headings, named_apart
from reen.tables.headers.reading_columns import JOINING_NAMES
from reen.tables.headers.spelt_headers import may_head, spelt, unit_alone
from reen.tables.headers.wording import EQUIPMENT_WORDING, Wording
from reen.tables.mapping.layers import BASE, CALL, TOOL, LaidRule
from reen.tables.mapping.mapping import KEEP
from reen.tables.sheet import tidy_cell

__all__ = [
    "DEVICES",
    "Heading",
    "Headings",
    "heads_devices",
    "map_headers",
    "recognise",
    "recognised",
]

#: Column of a header that is blank.
_UNNAMED = "(unnamed)"

#: Preference of a header of labels, which are models where no other header names any.
_LABEL = 4

#: Headers of what is counted or lent: types of equipment, models, or their numbers.
DEVICES = frozenset(
    map(
        key_of,
        (
            *("terminal", "terminaux", "appareil", "appareils", "mobile", "mobiles"),
            *("téléphone", "téléphones", "phone", "handset", "smartphone", "device"),
        ),
    )
)

#: Columns of places, of which one lies in another ("Bureau", "Salle"): the first one counts.
_PLACES = frozenset({"site", "entity"})

#: Columns that the importer itself writes.
WRITTEN = frozenset({"source", "source_row"})


def tidy(text: str) -> str:
    """Return a header as it is shown: unwrapped, composed letters, single spaces."""
    return tidy_cell(text)


def recognise(
    cells: Sequence[str],
    given: Mapping[str, str] | None = None,
    wording: Wording = EQUIPMENT_WORDING,
) -> list[str]:
    """Return the canonical columns that cells name, one entry per known cell."""
    if given or wording.layers is not None:
        return [heading.column for heading in recognised(cells, given, wording)]
    # many rows are asked for every kind of table, and nothing but words can tell
    texts = [text for text in map(tidy, cells) if text and may_head(text)]
    columns = (_column_by_words(text, wording) for text in texts)
    return [column for column in columns if column]


def recognised(
    cells: Sequence[str],
    given: Mapping[str, str] | None = None,
    wording: Wording = EQUIPMENT_WORDING,
) -> list[Heading]:
    """Return the headings of the cells that name a canonical column."""
    said = {key_of(header): column for header, column in (given or {}).items()}
    found = [
        _read_header(k, text, wording)
        for k, text in enumerate(map(tidy, cells))
        if text and (said or may_head(text) or wording.rule(text) is not None)
    ]
    named = [
        attrs.evolve(heading, column=said.get(key_of(heading.text), heading.column))
        if said
        else heading
        for heading in found
    ]
    return [heading for heading in named if heading.column]


def heads_devices(cells: Sequence[str]) -> bool:
    """Tell whether a cell of a row may head types or models."""
    return any(key_of(cell) in DEVICES for cell in cells)


def map_headers(
    cells: Sequence[str],
    given: Mapping[str, str],
    source: str,
    wording: Wording = EQUIPMENT_WORDING,
) -> Headings:
    """Return what the columns of a file are.

    Parameters
    ----------
    cells
        The header, as written.
    given
        Header to canonical column, as the user says; an empty column leaves it out.
    source
        The file, for messages.
    wording
        What kind of table it is.

    Raises
    ------
    InventoryError
        No header is known, two claim one column, a column that must be there is not, or the user
        names a column that does not exist.
    """
    every = [
        _read_header(k, tidy(cell), wording)
        if cell.strip()
        else Heading(k, f"column {k + 1}", _UNNAMED)
        for k, cell in enumerate(cells)
    ]
    every = _as_given(every, given, wording)
    headings = _described(heading for heading in every if heading.column != _UNNAMED)
    columns = _by_column(headings, source, wording)
    known = {heading.position for group in columns.values() for heading in group}
    lacking = wording.lacks(columns)
    if lacking:
        raise InventoryError(_nothing_known(headings, source, wording, lacking))
    rest = [
        heading
        for heading in headings
        if heading.position not in known and heading.column not in (PERSONAL, *WRITTEN)
    ]
    said = "quantity" in columns and columns["quantity"][0].said
    return Headings(
        columns=columns,
        kept=named_apart(rest, wording),
        personal=tuple(heading for heading in headings if heading.column == PERSONAL),
        dropped=tuple(heading for heading in headings if heading.column in WRITTEN),
        language=_language(headings),
        unnamed=tuple(heading for heading in every if heading.column == _UNNAMED),
        rivals=() if said else tuple(each for each in rest if each.column == "quantity"),
        telling=_telling(headings, columns, wording),
        wording=wording,
    )


def _described(headings: Iterable[Heading]) -> list[Heading]:
    """Return headings of which "Désignation" is what describes a model that another one names."""
    found = list(headings)
    named = any(each.column == "model" and each.preference < _LABEL for each in found)
    taken = {each.column for each in found}
    return [
        attrs.evolve(each, column="description", preference=1)
        if named
        and "description" not in taken
        and each.column == "model"
        and each.preference == _LABEL
        and not each.said
        else each
        for each in found
    ]


def _telling(
    headings: Sequence[Heading], columns: Mapping[str, Sequence[Heading]], wording: Wording
) -> dict[str, Heading]:
    """Return the headings by which the mappings set rows aside, by header or else by column."""
    rules = () if wording.layers is None else wording.layers.set_aside
    wanted = {key_of(rule.header) for rule in rules}
    if not wanted:
        return {}
    by_key = {key_of(column): group[0] for column, group in columns.items()}
    by_key |= {key_of(heading.text): heading for heading in reversed(headings)}
    return {key: by_key[key] for key in wanted & set(by_key)}


def _read_header(position: int, text: str, wording: Wording) -> Heading:
    """Return what one header says."""
    laid = wording.rule(text)
    if laid is not None:
        return _as_laid(position, text, laid, wording)
    return _by_words(position, text, wording)


def _as_laid(position: int, text: str, laid: LaidRule, wording: Wording) -> Heading:
    """Return what a mapping says of a header; its unit goes before the one in the header."""
    rule = laid.rule
    if rule.column in ("", KEEP):
        return Heading(position, text, "" if rule.column else LEFT_OUT, layer=laid.layer)
    spelt = _by_words(position, text, wording)
    if rule.unit:
        unit = in_column(read_unit(rule.unit) or rule.unit, rule.column, wording.schema)
    elif spelt.column == rule.column:
        unit = spelt.unit
    else:
        unit = unit_alone(text, rule.column, wording.schema)
    return Heading(
        position,
        text,
        rule.column,
        rule.preference,
        unit,
        spelt.language,
        layer=laid.layer,
        precision=rule.precision,
        reference=rule.reference,
        also=rule.also,
    )


def _by_words(position: int, text: str, wording: Wording) -> Heading:
    """Return what the words of a header say."""
    found, rest = spelt(text, wording.schema)
    if rest:
        return attrs.evolve(_read_header(position, rest, wording), text=text)
    return attrs.evolve(found, position=position, text=text)


def _column_by_words(text: str, wording: Wording) -> str:
    """Return the column that `_by_words` finds, where no mapping says more."""
    found, rest = spelt(text, wording.schema)
    return _column_by_words(rest, wording) if rest else found.column


def _as_given(
    headings: Sequence[Heading], given: Mapping[str, str], wording: Wording
) -> list[Heading]:
    """Return the headings with what the user says of them; the headers of other tables pass."""
    there = {key_of(heading.text) for heading in headings}
    said = {
        key: (header, column)
        for header, column in given.items()
        if (key := key_of(header)) in there
    }
    for header, column in said.values():
        if column and column not in wording.schema:
            import difflib  # for what is not known alone

            near = difflib.get_close_matches(column, wording.schema, 2)
            names = joined([repr(name) for name in near], "joined_by_or")
            hint = Reason("hint_did_you_mean", near=names) if near else ""
            message = Reason(
                "error_columns_there_no_column", header=header, column=column, hint=hint
            )
            raise InventoryError(message)
    result = []
    for heading in headings:
        known = said.get(key_of(heading.text))
        if known is None:
            result.append(heading)
            continue
        column = known[1]
        unit = (
            heading.unit
            if heading.column == column
            else unit_alone(heading.text, column, wording.schema)
        )
        result.append(
            attrs.evolve(heading, column=column or LEFT_OUT, preference=0, unit=unit, layer=CALL)
        )
    return result


def _by_column(
    headings: Sequence[Heading], source: str, wording: Wording
) -> dict[str, tuple[Heading, ...]]:
    groups: dict[str, list[Heading]] = {}
    for heading in headings:
        if heading.column in wording.schema and heading.column not in WRITTEN:
            groups.setdefault(heading.column, []).append(heading)
    chosen = {}
    for column, claims in groups.items():
        first = min(heading.layer for heading in claims)
        claims = [heading for heading in claims if heading.layer == first]  # noqa: PLW2901
        claims.sort(key=lambda heading: (heading.preference, _order(heading, wording)))
        if column in JOINING_NAMES:
            # they only serve to join, each where those before it are blank
            chosen[column] = tuple(claims)
            continue
        for one, other in itertools.pairwise(claims):
            alike = one.preference == other.preference != BY_SENSE
            if alike and first != TOOL and column not in _PLACES:
                raise InventoryError(_conflict(one, other, column, source))
        # what a mapping says of several headers is an order: where one is blank, the next counts
        said = first < BASE and wording.schema[column].kind is ColumnKind.TEXT
        chosen[column] = tuple(claims if said or column in wording.filled else claims[:1])
    return {column: chosen[column] for column in wording.schema if column in chosen}


def _order(heading: Heading, wording: Wording) -> int:
    """Return the place of a header in the mapping of a tool: there the first of two counts."""
    laid = wording.rule(heading.text) if heading.layer == TOOL else None
    return 0 if laid is None else laid.order


def _conflict(one: Heading, other: Heading, column: str, source: str) -> Reason:
    said: dict[str, Detail] = {
        "source": source,
        "one": one.text,
        "other": other.text,
        "column": column,
    }
    if one.text == other.text:
        return Reason("header_twice", **said, first=one.position + 1, second=other.position + 1)
    return Reason("headers_claim_one_column", **said)


#: How many unknown headers are compared with all known ones, which takes milliseconds for each,
#: and how many of those that look like one are said.
_LOOKED_AT, _HINTS = 100, 5


def _nothing_known(
    headings: Sequence[Heading], source: str, wording: Wording, lacking: Sequence[str]
) -> Reason:
    """Say which column is not there, and how to name it."""
    known = [heading for heading in headings if heading.column in wording.schema]
    hints = []
    for heading in headings[:_LOOKED_AT]:
        # what looks like "Terminal" is not what it means
        unlike = heading.column or heads_devices([heading.text])
        near = [] if unlike else wording.nearest(heading.text)
        if near:
            hints.append(Reason("header_looks_like", header=heading.text, column=near[0]))
        if len(hints) == _HINTS:
            break
    if not known:
        what = Reason("header_none_known")
    elif wording.schema is EQUIPMENT_WORDING.schema:
        what = Reason("header_no_equipment")
    else:
        what = Reason("header_no_column", column=lacking[0])
    needed = (
        Reason("header_inventory_needs")
        if wording.schema is EQUIPMENT_WORDING.schema
        else Reason(
            "header_records_need", kind=Reason(f"kind_{wording.schema.name}"), column=lacking[0]
        )
    )
    return Reason(
        "header_nothing_known",
        source=source,
        what=what,
        found=", ".join(repr(heading.text) for heading in headings[:20]) or Reason("header_none"),
        hints=Reason("header_hints", hints=joined(hints, "joined_by_semicolon")) if hints else "",
        needed=needed,
        column=lacking[0],
    )


def _language(headings: Sequence[Heading]) -> str:
    count = {
        language: sum(heading.language == language for heading in headings)
        for language in ("fr", "en")
    }
    if count["fr"] == count["en"]:
        return ""
    return "fr" if count["fr"] > count["en"] else "en"
