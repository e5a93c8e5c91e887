"""The exporter `numecoeval-indicators`: results in the indicator files of NumEcoEval and G4IT.

Input: an inventory and a method.  Output: one line per item, life-cycle step
and criterion, with status OK or ERREUR and the trace of the figure, so that a dashboard made for
these files keeps working.  Lines are made from `reen.trace`: the figures are reen's own.

An error is a line without a figure, never a zero.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import attrs
import pyarrow as pa

from reen import Inventory, default_registry, read, read_factors
from reen.errors import OptionError
from reen.plugin import FactorPack, Method, Reason, Registry
from reen.plugin.files import ExportOptions, writing
from reen_plugins.numecoeval.exported_files import COLUMNS, FILES, NUMBERS
from reen_plugins.numecoeval.exported_lines import IndicatorLines, Line

__all__ = ["NumEcoEvalIndicators", "indicator_batches"]

#: Lines of a record batch.
_LINES = 50_000


@attrs.frozen
class NumEcoEvalIndicators:
    """Writer of ``ind_physical_equipment.csv`` and, of machines and applications, the two others.

    Labels: ``inventory`` and ``batch`` (names of the inventory and of the run), ``batch_date``
    (the reference date when absent), ``organisation``.
    """

    name: str = attrs.field(default="numecoeval-indicators", init=False)
    title: str = attrs.field(
        default="Indicator files of NumEcoEval and G4IT: one line per item, step and criterion",
        init=False,
    )

    def export(self, source: Inventory, folder: Path, options: ExportOptions) -> tuple[Path, ...]:
        """Write the files: ``;``, UTF-8, decimal points, quotation marks where needed.

        Raises
        ------
        OptionError
            A label that it does not take, factors that separate no life-cycle steps.
        """
        levels = ["equipment"]
        levels += ["virtual_machine"] if source.virtual_machines.num_rows else []
        levels += ["application"] if source.applications.num_rows else []
        written = []
        for level in levels:
            path = folder / FILES[level]
            batches = indicator_batches(
                source,
                method=options.method,
                level=level,
                factors=options.factors,
                as_of=options.as_of,
                labels=options.labels,
                registry=options.registry,
            )
            with writing(path) as file:
                text = io.TextIOWrapper(file, "utf-8", newline="")
                writer = csv.writer(text, delimiter=";", lineterminator="\n")
                writer.writerow(COLUMNS[level])
                for batch in batches:
                    writer.writerows(zip(*(c.to_pylist() for c in batch.columns), strict=True))
                text.detach()
            written.append(path)
        return tuple(written)


def indicator_batches(
    source: Inventory | str | Path,
    *,
    method: str | Method = "numecoeval",
    level: str = "equipment",
    factors: Sequence[FactorPack | str | Path] = (),
    as_of: dt.date | str | None = None,
    labels: Mapping[str, str] | None = None,
    registry: Registry | None = None,
) -> pa.RecordBatchReader:
    """Return the indicators of one level, streamed.

    Parameters
    ----------
    source
        An inventory, or the path of one.
    method, level, factors, as_of, registry
        As in `reen.measure`.
    labels
        Names that no inventory holds: ``inventory``, ``batch``, ``batch_date``, ``organisation``.

    Returns
    -------
    pyarrow.RecordBatchReader
        The columns of the level's file, text but for averagePowerConsumption (kWh/year of one
        item, equipment in use only), unitImpact, quantity and sipImpact (shares of the planetary
        boundaries per head), null where there is none.

    Raises
    ------
    OptionError
        A label that is not one of these, factors that separate no life-cycle steps, or a level
        that the source does not have.
    """
    registry = registry or default_registry()
    if isinstance(source, (str, Path)):
        source = read(source, registry=registry)
    lines = IndicatorLines(
        source=source,
        method=registry.method(method) if isinstance(method, str) else method,
        level=level,
        packs=tuple(_pack(each, registry) for each in factors),
        as_of=_day(as_of),
        labels=dict(labels or {}),
        registry=registry,
    )
    schema = pa.schema(
        [
            pa.field(name, pa.float64() if name in NUMBERS else pa.string())
            for name in COLUMNS[level]
        ]
    )
    return pa.RecordBatchReader.from_batches(schema, _batches(lines.lines(), schema))


def _batches(lines: Iterator[Line], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    some: list[Line] = []
    for line in lines:
        some.append(line)
        if len(some) == _LINES:
            yield pa.RecordBatch.from_pylist(some, schema=schema)
            some = []
    yield pa.RecordBatch.from_pylist(some, schema=schema)


def _pack(given: FactorPack | str | Path, registry: Registry) -> FactorPack:
    if isinstance(given, FactorPack):
        return given
    if isinstance(given, str) and given in registry.factor_packs:
        return registry.factor_packs[given]
    return read_factors(given, registry=registry)


def _day(as_of: dt.date | str | None) -> dt.date:
    if isinstance(as_of, str):
        try:
            return dt.date.fromisoformat(as_of)
        except ValueError as error:
            expected = Reason("error_date_2022_12_31")
            raise OptionError("indicator_batches", "as_of", as_of, expected) from error
    return as_of or dt.datetime.now(tz=dt.UTC).date()
