"""Words of a change between two years: one plain sentence, and what must be known beside it.

Input: a `Change`.  Output: text in English and in French, in which every figure has the same unit
and the same decimals.  What is no change of the fleet says so; fewer items are called doubtful
where rows of one of the years are not read.  Computes nothing but signs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from reen.errors import UnknownNameError
from reen.results.wording import LANGUAGES, Scale, joined

if TYPE_CHECKING:
    from reen.results.change import Change, Unread
    from reen.results.total import Total

__all__ = ["cause_title", "change_lines", "change_sentence"]

#: Relative to the largest figure: what adding floats may leave of nothing.
_ROUNDING = 1e-12

#: The two years, as they are measured.
_YEARS = ("restated", "after")

#: What French does not say, and what it says.
_ELISION = ("De au moins", "D'au moins")

#: Causes of which the sign of the effect decides the words.
_SIGNED = frozenset({"lifetime", "usage_share", "annual_energy", "pue"})


def change_sentence(change: Change, *, criterion: str, language: str) -> str:
    """Return why the footprint changed, in one sentence.

    Raises
    ------
    UnknownNameError
        Another language.
    """
    words, scale = _words(language), change.scale(criterion)
    first, last = change.ends(criterion)
    causes = {str(cause): value for (cause,), value in change.by_cause(criterion=criterion).items()}
    size = max([abs(value) for value in causes.values()] + [_figure(first), _figure(last)])
    causes = {cause: value for cause, value in causes.items() if abs(value) > _ROUNDING * size}
    fields = {
        "before": _total(first, scale, language, words),
        "after": _total(last, scale, language, words),
        "unit": scale.unit_in(language),
        "value": scale.text(change.value(criterion), language=language, sign=True),
        "parts": joined(
            [
                words["part"].format(
                    value=scale.text(value, language=language, sign=True),
                    cause=_cause(change, cause, value, words),
                )
                for cause, value in causes.items()
            ],
            words["and"],
        ),
    }
    if np.isnan(first.value) and np.isnan(last.value):
        return words["neither"]
    if not causes:
        return words["same"].format(**fields)
    said = words["one cause" if len(causes) == 1 else "sentence"].format(**fields)
    return said.replace(*_ELISION) if language == "fr" else said


def cause_title(cause: str, detail: str, language: str) -> str:
    """Return the title of a cause, and of its detail."""
    words = _words(language)
    title = words.get(f"title {cause}", cause.replace("_", " "))
    if not detail:
        return title
    said = words.get(f"detail {detail}") or words.get(f"title {detail}")
    return f"{title}{words['colon']}{said or detail.replace('_', ' ')}"


def change_lines(change: Change, *, criterion: str, language: str) -> Iterator[str]:
    """Yield what must be known beside the sentence."""
    words = _words(language)
    totals = change.totals(criterion)
    yield from (words[f"incomplete {name}"] for name in _YEARS if not totals[name].complete)
    yield from _of_items(change, criterion, language, words)
    if change.printed is not None:
        scale = change.scale(criterion)
        yield words["printed"].format(
            printed=_total(totals["printed"], scale, language, words),
            restated=_total(totals["restated"], scale, language, words),
            unit=scale.unit_in(language),
        )
    dates = [each.provenance.as_of for each in (change.restated, change.after)]
    said = {
        "one restatement": bool(change.not_replayed),
        "no entities": not change.entities,
        "no identifiers": not change.identified,
        "one date": dates[0] == dates[1],
    }
    yield from (
        words[name].format(date=dates[0], why=change.not_replayed)
        for name, holds in said.items()
        if holds
    )


def _of_items(
    change: Change, criterion: str, language: str, words: Mapping[str, str]
) -> Iterator[str]:
    """Yield what makes the number of items doubtful."""
    scale = change.scale(criterion)
    for year, unread in zip(_YEARS, change.unread, strict=True):
        said = joined(list(_unread(unread, words)), words["and"])
        if said:
            yield words["unread"].format(year=words[f"year {year}"], what=said)
    even = change.break_even(criterion)
    if even is not None:
        figure = scale.text(even, language=language)
        yield words["break even"].format(value=figure, unit=scale.unit_in(language))
    if not change.same_blanks:
        counts = dict(zip(("before", "after"), change.without_entity, strict=True))
        yield words["blank entities"].format(**counts)
    if not change.statuses_known:
        before, after = (each.assumed_in_use for each in change.unread)
        yield words["status"].format(before=before, after=after)


def _unread(unread: Unread, words: Mapping[str, str]) -> Iterator[str]:
    counts = {
        "refused": unread.refused_rows,
        "untyped": unread.untyped_rows,
        "unknown": unread.unknown_quantities,
        "doubts": unread.doubts,
    }
    for name, count in counts.items():
        if count:
            yield words[f"{name} {'one' if count == 1 else 'many'}"].format(count=count)


def _words(language: str) -> Mapping[str, str]:
    if language not in LANGUAGES:
        raise UnknownNameError("language", language, (), LANGUAGES)
    return _WORDS[language]


def _figure(total: Total) -> float:
    return 0.0 if np.isnan(total.value) else abs(total.value)


def _total(total: Total, scale: Scale, language: str, words: Mapping[str, str]) -> str:
    """Return a total, with what it lacks."""
    text = scale.text(0.0 if np.isnan(total.value) else total.value, language=language)
    if total.doubtful:
        return words["doubtful"].format(value=text)
    if total.complete:
        return text
    return words["at least" if total.lower_bound else "incomplete"].format(value=text)


def _cause(change: Change, cause: str, value: float, words: Mapping[str, str]) -> str:
    """Return a cause as the sentence says it."""
    if cause == "fleet":
        more = change.unread[1].items - change.unread[0].items
        sign = "less" if value < 0.0 else "more"
        said = words[f"fleet {sign}" if more * value > 0.0 else "fleet"]
        return words["in doubt"].format(cause=said) if change.doubtful else said
    if cause in _SIGNED:
        return words[f"{cause} {'less' if value < 0.0 else 'more'}"]
    return words.get(cause, cause.replace("_", " "))


#: Sentences and their parts, by language.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "sentence": "From {before} to {after} {unit}: {value}, of which {parts}.",
        "one cause": "From {before} to {after} {unit}: {value}, wholly {parts}.",
        "same": "Nothing changed: {after} {unit} in both years.",
        "neither": "Nothing of this is measured in either year.",
        "part": "{value} by {cause}",
        "and": "and",
        "colon": ": ",
        "at least": "at least {value}",
        "incomplete": "{value} (incomplete)",
        "doubtful": "{value} (doubtful)",
        "in doubt": "{cause} (doubtful: see what is not read)",
        "fleet": "the number of items of each type",
        "fleet less": "fewer items",
        "fleet more": "more items",
        "lifetime less": "longer lives",
        "lifetime more": "shorter lives",
        "usage_share less": "a smaller share of use",
        "usage_share more": "a larger share of use",
        "annual_energy less": "less energy per item",
        "annual_energy more": "more energy per item",
        "pue less": "a lower PUE",
        "pue more": "a higher PUE",
        "models": "other models of the same types",
        "mix": "the electricity mix (not a change of the fleet)",
        "factors": "new factors (not a change of the fleet)",
        "method": "another method (not a change of the fleet)",
        "restatement": "new factors and method (not a change of the fleet)",
        "reading": "the first year read again (not a change of the fleet)",
        "perimeter": "what only one year has or knows (not a change of the fleet)",
        "assumed": "what one year states and the other assumes (not a change of the fleet)",
        "unsplit": "rows whose data cannot be compared",
        "title fleet": "number of items",
        "title lifetime": "lifetimes",
        "title usage_share": "share of use",
        "title annual_energy": "energy per item",
        "title pue": "overhead of data centres (PUE)",
        "title models": "models",
        "title mix": "electricity mix",
        "title factors": "restatement, factors",
        "title method": "restatement, method",
        "title restatement": "restatement, factors and method together",
        "title reading": "restatement, figure as printed",
        "title perimeter": "perimeter",
        "title assumed": "stated in one year only",
        "title unsplit": "not comparable",
        "title factor": "factors",
        "detail known": "known in one year only",
        "detail entity_entered": "entities that came",
        "detail entity_left": "entities that left",
        "detail entity_unstated": "entity not stated in one of the years",
        "detail type_entered": "types that came",
        "detail type_left": "types that left",
        "detail entries": "entries",
        "detail exits": "exits",
        "detail kept": "kept",
        "detail moved": "moved to another entity or type",
        "detail unnamed": "without an identifier",
        "year restated": "first year",
        "year after": "second year",
        "incomplete restated": "The first year is incomplete: the change is between what is"
        " measured.",
        "incomplete after": "The second year is incomplete: the change is between what is"
        " measured.",
        "unread": "Not read in the {year}: {what}; they may be items, so that the effect of the"
        " number of items is doubtful.",
        "refused one": "{count} row refused",
        "refused many": "{count:,} rows refused",
        "untyped one": "{count} row of no known type",
        "untyped many": "{count:,} rows of no known type",
        "unknown one": "{count} row of an unknown number of items",
        "unknown many": "{count:,} rows of an unknown number of items",
        "doubts one": "{count} row in doubt",
        "doubts many": "{count:,} rows in doubt",
        "break even": "At {value} {unit} for each item more that has no type, the number of items"
        " would have changed nothing.",
        "status": "Items taken to be in use, for want of a status: {before:.10g} in the first year,"
        " {after:.10g} in the second; the effect of the number of items is doubtful.",
        "blank entities": "Items of no entity: {before:.10g} in the first year, {after:.10g} in the"
        " second; those of an entity may be among them, and the number of items is doubtful.",
        "printed": "The first year was printed as {printed}; measured again, it is {restated}"
        " {unit}.",
        "one restatement": "The method and factors of the first year were not run again, so that"
        " what they change is one effect: {why}.",
        "no entities": "The two years do not both say the entity: one that came or left would count"
        " as a change of the fleet.",
        "no identifiers": "No identifier of one year is found in the other: entries and exits"
        " cannot be told apart.",
        "one date": "Both years are measured as of {date}: the electricity is that of one year.",
    },
    "fr": {
        "sentence": "De {before} à {after} {unit}\u00a0: {value}, dont {parts}.",
        "one cause": "De {before} à {after} {unit}\u00a0: {value}, en totalité {parts}.",
        "same": "Rien n'a changé\u00a0: {after} {unit} les deux années.",
        "neither": "Rien de cela n'est mesuré, ni une année ni l'autre.",
        "part": "{value} par {cause}",
        "and": "et",
        "colon": "\u00a0: ",
        "at least": "au moins {value}",
        "incomplete": "{value} (incomplet)",
        "doubtful": "{value} (douteux)",
        "in doubt": "{cause} (douteux\u00a0: voir ce qui n'est pas lu)",
        "fleet": "le nombre d'équipements de chaque type",
        "fleet less": "la baisse du nombre d'équipements",
        "fleet more": "la hausse du nombre d'équipements",
        "lifetime less": "l'allongement des durées de vie",
        "lifetime more": "le raccourcissement des durées de vie",
        "usage_share less": "une moindre part d'usage",
        "usage_share more": "une plus grande part d'usage",
        "annual_energy less": "la baisse de l'énergie par équipement",
        "annual_energy more": "la hausse de l'énergie par équipement",
        "pue less": "la baisse du PUE",
        "pue more": "la hausse du PUE",
        "models": "d'autres modèles des mêmes types",
        "mix": "le mix électrique (le parc n'y est pour rien)",
        "factors": "les nouveaux facteurs (le parc n'y est pour rien)",
        "method": "le changement de méthode (le parc n'y est pour rien)",
        "restatement": "les nouveaux facteurs et la méthode (le parc n'y est pour rien)",
        "reading": "la relecture de la première année (le parc n'y est pour rien)",
        "perimeter": "ce qu'une seule année compte ou connaît (le parc n'y est pour rien)",
        "assumed": "ce qu'une année déclare et que l'autre suppose (le parc n'y est pour rien)",
        "unsplit": "les lignes dont les données ne sont pas comparables",
        "title fleet": "nombre d'équipements",
        "title lifetime": "durées de vie",
        "title usage_share": "part d'usage",
        "title annual_energy": "énergie par équipement",
        "title pue": "surcoût des centres de données (PUE)",
        "title models": "modèles",
        "title mix": "mix électrique",
        "title factors": "retraitement, facteurs",
        "title method": "retraitement, méthode",
        "title restatement": "retraitement, facteurs et méthode ensemble",
        "title reading": "retraitement, chiffre publié",
        "title perimeter": "périmètre",
        "title assumed": "déclaré une seule des deux années",
        "title unsplit": "non comparable",
        "title factor": "facteurs",
        "detail known": "connu une seule des deux années",
        "detail entity_entered": "entités entrées",
        "detail entity_left": "entités sorties",
        "detail entity_unstated": "entité non dite une des deux années",
        "detail type_entered": "types apparus",
        "detail type_left": "types disparus",
        "detail entries": "entrées",
        "detail exits": "sorties",
        "detail kept": "conservés",
        "detail moved": "passés à une autre entité ou à un autre type",
        "detail unnamed": "sans identifiant",
        "year restated": "première année",
        "year after": "seconde année",
        "incomplete restated": "La première année est incomplète\u00a0: l'écart porte sur ce qui"
        " est mesuré.",
        "incomplete after": "La seconde année est incomplète\u00a0: l'écart porte sur ce qui est"
        " mesuré.",
        "unread": "Non lu la {year}\u00a0: {what}\u00a0; ce sont peut-être des équipements, si bien"
        " que l'effet du nombre d'équipements est douteux.",
        "refused one": "{count} ligne refusée",
        "refused many": "{count} lignes refusées",
        "untyped one": "{count} ligne sans type connu",
        "untyped many": "{count} lignes sans type connu",
        "unknown one": "{count} ligne dont le nombre d'équipements est inconnu",
        "unknown many": "{count} lignes dont le nombre d'équipements est inconnu",
        "doubts one": "{count} ligne douteuse",
        "doubts many": "{count} lignes douteuses",
        "break even": "À {value} {unit} pour chaque équipement de plus sans type, le nombre"
        " d'équipements n'aurait rien changé.",
        "status": "Équipements réputés en service, faute de statut\u00a0: {before:.10g} la première"
        " année, {after:.10g} la seconde\u00a0; l'effet du nombre d'équipements est douteux.",
        "blank entities": "Équipements sans entité\u00a0: {before:.10g} la première année,"
        " {after:.10g} la seconde\u00a0; ceux d'une entité en sont peut-être, si bien que l'effet"
        " du nombre d'équipements est douteux.",
        "printed": "La première année a été publiée à {printed}\u00a0; mesurée à nouveau, elle"
        " donne {restated} {unit}.",
        "one restatement": "La méthode et les facteurs de la première année n'ont pas été rejoués,"
        " si bien que ce qu'ils changent est un seul effet\u00a0: {why}.",
        "no entities": "Les deux années ne disent pas toutes deux l'entité\u00a0: une entité entrée"
        " ou sortie compterait comme une évolution du parc.",
        "no identifiers": "Aucun identifiant d'une année ne se retrouve dans l'autre\u00a0: entrées"
        " et sorties ne peuvent être distinguées.",
        "one date": "Les deux années sont mesurées au {date}\u00a0: l'électricité est celle d'une"
        " seule année.",
    },
}
