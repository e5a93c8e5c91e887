"""Figures by a column of the file: persons leave it, and a column of persons is no group."""

from __future__ import annotations

from pathlib import Path

import pytest

import reen

HEAD = "Type;N° de série;Affectation;Site;Utilisateur;Prénom;Suivi\n"
ROWS = (
    "PC portable;S1A91;Jeanne DUPONT;Mairie;Zoé Zyxwin;Zoé;Zoé ZYXWIN\n"
    "PC portable;S1A92;Finances;Mairie;Ali Zyxwin;Ali;Ali ZYXWIN\n"
    "PC portable;S1A93;DSI / J. Zyxwin;Mairie;;;\n"
)


@pytest.fixture
def parc(tmp_path: Path) -> Path:
    path = tmp_path / "parc.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    return path


def test_persons_leave_a_column_to_group_by(parc: Path) -> None:
    """Of three cells one is a person, one a service, and one both."""
    found = reen.measure(parc, method="base-carbone", by="Affectation", as_of="2024-12-31")
    assert set(found.groups["Affectation"].to_pylist()) == {None, "Finances", "DSI"}
    read = reen.read(parc, by=["Affectation"])
    assert read.table["Affectation"].to_pylist() == [None, "Finances", "DSI"]
    assert "Zyxwin" not in str(read.issues)
    assert reen.read(parc, by=["Affectation"], keep=["Affectation"]).table["Affectation"][0].as_py()


@pytest.mark.parametrize("header", ["Utilisateur", "Prénom", "Suivi"])
def test_a_column_of_persons_is_no_group(parc: Path, header: str) -> None:
    with pytest.raises(reen.errors.OptionError, match=rf"by='{header}'.*keep=\['{header}'\]"):
        reen.measure(parc, method="base-carbone", by=header, as_of="2024-12-31")
    kept = reen.read(parc, by=[header], keep=[header])
    assert kept.table[header].to_pylist()[2] is None


def test_a_mixed_column_that_holds_persons_alone_is_no_group() -> None:
    text = "Type;Site;Affectation\nÉcran;Mairie;Jeanne DUPONT\nÉcran;Mairie;A. Martin\n"
    with pytest.raises(reen.errors.OptionError, match="by='Affectation'"):
        reen.read(text.encode(), name="a.csv", by=["Affectation"])


def test_with_a_key_pseudonyms_are_groups(parc: Path) -> None:
    found = reen.read(parc, by=["user_id"], key=b"0123456789abcdef")
    groups = reen.measure(found, method="base-carbone", by="user_id", as_of="2024-12-31").groups
    names = set(groups["user_id"].to_pylist())
    assert len(names) == 3
    assert "Zyxwin" not in str(names)


def test_the_name_of_a_device_is_no_group_without_a_key() -> None:
    text = "Type;Nom du poste\nÉcran;PC-ZYXWIN\n".encode()
    with pytest.raises(reen.errors.OptionError, match="by='Nom du poste'"):
        reen.read(text, name="a.csv", by=["Nom du poste"])
