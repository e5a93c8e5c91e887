"""Text that the compiled loops cut, in one part or in several, against pyarrow's reader."""

from __future__ import annotations

import io
from collections.abc import Iterator

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen import kernel
from reen.tables.delimited.dialect import find_dialect
from reen.tables.delimited.survey import absent_from, survey
from reen.tables.delimited.textfile import Text, decode
from reen.tables.typed.cutting import Body, body_of

built = pytest.mark.skipif(not kernel.state().built, reason="no compiled kernel here")


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> Iterator[None]:
    """Cut by the compiled loops, whatever the engine of the run."""
    with kernel.using("compiled" if kernel.state().built else None):
        yield


WIDTH = 3
CELLS = st.sampled_from(
    ("", "1", "12,5", "Écran", "PC portable", "x" * 16, "x" * 17, "x" * 16 + "y", "😀", "a b", "-")
)
ROWS = st.lists(st.tuples(*[CELLS] * WIDTH), min_size=1, max_size=40)


def body(data: bytes, parts: int = 1) -> Body | None:
    """Return the rows below the first line of a text, in about so many parts."""
    text = decode(data, "parc.csv")
    cuts = {data.find(b"\n", len(data) * k // parts) + 1 for k in range(1, parts)}
    ends = [*sorted(cuts - {0, len(data)}), len(data)]
    starts = [0, *ends[:-1]]
    lines = [data.count(b"\n", a, b) for a, b in zip(starts, ends, strict=True)]
    text = attrs.evolve(text, parts=tuple(zip(ends, lines, strict=True)))
    return body_of(text, find_dialect(text, lambda cells: [*cells], ";"))


def by_arrow(data: bytes) -> list[list[str | None]]:
    """Return the cells of each column as pyarrow reads them."""
    names = [str(k) for k in range(WIDTH)]
    table = pa_csv.read_csv(
        io.BytesIO(data),
        read_options=pa_csv.ReadOptions(column_names=names, skip_rows=1),
        parse_options=pa_csv.ParseOptions(
            delimiter=";", quote_char=False, ignore_empty_lines=False
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
        ),
    )
    return [column.to_pylist() for column in table.columns]


@built
@given(
    rows=ROWS,
    end=st.sampled_from(("\n", "\r\n")),
    last=st.booleans(),
    parts=st.integers(1, 4),
    encoded=st.tuples(*[st.booleans()] * WIDTH),
)
def test_cells_are_those_of_arrow(
    rows: list[tuple[str, ...]],
    end: str,
    parts: int,
    encoded: tuple[bool, ...],
    *,
    last: bool,
) -> None:
    lines = ["id;Type;Nom", *map(";".join, rows)]
    data = (end.join(lines) + end * last).encode()
    found = body(data, parts)
    assert found is not None
    samples = dict.fromkeys(range(WIDTH))  # too little room, at first
    columns = found.read(dict(enumerate(encoded)), samples)
    assert columns is not None
    for array, words in zip(columns.values(), encoded, strict=True):
        array.validate(full=True)
        assert pa.types.is_dictionary(array.type) == words
        if words:
            distinct = [*dict.fromkeys(filter(None, array.to_pylist()))]
            assert array.dictionary.to_pylist() == distinct
    assert [array.to_pylist() for array in columns.values()] == by_arrow(data)


@built
@pytest.mark.parametrize("line", [b"", b"a;b", b"a;b;c;d", b"a"])
@pytest.mark.parametrize("parts", [1, 3])
def test_a_row_of_another_length_is_refused(line: bytes, parts: int) -> None:
    rows = [b"id;Type;Nom", *[b"1;2;3"] * 20, line, *[b"1;2;3"] * 20, b""]
    found = body(b"\n".join(rows), parts)
    assert found is not None
    assert found.read({0: True, 2: False}, dict.fromkeys((0, 2))) is None


@built
@pytest.mark.parametrize("parts", [1, 3])
def test_a_column_of_too_many_words_is_plain_text(parts: int) -> None:
    rows = [f"{k};PC;x" for k in range(50_000)]
    found = body("\n".join(["id;Type;Nom", *rows]).encode(), parts)
    assert found is not None
    sample = found.sample([0, 1])
    assert sample is not None
    columns = found.read({0: True, 1: True}, sample)
    assert columns is not None
    assert columns[0].type == pa.string()
    assert columns[0].to_pylist() == [str(k) for k in range(50_000)]
    assert columns[1].dictionary.to_pylist() == ["PC"]


def test_without_loops_there_is_no_body() -> None:
    with kernel.using("numpy"):
        assert body(b"id;Type;Nom\n1;2;3\n") is None


#: Of ASCII; beginnings of letters, and bytes that stand in the middle of one.
LOOKED_FOR = b'\r\0&?"' + "éŒ😀".encode()


@built
@given(st.lists(st.sampled_from((b"a", b"\n", b"&", b'"', "é".encode(), b"\xff", b"\xc3", b"\0"))))
def test_a_survey_says_the_same_without_loops(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    found = []
    for engine in ("compiled", "numpy"):
        with kernel.using(engine):
            one = survey(data, LOOKED_FOR)
        found.append((one.is_utf8, one.absent))
    assert found[0] == found[1]
    assert found[0][1] == absent_from(data, LOOKED_FOR)


@built
def test_a_survey_of_many_bytes_is_that_of_its_parts() -> None:
    line = "Écran;1\n".encode()
    data = line * ((1 << 23) // len(line) + 1)
    found = survey(data, LOOKED_FOR)
    ends = np.array([end for end, _ in found.parts])
    assert found.is_utf8
    assert (ends % len(line) == 0).all()
    assert ends[-1] == len(data)
    assert sum(lines for _, lines in found.parts) == data.count(b"\n")
    assert not survey(data + b"\xff", LOOKED_FOR).is_utf8


def test_parts_are_of_the_text_as_it_is_read() -> None:
    """Bytes that were repaired have other places."""
    assert decode(b"Type\rPC\r", "a.csv").parts == ()
    assert decode(b"Type\nPC &amp; Co\n", "a.csv").parts == ()
    assert isinstance(decode(b"Type\nPC\n", "a.csv"), Text)
