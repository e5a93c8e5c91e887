"""Reading purchases: the buyer's terms and the offers, from TOML and from a sheet.

Input: a TOML file with both, or one with the terms and a table of offers beside it.  Output: a
`Consultation`; every fault is named by its line or its row.
"""

from __future__ import annotations

from pathlib import Path

from reen.errors import FileFormatError, OptionError
from reen.gate.reads import is_there
from reen.purchasing.offer import Consultation, Offer, Terms
from reen.reasons import Reason, say
from reen.strategy.fields import Field, amount, flag, number, text
from reen.strategy.sheets import SHEET_SUFFIXES, SheetKind, SheetTables
from reen.strategy.toml_tables import Tables

__all__ = ["read_consultation"]

TERMS = (
    Field("title", "titre", text),
    Field("life", "duree_ans", number, required=True),
    Field("mix", "kg_kwh", number, required=True),
    Field("kwh_price", "euros_kwh", number, required=True),
    Field("end_of_life", "fin_de_vie_euros", number, required=True),
    Field("source", "source", text, required=True),
    Field("spread", "dispersion", number),
    Field("spread_source", "source_dispersion", text),
    Field("kwh_spread", "dispersion_kwh", number),
    Field("file", "fichier", text),
)
POINTS = (
    Field("points_carbon", "carbone", amount),
    Field("points_cost", "cout", amount),
    Field("points_repairability", "reparabilite", amount),
)
OFFER = (
    Field("supplier", "fournisseur", text, required=True),
    Field("model", "modele", text, required=True),
    Field("quantity", "nombre", number),
    Field("price", "prix_euros", number),
    Field("warranty", "garantie_ans", number),
    Field("parts", "pieces_ans", number),
    Field("updates", "mises_a_jour_ans", number),
    Field("sheet_method", "methode_fiche", text),
    Field("total", "total_kg", number),
    Field("use_share", "part_utilisation", number),
    Field("sheet_life", "duree_fiche_ans", number),
    Field("kwh", "kwh_an", number),
    Field("refurbished", "reconditionne", flag),
    Field("repairability", "indice_reparabilite", number),
    Field("end_of_life", "fin_de_vie_euros", number),
    Field("spread", "dispersion", number),
)
_TERMS, _POINTS, _OFFERS = ("achat", "purchase"), ("points",), ("offre", "offer")
_SHEET = SheetKind(name="offre", fields=OFFER)


def read_consultation(path: str | Path, terms: Terms | str | Path | None) -> Consultation:
    """Return the terms and the offers of a file, or of a table and a file of terms.

    Raises
    ------
    FileFormatError
        As `offers`.
    OptionError
        A table without terms, or terms beside a file that has its own.
    """
    path = Path(path)
    if path.suffix.lower() not in SHEET_SUFFIXES:
        if terms is not None:
            raise OptionError(
                "offers", "terms", str(terms), Reason("error_file_has_terms", name=path.name)
            )
        made, found, file = _terms(path, offers=True)
        if file is None:
            return _together((path,), made, found)
        return _together((path, file), made, [*found, *_of_sheet(file)])
    if terms is None:
        expected = Reason("error_section_achat")
        raise OptionError("offers", "terms", "none", expected)
    if isinstance(terms, Terms):
        return _together((path,), terms, _of_sheet(path))
    return _together((path, Path(terms)), _terms(Path(terms), offers=False)[0], _of_sheet(path))


def _together(files: tuple[Path, ...], terms: Terms, found: list[Offer]) -> Consultation:
    try:
        return Consultation(terms=terms, offers=tuple(found), files=files)
    except OptionError as error:
        reason = f"holds {error.value} in {error.option}; expected {error.expected}"
        raise FileFormatError(str(files[0]), reason) from error


def _of_sheet(path: Path) -> list[Offer]:
    """Return the offers of a table."""
    return _offers(SheetTables.read_sheet(path, [_SHEET]), path)


def _offers(tables: Tables, path: Path) -> list[Offer]:
    made = [
        tables.made(Offer, tables.values(each, OFFER, place), place, OFFER)
        for each, place in tables.each(_OFFERS)
    ]
    tables.refuse_faults(path)
    return [each for each in made if each is not None]


def _terms(path: Path, *, offers: bool) -> tuple[Terms, list[Offer], Path | None]:
    """Return the terms of a TOML file, its offers, and the file that holds others."""
    tables = Tables.read(path, "a purchase")
    tables.check_names([*_TERMS, *_POINTS, *(_OFFERS if offers else ())])
    points: dict[str, float] = {}
    for each, place in tables.each(_POINTS):
        points |= tables.values(each, POINTS, place) or {}
    made: list[Terms | None] = []
    file: Path | None = None
    for each, place in tables.each(_TERMS):
        values = tables.values(each, TERMS, place)
        if values is not None:
            named = values.pop("file", None)
            file = None if named is None else path.parent / named
            if file is not None and not is_there(file, file=True):
                said = say("fault_not_in_folder", name=named, folder=str(path.parent))
                tables.fault((*place, "fichier"), said)
            made.append(tables.made(Terms, {**values, **points}, place, (*TERMS, *POINTS)))
    if not tables.faults and len(made) != 1:
        tables.fault(("achat", 1, ""), say("fault_no_terms") if not made else say("fault_twice"))
    found = _offers(tables, path)
    return next(each for each in made if each is not None), found, file
