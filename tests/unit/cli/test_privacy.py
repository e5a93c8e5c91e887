"""`--keep`, `--key-file` and `new-key`: what is kept of a file, as it is typed."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Typed = Callable[..., Any]

ROWS = "Type;Nombre;Nom du poste;Étage\nÉcran;1;E-12;2\nPC portable;1;P-3;un\n"


@pytest.fixture
def parc(tmp_path: Path) -> Path:
    path = tmp_path / "parc.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


@pytest.fixture
def key(tmp_path: Path, typed: Typed) -> Path:
    path = tmp_path / "reen.key"
    assert typed("new-key", path).code == 0
    return path


def columns(run: Any) -> set[str]:  # noqa: ANN401 - what the fixture returns
    return set(json.loads(run.out)["columns"])


def test_the_page_names_what_is_not_kept(typed: Typed, parc: Path) -> None:
    words = " ".join(typed("read", "--full", parc).out.split())
    assert "not kept (ask with --keep HEADER): Étage" in words
    assert "names, not kept (--key-file hashes them): Nom du poste" in words
    words = " ".join(typed("read", "--full", parc, "--keep", "étage").out.split())
    assert "kept as they are (--by can group by them): Étage" in words


def test_a_key_is_made_once_and_for_its_owner_alone(typed: Typed, key: Path) -> None:
    first = key.read_text()
    assert len(bytes.fromhex(first.strip())) == 32
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    run = typed("new-key", key)
    assert (run.code, key.read_text()) == (2, first)
    assert "is there already" in run.err


@pytest.mark.slow
def test_with_a_key_rows_are_found_by_the_clear_name(typed: Typed, parc: Path, key: Path) -> None:
    plain = typed("read", "--full", parc, "--format", "json")
    hashed = typed("read", "--full", parc, "--format", "json", "--key-file", key)
    assert columns(hashed) - columns(plain) == {"name"}
    assert "E-12" not in plain.out + hashed.out
    asked = ("--method", "base-carbone", "--as-of", "2024-12-31")
    found = typed("explain", "--full", parc, "e-12", *asked, "--key-file", key)
    assert found.code == 0
    assert "E-12" not in found.out
    assert typed("explain", "--full", parc, "e-12", *asked).code == 2


def test_what_figures_are_grouped_by_is_kept(typed: Typed, parc: Path) -> None:
    asked = ("--method", "base-carbone", "--as-of", "2024-12-31", "--by", "Étage")
    run = typed("measure", parc, *asked, "--format", "csv")
    assert run.code == 0
    assert {"2", "un"} <= {line.split(",")[0].strip('"') for line in run.out.splitlines()}


def test_a_key_file_that_is_not_there_is_said(typed: Typed, parc: Path) -> None:
    run = typed("read", "--full", parc, "--key-file", parc.with_name("none.key"))
    assert run.code == 2
    assert "reen new-key FILE" in run.err


NAMES = ("Zyxwin", "zyxwin", "ZYXWIN")
NAMED = (
    "Type;Modèle;N° de série;Etat;Affectation;Site;Utilisateur\n"
    "Portable de Zoé Zyxwin;;S1A91;en service;Jeanne ZYXWIN;Mairie;Zoé Zyxwin\n"
    "PC Sophie Zyxwin;poste de Kévin Zyxwin;S1A92;prêté à Ali Zyxwin;Finances;Mairie;\n"
    "PC portable;Latitude 5420;S1A93;chez Karim Zyxwin;RH - ZYXWIN;Domicile Zoé Zyxwin;\n"
    "Gizmo Mme Zyxwin;Latitude 5420;S1A94;M. Zyxwin;DSI (Zyxwin);Mairie;\n"
)


@pytest.fixture
def named(tmp_path: Path) -> Path:
    path = tmp_path / "named.csv"
    path.write_text(NAMED, encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("how", [(), ("--format", "json"), ("--full",)])
@pytest.mark.parametrize(
    "command",
    [
        ("read",),
        ("measure", "--method", "base-carbone", "--as-of", "2024-12-31"),
        ("measure", "--method", "base-carbone", "--as-of", "2024-12-31", "--by", "Affectation"),
        ("measure", "--method", "base-carbone", "--as-of", "2024-12-31", "--by", "site"),
    ],
)
def test_no_name_reaches_what_is_printed(
    typed: Typed, named: Path, command: tuple[str, ...], how: tuple[str, ...]
) -> None:
    verb, *options = command
    if verb == "measure" and how == ("--full",):
        how = ()
    run = typed(verb, named, *options, *how)
    assert run.code == 0, run.err
    assert not [name for name in NAMES if name in run.out + run.err]


def test_no_name_reaches_what_is_written(typed: Typed, named: Path, tmp_path: Path) -> None:
    written = tmp_path / "written"
    written.mkdir()
    run = typed(
        "read", "--full", named, "--output", written / "clean.csv", "--worklist", written / "w.csv"
    )
    assert run.code == 0, run.err
    texts = [path.read_text(encoding="utf-8") for path in written.iterdir()]
    assert len(texts) == 3
    assert not [name for name in NAMES if name in "".join(texts)]


def test_a_group_of_persons_is_refused_with_what_may_be_typed(typed: Typed, named: Path) -> None:
    asked = ("--method", "base-carbone", "--as-of", "2024-12-31", "--by", "Utilisateur")
    run = typed("measure", named, *asked)
    assert run.code == 2
    assert "--keep 'Utilisateur'" in run.err
    assert "Zoé Zyxwin" in typed("measure", named, *asked, "--keep", "Utilisateur").out


def test_the_remedy_printed_works_when_typed(typed: Typed, tmp_path: Path) -> None:
    """A column left out with ``--column 'Site='`` is nowhere, and the remark on it is gone."""
    path = tmp_path / "sites.csv"
    path.write_text("Type;Site\nÉcran;Salle Mme Zyxwin\n", encoding="utf-8")
    run = typed("read", "--full", path)
    assert "--column 'Site='" in " ".join(run.out.split())
    again = typed("read", "--full", path, "--column", "Site=", "--format", "json")
    assert again.code == 0
    assert "site" not in columns(again)
    assert "Zyxwin" not in again.out + again.err
