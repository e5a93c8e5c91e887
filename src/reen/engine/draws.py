"""Draws: random factors around their published values, the mean preserved.

A factor with relative standard deviation s is lognormal with mean 1 times its value:
sigma^2 = ln(1 + s^2), multiplier = exp(sigma z - sigma^2 / 2), z standard normal.  (The law of
EcoDiag and of ecoinvent's pedigree approach; the mean is the published value, the median lies
below it.)  One z per flow and draw: the stages and criteria of a flow move together, different
flows are independent.  Each flow has a stream of random numbers of its own, named by its key, so
that it is drawn alike wherever it stands: in any footprint, beside any other flow.  Arrays only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import cast

import attrs
import numpy as np
import numpy.typing as npt

from reen.factors.flow import Flow

__all__ = ["Floats", "Stream", "UnitLaws", "multipliers", "normals", "sigma_of", "stream_of"]

Floats = npt.NDArray[np.float64]

#: Words that seed a stream of random numbers.
Stream = tuple[int, ...]


def stream_of(*name: str) -> Stream:
    """Return the random stream of a name: 128 bits of its hash, the same on every machine."""
    digest = hashlib.blake2b("\x1f".join(name).encode(), digest_size=16).digest()
    return tuple(int.from_bytes(digest[k : k + 4], "little") for k in range(0, 16, 4))


def normals(stream: Stream, *, seed: int, out: Floats) -> None:
    """Fill an array with standard normals: numpy's SFC64, seeded by the seed and the stream."""
    sequence = np.random.SeedSequence(seed, spawn_key=stream)
    np.random.Generator(np.random.SFC64(sequence)).standard_normal(out=out)


def sigma_of(spread: Floats) -> Floats:
    """Return the standard deviation of the logarithm: sigma^2 = ln(1 + s^2)."""
    return cast("Floats", np.sqrt(np.log1p(np.square(spread))))


def multipliers(stream: Stream, spread: float, *, draws: int, seed: int) -> Floats:
    """Return draws of a lognormal of mean 1 and relative standard deviation `spread`."""
    sigma = float(np.sqrt(np.log1p(spread**2)))
    drawn = np.empty(draws)
    normals(stream, seed=seed, out=drawn)
    drawn *= sigma
    drawn -= 0.5 * sigma**2
    return cast("Floats", np.exp(drawn, out=drawn))


@attrs.frozen(eq=False)
class UnitLaws:
    """The law of one unit of each flow, all stages together, for one criterion.

    ``sum over s of value[s] * exp(sigma[s] z - sigma[s]^2 / 2)``, z being that of the flow.

    Attributes
    ----------
    flows
        Keys, length F.
    mean, variance
        float64 (F,): exact moments.  The multipliers of two stages of one flow have the covariance
        exp(sigma_s sigma_t) - 1, which is s^2 when both have the spread s.
    certain
        float64 (F,): sum of the values that have no spread.
    starts
        int64 (F + 1,): where the terms of each flow begin.
    sigma, weight
        float64 (T,): terms of distinct sigma, mostly one per flow; the weight is the sum of the
        values times exp(-sigma^2 / 2).
    """

    flows: Sequence[Flow]
    mean: Floats
    variance: Floats
    certain: Floats
    starts: npt.NDArray[np.int64]
    sigma: Floats
    weight: Floats

    @classmethod
    def of(cls, values: Floats, spread: Floats, flows: Sequence[Flow]) -> UnitLaws:
        """Return the laws of some factors.

        Parameters
        ----------
        values
            float64 (F, S): value of each flow and stage, 0 where none is published.
        spread
            float64 (F, S): relative standard deviation, 0 where none is known.
        flows
            Keys, length F.
        """
        sigma = sigma_of(spread)
        between = np.expm1(sigma[:, :, None] * sigma[:, None, :])
        flow, stage = np.nonzero(sigma)
        cells = sigma[flow, stage]
        order = np.lexsort((cells, flow))
        flow, stage, cells = flow[order], stage[order], cells[order]
        first = np.r_[True, (np.diff(flow) != 0) | (np.diff(cells) != 0.0)][: len(flow)]
        weight = np.zeros(int(first.sum()))
        np.add.at(weight, np.cumsum(first) - 1, values[flow, stage])
        weight *= np.exp(-0.5 * cells[first] ** 2)
        return cls(
            flows,
            values.sum(axis=1),
            np.einsum("fs,fst,ft->f", values, between, values),
            np.where(sigma > 0.0, 0.0, values).sum(axis=1),
            np.searchsorted(flow[first], np.arange(len(flows) + 1)),
            cells[first],
            weight,
        )

    @property
    def uncertain(self) -> npt.NDArray[np.bool_]:
        """Return which flows have an uncertainty: boolean (F,)."""
        return np.diff(self.starts) > 0

    def draw(self, flow: int, *, seed: int, out: Floats, scratch: Floats) -> None:
        """Fill an array with draws of one unit of a flow that has an uncertainty.

        Parameters
        ----------
        flow
            Position of the flow.
        seed
            Seed of the draws.
        out
            float64 (draws,), filled.
        scratch
            float64 (2, draws), overwritten: large arrays made anew cost more than their sums.
        """
        name = self.flows[flow]
        stream = stream_of("flow", name.pack, name.id, name.geography, str(name.year))
        normals(stream, seed=seed, out=out)
        total, part = scratch
        total[:] = self.certain[flow]
        for term in range(int(self.starts[flow]), int(self.starts[flow + 1])):
            np.multiply(out, self.sigma[term], out=part)
            np.exp(part, out=part)
            part *= self.weight[term]
            total += part
        out[:] = total
