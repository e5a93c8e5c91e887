"""Sections one to five of the review in French: the first page, what is counted, why it changed.

Input: a `YearReview`.  Output: blocks in words.  Every figure comes from the results; nothing is
worked out here but sums of cells and shares.  The rest stands in `later_sections`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from reen.plugins.registry import Registry
from reen.results.change import Change
from reen.results.change_wording import cause_title
from reen.results.footprint import Footprint
from reen.results.total import Total
from reen.review.cells import Cell, sum_of
from reen.review.charts import stacked, steps
from reen.review.content import headline_of
from reen.review.document import Block, Bullets, Card, Cards, Chart, Column, Section, Table, Text
from reen.review.figures import NO_FLEET, Coverage, Figure, coverage_of
from reen.review.missing import missing_text
from reen.review.numbers import (
    NONE,
    bounded,
    coverage_text,
    day,
    figure_text,
    number,
)
from reen.review.review import CLIMATE, YearReview
from reen.strategy.judging import State

__all__ = ["changed", "counted", "first_page", "headline", "identity", "type_title"]

STATES: Mapping[State, str] = {
    State.REACHED: "atteint",
    State.ON_TRACK: "en bonne voie",
    State.BEHIND: "en retard",
    State.OFF: "hors trajectoire",
    State.UNKNOWN: "indéterminé",
}

#: States whose word takes an s.
_PLURALS = (State.REACHED, State.UNKNOWN)

_PER = {
    "footprint_per_agent": ("Par agent", "agents"),
    "footprint_per_inhabitant": ("Par habitant", "habitants"),
}
#: Rows of a table of the largest cells.
_TOP = 10
_T = "t CO₂e par an"
_ASSESSED = "Évalués (étape la moins connue)"


def type_title(registry: Registry, key: str) -> str:
    """Return the French title of an equipment type."""
    types = registry.equipment_types
    return types[key].title_fr if key in types else (key or "(sans type)")


def _tonnes(value: float | None, *, sign: bool = False) -> str:
    return NONE if value is None else number(value / 1000.0, decimals=2, sign=sign)


def _total(total: Total) -> str:
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
        else bounded(value, total.unit, lower_bound=total.lower_bound)
    )
    yield Card(
        "Empreinte carbone du numérique, par an",
        shown,
        f"évalués : {coverage_text(total.coverage)}",
    )
    for figure in per:
        title, whose = _PER[figure.name]
        if figure.value is None:
            yield Card(title, "non calculé", missing_text(figure.missing))
            continue
        people = number(figure.denominator_value or 0.0)
        yield Card(
            title,
            bounded(figure.value, "kgCO2e/year", lower_bound=figure.lower_bound),
            f"{people} {whose}, même base",
        )


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
                f"Le vrai total est plus élevé : {number(left)} équipements n'ont pas pu être"
                " évalués (voir Qualité)."
                if total.lower_bound
                else f"Ce total est incomplet : {number(left)} équipements n'ont pas pu être"
                " évalués."
            )
        if coverage.unknown_rows:
            parts.append(
                f"{coverage.unknown_rows} lignes de l'inventaire ne disent pas combien"
                " d'équipements elles comptent."
            )
    if total.low is not None and total.high is not None:
        parts.append(
            f"Incertitude des facteurs sur ce qui est évalué (95 %) : de"
            f" {number(total.low / 1000.0)} à {number(total.high / 1000.0)} {_T}."
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
    whole, own = change.value(CLIMATE), change.of_the_fleet(CLIMATE)
    begin = change.ends(CLIMATE)[0].value
    share = f" ({number(100.0 * whole / begin, sign=True)} %)" if begin else ""
    verb = "baisse" if whole < 0.0 else "hausse"
    yield Text(
        f"L'empreinte mesurée du parc est en {verb} de {number(abs(whole))} kg CO₂e{share}. Ce que"
        f" la collectivité possède et fait y compte pour {number(own, sign=True)} kg ; le reste,"
        f" {number(whole - own, sign=True)} kg, n'est pas une évolution du parc (mix électrique,"
        " facteurs, périmètre).",
        "lead",
    )
    yield Text(change.sentence("fr"))
    yield from _of_fleet(review)
    if change.doubtful or not all(each.complete for each in change.ends(CLIMATE)):
        yield Text(
            "L'écart ne porte que sur ce qui est mesuré les deux années (voir Évolution).", "note"
        )


def _of_fleet(review: YearReview) -> Iterator[Block]:
    """Yield that the change is of the equipment alone, where the total holds more."""
    if NO_FLEET & {row.kind for row in review.now.footprint.coverage}:
        yield Text(
            "L'évolution porte sur les équipements seuls : les déchets de l'année et les services"
            " sont dans le total, pas dans l'écart.",
            "note",
        )


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
            title = type_title(review.registry, row.equipment_type).lower()
            items = f"{number(row.quantity)} équipements" if row.quantity else "quantité inconnue"
            why = "" if row.reason is None else f" : {row.reason.text('fr')}"
            yield f"À compléter dans l'inventaire, {title} ({items}){why}."


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
    for figure in headline_of(review):
        if figure.name == "total":
            last = NONE if review.before is None else _total(review.before.footprint.total(CLIMATE))
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
        row = (title, shown, base, coverage_text(figure.coverage))
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
            f"Parc en {review.year - 1} : publié {_total(totals['printed'])}, mesuré à nouveau"
            f" {_total(totals['restated'])}.",
            "note",
        )


def counted(review: YearReview, cells: tuple[Cell, ...]) -> Section:
    """Return the footprint by type, entity and stage, the largest cells, and other methods."""
    footprint = review.now.footprint
    stages = footprint.stages
    blocks: list[Block] = []
    types = _sums(cells, lambda cell: cell.equipment_type)
    order = sorted(types, key=lambda key: -sum(types[key].values.values()))
    charted = [key for key in order if sum(types[key].values.values()) > 0.0]
    if charted:
        titles = [type_title(review.registry, key) for key in charted]
        series = [
            (stage.title_fr, [types[key].values.get(str(stage), 0.0) / 1000.0 for key in charted])
            for stage in stages
        ]
        most = f"{titles[0]} : {_tonnes(sum(types[charted[0]].values.values()))} {_T}"
        blocks.append(
            Chart(
                "Empreinte par type d'équipement",
                stacked(titles, series, unit=_T),
                f"Barres par type d'équipement et étape ; la plus grande, {most}.",
            )
        )
    columns = (
        Column("Type"),
        *(Column(f"{stage.title_fr}, t", numeric=True) for stage in stages),
        Column("Total, t", numeric=True),
        Column(_ASSESSED),
    )
    blocks.append(
        Table(
            f"Empreinte par type d'équipement et étape ({_T})",
            columns,
            tuple(_row(type_title(review.registry, key), types[key], footprint) for key in order),
        )
    )
    entities = _sums(cells, lambda cell: cell.entity)
    if len(entities) > 1 or "" not in entities:
        ranked = sorted(entities, key=lambda key: -sum(entities[key].values.values()))
        blocks.append(
            Table(
                f"Empreinte par entité ({_T})",
                (Column("Entité"), *columns[1:]),
                tuple(_row(key or "(sans entité)", entities[key], footprint) for key in ranked),
            )
        )
        blocks.append(_top(review, cells))
    blocks.append(_stages(review, cells))
    blocks += _beside(review)
    blocks.append(
        Text(
            "Pour suivre un chiffre jusqu'à ses lignes : annexe.csv ou annexe.xlsx, en filtrant"
            " l'entité et le type.",
            "note",
        )
    )
    return Section("empreinte", "Ce qui pèse", tuple(blocks))


class _Sum:
    """Sums of cells: values by stage, and items."""

    def __init__(self) -> None:
        self.values: dict[str, float] = {}
        self.items: dict[str, list[float]] = {}

    def add(self, cell: Cell) -> None:
        """Add a cell."""
        if cell.value is not None:
            self.values[cell.stage] = self.values.get(cell.stage, 0.0) + cell.value
        if cell.kind in NO_FLEET:
            return
        found = self.items.setdefault(cell.stage, [0.0, 0.0, 0.0])
        found[0] += cell.assessed
        found[1] += cell.items
        found[2] += cell.unknown_rows

    @property
    def coverage(self) -> Coverage:
        """Return the coverage of the stage that is covered least."""
        none = [0.0, 0.0, 0.0]  # nothing of the fleet: what is thrown away only
        worst = min(
            self.items.values(),
            key=lambda each: each[0] / each[1] if each[1] else 0.0,
            default=none,
        )
        return Coverage(known=worst[0], total=worst[1], unknown_rows=int(worst[2]))


def _sums(cells: tuple[Cell, ...], key: Callable[[Cell], str]) -> dict[str, _Sum]:
    found: dict[str, _Sum] = {}
    for cell in cells:
        found.setdefault(key(cell), _Sum()).add(cell)
    return found


def _row(title: str, found: _Sum, footprint: Footprint) -> tuple[str, ...]:
    total = sum(found.values.values()) if found.values else None
    counted_ = found.coverage
    account = footprint.account
    lacks = counted_.known < counted_.total or counted_.unknown_rows or bool(account.refused)
    grows = CLIMATE in footprint.nonnegative and not account.doubts
    low = "≥\u00a0" if lacks and grows else ""
    note = " (incomplet)" if lacks and not grows else ""
    return (
        title,
        *(_tonnes(found.values.get(str(stage))) for stage in footprint.stages),
        NONE if total is None else f"{low}{_tonnes(total)}{note}",
        f"{number(counted_.known)} sur {number(counted_.total)}"
        + (" et une quantité inconnue" if counted_.unknown_rows else ""),
    )


def _top(review: YearReview, cells: tuple[Cell, ...]) -> Table:
    footprint = review.now.footprint
    pairs = _sums(cells, lambda cell: f"{cell.entity}\0{cell.equipment_type}")
    ranked = sorted(pairs, key=lambda key: -sum(pairs[key].values.values()))[:_TOP]
    rows = []
    for key in ranked:
        entity, _, kind = key.partition("\0")
        title = f"{entity or '(sans entité)'}, {type_title(review.registry, kind).lower()}"
        rows.append(_row(title, pairs[key], footprint))
    return Table(
        f"Les {len(rows)} ensembles qui pèsent le plus ({_T})",
        (
            Column("Entité et type"),
            *(Column(f"{stage.title_fr}, t", numeric=True) for stage in footprint.stages),
            Column("Total, t", numeric=True),
            Column(_ASSESSED),
        ),
        tuple(rows),
    )


def _stages(review: YearReview, cells: tuple[Cell, ...]) -> Table:
    footprint = review.now.footprint
    totals = footprint.stage_totals(CLIMATE)
    return Table(
        "Par étape du cycle de vie",
        (Column("Étape"), Column("t CO₂e par an", numeric=True), Column("Équipements évalués")),
        tuple(
            (
                stage.title_fr,
                NONE if math.isnan(value) else _tonnes(value),
                coverage_text(sum_of(cell for cell in cells if cell.stage == str(stage))),
            )
            for stage, value in totals.items()
        ),
    )


def _beside(review: YearReview) -> Iterator[Block]:
    if not review.beside:
        return
    mine = review.now.footprint
    rows = [
        (
            f"{review.plan.method} (celle de ce bilan)",
            _total(mine.total(CLIMATE)),
            coverage_text(coverage_of(mine)),
        )
    ]
    for each in review.beside:
        if each.footprint is None or CLIMATE not in each.footprint.criteria:
            rows.append((each.method, "n'a pas pu tourner", each.why or NONE))
        else:
            rows.append(
                (
                    each.method,
                    _total(each.footprint.total(CLIMATE)),
                    coverage_text(coverage_of(each.footprint)),
                )
            )
    yield Table(
        "Le même parc par d'autres méthodes",
        (Column("Méthode"), Column("CO₂e par an", numeric=True), Column("Équipements évalués")),
        tuple(rows),
    )
    yield Text(
        "Deux méthodes ne comptent pas la même chose ; l'écart n'est pas une incertitude. La"
        " commande reen compare l'explique cause par cause.",
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
    yield from _of_fleet(review)
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
            steps(
                (first_name, begin.value / 1000.0),
                [(name, value / 1000.0) for name, value in parts],
                (str(review.year), end.value / 1000.0),
                unit=_T,
            ),
            f"Du total de {first} à celui de {review.year} : "
            + " ; ".join(f"{name} {number(value, sign=True)} kg" for name, value in parts),
        )
    rows = [(first_name, _tonnes(begin.value), _total(begin))]
    rows += [
        (name, _tonnes(value, sign=True), _of_us(cause))
        for (name, value), (cause, _) in zip(parts, effects, strict=True)
    ]
    rows.append((str(review.year), _tonnes(end.value), _total(end)))
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
    return "n'est pas une évolution du parc" if cause in apart else "évolution du parc"
