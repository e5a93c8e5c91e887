"""What a header names, in which unit, and which headers are refused."""

from __future__ import annotations

import csv
import importlib.resources

import pytest

import reen
from reen.errors import InventoryError
from reen.inventory.table_kinds import LINKED_KINDS, SCHEMA_OF_KIND
from reen.plugin.files import EQUIPMENT
from reen.tables.bundled_words import COMPACT, compact_words
from reen.tables.cells.units_in_text import in_column, read_unit
from reen.tables.headers.header_words import header_words, key_of, value_words
from reen.tables.headers.reading_columns import READ_EQUIPMENT
from reen.tables.headers.understanding import Headings, map_headers, recognise
from reen.types import Severity

from .workbooks import workbook_of

SCHEMAS = (READ_EQUIPMENT, *(SCHEMA_OF_KIND[kind] for kind in LINKED_KINDS))


def headings(*cells: str, **given: str) -> Headings:
    return map_headers(cells, given, "parc.csv")


def column(header: str) -> tuple[str, str]:
    """Return the canonical column and the unit of one header."""
    for name, group in headings("Type", header).columns.items():
        if group[0].position == 1:
            return name, group[0].unit
    return "", ""


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Modèle", "model"),
        ("MODELE", "model"),
        ("  modèle ", "model"),
        ("Mode\u0300le", "model"),
        ("Quantités", "quantity"),
        ("Qté", "quantity"),
        ("Nb", "quantity"),
        ("Nombre", "quantity"),
        ("N° de série", "serial_number"),
        ("S/N", "serial_number"),
        ("N° inventaire", "asset_tag"),
        ("Numéro\u00a0d’inventaire", "asset_tag"),  # noqa: RUF001 - as typed
        ("Fabricant", "manufacturer"),
        ("Marque", "manufacturer"),
        ("Date d'achat", "purchase_date"),
        ("Date d'achat (jj/mm/aaaa)", "purchase_date"),
        ("Statut", "status"),
        ("État", "status"),
        ("Bâtiment", "site"),
        ("Pays", "country"),
        ("Serialnumber", "serial_number"),
        ("PurchaseDate", "purchase_date"),
        ("Informations financières et administratives - Date de réforme", "retirement_date"),
        ("Composants - Processeur", "cpu_model"),
        ("Durée de vie", "lifetime"),
        ("Durée de vie prévue (ans)", "lifetime"),
        ("Durée de vie prévisionnelle", "lifetime"),
        ("Durée de vie estimée", "lifetime"),
        ("Durée de vie attendue", "lifetime"),
        ("Expected lifetime", "lifetime"),
        ("Durée de vie restante", ""),
        ("equipment_type_raw", "equipment_type_raw"),
        ("usage_hours_per_year", "usage_hours"),
        ("Observations", ""),
        ("Système d'exploitation - Nom", "operating_system"),
        ("CPU (MHz)", ""),
        ("Prix (TTC)", ""),
    ],
)
def test_header_names_a_column(header: str, expected: str) -> None:
    assert column(header)[0] == expected


@pytest.mark.parametrize("name", [name for name in EQUIPMENT if not name.startswith("source")])
def test_every_canonical_name_is_known(name: str) -> None:
    other = "model" if name == "equipment_type" else "equipment_type"
    assert name in headings(other, name).columns


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Conso (kWh/an)", ("annual_energy", "kWh/item/year")),
        ("Conso (kWh)", ("annual_energy", "kWh/item/year")),
        ("Consommation annuelle en MWh", ("annual_energy", "MWh/year")),
        ("Consommation (kWh par an et par poste)", ("", "")),
        ("annual_energy_kwh", ("annual_energy", "kWh/item/year")),
        ("annual_energy [Wh/item/month]", ("annual_energy", "Wh/item/month")),
        ("lifetime [month]", ("lifetime", "month")),
        ("lifetime [year]", ("lifetime", "year")),
        ("durée (mois)", ("lifetime", "month")),
        ("Durée de vie en mois", ("lifetime", "month")),
        ("Durée d'amortissement (années)", ("lifetime", "year")),
        ("Puissance (W)", ("power", "W/item")),
        # watts are power, whatever the header calls them
        ("Conso (W)", ("power", "W/item")),
        ("Consommation W", ("power", "W/item")),
        ("Consommation électrique (kW)", ("power", "kW")),
        ("Énergie [W]", ("power", "W/item")),
        ("Conso (W/an)", ("power", "W/item")),
        ("annual_energy [W/item]", ("annual_energy", "W/item")),
        ("power_w", ("power", "W/item")),
        ("power_max_w", ("power_max", "W/item")),
        ("weight_kg", ("weight", "kg/item")),
        ("Poids kg", ("weight", "kg/item")),
        ("Poids (g)", ("weight", "g")),
        ("price_eur", ("price", "EUR/item")),
        ("Prix HT (€)", ("price", "EUR/item")),
        ("ram_gib", ("ram", "GiB/item")),
        ("RAM (Mo)", ("ram", "MiB")),
        ("TotalMemory_GB", ("ram", "GiB/item")),
        ("storage_gb", ("storage", "GB/item")),
        ("Écran", ("", "")),
        ("Taille écran (pouces)", ("screen_size", "inch/item")),
        ("declared_footprint [kgCO2e/item]", ("declared_footprint", "kgCO2e/item")),
        ("Empreinte (kg éq. CO2)", ("declared_footprint", "kgCO2e/item")),
        (
            "declared_annual_footprint [kgCO2e/item/year]",
            ("declared_annual_footprint", "kgCO2e/item/year"),
        ),
        ("usage_share (%)", ("usage_share", "percent")),
        # A wrong dimension, or no unit at all in square brackets, goes on to be refused by reen.
        ("Conso (kg)", ("annual_energy", "kg")),
        ("lifetime [parsec/kg]", ("lifetime", "parsec/kg")),
        # Round brackets may hold any remark.
        ("Poids (brut)", ("", "")),
    ],
)
def test_unit_of_a_header(header: str, expected: tuple[str, str]) -> None:
    assert column(header) == expected


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("kWh/an", "kWh/year"),
        ("kWh par an", "kWh/year"),
        ("KWH / AN / POSTE", "kWh/year/item"),
        ("Go", "GB"),
        ('"', "inch"),
        ("''", "inch"),
        ("kgCO2eq", "kgCO2e"),
        ("kg CO₂", "kgCO2e"),
        ("t éq. CO2", "tCO2e"),
        ("tonnes CO2e/an", "tCO2e/year"),
        ("€", "EUR"),
        ("h/j", "hour/day"),
        ("", None),
        ("HT", None),
        ("kWh/bidule", None),
    ],
)
def test_units_in_words(text: str, unit: str | None) -> None:
    assert read_unit(text) == unit


def test_memory_is_counted_in_powers_of_two() -> None:
    assert in_column("GB", "ram") == "GiB/item"
    assert in_column("GB", "storage") == "GB/item"


def test_power_by_its_own_header_goes_before_watts_under_energy() -> None:
    found = headings("Type", "Conso (W)", "Puissance (W)", "Conso (kWh)")
    assert found.columns["power"][0].text == "Puissance (W)"
    assert found.columns["annual_energy"][0].text == "Conso (kWh)"
    assert list(found.kept) == ["Conso (W)"]


def test_two_headers_for_one_column_are_refused() -> None:
    with pytest.raises(InventoryError) as caught:
        headings("Type", "Type de matériel", "Quantité")
    message = str(caught.value)
    assert "parc.csv" in message
    assert "'Type' and 'Type de matériel' both claim 'equipment_type'" in message
    assert "columns={'Type': 'equipment_type'}" in message


def test_one_header_twice_is_refused() -> None:
    with pytest.raises(
        InventoryError, match=r"two columns are headed 'Type' \(number 1 and number 3\)"
    ):
        headings("Type", "Modèle", "Type")


def test_the_user_settles_a_conflict() -> None:
    found = map_headers(("Type", "Catégorie", "Nb"), {"catégorie": "equipment_type"}, "parc.csv")
    assert [heading.text for heading in found.columns["equipment_type"]] == ["Catégorie"]
    assert list(found.kept) == ["Type"]


def test_the_user_leaves_a_column_out() -> None:
    found = map_headers(("Type", "Catégorie", "Remarque"), {"Type": "", "Remarque": ""}, "p")
    assert found.columns["equipment_type"][0].text == "Catégorie"
    # they are read, since one may hold the word "Total", and never kept
    assert [heading.text for heading in found.left_out] == ["Type", "Remarque"]


def test_the_user_names_a_column_that_nothing_knows() -> None:
    found = map_headers(
        ("Genre", "Durée prévue (mois)"),
        {"Genre": "model"} | {"Durée prévue (mois)": "lifetime"},
        "p",
    )
    assert found.columns["lifetime"][0].unit == "month"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"Genre": "model"}, "parc.csv: there is no header 'Genre'.*found: 'Type', 'Nb'"),
        ({"Nb": "quantities"}, "there is no column 'quantities'; did you mean 'quantity'"),
    ],
)
def test_the_user_is_wrong(given: dict[str, str], message: str) -> None:
    with pytest.raises(InventoryError, match=message):
        reen.read(b"Type;Nb\nPC portable;2\n", name="parc.csv", columns=given)


def test_alternatives_have_an_order() -> None:
    found = headings("Type", "Date de livraison", "Année", "Date d'achat")
    dates = [heading.text for heading in found.columns["purchase_date"]]
    assert dates == ["Date d'achat", "Date de livraison", "Année"]


def test_alternatives_of_another_nature_are_kept_apart() -> None:
    found = headings("Type", "Service", "Direction", "Bâtiment", "Site")
    assert found.columns["entity"][0].text == "Direction"
    assert found.columns["site"][0].text == "Site"
    assert list(found.kept) == ["Service", "Bâtiment"]


def test_personal_headers_are_left_out() -> None:
    joining = ("Utilisateur", "E-mail", "Téléphone", "IMEI", "MAC Address", "Adresse IP")
    others = ("LocalAdmins", "Prénom", "Last name")
    found = headings("Type", *joining, *others)
    assert tuple(heading.text for heading in found.passing) == joining
    assert tuple(heading.text for heading in found.personal) == others
    assert not found.kept


def test_two_headers_of_persons_are_no_conflict() -> None:
    """They only serve to join: the second counts where the first is blank."""
    found = headings("Type", "Login", "Attribué à", "Matricule", "Utilisateur")
    texts = [heading.text for heading in found.columns["user"]]
    assert texts == ["Login", "Attribué à", "Utilisateur", "Matricule"]


def test_unnamed_columns_are_left_out_and_names_are_told_apart() -> None:
    found = headings("Type", "", "Remarque", "  ", "Remarque", "source", "Statut", "status_raw")
    assert list(found.kept) == ["Remarque", "Remarque (2)"]
    assert [heading.text for heading in found.dropped] == ["source"]


def test_no_header_says_what_the_equipment_is() -> None:
    with pytest.raises(InventoryError) as caught:
        headings("Quantitée", "Modelle", "Couleur")
    message = str(caught.value)
    assert "parc.csv: no header is known; found: 'Quantitée', 'Modelle', 'Couleur'" in message
    assert "'Modelle' looks like 'modele'" in message
    assert "columns={'header in the file': 'equipment_type'}" in message


def test_language_of_the_headers() -> None:
    assert headings("Type", "Date d'achat", "Statut").language == "fr"
    assert headings("Asset tag", "Model", "Purchase date").language == "en"
    assert headings("equipment_type", "purchase_date").language == ""


def test_recognised_cells() -> None:
    assert recognise(["Type", "", "Bidule", "Utilisateur"]) == ["equipment_type", "user"]
    assert recognise(["Bidule", "Type"], {"Bidule": "model", "Type": ""}) == ["model"]


def test_the_compact_words_are_made_of_the_tables_that_are_there() -> None:
    """Else: python -m reen.tables.bundled_words."""
    folder = importlib.resources.files("reen.tables").joinpath("data")
    assert folder.joinpath(COMPACT).read_text(encoding="utf-8") == compact_words()


def test_the_tables_of_words_name_columns_that_exist() -> None:
    for schema in SCHEMAS:
        known = {*schema, "(personal)", "(group)"}
        assert {word.column for word in header_words(schema.name).values()} <= known
        assert "" not in header_words(schema.name)
    for name, words in value_words().items():
        schema = next(each for each in SCHEMAS if name in each)
        values = set(schema[name].values) or {"true", "false"}
        assert set(words.values()) == values, name


@pytest.mark.parametrize("name", ["headers.csv", "record_headers.csv"])
def test_no_word_names_two_columns(name: str) -> None:
    table = importlib.resources.files("reen.tables").joinpath("data", name)
    claims: dict[tuple[str, str], set[str]] = {}
    for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
        for word in (*row["french"].split(";"), *row["english"].split(";")):
            if word:
                key = row.get("table", ""), key_of(word)
                claims.setdefault(key, set()).add(row["column"])
    assert {word: columns for word, columns in claims.items() if len(columns) > 1} == {}


@pytest.mark.parametrize(
    ("one", "other"), [("Bureau", "Salle"), ("Affectation", "Local"), ("Site", "Lieu")]
)
def test_two_headers_of_places_are_no_error(one: str, other: str) -> None:
    text = f"Type;{one};{other}\nÉcran;Mairie;Accueil\n"
    found = reen.read(text.encode(), name="parc.csv")
    assert found.table["site"].to_pylist() == ["Mairie"]
    assert found.report.left_out == (other,)


def test_a_sheet_with_two_columns_for_one_thing_is_refused_for_that() -> None:
    """The other sheet is read; this one has types, and is not said to have none."""
    rows = [["Type", "Type de matériel"], ["Écran", "24 pouces"], ["PC", "fixe"]]
    data = workbook_of({"A": [["Type", "Nb"], ["Écran", 3]], "B": rows})
    found = reen.read(data, name="parc.xlsx")
    (refused,) = [each for each in found.issues if each.source == "parc.xlsx[B]"]
    assert refused.severity is Severity.REJECTED
    assert "'Type' and 'Type de matériel' both claim 'equipment_type'" in str(refused)
    assert "--column 'Type=equipment_type'" in str(refused)


#: Columns that reen fills itself, and words that no tool writes in French.
_MADE = {
    *("equipment_type_basis", "equipment_type_candidates", "source", "source_row", "user_id"),
    *("purchase_date_precision", "retirement_date_precision"),
}


def test_every_column_is_read_from_french_headers() -> None:
    """Its own name is read too, which may be English enough."""
    folder = importlib.resources.files("reen.tables").joinpath("data")
    there = set()
    for file in ("headers.csv", "record_headers.csv"):
        with folder.joinpath(file).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if row["french"]:
                    there.add((row.get("table") or "equipment", row["column"]))
    missing = [
        f"{kind}.{name}"
        for kind, schema in SCHEMA_OF_KIND.items()
        for name in schema
        if name not in _MADE and not name.endswith("_raw") and (kind, name) not in there
    ]
    assert not missing, f"add to headers.csv, or to record_headers.csv: {missing}"
