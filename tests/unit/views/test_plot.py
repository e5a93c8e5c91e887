"""Pictures of views: SVG that needs nothing else, says what it leaves out, and follows the page."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import reen
from reen.errors import MissingExtraError, OptionError
from reen.views.model import Breakdown, View, breakdown_of
from reen.views.plot import Picture, picture

pytest.importorskip("matplotlib")

FRAME = Breakdown(head="Type", columns=("kg",), unit="kgCO2e/year", signed=True)
VIEW = View(
    kind="change",
    title="From <2> to 1",
    breakdowns=(
        breakdown_of(
            FRAME, [("a $x$", (2.0,), (False,)), ("b", (-3.0,), (False,)), ("c", (None,), (False,))]
        ),
    ),
)


@pytest.mark.slow
def test_a_picture_is_svg_without_outer_resources_and_the_same_each_time() -> None:
    drawn = picture(VIEW)
    root = ET.fromstring(drawn)  # noqa: S314 - written here
    assert root.tag.endswith("svg")
    text = drawn.decode()
    assert "From &lt;2&gt; to 1" in text
    assert "currentColor" in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert drawn == picture(VIEW)


def test_a_picture_is_shown_by_notebooks_and_written(tmp_path: Path) -> None:
    drawn = picture(VIEW)
    assert isinstance(drawn, Picture)
    assert drawn._repr_svg_().startswith("<svg")
    assert drawn.write(tmp_path / "a.svg").read_bytes() == drawn


@pytest.mark.slow
def test_a_result_without_parts_says_how_to_get_some() -> None:
    laptop = reen.Equipment("laptop", lifetime="5 year", country="FR")
    footprint = reen.measure(laptop, "base-carbone", as_of="2025-12-31")
    with pytest.raises(OptionError, match="by="):
        footprint.plot()
    assert footprint.by is not None
    fleet = [laptop, reen.Equipment("tablet", lifetime="5 year", country="FR")]
    grouped = reen.measure(fleet, "base-carbone", by="equipment_type", as_of="2025-12-31")
    assert grouped.plot().startswith(b"<svg")


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"pip install '\.\[plot\]'"):
        picture(VIEW)
