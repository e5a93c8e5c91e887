"""Conformance of methods: `check_method` checks every law of a method, on generated rows.

Input: a configured method, and the packs that it needs.  Output: nothing, or a `BrokenLawError`
with the smallest inventory that shows it.  The inventories have blank and unreadable cells, unknown
types, no row at all, huge quantities, other units, several pieces; they also hold the types, models
and countries that the packs know, so that the method has something to say.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs
import pyarrow as pa

from reen.engine.exchanges import Status
from reen.errors import (
    BrokenLawError,
    EmptyInventoryError,
    MissingExtraError,
    OptionError,
    PluginError,
)
from reen.factors.content import PackContent
from reen.factors.pack import FactorPack
from reen.inventory.inventory import Inventory
from reen.inventory.schema import EQUIPMENT
from reen.lazy_names import lazy_module
from reen.measurement.ready_method import prepare_method
from reen.method.questions import MOST_ANSWERS
from reen.plugins.building import default_registry
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.testing.example_words import in_words
from reen.testing.fleet_laws import FLEET_LAWS, Fleet, answered_fleet
from reen.testing.fleets import FLEET_ROWS, fleet_of
from reen.testing.laws import Law, chosen_laws, must, search, verdict
from reen.testing.measurements import Measurement, measurements, methods
from reen.testing.method_laws import CONTRACT, METHOD_LAWS
from reen.testing.registries import registry_of
from reen.testing.strategies import inventories, tables_beside
from reen.testing.table_laws import TABLE_LAWS

if TYPE_CHECKING:
    from hypothesis import strategies as searching
else:  # an extra, imported where something is drawn
    searching = lazy_module("hypothesis.strategies")

__all__ = ["check_method"]

_DESCRIPTION = Law("description", "a method is a frozen attrs class that says what it is")
_REACH = Law("reach", "a method assesses some of the rows that are made for it")

#: Every law, in the order in which they are looked at.
_LAWS = tuple(dict.fromkeys((_DESCRIPTION, *METHOD_LAWS, *FLEET_LAWS, _REACH)))

#: Distinct words of free text in the fleet.
_WORDS = 1_500

#: Reference date of the fleet.
_FLEET_DAY = "2022-12-31"

#: Mixes that generated rows can ask for; the others would only make every run slower.
_COUNTRIES = ("", "FR", "DE", "RE", "BR", "WORLD")
_YEARS = (0, 2020, 2021, 2022, 2023, 2024)

#: Columns that take words of the packs, with what gives them.
_GIVEN = ("equipment_type", "manufacturer", "model")


def check_method(
    method: Method,
    *,
    packs: Iterable[FactorPack] = (),
    factors: Iterable[FactorPack] = (),
    inventory: searching.SearchStrategy[Inventory] | None = None,
    laws: str | Iterable[str] | None = None,
    examples: int = 50,
    registry: Registry | None = None,
) -> None:
    """Check a method against the laws that every method must satisfy.

    The rows are those of the tables that it counts: equipment, and services or disposals beside
    it.  Options that are true or false, or one of a list, take all their values.  What the method
    refuses with an `OptionError` or a `MissingExtraError` is refused, not wrong.

    Parameters
    ----------
    method
        The method, with its options.
    packs
        Packs that the method names and that no installed plugin provides.
    factors
        Packs that go before the method's own, for a method that needs the user's.
    inventory
        Strategy of the equipment; `inventories` with the words that the packs know when absent.
    laws
        Names of the laws to look at: ``description``, ``purity``, ``contract``, ``determinism``,
        ``coverage``, ``linearity``, ``units``, ``batches``, ``rows``, ``learning``, ``reasons``,
        ``explanation``, ``provenance``, ``pickling``, ``size``, ``reach``; all when absent.
    examples
        Measurements drawn for each law.
    registry
        Where packs and equipment types are; the installed plugins when absent.

    Raises
    ------
    BrokenLawError
        The first law that does not hold, with the smallest example that was found.
    OptionError
        A law that there is not.
    MissingExtraError
        When hypothesis is not installed.
    """
    chosen = chosen_laws("check_method", _LAWS, laws)
    subject = f"method {getattr(method, 'name', '')} {getattr(method, 'version', '')}"
    # a method that does not say its name cannot be looked up: the other laws need this one
    verdict(subject, _DESCRIPTION, lambda: _describe(method))
    here = _registry(method, tuple(packs), registry)
    own = tuple(factors)
    read = _read(method, here, own)
    tables = {kind: names for kind, names in read.items() if kind != EQUIPMENT.name}
    if tables:
        beside = _drawn(here, method, own, tables_beside(tables))
        named = {law: TABLE_LAWS[law.name] for law in chosen if law.name in TABLE_LAWS}
        _search(subject, beside, named, chosen, examples, None)
    if EQUIPMENT.name in read:
        named = {law: METHOD_LAWS[law] for law in chosen if law in METHOD_LAWS}
        if inventory is None:
            inventory = _equipment(method, here, own, read[EQUIPMENT.name])
        cases = _drawn(here, method, own, inventory)
        _search(subject, cases, named, chosen, examples, _reduce)
        _hold_on_fleet(subject, method, here, own, chosen)


def _search(
    subject: str,
    cases: searching.SearchStrategy[Measurement],
    laws: Mapping[Law, Callable[[Measurement], None]],
    chosen: Sequence[Law],
    examples: int,
    reduce: Callable[[Measurement, Callable[[Measurement], bool]], None] | None,
) -> None:
    """Look for what breaks a law on the rows of some tables, and whether any is assessed."""
    tried = _Tried()
    known = {**laws, **({_REACH: tried.count} if _REACH in chosen else {})}
    checks = {
        law: functools.partial(_hold, subject, law, check, tried) for law, check in known.items()
    }
    if checks:
        search(cases, checks, examples=examples, reduce=reduce)
    if _REACH in chosen:
        verdict(subject, _REACH, tried.must_have_assessed)


@attrs.define
class _Tried:
    """What became of the measurements."""

    measured: int = 0
    assessed: int = 0
    refused: str = ""

    def count(self, case: Measurement) -> None:
        """Measure, and note whether anything was assessed."""
        self.measured += 1
        found = case.whole.coverage
        self.assessed += any(row.status is Status.ASSESSED for row in found)

    def must_have_assessed(self) -> None:
        """Raise when no row of any measurement was assessed: the laws would mean nothing."""
        why = f"; refused: {self.refused}" if self.refused else ""
        must(
            self.assessed > 0,
            f"in {self.measured} inventories no row was assessed{why}; give the packs or factors"
            " that it needs, or a strategy of inventories that it can measure",
        )


def _hold(
    subject: str,
    law: Law,
    check: Callable[[Measurement], None],
    tried: _Tried,
    case: Measurement,
) -> None:
    def run() -> None:
        try:
            check(case)
        # of some options a method may count none of the tables that are there
        except (OptionError, MissingExtraError, EmptyInventoryError) as error:
            tried.refused = str(error)

    verdict(subject, law, run, contract=CONTRACT, words=lambda: in_words(case))


def _hold_on_fleet(
    subject: str,
    method: Method,
    registry: Registry,
    factors: tuple[FactorPack, ...],
    chosen: Sequence[Law],
) -> None:
    """Check the laws of many rows, which the method answers once for all of them."""
    wanted = [law for law in FLEET_LAWS if law in chosen]
    if not wanted:
        return
    found: list[Fleet] = []

    def answer(rows: int, invented: int) -> None:
        ready = prepare_method(method, factors=factors, as_of=_FLEET_DAY, registry=registry)
        packs = [*factors, *(registry.factor_pack(name) for name in method.packs)]
        fleet = fleet_of(ready.columns, _words(packs), rows=rows, invented=invented)
        answered = answered_fleet(ready, fleet)
        found.extend([] if answered is None else [answered])

    try:
        verdict(subject, CONTRACT, lambda: answer(FLEET_ROWS, _WORDS))
    except (OptionError, MissingExtraError):
        return  # refused, not wrong
    for fleet in found:
        for law in wanted:
            excess = FLEET_LAWS[law](fleet)
            if excess is not None:
                case = Measurement(
                    inventory=excess.rows,
                    method=method,
                    by=(),
                    factors=factors,
                    as_of=_FLEET_DAY,
                    registry=registry,
                )
                words = in_words(case)
                raise BrokenLawError(subject, law.name, law.rule, excess.found, words)
    if found:  # and one of more words than a question may have answers
        verdict(subject, CONTRACT, lambda: answer(4 * MOST_ANSWERS, MOST_ANSWERS + _WORDS))


def _describe(method: object) -> None:
    kind: type = type(method)
    for name in ("name", "version", "title", "reference"):
        text = getattr(method, name, None)
        must(isinstance(text, str) and bool(text.strip()), f"{kind.__name__}.{name} is {text!r}")
    packs = getattr(method, "packs", None)
    must(isinstance(packs, tuple), f"{kind.__name__}.packs is {packs!r}; expected a tuple of names")
    must(isinstance(method, Method), f"{kind.__name__} has no prepare(context)")
    must(attrs.has(kind), f"{kind.__name__} is no attrs class, whose fields would be its options")
    for field in attrs.fields(kind):
        try:
            setattr(method, field.name, getattr(method, field.name))
        except AttributeError:  # frozen, as it should be
            continue
        must(holds=False, found=f"{kind.__name__}.{field.name} can be changed: use attrs.frozen")


def _registry(method: Method, packs: Sequence[FactorPack], registry: Registry | None) -> Registry:
    """Return a registry of the method and of packs cut to what generated rows can ask for."""
    there = registry or default_registry()
    known = {**there.factor_packs, **{pack.name: pack for pack in packs}}
    for name in method.packs:
        if name not in known:
            there.factor_pack(name)  # raises with the nearest names
    added = [key for kind, key in there.origins if kind == "equipment type"]
    return registry_of(
        methods=[method],
        # all of them, since other options may name other packs
        packs=[attrs.evolve(pack, load=functools.partial(_cut, pack)) for pack in known.values()],
        equipment_types=[there.equipment_types[key] for key in added],
    )


def _cut(pack: FactorPack) -> PackContent:
    kept = [
        k
        for k, flow in enumerate(pack.factors.flows)
        if flow.geography in _COUNTRIES and flow.year in _YEARS
    ]
    return PackContent(pack.factors.take(kept), pack.defaults, pack.matching)


def _equipment(
    method: Method, registry: Registry, factors: Sequence[FactorPack], columns: Iterable[str]
) -> searching.SearchStrategy[Inventory]:
    """Return the strategy of equipment, of the columns that the method reads."""
    packs = [*factors, *(registry.factor_pack(name) for name in method.packs)]
    return inventories(also=columns, words=_words(packs))


def _drawn(
    registry: Registry,
    method: Method,
    factors: tuple[FactorPack, ...],
    inventory: searching.SearchStrategy[Inventory],
) -> searching.SearchStrategy[Measurement]:
    """Return the strategy of what is measured."""
    drawn = measurements(
        registry, method=methods(registry, names=[method.name]), inventory=inventory
    )
    if not factors:
        return drawn
    return drawn.map(lambda case: attrs.evolve(case, factors=factors))


def _read(
    method: Method, registry: Registry, factors: Sequence[FactorPack]
) -> dict[str, tuple[str, ...]]:
    """Return the columns that the method declares, by kind of table that it counts.

    Equipment without a column, where it does not prepare: the laws then tell why.
    """
    try:
        ready = prepare_method(method, factors=factors, registry=registry)
    except (OptionError, MissingExtraError, PluginError):
        return {EQUIPMENT.name: ()}
    found = {
        kind: tuple(sorted(ready.columns if kind == EQUIPMENT.name else ready.columns_beside(kind)))
        for kind in ready.tables
    }
    # one that counts nothing at all is held against the laws of equipment, which say so
    return found or {EQUIPMENT.name: ()}


def _words(packs: Sequence[FactorPack]) -> dict[str, list[str]]:
    """Return the types, makers, models and countries that some packs know."""
    texts = [text for pack in packs for text in pack.factors.descriptions]
    words = {name: [getattr(text, name) for text in texts] for name in _GIVEN}
    for pack in packs:
        for match, key, _ in pack.matching:
            words["equipment_type" if match == "type" else "model"].append(key)
        words["equipment_type"] += [each.equipment_type for each in pack.defaults]
    words["country"] = [flow.geography for pack in packs for flow in pack.factors.flows]
    return {name: sorted({text for text in found if text}) for name, found in words.items()}


def _reduce(case: Measurement, breaks: Callable[[Measurement], bool]) -> None:
    """Try smaller measurements; each that still breaks the law is made smaller in turn.

    Hypothesis has made the numbers and words simple before; it knows the bytes that an inventory is
    drawn from, and not its rows.
    """

    def tried(best: Measurement, smaller: Measurement) -> Measurement:
        return smaller if breaks(smaller) else best

    best = case
    if best.factors:
        best = tried(best, attrs.evolve(best, factors=()))
    if best.by:
        best = tried(best, attrs.evolve(best, by=()))
    best = tried(best, _with(best, best.inventory.table.combine_chunks()))
    for row in reversed(range(len(case.inventory))):
        best = tried(best, _with(best, _without_row(best.inventory.table, row)))
    for name in case.inventory.table.column_names:
        best = tried(best, _with(best, best.inventory.table.drop_columns([name])))


def _with(case: Measurement, table: pa.Table) -> Measurement:
    return attrs.evolve(case, inventory=Inventory(table))


def _without_row(table: pa.Table, row: int) -> pa.Table:
    return pa.concat_tables([table.slice(0, row), table.slice(row + 1)])
