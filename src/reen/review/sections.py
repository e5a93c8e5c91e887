"""Sections of the review in French: the first page, whose it is, its figures, why they changed.

Input: a `YearReview`.  Output: blocks in words.  Every figure comes from the results; nothing is
worked out here but sums of cells and shares.  The rest stands in `weight_section`
and `later_sections`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping

from reen.plugins.registry import Registry
from reen.results import wording
from reen.results.change import Change
from reen.results.change_wording import cause_title
from reen.results.total import Total
from reen.review.charts import steps
from reen.review.content import headline_of
from reen.review.document import Block, Bullets, Card, Cards, Chart, Column, Section, Table, Text
from reen.review.figures import Figure, coverage_of
from reen.review.missing import missing_text
from reen.review.numbers import (
    NONE,
    bounded,
    coverage_text,
    day,
    figure_text,
    lines,
    number,
)
from reen.review.review import CLIMATE, YearReview
from reen.strategy.judging import State

__all__ = [
    "TONNES",
    "changed",
    "first_page",
    "headline",
    "identity",
    "tonnes",
    "total_text",
    "type_title",
]

#: What adding floats may leave of nothing, relative to what is added.
_ROUNDING = 1e-12

STATES: Mapping[State, str] = {
    State.REACHED: "atteint",
    State.ON_TRACK: "en bonne voie",
    State.BEHIND: "en retard",
    State.OFF: "hors trajectoire",
    State.UNKNOWN: "indéterminé",
}

#: States whose word takes an s.
_PLURALS = (State.REACHED, State.UNKNOWN)

#: What lacks where nobody is counted, and the reasons that say so.
_UNCOUNTED = {
    "footprint_per_agent": "il manque l'effectif (clé effectif, ou un fichier des effectifs)",
    "footprint_per_inhabitant": "il manque la population (clé habitants)",
}
_NO_COUNT = frozenset({"count_blank", "no_count_before", "not_given"})

_PER = {
    "footprint_per_agent": ("Par agent", "agents"),
    "footprint_per_inhabitant": ("Par habitant", "habitants"),
}
TONNES = "t CO₂e par an"


def type_title(registry: Registry, key: str) -> str:
    """Return the French title of a type of equipment or of service."""
    return wording.type_title(registry.equipment_types, key, "fr") or "(sans type)"


def in_sentence(title: str) -> str:
    """Return a title as it stands within a sentence: no capital, but in words that have others.

    Examples
    --------
    >>> in_sentence("Logiciels en ligne (SaaS)"), in_sentence("UPS")
    ('logiciels en ligne (SaaS)', 'UPS')
    """
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def tonnes(value: float | None, *, sign: bool = False) -> str:
    """Return a mass in kilograms as tonnes, without its unit."""
    return NONE if value is None else number(value / 1000.0, decimals=2, sign=sign)


def total_text(total: Total) -> str:
    """Return a total with its unit, and whether it is a lower bound, doubtful or incomplete."""
    if math.isnan(total.value):
        return "rien de mesuré"
    text = bounded(total.value, total.unit, lower_bound=total.lower_bound)
    if total.doubtful:
        return f"{text} (douteux)"
    return text if total.complete or total.lower_bound else f"{text} (incomplet)"


# -- the first page --------------------------------------------------------------------------


def first_page(review: YearReview) -> Section:
    """Return the first page: how much, better or worse, than the promise, what next."""
    total, *per = headline_of(review)
    blocks: list[Block] = [Cards(tuple(_cards(total, per)))]
    blocks.append(Text(_missing(total), "note"))
    blocks.append(Text("Mieux ou moins bien que l'an dernier, et pourquoi", "heading"))
    blocks += _better(review)
    blocks.append(Text("Par rapport aux objectifs votés", "heading"))
    blocks += _promised(review)
    blocks.append(Text("Ce qu'il reste à faire", "heading"))
    blocks.append(Bullets(tuple(_next(review)) or ("Rien n'est signalé.",)))
    return Section("essentiel", "L'essentiel", tuple(blocks))


def _cards(total: Figure, per: list[Figure]) -> Iterator[Card]:
    value = total.value
    shown = (
        "rien de mesuré"
        if value is None
        else bounded(value, total.unit, lower_bound=total.lower_bound) + _sure(total)
    )
    yield Card(
        "Empreinte carbone du numérique, par an",
        shown,
        f"évalués, à l'étape la moins connue : {coverage_text(total.coverage)}",
    )
    for figure in per:
        title, whose = _PER[figure.name]
        if figure.value is None:
            code = None if figure.missing is None else figure.missing.code
            lacks = _UNCOUNTED[figure.name] if code in _NO_COUNT else missing_text(figure.missing)
            yield Card(title, "non calculé", lacks)
            continue
        people = number(figure.denominator_value or 0.0)
        yield Card(
            title,
            bounded(figure.value, "kgCO2e/year", lower_bound=figure.lower_bound) + _sure(total),
            f"{people} {whose}, même base",
        )


def _sure(total: Figure) -> str:
    """Return what a figure of the first page must say of itself beside its bound."""
    if total.doubtful:
        return " (douteux)"
    return "" if total.complete or total.lower_bound else " (incomplet)"


def _missing(total: Figure) -> str:
    """Return what the total lacks, and its interval."""
    parts = []
    coverage = total.coverage
    if total.doubtful:
        parts.append("Ce total est douteux : une ligne comptée peut être fausse (voir Qualité).")
    elif not total.complete and coverage is not None:
        left = coverage.total - coverage.known
        if left:
            parts.append(
                f"Le vrai total est plus élevé : {number(left)} équipements ne sont pas évalués en"
                " entier (voir Qualité)."
                if total.lower_bound
                else f"Ce total est incomplet : {number(left)} équipements ne sont pas évalués en"
                " entier."
            )
        if coverage.unknown_rows:
            parts.append(
                f"Nombre d'équipements inconnu : {lines(coverage.unknown_rows)} de l'inventaire."
            )
    if total.low is not None and total.high is not None:
        parts.append(
            f"Incertitude des facteurs sur ce qui est évalué (95 %) : de"
            f" {number(total.low / 1000.0)} à {number(total.high / 1000.0)} {TONNES}."
        )
    else:
        parts.append(
            "L'incertitude n'est pas chiffrée : les facteurs qui en publient une portent sur moins"
            " de 80 % du total."
        )
    return " ".join(parts)


def _better(review: YearReview) -> Iterator[Block]:
    change = review.change
    if change is None or CLIMATE not in change.criteria:
        yield Text(
            f"C'est un premier bilan : aucun fichier de {review.year - 1} n'a été donné, si bien"
            " qu'aucune évolution ne peut être calculée."
        )
        return
    own, whole = (
        _in_kg(change, value) for value in (change.of_the_fleet(CLIMATE), change.value(CLIMATE))
    )
    begin = change.ends(CLIMATE)[0].value
    share = f" ({number(100.0 * own / begin, sign=True)} %)" if begin else ""
    moved = "ne change pas" if not own else "baisse" if own < 0.0 else "augmente"
    sure = " (douteux : le nombre d'équipements n'est pas sûr)" if change.doubtful else ""
    by = f" de {number(abs(own))} kg CO₂e{share}{sure}" if own else ""
    rest = f" ; le reste, {number(whole - own, sign=True)} kg, n'est pas de son fait"
    why = f"{rest} (mix électrique, facteurs, périmètre)" if whole != own else ""
    yield Text(
        f"Par ce que la collectivité possède et fait, l'empreinte {moved}{by}. L'empreinte"
        f" mesurée change en tout de {number(whole, sign=True)} kg{why}.",
        "lead",
    )
    yield Text(change.sentence("fr"))
    if change.doubtful or not all(each.complete for each in change.ends(CLIMATE)):
        yield Text(
            "L'écart ne porte que sur ce qui est mesuré les deux années (voir Évolution).", "note"
        )


def _in_kg(change: Change, value: float) -> float:
    """Return a difference in whole kg, so that what is printed adds up; no rounding of nothing."""
    size = max(abs(end.value) for end in change.ends(CLIMATE))
    return 0.0 if abs(value) <= _ROUNDING * size else float(round(value))


def _promised(review: YearReview) -> Iterator[Block]:
    if review.strategy is None:
        yield Text("Aucune stratégie n'a été donnée : il n'y a pas d'objectif à suivre.")
        return
    found = Counter(each.state for each in review.standings)
    said = ", ".join(
        f"{found[state]} {words}" + ("s" if found[state] > 1 and state in _PLURALS else "")
        for state, words in STATES.items()
        if found[state]
    )
    yield Text(f"{len(review.standings)} objectifs : {said or 'aucun'}.", "lead")
    if found[State.UNKNOWN]:
        yield Text(
            "Indéterminé veut dire que les données ne permettent pas de conclure : ce n'est ni une"
            " réussite ni un échec.",
            "note",
        )


def _next(review: YearReview) -> Iterator[str]:
    for each in review.standings:
        if each.state in (State.OFF, State.BEHIND):
            yield f"Objectif {each.objective.id} {STATES[each.state]} : {each.objective.title}."
    for action in review.late:
        yield f"Action {action.id} en retard ({action.owner}) : {action.title}."
    for each in review.standings:
        if each.state is State.UNKNOWN and each.reasons:
            why = each.reasons[0].text("fr")
            yield f"Objectif {each.objective.id} indéterminé : {why}."
    worst = sorted(review.now.footprint.coverage.left_out(), key=lambda row: -row.quantity)
    seen: set[str] = set()
    for row in worst:
        if row.equipment_type not in seen and len(seen) < 3:  # noqa: PLR2004 - the first page is short
            seen.add(row.equipment_type)
            title = in_sentence(type_title(review.registry, row.equipment_type))
            items = f"{number(row.quantity)} équipements" if row.quantity else "quantité inconnue"
            why = "" if row.reason is None else f" : {row.reason.text('fr')}"
            yield f"Non évalué, {title} ({items}){why}."


# -- sections 1 to 4 -------------------------------------------------------------------------


def identity(review: YearReview) -> Section:
    """Return whose review it is, who is inside, and what it covers."""
    plan, now = review.plan, review.now
    who = plan.organisation
    start, end = now.files.period
    rows = [
        ("Collectivité", who.name),
        ("SIREN", who.siren or "non renseigné"),
        (
            "Population",
            f"{number(who.population)} habitants" if who.population else "non renseignée",
        ),
        ("Période", f"du {day(start)} au {day(end)}"),
        ("Inventaire au", day(now.files.as_of)),
        ("Méthode", f"{plan.method} {now.footprint.provenance.method_version}"),
        ("Équipements évalués", coverage_text(coverage_of(now.footprint))),
    ]
    blocks: list[Block] = [
        Table("Identité et couverture", (Column("Rubrique"), Column("Contenu")), tuple(rows))
    ]
    if plan.perimeter:
        blocks.append(
            Table(
                "Périmètre",
                (Column("Entité"), Column("Dans le bilan"), Column("Raison")),
                tuple(
                    (each.name, "oui" if each.inside else "non", each.why or NONE)
                    for each in plan.perimeter
                ),
            )
        )
    else:
        blocks.append(
            Text("Le périmètre n'est pas décrit (section [[perimetre]] du fichier).", "note")
        )
    blocks.append(Text(_scope(review), "note"))
    return Section("identite", "Identité, périmètre et couverture", tuple(blocks))


def _scope(review: YearReview) -> str:
    """Return what kinds of things are counted, and which are not."""
    kinds = {row.kind for row in review.now.footprint.coverage}
    inside = ["la fabrication des équipements, étalée sur leur durée de vie, et leur électricité"]
    outside = ["les réseaux des opérateurs"]
    for kind, what in (
        ("waste", "les déchets de l'année"),
        ("service", "les services achetés (hébergement, télécommunications, logiciels en ligne)"),
    ):
        (inside if kind in kinds else outside).append(what)
    return f"Sont comptés : {' ; '.join(inside)}. Ne le sont pas : {' ; '.join(outside)}."


def headline(review: YearReview) -> Section:
    """Return the figures of the year beside those of last year and of its review as published."""
    before = {(each.indicator, each.subject): each for each in (review.indicators_before or ())}
    rows = []
    coverage = coverage_of(review.now.footprint)
    for figure in headline_of(review):
        if figure.name == "total":
            last = (
                NONE
                if review.before is None
                else total_text(review.before.footprint.total(CLIMATE))
            )
            title, base = "Total", "la collectivité, une année"
        else:
            value = before.get((figure.name, ""))
            last = (
                NONE
                if value is None or value.value is None
                else bounded(value.value, "kgCO2e/year", lower_bound=value.lower_bound)
            )
            title, whose = _PER[figure.name]
            base = (
                NONE
                if figure.denominator_value is None
                else f"{number(figure.denominator_value)} {whose}"
            )
        shown = (
            figure_text(figure)
            if figure.name == "total"
            else (
                NONE
                if figure.value is None
                else bounded(figure.value, "kgCO2e/year", lower_bound=figure.lower_bound)
            )
        )
        row = (title, shown, base, coverage_text(coverage))
        rows.append(row if review.change is None else (*row, last))
    columns = [
        Column("Chiffre"),
        Column(str(review.year), numeric=True),
        Column("Rapporté à"),
        Column("Équipements évalués"),
    ]
    if review.change is not None:
        columns.append(Column(f"{review.year - 1}, mesuré à nouveau", numeric=True))
    blocks: list[Block] = [
        Table("Chiffres de l'année, en CO₂e par an", tuple(columns), tuple(rows))
    ]
    blocks += _as_published(review)
    return Section("chiffres", "Les chiffres de l'année", tuple(blocks))


def _as_published(review: YearReview) -> Iterator[Block]:
    change = review.change
    if change is None:
        yield Text(
            f"Pas de comparaison avec {review.year - 1} : ses fichiers n'ont pas été donnés.",
            "note",
        )
    elif change.printed is None:
        yield Text(
            "Le bilan publié l'an dernier n'a pas été donné (clé bilan_precedent) : la valeur de"
            f" {review.year - 1} est mesurée à nouveau, avec la méthode et les facteurs de cette"
            " année.",
            "note",
        )
    else:
        totals = change.totals(CLIMATE)
        yield Text(
            f"Total de {review.year - 1} : publié {total_text(totals['printed'])}, mesuré à nouveau"
            f" {total_text(totals['restated'])}.",
            "note",
        )


def changed(review: YearReview) -> Section:
    """Return why the footprint changed, exactly."""
    blocks: list[Block] = []
    if review.change is None or CLIMATE not in review.change.criteria:
        blocks.append(
            Text(
                f"Aucune évolution : les fichiers de {review.year - 1} n'ont pas été donnés. Ce"
                " bilan est le premier ; il servira de point de départ au suivant."
            )
        )
    else:
        blocks += _evolution(review, review.change, review.year - 1)
    if review.since_baseline is not None and review.plan.baseline_year is not None:
        blocks.append(Text(f"Depuis l'année de référence {review.plan.baseline_year}", "heading"))
        blocks += _evolution(review, review.since_baseline, review.plan.baseline_year)
    return Section("evolution", "Ce qui a changé, et pourquoi", tuple(blocks))


def _evolution(review: YearReview, change: Change, first: int) -> Iterator[Block]:
    yield Text(change.sentence("fr"), "lead")
    notes = change.notes("fr")
    if notes:
        yield Bullets(tuple(notes))
    effects = {key: value for key, value in change.by_cause("detail").items() if abs(value) > 1e-9}  # noqa: PLR2004 - what rounding leaves
    begin, end = change.ends(CLIMATE)
    parts = [
        (cause_title(str(cause), str(detail or ""), "fr"), value)
        for (cause, detail), value in effects.items()
    ]
    first_name = f"{first}, publié" if change.printed is not None else str(first)
    if parts and not math.isnan(begin.value) and not math.isnan(end.value):
        yield Chart(
            f"De {first} à {review.year}, cause par cause",
            *steps(
                (first_name, begin.value / 1000.0),
                [(name, value / 1000.0) for name, value in parts],
                (str(review.year), end.value / 1000.0),
                unit=TONNES,
            ),
            f"Du total de {first} à celui de {review.year} : "
            + " ; ".join(f"{name} {number(value, sign=True)} kg" for name, value in parts),
        )
    rows = [(first_name, tonnes(begin.value), total_text(begin))]
    rows += [
        (name, tonnes(value, sign=True), _of_us(cause))
        for (name, value), (cause, _) in zip(parts, effects, strict=True)
    ]
    rows.append((str(review.year), tonnes(end.value), total_text(end)))
    yield Table(
        f"Effets exacts de {first} à {review.year} (leur somme est l'écart)",
        (Column("Cause"), Column("t CO₂e par an", numeric=True), Column("Remarque")),
        tuple(rows),
    )
    yield Text(
        "Chaque effet est la moyenne, sur tous les ordres possibles, de ce que change cette cause"
        " seule (valeur de Shapley). Détail par entité et type : open-data/evolution.csv.",
        "note",
    )


def _of_us(cause: object) -> str:
    apart = {
        "factors",
        "method",
        "restatement",
        "reading",
        "perimeter",
        "mix",
        "assumed",
        "unsplit",
    }
    return "n'est pas du fait de la collectivité" if cause in apart else "fait de la collectivité"
