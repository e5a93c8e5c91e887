"""Recount the indicators, the states and a scenario of Valmarin for 2025, from its files alone.

Plain Python: `csv`, `datetime` and arithmetic, nothing of reen.  It prints what reen must find, so
that the two can be held to each other.  The files are clean: what is blank is blank.

    python examples/ville/recount.py [FOLDER]
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

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
    here = [row for row in rows if row["Statut"] != "Réformé"]
    then = [row for row in before if row["Statut"] != "Réformé"]
    agents = number(people["Effectif"])
    found: dict[str, float] = {}
    ages = [years(day(row["Date d'achat"]), END) for row in here]
    for low, high, name in (
        (0, 1, "0-1"),
        (1, 3, "1-3"),
        (3, 5, "3-5"),
        (5, 7, "5-7"),
        (7, 10, "7-10"),
    ):
        found[f"age_classes of {name}"] = 100 * sum(low <= age < high for age in ages) / len(here)
    groups = {"computer": COMPUTERS, "monitor": {"Écran"}, "phone": {"Smartphone"}}
    counts = {name: sum(row["Type"] in words for row in here) for name, words in groups.items()}
    found |= {f"items_per_agent of {name}": count / agents for name, count in counts.items()}
    found["screens_per_pc"] = counts["monitor"] / counts["computer"]
    found["renewal_rate"] = 100 * len(bought) / ((len(here) + len(then)) / 2)
    found["mean_age"] = sum(ages) / len(ages)
    double = {"double_equipped": double_equipped(rows)}
    return double | {name: [value] * 3 for name, value in found.items()}


def double_equipped(rows: list[Row]) -> list[float]:
    """Return the share of users of two computers, and its ends with those of nobody."""
    used = [
        r for r in rows if r["Type"] in COMPUTERS and r["Statut"] not in ("Réformé", "En stock")
    ]
    have: dict[str, set[str]] = {}
    for row in used:
        if row["user_id"]:
            have.setdefault(row["user_id"], set()).add(row["Type"])
    nobody = sum(not row["user_id"] for row in used)
    both = sum(types == COMPUTERS for types in have.values())
    users = len(have)
    return [100 * both / users, 100 * both / (users + nobody), 100 * (both + nobody) / users]


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
    """Return the state of each objective that one of the figures above follows."""
    plan = tomllib.loads((folder / "strategie.toml").read_text(encoding="utf-8"))
    told = {}
    for goal in plan["objectif"]:
        scope = f" of {goal['perimetre']}" if "perimetre" in goal else ""
        figure = found.get(goal["indicateur"] + scope)
        if figure is None or "reference" not in goal:
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


def scenario(
    ages: dict[int, int], embedded: float, life: int, lever: dict[str, float]
) -> dict[str, list[float]]:
    """Return what is bought in 2026-2030, and the footprint both ways, without and with a lever."""
    told = {}
    for name, on in (("without", False), ("with", True)):
        left = dict(ages)
        wanted, kept = sum(ages.values()), life
        share, refurbished = 0.0, 0.0
        mixed: list[tuple[int, float, float]] = [(age, n, embedded) for age, n in left.items()]
        bought, spread, whole = [], 0.0, 0.0
        if on:
            kept += int(lever.get("annees", 0))
            share, refurbished = lever.get("part", 0.0), lever.get("fabrication_kg", 0.0)
            wanted -= int(lever.get("nombre", 0))
        for _ in range(2026, 2031):
            mixed = [(age + 1, n, kg) for age, n, kg in mixed if age + 1 < kept]
            mixed.sort(reverse=True)
            extra = max(0.0, sum(n for _, n, _ in mixed) - wanted)
            while extra > 0:
                age, n, kg = mixed.pop(0)
                if n > extra:
                    mixed.insert(0, (age, n - extra, kg))
                extra = max(0.0, extra - n)
            new = wanted - sum(n for _, n, _ in mixed)
            bought.append(float(new))
            mixed += [(0, new * (1 - share), embedded), (0, new * share, refurbished)]
            whole += new * ((1 - share) * embedded + share * refurbished)
            spread += sum(n * kg / kept for _, n, kg in mixed)
        told[name] = [*bought, spread, whole]
    return told


def scenarios(folder: Path) -> dict[str, dict[str, list[float]]]:
    """Return the scenarios that keep longer, refurbish and drop."""
    plan = tomllib.loads((folder / "strategie.toml").read_text(encoding="utf-8"))
    words = {"laptop": "PC portable", "monitor": "Écran"}
    found = {}
    for each in plan["scenario"][:2]:
        kind = each["leviers"][0]["type"]
        figures = next(row for row in plan["hypothese"] if row["type"] == kind)
        ages: dict[int, int] = {}
        for row in read(folder / "2025" / "parc.csv"):
            if row["Type"] == words[kind] and row["Statut"] != "Réformé":
                age = 2025 - day(row["Date d'achat"]).year
                ages[age] = ages.get(age, 0) + 1
        lever = {key: value for one in each["leviers"] for key, value in one.items()}
        found[each["id"]] = scenario(ages, figures["fabrication_kg"], figures["duree_ans"], lever)
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
