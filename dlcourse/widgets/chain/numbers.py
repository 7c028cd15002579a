"""A network that one can check by hand, or the learner's own, and the weight and output that one looks at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.activations import ZOO
from dlcourse.arrays import Array
from dlcourse.calculus import Link, links
from dlcourse.errors import ArgumentError, DataError, WrongTypeError
from dlcourse.layers.dense import Dense
from dlcourse.layers.module import Sequential
from dlcourse.tensor import Tensor

__all__ = ["ACTIVATIONS", "EXAMPLE", "MOST_WIDTH", "Edits", "Own", "Place", "built", "dense", "one_example"]

MOST_WIDTH = 12
ACTIVATIONS = ("sigmoid", "tanh", "softplus", "ReLU", "identity")
EXAMPLE = (1.0, -0.5, 0.8, 2.0)
Place = tuple[int, int, int]
"""A weight as (layer, j, i), counted from 0."""
Edits = tuple[tuple[Place, float], ...]
"""What was added to which weights by hand."""


@dataclass(frozen=True, eq=False)
class Own:
    """A learner's network as it was when the widget was made; training it on does not change the picture."""

    links: tuple[Link, ...]

    @classmethod
    def of(cls, model: Any, x: Any, owner: str) -> Own:
        chain = tuple(links(model, x))
        widest = max(max(link.weight.shape) for link in chain)
        if widest > MOST_WIDTH:
            raise ArgumentError(
                f"{owner}: a layer with {widest} neurons does not fit in the picture, {MOST_WIDTH} do. "
                "dl.paths, dl.jacobian and dl.hessian work for any width."
            )
        return cls(chain)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons in each layer, inputs first."""
        return (len(self.links[0].inputs), *(len(link.bias) for link in self.links))


@lru_cache(maxsize=64)
def built(sizes: tuple[int, ...], activation: str, seed: int, own: Own | None, edits: Edits) -> Sequential:
    """The network in float64, weights rounded to one decimal so that the arithmetic can be followed by hand."""
    rng = np.random.default_rng(seed)
    layers: list[Any] = []
    for number, (k, m) in enumerate(zip(sizes, sizes[1:], strict=False)):
        f = own.links[number].activation if own else ZOO[activation]
        layers += [Dense(k, m, rng=rng)] + ([f] if f is not None else [])
    model = Sequential(*(layers if own else layers[:-1]))
    for number, layer in enumerate(dense(model)):
        for name, parameter in layer.named_parameters().items():
            kept = getattr(own.links[number], name).copy() if own else None
            parameter.data = np.round(rng.normal(size=parameter.shape), 1) if kept is None else kept
    for (number, j, i), change in edits:
        dense(model)[number].weight.data[j, i] += change
    return model


def dense(model: Sequential) -> list[Dense]:
    """Its dense layers."""
    return [layer for layer in model if isinstance(layer, Dense)]


def one_example(x: Any, owner: str) -> Array:
    """What a learner gave, as one example of shape (K,).

    Raises
    ------
    WrongTypeError, DataError
        If it is not an array of numbers, not of one axis, or not finite.
    """
    try:
        given = np.asarray(x.data if isinstance(x, Tensor) else x, dtype=float)
    except (TypeError, ValueError):
        raise WrongTypeError(f"{owner}: x should be one example, an array of shape (K,), not {x!r}.") from None
    if given.ndim != 1 or not np.isfinite(given).all():
        raise DataError(f"{owner}: x should be one example of finite numbers, shape (K,), not {x!r}.")
    return given
