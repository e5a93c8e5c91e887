"""EcoDiag's own files: the table of models of the user's copy, and the lists that its page saves.

`fixtures/ecodiag` holds both in their form, with invented models and figures: the page states no
licence, and none of its rows is copied here.
"""

from __future__ import annotations

import math
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

import reen
from reen.errors import EmptyInventoryError, FileFormatError
from reen.plugin.files import Sample
from reen_plugins.ecodiag.list_importer import EcoDiagList
from reen_plugins.ecodiag.method import EcoDiag
from reen_plugins.ecodiag.models import EcoDiagModels
from reen_plugins.ecodiag.script import Pattern, ScriptError, read_table

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "ecodiag"
SCRIPT, LIST = FIXTURES / "devices_invented.js", FIXTURES / "list_invented.json"
AS_OF = "2022-12-31"
MADE, USE = reen.Stage.EMBEDDED, reen.Stage.USE


def measure(*items: object, **options: object) -> reen.Footprint:
    method = EcoDiag(models=SCRIPT, **options)  # type: ignore[arg-type]
    return reen.measure(items, method=method, as_of=AS_OF)  # type: ignore[arg-type]


# -- the table of models ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "made", "used"),
    [
        # plume_5xxx: 240 + 20 kg over the laptop's 4 years, its 40 kWh
        ("Plume 14 5420", 260 / 4, 40 * 0.084),
        # plume_pro: 300 kg over its own 6 years, 5 x 12 kWh
        ("PLUME Pro", 300 / 6, 60 * 0.084),
        # the pattern of the default model: the laptop itself, 200 kg
        ("Aile 3", 200 / 4, 40 * 0.084),
        # no pattern: the type
        ("Zorglub 1", 200 / 4, 40 * 0.084),
        # named as EcoDiag's lists do
        ("laptop/plume_pro", 300 / 6, 60 * 0.084),
        ("plume_5xxx", 260 / 4, 40 * 0.084),
    ],
)
def test_a_model_is_the_first_whose_pattern_it_holds(model: str, made: float, used: float) -> None:
    totals = measure(reen.Equipment("laptop", model=model)).stage_totals()
    assert totals[MADE] == pytest.approx(made, rel=1e-12)
    assert totals[USE] == pytest.approx(used, rel=1e-12)


def test_how_a_model_was_found_is_told() -> None:
    found = measure(reen.Equipment("laptop", model="Plume 14 5420"))
    rows = [row for row in found.coverage if row.kind == "item"]
    assert [row.match.label for row in rows if row.match] == ["approximate model"]
    assert "model: by a pattern of its family (ecodiag)" in str(found)
    named = measure(reen.Equipment("laptop", model="laptop/plume_pro"))
    assert [row.match.label for row in named.coverage if row.kind == "item" and row.match] == [
        "model"
    ]
    # a pattern is one of its type: a screen of that name is no laptop
    screen = measure(reen.Equipment("monitor", model="Plume 14 5420"))
    assert screen.stage_totals()[MADE] == pytest.approx(400 / 5, rel=1e-12)


def test_what_the_copy_lacks_is_what_is_quoted_here() -> None:
    """No desktop in the copy: 300 / 4.  Nothing else of it moves a type that it does not have."""
    totals = measure(reen.Equipment("desktop")).stage_totals()
    assert totals[MADE] == pytest.approx(75.0, rel=1e-12)


def test_bounds_are_those_of_the_copy() -> None:
    """plume_pro: s = 0.1; sigma^2 = ln 1.01, z = 1.95996 at 95 %, 300 kg over 6 years."""
    bounds = measure(reen.Equipment("laptop", model="Plume Pro")).bounds(stages=[MADE])
    variance = math.log(1.01)
    centre, half = math.log(300) - variance / 2, 1.959963984540054 * math.sqrt(variance)
    assert bounds.lower == pytest.approx(math.exp(centre - half) / 6, rel=1e-9)
    assert bounds.upper == pytest.approx(math.exp(centre + half) / 6, rel=1e-9)


def test_the_provenance_names_the_copy_and_its_content() -> None:
    models = EcoDiagModels.read(SCRIPT)
    assert str(models).startswith("devices_invented.js (5 devices, SHA-256 ")
    text = str(reen.explain(reen.Equipment("laptop"), method=EcoDiag(models=models), as_of=AS_OF))
    assert "devices_invented.js" in text
    footprint = measure(reen.Equipment("laptop"))
    assert footprint.provenance.options["models"] == str(models)
    configured = reen.configure(EcoDiag(), {"models": str(SCRIPT)})
    assert configured == EcoDiag(models=models)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("", "nothing is given to 'devices'"),
        ("devices = 4", "devices is no object"),
        ("devices = {pad: {duration: 2, yearly_consumption: 5}}", "pad has no grey_CO2"),
        (
            "devices = {pad: {grey_CO2: 0, duration: 2, yearly_consumption: 5}}",
            "grey_CO2 of pad is",
        ),
        ("devices = {pad: {grey_CO2: 150, yearly_consumption: 5}}", "pad has no duration"),
        ("devices = {pad: {grey_CO2: 150, duration: 2}}", "pad has no yearly_consumption"),
        ("devices = {pad: {grey_CO2: 'a lot', duration: 2}}", "pad.grey_CO2 is no number from 0"),
        (
            (
                "devices = {pad: {grey_CO2: 1, duration: 2, yearly_consumption: 5,\n"
                " models: {x: {regex: /(a/i}}}}"
            ),
            "the regex of pad/x is not understood",
        ),
        ("devices = {\n pad: fetch('x')}", 'line 2: "fetch'),
        ("devices = {pad: 1/0}", "a divisor that is not 0"),
        ("devices = " + "[" * 30, "at most 20 values inside each other"),
        ("devices = {pad: hypot('a')}", "hypot of a list of numbers"),
    ],
)
def test_another_script_is_refused_by_name(tmp_path: Path, script: str, message: str) -> None:
    path = tmp_path / "devices.js"
    path.write_text(script)
    with pytest.raises(FileFormatError, match=r"devices\.js") as caught:
        EcoDiagModels.read(path)
    assert message in str(caught.value)


def test_what_a_table_is_written_with() -> None:
    """2 + 3 x 4 - 6 / 3 = 12; hypot(0.3, 0.4) = 0.5; marks of texts and patterns within them."""
    script = r"""var devices = { a: 2 + 3*4 - 6/3, 'b c': [hypot([0.3, 0.4]), (1 + 1)*2,],
      d: 'it\'s // no comment', e: /a\/[/]b(?!c)/i, /* no: 1, */ f: .5e1, };"""
    assert read_table(script, "devices") == {
        "a": 12.0,
        "b c": [0.5, 4.0],
        "d": "it's // no comment",
        "e": Pattern(r"a\/[/]b(?!c)", "i"),
        "f": 5.0,
    }


@given(st.text(alphabet="{}[]()'\"/\\:,.+*-0123456789abhpotyv \n", max_size=60))
def test_any_text_is_a_value_or_an_error_with_its_place(text: str) -> None:
    try:
        value = read_table(f"devices = {text}", "devices")
    except ScriptError as error:
        value = str(error)
    assert isinstance(value, dict | list | float | Pattern | str)


# -- the lists of the page -------------------------------------------------------------------------


def test_a_list_is_read_with_its_names_numbers_and_lifetimes() -> None:
    inventory = reen.read(LIST)
    rows = [
        (row["equipment_type"], row["model"], row["quantity"], row["lifetime"])
        for row in inventory.table.to_pylist()
    ]
    assert rows == [
        ("desktop", "desktop/ecodiag_avg_PC", 15.0, 4.0),
        ("desktop", "desktop/default", 2.0, None),
        (None, "avg_WS", 1.0, 6.0),
        ("monitor", "screen/default", 12.0, 8.0),
        ("laptop", "laptop/plume_pro", 3.0, None),
    ]
    (issue,) = inventory.issues
    assert issue.column == "kWh2CO2"
    assert "electricity_constant=0.06" in str(issue)


def test_a_list_is_computed_as_the_page_does() -> None:
    """A type alone in a list is the type itself, not its default model.

    Made: 15 x 300 / 4 + 2 x 350 / 4 + 600 / 6 + 12 x 400 / 8 + 3 x 300 / 6
    = 1,125 + 175 + 100 + 600 + 150 = 2,150.
    Used: 15 x 189 + 2 x 250 + 770 + 12 x 70 + 3 x 60 = 5,125 kWh, x 0.06 = 307.5.
    """
    method = EcoDiag(models=EcoDiagModels.read(SCRIPT), electricity_constant=0.06)
    totals = reen.measure(reen.read(LIST), method=method, as_of=AS_OF).stage_totals()
    assert totals[MADE] == pytest.approx(2150.0, rel=1e-12)
    assert totals[USE] == pytest.approx(307.5, rel=1e-12)


@pytest.mark.parametrize("head", ["", "\ufeff", "var list =\n", "// mine\n"])
def test_lists_are_known_by_their_first_device(head: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(head + '{"devices": [{"screen": 4}]}', encoding="utf-8")
    assert EcoDiagList().sniff(Sample(path, path.read_bytes())).score > 0.9
    assert reen.read(path).table["quantity"].to_pylist() == [4.0]


@pytest.mark.parametrize(
    "text", ['{"devices": [{"name": "a", "type": "laptop"}]}', '[{"screen": 4}]', "{}", ""]
)
def test_other_documents_are_not(text: str, tmp_path: Path) -> None:
    assert EcoDiagList().sniff(Sample(tmp_path / "x.json", text.encode())).score == 0.0


def test_a_number_that_is_none_is_invalid_and_told(tmp_path: Path) -> None:
    """Two devices: one without a number that can be read, left out by name; one of 350 / 4 kg."""
    path = tmp_path / "x.json"
    path.write_text('{"devices": [{"screen": {"nb": "many"}}, {"desktop": {"nb": 1}}]}')
    inventory = reen.read(path)
    assert [(each.column, each.rows) for each in inventory.issues] == [("quantity", (1,))]
    footprint = reen.measure(inventory, method=EcoDiag(), as_of=AS_OF)
    assert footprint.stage_totals()[MADE] == pytest.approx(87.5, rel=1e-12)
    assert not footprint.total().complete


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('{"devices": [{"screen": 4}', FileFormatError),
        ('{"devices": {"screen": 4}}', FileFormatError),
        ('{"devices": [{"screen": 4, "pad": 1}]}', FileFormatError),
        ('{"devices": []}', EmptyInventoryError),
    ],
)
def test_damaged_lists_are_refused(text: str, error: type[reen.ReenError], tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(error):
        reen.read(path, importer="ecodiag-list")
