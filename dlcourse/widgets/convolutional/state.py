"""The state of `Convolution`: kernel, settings and the place that is looked at, the result, and Play."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live.widget import Widget, action, choice, slider, state, toggle
from dlcourse.widgets.convolutional.numbers import (
    PRESETS,
    ConvolutionResult,
    OwnPicture,
    Placing,
    convolve,
    grey_photograph,
    own_kernel,
    own_picture,
    preset,
    resized,
)

__all__ = ["ConvolutionState"]

SCAN = 240
"""Steps in which Play fills the output."""


@dataclass(frozen=True, eq=False)
class ConvolutionState(Widget):
    """Fields, controls and numbers; `Convolution` adds picture, words and hand."""

    filter: str = choice("vertical edges", (*PRESETS, "yours"), label="kernel")
    side: int = slider(3, 1, 7, label="kernel size")
    stride: int = slider(1, 1, 8, label="stride")
    padding: str = choice("valid", ("valid", "same"), label="padding")
    dilation: int = slider(1, 1, 8, label="dilation")
    relu: bool = toggle(False, label="ReLU")
    pool: int = slider(1, 1, 4, label="max pooling, window")
    picture: str = choice("china", ("china", "flower", "yours"), label="picture", advanced=True)
    image: Any = state(None)
    kernel: Any = state(None)
    at: tuple[float, float] = state((0.13, 0.3))
    """The place that is looked at, as shares of the map's height and width."""
    selected: int = state(-1)
    """The weight that keys and dragging change, counted in reading order; -1 while arrows move the place."""
    grabbed: float | None = state(None)
    scanned: int = state(-1)
    """How many pixels of the map Play has filled; -1 shows all."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.image is not None and not isinstance(self.image, OwnPicture):
            object.__setattr__(self, "image", own_picture(self.image))
            object.__setattr__(self, "picture", "yours")
        if self.kernel is not None:
            kernel = own_kernel(self.kernel)
            object.__setattr__(self, "kernel", kernel)
            object.__setattr__(self, "filter", "yours")
            object.__setattr__(self, "side", min(max(len(kernel), len(kernel[0])), 7))

    def replace(self, **changes: Any) -> Self:
        """A copy; what is changed by hand ends the scan, and "yours" begins with the kernel that is shown."""
        if "scanned" not in changes:
            changes["scanned"] = -1
        name = changes.get("filter", self.filter)
        new_size = changes.get("side", self.side) != self.side
        if name != "yours":
            changes["kernel"] = None
        elif "kernel" not in changes:
            own = new_size and self.filter == "yours"
            changes["kernel"] = resized(self.weights, changes["side"]) if own else self.weights
        if (new_size or name != self.filter) and "selected" not in changes:
            # A ring around the middle says that the weights may be changed.
            changes["selected"] = np.size(changes["kernel"]) // 2 if name == "yours" else -1
        return super().replace(**changes)

    @property
    def weights(self) -> Array:
        """The kernel, shape (KH, KW)."""
        if self.filter == "yours":
            return preset("copy", self.side) if self.kernel is None else np.array(self.kernel, np.float32)
        return preset(self.filter, self.side)

    @property
    def pixels(self) -> Array:
        """The picture, shape (H, W)."""
        if self.picture == "yours" and self.image is not None:
            return np.asarray(self.image.x)
        return grey_photograph("china" if self.picture == "yours" else self.picture)

    @property
    def placing(self) -> Placing:
        """How the kernel is laid on the picture."""
        return Placing(self.stride, self.padding, self.dilation)

    @property
    def span(self) -> tuple[int, int]:
        """How many pixels the kernel spans, down and across."""
        kh, kw = self.weights.shape
        return self.dilation * (kh - 1) + 1, self.dilation * (kw - 1) + 1

    @property
    def map_shape(self) -> tuple[int, int]:
        """Height and width of the map; 0 where nothing fits."""
        down, across = self.placing.places(self.pixels.shape, self.weights.shape)
        return max(down // self.pool, 0), max(across // self.pool, 0)

    @property
    def place(self) -> tuple[int, int]:
        """Row and column of the map that is looked at."""
        height, width = self.map_shape
        if 0 < self.scanned <= height * width:
            return divmod(self.scanned - 1, width)
        return min(int(self.at[0] * height), height - 1), min(int(self.at[1] * width), width - 1)

    def compute(self) -> ConvolutionResult:
        return convolve(self.pixels, self.weights, self.placing, relu=self.relu, pool=self.pool, place=self.place)

    def background(self) -> Hashable:
        return (id(self.pixels), self.pixels.shape, self.picture)

    def can_step(self) -> bool:
        """Whether the map is not yet full."""
        return max(self.scanned, 0) < math.prod(self.map_shape)

    def step(self) -> Self:
        """The kernel moves on, and the map is filled up to it."""
        if not self.can_step():
            return self
        done, total = max(self.scanned, 0), math.prod(self.map_shape)
        return self.replace(scanned=min(done + -(-total // SCAN), total))

    def with_weight(self, index: int, value: float) -> Self:
        """The same with one weight changed; it is counted in reading order."""
        weights = self.weights.copy()
        weights.flat[index] = round(min(max(value, -20.0), 20.0), 4)
        return self.replace(filter="yours", kernel=weights, selected=index)

    @action("Random kernel")
    def random(self) -> Self:
        """Random weights, a new draw at each press."""
        weights = self.weights
        places = np.arange(1, weights.size + 1).reshape(weights.shape)
        seed = int(abs(float(np.sum(weights * places))) * 1000)
        drawn = np.random.default_rng(seed).normal(size=weights.shape).round(2)
        return self.replace(filter="yours", kernel=drawn, selected=-1)
