"""Storage of changes: JSON with the effects and the footprint of each year, read back equal.

The text holds readable results (totals, effects by cause, the sentence and the notes in both
languages) and, in the form of `storage`, the footprints, from which the totals are computed again
when it is read.  Knows results only.
"""

from __future__ import annotations

from pathlib import Path

import attrs
import pyarrow as pa

from reen.results.change import Change
from reen.results.change_figures import ChangeEffect
from reen.results.content_digest import content_digest
from reen.results.effect_sums import group_key
from reen.results.footprint import Footprint
from reen.results.footprint_json import footprint_content, footprint_from_content, plain
from reen.results.integrity import check_digest, undamaged
from reen.results.json_files import content_of, text_of, total_content, write_json
from reen.results.json_text import Records, json_pieces
from reen.results.stored_state import arrow_table, arrow_text
from reen.results.stored_types import check_finite, check_types
from reen.results.wording import LANGUAGES

__all__ = ["change_from_json", "change_to_json", "read_change", "write_change"]

#: Version of the form; the reader refuses others.
FORM = "reen-change/1"

#: Footprints of a change, in the order in which they are written.
_STEPS = ("printed", "before", "restated", "after")


def write_change(change: Change, path: str | Path) -> None:
    """Write a change as ``.json``.

    Raises
    ------
    FileFormatError
        Another ending.

    Examples
    --------
    >>> before = reen.Equipment("laptop", id="a", lifetime="4 year", country="FR")
    >>> after = reen.Equipment("laptop", id="a", lifetime="5 year", country="FR")
    >>> change = reen.change(before, after, method="base-carbone", as_of="2025-12-31")
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     reen.stored.write_change(change, f"{folder}/change.json")
    ...     again = reen.stored.read_change(f"{folder}/change.json")
    >>> print(again.sentence())
    From 40.338 to 32.538 kgCO2e/year: -7.800, wholly -7.800 by longer lives.
    """
    write_json(path, "a change", lambda: change_to_json(change))


def read_change(path: str | Path) -> Change:
    """Read a change written by `write_change`; it equals the one written.

    Raises
    ------
    FileFormatError
        The file is not a change, or was written in another version of the form.

    Examples
    --------
    >>> before = reen.Equipment("laptop", id="a", lifetime="4 year", country="FR")
    >>> after = reen.Equipment("laptop", id="a", lifetime="5 year", country="FR")
    >>> change = reen.change(before, after, method="base-carbone", as_of="2025-12-31")
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     reen.stored.write_change(change, f"{folder}/change.json")
    ...     again = reen.stored.read_change(f"{folder}/change.json")
    >>> print(again.sentence())
    From 40.338 to 32.538 kgCO2e/year: -7.800, wholly -7.800 by longer lives.
    """
    return change_from_json(text_of(path), source=str(path))


def change_to_json(change: Change, *, indent: int | None = 2) -> str:
    """Return readable results and the footprints of a change as JSON text."""
    footprints: dict[str, Footprint] = {}
    for name in _STEPS:
        each = getattr(change, name)
        # a first year that was measured in one way only stands once
        if each is not None and not (name == "restated" and each is change.before):
            footprints[name] = each
    content = {
        "form": FORM,
        "sha256": content_digest(change),
        "by": list(change.by),
        "entities": change.entities,
        "without_entity": list(change.without_entity),
        "identified": change.identified,
        "not_replayed": change.not_replayed,
        "dated_by": list(change.dated_by),
        "swapped": list(change.swapped),
        "spelt_alike": list(map(list, change.spelt_alike)),
        "doubtful": change.doubtful,
        "not_counted": {
            table: dict(zip(("before", "after"), rows, strict=True))
            for table, rows in change.not_counted.items()
        },
        "unread": dict(zip(("before", "after"), map(attrs.asdict, change.unread), strict=True)),
        "totals": [
            {"criterion": key, "of": name, **total_content(total)}
            for key in change.criteria
            for name, total in change.totals(key).items()
        ],
        "changes": [
            {
                "criterion": key,
                "unit": change.unit(key),
                "value": change.value(key),
                "causes": {
                    each: value for (each,), value in change.by_cause(criterion=key).items()
                },
                "sentences": {each: change.sentence(each, criterion=key) for each in LANGUAGES},
                "notes": {each: list(change.notes(each, criterion=key)) for each in LANGUAGES},
            }
            for key in change.criteria
        ],
        "effects": Records(_effect(each, change.by) for each in change.effects),
        "state": {"groups": arrow_text(_groups(change))},
        "footprints": {name: footprint_content(each) for name, each in footprints.items()},
    }
    return "".join(json_pieces(content, indent=indent))


def _effect(effect: ChangeEffect, by: tuple[str, ...]) -> dict[str, object]:
    fields = attrs.asdict(effect, recurse=False)
    return fields | {"group": dict(zip(by, map(plain, effect.group), strict=True))}


def _groups(change: Change) -> pa.Table:
    """Return the group of every effect, in the types of their columns."""
    tables = [each.groups for each in (change.before, change.after)]
    columns = {}
    for k, name in enumerate(change.by):
        kinds = [table.schema.field(name).type for table in tables]
        kind = kinds[1] if pa.types.is_null(kinds[0]) else kinds[0]
        columns[name] = pa.array([each.group[k] for each in change.effects], kind)
    return pa.table(columns)


def change_from_json(text: str, *, source: str = "text") -> Change:
    """Return the change written by `change_to_json`.

    Raises
    ------
    FileFormatError
        The text is not such a change.

    Examples
    --------
    >>> before = reen.Equipment("laptop", id="a", lifetime="4 year", country="FR")
    >>> after = reen.Equipment("laptop", id="a", lifetime="5 year", country="FR")
    >>> change = reen.change(before, after, method="base-carbone", as_of="2025-12-31")
    >>> reen.stored.change_from_json(reen.stored.change_to_json(change)) == change
    True
    """
    content = content_of(text, FORM, "a change", source)
    with undamaged(source):
        found = {
            name: footprint_from_content(each, source=f"{source}, {name}")
            for name, each in content["footprints"].items()
        }
        rows = arrow_table(content["state"]["groups"]).to_pylist() if content["by"] else []
        groups = [group_key(tuple(row.values())) for row in rows]
        effects = content["effects"]
        change = Change(
            by=tuple(content["by"]),
            before=found["before"],
            restated=found.get("restated", found["before"]),
            after=found["after"],
            printed=found.get("printed"),
            effects=tuple(
                ChangeEffect(**{**each, "group": group})
                for each, group in zip(effects, groups or [()] * len(effects), strict=True)
            ),
            entities=content["entities"],
            without_entity=_two(content["without_entity"]),
            identified=content["identified"],
            not_replayed=content["not_replayed"],
            dated_by=tuple(content.get("dated_by", ())),
            swapped=tuple(content.get("swapped", ())),
            spelt_alike=tuple(map(tuple, content.get("spelt_alike", ()))),
        )
        check_types(change)
        check_digest(change, content.get("sha256"), source)
        change.to_arrow()
        for key in change.criteria:
            causes = change.by_cause(criterion=key).values()
            check_finite((change.value(key), *causes, *change.without_entity), "effects")
        str(change)  # a digest says who wrote, not that sentences can be made of it
    return change


def _two(content: object) -> tuple[float, float]:
    """Return a number for each year."""
    if not isinstance(content, list) or len(content) != 2:  # noqa: PLR2004 - two years
        raise ValueError
    return float(content[0]), float(content[1])
