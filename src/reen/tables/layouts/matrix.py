"""Matrix: a table of counts, such as types by site or by year, becomes one record a count.

Input: the rows of a block.  Output: the records that `matrix_records` makes of them, once it is
known what stands where: labels, columns of counts, totals, and what the columns of counts stand for
(places, years, statuses, types).  Where nothing shows that numbers are counts, it is no matrix.

Must not choose between years, nor convert anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import attrs

from reen.tables.headers.header_words import key_of
from reen.tables.layouts.counts import (
    count_of,
    is_count,
    is_none,
    is_not_calculated,
    is_unknown,
    without_number,
    year_of,
    years_of,
)
from reen.tables.layouts.figures import counts_others, is_figure, is_of_ages, of_others
from reen.tables.layouts.matrix_counts import (
    DETAIL,
    Sides,
    even_levels,
    filled_down,
    names_a_type,
    of_years,
    sides_of,
    together,
)
from reen.tables.layouts.matrix_header import (
    INVENTORY_YEAR,
    YEAR_OF_PURCHASE,
    Column,
    header_columns,
)
from reen.tables.layouts.matrix_labels import (
    is_total,
    label_first,
    label_of_rows,
    with_families,
)
from reen.tables.layouts.matrix_lists import is_record
from reen.tables.layouts.matrix_records import Matrix, Shape, sum_of
from reen.tables.layouts.parents import Parent, parents_of, without_part
from reen.tables.layouts.words import Words
from reen.tables.rows.totals import is_part_label, is_total_label

__all__ = ["Matrix", "begins_matrix", "find_matrix", "heads_matrix"]

Cells = Sequence[Sequence[str]]

#: Rows among which the header is looked for, rows and columns of counts that make a matrix.
_HEADER_DEPTH = 2
_HEADER_ROWS, _LEAST_ROWS, _LEAST_COLUMNS = 20, 2, 2

#: Share of the filled cells of a column that must be counts, of the words that must be known.
_MOSTLY, _HALF = 0.8, 0.5

#: Levels of headers as they are written; those that are cut have more.
_TWO = 2

#: Columns that a table of counts does not have: each of its rows would be an asset.
_OF_ASSETS = frozenset({"serial_number", "asset_tag", "id", "name"})

#: Columns of places, of which one may lie in another.
_PLACES = frozenset({"entity", "site"})

#: Columns that a list of models has, and a plain table of counts has not.
_OF_MODELS = frozenset({"model", "manufacturer", "model_number"})

#: Headers of the numbers of rows.
_NUMBERS_OF_ROWS = frozenset(
    {"no", "num", "id", "index", "rang", "rank", "ordre", "order", "row", "nr", "item no"}
)

#: Words that say that the years are those in which things were bought.
_BOUGHT = frozenset(
    map(
        key_of,
        (
            *("achat", "acquisition", "acquis", "acheté", "purchase", "purchased", "bought"),
            *("lot", "livraison", "commande", "dotation"),
        ),
    )
)

#: Words of groups of what is not there, or not yet.
_NOT_THERE = frozenset(
    word
    for text in (
        *("besoin", "besoins", "souhait", "souhaits", "prévision", "prévisions", "prévu", "prévus"),
        *("projet", "projets", "demande", "demandes", "demandé", "demandés", "objectif"),
        *("objectifs", "cible", "commande", "commandes", "commandé", "commandés", "livrer"),
        *("renouveler", "remplacer", "acheter", "licence", "licences", "abonnement"),
        *("abonnements", "need", "needs", "wish", "wishes", "wanted", "planned", "forecast"),
        *("plan", "request", "requests", "requested", "target", "targets", "order", "orders"),
        *("ordered", "replace", "buy", "license", "licenses", "subscriptions"),
    )
    for word in key_of(text).split()
)

#: The same of "mise en service"; "Service" alone is a department.
_IN_SERVICE = re.compile(r"\b(?:mis|mise|entree|put|placed|date) (?:en|in|into) service\b")


def find_matrix(rows: Cells, words: Words) -> Matrix | None:
    """Return the table of counts that a block is, None when it is none."""
    for place in range(min(len(rows), _HEADER_ROWS)):
        shape = _shape(rows, place, words)
        if shape is not None:
            return shape.unpivoted()
    return None


def begins_matrix(rows: Cells, words: Words) -> bool:
    """Tell whether the header of a table of counts is the first row, or the first two."""
    return any(
        _shape(rows, place, words) is not None for place in range(min(len(rows), _HEADER_DEPTH))
    )


def heads_matrix(rows: Cells, place: int, words: Words) -> bool:
    """Tell whether the header of a table of counts ends in a row."""
    return _shape(rows, place, words) is not None


def _shape(rows: Cells, place: int, words: Words, *, corner: bool = True) -> Shape | None:
    """Return the matrix whose header ends in a row, None when there is none.

    Without a corner, what heads the labels of the rows is not of the file.
    """
    if _names_columns(rows[place], words):
        return None
    columns = header_columns(rows, place)
    body = [row for row in rows[place + 1 :] if any(cell.strip() for cell in row)]
    if len(body) < _LEAST_ROWS or len(columns) < _LEAST_COLUMNS:
        return None
    counts = [column for column in columns if _holds_counts(column, body, words)]
    counts = _with_places(counts, columns, body, words)
    others = of_others(counts, words)
    counts = [column for column in counts if column not in others]
    passed_over = len(counts) < _LEAST_COLUMNS or _is_header(body[0], counts, words)
    if passed_over or is_record(rows, place, counts, words):
        return None
    ordered = label_first(rows, place, columns, counts, body, words)
    if ordered is not None:
        return _shape(ordered, place, words, corner=set(ordered[place]) == set(rows[place]))
    figures = [each for each in columns if each not in counts and is_figure(each.text, wide=True)]
    totals = [column for column in counts if _is_total(column)]
    parts = [column for column in counts if is_part_label(column.text)]
    values, passed = of_years([each for each in counts if each not in (*totals, *parts)])
    quantity = [
        each
        for each in columns
        if each not in counts
        and words.column_of(each.text) == "quantity"
        and any(is_count(row[each.place]) for row in body)
    ]
    if quantity and not _adds_up(values, quantity, body):
        values = []  # a list with its quantity, and other numbers
    counts, totals = [*counts, *quantity], [*totals, *quantity]
    for even in (False, True):
        chosen = together(values, totals, (*passed, *parts, *figures), even=even)
        shape = _shape_of(rows, place, columns, counts, totals, chosen, words, corner=corner)
        if shape is not None:
            return shape
    return None


def _with_places(
    counts: list[Column], columns: Sequence[Column], body: Cells, words: Words
) -> list[Column]:
    """Return columns of counts, with those of places that are called by their kind: "Services".

    Beside counts of schools, numbers under "Services" are counts of the services, and no names.
    """
    found = list(counts)
    for plural in (True, False):
        found += [
            each
            for each in columns
            if each not in found
            and found
            and each.place > found[0].place
            and words.column_of(each.text) in _PLACES
            and (each.text[-1:].casefold() in "sx" if plural else len(found) >= _LEAST_COLUMNS)
            and _are_counts(each, body)
        ]
    if any(_names_types(each, body, words) for each in columns if each not in found):
        # who uses items of some types, and no headcount
        found += [
            each
            for each in columns
            if each not in found
            and words.column_of(each.text) == "user"
            and each.text[-1:].casefold() in "sx"
            and _are_counts(each, body)
        ]
    return sorted(found, key=lambda each: each.place)


def _names_types(column: Column, body: Cells, words: Words) -> bool:
    cells = [row[column.place] for row in body if row[column.place].strip()]
    return bool(cells) and _mostly(cells, words.names_a_type)


def _are_counts(column: Column, body: Cells) -> bool:
    filled = [row[column.place] for row in body if not is_none(row[column.place])]
    return bool(filled) and all(map(is_count, filled))


def _is_header(row: Sequence[str], counts: Sequence[Column], words: Words) -> bool:
    """Tell whether a row has words or years where counts stand below it: the rest of the header.

    Of a type that it names, there may be 1,950 and 2,010.
    """
    if counts and any(map(words.names_a_type, filter(None, row[: counts[0].place]))):
        return False
    filled = [row[column.place] for column in counts if not is_none(row[column.place])]
    if len(filled) > 1 and all(map(year_of, filled)):
        return True
    return bool(filled) and not any(is_count(cell) or is_unknown(cell) for cell in filled)


def _shape_of(
    rows: Cells,
    place: int,
    columns: Sequence[Column],
    counts: Sequence[Column],
    totals: list[Column],
    values: list[Column],
    words: Words,
    *,
    corner: bool,
) -> Shape | None:
    """Return the matrix of some columns of counts, None when it is none."""
    if len(values) < _LEAST_COLUMNS or not values[0].place:
        return None
    first = values[0].place
    labels = [
        each
        for each in columns
        if each.place < first and each not in counts and not counts_others(each.text)
    ]
    if not labels:  # the corner is blank
        labels = [Column(first - 1, ("",))]
    label = label_of_rows(labels, rows[place + 1 :], words)
    rows, families = with_families(rows, place + 1, labels, label, words)
    label -= sum(each.place < labels[label].place for each in families)
    labels = [each for each in labels if each not in families]
    are_totals = [is_total(row, labels, label) for row in rows]
    rows = filled_down(rows, place + 1, labels[: label + 1], are_totals)
    body = [row for row in rows[place + 1 :] if any(cell.strip() for cell in row)]
    plain = [row for row in body if not is_total(row, labels, label)]
    known = {words.column_of(label.text) for label in labels}
    values = even_levels(values, words, has_place=bool(known & {"site", "entity"}))
    sides = sides_of(values, labels[label], plain, words, corner=corner)
    dimensions = _dimensions(rows, place, values, totals, plain, words, sides)
    if dimensions is None:
        return None
    otherwise = "Site" if "Type" in dimensions else "Type"
    labels = _headed(labels, label, plain, words, otherwise=otherwise)
    named = all(row[labels[label].place].strip() for row in plain)
    there = {words.column_of(each.text) for each in labels if named} & _PLACES
    dimensions = tuple(
        DETAIL if each and words.column_of(each) in there and _say_whose(values, at) else each
        for at, each in enumerate(dimensions)
    )
    carried = [
        each
        for each in columns
        if each.place > first and each not in counts and words.column_of(each.text)
    ]
    # a department has services: both are entities, under two headers
    texts = dict.fromkeys(each.text for each in labels)
    said = [words.column_of(text) or text for text in texts]
    heads = [
        *(head for at, head in enumerate(said) if head not in _PLACES or head not in said[:at]),
        *(words.column_of(text) or text for text in (each.text for each in carried)),
        *(words.column_of(text) or text for text in filter(None, dimensions)),
    ]
    heads += [each.text for each in labels][len(texts) :]  # the same header twice
    certain = bool(totals) or len(values[0].levels) > 1 or len(plain) < len(body)
    if not _may_be_heads(heads, certain=certain) or not _are_distinct(labels, plain):
        return None
    read = {column.place for column in (*labels, *values, *totals, *carried)}
    left = [each for each in columns if each.place not in read and each not in families]
    of_types = words if otherwise == "Type" else None
    rows, parents = _with_parents(rows, place + 1, labels[label], values, of_types)
    return Shape(
        rows,
        place + 1,
        labels,
        values,
        totals,
        carried,
        words,
        dimensions,
        left,
        parents,
        label=label,
        told_of_types=sides.told,
    )


def _with_parents(
    rows: Cells,
    start: int,
    named: Column,
    values: Sequence[Column],
    words: Words | None,
) -> tuple[Cells, tuple[Parent, ...]]:
    """Return the rows, and those that add up the ones below them, which are named in full then.

    The words are those of labels that are types, None of others.
    """
    label = named.place
    places = [at for at in range(start, len(rows)) if any(cell.strip() for cell in rows[at])]
    counts = [
        [0.0 if is_none(cell) else count_of(cell) for cell in (rows[at][v.place] for v in values)]
        for at in places
    ]
    texts = [rows[at][label] for at in places]
    found = parents_of(texts, counts, names_a_type=words.names_a_type if words else None)
    if words is not None:
        said = {row for row, text in enumerate(texts) if words.is_sum(text)}
        found = [attrs.evolve(each, sure=each.sure or each.row in said) for each in found]
        others = said - {each.row for each in found}
        found += [Parent(row, row + 1, row, sure=True) for row in sorted(others)]
    written = [list(row) for row in rows]
    for each in found:
        for at in each.added if each.sure else ():
            written[places[at]][label] = without_part(written[places[at]][label])
    return written, tuple(each.placed(places) for each in found)


def _names_columns(cells: Sequence[str], words: Words) -> bool:
    """Tell whether all cells of a header name columns of one kind of table: it heads a list."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) == len(set(words.known(filled)))


def _is_total(column: Column) -> bool:
    text = without_number(column.text)
    return is_total_label(text) and not is_part_label(text)


def _may_be_heads(heads: Sequence[str], *, certain: bool) -> bool:
    """Tell whether records of these columns can be: each once, types among them, no assets.

    Without totals nor groups, columns of numbers may as well be the ports and floors of models.
    """
    if len(set(heads)) < len(heads) or set(heads) & _OF_ASSETS:
        return False
    if not certain and set(heads) & _OF_MODELS:
        return False
    return bool({"equipment_type", "model"} & set(heads))


def _are_distinct(labels: Sequence[Column], body: Cells) -> bool:
    """Tell whether no two rows have the same labels: each type has one row."""
    found = [tuple(row[column.place] for column in labels) for row in body]
    found = [labels for labels in found if any(labels)]
    return len(set(found)) == len(found)


def _holds_counts(column: Column, body: Cells, words: Words) -> bool:
    """Tell whether the cells of a column are counts, and its header no figure about the rows."""
    filled = [row[column.place] for row in body if not is_none(row[column.place])]
    if not any(is_count(cell) or is_not_calculated(cell) for cell in filled):
        return False  # most columns of a list, known without a word of their header
    text = column.text
    if counts_others(text) or key_of(text) in _NUMBERS_OF_ROWS:
        return False
    if is_figure(text):
        return False
    if any(is_count(level) and not year_of(level) for level in column.levels):
        return False
    known = "" if _is_total(column) else words.column_of(text)
    if known and not (known == "quantity" and _names_some(without_number(text), words)):
        return False
    odd = sum(not is_count(cell) and not is_unknown(cell) for cell in filled)
    # one cell that is no count does not hide the others: it is told, as a quantity is
    return odd <= (1 - _MOSTLY) * len(filled) or (odd == 1 and len(filled) > _TWO)


def _names_some(text: str, words: Words) -> bool:
    """Tell whether a text names a part of the items: those of a type, or in a status."""
    return names_a_type(text, words) or words.names_a_status(text)


def _headed(
    labels: list[Column], label: int, body: Cells, words: Words, *, otherwise: str
) -> list[Column]:
    """Return the columns of labels; one whose words are types, or without a header, gets one.

    Where the types stand in the header, the label of the rows names the place that one is about.
    """
    places = {words.column_of(column.text) for column in labels} & {"site", "entity"}
    found = []
    for at, column in enumerate(labels):
        known = words.column_of(column.text)
        cells = [row[column.place] for row in body if row[column.place].strip()]
        types = sum(map(words.names_a_type, cells))
        if otherwise == "Type" and known != "equipment_type" and types >= _HALF * len(cells) > 0:
            found.append(Column(column.place, ("Type",)))
            continue
        place = otherwise == "Site" and at == label and not places
        if place and known == "equipment_type":
            known = ""  # the corner names what stands in the header
        named = known or (column.text and len(labels) > 1 and not place)
        found.append(column if named else Column(column.place, (otherwise,)))
    return found


def _dimensions(
    rows: Cells,
    place: int,
    values: list[Column],
    totals: list[Column],
    body: Cells,
    words: Words,
    sides: Sides,
) -> tuple[str | None, ...] | None:
    """Return the header of each level of the columns of counts."""
    above = " ".join(cell for row in rows[: place + 1] for cell in row[: values[0].place + 1])
    found: list[str | None] = []
    for level in range(len(values[0].levels)):
        texts = [without_number(column.levels[level]) for column in values]
        there = [text for text in texts if text]
        if len(set(texts)) == 1:
            found.append(None)
        elif years_of(there):
            bought = _says_bought(f"{above} {values[0].levels[0]}")
            added = totals and _adds_up(values, totals, body)
            found.append(YEAR_OF_PURCHASE if bought or added else INVENTORY_YEAR)
        elif _mostly(there, words.names_a_status):
            found.append("Statut")
        elif not sides.in_rows and _mostly(there, lambda text: names_a_type(text, words)):
            found.append("Type")
        elif len(values[0].levels) > _TWO or _mostly(there, is_of_ages):
            found.append(DETAIL)
        else:
            header = _place_header(values[0].levels[:level], words)
            # below a place stand its parts: pupils and teachers of a school
            found.append(DETAIL if header in found else header)
    return tuple(found) if any(found) else None


def _say_whose(values: Sequence[Column], level: int) -> bool:
    """Tell whether groups of types say whose they are in the place of a row: pupils, teachers.

    One that adds up the others, or is of what is wished for or ordered, counts nothing there.
    """
    groups = {column.levels[level] for column in values}
    return not any(
        is_total_label(without_number(group)) or is_part_label(group) or is_figure(group)
        for group in groups
    ) and _NOT_THERE.isdisjoint(word for group in groups for word in key_of(group).split())


def _says_bought(text: str) -> bool:
    """Tell whether words say that years are those in which things were bought."""
    key = key_of(text)
    return bool(set(key.split()) & _BOUGHT) or _IN_SERVICE.search(key) is not None


def _mostly(texts: Sequence[str], is_one: Callable[[str], bool]) -> bool:
    return sum(map(is_one, texts)) >= _HALF * len(texts)


def _adds_up(values: list[Column], totals: list[Column], body: Cells) -> bool:
    """Tell whether the total of each row is the sum of its counts: years that are added up."""
    return all(
        sum_of([row[total.place]]) == sum_of(row[column.place] for column in values)
        for row in body
        for total in totals
        if row[total.place].strip()
    )


def _place_header(above: Sequence[str], words: Words) -> str:
    """Return what places are called: as the group above them is, when it is known."""
    named = [text for text in above if words.column_of(text) in ("site", "entity")]
    return named[-1] if named else "Site"
