"""The kind of one table, given or recognised, and the remark on it.

Input: a table and what the user says.  Output: a verdict, and the table with what tells its kind: a
detail of its report, and a question where another kind is as likely.

`recognition` judges headers and names, `reader` reads; rows are looked at for their types alone,
where machines and their hosts stand in one list.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import pyarrow as pa

from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.headers.understanding import recognise, recognised
from reen.tables.headers.wording import WORDING_OF_KIND, Wording
from reen.tables.importing import Imported, ReadOptions
from reen.tables.mapped import mapped_wording
from reen.tables.mapping.layers import layers_of
from reen.tables.mapping.mapping import NO_INVENTORY
from reen.tables.recognition.kinds import Verdict, kinds_named, verdict_of
from reen.tables.table import Table

__all__ = ["kind_of", "question", "told_kind"]

#: Kinds of a list of servers of both sorts.
_FLEET, _VIRTUAL = "equipment", "virtual_machines"
#: Kind of what money is spent on.
_SERVICES = "services"


def kind_of(table: Table, options: ReadOptions, wording: Wording | None = None) -> Verdict:
    """Return what a table is: what the user says, else what its header and its names say.

    Parameters
    ----------
    table
        The table.
    options
        What the user says, and the mappings of tools.
    wording
        The kind that every table is said to be.
    """
    if wording is not None:
        return Verdict(wording.schema.name)
    said = layers_of(table.header, table.source, mapping=options.mapping, tools=options.mappings)
    if said is not None and said.kind == NO_INVENTORY:
        return Verdict("", refused=said.refused or "other")
    if said is not None and said.kind:
        return Verdict(said.kind)
    wordings = {
        kind: mapped_wording(each, table.header, table.source, options)
        for kind, each in WORDING_OF_KIND.items()
    }
    found = verdict_of(table.header, table.source, given=options.columns, wordings=wordings)
    if found.kind == _VIRTUAL and _lists_hosts(table, options, wordings):
        # the machines are known row by row
        return attrs.evolve(found, kind=_FLEET, rivals=(_FLEET, _VIRTUAL))
    if found.kind == _SERVICES and _lists_priced_equipment(table, options, wordings):
        return Verdict(_FLEET)
    return found


def _lists_priced_equipment(
    table: Table, options: ReadOptions, wordings: Mapping[str, Wording]
) -> bool:
    """Tell whether what has amounts is a list of equipment with its price.

    It has quantities, most of its types are of equipment, and no name says that it is of services.
    """
    named = {kind for kind, _, _ in kinds_named(table.source)}
    columns = recognise(table.header, options.columns, wordings[_FLEET])
    if _SERVICES in named or not {"equipment_type", "quantity"} <= set(columns):
        return False
    resolve = options.equipment_types.resolve
    for heading in recognised(table.header, options.columns, wordings[_FLEET]):
        if heading.column == "equipment_type":
            words = table.rows([heading.position]).sheet.words(heading.position)
            texts = words.cast(pa.string()).drop_null().to_pylist()
            return 2 * sum(resolve(text) is not None for text in texts) > len(texts)
    return False


def _lists_hosts(table: Table, options: ReadOptions, wordings: Mapping[str, Wording]) -> bool:
    """Tell whether a list of machines and their hosts has types, of which some are of equipment.

    What has processors of its own is a list of machines, whatever it calls them.
    """
    if "vcpu" in recognise(table.header, None, wordings[_VIRTUAL]):
        return False
    for heading in recognised(table.header, options.columns, wordings[_FLEET]):
        if heading.column == "equipment_type":
            words = table.rows([heading.position]).sheet.words(heading.position)
            resolve = options.equipment_types.resolve
            return any(resolve(word) is not None for word in words.dictionary.to_pylist())
    return False


def told_kind(part: Imported, verdict: Verdict) -> Imported:
    """Return a table that says what tells its kind, and doubts it when another one is as likely."""
    if verdict.evidence and part.kind != "equipment":
        details = {**part.report.details, "kind": f"{verdict.kind} ({verdict.told})"}
        part = attrs.evolve(part, report=attrs.evolve(part.report, details=details))
    if not verdict.rivals:
        return part
    return attrs.evolve(part, issues=(*part.issues, question(part.report.source, verdict)))


def question(source: str, verdict: Verdict, count: int = 1) -> Issue:
    """Return the question which kind a table is; its rows are refused when none is taken."""
    kind, other, *_ = verdict.rivals
    return Issue(
        "",
        verdict.told,
        Reason("kind_unclear", kind=Reason(f"kind_{kind}"), other=Reason(f"kind_{other}")),
        expected=Reason("expect_kind"),
        severity=Severity.DOUBT if verdict.kind else Severity.REJECTED,
        source=source,
        count=count,
    )
