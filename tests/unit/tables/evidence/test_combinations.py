"""Rows of which all evidence says the same are decided once, each as it would be alone."""

from __future__ import annotations

import hypothesis.strategies as st
import pyarrow as pa
from hypothesis import given

from reen.tables.evidence.placing import Placing, _combinations
from reen.vocabulary.equipment_types import bundled_equipment_types

_WORDS = {
    "equipment_type": (None, "PC portable", "Écran", "Imprimante", "matériel", "Poste de travail"),
    "manufacturer": (None, "Dell", "HP", "Apple", "Ets Durand"),
    "model": (
        None,
        "Latitude 5420",
        "OptiPlex 7010",
        "LaserJet MFP",
        "Tour",
        "Modèle 7",
        "x" * 301,
    ),
    "model_number": (None, "P2422H", "A2442", "?"),
    "operating_system": (None, "Windows 11", "iOS 16"),
    "description": (None, "écran 24 pouces", "divers"),
}
_ROWS = st.lists(st.tuples(*map(st.sampled_from, _WORDS.values())), min_size=1, max_size=12)
_PLACES = st.sampled_from(("parc", "Écrans", ""))


@given(_ROWS, st.sets(st.sampled_from(sorted(_WORDS)), min_size=1), _PLACES)
def test_each_row_is_decided_as_if_it_were_alone(
    rows: list[tuple[str | None, ...]], there: set[str], list_name: str
) -> None:
    names = [name for name in _WORDS if name in there]
    table = [dict(zip(_WORDS, row, strict=True)) for row in rows]
    columns = {
        name: pa.array([row[name] for row in table], pa.string()).dictionary_encode()
        for name in names
    }
    placing = Placing(known=bundled_equipment_types(), list_name=list_name)
    found = _combinations(columns, placing)
    filled = [{name: row[name] for name in names if row[name]} for row in table]
    firsts = [found.codes.tolist().index(code) for code in range(len(found.cells))]
    assert firsts == sorted(firsts)  # numbered in the order of the rows
    assert found.cells == [filled[row] for row in firsts]
    decided = [placing.decide(cells) for cells in found.cells]
    alone = [Placing(known=placing.known, list_name=list_name).decide(cells) for cells in filled]
    assert [decided[code] for code in found.codes] == alone
