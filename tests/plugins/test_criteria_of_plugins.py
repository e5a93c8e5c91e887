"""Criteria of a plugin from its factors to every result: tables, totals, gaps, files, commands.

The plugin measures electronic waste beside climate change.  For two laptops kept four years, by a
pack of 100 kgCO2e and 2 kgEwaste each at manufacturing and 10 kgCO2e and 0.5 kgEwaste each at the
end of life, a year has

    climate change      2 x (100 + 10) / 4 = 55 kgCO2e
    electronic waste    2 x (2 + 0.5) / 4 = 1.25 kgEwaste
"""

from __future__ import annotations

import functools
import json
import os
import pickle
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import attrs
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import find, given, settings

import reen
from reen.plugin import Context, FactorPack, Match, Registry, hookimpl
from reen.plugin.arrays import Batch, Driver, Exchanges, FlowKind, Outcome
from reen.plugin.packs import Criterion, PackContent
from reen.results.comparison_storage import read_comparison, write_comparison
from reen.results.content_digest import content_digest
from reen.results.footprint_json import footprint_from_json, footprint_to_json
from reen.results.storage import read_footprint, write_footprint
from reen.testing import ToyMethod, check_factor_pack, factor_packs, registry_of
from reen.vocabulary.criteria import bundled_criteria

WASTE = Criterion(
    key="electronic_waste",
    unit="kgEwaste",
    title_en="Electronic waste",
    title_fr="Déchets électroniques",
    aliases=("e-waste", "DEEE"),
    source="tests",
)
FLEET = pa.table({"equipment_type": ["laptop", "laptop"], "lifetime": [4.0, 4.0]})
AS_OF = "2022-12-31"

FIGURES = {
    ("manufacturing", "climate_change"): ("100", "kgCO2e/item"),
    ("manufacturing", "DEEE"): ("2", "kgEwaste/item"),
    ("end_of_life", "climate_change"): ("10", "kgCO2e/item"),
    ("end_of_life", "electronic_waste"): ("0.5", "kgEwaste/item"),
}


def row(stage: str, criterion: str, value: str, unit: str) -> dict[str, str]:
    """Return a factor of a laptop."""
    return {
        "flow": "laptop",
        "reference_unit": "item",
        "stage": stage,
        "criterion": criterion,
        "value": value,
        "unit": unit,
        "equipment_type": "laptop",
        "source": "tests",
    }


def pack_of(
    rows: Iterable[Mapping[str, str]],
    *,
    name: str = "waste",
    criteria: Iterable[Criterion] = (WASTE,),
) -> FactorPack:
    """Return a pack of rows, with the definitions of its criteria."""
    return FactorPack.from_rows(
        name=name,
        version="1",
        title="Waste",
        publisher="us",
        licence="CC0-1.0",
        source="tests",
        factors=rows,
        criteria=criteria,
    )


PACK = pack_of(row(*key, *figure) for key, figure in FIGURES.items())
REGISTRY = registry_of(methods=[ToyMethod()], packs=[PACK], criteria=[WASTE])


def measured(**options: object) -> reen.Footprint:
    """Return the footprint of the two laptops by the pack."""
    given = {"method": "toy", "factors": PACK, "as_of": AS_OF, "registry": REGISTRY} | options
    return reen.measure(reen.Inventory.from_arrow(FLEET), **given)  # type: ignore[arg-type]


# -- packs -----------------------------------------------------------------------------------


def test_a_pack_holds_the_definitions_of_its_criteria() -> None:
    """Of those that it uses and reen does not ship; every name of theirs is understood."""
    assert PACK.factors.criteria == ("climate_change", "electronic_waste")
    assert PACK.factors.definitions == (WASTE,)
    other = attrs.evolve(WASTE, key="x", unit="kgX", title_en="X", title_fr="Xe", aliases=())
    one = pack_of([row("embedded", "gwp", "1", "kgCO2e/item")], criteria=[WASTE, other])
    assert one.factors.definitions == ()


def test_a_pack_of_bundled_criteria_is_what_it_was() -> None:
    """Given criteria that it does not use, nothing changes: its hash is what it always was."""
    rows = [row("embedded", "climate_change", "1", "kgCO2e/item")]
    assert pack_of(rows).digest == pack_of(rows, criteria=()).digest
    assert pack_of(rows).digest == (
        "c87ef1ff60a6ce560cc8b129bbae89c41cb8ff2057c1a4610290c214dc3d25b4"
    )


def test_the_definition_counts_in_the_hash_of_a_pack() -> None:
    """Another title is another pack; the order of the rows is not."""
    rows = [row(*key, *figure) for key, figure in FIGURES.items()]
    assert pack_of(rows[::-1]).digest == PACK.digest
    renamed = attrs.evolve(WASTE, title_en="Scrap")
    assert pack_of(rows, criteria=[renamed]).digest != PACK.digest


def test_a_criterion_that_was_not_given() -> None:
    """The row says what was expected; so does a file that is read without the plugin."""
    with pytest.raises(reen.errors.FactorDataError, match="'DEEE'; expected a criterion"):
        pack_of([row("embedded", "DEEE", "1", "kgEwaste/item")], criteria=())


@pytest.mark.slow
def test_a_row_in_another_unit() -> None:
    """Kilograms of what? The unit of the criterion is a dimension of its own."""
    with pytest.raises(reen.errors.FactorDataError, match="a unit of the dimension kgEwaste/item"):
        pack_of([row("embedded", "DEEE", "1", "kg/item")])


def test_a_criterion_in_a_unit_that_is_known() -> None:
    """A criterion in kg: 2,500 g of a row are 2.5 kg."""
    plain = attrs.evolve(WASTE, unit="kg")
    pack = pack_of([row("embedded", "DEEE", "2500", "g/item")], criteria=[plain])
    assert pack.factors.values.tolist() == [[[pytest.approx(2.5)]]]
    total = measured(factors=pack, registry=registry_of(methods=[ToyMethod()])).total()
    assert (total.unit, total.value) == ("kg/year", pytest.approx(2 * 2.5 / 4))
    assert total.quantity.to("g/year").magnitude == pytest.approx(1250.0)


@pytest.mark.parametrize("ending", ["csv", "parquet", "folder"])
def test_a_file_of_factors_is_read_with_the_criteria_of_the_registry(
    tmp_path: Path, ending: str
) -> None:
    """As --factors FILE does: the same figures as those of the pack."""
    table = pa.Table.from_pylist([row(*key, *figure) for key, figure in FIGURES.items()])
    if ending == "parquet":
        import pyarrow.parquet as pq

        path = tmp_path / "waste.parquet"
        pq.write_table(table, path)
    else:
        import pyarrow.csv as pc

        path = tmp_path / ("factors.csv" if ending == "folder" else "waste.csv")
        pc.write_csv(table, path)
    if ending == "folder":
        path = tmp_path
        about = dict.fromkeys(("title", "publisher", "licence", "source", "name"), "waste")
        lines = [f'{key} = "{text}"' for key, text in (about | {"version": "1"}).items()]
        (tmp_path / "pack.toml").write_text("\n".join(lines), encoding="utf-8")
    pack = reen.read_factors(path, registry=REGISTRY)
    assert np.array_equal(pack.factors.values, PACK.factors.values, equal_nan=True)
    assert pack.factors.definitions == (WASTE,)
    with pytest.raises(reen.errors.FactorDataError, match="DEEE"):
        reen.read_factors(path, registry=registry_of()).content  # noqa: B018 - read on first use


@pytest.mark.parametrize("hooks", [(0, 1), (1, 0)])
def test_the_order_of_plugins_and_hooks_does_not_matter(hooks: Sequence[int]) -> None:
    """The pack comes before the criterion, or after it: it reads the same."""

    class Packs:
        @hookimpl
        def reen_factor_packs(self) -> list[FactorPack]:
            return [PACK]

    class Criteria:
        @hookimpl
        def reen_criteria(self) -> list[Criterion]:
            return [WASTE]

    both = (Packs(), Criteria())
    registry = reen.load_plugins(only=(), extra=[both[k] for k in hooks])
    assert registry.factor_pack("waste").factors.definitions == (WASTE,)
    found = measured(method=ToyMethod(), factors="waste", registry=registry)
    assert found.factors == measured().factors
    assert found.total("deee").value == pytest.approx(1.25)
    names = {plugin.distribution for plugin in found.provenance.plugins}
    assert names == {"Packs", "Criteria"}


# -- measuring -------------------------------------------------------------------------------


def test_totals_and_tables() -> None:
    """55 kgCO2e and 1.25 kgEwaste a year (see above), in the units of each criterion."""
    footprint = measured()
    assert footprint.criteria == ("climate_change", "electronic_waste")
    assert footprint.total().value == pytest.approx(55.0)
    for name in ("electronic_waste", "DEEE", "e-wastes", "Déchets électroniques"):
        total = footprint.total(name)
        assert total.value == pytest.approx(1.25)
        assert total.unit == "kgEwaste/year"
    assert str(footprint.total("deee")) == "1.25 kgEwaste/year"
    assert str(footprint.total("deee").quantity.units) == "kgEwaste / year"
    units = dict(
        zip(*footprint.to_arrow().select(["criterion", "unit"]).to_pydict().values(), strict=True)
    )
    assert units == {"climate_change": "kgCO2e/year", "electronic_waste": "kgEwaste/year"}
    assert "electronic_waste: 1.25 kgEwaste/year" in str(footprint)
    assert "Electronic waste" in footprint._repr_html_(), "it is named beside the one shown"
    assert footprint.interval(criterion="deee", assume_spread=0.1).unit == "kgEwaste/year"
    assert footprint.bounds("deee").unit == "kgEwaste/year"
    assert footprint.sensitivity("deee").unit == "kgEwaste/year"


def test_sums_keep_the_criteria() -> None:
    """Twice the laptops, twice the waste; by group, and all together."""
    twice = measured(by="equipment_type") + measured(by="equipment_type")
    assert twice.total("deee").value == pytest.approx(2.5)
    assert twice.by().unit("electronic_waste") == "kgEwaste/year"


def test_the_criteria_of_an_option() -> None:
    """Named by alias; what nobody knows, or no pack publishes, is refused."""
    assert measured(criteria="deee").criteria == ("electronic_waste",)
    assert measured(criteria="deee").total().value == pytest.approx(1.25)
    with pytest.raises(reen.errors.UnknownNameError, match="Did you mean 'electronic_waste'"):
        measured(criteria="electronic_wast")
    bare = pack_of([row("embedded", "gwp", "1", "kgCO2e/item")])
    with pytest.raises(reen.errors.OptionError, match="criteria that the packs in use publish"):
        measured(criteria="deee", factors=bare)


def test_a_pack_of_the_host_brings_its_criteria() -> None:
    """No plugin defines the criterion: that of the pack is enough."""
    footprint = measured(registry=registry_of(methods=[ToyMethod()]))
    assert footprint == measured()
    assert footprint.total("deee").value == pytest.approx(1.25)


def test_trace_and_explain() -> None:
    """The rows add up to the total, in its unit; the explanation shows the product."""
    inventory = reen.Inventory.from_arrow(FLEET)
    options = {"method": "toy", "factors": PACK, "as_of": AS_OF, "registry": REGISTRY}
    table = reen.trace(inventory, **options).read_all()  # type: ignore[arg-type]
    column = "electronic_waste.manufacturing"
    assert table.schema.field(column).metadata[b"unit"] == b"kgEwaste/year"
    assert sum(v for v in table[column].to_pylist() if v is not None) == pytest.approx(1.0)
    text = str(reen.explain(inventory, **options))  # type: ignore[arg-type]
    assert "electronic_waste, manufacturing: 0.25 x 2 = 0.5 kgEwaste/year" in text
    assert "total electronic_waste: 0.625 kgEwaste/year" in text


@pytest.mark.slow
def test_workers_of_another_process() -> None:
    """A worker without the plugin folds the same: what travels holds its definitions."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert measured(executor=pool, batch_rows=1) == measured()


def test_a_pickled_footprint() -> None:
    """Equal, with its units."""
    again = pickle.loads(pickle.dumps(measured()))  # noqa: S301 - our own bytes
    assert again == measured()
    assert again.unit("electronic_waste") == "kgEwaste/year"


# -- factors made at run time ----------------------------------------------------------------


def made(definitions: tuple[Criterion, ...]) -> reen.plugin.arrays.FactorSet:
    """Return one run-time flow of 8 kgEwaste."""
    whole = pack_of([row("embedded", "deee", "8", "kgEwaste/item")], name="made").factors
    return attrs.evolve(whole, definitions=definitions)


@attrs.frozen(kw_only=True)
class Maker:
    """A method whose flows are of its own making: each row is half an item a year."""

    definitions: tuple[Criterion, ...] = attrs.field(default=(WASTE,), repr=False)
    name = "maker"
    version = "1"
    title = "Maker"
    reference = "tests"
    packs = ()
    kinds = (FlowKind("item", (reen.Stage.EMBEDDED,)),)
    columns = ()

    def prepare(self, context: Context) -> Maker:
        assert context.as_of is not None
        return self

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        factors = made(self.definitions)
        yield Exchanges(
            kind=self.kinds[0],
            flows=factors.flows,
            flow=np.zeros(len(batch), np.int32),
            drivers={"amount": Driver(np.full(len(batch), 0.5), "item/year")},
            reference_unit="item",
            outcomes=(Outcome(match=Match.TYPE),),
            outcome=np.zeros(len(batch), np.uint8),
            factors=factors,
        )


def test_factors_made_at_run_time_bring_their_criteria() -> None:
    """Two rows x 0.5 item a year x 8 = 8 kgEwaste a year, with nothing but the method."""
    registry = registry_of(methods=[Maker()])
    options = {"method": Maker(), "factors": (), "registry": registry}
    footprint = measured(**options)
    assert footprint.total("deee").value == pytest.approx(8.0)
    assert footprint.total("deee").unit == "kgEwaste/year"
    table = reen.trace(
        reen.Inventory.from_arrow(FLEET), method=Maker(), as_of=AS_OF, registry=registry
    )
    field = table.schema.field("electronic_waste.embedded")
    assert field.metadata[b"unit"] == b"kgEwaste/year"


def test_factors_of_a_criterion_that_nobody_defines() -> None:
    """Refused by name, whether a pack or a method has them."""
    with pytest.raises(reen.errors.PluginError, match="which nobody defines") as caught:
        measured(method=Maker(definitions=()), factors=())
    assert "method maker 1" in str(caught.value)
    content = attrs.evolve(PACK.content, factors=attrs.evolve(PACK.factors, definitions=()))
    bare = attrs.evolve(PACK, load=functools.partial(_same, content))
    with pytest.raises(reen.errors.PluginError, match="'electronic_waste', which nobody defines"):
        measured(factors=bare)


def _same(content: PackContent) -> PackContent:
    return content


# -- two definitions -------------------------------------------------------------------------


def test_a_pack_that_defines_a_criterion_otherwise() -> None:
    """Than the registry, or than another pack: refused, and the pack named."""
    scrap = attrs.evolve(WASTE, unit="kgScrap")
    rows = [row("embedded", "deee", "1", "kgScrap/item")]
    other = pack_of(rows, name="scrap", criteria=[scrap])
    with pytest.raises(reen.errors.PluginError) as caught:
        measured(factors=other)
    assert "factor pack scrap 1: defines a criterion otherwise" in str(caught.value)
    with pytest.raises(reen.errors.PluginError):
        measured(factors=[PACK, other], registry=registry_of(methods=[ToyMethod()]))
    alone = measured(factors=other, registry=registry_of(methods=[ToyMethod()]))
    assert alone.unit("electronic_waste") == "kgScrap/year"


@pytest.mark.slow
def test_two_registries_of_one_process() -> None:
    """Each measures by its own definition, one after the other and again."""
    scrap = attrs.evolve(WASTE, title_en="Scrap", unit="kgScrap")
    rows = [row("embedded", "deee", "1", "kgScrap/item")]
    theirs = pack_of(rows, criteria=[scrap])
    registry = registry_of(methods=[ToyMethod()], packs=[theirs], criteria=[scrap])
    assert measured().unit("electronic_waste") == "kgEwaste/year"
    other = measured(factors=theirs, registry=registry)
    assert other.unit("electronic_waste") == "kgScrap/year"
    assert "[electronic_waste]" in other.total().quantity.dimensionality
    assert measured().total("deee").quantity.units == measured().total("deee").quantity.units
    assert "electronic_waste" not in bundled_criteria()
    assert "electronic_waste" not in reen.default_registry().criteria


# -- comparing -------------------------------------------------------------------------------


def compared() -> reen.types.Comparison:
    """Return the toy method and the maker on the two laptops."""
    registry = registry_of(methods=[ToyMethod(), Maker()], criteria=[WASTE])
    return reen.compare(
        reen.Inventory.from_arrow(FLEET),
        methods=["toy", "maker"],
        factors={"toy": PACK},
        as_of=AS_OF,
        registry=registry,
    )


def test_two_methods_side_by_side() -> None:
    """1.25 and 8 kgEwaste a year: the gap is 6.75, and its effects add up to it."""
    comparison = compared()
    assert comparison.criteria == ("climate_change", "electronic_waste")
    gap = comparison.gap("toy", "maker", "deee")
    assert gap.unit == "kgEwaste/year"
    assert gap.value == pytest.approx(6.75)
    assert sum(effect.value for effect in gap.effects) == pytest.approx(6.75)
    assert "kgEwaste/year" in gap.sentence()
    (laptops,) = comparison.by_type("deee")
    assert (laptops.unit, laptops.totals["maker"]) == ("kgEwaste/year", pytest.approx(8.0))
    units = set(comparison.effects_to_arrow()["unit"].to_pylist())
    assert units == {"kgCO2e/year", "kgEwaste/year"}
    assert (
        comparison.probability_above("maker", "toy", criterion="deee", draws=10).probability == 1.0
    )


def test_methods_that_define_a_criterion_otherwise_are_not_compared() -> None:
    """The pack of the second is named; nothing is added up."""
    scrap = attrs.evolve(WASTE, unit="kgScrap")
    other = pack_of([row("embedded", "deee", "1", "kgScrap/item")], criteria=[scrap])
    with pytest.raises(reen.errors.PluginError, match="defines a criterion otherwise"):
        reen.compare(
            reen.Inventory.from_arrow(FLEET),
            methods=[ToyMethod(), ToyMethod()],
            factors={"toy": PACK, "toy #2": other},
            as_of=AS_OF,
            registry=registry_of(),
        )


# -- other results ---------------------------------------------------------------------------


def test_boundaries_for_a_criterion_of_a_plugin() -> None:
    """1.25 kgEwaste over a boundary of 80 among 8 people, 10 each: 0.125 person."""
    persons = reen.person_equivalents(measured(), population=8.0, boundaries={"DEEE": 80.0})
    assert persons["e-waste"].value == pytest.approx(0.125)
    assert "1.25 kgEwaste/year / 10 kgEwaste/person/year" in str(persons["deee"])
    without = reen.person_equivalents(measured())
    assert ("electronic_waste", "no planetary boundary is published") in without.left_out
    with pytest.raises(reen.errors.OptionError, match="no planetary boundary"):
        without["deee"]


@pytest.mark.slow
def test_what_hosts_gave_to_their_machines() -> None:
    """The balance of a system is in the units of each criterion."""
    system = reen.Inventory.from_tables(
        equipment=pa.table({"id": ["h"], "equipment_type": ["laptop"], "lifetime": [4.0]}),
        virtual_machines=pa.table({"id": ["v"], "host_id": ["h"], "vcpu": [2.0]}),
    )
    table = reen.allocation_balance(
        system, method="numecoeval", factors=PACK, as_of=AS_OF, registry=_with_numecoeval()
    )
    units = {(each["criterion"], each["unit"]) for each in table.to_pylist()}
    assert units == {("climate_change", "kgCO2e/year"), ("electronic_waste", "kgEwaste/year")}


def _with_numecoeval() -> Registry:
    class Criteria:
        @hookimpl
        def reen_criteria(self) -> list[Criterion]:
            return [WASTE]

    return reen.load_plugins(extra=[Criteria()])


# -- files -----------------------------------------------------------------------------------

#: Reads a result where nobody has heard of the criterion.
ELSEWHERE = """
import json, sys
import reen
from reen.results.comparison_storage import read_comparison
from reen.results.storage import read_footprint
assert "electronic_waste" not in reen.default_registry().criteria
read = read_comparison if "comparison" in sys.argv[1] else read_footprint
found = read(sys.argv[1])
of = found.footprint("toy") if "comparison" in sys.argv[1] else found
print(json.dumps([str(of.total("deee")), of.to_arrow()["unit"].to_pylist(), str(found)]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["result.json", "result.parquet", "comparison.json"])
def test_a_result_is_read_where_the_plugin_is_not_installed(tmp_path: Path, name: str) -> None:
    """The file holds the definitions: units and names are there in another process."""
    path = tmp_path / name
    if name.startswith("comparison"):
        write_comparison(compared(), path)
        assert read_comparison(path) == compared()
    else:
        write_footprint(measured(), path)
        assert read_footprint(path) == measured()
    run = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(path)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    total, units, text = json.loads(run.stdout)
    assert total == "1.25 kgEwaste/year"
    assert "kgEwaste/year" in units
    assert "1.25 kgEwaste/year" in text


def test_a_file_whose_definition_was_changed_is_refused(tmp_path: Path) -> None:
    """The definition is part of what the hash covers."""
    path = tmp_path / "result.json"
    write_footprint(measured(), path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"Electronic waste"', '"Scrap"'), encoding="utf-8")
    with pytest.raises(reen.errors.FileFormatError, match="was changed since it was written"):
        read_footprint(path)


def test_a_result_without_criteria_of_its_own_is_written_as_before(tmp_path: Path) -> None:
    """Neither its text nor its hash knows of definitions."""
    bare = pack_of([row("embedded", "gwp", "1", "kgCO2e/item")])
    footprint = measured(factors=bare)
    path = tmp_path / "result.json"
    write_footprint(footprint, path)
    assert "definitions" not in path.read_text(encoding="utf-8")

    @attrs.frozen
    class FactorSet:
        """As it was before definitions."""

        flows: object
        stages: object

    assert content_digest(FactorSet((), ())) == content_digest(
        attrs.make_class(
            "FactorSet",
            {
                "flows": attrs.field(),
                "stages": attrs.field(),
                "more": attrs.field(
                    metadata=attrs.fields(reen.plugin.arrays.FactorSet).definitions.metadata
                ),
            },
        )((), (), ())
    )


@given(pack=factor_packs(name="waste", criteria=("climate_change", WASTE)))
@settings(max_examples=max(2, settings.default.max_examples // 12), deadline=None)
def test_any_result_is_read_as_it_was_written(pack: FactorPack) -> None:
    """Equal, with the same unit for every criterion, whatever the figures are."""
    footprint = measured(factors=pack, by="equipment_type")
    again = footprint_from_json(footprint_to_json(footprint))
    assert again == footprint
    assert [again.unit(key) for key in again.criteria] == [
        {"climate_change": "kgCO2e/year", "electronic_waste": "kgEwaste/year"}[key]
        for key in footprint.criteria
    ]
    assert pickle.loads(pickle.dumps(pack)).digest == pack.digest  # noqa: S301 - our own bytes


# -- the conformance suite -------------------------------------------------------------------


@pytest.mark.slow
def test_the_conformance_suite_takes_the_criteria_of_a_pack() -> None:
    """As an author would hold their own pack, in a registry without the criterion too."""
    check_factor_pack(PACK, examples=3, registry=REGISTRY)
    check_factor_pack(PACK, examples=3, registry=registry_of())


def test_the_conformance_suite_wants_a_source_of_a_criterion() -> None:
    """A figure of nobody knows what is no figure."""
    bare = attrs.evolve(WASTE, source="")
    rows = [row("embedded", "deee", "1", "kgEwaste/item")]
    with pytest.raises(
        reen.errors.BrokenLawError, match="the criterion 'electronic_waste' has no source"
    ):
        check_factor_pack(pack_of(rows, criteria=[bare]), laws="provenance", registry=REGISTRY)


@pytest.mark.slow
def test_generated_packs_of_a_criterion_of_a_plugin() -> None:
    """The public strategy takes the criterion itself, beside the keys of reen's."""
    pack = find(
        factor_packs(criteria=("climate_change", WASTE)),
        lambda found: "electronic_waste" in found.factors.criteria,
    )
    assert pack.factors.definitions == (WASTE,)


# -- the command line ------------------------------------------------------------------------

PLUGIN = """
import reen

WASTE = reen.plugin.packs.Criterion(
    key="electronic_waste", unit="kgEwaste", title_en="Electronic waste",
    title_fr="Rebuts électroniques", aliases=("DEEE",), source="tests",
)

def laptop(criterion, value, unit):
    return {
        "flow": "laptop", "reference_unit": "item", "stage": "embedded", "criterion": criterion,
        "value": value, "unit": unit, "equipment_type": "laptop", "source": "tests",
    }

@reen.plugin.hookimpl
def reen_factor_packs():
    return [
        reen.plugin.FactorPack.from_rows(
            name="waste", version="1", title="Waste", publisher="us", licence="CC0-1.0",
            source="tests", criteria=[WASTE],
            factors=[laptop("gwp", "100", "kgCO2e/item"), laptop("DEEE", "2", "kgEwaste/item")],
        )
    ]

@reen.plugin.hookimpl
def reen_criteria():
    return [WASTE]
"""


@pytest.fixture
def command(tmp_path: Path) -> functools.partial[str]:
    """Return what types a command where the plugin is installed."""
    folder = tmp_path / "installed"
    info = folder / "reen_waste-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "reen_waste.py").write_text(PLUGIN, encoding="utf-8")
    metadata = "Metadata-Version: 2.1\nName: reen-waste\nVersion: 1.0\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    (info / "entry_points.txt").write_text("[reen]\nwaste = reen_waste\n", encoding="utf-8")
    (tmp_path / "fleet.csv").write_text(
        "equipment_type;lifetime;country\nlaptop;4;FR\nlaptop;4;FR\n", encoding="utf-8"
    )
    return functools.partial(_typed, tmp_path)


def _typed(folder: Path, *words: str) -> str:
    program = Path(sysconfig.get_path("scripts")) / "reen"
    run = subprocess.run(
        [str(program), *words],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        cwd=folder,
        env=os.environ
        | {"PYTHONPATH": str(folder / "installed"), "COLUMNS": "100", "NO_COLOR": "1"},
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


MEASURE = ("fleet.csv", "--factors", "waste", "--as-of", AS_OF)


@pytest.mark.slow
def test_the_pages_of_the_command_line(command: functools.partial[str]) -> None:
    """Two laptops of 2 kgEwaste over 4 years are 1 kgEwaste a year, by its title and unit."""
    page = command("measure", *MEASURE, "--method", "base-carbone", "--criteria", "DEEE")
    assert "Electronic waste: >= 1.000 kgEwaste/year" in page
    page = command("measure", *MEASURE, "--method", "base-carbone", "--by", "country")
    assert "Electronic waste" in page
    assert "Climate change" in page
    page = command("explain", "fleet.csv", "fleet.csv:2", *MEASURE[1:], "--method", "base-carbone")
    assert "kgEwaste/year" in page
    assert "criteria: electronic_waste" in " ".join(command("plugins").split())
    assert "2 kgEwaste/item" in command("factors", "waste", "--find", "laptop")
    assert '"kgEwaste/item"' in command("factors", "waste", "--format", "json")


@pytest.mark.slow
def test_the_page_of_a_comparison(command: functools.partial[str]) -> None:
    """In both languages, with the titles of the criterion."""
    words = (
        "compare",
        *MEASURE,
        "--methods",
        "base-carbone,numecoeval",
        "--criteria",
        "deee",
        "--full",
    )
    assert "Electronic waste, kgEwaste/year" in command(*words)
    assert "Rebuts électroniques, kgEwaste/an" in command(*words, "--lang", "fr")
