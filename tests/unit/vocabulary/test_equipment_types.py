import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen.errors import UnknownNameError
from reen.vocabulary.equipment_types import (
    AmbiguousWord,
    EquipmentType,
    EquipmentTypes,
    WeeeCategory,
    bundled_equipment_types,
)
from reen.vocabulary.lookup import VocabularyError, word_form

KEYS = (
    "laptop desktop all_in_one workstation thin_client tablet smartphone mobile_phone desk_phone"
    " monitor television interactive_display video_projector printer multifunction_printer scanner"
    " server storage tape_library switch router firewall wifi_access_point network_other box ups"
    " pdu rack docking_station keyboard mouse headset webcam e_reader game_console kiosk iot"
    " external_hdd external_ssd usb_stick vr_headset power_supply graphics_card"
    " cloud_instance other unknown"
)

#: The city of Boulogne-Billancourt, work programme of 2023, figures 1 to 4, as printed.
BOULOGNE = {
    "Serveurs rack": "server",
    "PC fixes": "desktop",
    "PC portables": "laptop",
    "Smartphones": "smartphone",
    "Téléphones mobiles": None,  # in a list of 2025 most are smartphones
    "Imprimantes": "printer",
    "Vidéo projecteurs interactifs": "video_projector",
    "Écrans numériques interactifs": "interactive_display",
    "Bornes Wifi": "wifi_access_point",
    "Tablettes": "tablet",
}

HAND_MADE = {
    "UC": "desktop",
    "Unité centrale": "desktop",
    "UNITES CENTRALES": "desktop",
    "Tour": "desktop",
    "poste fixe": "desktop",
    "PC de bureau": "desktop",
    "Ordinateurs fixes": "desktop",
    "Ordinateurs de bureau": "desktop",
    "Tout-en-un": "all_in_one",
    "PC tout en un": "all_in_one",
    "AIO": "all_in_one",
    "portable PC": "laptop",
    "Ordinateurs portables": "laptop",
    "Ultrabook": "laptop",
    "Stations de travail": "workstation",
    "Clients légers": "thin_client",
    "Écrans": "monitor",
    "Ecran": "monitor",
    'Écran 24"': "monitor",
    "Écran 23,8 pouces": "monitor",
    "moniteurs": "monitor",
    "LCD": "monitor",
    "ECRAN LCD": "monitor",
    "Copieur": "multifunction_printer",
    "Photocopieurs": "multifunction_printer",
    "MFP": "multifunction_printer",
    "Imprimantes multifonctions": "multifunction_printer",
    "Imprimante jet d\u2019encre": "printer",
    "Traceur": "printer",
    "VPI": "video_projector",
    "Vidéoprojecteur": "video_projector",
    "vidéoprojecteurs interactifs": "video_projector",
    "ENI": "interactive_display",
    "TBI": "interactive_display",
    "TNI": "interactive_display",
    "Tableaux numériques interactifs": "interactive_display",
    "Tableau blanc interactif": "interactive_display",
    "borne wifi": "wifi_access_point",
    "Borne Wi-Fi": "wifi_access_point",
    "AP": "wifi_access_point",
    "Points d'accès Wi-Fi": "wifi_access_point",
    "Commutateur": "switch",
    "Commutateurs réseaux": "switch",
    "Switchs": "switch",
    "Switches": "switch",
    "Pare-feux": "firewall",
    "Routeurs": "router",
    "Équipements réseau (switch, routeur, borne)": "network_other",
    "Objets connectés (caméras, capteurs)": "iot",
    "Onduleur": "ups",
    "Onduleurs": "ups",
    "UPS": "ups",
    "Baie de stockage": "storage",
    "NAS": "storage",
    "Baie": "rack",
    "Serveurs physiques": "server",
    "Noeud de calcul": "server",
    "Téléphones fixes": "desk_phone",
    "Postes téléphoniques": "desk_phone",
    "Téléphone portable": None,
    "Téléphone basique": "mobile_phone",
    "Liseuses": "e_reader",
    "Console de jeux": "game_console",
    "Consoles de jeu": "game_console",
    "Automate de prêt": "kiosk",
    "Portique RFID": "other",
    "Clavier/souris": "keyboard",
    "Clés USB": "usb_stick",
    "Clef usb": "usb_stick",
    "Télévision 40 - 49 pouces": "television",
    "Smartphone > 5,5 pouces": "smartphone",
    "Stations d'accueil": "docking_station",
    "Casques audio": "headset",
    "Autres": "other",
    "Divers": "other",
    "Inconnu": "unknown",
    "Non renseigné": "unknown",
}

TOOLS = {
    # SMBIOS chassis types, as GLPI and OCS agents write them
    "Notebook": "laptop",
    "Laptop": "laptop",
    "Sub Notebook": "laptop",
    "Convertible": "laptop",
    "Detachable": "laptop",
    "Desktop": "desktop",
    "Low Profile Desktop": "desktop",
    "Mini Tower": "desktop",
    "Tower": "desktop",
    "Space-saving": "desktop",
    "Pizza Box": "desktop",
    "Mini PC": "desktop",
    "Stick PC": "desktop",
    "Poste de travail - Slim": "desktop",
    "All in One": "all_in_one",
    "Tablet": "tablet",
    "Rack Mount Chassis": "server",
    "Main Server Chassis": "server",
    "Blade": "server",
    "RAID Chassis": "storage",
    "Docking Station": "docking_station",
    "IoT Gateway": "iot",
    "Other": "other",
    "Unknown": "unknown",
    # GLPI item types
    "Monitor": "monitor",
    "Printer": "printer",
    "Network device": "network_other",
    "PDU": "pdu",
    "Rack": "rack",
    # Lansweeper, Snipe-IT, Intune, ServiceNow
    "Wireless Access Point": "wifi_access_point",
    "VMware ESX server": "server",
    "NAS device": None,
    "VOIP Phones": "desk_phone",
    "Conference Phones": "desk_phone",
    "Displays": "monitor",
    "Mobile Phones": None,
    "mobile_phone": "mobile_phone",
    "Networking Equipment": "network_other",
    "enterprise server": "server",
    "IP Switch": "switch",
    "cmdb_ci_linux_server": "server",
    "iPad": "tablet",
    "iPhone": "smartphone",
    # NumEcoEval and G4IT
    "Compute Server": "server",
    "Storage Server": "storage",
    "Dedicated Server": "server",
    "Shared Server": "server",
    "Landline": "desk_phone",
    "Screen": "monitor",
    "Tv box / decoder": "other",
    "Portable console": "game_console",
    "Connected speaker": "iot",
    # BoaviztAPI and Base IMPACTS
    "ExternalHHD": "external_hdd",
    "ExternalSSD": "external_ssd",
    "USBStick": "usb_stick",
    "laptop-pro": "laptop",
    "desktop-perso": "desktop",
    # EcoDiag
    "allinone": "all_in_one",
    "videoprojector": "video_projector",
    "pad": "tablet",
    "ipphone": "desk_phone",
    "dockingstation": "docking_station",
    "wifihub": "wifi_access_point",
    "harddrive": "external_hdd",
    # GES 1point5
    "pc fixe sans écran": "desktop",
    "pc fixe tout-en-un": "all_in_one",
    "pc portable": "laptop",
    "écran": "monitor",
    "videoprojecteur": "video_projector",
    "tablette": "tablet",
    "smartphone": "smartphone",
    "imprimante": "printer",
    "téléphone ip": "desk_phone",
    "station d'accueil": "docking_station",
    "clavier souris": "keyboard",
    "borne wifi": "wifi_access_point",
    "serveur": "server",
    "disque dur": "external_hdd",
    "gpu puissant": "graphics_card",
    # older spellings of our own tables
    "feature_phone": "mobile_phone",
    "ip_phone": "desk_phone",
    "projector": "video_projector",
    "tv": "television",
    "webcam_camera": "webcam",
    "desktop_all_in_one": "all_in_one",
}


def resolve(text: str) -> str | None:
    return bundled_equipment_types().resolve(text)


def test_the_keys_in_order() -> None:
    assert " ".join(bundled_equipment_types().keys) == KEYS


@pytest.mark.parametrize(("word", "key"), [*BOULOGNE.items(), *HAND_MADE.items(), *TOOLS.items()])
def test_words_as_written(word: str, key: str | None) -> None:
    assert resolve(word) == key


def test_every_key_title_and_synonym_resolves() -> None:
    for t in bundled_equipment_types():
        for word in (t.key, t.title_en, t.title_fr, *t.synonyms):
            for spelling in (word, word.upper(), f" {word}\u00a0"):
                assert resolve(spelling) == t.key, spelling


def test_no_synonym_is_redundant() -> None:
    for t in bundled_equipment_types():
        forms = [word_form(word) for word in t.synonyms]
        named = {word_form(word) for word in (t.key, t.title_en, t.title_fr)}
        assert len(forms) == len(set(forms))
        assert not named.intersection(forms)


@pytest.mark.parametrize(
    "word",
    [
        "portable",
        "Portables",
        "téléphone",
        "station",
        "PC",
        "Ordinateur",
        "Computer",
        "Borne",
        "Téléphones mobiles",
        "telephones portables",
        "Mobile phone",
        "GSM",
        "Communication Device",
        "Imprimantes / copieurs",
        "2 in 1",  # no diagonal, although it holds a number and "in"
    ],
)
def test_a_word_that_names_several_types_resolves_to_none_and_proposes_them(word: str) -> None:
    types = bundled_equipment_types()
    assert types.resolve(word) is None
    candidates = types.nearest(word)
    assert len(candidates) >= 2
    assert set(candidates) <= set(types.keys)


def test_ambiguous_words_are_proposed_likeliest_first() -> None:
    assert bundled_equipment_types().nearest("Portables") == (
        "laptop",
        "mobile_phone",
        "smartphone",
    )
    assert bundled_equipment_types().nearest("STATION") == ("workstation", "docking_station")


@pytest.mark.parametrize("word", ["", "  ", "?", "xyzzy", "Serveur virtuel", "VMware", "Location"])
def test_other_words_resolve_to_none(word: str) -> None:
    assert resolve(word) is None


@pytest.mark.parametrize(
    ("typo", "key"),
    [
        ("ordinateur portbale", "laptop"),
        ("lap top", "laptop"),
        ("imprimente", "printer"),
        ("vidéo-projeteur", "video_projector"),
        ("comutateur", "switch"),
        ("ecrant 24 pouces", "monitor"),
        ("ordinateur portable de l'agent", "laptop"),
    ],
)
def test_a_typo_is_not_guessed_but_has_its_type_first_among_suggestions(
    typo: str, key: str
) -> None:
    assert resolve(typo) is None
    assert bundled_equipment_types().nearest(typo)[0] == key


@pytest.mark.parametrize("text", ["", "?", "xyzzy", "q" * 10_000])
def test_nothing_alike_gives_no_suggestion(text: str) -> None:
    assert bundled_equipment_types().nearest(text) == ()


@given(st.text(max_size=40))
def test_any_text_gives_a_key_or_none(text: str) -> None:
    types = bundled_equipment_types()
    assert types.resolve(text) in {*types.keys, None}
    assert len(types.nearest(text)) <= 3


#: Annex III of directive 2012/19/EU, read on the usual professional device.
WEEE = {
    "laptop": WeeeCategory.SCREENS,
    "tablet": WeeeCategory.SCREENS,
    "monitor": WeeeCategory.SCREENS,
    "all_in_one": WeeeCategory.SCREENS,
    "interactive_display": WeeeCategory.SCREENS,
    "server": WeeeCategory.LARGE,
    "multifunction_printer": WeeeCategory.LARGE,
    "video_projector": WeeeCategory.SMALL,
    "headset": WeeeCategory.SMALL,
    "smartphone": WeeeCategory.SMALL_IT,
    "desktop": WeeeCategory.SMALL_IT,
    "printer": WeeeCategory.SMALL_IT,
    "router": WeeeCategory.SMALL_IT,
    "rack": None,
    "other": None,
    "unknown": None,
}


@pytest.mark.parametrize(("key", "category"), WEEE.items())
def test_waste_categories(key: str, category: WeeeCategory | None) -> None:
    assert bundled_equipment_types()[key].weee_category is category


def test_waste_category_titles() -> None:
    for titles in ({c.title_en for c in WeeeCategory}, {c.title_fr for c in WeeeCategory}):
        assert len(titles) == len(WeeeCategory) == 6
    assert WeeeCategory(2).title_en.startswith("Screens")
    assert int(WeeeCategory.SMALL_IT) == 6
    assert WeeeCategory.LARGE.title_fr == "Gros équipements (plus de 50 cm)"


def test_servers() -> None:
    assert {t.key for t in bundled_equipment_types() if t.is_server} == {"server", "storage"}


def new_type(key: str = "gyrophare", *, synonyms: tuple[str, ...] = ()) -> EquipmentType:
    return EquipmentType(key=key, title_en=key, title_fr=key, synonyms=synonyms)


def test_as_a_collection() -> None:
    types = bundled_equipment_types()
    assert types["laptop"].title_fr == "Ordinateur portable"
    assert "laptop" in types
    assert "notebook" not in types  # a synonym is resolved, not indexed
    assert len(types) == len(list(types)) == len(KEYS.split())
    with pytest.raises(UnknownNameError, match="Did you mean 'laptop'") as caught:
        types["notebook"]
    assert isinstance(caught.value, LookupError)
    assert bundled_equipment_types() is types


def test_extended_adds_and_keeps_the_ambiguous_words() -> None:
    types = bundled_equipment_types()
    more = types.extended([new_type(synonyms=("feu tournant",))])
    assert more.resolve("Feux tournants") == "gyrophare"
    assert more.resolve("portable") is None
    assert "gyrophare" not in types


@pytest.mark.parametrize(
    ("added", "message"),
    [
        (new_type(synonyms=("Écrans plats",)), "'Écrans plats' names both 'monitor' and"),
        (new_type("laptop"), "'laptop' is declared twice"),
        (new_type(synonyms=("Portables",)), "'portable' names 'gyrophare', but alone it may mean"),
    ],
)
def test_a_contradiction_is_refused(added: EquipmentType, message: str) -> None:
    with pytest.raises(VocabularyError, match=message):
        bundled_equipment_types().extended([added])


def test_an_ambiguous_word_needs_candidates_that_exist() -> None:
    with pytest.raises(VocabularyError, match="'siren' is no type, but the ambiguous word 'feu'"):
        EquipmentTypes([new_type()], ambiguous=[AmbiguousWord("feu", ("gyrophare", "siren"))])


def test_equal_and_alive_after_pickling() -> None:
    types = bundled_equipment_types()
    copy = pickle.loads(pickle.dumps(types))  # noqa: S301 - our own bytes
    assert copy == types
    assert copy.resolve("PC portables") == "laptop"
