"""Generated inventories and factors, the same for every peer and on every machine.

Input: sizes and a seed.  Output: `Fleet`, numpy columns from which each benchmark makes the Arrow
tables that it needs, and `FactorTable`, factors by flow, stage and criterion.  The distributions
are those of real asset lists: few models make most of the assets (Zipf), entities have lognormal
sizes, lifetimes and energies are often missing, words are written in several ways.  Knows no peer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["SEED", "FactorTable", "Fleet", "Sizes", "make_factors", "make_fleet"]

#: Changing the seed or the order of the draws changes every figure: say so in the changelog.
SEED = 20_221_231

Floats: TypeAlias = npt.NDArray[np.float64]
Codes: TypeAlias = npt.NDArray[np.int32]

#: Type key, share of the models, yearly energy of one item (kWh), usual lifetime (years), and
#: ways to write it.  Orders of magnitude of a French public organisation; no published figure.
_TYPES: Sequence[tuple[str, float, float, float, tuple[str, ...]]] = (
    ("laptop", 0.26, 30.0, 5.0, ("laptop", "PC portable", "Ordinateur portable", "Notebook")),
    ("monitor", 0.22, 60.0, 6.0, ("monitor", "Écran", "Moniteur LCD")),
    ("desktop", 0.16, 120.0, 6.0, ("desktop", "PC fixe", "Unité centrale")),
    ("smartphone", 0.10, 5.0, 3.0, ("smartphone", "Smartphone professionnel")),
    ("desk_phone", 0.07, 20.0, 8.0, ("desk_phone", "Téléphone fixe")),
    ("printer", 0.05, 60.0, 5.0, ("printer", "Imprimante")),
    ("tablet", 0.04, 15.0, 3.0, ("tablet", "Tablette")),
    ("server", 0.03, 2_000.0, 5.0, ("server", "Serveur")),
    ("wifi_access_point", 0.03, 70.0, 5.0, ("wifi_access_point", "Borne wifi")),
    ("mobile_phone", 0.02, 2.0, 3.0, ("mobile_phone",)),
    ("video_projector", 0.01, 100.0, 6.0, ("video_projector", "Vidéoprojecteur")),
    ("box", 0.01, 80.0, 5.0, ("box",)),
)

_STATUSES: Sequence[tuple[str | None, float]] = (
    ("En service", 0.86),
    ("En stock", 0.06),
    ("Réformé", 0.04),
    ("Perdu", 0.01),
    (None, 0.03),
)

_COUNTRIES = (
    "FR", "BE", "DE", "ES", "IT", "PT", "NL", "LU", "CH", "GB", "IE", "US", "CA", "MA", "TN",
    "SN", "CI", "JP", "CN", "IN", "BR", "PL", "SE", "DK", "FI", "NO", "AT", "CZ", "RO", "GR",
)  # fmt: skip


@attrs.frozen(kw_only=True)
class Sizes:
    """How large a generated fleet is.

    Attributes
    ----------
    rows
        Rows, each one asset or several identical ones.
    entities
        Organisational units.
    models
        Commercial models; their frequencies follow Zipf's law.
    """

    rows: int
    entities: int = 3_000
    models: int = 600


@attrs.frozen(eq=False, kw_only=True)
class Fleet:
    """The columns of a generated inventory: codes among distinct words, -1 where missing.

    Attributes
    ----------
    asset
        int64 number of each row, distinct.
    entity, model, type_word, country, status
        int32 codes.
    words
        Distinct words of each coded column.
    type_of_word
        Type key of each word of `type_word`.
    quantity, lifetime, annual_energy
        float64 in item, year, kWh/item/year; NaN where missing.
    purchase_day
        int32 days since 1970; -1 where missing.
    """

    asset: npt.NDArray[np.int64]
    entity: Codes
    model: Codes
    type_word: Codes
    country: Codes
    status: Codes
    words: Mapping[str, tuple[str, ...]]
    type_of_word: tuple[str, ...]
    quantity: Floats
    lifetime: Floats
    annual_energy: Floats
    purchase_day: Codes

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.entity)

    @property
    def types(self) -> tuple[str, ...]:
        """Return the distinct type keys."""
        return tuple(dict.fromkeys(self.type_of_word))

    @property
    def type_code(self) -> Codes:
        """Return the type of each row among `types`."""
        position = {key: k for k, key in enumerate(self.types)}
        return np.array([position[key] for key in self.type_of_word], np.int32)[self.type_word]

    def text(self, name: str, *, dictionary: bool = True) -> pa.Array:
        """Return a coded column as Arrow text, dictionary-encoded or plain."""
        codes: Codes = getattr(self, "type_word" if name == "equipment_type" else name)
        array = pa.DictionaryArray.from_arrays(
            pa.array(codes, pa.int32(), mask=codes < 0), pa.array(self.words[name], pa.string())
        )
        return array if dictionary else array.cast(pa.string())

    def inventory(self, *, dictionary: bool, ids: bool = False) -> pa.Table:
        """Return an inventory as an asset manager exports it, in canonical columns.

        Parameters
        ----------
        dictionary
            Whether text columns are dictionary-encoded, as Parquet readers can give them, or
            plain, as text readers do.
        ids
            Whether each row has an identifier.
        """
        days = pa.array(self.purchase_day, pa.int32(), mask=self.purchase_day < 0)
        columns: dict[str, pa.Array] = {
            name: self.text(name, dictionary=dictionary)
            for name in ("entity", "equipment_type", "model", "country", "status")
        }
        columns |= {
            name: pa.array(getattr(self, name), pa.float64(), from_pandas=True)
            for name in ("quantity", "lifetime", "annual_energy")
        }
        columns["purchase_date"] = days.cast(pa.date32())
        if ids:
            columns["id"] = pa.array(np.char.add("PC-", self.asset.astype(str)), pa.string())
        return pa.table(columns)


def make_fleet(sizes: Sizes, *, seed: int = SEED) -> Fleet:
    """Return a fleet of the given sizes, the same for the same seed and sizes.

    Missing: 20 % of the lifetimes, 40 % of the energies, 0.5 % of the quantities, 1 % of the
    countries, 3 % of the statuses, 8 % of the purchase dates.  Rows come in no order, which is
    the hardest case for whoever scatters them.
    """
    draw = np.random.default_rng(seed)
    rows = sizes.rows
    model_type = _spread(draw, [share for _, share, *_ in _TYPES], sizes.models)
    model = _pick(draw, 1.0 / np.arange(1, sizes.models + 1) ** 1.05, rows)
    kind = model_type[model]
    words = tuple(word for *_, spellings in _TYPES for word in spellings)
    first = np.cumsum([0, *(len(spellings) for *_, spellings in _TYPES)])
    ways = np.diff(first)
    # The first spelling of a type is the commonest: the smaller of two draws.
    spelling = np.minimum(draw.integers(0, ways[kind]), draw.integers(0, ways[kind]))
    energy = np.array([energy for _, _, energy, *_ in _TYPES])[kind]
    lifetime = np.array([years for _, _, _, years, _ in _TYPES])[kind]
    several = draw.random(rows) < 0.12
    status = _pick(draw, [share for _, share in _STATUSES], rows)
    named = [word for word, _ in _STATUSES if word is not None]
    return Fleet(
        asset=draw.permutation(rows).astype(np.int64),
        entity=_pick(draw, draw.lognormal(0.0, 1.2, sizes.entities), rows),
        model=model,
        type_word=(first[kind] + spelling).astype(np.int32),
        country=_blank(draw, _pick(draw, _country_weights(), rows), 0.01),
        status=np.where(status < len(named), status, -1).astype(np.int32),
        words={
            "entity": tuple(f"Direction {number:06d}" for number in range(sizes.entities)),
            "model": tuple(f"Model {number:05d}" for number in range(sizes.models)),
            "equipment_type": words,
            "country": _COUNTRIES,
            "status": tuple(named),
        },
        type_of_word=tuple(key for key, *_, spellings in _TYPES for _ in spellings),
        quantity=_hole(draw, np.where(several, draw.geometric(0.2, rows), 1.0), 0.005),
        lifetime=_hole(draw, lifetime + draw.integers(-2, 5, rows) * 0.5, 0.20),
        annual_energy=_hole(draw, energy * draw.lognormal(0.0, 0.4, rows), 0.40),
        purchase_day=_blank(draw, draw.integers(16_800, 19_350, rows).astype(np.int32), 0.08),
    )


def _country_weights() -> Floats:
    weights = 1.0 / np.arange(1, len(_COUNTRIES) + 1)
    weights[0] = 10.0 * weights[1:].sum()
    return weights


def _pick(draw: np.random.Generator, weights: npt.ArrayLike, size: int) -> Codes:
    """Draw codes with the given weights."""
    edges = np.cumsum(np.asarray(weights, np.float64))
    drawn = np.searchsorted(edges, draw.random(size) * edges[-1], side="right")
    codes: Codes = np.minimum(drawn, len(edges) - 1).astype(np.int32)
    return codes


def _spread(draw: np.random.Generator, shares: Sequence[float], size: int) -> Codes:
    """Share `size` things out in the given proportions, then shuffle them."""
    edges = np.cumsum(shares) / np.sum(shares)
    codes = np.searchsorted(edges, (np.arange(size) + 0.5) / size).astype(np.int32)
    return draw.permutation(codes)


def _blank(draw: np.random.Generator, codes: Codes, share: float) -> Codes:
    codes[draw.random(len(codes)) < share] = -1
    return codes


def _hole(draw: np.random.Generator, values: Floats, share: float) -> Floats:
    values[draw.random(len(values)) < share] = np.nan
    return values


@attrs.frozen(eq=False)
class FactorTable:
    """Factors of one unit of each flow.

    Attributes
    ----------
    keys
        Model, type or country of each flow.
    stages, criteria
        Axes.
    values
        float64 (flows, stages, criteria), NaN where not published.
    """

    keys: tuple[str, ...]
    stages: tuple[str, ...]
    criteria: tuple[str, ...]
    values: Floats

    def columns(self) -> dict[str, Floats]:
        """Return one column per stage and criterion, named ``<stage>__<criterion>``."""
        return {
            f"{stage}__{criterion}": self.values[:, s, c]
            for s, stage in enumerate(self.stages)
            for c, criterion in enumerate(self.criteria)
        }


def make_factors(
    keys: Sequence[str],
    *,
    stages: Sequence[str],
    filled: Sequence[str],
    criteria: Sequence[str],
    mean: float,
    seed: int = SEED,
) -> FactorTable:
    """Return lognormal factors for some flows, not all published.

    As in real sources, what is missing goes by publication and not by cell: of twenty flows, one
    has the first criterion only, three lack the last two criteria, and the others have all.

    Parameters
    ----------
    keys
        One per flow.
    stages, filled
        Axis of the stages, and those that these flows fill.
    criteria
        Axis of the criteria.
    mean
        Order of magnitude of a factor.
    seed
        Seed.
    """
    draw = np.random.default_rng([seed, len(keys)])
    values = np.full((len(keys), len(stages), len(criteria)), np.nan)
    for stage in filled:
        cells = mean * draw.lognormal(0.0, 1.0, (len(keys), len(criteria)))
        values[:, list(stages).index(stage)] = cells
    source = draw.integers(0, 20, len(keys))
    values[source == 0, :, 1:] = np.nan
    values[(source > 0) & (source < 4), :, max(len(criteria) - 2, 1) :] = np.nan
    return FactorTable(tuple(keys), tuple(stages), tuple(criteria), values)
