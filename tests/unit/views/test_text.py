"""Views on a small terminal: never longer or wider than it, and nothing dropped in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.views.model import Breakdown, Point, Row, View, breakdown_of
from reen.views.text import plain, text_of, width_of

#: What would move the cursor, or end the line.
_CONTROL = {chr(code) for code in (*range(32), *range(127, 160))}

words = st.text(st.characters(exclude_categories=["Cs"]))
sentences = st.lists(words, min_size=1, max_size=40).map(" ".join)
several = st.lists(sentences, max_size=6).map(tuple)
figures = st.none() | st.floats(0, 1e9)


@st.composite
def breakdowns(draw: st.DrawFn) -> Breakdown:
    columns = tuple(draw(st.lists(words, min_size=1, max_size=3)))
    frame = Breakdown(head=draw(words), columns=columns, shares=draw(st.booleans()))
    rows = st.tuples(
        words,
        st.tuples(*(figures for _ in columns)),
        st.tuples(*(st.booleans() for _ in columns)),
    )
    return breakdown_of(frame, draw(st.lists(rows, max_size=30)))


views = st.builds(
    View,
    kind=st.just("footprint"),
    title=sentences,
    headline=several,
    breakdowns=st.lists(breakdowns(), max_size=3).map(tuple),
    mend_first=st.lists(st.builds(Point, sentences), max_size=9).map(tuple),
    mend_title=words,
    stands_out=several,
    rests_on=several,
    more=words,
)


@given(view=views, width=st.integers(20, 200), height=st.integers(12, 60))
@pytest.mark.parametrize("ascii_only", [False, True], ids=["blocks", "ascii"])
def test_a_view_is_never_longer_or_wider_than_its_place(
    ascii_only: object, view: View, width: int, height: int
) -> None:
    lines = text_of(view, width=width, height=height, ascii_only=bool(ascii_only))
    assert len(lines) <= height
    assert all(width_of(line.text) <= width for line in lines)
    assert all(line.text.isprintable() or not _CONTROL & {*line.text} for line in lines)


@pytest.mark.parametrize("width", range(20, 60))
def test_no_line_begins_with_a_mark(width: int) -> None:
    """French sets marks apart from the word before, by a blank where no line ends."""
    said = "seconde main : sa fabrication revient au premier ; rien n'est « publié » à 80 % près !"
    lines = text_of(View(kind="x", title="t", headline=(said,)), width=width)
    assert not [line.text for line in lines if line.text.lstrip()[:1] in tuple(":;!%»")]
    assert not [line.text for line in lines if line.text.endswith("«")]


@pytest.mark.parametrize("width", [40, 33, 26, 20])
def test_a_number_is_never_cut(width: int) -> None:
    """A column that does not fit goes as a whole, and its place is marked: 26 550 is not 26."""
    cells = ("4,87 t", "14,49 t", "-26 550", "100 %")
    table = Breakdown(
        head="Scénario", columns=("A", "B", "C", "D"), rows=(Row("S4", (None,) * 4, cells),)
    )
    lines = text_of(View(kind="x", title="t", breakdowns=(table,)), width=width)
    row = next(line.text for line in lines if line.text.startswith("S4"))
    told = row.removeprefix("S4").split("  ")
    assert [each.strip() for each in told if each.strip()] == [
        each for each in cells if each in row
    ] + ["…"]


@given(breakdown=breakdowns(), number=st.integers(0, 30))
def test_the_rows_shown_and_the_others_add_up_to_all(breakdown: Breakdown, number: int) -> None:
    """However many rows are shown, named and added up, their sum is that of all rows."""
    values = [*(row.values[0] for row in breakdown.rows), *breakdown.rest_values[:1]]
    whole = sum(value or 0.0 for value in values)
    shown = sum(row.values[0] or 0.0 for row in breakdown.shown(number))
    assert shown == pytest.approx(whole, rel=1e-9)


def test_others_carry_the_bound_of_one_of_them() -> None:
    """10 + (3 + 2), the 2 being a lower bound: the others are >= 5, the first is no bound."""
    frame = Breakdown(head="Type", columns=("kg",), shares=True)
    made = breakdown_of(
        frame, [("a", (10.0,), (False,)), ("b", (3.0,), (False,)), ("c", (2.0,), (True,))]
    )
    first, others = made.shown(1)
    assert first.texts == ("10",)
    assert (others.label, others.texts) == ("(2 others)", (">= 5",))
    assert made.share(first) == pytest.approx(10 / 15)


def test_what_does_not_fit_is_counted() -> None:
    points = tuple(Point(f"point {k} " + "word " * 30, items=1.0) for k in range(12))
    view = View(kind="x", title="Title", mend_first=points, mend_title="Mend")
    text = plain(text_of(view, height=12))
    assert len(text.splitlines()) == 12
    assert "and 4 other points" in text


def test_points_are_ordered_by_what_is_unknown_then_by_weight() -> None:
    """A row of unknown quantity may weigh most; 2 t before 1 t, whatever the number of items."""
    small = Point("900 items", items=900.0, weight=1000.0)
    large = Point("3 items", items=3.0, weight=2000.0)
    unknown = Point("1 row", rows=1)
    ordered = sorted([small, large, unknown], key=lambda point: point.rank)
    assert ordered == [unknown, large, small]


def test_a_view_says_to_programs_what_it_shows() -> None:
    row = Row("a", (float("nan"),), ("-",))
    view = View(kind="x", title="T", breakdowns=(Breakdown(head="h", columns=("c",), rows=(row,)),))
    told = view.to_dict()
    assert told["title"] == "T"
    assert told["breakdowns"][0]["rows"][0]["values"] == [None]  # type: ignore[index]


def test_a_french_view_is_french_wherever_it_is_shown() -> None:
    frame = Breakdown(head="Type", columns=("kg",), decimals=1)
    with reen.language("fr"):
        made = breakdown_of(frame, [("a", (1234.5,), (False,))])
        assert made.rows[0].texts == ("1\u202f234,5",)
        assert View(kind="x", title="T").language == "fr"


def _inventory(points: int) -> View:
    """Return a view of 5 types of equipment, with long paragraphs below and some questions."""
    frame = Breakdown(head="Equipment", columns=("Items",))
    rows = [(f"type {k}", (10.0 - k,), (False,)) for k in range(5)]
    long = "a long paragraph of what the page rests on, which takes two lines of a terminal " * 2
    return View(
        kind="inventory",
        title="three files with long names, which take two lines of a small terminal" * 2,
        headline=("35 items", long),
        breakdowns=(breakdown_of(frame, rows),),
        mend_first=tuple(Point(f"question {k}") for k in range(points)),
        mend_title="To answer first",
        stands_out=("4 rows doubtful",),
        rests_on=("files: 150 rows", long, long, long, f"answer: {long}"),
        more="--full",
    )


@pytest.mark.parametrize("points", [1, 2, 22])
def test_the_table_is_shown_whatever_is_asked(points: int) -> None:
    """Title 2, headline 3, below 12 lines of 25: the table of what was counted stands all the same.

    It comes before the questions, and what the rows and the files are is still told.
    """
    text = plain(text_of(_inventory(points)))
    lines = text.splitlines()
    assert len(lines) <= 25
    table = next(k for k, line in enumerate(lines) if line.startswith("Equipment"))
    assert lines[table + 1].split() == ["type", "0", "10"]
    assert table < lines.index("To answer first")
    for said in ("question 0", "files: 150 rows", "4 rows doubtful", "--full"):
        assert said in text


def test_paragraphs_keep_their_lines_where_there_is_room() -> None:
    """Control: on a page of 60 lines nothing is cut to a line."""
    text = plain(text_of(_inventory(2), height=60))
    assert text == plain(text_of(_inventory(2), height=70))
    assert text.count("question ") == 2
    assert "\n  " in text[text.index("files:") :]
