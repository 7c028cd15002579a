"""The state of `Wiring`: which network, which digit, and the unit that is looked at."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.layers.convolution import Conv2D
from dlcourse.layers.dense import Dense
from dlcourse.layers.recurrent import SimpleRNN
from dlcourse.live.widget import Widget, choice, slider, state, toggle
from dlcourse.widgets.fully_connected.layout import sheets
from dlcourse.widgets.fully_connected.networks import KINDS, unseen
from dlcourse.widgets.fully_connected.numbers import (
    OwnDigit,
    Wired,
    WiringResult,
    own_digit,
    own_network,
    ready,
    wire,
)

__all__ = ["WiringState"]


@dataclass(frozen=True, eq=False)
class WiringState(Widget):
    """Fields, controls and numbers; `Wiring` adds picture, words and hand."""

    wiring: str = choice("dense", (*KINDS, "yours"), label="wiring")
    shuffled: bool = toggle(False, label="shuffle the pixels, all digits alike")
    example: int = slider(13, 0, 99, label="picture")
    unit: tuple[int, int, int] = state((10, 2, 2))
    """Sheet, row and column of the unit that is looked at."""
    model: Any = state(None)
    image: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model is not None and not isinstance(self.model, Wired):
            object.__setattr__(self, "model", own_network(self.model))
            object.__setattr__(self, "wiring", "yours")
        if self.image is not None and not isinstance(self.image, OwnDigit):
            object.__setattr__(self, "image", own_digit(self.image))
            object.__setattr__(self, "example", 0)

    @property
    def kind(self) -> str:
        """Which wiring is shown: without a model of your own, "yours" is the dense one."""
        return "dense" if self.wiring == "yours" and self.model is None else self.wiring

    @property
    def network(self) -> Wired:
        """The network that reads the digit."""
        return self.model if self.kind == "yours" else ready(self.kind, self.shuffled)

    @property
    def layer(self) -> Any:
        """Its first layer with weights."""
        return self.network.layer

    @property
    def own_digit(self) -> bool:
        """Whether the digit is the learner's."""
        return self.image is not None and self.example == 0

    @property
    def digit(self) -> Array:
        """The picture as it was written, (8, 8)."""
        return np.asarray(self.image.pixels if self.own_digit else unseen(False).x[self.example, :, :, 0])

    @property
    def chosen(self) -> tuple[int, int, int]:
        """The unit that is looked at, within those that are shown."""
        shape = self.network.shape
        sheet, row, column = self.unit
        return min(sheet, sheets(shape)[0] - 1), min(row, shape[1] - 1), min(column, shape[2] - 1)

    @property
    def summed(self) -> bool:
        """Whether what a unit says follows from one sum alone: a gated unit adds up several."""
        return isinstance(self.layer, Dense | Conv2D | SimpleRNN)

    @property
    def after(self) -> str:
        """The function behind the sum."""
        layer = self.layer
        if isinstance(layer, Dense | Conv2D):
            name = getattr(layer.activation, "__name__", "your function") if layer.activation is not None else ""
            return "ReLU" if name == "relu" else name
        return "tanh"

    @property
    def as_written(self) -> Wired | None:
        """While pixels are shuffled, the same kind of network, taught with digits as they were written."""
        return ready(self.kind, False) if self.shuffled and self.kind != "yours" else None

    def compute(self) -> WiringResult:
        return wire(self.network, self.digit, shuffled=self.shuffled, unit=self.chosen, as_written=self.as_written)

    def background(self) -> Hashable:
        return (self.kind, self.network.shape, self.layer.describe(), self.own_digit)
