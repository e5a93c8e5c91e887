"""The schemas of stored results hold what is written, and no number that JSON does not have."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

import reen
from reen.errors import UnknownNameError
from reen.testing.strategies import inventories

jsonschema = pytest.importorskip("jsonschema")

DAY = "2025-12-31"


def check(result: str, text: str) -> None:
    def refuse(name: str) -> Any:  # noqa: ANN401 - never returns
        pytest.fail(f"{name} is no JSON")

    content = json.loads(text, parse_constant=refuse)
    validator = jsonschema.Draft202012Validator(reen.stored.json_schema(result))
    errors = [
        f"{list(each.absolute_path)}: {each.message[:200]}"
        for each in validator.iter_errors(content)
    ]
    assert not errors


RESULTS = ["footprint", "comparison", "change", "indicators", "statement", "explanation"]


@pytest.mark.slow
@pytest.mark.parametrize("result", RESULTS)
def test_schemas_are_schemas_and_refuse_what_is_not_theirs(result: str) -> None:
    schema = reen.stored.json_schema(result)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert list(jsonschema.Draft202012Validator(schema).iter_errors({"form": "other"}))
    assert json.loads(json.dumps(schema)) == schema


def test_another_result_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="footprint"):
        reen.stored.json_schema("coverage")


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples // 4)
@given(inventory=inventories())
def test_whatever_is_measured_fits_its_schema(inventory: reen.Inventory) -> None:
    columns = [name for name in ("entity",) if name in inventory.table.column_names]
    footprint = reen.measure(inventory, "base-carbone", by=columns, as_of=DAY)
    check("footprint", reen.stored.footprint_to_json(footprint))
    check("indicators", reen.indicators(inventory, footprint=footprint).to_json())
    comparison = reen.compare(inventory, ["declared", "base-carbone"], as_of=DAY)
    check("comparison", reen.stored.comparison_to_json(comparison))
    change = reen.change(inventory, inventory, "base-carbone", as_of=DAY)
    check("change", reen.stored.change_to_json(change))
    for scheme in ("beges-v5", "ghg-protocol"):
        statement = reen.statement(inventory, method="base-carbone", scheme=scheme, as_of=DAY)
        check("statement", statement.to_json())
    for row in range(len(inventory)):
        explained = reen.explain(inventory, row, method="base-carbone", as_of=DAY)
        check("explanation", explained.to_json())


def test_an_explanation_with_lines_apart_and_one_of_a_sheet_fit_their_schema() -> None:
    """Lines apart nest; a sheet that is near brings a remark with a number in it."""
    odd = reen.Equipment("thin_client", quantity=2)
    explained = reen.explain(odd, method="base-carbone", proxies="true", as_of=DAY)
    assert explained.apart
    check("explanation", explained.to_json())


def test_a_statement_says_the_same_in_json_whatever_the_language() -> None:
    fleet = reen.Equipment("laptop", quantity=2, lifetime="5 year")
    statement = reen.statement(fleet, method="base-carbone", scheme="beges-v5", as_of=DAY)
    with reen.language("fr"):
        french = statement.to_json()
    assert french == statement.to_json()
