"""Where everything of the Playground is, in hundredths of an inch from the lower left of the figure.

The axes "network" (or "narrow network") has the same coordinates, so that a pointer in it is read with the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dlcourse.arrays import Array

__all__ = ["Layout"]


@dataclass(frozen=True)
class Layout:
    """Where things are in a figure of this width, for a network of these sizes."""

    wide: bool
    sizes: tuple[int, ...]
    """Number of inputs that are drawn (all of them), of the neurons in each hidden layer, and of outputs."""

    @property
    def figure(self) -> tuple[float, float]:
        """Width and height."""
        return (740.0, 502.0) if self.wide else (450.0, 1020.0)

    @property
    def network(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of the network."""
        return (0.0, 72.0, 440.0, 502.0) if self.wide else (0.0, 586.0, 450.0, 1020.0)

    @property
    def map(self) -> tuple[float, float, float]:
        """Left, bottom and side of the large map."""
        return (447.0, 171.0, 288.0) if self.wide else (81.0, 260.0, 288.0)

    @property
    def loss(self) -> tuple[float, float, float, float]:
        """Left, bottom, width and height of the curves."""
        return (453.0, 74.0, 280.0, 58.0) if self.wide else (40.0, 152.0, 370.0, 66.0)

    @property
    def tile(self) -> float:
        """Side of a neuron's map; of five hidden layers and more it is smaller, to leave room for the links."""
        return min(48.0, self._between - 20)

    def column(self, layer: int) -> float:
        """Middle of a layer, 0 being the inputs."""
        return 72.0 + self._between * layer

    @property
    def _between(self) -> float:
        """From the middle of one layer to that of the next."""
        return ((412.0 if self.wide else 420.0) - 72.0) / (len(self.sizes) - 1)

    def place(self, layer: int, neuron: int) -> tuple[float, float]:
        """Middle of a neuron."""
        _, bottom, _, top = self.network
        pitch = min(56.0, (top - 34 - bottom) / self.sizes[layer])
        middle = (bottom + top - 34) / 2
        return self.column(layer), middle + pitch * ((self.sizes[layer] - 1) / 2 - neuron)

    def at(self, x: float, y: float) -> tuple[int, int] | None:
        """The neuron under a point."""
        reach = self.tile / 2 + 2
        for layer, size in enumerate(self.sizes):
            for neuron in range(size):
                cx, cy = self.place(layer, neuron)
                if abs(x - cx) <= reach and abs(y - cy) <= reach:
                    return layer, neuron
        return None

    def bias(self, layer: int, neuron: int) -> tuple[float, float]:
        """Where a neuron's bias is drawn: at the lower left corner of its map."""
        x, y = self.place(layer, neuron)
        return x - self.tile / 2, y - self.tile / 2

    def buttons(self, x: float, y: float) -> tuple[int, int] | None:
        """The hidden layer whose − or + is under a point, and −1 or 1."""
        top = self.network[3]
        if not top - 30 <= y <= top:
            return None
        for layer in range(1, len(self.sizes) - 1):
            away = x - self.column(layer)
            if 6 <= abs(away) <= 24:
                return layer, 1 if away > 0 else -1
        return None

    def links(self, used: tuple[int, ...]) -> tuple[Array, list[tuple[int, int, int]]]:
        """Both ends of every link, shape (links, 2, 2), and its place as (layer from 0, input, neuron)."""
        return _links(self, used)


@lru_cache(maxsize=32)
def _links(layout: Layout, used: tuple[int, ...]) -> tuple[Array, list[tuple[int, int, int]]]:
    ends, places = [], []
    half = layout.tile / 2
    for layer in range(1, len(layout.sizes)):
        sources = used if layer == 1 else range(layout.sizes[layer - 1])
        for i, source in enumerate(sources):
            sx, sy = layout.place(layer - 1, source)
            for j in range(layout.sizes[layer]):
                x, y = layout.place(layer, j)
                ends.append(((sx + half, sy), (x - half, y)))
                places.append((layer - 1, i, j))
    return np.array(ends), places
