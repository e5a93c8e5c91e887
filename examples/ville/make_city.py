"""Write the files of Valmarin, an invented city, for two years.

No such city exists: every number, name and date below is drawn or made up, and none is of a person.
The files look like those of a French authority (`;`, dd/mm/yyyy, decimal commas, accents).  The
draws start from one seed, so that the script always writes the same bytes:

    python examples/ville/make_city.py            # over the files beside it
    python examples/ville/make_city.py OTHER_FOLDER
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

#: Inhabitants and agents at the end of each year.
PEOPLE = {2024: (61_240, 1_180), 2025: (61_530, 1_195)}

DEPARTMENTS = ("Écoles", "Services techniques", "Administration générale", "Médiathèque", "CCAS")
SHARES = (30, 20, 30, 10, 10)


@dataclass(frozen=True)
class Kind:
    """A type of equipment: what it is called, what it costs, draws and how long it is kept."""

    word: str
    maker: str
    model: str
    number: int
    price: float
    kwh: float
    life: int
    used_by_one: bool = False


KINDS = (
    Kind("PC portable", "Dell", "Latitude 5420", 210, 890.0, 31.0, 5, used_by_one=True),
    Kind("PC fixe", "Lenovo", "ThinkCentre M70q", 150, 610.0, 98.0, 6, used_by_one=True),
    Kind("Écran", "Dell", "P2419H", 260, 165.0, 42.0, 8),
    Kind("Smartphone", "Samsung", "Galaxy A34", 70, 260.0, 3.5, 4, used_by_one=True),
    Kind("Tablette", "Apple", "iPad 9e génération", 60, 380.0, 9.0, 5),
    Kind("Imprimante", "HP", "LaserJet Pro M404dn", 40, 240.0, 55.0, 7),
    Kind("Serveur", "Dell", "PowerEdge R640", 12, 5200.0, 1850.0, 6),
    Kind("Commutateur réseau", "HPE", "Aruba 2530", 30, 480.0, 210.0, 9),
)


@dataclass(frozen=True)
class Item:
    """One asset, as it stands in the list of one year."""

    tag: str
    kind: Kind
    serial: str
    bought: dt.date
    department: str
    user: str
    status: str = "En service"
    refurbished: bool = False
    seen: dt.date | None = None
    left: dt.date | None = None

    @property
    def warranty_end(self) -> dt.date:
        """Return the end of the warranty, three years after the purchase."""
        return self.bought.replace(year=self.bought.year + 3, day=min(self.bought.day, 28))


class City:
    """The draws: the stock at the end of 2024, and what happens in each year."""

    def __init__(self) -> None:
        self.random = random.Random(20_252_026)  # noqa: S311 - an example, no secret
        self.count = 0

    def day(self, year: int) -> dt.date:
        return dt.date(year, self.random.randint(1, 12), self.random.randint(1, 28))

    def item(self, kind: Kind, bought: dt.date, *, refurbished: bool = False) -> Item:
        self.count += 1
        number = self.count
        return Item(
            tag=f"VAL-{number:05d}",
            kind=kind,
            serial=f"SN{number:04d}X{self.random.randint(100, 999)}",
            bought=bought,
            department=self.random.choices(DEPARTMENTS, SHARES)[0],
            user=f"A{self.random.randint(1, 300):04d}" if kind.used_by_one else "",
            refurbished=refurbished,
        )

    def stock_of_2024(self) -> list[Item]:
        found = []
        for kind in KINDS:
            for _ in range(kind.number):
                age = self.random.choices(range(9), (9, 14, 16, 16, 15, 12, 9, 6, 3))[0]
                refurbished = self.random.random() < 0.08
                item = self.item(kind, self.day(2024 - age), refurbished=refurbished)
                found.append(self.state(item, 2024))
        return found

    def state(self, item: Item, year: int) -> Item:
        """Return an asset with its status and last contact at the end of a year."""
        drawn = self.random.random()
        status = "En service" if drawn < 0.9 else "En stock" if drawn < 0.96 else "Réformé"
        if item.bought.year == year and status == "Réformé":
            status = "En service"
        end = dt.date(year, 12, 31)
        days = {"En service": (0, 75), "En stock": (20, 700), "Réformé": (200, 800)}[status]
        since = self.random.randint(*days)
        since = since // 2 if status == "En service" else since
        seen: dt.date | None = end - dt.timedelta(days=since)
        if seen < item.bought or item.kind.word not in {"PC portable", "PC fixe", "Smartphone"}:
            seen = item.bought if status == "En service" and seen and seen < item.bought else None
        user = item.user if status == "En service" else ""
        return replace(item, status=status, seen=seen, user=user)


def number(value: float | None) -> str:
    """Return a number as French files have it."""
    return "" if value is None else f"{value:g}".replace(".", ",")


def day(value: dt.date | None) -> str:
    """Return a day as French files have it."""
    return "" if value is None else value.strftime("%d/%m/%Y")


def write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows as a French spreadsheet saves them, in UTF-8."""
    rows = list(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def fleet_rows(items: Iterable[Item]) -> Iterable[dict[str, object]]:
    for item in sorted(items, key=lambda each: each.tag):
        yield {
            "N° inventaire": item.tag,
            "Type": item.kind.word,
            "Constructeur": item.kind.maker,
            "Modèle": item.kind.model,
            "N° de série": item.serial,
            "Date d'achat": day(item.bought),
            "Fin de garantie": day(item.warranty_end),
            "Statut": item.status,
            "Direction": item.department,
            "user_id": item.user,
            "Durée d'usage (ans)": item.kind.life,
            "Consommation annuelle (kWh)": number(item.kind.kwh),
            "Reconditionné": "oui" if item.refurbished else "non",
            "Pays": "FR",
        }


def contact_rows(items: Iterable[Item]) -> Iterable[dict[str, object]]:
    for item in sorted(items, key=lambda each: each.tag):
        if item.kind.word in {"PC portable", "PC fixe", "Smartphone"} and item.status != "Réformé":
            yield {"N° de série": item.serial, "Dernier contact": day(item.seen)}


def purchase_rows(city: City, items: Iterable[Item], year: int) -> Iterable[dict[str, object]]:
    for position, item in enumerate(sorted(items, key=lambda each: (each.bought, each.tag))):
        price = item.kind.price * (0.55 if item.refurbished else 1.0)
        blank = position % 23 == 7  # a few that do not say
        yield {
            "N° de commande": f"BC{year}-{position + 1:03d}",
            "Date de facture": day(item.bought),
            "Désignation": item.kind.model,
            "Type": item.kind.word,
            "N° de série": item.serial,
            "Quantité": 1,
            "PU HT": f"{price:.2f}".replace(".", ","),
            "Reconditionné": "" if blank else "oui" if item.refurbished else "non",
            "Mode d'acquisition": "location" if item.kind.word == "Imprimante" else "achat",
            "Indice de réparabilité": number(round(city.random.uniform(4.5, 8.9), 1))
            if item.kind.word in {"PC portable", "Smartphone"}
            else "",
            "Label environnemental": "oui" if position % 3 else "non",
            "Fournisseur": ("Bureautique du Val", "Recyc'Info", "UGAP")[position % 3],
            "Direction": item.department,
        }


WEIGHTS = {
    "PC portable": 2.1,
    "PC fixe": 4.9,
    "Écran": 5.2,
    "Smartphone": 0.2,
    "Imprimante": 9.8,
    "Serveur": 19.5,
}


def disposal_rows(city: City, items: Iterable[Item]) -> Iterable[dict[str, object]]:
    for position, item in enumerate(sorted(items, key=lambda each: (each.left, each.tag))):
        drawn = city.random.random()
        if position % 19 == 11:  # a few of which nobody knows
            destination, recipient = "", ""
        elif drawn < 0.34:
            destination, recipient = "don", "Association Informatique pour tous"
        elif drawn < 0.44:
            destination, recipient = "réaffectation", ""
        elif drawn < 0.54:
            destination, recipient = "reconditionneur", "Recyc'Info"
        else:
            destination, recipient = "recyclage", "ecosystem"
        waste = destination == "recyclage"
        yield {
            "N° de bordereau": f"B{item.left.year if item.left else 0}-{position + 1:03d}",
            "Date de sortie": day(item.left),
            "Type de matériel": item.kind.word,
            "Quantité": 1,
            "Poids (kg)": number(WEIGHTS.get(item.kind.word)) if waste else "",
            "Destination": destination,
            "Repreneur": recipient,
            "Organisme agréé": ("non" if position % 11 == 0 else "oui") if waste else "",
            "Date d'achat": day(item.bought),
            "Fin de garantie": day(item.warranty_end),
            "Direction": item.department,
        }


def energy_rows(year: int) -> Iterable[dict[str, object]]:
    """Yield a month a line: the whole machine room, and its computers."""
    kwh = {2024: (5_200, 3_250), 2025: (4_620, 3_080)}[year]
    for month in range(1, 13):
        first = dt.date(year, month, 1)
        following = dt.date(year + month // 12, month % 12 + 1, 1)
        season = (0, 0, 1, 1, 2, 3, 5, 5, 3, 1, 0, 0)[month - 1]
        for meter, scope, base in (
            ("30001234500011", "total", kwh[0] + 60 * season),
            ("SOUS-COMPTEUR-IT", "informatique", kwh[1]),
        ):
            yield {
                "Compteur": meter,
                "Type de site": "salle serveurs",
                "Site": "Hôtel de ville",
                "Début": day(first),
                "Fin": day(following),
                "Énergie (kWh)": base,
                "Périmètre": scope,
                "Origine de la mesure": "compteur",
            }


def repair_rows(city: City, year: int, count: int) -> Iterable[dict[str, object]]:
    kinds = [kind.word for kind in KINDS[:4]]
    for position in range(count):
        outcome = city.random.choices(("réparé", "remplacé", "irréparable"), (70, 20, 10))[0]
        local = outcome == "réparé" and city.random.random() < 0.5
        yield {
            "N° d'intervention": f"R{year}-{position + 1:03d}",
            "Date de réparation": day(city.day(year)),
            "Type de matériel": city.random.choice(kinds),
            "Quantité": 1,
            "Issue": outcome,
            "Réparateur": "Atelier du Val" if local else "Atelier de la DSI",
            "Réparateur local": "oui" if local else "non",
            "Heures": number(round(city.random.uniform(0.5, 4.0), 1)),
        }


CONTRACTS = {
    2024: (
        (
            "2024-031",
            "14/02/2024",
            "Fourniture de postes de travail",
            310_000,
            "oui",
            "non",
            "",
            10,
        ),
        ("2024-044", "02/05/2024", "Téléphonie mobile", 185_000, "non", "non", "", 0),
        ("2024-058", "17/06/2024", "Hébergement du site internet", 42_000, "oui", "non", "", 10),
        ("2024-071", "09/10/2024", "Copieurs", 120_000, "non", "oui", "", 5),
    ),
    2025: (
        ("2025-012", "20/01/2025", "Postes reconditionnés", 150_000, "oui", "oui", "non", 25),
        ("2025-019", "11/03/2025", "Réparation de matériel", 36_000, "oui", "oui", "oui", 20),
        ("2025-027", "28/04/2025", "Infogérance des serveurs", 210_000, "oui", "non", "non", 15),
        ("2025-040", "15/09/2025", "Logiciel de gestion financière", 260_000, "", "non", "non", 0),
        ("2025-052", "03/11/2025", "Réseau de capteurs", 95_000, "oui", "non", "non", 15),
    ),
}

EVENTS = {
    2024: (
        ("06/03/2024", "Fresque du numérique", 4, "atelier", "sobriété", "agents", 24, 2, "", ""),
        ("18/06/2024", "Test d'hameçonnage",
         4, "hameçonnage", "sécurité", "agents", 900, 0, 171, 62),
        ("12/10/2024", "Collecte de vieux téléphones",
         5, "collecte", "réemploi", "habitants", 140, 0, "", ""),
    ),
    2025: (
        ("21/01/2025", "Fresque du numérique", 4, "atelier", "sobriété", "agents", 31, 4, "", ""),
        ("13/03/2025", "Journée du nettoyage numérique",
         4, "campagne", "sobriété", "mixte", 410, 9, "", ""),
        ("24/04/2025", "Écoconception, initiation",
         3, "formation", "écoconception", "agents", 9, 0, "", ""),
        ("17/06/2025", "Test d'hameçonnage",
         4, "hameçonnage", "sécurité", "agents", 940, 0, 103, 188),
        ("27/09/2025", "Repair café", 5, "repair café", "réemploi", "habitants", 65, 0, "", ""),
        ("11/10/2025", "Collecte de vieux téléphones",
         5, "collecte", "réemploi", "habitants", 210, 0, "", ""),
        ("18/11/2025", "Ateliers d'inclusion numérique",
         5, "atelier", "inclusion", "habitants", 88, 0, "", ""),
    ),
}  # fmt: skip
CONCERNED = {"Écoconception, initiation": 14}
CERTIFIED = {"Ateliers d'inclusion numérique": 12}
COLLECTED = {2024: 46.0, 2025: 71.5}
PARTNERS = {
    "Repair café": ("Atelier du Val", "association"),
    "Collecte de vieux téléphones": ("ecosystem", "éco-organisme"),
    "Ateliers d'inclusion numérique": ("Maison France services", "organisme public"),
}


def event_rows(year: int) -> Iterable[dict[str, object]]:
    for when, title, axis, kind, theme, audience, people, elected, clicks, reports in EVENTS[year]:
        partner, partner_kind = PARTNERS.get(title, ("", ""))
        yield {
            "Date de l'événement": when,
            "Intitulé": title,
            "Axe": axis,
            "Type d'événement": kind,
            "Thème": theme,
            "Public": audience,
            "Participants": people,
            "Dont élus": elected,
            "Agents concernés": CONCERNED.get(title, ""),
            "Personnes certifiées": CERTIFIED.get(title, 0 if axis == 5 else ""),
            "Clics": clicks,
            "Signalements": reports,
            "Poids collecté (kg)": number(COLLECTED[year]) if kind == "collecte" else "",
            "Partenaire": partner,
            "Type de partenaire": partner_kind,
        }


PROJECTS = {
    2024: (
        ("Refonte du site de la ville", "03/06/2024", "non", "", 18_000),
        ("Portail famille", "02/09/2024", "non", "", 6_500),
    ),
    2025: (
        ("Démarches en ligne", "10/02/2025", "oui", 71, 9_000),
        ("Catalogue de la médiathèque", "05/05/2025", "oui", 64, 3_000),
        ("Agenda culturel", "08/09/2025", "non", "", 1_200),
    ),
}

OBJECTS = {
    2024: (("Éclairage public", 120, "oui", 4, 31_000), ("Compteurs d'eau", 300, "oui", 0.4, 0)),
    2025: (
        ("Éclairage public", 210, "oui", 4, 58_000),
        ("Compteurs d'eau", 300, "oui", 0.4, 0),
        ("Stationnement", 45, "non", 2.5, 0),
    ),
}

#: Scores of each dimension: questions of the grid, 1 to 5.
SCORES = {
    2024: ((3, 3), (1, 1), (3, 4), (2, 2), (2, 2, 3), (1, 2), (2, 3)),
    2025: ((4, 3), (3, 2), (4, 4), (2, 2), (3, 2, 3), (3, 2), (2, 3)),
}


def write_year(
    folder: Path, year: int, files: Mapping[str, Iterable[Mapping[str, object]]]
) -> None:
    for name, rows in files.items():
        write(folder / str(year) / f"{name}.csv", rows)


def records(city: City, year: int) -> dict[str, Iterable[Mapping[str, object]]]:
    """Return the tables that follow no asset."""
    inhabitants, agents = PEOPLE[year]
    headers = ("N° de marché", "Date de notification", "Objet", "Montant HT")
    headers += ("Clause environnementale", "Clause sociale", "Réparation locale")
    headers += ("Poids du critère environnemental (%)",)
    return {
        "effectifs": [
            {"Date": f"31/12/{year}", "Effectif": agents, "Habitants": inhabitants},
        ],
        "energie": energy_rows(year),
        "reparations": repair_rows(city, year, 34 if year == 2024 else 52),
        "marches": [dict(zip(headers, row, strict=True)) for row in CONTRACTS[year]],
        "evenements": event_rows(year),
        "projets": [
            {
                "Projet": name,
                "Date de mise en service": when,
                "Écoconçu": answer,
                "Score RGESN (%)": score,
                "Utilisateurs": users,
            }
            for name, when, answer, score, users in PROJECTS[year]
        ],
        "objets_connectes": [
            {
                "Usage de l'objet": use,
                "Nombre d'objets": count,
                "Réseau mutualisé": shared,
                "Consommation annuelle par objet (kWh)": number(kwh),
                "Énergie économisée (kWh)": saved,
                "Situation de référence": "relevé de 2022" if saved else "",
            }
            for use, count, shared, kwh, saved in OBJECTS[year]
        ],
        "maturite": [
            {
                "Date de l'évaluation": f"15/12/{year}",
                "Dimension": dimension,
                "Question": f"{dimension}.{question}",
                "Note": score,
            }
            for dimension, scores in enumerate(SCORES[year], 1)
            for question, score in enumerate(scores, 1)
        ],
    }


def main(folder: Path) -> None:
    """Write both years below a folder."""
    city = City()
    before = city.stock_of_2024()
    gone_2024 = [
        replace(city.item(kind, city.day(2024 - age)), left=city.day(2024))
        for kind in KINDS[:6]
        for age in (5, 6, 7, 9)
    ]
    write_year(
        folder,
        2024,
        {
            "parc": fleet_rows(before),
            "derniers_contacts": contact_rows(before),
            "achats": purchase_rows(
                city, [item for item in before if item.bought.year == 2024], 2024
            ),
            "sorties": disposal_rows(city, gone_2024),
            **records(city, 2024),
        },
    )
    retired = [item for item in before if item.status == "Réformé"]
    oldest = sorted((i for i in before if i.status != "Réformé"), key=lambda each: each.bought)[:60]
    leaving = {item.tag for item in (*retired[::2], *retired[1::4], *oldest)}
    gone = [replace(item, left=city.day(2025)) for item in before if item.tag in leaving]
    kept = [item for item in before if item.tag not in leaving]
    bought = [
        city.item(kind, city.day(2025), refurbished=city.random.random() < share)
        for kind, count, share in (
            (KINDS[0], 34, 0.55),
            (KINDS[2], 12, 0.5),
            (KINDS[3], 14, 0.6),
            (KINDS[6], 2, 0.0),
        )
        for _ in range(count)
    ]
    after = [
        item if item.status == "Réformé" else city.state(item, 2025) for item in (*kept, *bought)
    ]
    write_year(
        folder,
        2025,
        {
            "parc": fleet_rows(after),
            "derniers_contacts": contact_rows(after),
            "achats": purchase_rows(city, bought, 2025),
            "sorties": disposal_rows(city, gone),
            **records(city, 2025),
        },
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
