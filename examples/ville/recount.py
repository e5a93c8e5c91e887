"""Recount the indicators, the states and the scenarios of Valmarin for 2025, from its files alone.

Plain Python: `csv`, `datetime` and arithmetic, nothing of reen.  It prints what reen must find, so
that the two can be held to each other.  The files are clean: what is blank is blank.

    python examples/ville/recount.py [FOLDER]
"""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import json
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

Row = dict[str, str]
START, END = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
COMPUTERS = {"PC portable", "PC fixe"}
SMALL_AND_SCREENS = {
    "PC portable",
    "PC fixe",
    "Écran",
    "Smartphone",
    "Tablette",
    "Imprimante",
    "Commutateur réseau",
}
REUSE = {"don", "réaffectation", "reconditionneur"}


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def number(text: str) -> float:
    return float(text.replace(",", "."))


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=dt.UTC).date()


def years(start: dt.date, end: dt.date) -> float:
    return (end - start).days / 365.25


def share(
    rows: list[Row], part: Callable[[Row], bool | None], weight: Callable[[Row], float]
) -> list[float]:
    """Return the share in per cent, and its ends with what is not known against it and for it."""
    yes = sum(weight(row) for row in rows if part(row) is True)
    no = sum(weight(row) for row in rows if part(row) is False)
    open_rows = sum(weight(row) for row in rows if part(row) is None)
    whole = yes + no + open_rows
    return [100 * yes / (yes + no), 100 * yes / whole, 100 * (yes + open_rows) / whole]


def one(_: Row) -> float:
    return 1.0


def answer(text: str) -> bool | None:
    return {"oui": True, "non": False}.get(text)


def purchases(rows: list[Row]) -> dict[str, list[float]]:
    def reused(row: Row) -> bool | None:
        return answer(row["Reconditionné"])

    indexed = [
        number(row["Indice de réparabilité"]) for row in rows if row["Indice de réparabilité"]
    ]
    without = len(rows) - len(indexed)
    return {
        "reuse_in_purchases": share(rows, reused, one),
        "reuse_in_spending": share(rows, reused, lambda row: number(row["PU HT"])),
        "repairability": [
            sum(indexed) / len(indexed),
            sum(indexed) / len(rows),
            (sum(indexed) + 10 * without) / len(rows),
        ],
        "label_share": share(rows, lambda row: answer(row["Label environnemental"]), one),
        "rental_share": share(rows, lambda row: row["Mode d'acquisition"] == "location", one),
    }


def contracts(rows: list[Row]) -> dict[str, list[float]]:
    def clause(row: Row) -> bool | None:
        both = {answer(row["Clause environnementale"]), answer(row["Clause sociale"])}
        return True if True in both else None if None in both else False

    def amount(row: Row) -> float:
        return number(row["Montant HT"])

    sure = sum(clause(row) is True for row in rows)
    weights = [number(row["Poids du critère environnemental (%)"]) for row in rows]
    mean = sum(map(lambda w, row: w * amount(row), weights, rows)) / sum(map(amount, rows))
    return {
        "clauses": [sure, sure, sure + sum(clause(row) is None for row in rows)],
        "clause_spending": share(rows, clause, amount),
        "criterion_weight": [mean, mean, mean],
    }


def disposals(rows: list[Row], before: list[Row], bought: list[Row]) -> dict[str, list[float]]:
    def goes(*words: str) -> Callable[[Row], bool | None]:
        return lambda row: row["Destination"] in words if row["Destination"] else None

    def counted(words: set[str]) -> list[float]:
        sure = sum(row["Destination"] in words for row in rows)
        return [sure, sure, sure + sum(not row["Destination"] for row in rows)]

    lives = [years(day(row["Date d'achat"]), day(row["Date de sortie"])) for row in rows]
    outlived = [(day(r["Date de sortie"]) - day(r["Fin de garantie"])).days >= 365 for r in rows]
    retired = [
        row
        for row in before
        if row["Statut"] == "Réformé"
        and row["Type"] in SMALL_AND_SCREENS
        and years(day(row["Date d'achat"]), START) <= 10
    ]
    young = [
        row
        for row in rows
        if row["Type de matériel"] in SMALL_AND_SCREENS
        and years(day(row["Date d'achat"]), day(row["Date de sortie"])) <= 10
    ]
    directed = sum(row["Destination"] in REUSE for row in young)
    perhaps = directed + sum(not row["Destination"] for row in young)
    refurbished = sum(row["Reconditionné"] == "oui" for row in bought)
    silent = refurbished + sum(not row["Reconditionné"] for row in bought)
    laptops = [
        life for life, r in zip(lives, rows, strict=True) if r["Type de matériel"] == "PC portable"
    ]
    mean = sum(lives) / len(lives)
    kept = 100 * sum(outlived) / len(rows)
    return {
        "reuse_of_disposals": share(rows, goes(*REUSE), one),
        "donated": counted({"don"}),
        "reused_inside": counted({"réaffectation"}),
        "observed_life": [mean, mean, mean],
        "observed_life of laptop": [sum(laptops) / len(laptops)] * 3,
        "kept_after_warranty": [kept, kept, kept],
        "reuse_of_retired": [100 * each / len(retired) for each in (directed, directed, perhaps)],
        "refurbished_over_retired": [
            100 * each / len(rows) for each in (refurbished, refurbished, silent)
        ],
    }


def fleet(
    rows: list[Row], before: list[Row], bought: list[Row], people: Row
) -> dict[str, list[float]]:
    """Return the figures of the fleet, and those that are of each department."""
    here = [row for row in rows if row["Statut"] != "Réformé"]
    then = [row for row in before if row["Statut"] != "Réformé"]
    agents = number(people["Effectif"])
    found: dict[str, float] = {}
    ages = [years(day(row["Date d'achat"]), END) for row in here]
    groups = {"computer": COMPUTERS, "monitor": {"Écran"}, "phone": {"Smartphone"}}
    counts = {name: sum(row["Type"] in words for row in here) for name, words in groups.items()}
    found |= {f"items_per_agent of {name}": count / agents for name, count in counts.items()}
    found["screens_per_pc"] = counts["monitor"] / counts["computer"]
    found["mean_age"] = sum(ages) / len(ages)
    for place in ("", *sorted({row["Direction"] for row in rows})):
        of = f" of {place}" if place else ""
        mine = [r for r in here if not place or r["Direction"] == place]
        found |= age_classes(mine, f" of {place}: " if place else " of ")
        came = sum(not place or r["Direction"] == place for r in bought)
        stock = len(mine) + sum(not place or r["Direction"] == place for r in then)
        found[f"renewal_rate{of}"] = 100 * came / (stock / 2)
    return {name: [value] * 3 for name, value in found.items()} | double_equipped(rows)


def age_classes(rows: list[Row], of: str) -> dict[str, float]:
    found = {}
    ages = [years(day(row["Date d'achat"]), END) for row in rows]
    for low, high in itertools.pairwise((0, 1, 3, 5, 7, 10)):
        share = sum(low <= age < high for age in ages) / len(ages)
        found[f"age_classes{of}{low}-{high}"] = 100 * share
    return found


def double_equipped(rows: list[Row]) -> dict[str, list[float]]:
    """Return the share of users of two computers, with its ends: of all and of each department.

    A computer of nobody is of one more user, or the second one of a user.  A user is of a
    department when all of their computers are; one of nobody elsewhere may take them out of it.
    """
    used = [
        r for r in rows if r["Type"] in COMPUTERS and r["Statut"] not in ("Réformé", "En stock")
    ]
    have: dict[str, set[str]] = {}
    places: dict[str, set[str]] = {}
    nobody: dict[str, int] = {}
    for row in used:
        if row["user_id"]:
            have.setdefault(row["user_id"], set()).add(row["Type"])
            places.setdefault(row["user_id"], set()).add(row["Direction"])
        else:
            nobody[row["Direction"]] = nobody.get(row["Direction"], 0) + 1
    found = {}
    for place in ("", *sorted({row["Direction"] for row in used})):
        users = [each for each in have if not place or places[each] == {place}]
        both = sum(have[each] == COMPUTERS for each in users)
        here = nobody.get(place, 0) if place else sum(nobody.values())
        gone = min(both, sum(nobody.values()) - here)
        most = min(len(users), both + sum(nobody.values()))
        found[f"double_equipped{f' of {place}' if place else ''}"] = [
            100 * both / len(users),
            100 * (both - gone) / (len(users) - gone + here),
            100 * most / len(users),
        ]
    return found


def others(folder: Path) -> dict[str, list[float]]:
    found: dict[str, float] = {}
    people = read(folder / "2025" / "effectifs.csv")[0]
    events = read(folder / "2025" / "evenements.csv")
    aware = [r for r in events if r["Axe"] == "4" and r["Type d'événement"] != "hameçonnage"]
    citizens = [r for r in events if r["Axe"] == "5"]
    test = next(r for r in events if r["Type d'événement"] == "hameçonnage")
    course = next(r for r in events if r["Thème"] == "écoconception")
    found["workshops"] = sum(r["Type d'événement"] == "atelier" for r in aware)
    found["participants"] = sum(number(r["Participants"]) for r in aware)
    found["elected_participants"] = sum(number(r["Dont élus"]) for r in aware)
    found["participants_per_agent"] = found["participants"] / number(people["Effectif"])
    found["phishing_clicks"] = 100 * number(test["Clics"]) / number(test["Participants"])
    found["phishing_reports"] = 100 * number(test["Signalements"]) / number(test["Participants"])
    trained = number(course["Participants"]) / number(course["Agents concernés"])
    found["eco_design_trained"] = 100 * trained
    found["public_events"] = len(citizens)
    found["people_reached"] = sum(number(r["Participants"]) for r in citizens)
    found["people_certified"] = sum(number(r["Personnes certifiées"]) for r in citizens)
    found["citizens_weee"] = sum(number(r["Poids collecté (kg)"] or "0") for r in citizens)
    projects = read(folder / "2025" / "projets.csv")
    found["eco_designed_projects"] = (
        100 * sum(r["Écoconçu"] == "oui" for r in projects) / len(projects)
    )
    scored = [(number(r["Score RGESN (%)"]), number(r["Utilisateurs"])) for r in projects[:2]]
    rgesn = sum(score * users for score, users in scored)
    everybody = sum(number(r["Utilisateurs"]) for r in projects)
    unscored = everybody - sum(users for _, users in scored)
    bounds = [rgesn / (everybody - unscored), rgesn / everybody]
    bounds.append((rgesn + 100 * unscored) / everybody)
    objects = read(folder / "2025" / "objets_connectes.csv")
    count = [number(r["Nombre d'objets"]) for r in objects]
    shared = sum(n for n, r in zip(count, objects, strict=True) if r["Réseau mutualisé"] == "oui")
    own = sum(
        n * number(r["Consommation annuelle par objet (kWh)"])
        for n, r in zip(count, objects, strict=True)
    )
    found["objects_per_1000"] = 1000 * sum(count) / number(people["Habitants"])
    found["shared_objects"] = 100 * shared / sum(count)
    saved = sum(number(r["Énergie économisée (kWh)"]) for r in objects)
    found["net_energy_saved"] = saved - own
    repairs = read(folder / "2025" / "reparations.csv")
    found["repaired"] = sum(r["Issue"] == "réparé" for r in repairs)
    found["repair_rate"] = 100 * found["repaired"] / len(repairs)
    found["repair_hours"] = sum(number(r["Heures"]) for r in repairs)
    energy = {year: read(folder / str(year) / "energie.csv") for year in (2024, 2025)}
    kwh = {
        (year, scope): sum(number(r["Énergie (kWh)"]) for r in rows if r["Périmètre"] == scope)
        for year, rows in energy.items()
        for scope in ("total", "informatique")
    }
    found["pue"] = kwh[2025, "total"] / kwh[2025, "informatique"]
    found["energy_saved"] = 100 * (1 - kwh[2025, "total"] / kwh[2024, "total"])
    answers = read(folder / "2025" / "maturite.csv")
    by_dimension: dict[str, list[float]] = {}
    for row in answers:
        by_dimension.setdefault(row["Dimension"], []).append(number(row["Note"]))
    means = [sum(scores) / len(scores) for scores in by_dimension.values()]
    found["maturity"] = sum(means) / len(means)
    return {"rgesn_score": bounds} | {name: [value] * 3 for name, value in found.items()}


def states(folder: Path, found: dict[str, list[float]]) -> dict[str, str]:
    """Return the state of each objective; nothing of what is less than 80 % known, or from nowhere.

    Of a share, what is known is its lower end over its value.
    """
    plan = tomllib.loads((folder / "strategie.toml").read_text(encoding="utf-8"))
    told = {}
    for goal in plan["objectif"]:
        scope = f" of {goal['perimetre']}" if "perimetre" in goal else ""
        figure = found.get(goal["indicateur"] + scope)
        known = figure is not None and (goal["unite"] != "%" or figure[1] >= 0.8 * figure[0])
        if figure is None or not known or "reference" not in goal:
            told[goal["id"]] = "unknown"
            continue
        steps = {int(year): value for year, value in goal.get("paliers", {}).items()}
        done = (2025 - goal["annee_reference"]) / (goal["annee_cible"] - goal["annee_reference"])
        expected = goal["reference"] + done * (goal["cible"] - goal["reference"])
        if steps:
            expected = steps[max(year for year in steps if year <= 2025)]
        sign = 1 if goal["sens"] == "hausse" else -1

        def state(value: float, goal=goal, expected=expected, sign=sign) -> str:  # noqa: ANN001
            if sign * (value - goal["cible"]) >= 0:
                return "reached"
            if sign * (value - expected) >= 0:
                return "on_track"
            return "behind" if sign * (expected - value) <= 0.1 * abs(expected) else "off"

        both = {state(figure[1]), state(figure[2])}
        told[goal["id"]] = both.pop() if len(both) == 1 else "unknown"
    return told


def carried(
    ages: dict[int, int], figures: dict[str, float], levers: list[dict[str, Any]], mix: float
) -> list[float]:
    """Return what is bought each year from 2026 to 2030, and of all five the footprint and the kWh.

    The footprint both ways: spread over lives, and whole in the year of purchase.  Items of an age
    are a list of [age, number, kgCO2e to make one, years kept, kWh a year].
    """
    new = [figures["fabrication_kg"], figures["duree_ans"], figures["kwh_an"]]
    fleet = [[age, number_, *new] for age, number_ in ages.items()]
    wanted, saved, share, second = float(sum(ages.values())), 0.0, 0.0, 0.0
    bought, spread, whole, kwh = [], 0.0, 0.0, 0.0
    for year in range(2026, 2031):
        for lever in (each for each in levers if each["a_partir_de"] == year):
            name = lever["levier"]
            if name == "garder plus longtemps":
                new[1] += lever["annees"]
                fleet = [[*each[:3], each[3] + lever["annees"], each[4]] for each in fleet]
            elif name == "reconditionner":
                share, second = lever["part"], lever["fabrication_kg"]
            elif name == "retirer":
                wanted -= lever["nombre"]
            elif name == "mettre en veille":
                saved += lever["part"] * lever["kwh_mesures"]
            else:  # replace all of them at once
                new, fleet = [lever["fabrication_kg"], lever["duree_ans"], lever["kwh_an"]], []
        fleet = [[each[0] + 1, *each[1:]] for each in fleet if each[0] + 1 < each[3]]
        extra = max(0.0, sum(each[1] for each in fleet) - wanted)
        for each in sorted(fleet, reverse=True):  # the oldest leave first
            gone = min(extra, each[1])
            extra -= gone
            fleet.remove(each)
            fleet.append([each[0], each[1] - gone, *each[2:]])
        more = wanted - sum(each[1] for each in fleet)
        bought.append(more)
        fleet += [[0, more * (1 - share), *new], [0, more * share, second, *new[1:]]]
        whole += more * ((1 - share) * new[0] + share * second)
        spread += sum(each[1] * each[2] / each[3] for each in fleet)
        kwh += sum(each[1] * (each[4] - saved) for each in fleet)
    return [*bought, spread + kwh * mix, whole + kwh * mix, kwh]


def scenarios(folder: Path) -> dict[str, dict[str, list[float]]]:
    """Return each scenario, without and with its levers."""
    plan = tomllib.loads((folder / "strategie.toml").read_text(encoding="utf-8"))
    words = {"laptop": "PC portable", "monitor": "Écran", "desktop": "PC fixe"}
    found = {}
    for each in plan["scenario"]:
        (kind,) = {lever["type"] for lever in each["leviers"]}
        figures = next(row for row in plan["hypothese"] if row["type"] == kind)
        ages: dict[int, int] = {}
        for row in read(folder / "2025" / "parc.csv"):
            if row["Type"] == words[kind] and row["Statut"] != "Réformé":
                age = 2025 - day(row["Date d'achat"]).year
                ages[age] = ages.get(age, 0) + 1
        found[each["id"]] = {
            "without": carried(ages, figures, [], plan["mix"]["kg_kwh"]),
            "with": carried(ages, figures, each["leviers"], plan["mix"]["kg_kwh"]),
        }
    return found


def recount(folder: Path) -> dict[str, object]:
    this, last = folder / "2025", folder / "2024"
    bought, rows, before = (
        read(each) for each in (this / "achats.csv", this / "parc.csv", last / "parc.csv")
    )
    people = read(this / "effectifs.csv")[0]
    found = purchases(bought)
    found |= contracts(read(this / "marches.csv"))
    found |= disposals(read(this / "sorties.csv"), before, bought)
    found |= fleet(rows, before, bought, people)
    found |= others(folder)
    return {
        "indicators": found,
        "states": states(folder, found),
        "scenarios": scenarios(folder),
    }


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    print(json.dumps(recount(where), indent=2))
