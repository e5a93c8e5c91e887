"""Views as HTML: escaped, in their language; text where the library for templates is missing."""

from __future__ import annotations

import sys

import pyarrow as pa
import pytest

import reen
from reen.errors import MissingExtraError
from reen.views.model import Breakdown, Point, Row, View
from reen.views.web import _environment, fragment, page

VIEW = View(
    kind="footprint",
    title="<b>Total</b>",
    headline=("a & b",),
    breakdowns=(
        Breakdown(head="Type", columns=("kg",), rows=(Row("<i>", (2.0,), ("2",)),), shares=True),
    ),
    mend_first=(Point("<script>"),),
    mend_title="Mend",
    sources=("Source <1>",),
)


def test_every_text_is_escaped() -> None:
    pytest.importorskip("jinja2")
    for text in (fragment(VIEW), page([VIEW])):
        assert "&lt;b&gt;Total&lt;/b&gt;" in text
        assert "a &amp; b" in text
        assert "&lt;i&gt;" in text
        assert "<script>" not in text
        assert "Source &lt;1&gt;" in text


#: What a cell of a list may hold: a title for the window, a bell, a turned direction, a C1 control.
EVIL = "\x1b]0;t\x07\u202ez\x9b31m"
CONTROLS = "\x1b\x07\u202e\x9b"


@pytest.mark.parametrize("library", ["jinja2", None])
def test_no_control_of_a_cell_comes_through(
    monkeypatch: pytest.MonkeyPatch, library: str | None
) -> None:
    if library is None:
        _environment.cache_clear()
        monkeypatch.setitem(sys.modules, "jinja2", None)
    else:
        pytest.importorskip(library)
    fleet = reen.Inventory.from_arrow(
        pa.table({"equipment_type": ["laptop"], "entity": [EVIL], "country": ["FR"]})
    )
    footprint = reen.measure(fleet, "base-carbone", by="entity", as_of="2025-12-31")
    texts = [fragment(each.view()) for each in (footprint, fleet)]
    texts.append(footprint._repr_html_())
    assert any("31m" in text for text in texts)
    for text in texts:
        assert not set(CONTROLS) & set(text)
    _environment.cache_clear()


def test_without_jinja2_a_notebook_gets_the_text_and_a_page_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    text = fragment(VIEW)
    assert text.startswith("<pre>&lt;b&gt;Total&lt;/b&gt;")
    assert "<script>" not in text
    with pytest.raises(MissingExtraError, match=r"pip install '\.\[views\]'"):
        page([VIEW])
    monkeypatch.undo()
    _environment.cache_clear()


def test_a_fragment_speaks_the_language_of_its_view() -> None:
    pytest.importorskip("jinja2")
    laptop = reen.Equipment("laptop", lifetime="5 year", country="FR")
    footprint = reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
    with reen.language("fr"):
        view = footprint.view()
    text = fragment(view)  # rendered later, by whoever speaks English
    assert 'lang="fr"' in text
    assert "Sources des facteurs" in text
    assert "Changement climatique" in text


@pytest.mark.slow
def test_every_result_has_a_view_a_short_repr_and_html() -> None:
    fleet = reen.read(
        b"Type;Nombre;Dur\xc3\xa9e de vie (ans);Pays\nPC portable;12;5;FR\nBidule;3;5;FR\n",
        name="parc.csv",
    )
    footprint = reen.measure(fleet, "base-carbone", by="equipment_type", as_of="2025-12-31")
    comparison = reen.compare(fleet, ["declared", "base-carbone"], as_of="2025-12-31")
    change = reen.change(fleet, fleet, method="base-carbone", as_of="2025-12-31")
    results = [
        fleet,
        footprint,
        footprint.coverage,
        comparison,
        comparison.gap("declared", "base-carbone"),
        change,
        reen.statement(fleet, "base-carbone", scheme="beges-v5", as_of="2025-12-31"),
        reen.indicators(fleet, period=("2025-01-01", "2025-12-31")),
        reen.explain(fleet, 0, method="base-carbone", as_of="2025-12-31"),
    ]
    for result in results:
        for spoken in ("en", "fr"):
            with reen.language(spoken):
                view = result.view()
                assert view.title
                assert view.language == spoken
                assert view.title.split()[0] in result._repr_html_()
        line = repr(result)
        assert line.startswith(f"<{type(result).__name__}")
        assert "\n" not in line
        assert len(line) < 200
    assert len({result.view().kind for result in results}) == len(results)
