"""One content in two files: a copy where the names or the rows say so, else a doubt."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

import reen
from reen.types import Fate

#: 12 laptops and 15 screens; nothing says whose.
LIST = "Type;Modèle;Quantité\nPC portable;Latitude 5420;12\nÉcran;P2419;15\n"
TAGGED = "Type;N° de série;Quantité\nPC portable;5CG1234ABC;1\nÉcran;CN0987XYZ;1\n"
SITED = "Type;Site;Quantité\nPC portable;Mairie;12\nÉcran;Mairie;15\n"


def doubts(inventory: reen.Inventory) -> list[str]:
    return [doubt.reason.code for doubt in inventory.account.doubts]


def written(folder: Path, *names: str, text: str = LIST) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return paths


@pytest.mark.parametrize(
    "names",
    [
        ("ecole_a.csv", "ecole_b.csv"),
        ("mairie.csv", "médiathèque.csv"),
        ("Jules Ferry/parc.csv", "Jean Moulin/parc.csv"),
        ("site-1.csv", "site-2.csv"),
    ],
)
def test_two_sites_may_be_equipped_alike(tmp_path: Path, names: tuple[str, str]) -> None:
    """27 items are counted, and 27 are not: told as a doubt, by the names of both files."""
    paths = written(tmp_path, *names)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        for name in names:
            members.writestr(name, LIST)
    for found in (
        reen.read(*paths),
        reen.read(tmp_path),
        reen.read(archive.getvalue(), name="parc.zip"),
    ):
        assert doubts(found) == ["copy_or_twin"]
        assert found.account.items_of(Fate.COUNTED) == 27.0
        assert found.account.items_of(Fate.SET_ASIDE) == 27.0
        (doubt,) = found.account.doubts
        assert (doubt.reason.detail("total"), doubt.count) == (27.0, 1)
        assert {Path(doubt.source).name, Path(str(doubt.reason.detail("first"))).name} == {
            Path(name).name for name in names
        }


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (("parc.csv", "parc (1).csv"), LIST),
        (("parc.csv", "Copie de parc.csv"), LIST),
        (("parc.csv", "sauvegarde/parc.csv"), LIST),
        (("parc_2024.csv", "parc_2025.csv"), LIST),
        (("inventaire.csv", "export-20251231.csv"), LIST),
        (("ecole_a.csv", "ecole_b.csv"), TAGGED),
        (("ecole_a.csv", "ecole_b.csv"), SITED),
    ],
)
def test_a_copy_is_no_doubt(tmp_path: Path, names: tuple[str, str], text: str) -> None:
    paths = written(tmp_path, *names, text=text)
    for found in (reen.read(*paths), reen.read(tmp_path)):
        assert doubts(found) == []
        assert found.account.rows_of(Fate.COUNTED) == found.account.rows_of(Fate.SET_ASIDE) == 2


def test_the_figure_is_doubtful(tmp_path: Path) -> None:
    found = reen.measure(reen.read(*written(tmp_path, "a1.csv", "b1.csv")), "base-carbone")
    assert found.total().doubtful


def test_one_path_given_twice(tmp_path: Path) -> None:
    (path,) = written(tmp_path, "ecole_a.csv")
    assert doubts(reen.read(path, path)) == []
