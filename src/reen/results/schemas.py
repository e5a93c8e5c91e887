"""JSON Schemas of the results that are stored, for who reads them in another language.

Input: the name of a result.  Output: its schema (JSON Schema 2020-12).  ``state`` is what reen
reads back, and is described as an object only: its inside may change under the same form; all else
is for readers, and is described to the leaf.  All numbers are finite: what is not known is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reen.errors import UnknownNameError
from reen.reasons import Reason

__all__ = ["json_schema"]

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "number"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_FLAG: Schema = {"type": "boolean"}
_DIGEST: Schema = {"type": "string", "pattern": "^[0-9a-f]*$"}
_DAY: Schema = {"type": "string", "format": "date"}
_ANY_OBJECT: Schema = {"type": "object"}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _map(of: Schema) -> Schema:
    return {"type": "object", "additionalProperties": of}


def _object(optional: Mapping[str, Schema] | None = None, /, **required: Schema) -> Schema:
    """Return an object of these fields and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


_REASON = _object(code=_TEXT, details=_ANY_OBJECT, text=_TEXT)
#: Values of grouping columns: text, numbers, days, or null.
_GROUP = _map({"type": ["string", "number", "boolean", "null"]})
_EXAMPLE = _object(source=_TEXT, row=_COUNT, id=_TEXT, text=_TEXT, quantity=_maybe(_NUMBER))

_ISSUE = _ANY_OBJECT
_ACCOUNT = _object(
    {"merges": _list(_ANY_OBJECT)},
    complete=_FLAG,
    rows=_COUNT,
    counted=_COUNT,
    merged=_COUNT,
    set_aside=_COUNT,
    refused=_COUNT,
    lines=_list(
        _object(
            source=_TEXT,
            fate={"enum": ["counted", "merged", "set_aside", "refused"]},
            reason=_maybe(_REASON),
            rows=_COUNT,
            items=_NUMBER,
            rows_of_unknown_quantity=_COUNT,
            examples=_list({"type": "integer"}),
        )
    ),
    issues=_list(_ISSUE),
)
_PROVENANCE = _object(
    reen_version=_TEXT,
    method=_TEXT,
    method_version=_TEXT,
    options=_map(_TEXT),
    as_of=_DAY,
    packs=_list(_object(name=_TEXT, version=_TEXT, digest=_DIGEST, licence=_TEXT)),
    plugins=_list(_object(distribution=_TEXT, version=_TEXT)),
    mappings=_list(_object(name=_TEXT, digest=_DIGEST)),
    made=_DIGEST,
    rows=_COUNT,
    rows_digest=_DIGEST,
    sources=_list(_TEXT),
    hash=_DIGEST,
)
_COMPLETENESS = {"complete": _FLAG, "lower_bound": _FLAG, "doubtful": _FLAG}
_COVERED = _object(
    kind=_TEXT,
    equipment_type=_maybe(_TEXT),
    match=_TEXT,
    reason=_maybe(_REASON),
    assumptions=_list(_ANY_OBJECT),
    quantity=_maybe(_NUMBER),
    rows=_COUNT,
    rows_of_unknown_quantity=_COUNT,
    examples=_list(_EXAMPLE),
)
_STATE = {"type": "object", "description": "What reen reads back; its inside may change."}

_FOOTPRINT = _object(
    {"boundary": _list(_ANY_OBJECT)},
    form={"const": "reen-footprint/2"},
    sha256=_DIGEST,
    provenance=_PROVENANCE,
    totals=_list(
        _object(criterion=_TEXT, value=_maybe(_NUMBER), unit=_TEXT, text=_TEXT, **_COMPLETENESS)
    ),
    stages=_list(_object(criterion=_TEXT, stage=_TEXT, value=_maybe(_NUMBER), unit=_TEXT)),
    groups=_list(
        _object(
            group=_GROUP,
            criterion=_TEXT,
            value=_maybe(_NUMBER),
            unit=_TEXT,
            stages=_map(_maybe(_NUMBER)),
            rows_left_out=_FLAG,
        )
    ),
    account=_ACCOUNT,
    coverage=_object(
        assessed=_list(_COVERED),
        included_elsewhere=_list(_COVERED),
        excluded=_list(_COVERED),
        left_out=_list(_COVERED),
        not_published=_list(_ANY_OBJECT),
        columns_not_used=_map(_COUNT),
    ),
    apart=_map({"$ref": "#/$defs/footprint"}),
    state=_STATE,
)
_COMPARISON = _object(
    form={"const": "reen-comparison/2"},
    sha256=_DIGEST,
    by=_list(_TEXT),
    account=_ACCOUNT,
    totals=_list(
        _object(criterion=_TEXT, method=_TEXT, value=_maybe(_NUMBER), unit=_TEXT, **_COMPLETENESS)
    ),
    types=_list(
        _object(
            equipment_type=_maybe(_TEXT),
            criterion=_TEXT,
            unit=_TEXT,
            totals=_map(_maybe(_NUMBER)),
            left_out=_list(_TEXT),
            highest_over_lowest=_maybe(_NUMBER),
            partly_covered=_FLAG,
        )
    ),
    gaps=_list(
        _object(
            a=_TEXT,
            b=_TEXT,
            criterion=_TEXT,
            unit=_TEXT,
            total_a=_maybe(_NUMBER),
            total_b=_maybe(_NUMBER),
            value=_maybe(_NUMBER),
            sentences=_map(_TEXT),
            effects=_list(
                _object(
                    name=_TEXT,
                    only=_maybe(_TEXT),
                    stage=_maybe(_TEXT),
                    group=_GROUP,
                    group_number=_maybe(_COUNT),
                    equipment_type=_maybe(_TEXT),
                    value=_NUMBER,
                )
            ),
        )
    ),
    failed=_map(_TEXT),
    state=_STATE,
    footprints=_map({"$ref": "#/$defs/footprint"}),
)
_UNREAD = _object(
    items=_NUMBER,
    refused_rows=_COUNT,
    doubts=_COUNT,
    untyped_rows=_COUNT,
    untyped_items=_NUMBER,
    unknown_quantities=_COUNT,
    assumed_in_use=_NUMBER,
)
_CHANGE = _object(
    form={"const": "reen-change/1"},
    sha256=_DIGEST,
    by=_list(_TEXT),
    entities=_FLAG,
    without_entity=_list(_NUMBER),
    identified=_FLAG,
    not_replayed=_TEXT,
    dated_by=_list({"enum": ["", "names", "records"]}),
    swapped=_list(_TEXT),
    spelt_alike=_list(_list(_TEXT)),
    doubtful=_FLAG,
    not_counted=_map(_object(before=_COUNT, after=_COUNT)),
    unread=_object(before=_UNREAD, after=_UNREAD),
    totals=_list(
        _object(
            criterion=_TEXT,
            of={"enum": ["printed", "before", "restated", "after"]},
            value=_maybe(_NUMBER),
            unit=_TEXT,
            **_COMPLETENESS,
        )
    ),
    changes=_list(
        _object(
            criterion=_TEXT,
            unit=_TEXT,
            value=_NUMBER,
            causes=_map(_NUMBER),
            sentences=_map(_TEXT),
            notes=_map(_list(_TEXT)),
        )
    ),
    effects=_list(
        _object(
            cause=_TEXT,
            detail=_maybe(_TEXT),
            stage=_maybe(_TEXT),
            group=_GROUP,
            equipment_type=_maybe(_TEXT),
            criterion=_TEXT,
            value=_NUMBER,
        )
    ),
    state=_STATE,
    footprints=_map(_maybe({"$ref": "#/$defs/footprint"})),
)
_TARGET = _object(
    {"source_fr": _TEXT},
    value=_NUMBER,
    at_most=_FLAG,
    source=_TEXT,
    since=_maybe(_DAY),
    until=_maybe(_DAY),
    note=_TEXT,
)
_INDICATORS = _object(
    form={"const": "reen-indicators/2"},
    reen_version=_TEXT,
    values=_list(
        _object(
            indicator=_TEXT,
            title_en=_TEXT,
            title_fr=_TEXT,
            subject=_TEXT,
            value=_maybe(_NUMBER),
            missing=_maybe(_REASON),
            unit=_TEXT,
            period=_object(start=_DAY, end=_DAY),
            completeness=_maybe(
                _object(
                    known=_NUMBER,
                    total=_NUMBER,
                    rows=_COUNT,
                    unknown_rows=_COUNT,
                    what=_TEXT,
                    unit=_TEXT,
                )
            ),
            lower_bound=_FLAG,
            target=_maybe(_TARGET),
            notes=_list(_REASON),
            provenance=_map(_TEXT),
            least=_maybe(_NUMBER),
            most=_maybe(_NUMBER),
            unread=_FLAG,
            numerator=_maybe(_NUMBER),
            denominator=_maybe(_NUMBER),
            meets_target=_maybe(_FLAG),
            text=_TEXT,
        )
    ),
)

_CATEGORY = _object(
    scheme=_TEXT,
    year={"type": "integer"},
    code=_TEXT,
    title=_TEXT,
    value=_maybe(_NUMBER),
    lower_bound=_FLAG,
    unit={"const": "kgCO2e/year"},
    uncertainty=_maybe(_NUMBER),
    covered=_maybe(_NUMBER),
    sources=_list(_TEXT),
    missing=_list(_TEXT),
    notes=_list(_TEXT),
)
_STATEMENT = _object(
    form={"const": "reen-statement/1"},
    scheme={"enum": ["beges-v5", "ghg-protocol"]},
    year={"type": "integer"},
    total=_maybe(_NUMBER),
    unit={"const": "kgCO2e/year"},
    footprint=_maybe(_NUMBER),
    differences=_list(_object(code=_TEXT, text=_TEXT, value=_maybe(_NUMBER))),
    lines=_list(_CATEGORY),
    outside=_list(_CATEGORY),
    **_COMPLETENESS,
)
_EXPLANATION = _object(
    {"apart": _map({"$ref": "#/$defs/explanation"})},
    form={"const": "reen-explanation/1"},
    row=_TEXT,
    method=_TEXT,
    as_of=_DAY,
    remarks=_list(_object(text=_TEXT, details=_map({"type": ["string", "number"]}))),
    exchanges=_list(
        _object(
            kind=_TEXT,
            status={"enum": ["assessed", "included elsewhere", "excluded", "left out"]},
            reason=_maybe(_REASON),
            match=_TEXT,
            drivers=_list(_object(name=_TEXT, value=_NUMBER, unit=_TEXT)),
            amount=_maybe(_NUMBER),
            amount_unit=_TEXT,
            flow=_maybe(_TEXT),
            factor=_maybe(_TEXT),
            boundary=_maybe(_TEXT),
            sources=_list(_TEXT),
            licence=_maybe(_TEXT),
            impacts=_list(
                _object(criterion=_TEXT, stage=_TEXT, factor=_NUMBER, value=_NUMBER, unit=_TEXT)
            ),
            assumed=_list(_TEXT),
            assumptions=_list(_ANY_OBJECT),
        )
    ),
)

#: The schema of each stored result.
_RESULTS: Mapping[str, Schema] = {
    "footprint": _FOOTPRINT,
    "comparison": _COMPARISON,
    "change": _CHANGE,
    "indicators": _INDICATORS,
    "statement": _STATEMENT,
    "explanation": _EXPLANATION,
}


def json_schema(result: str) -> Schema:
    """Return the JSON Schema (2020-12) of a stored result.

    Parameters
    ----------
    result
        ``footprint``, ``comparison``, ``change``, ``indicators``, ``statement`` or
        ``explanation``: what `footprint_to_json`, `comparison_to_json` and the `to_json` of the
        others write.  That of a review ships as ``reen/review/review.schema.json``.

    Raises
    ------
    UnknownNameError
        Another name.

    Examples
    --------
    >>> import reen
    >>> reen.stored.json_schema("footprint")["properties"]["form"]
    {'const': 'reen-footprint/2'}
    """
    if result not in _RESULTS:
        raise UnknownNameError(Reason("kind_stored_result"), result, (), list(_RESULTS))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"reen: {result}",
        **_RESULTS[result],
        "$defs": {"footprint": _FOOTPRINT, "explanation": _EXPLANATION},
    }
