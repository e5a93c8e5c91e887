"""The last rows of Arrow data, where they count as many items as all others: a sum of no label.

Input: the last record batches, and how many items there are.  Output: whether their last rows,
which have one place or one type, add up all others, or may.

Must not set aside a row: `arrow_sums` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import pyarrow as pa

from reen.gate.admission import Admission
from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.arrow_amounts import SAME, amounts_of, plain_of
from reen.tables.arrow_grid import PLACES
from reen.tables.findings import Findings
from reen.tables.rows.place_words import names_all_places

__all__ = ["ENDS", "SumAtTheEnd", "sum_at_the_end"]

#: Rows at either end that are looked at.
ENDS = 200
#: Items from which the number of a row that no word calls a total agrees by no likely chance.
_FEW_ITEMS, _SOME_ITEMS, _MANY_ITEMS = 10.0, 20.0, 40.0
#: Rows that have a sum.
_SEVERAL = 2


@attrs.frozen(eq=False)
class SumAtTheEnd:
    """Last rows that count as many items as all others.

    Attributes
    ----------
    rows
        How many they are.
    is_sum
        Whether they are their sum; else they may be.
    issues
        What is said of them.
    """

    rows: int
    is_sum: bool
    issues: tuple[Issue, ...]


def sum_at_the_end(
    held: Sequence[pa.RecordBatch],
    gate: Admission,
    *,
    names: Sequence[str],
    identifiers: Sequence[str],
    items: Sequence[float],
    rows: int,
    passed: int,
    source: str,
) -> SumAtTheEnd | None:
    """Find the last rows that count as many items as all others, whatever they are called.

    Those of no type, or of a word for all places, are sums; another word of few items, and the name
    of a place, are a doubt.

    Parameters
    ----------
    held
        The last batches, with a column of quantities.
    gate
        What every cell passes before it is looked at.
    names, identifiers
        Columns of words, and of what names an asset.
    items
        How many there are in the file, and in all.
    rows, passed
        Rows in all, and in the file.
    source
        What the file is called.
    """
    places = [name for name in PLACES if name in names]
    if not places or not any(batch.num_rows for batch in held):
        return None
    last = (batch.slice(max(0, batch.num_rows - ENDS)) for batch in held)
    counts = (gate.batch(batch.select(["quantity"])).column(0) for batch in last)
    if 2.0 * sum(float(amounts_of(each).sum()) for each in counts) < min(items) - SAME:
        return None
    models = [each for each in ("model",) if each in names]
    tail = _tail(held, gate, [*places, *models, *identifiers])
    upto = np.cumsum(tail["quantity"].to_numpy()[::-1])
    for name in places:
        cells = tail[name].to_pylist()
        word = cells[-1]
        run = next((k for k, cell in enumerate(reversed(cells)) if cell != word), len(cells))
        own = float(upto[run - 1])
        # a row with a model needs no type
        named = [*identifiers, *(models if name == "equipment_type" else ())]
        if (
            rows - run < _SEVERAL
            or all(abs(each - 2.0 * own) >= SAME for each in items)
            or word in cells[:-run]
            or any(tail[each][-run:].null_count < run for each in named)
        ):
            continue
        is_sum = _says_sum(name, word, own, rows - run)
        if is_sum is not None:
            findings = Findings(source)
            findings.rows(
                "",
                "",
                Reason(
                    "matrix_parents" if is_sum else "matrix_may_be_parents",
                    rows=f"{findings.shown(name, word or '-')} ({own:g})",
                ),
                np.arange(passed - run, passed, dtype=np.int64) + 1,
                expected=None if is_sum else Reason("expect_sums_named"),
                severity=Severity.NOTE if is_sum else Severity.DOUBT,
            )
            return SumAtTheEnd(run, is_sum, findings.issues)
    return None


def _tail(
    held: Sequence[pa.RecordBatch], gate: Admission, names: Sequence[str]
) -> Mapping[str, pa.Array]:
    """Return columns of the last rows: words as text, and quantities as they are added up."""
    wanted = ["quantity", *names]
    pieces: list[pa.RecordBatch] = []
    left = ENDS
    for batch in reversed(held):
        count = min(left, batch.num_rows)
        pieces.insert(0, gate.batch(batch.slice(batch.num_rows - count).select(wanted)))
        left -= count
    counts, *columns = zip(*(piece.columns for piece in pieces), strict=True)
    words = [
        pa.concat_arrays([plain_of(each).cast(pa.string()) for each in column])
        for column in columns
    ]
    amounts = np.concatenate([amounts_of(each) for each in counts])
    return {"quantity": pa.array(amounts), **dict(zip(names, words, strict=True))}


def _says_sum(name: str, word: str | None, items: float, before: int) -> bool | None:
    """Tell whether as many items as in all other rows are their sum; None when it is chance."""
    if word is not None and names_all_places(word):
        return True
    if word is not None:
        return False if items >= _MANY_ITEMS else None
    if name == "equipment_type":
        return True
    if items >= _SOME_ITEMS and before > _SEVERAL:
        return True
    return False if items >= _FEW_ITEMS else None
