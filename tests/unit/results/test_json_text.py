"""JSON text: what the encoder of Python would write, laid out by record."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import pytest
from hypothesis import given

from reen.results.json_text import Records, json_pieces

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=20,
)


@pytest.mark.slow
@given(content=JSON, indent=st.sampled_from([None, 0, 2]))
def test_it_reads_back(content: object, indent: int | None) -> None:
    """Whatever the structure and its layout."""
    assert json.loads("".join(json_pieces(content, indent=indent))) == content


def test_the_layout() -> None:
    """Structure over lines; records, and arrays of plain values, on one line each."""
    content = {
        "name": "é",
        "rows": Records({"k": k, "of": {"a": [k]}} for k in range(2)),
        "state": {"numbers": [1.5, None, 2.0], "empty": {}, "none": Records([])},
    }
    assert "".join(json_pieces(content)) == (
        '{\n  "name": "é",\n  "rows": [\n    {"k": 0, "of": {"a": [0]}},\n'
        '    {"k": 1, "of": {"a": [1]}}\n  ],\n  "state": {\n    "numbers": [1.5, null, 2.0],\n'
        '    "empty": {},\n    "none": []\n  }\n}'
    )


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_json_does_not_have_is_refused(number: float) -> None:
    """No NaN, which no other reader would take."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        "".join(json_pieces({"a": [number]}))
