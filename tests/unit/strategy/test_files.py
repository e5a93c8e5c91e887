"""Strategy files: both languages, and every fault named by its line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import reen
from reen.errors import FileFormatError
from reen.strategy.action import ActionState, Saving
from reen.strategy.objective import PathShape
from reen.strategy.strategy import Strategy
from reen.strategy.toml_tables import lines_of

FRENCH = """\
[organisation]
nom = "Valmarin"
habitants = 61530

[[objectif]]
id = "O1"
axe = 1
titre = "Trente pour cent"
indicateur = "reuse_in_spending"
sens = "hausse"
annee_reference = 2024
reference = 4
annee_cible = 2030
cible = 30
trajectoire = "paliers"
paliers = { 2025 = 20, 2027 = 25 }

[[action]]
id = "A1"
titre = "Acheter reconditionné"
responsable = "Achats"
etat = "en cours"
debut = 2025-01-02
fin = "31/03/2025"
objectifs = ["O1"]
attendu = { tonnes = 1.07, kwh = 20600, methode = "640 PC" }
etapes = [{ quoi = "Marché", qui = "Achats", echeance = 2025-02-01, fait = true }]
"""

ENGLISH = """\
[organisation]
name = "Valmarin"
population = 61530

[[objective]]
id = "O1"
axis = 1
title = "Trente pour cent"
indicator = "reuse_in_spending"
direction = "higher"
baseline_year = 2024
baseline = 4.0
target_year = 2030
target = 30.0
path = "steps"
steps = { 2025 = 20, 2027 = 25 }

[[action]]
id = "A1"
title = "Acheter reconditionné"
owner = "Achats"
state = "running"
start = 2025-01-02
end = 2025-03-31
objectives = ["O1"]
expected = { tonnes = 1.07, kwh = 20600, method = "640 PC" }
steps = [{ what = "Marché", who = "Achats", due = 2025-02-01, done = true }]
"""


def read(folder: Path, text: str) -> Strategy:
    path = folder / "strategie.toml"
    path.write_text(text, encoding="utf-8")
    return Strategy.read(path)


def test_french_and_english_say_the_same(tmp_path: Path) -> None:
    strategy = read(tmp_path, FRENCH)
    assert strategy == read(tmp_path, ENGLISH)
    (objective,), (action,) = strategy.objectives, strategy.actions
    assert (objective.path, objective.expected(2026)) == (PathShape.STEPS, 20.0)
    assert action.state is ActionState.RUNNING
    assert action.end == dt.date(2025, 3, 31)
    assert action.expected == Saving(tonnes=1.07, kwh=20600.0, method="640 PC")
    assert strategy.objective("O1") is objective


def test_an_action_is_late_after_its_end_or_an_open_step(tmp_path: Path) -> None:
    strategy = read(tmp_path, FRENCH)
    assert strategy.late(dt.date(2025, 3, 31)) == ()
    assert strategy.late(dt.date(2025, 4, 1)) == strategy.actions
    open_step = read(tmp_path, FRENCH.replace("fait = true", "fait = false"))
    assert open_step.late(dt.date(2025, 2, 2)) == open_step.actions
    done = read(tmp_path, FRENCH.replace('"en cours"', '"faite"'))
    assert done.late(dt.date(2026, 1, 1)) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'titre = "Trente',
            'titel = "Trente',
            r"line 8: .*key 'titel' is not known; is it 'titre'",
        ),
        (
            "cible = 30\n",
            'cible = "30 %"\n',
            r"line 14: .*is '30 %'; expected a number with a point",
        ),
        ("axe = 1\n", "axe = 7\n", r"line 7: .*is 7; expected a whole number from 0 to 6"),
        ('sens = "hausse"\n', "", r"line 5: \[\[objectif\]\] 1, key 'sens' is missing"),
        ("annee_cible = 2030", "annee_cible = 2020", r"line 13: .*expected a year after baseline"),
        ("2025 = 20", "an = 20", r"line 16: .*expected years and numbers"),
        ('responsable = "Achats"', 'responsable = " "', r"line 21: .*exactly one function"),
        ("debut = 2025-01-02", "debut = 2026-01-02", r"line 24: .*expected a day from 2026-01-02"),
        ('["O1"]', '["O2"]', r"line 25: .*names 'O2', which is not there; is it 'O1'"),
        ("tonnes = 1.07", "tonne = 1.07", r"line 26: .*\('tonne'\) is not known; is it 'tonnes'"),
        ('qui = "Achats"', "qui = 3", r"line 27: .*\('qui'\) is 3; expected text"),
        ("[[action]]", "[[actions]]", r"line 18: \[\[actions\]\] 1 is not known; is it 'action'"),
        ("[[objectif]]", "[objectif", r"is no TOML"),
    ],
)
def test_a_fault_is_named_by_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in FRENCH
    with pytest.raises(reen.errors.FileFormatError, match=message):
        read(tmp_path, FRENCH.replace(old, new, 1))


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    text = FRENCH.replace("axe = 1", "axe = 9").replace('etat = "en cours"', 'etat = "bientôt"')
    with pytest.raises(reen.errors.FileFormatError) as raised:
        read(tmp_path, text)
    assert "line 7" in str(raised.value)
    assert "line 22" in str(raised.value)


def test_a_name_that_stands_twice(tmp_path: Path) -> None:
    again = FRENCH + '\n[[action]]\nid = "A1"\ntitre = "x"\nresponsable = "x"\netat = "prévue"\n'
    with pytest.raises(
        reen.errors.FileFormatError, match=r"line 30: .*'A1', which another has too"
    ):
        read(tmp_path, again)


def test_a_key_in_both_languages_says_it_twice(tmp_path: Path) -> None:
    with pytest.raises(reen.errors.FileFormatError, match="says again what another key says"):
        read(tmp_path, FRENCH.replace("axe = 1", "axe = 1\naxis = 1"))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(reen.errors.FileFormatError, match="cannot be read"):
        Strategy.read(tmp_path / "none.toml")


def test_lines_inside_texts_are_no_keys() -> None:
    found = lines_of('a = """\n[[action]]\nid = 1\n"""\n[[action]]\nid = 2\n')
    assert found["action", 1, "id"] == 6


@pytest.mark.parametrize(
    "number", ["1" + "0" * 400, "1e308", "nan", "inf"], ids=["400 digits", "1e308", "nan", "inf"]
)
def test_a_number_that_cannot_be_is_named_by_its_line(tmp_path: Path, number: str) -> None:
    path = tmp_path / "strategie.toml"
    path.write_text(f'[organisation]\nnom = "V"\nhabitants = {number}\n', "utf-8")
    with pytest.raises(FileFormatError, match="line 3"):
        Strategy.read(path)


SHEET = """\
id;Titre;Axe;Indicateur;Sens;Année référence;Référence;Année cible;Cible;Trajectoire;Paliers
O1;Trente pour cent;1;reuse_in_spending;hausse;2024;4;2030;30;paliers;2025=20; 2027=25
"""
ACTIONS = """\
id;Titre;Responsable;État;Début;Fin;Objectifs;Attendu tonnes;Attendu méthode;Jours homme
A1;Acheter reconditionné;Achats;en cours;02/01/2025;30/06/2025;O1;1,07;640 PC;12,5
A2;Trier;Achats;prévue;;;;;;
"""


def in_folder(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    path = folder / "strategie.toml"
    names = ", ".join(f'"{name}.csv"' for name in texts)
    path.write_text(f'feuilles = [{names}]\n\n[organisation]\nnom = "Valmarin"\n', "utf-8")
    return path


def test_objectives_and_actions_as_sheets(tmp_path: Path) -> None:
    quoted = SHEET.replace("2025=20; 2027=25", '"2025=20; 2027=25"')
    found = Strategy.read(in_folder(tmp_path, objectifs=quoted, actions=ACTIONS))
    (objective,) = found.objectives
    assert objective.path is PathShape.STEPS
    assert objective.steps == ((2025, 20.0), (2027, 25.0))
    assert (objective.baseline, objective.target) == (4.0, 30.0)
    first, second = found.actions
    assert first.start == dt.date(2025, 1, 2)
    assert first.end == dt.date(2025, 6, 30)
    assert first.objectives == ("O1",)
    assert first.expected == Saving(tonnes=1.07, method="640 PC")
    assert first.person_days == 12.5
    assert (second.state, second.expected, second.start) == (ActionState.PLANNED, None, None)
    assert [each.name for each in found.files] == ["strategie.toml", "objectifs.csv", "actions.csv"]


def test_a_workbook_of_both_says_the_same(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, text in (("Objectifs", SHEET), ("Actions", ACTIONS)):
        page = book.create_sheet(name)
        for line in text.splitlines():
            page.append([part.strip() for part in line.split(";", 10)])
    day = book["Actions"]["E2"]
    day.value = dt.datetime(2025, 1, 2)  # noqa: DTZ001 - a cell of a workbook has no zone
    book.save(tmp_path / "strategie.xlsx")
    quoted = SHEET.replace("2025=20; 2027=25", '"2025=20; 2027=25"')
    of_csv = Strategy.read(in_folder(tmp_path, objectifs=quoted, actions=ACTIONS))
    found = Strategy.read(tmp_path / "strategie.xlsx")
    assert found.objectives == of_csv.objectives
    assert found.actions == of_csv.actions


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("en cours", "en court", "row 2, column 'État' is 'en court'; expected one of \"prévue\""),
        ("30/06/2025", "juin", "row 2, column 'Fin' is 'juin'; expected a day"),
        ("1,07", "1,07 t", "row 2, column 'attendu' ('tonnes') is '1,07 t'; expected a number"),
        (";O1;", ";O9;", "row 2, column 'Objectifs' names 'O9', which is not there; is it 'O1'?"),
        ("A2;", "A1;", "row 3, column 'id' is 'A1', which another has too"),
        ("Jours homme", "Jour home", "column 'Jour home' is not known; is it 'jours_homme'?"),
        ("Responsable", "Qui", "has no column 'responsable'"),
    ],
)
def test_faults_of_sheets_by_row(tmp_path: Path, old: str, new: str, said: str) -> None:
    quoted = SHEET.replace("2025=20; 2027=25", '"2025=20; 2027=25"')
    path = in_folder(tmp_path, objectifs=quoted, actions=ACTIONS.replace(old, new))
    with pytest.raises(FileFormatError) as error:
        Strategy.read(path)
    assert said in str(error.value)
    assert "actions.csv" in str(error.value)


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "strategie.toml"
    path.write_text('feuilles = ["objectif.csv"]\n', "utf-8")
    with pytest.raises(FileFormatError, match=r"line 1: .*'objectif\.csv', which is not in"):
        Strategy.read(path)


NUMBERS = """\
id;Titre;Axe;Indicateur;Sens;Année référence;Référence;Année cible;Cible
O1;Efficacité;4;pue;baisse;2024;1.600;2027;{target}
"""


@pytest.mark.parametrize(
    ("target", "baseline"), [("1.45", 1.6), ("0.900", 1.6), ("1,45", 1600.0), ("1 400,5", 1600.0)]
)
def test_marks_of_a_sheet_are_decided_by_all_its_columns(
    tmp_path: Path, target: str, baseline: float
) -> None:
    """1.600 is a number with a point where the column beside it has points, else thousands."""
    path = in_folder(tmp_path, objectifs=NUMBERS.format(target=target))
    assert Strategy.read(path).objectives[0].baseline == baseline


def test_a_number_of_a_sheet_with_two_readings_is_refused(tmp_path: Path) -> None:
    path = in_folder(tmp_path, objectifs=NUMBERS.format(target="1.400"))
    with pytest.raises(FileFormatError) as error:
        Strategy.read(path)
    assert "objectifs.csv" in str(error.value)
    for column, cell in (("Référence", "1.600"), ("Cible", "1.400")):
        assert f"row 2, column '{column}' is '{cell}', a decimal number or" in str(error.value)


def test_steps_of_a_sheet_with_two_readings_are_refused(tmp_path: Path) -> None:
    quoted = SHEET.replace("2025=20; 2027=25", '"2025=1.250; 2027=1.125"')
    with pytest.raises(FileFormatError, match=r"column 'Paliers' is '2025=1\.250; 2027=1\.125'"):
        Strategy.read(in_folder(tmp_path, objectifs=quoted))
