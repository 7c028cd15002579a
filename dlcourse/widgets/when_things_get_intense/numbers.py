"""A derivative by every way there is: along the paths, by backpropagation, by differences, and factor by factor."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calculus import Link, PathSum, links, paths
from dlcourse.layers.dense import Dense
from dlcourse.layers.module import Sequential
from dlcourse.meanwhile import restored
from dlcourse.widgets.chain.numbers import Edits, Own, Place, built, dense

__all__ = ["MOST_PATHS", "PathsResult", "followed", "measured"]

MOST_PATHS = 10_000


@dataclass(frozen=True)
class PathsResult:
    """A weight, an output, and the derivative of one by the other.

    Attributes
    ----------
    paths : PathSum or None
        None where there are too many paths to list.
    gradient, difference : float
        ∂s/∂W by `backward()`, and by (s(W + h) − s(W − h)) / 2h.
    blame : float
        ∂s/∂a of the neuron behind the weight; `slope` its f′, `delta` the product of both, `source` what comes into the weight.
    da, dz : float
        Difference quotients of that neuron's a and z by the weight.
    """

    chain: list[Link]
    place: Place
    output: int
    count: int
    paths: PathSum | None
    score: float
    weight: float
    gradient: float
    difference: float
    da: float
    dz: float
    blame: float
    slope: float
    delta: float
    source: float

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons in each layer, inputs first."""
        return (len(self.chain[0].inputs), *(len(link.bias) for link in self.chain))

    @property
    def off(self) -> float:
        """How far the central difference is from the derivative, relative to it."""
        return abs(self.difference - self.gradient) / max(abs(self.gradient), 1e-300) if self.gradient else 0.0


def measured(model: Sequential, x: Array, place: Place, output: int, h: float) -> PathsResult:
    """Everything that the widgets tell of one weight and one output."""
    chain = links(model, x)
    layer, j, i = place
    count = prod(len(link.bias) for link in chain[layer + 1 : -1]) if layer < len(chain) - 1 else int(i == output)
    listed = paths(model, x, weight=place, output=output) if count <= MOST_PATHS else None
    model.zero_grad()
    score = model(x[None])[0, output]
    score.backward()
    layers = dense(model)
    deltas = [_delta(part) for part in layers]
    blame = float(chain[layer + 1].weight[i] @ deltas[layer + 1]) if layer + 1 < len(chain) else float(i == output)
    difference, da, dz = _quotients(model, x, place, output, h)
    return PathsResult(
        chain=chain, place=place, output=output, count=count, paths=listed, score=score.item(),
        weight=float(chain[layer].weight[j, i]), gradient=_entry(layers[layer], j, i), difference=difference, da=da, dz=dz,
        blame=blame, slope=float(chain[layer].slopes[i]), delta=float(deltas[layer][i]), source=float(chain[layer].inputs[j]),
    )  # fmt: skip


@lru_cache(maxsize=8)
def followed(
    sizes: tuple[int, ...], activation: str, seed: int, own: Own | None, edits: Edits, example: tuple[float, ...],
    place: Place, output: int, h: float,
) -> PathsResult:  # fmt: skip
    """The same for a network that is described; one state and one picture ask for it several times."""
    return measured(built(sizes, activation, seed, own, edits), np.array(example), place, output, h)


def _delta(layer: Dense) -> Array:
    """∂s/∂z: z is the bias plus something, so it is the bias's gradient."""
    bias = layer.bias
    assert bias is not None
    return np.zeros(bias.shape) if bias.grad is None else bias.grad


def _entry(layer: Dense, j: int, i: int) -> float:
    return 0.0 if layer.weight.grad is None else float(layer.weight.grad[j, i])


def _quotients(model: Sequential, x: Array, place: Place, output: int, h: float) -> tuple[float, float, float]:
    """Central differences of s, and of a and z of the neuron behind the weight."""
    layer, j, i = place
    weights = dense(model)[layer].weight.data
    before = weights[j, i]

    def moved(change: float) -> Array:
        weights[j, i] = before + change
        chain = links(model, x)
        return np.array([chain[-1].outputs[output], chain[layer].outputs[i], chain[layer].z[i]])

    ends = restored(lambda: [moved(h), moved(-h)], lambda: weights.__setitem__((j, i), before))
    ds, da, dz = (ends[0] - ends[1]) / (2 * h)
    return float(ds), float(da), float(dz)
