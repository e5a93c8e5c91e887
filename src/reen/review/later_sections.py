"""Sections five to ten of the review in French: axes, promises, actions, statements, quality.

Input: a `YearReview`.  Output: blocks in words, in the order of the law: what is followed, what was
promised, what is done, what is declared, what it all rests on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from reen.inventory.account import Fate
from reen.monitoring.indicator import AXES
from reen.monitoring.values import IndicatorValue
from reen.plugins.registry import Registry
from reen.results.coverage import CoverageRow
from reen.results.statement import StatementLine
from reen.review.document import Block, Bullets, Column, Section, Table, Text
from reen.review.figures import of_indicator
from reen.review.missing import missing_text
from reen.review.numbers import NONE, bounded, coverage_text, day, figure_text, number
from reen.review.review import YearReview
from reen.review.sections import STATES, type_title
from reen.strategy.action import Action, ActionState, Saving
from reen.strategy.judging import Standing

__all__ = ["actions", "axes", "objectives", "quality", "sources", "statements"]

ACTION_STATES: Mapping[ActionState, str] = {
    ActionState.PLANNED: "prévue",
    ActionState.RUNNING: "en cours",
    ActionState.DONE: "faite",
    ActionState.DROPPED: "abandonnée",
}
_VERDICTS: Mapping[bool | None, str] = {
    True: "atteinte",
    False: "non atteinte",
    None: "indéterminé",
}
FLOWS: Mapping[str, str] = {
    "item": "fabrication",
    "electricity": "électricité",
    "waste": "déchets",
    "service": "services",
}
#: Percent of all, and what is said of more.
_ALL = 100.0
_ABOVE_ALL = (
    "Une part au-dessus de 100 % n'est pas une erreur : ce qui est fait dans l'année y est rapporté"
    " à ce qui était là à son début."
)


# -- axis by axis ----------------------------------------------------------------------------


def axes(review: YearReview) -> Section:
    """Return what is followed on each of the six axes."""
    blocks: list[Block] = []
    for number_, (_, title) in AXES.items():
        values = [
            value
            for value in review.indicators
            if not value.subject and review.registry.indicator(value.indicator).axis == number_
        ]
        blocks.append(Text(f"Axe {number_}. {title}" if number_ else title, "heading"))
        blocks += [
            Text(each.text)
            for each in review.plan.narratives
            if (each.year, each.axis) == (review.year, number_)
        ]
        known = [value for value in values if value.value is not None]
        if known:
            blocks.append(_indicators(review, title, known))
            if any(value.unit == "%" and (value.value or 0.0) > _ALL for value in known):
                blocks.append(Text(_ABOVE_ALL, "note"))
        lacking: dict[str, list[str]] = {}
        for value in values:
            if value.value is None:
                lacking.setdefault(missing_text(value.missing), []).append(value.title_fr)
        if lacking:
            blocks.append(Text("Non calculés, faute de données :", "note"))
            said = (f"{why} : {', '.join(titles)}" for why, titles in lacking.items())
            blocks.append(Bullets(tuple(said)))
    blocks.append(
        Text(
            "Valeurs par entité et par type : open-data/indicateurs.csv. Formules et sources :"
            " review.json.",
            "note",
        )
    )
    return Section("axes", "Axe par axe", tuple(blocks))


def _indicators(review: YearReview, title: str, values: list[IndicatorValue]) -> Table:
    before = {(each.indicator, each.subject): each for each in review.indicators_before or ()}
    rows = []
    for value in values:
        figure = of_indicator(value, review.registry.indicator(value.indicator))
        last = before.get((value.indicator, ""))
        rows.append(
            (
                value.title_fr,
                figure_text(figure),
                _ratio(value),
                coverage_text(figure.coverage),
                NONE
                if last is None or last.value is None
                else bounded(last.value, last.unit, lower_bound=last.lower_bound),
                _target(value),
            )
        )
    return Table(
        f"Indicateurs : {title[:1].lower()}{title[1:]}",
        (
            Column("Indicateur"),
            Column(str(review.year), numeric=True),
            Column("Calcul", numeric=True),
            Column("Données connues"),
            Column(str(review.year - 1), numeric=True),
            Column("Cible légale"),
        ),
        tuple(rows),
    )


def _ratio(value: IndicatorValue) -> str:
    if value.numerator is None or not value.denominator:
        return NONE
    times = "100 \u00d7 " if value.unit == "%" else ""
    return f"{times}{number(value.numerator)} ÷ {number(value.denominator)}"


def _target(value: IndicatorValue) -> str:
    target = value.target
    if target is None:
        return NONE
    sign = "≤" if target.at_most else "≥"
    text = f"{sign}\u00a0{bounded(target.value, value.unit)}"
    if not target.in_force(value.period.end):
        return f"{text} (plus en vigueur)"
    return f"{text} : {_VERDICTS[value.meets_target]}"


# -- promises and actions --------------------------------------------------------------------


def objectives(review: YearReview) -> Section:
    """Return where each objective stands, and why."""
    if review.strategy is None:
        said = "Aucune stratégie n'a été donnée (clé strategie) : pas d'objectif à suivre."
        return Section("objectifs", "Objectifs et trajectoires", (Text(said),))
    rows = [_objective(each) for each in review.standings]
    blocks: list[Block] = [
        Table(
            f"Objectifs au 31 décembre {review.year}",
            (
                Column("Objectif"),
                Column("Référence", numeric=True),
                Column(f"Attendu {review.year}", numeric=True),
                Column(f"Constaté {review.year}", numeric=True),
                Column("Cible", numeric=True),
                Column("État"),
            ),
            tuple(rows),
        ),
        Text("Pourquoi cet état", "heading"),
        Bullets(
            tuple(
                f"{each.objective.id} : {reason.text('fr')}"
                for each in review.standings
                for reason in each.reasons
            )
        ),
        Text(
            "Un état ne vaut que si les deux bornes du chiffre le donnent. Il est indéterminé quand"
            " moins de 80 % des données sont connues ou que l'année de référence manque. « En"
            " retard » : à moins d'un dixième de la trajectoire ; « hors trajectoire » : au-delà.",
            "note",
        ),
    ]
    return Section("objectifs", "Objectifs et trajectoires", tuple(blocks))


def _objective(each: Standing) -> tuple[str, ...]:
    of, value = each.objective, each.value
    unit = of.unit or ("" if value is None else value.unit)
    found = NONE
    if value is not None and value.value is not None:
        low, high = value.ends
        found = bounded(value.value, value.unit, lower_bound=value.lower_bound)
        if low is not None and high is not None and low < high:
            found += f" (de {number(low)} à {number(high)})"
    source = f" ({of.source})" if of.source else ""
    baseline = (
        NONE if each.baseline is None else f"{bounded(each.baseline, unit)} en {of.baseline_year}"
    )
    return (
        f"{of.id}. {of.title}{source}",
        baseline,
        NONE if each.expected is None else bounded(each.expected, unit),
        found,
        f"{bounded(of.target, unit)} en {of.target_year}",
        STATES[each.state],
    )


def actions(review: YearReview) -> Section:
    """Return what is done, by whom, and to what effect."""
    if review.strategy is None or not review.strategy.actions:
        return Section("actions", "Actions", (Text("Aucune action n'est décrite."),))
    late = {each.id for each in review.late}
    rows = tuple(
        (
            f"{each.id}. {each.title}",
            NONE if not each.axis else str(each.axis),
            each.owner,
            ACTION_STATES[each.state] + (", en retard" if each.id in late else ""),
            NONE if each.end is None else day(each.end),
            _effects(each),
        )
        for each in review.strategy.actions
    )
    columns = ("Action", "Axe", "Responsable", "État", "Échéance", "Effet sur une année")
    note = (
        "Un effet « attendu » est une estimation, un effet « mesuré » un constat ; sans l'un ni"
        " l'autre, l'effet n'est pas connu. Les responsables sont des fonctions."
    )
    table = Table(f"Actions au 31 décembre {review.year}", tuple(map(Column, columns)), rows)
    return Section("actions", "Actions", (table, Text(note, "note")))


def _effects(action: Action) -> str:
    parts = [("attendu", action.expected), ("mesuré", action.measured)]
    return " ; ".join(f"{name} : {_effect(each)}" for name, each in parts if each) or "non connu"


def _effect(effect: Saving) -> str:
    numbers = ((effect.tonnes, "t CO₂e"), (effect.kwh, "kWh"), (effect.euros, "€"))
    said = ", ".join(f"{number(value)}\u00a0{unit}" for value, unit in numbers if value is not None)
    return f"{said} ({effect.method or 'hypothèse non dite'})"


# -- statements, quality, sources ------------------------------------------------------------


def statements(review: YearReview) -> Section:
    """Return what the law asks to be declared elsewhere, or the name of what lacks."""
    wanted = (
        "reuse_in_spending",
        "reuse_in_purchases",
        "reuse_of_retired",
        "weee_mass",
        "weee_approved",
        "donated",
    )
    values = [
        value
        for name in wanted
        for value in review.indicators
        if (value.indicator, value.subject) == (name, "")
    ]
    known = [value for value in values if value.value is not None]
    blocks = list(_beges(review))
    if known:
        blocks.append(
            _indicators(review, "Achats issus du réemploi (loi AGEC, article 58) et déchets", known)
        )
    blocks += [
        Text(f"{value.title_fr} : absent, {missing_text(value.missing)}.")
        for value in values
        if value.missing is not None
    ]
    return Section("declarations", "Déclarations", tuple(blocks))


def _beges(review: YearReview) -> Iterator[Block]:
    """Yield the regulatory account of greenhouse gases, or why there is none."""
    found = review.beges
    if found is None:
        yield Text(f"Bilan des émissions de gaz à effet de serre : absent ({review.beges_why}).")
        return
    yield Table(
        f"Lignes du bilan des émissions de gaz à effet de serre (BEGES v5), {found.year}",
        (Column("Poste"), Column("Émissions", numeric=True), Column("Remarques")),
        tuple(
            (
                f"{line.code} {line.title.text('fr')}",
                _line(line, grows=found.lower_bound),
                " ; ".join(line.remarks("fr")) or NONE,
            )
            for line in found.lines
        ),
    )
    said = found.sum_in_words("fr")
    yield Text(f"{said[:1].upper()}{said[1:]}.", "note")


def _line(line: StatementLine, *, grows: bool) -> str:
    if math.isnan(line.value):
        return "rien de compté"
    text = bounded(line.value, "kgCO2e/year", lower_bound=grows and bool(line.missing))
    spread = line.uncertainty
    return text if spread is None else f"{text} (± {number(100.0 * spread, decimals=0)} %)"


def quality(review: YearReview) -> Section:
    """Return what is left out, assumed, excluded and refused: what to check first."""
    coverage, account = review.now.footprint.coverage, review.now.inventory.account
    blocks: list[Block] = [
        Table(
            "Lignes des fichiers de l'année",
            (Column("Devenir"), Column("Lignes", numeric=True)),
            tuple(
                (title, number(account.rows_of(fate)))
                for fate, title in (
                    (Fate.COUNTED, "comptées"),
                    (Fate.MERGED, "réunies à une autre (même équipement)"),
                    (Fate.SET_ASIDE, "mises de côté"),
                    (Fate.REFUSED, "refusées"),
                )
            ),
        )
    ]
    named = [each.text("fr") for each in (*account.refused, *account.doubts)]
    if named:
        blocks += [Text("Lignes refusées ou douteuses", "heading"), Bullets(tuple(named))]
    left, excluded = coverage.left_out(), coverage.excluded()
    blocks += _outcomes(review.registry, "Laissé de côté, et qui devrait être compté", left)
    blocks += _outcomes(review.registry, "Exclu par une règle (retiré, en stock...)", excluded)
    assumed = coverage.assumed()
    if assumed:
        blocks.append(
            Table(
                "Supposé, là où les fichiers ne disent rien",
                (
                    Column("Type"),
                    Column("Pour"),
                    Column("Équipements", numeric=True),
                    Column("Hypothèse"),
                ),
                tuple(
                    (
                        type_title(review.registry, row.equipment_type),
                        FLOWS.get(row.kind, row.kind),
                        number(row.quantity),
                        " ; ".join(each.text("fr") for each in row.assumptions),
                    )
                    for row in assumed
                ),
            )
        )
    else:
        blocks.append(
            Text("Rien n'est supposé : durées de vie et consommations viennent des fichiers.")
        )
    return Section("qualite", "Qualité des données", tuple(blocks))


def _outcomes(registry: Registry, caption: str, rows: Iterable[CoverageRow]) -> Iterator[Block]:
    lines = []
    for row in rows:
        items = number(row.quantity) if row.quantity or not row.unknown else "quantité inconnue"
        why = NONE if row.reason is None else row.reason.text("fr")
        lines.append(
            (type_title(registry, row.equipment_type), FLOWS.get(row.kind, row.kind), items, why)
        )
    if lines:
        yield Table(
            caption,
            (Column("Type"), Column("Pour"), Column("Équipements", numeric=True), Column("Raison")),
            tuple(lines),
        )
    else:
        yield Text(f"{caption} : rien.")


def sources(review: YearReview, files: Mapping[str, str]) -> Section:
    """Return the factors, the texts and the files that the review is made from."""
    about = review.now.footprint.provenance
    blocks: list[Block] = [
        Table(
            "Jeux de facteurs",
            (Column("Jeu"), Column("Version"), Column("Licence"), Column("Empreinte du jeu")),
            tuple(
                (each.name, each.version, each.licence, each.digest[:12]) for each in about.packs
            ),
        ),
        Table(
            "Fichiers lus (SHA-256, début)",
            (Column("Fichier"), Column("Empreinte du fichier")),
            tuple((name, digest[:12]) for name, digest in files.items()),
        ),
        Text(
            f"Fait avec reen {about.reen_version}, méthode {about.method} {about.method_version},"
            f" au {about.as_of}. Empreinte du résultat : {about.hash[:12]}. Avec les mêmes fichiers"
            " et ces versions, n'importe qui retrouve les mêmes chiffres."
        ),
        Text("Textes", "heading"),
        Bullets(
            (
                (
                    "Loi n° 2021-1485 du 15 novembre 2021, article 35, et décret n° 2022-1084 du"
                    " 29 juillet 2022 : stratégie numérique responsable et bilan annuel."
                ),
                "Loi n° 2020-105 du 10 février 2020 (AGEC), article 58 : réemploi dans les achats.",
                "Décret n° 2023-266 du 12 avril 2023 : réemploi des équipements réformés.",
            )
        ),
        Text("Données ouvertes : dossier open-data, Licence Ouverte 2.0.", "note"),
    ]
    return Section("sources", "Sources", tuple(blocks))
