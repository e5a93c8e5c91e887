import csv
import importlib.resources

import pytest

from reen.vocabulary.countries import resolve_country
from reen.vocabulary.lookup import read_table, split_words

NAMES = {
    "France": "FR",
    "FR": "FR",
    "fra": "FR",
    "France métropolitaine": "FR",
    "États-Unis": "US",
    "Etats-Unis": "US",
    "ETATS UNIS": "US",
    "USA": "US",
    "U.S.A.": "US",
    "United States": "US",
    "UK": "GB",
    "Royaume-Uni": "GB",
    "Grande-Bretagne": "GB",
    "Pays-Bas": "NL",
    "The Netherlands": "NL",
    "Côte d'Ivoire": "CI",
    "Côte d\u2019Ivoire": "CI",
    "Cote d'Ivoire": "CI",
    "Ivory Coast": "CI",
    "Corée du Sud": "KR",
    "Korea, Republic Of": "KR",
    "South Korea": "KR",
    "Allemagne": "DE",
    "Deutschland": "DE",
    "Tchéquie": "CZ",
    "République tchèque": "CZ",
    "Turquie": "TR",
    "Turkey": "TR",
    "Viêt Nam": "VN",
    "Vietnam": "VN",
    "Bosnia-Herzegovina": "BA",
    "Bosnia & Herzegovina": "BA",
    "Democratic Republic of Congo": "CD",
    "Congo": "CG",
    "Russian Federation": "RU",
    "Cape Verde": "CV",
    "East Timor": "TL",
    "Hong Kong": "HK",
    "Iran": "IR",
    "Suisse": "CH",
    "Belgique": "BE",
    "Luxembourg": "LU",
    "Guyana": "GY",
    "Dominique": "DM",
    "Dominican Republic": "DO",
    "Niger": "NE",
    "Nigeria": "NG",
    "Namibie": "NA",
    "NA": "NA",
}

#: Overseas territories: other electricity than the mainland's.
OVERSEAS = {
    "Réunion": "RE",
    "La Réunion": "RE",
    "Reunion": "RE",
    "REU": "RE",
    "Guadeloupe": "GP",
    "Martinique": "MQ",
    "Guyane": "GF",
    "Guyane française": "GF",
    "French Guiana": "GF",
    "Mayotte": "YT",
    "Nouvelle-Calédonie": "NC",
    "Polynésie française": "PF",
    "Saint-Pierre-et-Miquelon": "PM",
    "Wallis-et-Futuna": "WF",
    "Saint-Barthélemy": "BL",
    "Saint-Martin": "MF",
}

#: Places that ISO 3166-1 assigns no code, and whose electricity is their own.
BEYOND_ISO_3166_1 = {
    "Kosovo": "XK",
    "XK": "XK",
    "XKX": "XK",
    "Corse": "FR-20R",
    "Corsica": "FR-20R",
    "Haute-Corse": "FR-20R",
    "fr-20r": "FR-20R",
}


@pytest.mark.parametrize(
    ("text", "code"), [*NAMES.items(), *OVERSEAS.items(), *BEYOND_ISO_3166_1.items()]
)
def test_names_and_codes(text: str, code: str) -> None:
    assert resolve_country(text) == code


@pytest.mark.parametrize(
    "text", ["", "?", "ZZ", "World", "Europe", "European Union (27)", "Corée", "Frence"]
)
def test_what_is_no_single_country_resolves_to_none(text: str) -> None:
    assert resolve_country(text) is None


def test_the_list_is_whole() -> None:
    rows = read_table("countries.csv")
    beyond = set(BEYOND_ISO_3166_1.values())
    assert beyond <= {row["alpha_2"] for row in rows}
    assigned = [row for row in rows if row["alpha_2"] not in beyond]
    assert len(assigned) == 249  # assigned codes of ISO 3166-1
    assert len({row["alpha_2"] for row in assigned}) == 249
    assert len({row["alpha_3"] for row in rows}) == len(rows)
    for row in assigned:
        assert row["alpha_2"].isupper()
        assert len(row["alpha_2"]) == 2
        assert row["alpha_3"].isupper()
        assert len(row["alpha_3"]) == 3


def test_every_code_name_and_alias_resolves() -> None:
    for row in read_table("countries.csv"):
        words = (row["alpha_2"], row["alpha_3"], row["name_en"], row["name_fr"])
        for word in (*words, *split_words(row["aliases"])):
            for spelling in (word, word.lower(), word.upper()):
                assert resolve_country(spelling) == row["alpha_2"], spelling


#: Columns whose cells hold several words.
LISTS = {"aliases", "synonyms", "words", "candidates"}


@pytest.mark.parametrize(
    "name", ["criteria.csv", "equipment_types.csv", "ambiguous_words.csv", "countries.csv"]
)
def test_tables_are_clean(name: str) -> None:
    """No stray blank, no empty word, every line with the columns of the header, LF ends."""
    path = importlib.resources.files("reen.vocabulary").joinpath("data", name)
    raw = path.read_bytes()
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    header, *rows = csv.reader(raw.decode("utf-8").splitlines())
    assert {len(row) for row in rows} == {len(header)}
    for row in rows:
        for column, cell in zip(header, row, strict=True):
            words = cell.split(";") if column in LISTS and cell else [cell]
            assert all(word == word.strip() for word in words)
            assert all(words) or words == [""]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Cote Divoire", "CI"),
        ("Macedonia The Former Yugoslav Republic Of", "MK"),
        ("Iran Islamic Republic Of", "IR"),
        ("Libyan Arab Jamahiriya", "LY"),
    ],
)
def test_names_as_life_cycle_data_write_them(written: str, code: str) -> None:
    """Base IMPACTS drops apostrophes and commas, and keeps names of its reference year."""
    assert resolve_country(written) == code
