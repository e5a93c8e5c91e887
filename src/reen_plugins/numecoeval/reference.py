"""The reference files of NumEcoEval and G4IT, read as a factor pack.

Input: the organisation's own copy of the reference CSV files, in a folder, or the file of factors
alone (`numecoeval_tables` reads it).  Output: a `FactorPack` with

- item flows by name, per stage and criterion, with `consoElecMoyenne` as the yearly energy of the
  item; the electricity mixes by country, per kWh, of no year;
- the matching of models and types to items, default lifetimes and server flags of types, and the
  hypotheses.

What cannot be carried over is counted in the pack's notes, never dropped in silence.  No file of
factors is shipped: the figures in use are licensed (NegaOctet).
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import attrs

from reen import default_registry
from reen.errors import FactorDataError, UnknownNameError
from reen.plugin import FactorPack, Reason
from reen.plugin.files import Sample, Sniff, normalise_text, resolve_country
from reen.plugin.packs import Criterion
from reen_plugins.numecoeval.defaults import LICENCE, default_row, read_types
from reen_plugins.numecoeval.tables import (
    Row,
    Table,
    recognise,
    reference_files,
    tables_of,
)

__all__ = ["NumEcoEvalReference"]

#: Life-cycle steps of both generations; the value of an item for USE is not used by the engine.
_STAGES = {
    "fabrication": "manufacturing",
    "manufacturing": "manufacturing",
    "distribution": "distribution",
    "transportation": "distribution",
    "utilisation": "use",
    "using": "use",
    "fin de vie": "end_of_life",
    "end of life": "end_of_life",
}

_MIX = "electricity mix"

#: Hypotheses that the method knows, with the parameter and unit that they are here.
_HYPOTHESES = {
    "puepardefaut": ("pue", "1"),
    "dureeviepardefaut": ("lifetime", "year"),
    "tauxutilisationcope": ("cope_rate", "1"),
    "tauxutilisationbyod": ("byod_rate", "1"),
}

_SHOWN = 5


@attrs.frozen
class NumEcoEvalReference:
    """The factor reader of NumEcoEval and G4IT reference files.

    Attributes
    ----------
    name, title
        How it is called and listed.
    """

    name: str = "numecoeval-reference"
    title: str = "Reference files of NumEcoEval and G4IT (a folder of CSV, or the factors alone)"

    def sniff(self, sample: Sample) -> Sniff:
        """Say how sure it is: certain of the header of the factors."""
        if sample.path.is_dir():
            tables = sorted({table for _, table in reference_files(sample.path)})
            return Sniff(0.95, (f"tables: {', '.join(tables)}",)) if tables else Sniff(0.0)
        table = recognise(sample.head)
        return Sniff(0.95, ("the header of the factors",)) if table == "factors" else Sniff(0.0)

    def read(self, path: Path) -> FactorPack:
        """Read the files as a factor pack.

        Returns
        -------
        FactorPack
            Named after the folder or file; its version is the head of a SHA-256 of the content, and
            its notes say what was not carried over.

        Raises
        ------
        FileFormatError
            There is no reference file at the path.
        FactorDataError
            A cell that is not what its column holds: file, line, column, value, expected.
        """
        return _Reading(tables_of(path)).pack(path)


class _Reading:
    """Reference tables on their way to a pack."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._tables = tables
        self._notes: dict[str, dict[str, int]] = {}
        self._criteria: dict[str, Criterion | None] = {}
        self._labels = {
            row["code"]: row["label"]
            for table in self._of("criteria")
            for _, row in table.rows
            if row["label"]
        }

    def _of(self, name: str) -> list[Table]:
        return [table for table in self._tables if table.name == name]

    def _note(self, reason: str, what: str) -> None:
        """Count something that is not carried over."""
        counts = self._notes.setdefault(reason, {})
        counts[what] = counts.get(what, 0) + 1

    def pack(self, path: Path) -> FactorPack:
        """Return the pack."""
        factors, energies = self._factors()
        hypotheses = self._hypotheses()
        typed = self._own("types")
        types, lifetimes = read_types(typed, hypotheses.get("lifetime"), self._note)
        self._check_units()
        return FactorPack.from_rows(
            name=path.stem,
            version=self._version(),
            title=f"NumEcoEval reference files ({path.name})",
            publisher="as each source says",
            licence=LICENCE,
            source=", ".join(sorted({table.file for table in self._tables})),
            factors=factors,
            defaults=[*energies, *hypotheses.values(), *lifetimes],
            matching=[*self._models(), *types],
            type_names={row["type"] for _, _, row in typed},
            criteria=default_registry().criteria,
            description=f"{len({row['flow'] for row in factors})} items and electricity mixes read"
            f" from {', '.join(table.file for table in self._tables)}.",
            notes=self._in_words(),
        )

    def _version(self) -> str:
        lines = sorted(
            repr((table.name, sorted(row.items())))
            for table in self._tables
            for _, row in table.rows
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]

    def _in_words(self) -> str:
        said = []
        for reason, counts in self._notes.items():
            total = sum(counts.values())
            names = ", ".join(list(counts)[:_SHOWN])
            more = f" and {len(counts) - _SHOWN} more" if len(counts) > _SHOWN else ""
            said.append(f"{reason}: {total} ({names}{more})")
        return "; ".join(said)

    def _own(self, name: str) -> list[tuple[Table, int, Row]]:
        """Return the rows of a table, an organisation's own first, as the engine looks them up.

        Rows of several organisations in one set cannot be told apart here: the common ones stay.
        """
        rows = [(table, line, row) for table in self._of(name) for line, row in table.rows]
        owners = {row.get("owner", "") for _, _, row in rows} - {""}
        if len(owners) > 1:
            for _, _, row in rows:
                if row.get("owner"):
                    self._note(f"rows of several organisations in {name}, not read", row["owner"])
            rows = [each for each in rows if not each[2].get("owner")]
        return sorted(rows, key=lambda each: not each[2].get("owner"))

    # -- factors -----------------------------------------------------------------------------

    def _factors(self) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        """Return the long-form factor rows, and the yearly energies of items."""
        rows: dict[tuple[str, ...], tuple[str, dict[str, str]]] = {}
        energies: dict[str, dict[str, str]] = {}
        for table, line, row in self._own("factors"):
            for column in ("item", "criterion"):
                if not row[column]:
                    raise table.fail(line, column, "", Reason("error_name", column=column))
            value = table.number(line, row, "value")
            mix = normalise_text(row["category"]) == _MIX
            if not mix:
                self._energy(table, line, row, energies)
            stage = "use" if mix else _STAGES.get(normalise_text(row["step"]))
            if stage is None:
                raise table.fail(line, "step", row["step"], Reason("error_numecoeval_steps"))
            made = self._long_form(row, stage, value, mix=mix)
            if made is None:
                continue
            key = (made["flow"], made["geography"], stage, made["criterion"])
            owner, first = rows.setdefault(key, (row["owner"], made))
            if owner == row["owner"] and first["value"] != made["value"]:
                expected = Reason(
                    "error_one_value_first_one",
                    item=row["item"],
                    stage=stage,
                    criterion=made["criterion"],
                    value=first["value"],
                )
                column = table.headers["value"]
                raise FactorDataError(table.file, line, column, row["value"], expected)
        factors = [made for _, made in rows.values()]
        self._check_mixes(factors)
        return factors, list(energies.values())

    def _check_mixes(self, factors: Sequence[dict[str, str]]) -> None:
        """Note the countries whose electricity is given under several names, with other values."""
        known: dict[tuple[str, str], dict[str, str]] = {}
        for made in factors:
            if made["geography"]:
                first = known.setdefault((made["geography"], made["criterion"]), made)
                if (first["flow"], first["value"]) != (made["flow"], made["value"]):
                    reason = "countries of several electricity mixes, the first is kept"
                    self._note(reason, f"{made['geography']}: {first['flow']}, {made['flow']}")

    def _long_form(self, row: Row, stage: str, value: float, *, mix: bool) -> dict[str, str] | None:
        """Return one long-form row, None for what is not carried over."""
        criterion = self._criterion(row["criterion"])
        if criterion is None:
            self._note("criteria that reen does not know, not read", row["criterion"])
            return None
        if stage == "use" and not mix:
            self._note("USE values of items, which the engine does not use", row["item"])
            return None
        country = ""
        if mix:
            country = resolve_country(row["place"]) or ""
            if not country:
                self._note("electricity mixes of no country, not read", row["place"] or row["item"])
                return None
        elif row["unit"] and normalise_text(row["unit"]) not in ("item", "unite", "unit"):
            self._note(f"items per {row['unit']}, read as one item each", row["item"])
        reference = "kWh" if mix else "item"
        parts = (row["tier"], row["category"], row["level"])
        return {
            "flow": row["item"],
            "name": " - ".join(part for part in (row["item"], row["description"]) if part),
            "reference_unit": reference,
            "geography": country,
            "stage": stage,
            "criterion": criterion.key,
            "value": repr(value),
            "unit": f"{criterion.unit}/{reference}",
            "boundary": ", ".join(part for part in parts if part and not mix),
            "source": row["source"] or "NumEcoEval reference files, source not stated",
            "licence": LICENCE,
        }

    def _criterion(self, text: str) -> Criterion | None:
        """Return the criterion of a name, of a code or of the label of a code."""
        if text not in self._criteria:
            self._criteria[text] = _resolve(text) or _resolve(self._labels.get(text, ""))
        return self._criteria[text]

    def _check_units(self) -> None:
        """Note the criteria whose unit the files state otherwise than reen."""
        for table in self._of("criteria"):
            for _, row in table.rows:
                criterion = self._criterion(row["code"])
                if criterion is None or not row["unit"]:
                    continue
                known = {normalise_text(criterion.published_unit), normalise_text(criterion.unit)}
                if normalise_text(row["unit"]) not in known:
                    reason = "units to compare, read as reen's"
                    self._note(reason, f"{row['code']} in {row['unit']}: {criterion.unit}")

    def _energy(
        self, table: Table, line: int, row: Row, energies: dict[str, dict[str, str]]
    ) -> None:
        if not row["energy"]:
            return
        value = table.number(line, row, "energy")
        made = default_row(row["item"], "annual_energy", value, "kWh/item/year", row["source"])
        known = energies.setdefault(row["item"], made)
        if known["value"] != made["value"]:
            self._note("items of several consoElecMoyenne, the first is kept", row["item"])

    # -- matching and defaults -----------------------------------------------------------------

    def _models(self) -> list[dict[str, str]]:
        found: dict[str, str] = {}
        for table, line, row in self._own("matching"):
            if not row["model"]:
                raise table.fail(line, "model", "", Reason("error_model_inventory_writes"))
            if not row["item"]:
                self._note("models matched to nothing, not read", row["model"])
                continue
            model = unicodedata.normalize("NFC", row["model"])
            if found.setdefault(model, row["item"]) != row["item"]:
                self._note("models matched twice, the first is kept", model)
        return [{"match": "model", "key": key, "flow": item} for key, item in found.items()]

    def _hypotheses(self) -> dict[str, dict[str, str]]:
        """Return the defaults for everything, by parameter."""
        found: dict[str, dict[str, str]] = {}
        owners: dict[str, str] = {}
        for table, line, row in self._own("hypotheses"):
            known = _HYPOTHESES.get(normalise_text(row["key"]).replace(" ", ""))
            if known is None:
                self._note("hypotheses that the method does not use", row["key"])
                continue
            parameter, unit = known
            value = table.number(line, row, "value")
            made = default_row("*", parameter, value, unit, row["source"])
            first = owners.setdefault(parameter, row.get("owner", ""))
            same_owner = first == row.get("owner", "")
            if found.setdefault(parameter, made)["value"] != made["value"] and same_owner:
                self._note("hypotheses given twice otherwise, the first is kept", row["key"])
        return found


def _resolve(text: str) -> Criterion | None:
    if not text:
        return None
    try:
        return default_registry().criteria.resolve(text)
    except UnknownNameError:
        return None
