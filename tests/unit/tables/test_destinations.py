"""Where things went, as people write it: a word, with a name beside it."""

from __future__ import annotations

import pytest

import reen


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("Don Emmaüs", "donation"),
        ("Recyclage Ecologic", "recycling"),
        ("Vente aux enchères Agora", "sale"),
        ("Vol (plainte déposée)", "lost"),
        ("Don ou recyclage", None),
        ("Emmaüs", None),
    ],
)
def test_a_destination_beside_a_name(word: str, value: str | None) -> None:
    text = f"N° inv.;Type;Marque;Date de sortie;Destination;Nb\nM1;PC;HP;12/03/2024;{word};3\n"
    found = reen.read(text.encode(), name="reformes.csv")
    assert found.disposals["destination"].to_pylist() == [value]
    codes = {each.reason.code for each in found.issues if each.column == "destination"}
    assert codes == {"value_of_one_word" if value else "word_not_known"}
    # a list of what left has no maker: its header is no question
    assert not [each for each in found.worklist if each.subject == "header"]


@pytest.mark.parametrize(
    "word",
    [
        "à la benne",
        "Benne",
        "À LA POUBELLE",
        "jeté",
        "encombrants",
        "déchetterie",
        "Déchèterie de Valmarin",
        "mise en décharge",
        "incinéré",
        "mis au rebut",
        "ferrailleur",
        "déchet",
        "destruction",
        "thrown away",
        "landfill",
        "scrapped",
    ],
)
def test_what_is_thrown_away_is_not_recycled(word: str) -> None:
    """No word of these says that anything was treated as waste equipment."""
    text = f"N° inv.;Type;Date de sortie;Destination;Nb\nM1;PC;12/03/2024;{word};3\n"
    found = reen.read(text.encode(), name="reformes.csv")
    assert found.disposals["destination"].to_pylist() == ["discarded"]


@pytest.mark.parametrize("word", ["benne DEEE", "D3E", "éco-organisme", "Destruction DEEE"])
def test_the_stream_of_waste_equipment_is_recycling(word: str) -> None:
    text = f"N° inv.;Type;Date de sortie;Destination;Nb\nM1;PC;12/03/2024;{word};3\n"
    found = reen.read(text.encode(), name="reformes.csv")
    assert found.disposals["destination"].to_pylist() == ["recycling"]
