"""The state of `FeatureMaps`: which picture, how it is shifted, and which map is shown large."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.layers.convolution import Conv2D
from dlcourse.live.widget import Widget, action, slider, state
from dlcourse.widgets.filters_that_nobody_wrote.numbers import FARTHEST, MapsResult, Reader, follow, reader, wrong

__all__ = ["MOST", "MapsState"]

MOST = 16
"""How many maps of a layer are shown at most."""


@dataclass(frozen=True, eq=False)
class MapsState(Widget):
    """Fields, controls and numbers; `FeatureMaps` adds picture, words and hand."""

    example: int = slider(3, 0, 99, label="picture")
    right: int = slider(0, -FARTHEST, FARTHEST, label="shift to the right")
    down: int = slider(0, -FARTHEST, FARTHEST, label="shift down")
    selected: tuple[int, int] = state((0, 0))
    """Layer and filter that are shown large, counted from 0."""
    model: Any = state(None)
    data: Any = state(None)
    known: Any = state(None)
    """The `Reader` made of model and data when the widget was made."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.known is None:
            object.__setattr__(self, "known", reader(self.model, self.data))
        last = len(self.reader.data) - 1
        object.__setattr__(self, "example", min(self.example, last))

    @property
    def reader(self) -> Reader:
        """Network and pictures."""
        known: Reader = self.known
        return known

    @property
    def truth(self) -> str:
        """The class of the picture."""
        return self.reader.names[int(self.reader.data.y[self.example])]

    @property
    def shown(self) -> list[int]:
        """How many maps of each layer are in the picture."""
        return [min(count, MOST) for count in self.reader.counts]

    @property
    def chosen(self) -> tuple[int, int]:
        """Layer and filter that are shown large, within what there is."""
        stage = min(self.selected[0], len(self.shown) - 1)
        return stage, min(self.selected[1], self.shown[stage] - 1)

    @property
    def layer(self) -> Any:
        """The layer whose map is shown large."""
        return self.reader.layers[self.chosen[0]][1]

    @property
    def kernel(self) -> Array | None:
        """The filter that is shown large, (KH, KW, C); None for a layer without weights."""
        layer = self.layer
        return np.asarray(layer.weight.data[..., self.chosen[1]]) if isinstance(layer, Conv2D) else None

    @property
    def slices(self) -> int:
        """How many channels of that filter are in the picture."""
        return 0 if self.kernel is None else min(self.kernel.shape[2], MOST)

    @property
    def first(self) -> Conv2D | None:
        """The first layer, if it has filters: they have their own row."""
        layer = self.reader.layers[0][1]
        return layer if isinstance(layer, Conv2D) else None

    @property
    def rows(self) -> list[int]:
        """How many small pictures each row has: filters, if there are any, then the maps of each layer."""
        return [*self.shown[: self.offset], *self.shown]

    @property
    def offset(self) -> int:
        """The row in which the maps begin."""
        return 0 if self.first is None else 1

    def compute(self) -> MapsResult:
        return follow(self.reader, self.example, right=self.right, down=self.down)

    def background(self) -> Hashable:
        return (self.reader, self.kernel is None, self.slices, self.chosen[0])

    def slider_ends(self) -> dict[str, tuple[float, float]]:
        """No picture lies beyond the data."""
        return {"example": (0, min(len(self.reader.data), 100) - 1)}

    @action("Next mistake")
    def mistake(self) -> Self:
        """The next picture that is read wrong, shifted as it is now."""
        mistakes = np.flatnonzero(wrong(self.reader, min(len(self.reader.data), 100), right=self.right, down=self.down))
        later = [*mistakes[mistakes > self.example], *mistakes]
        return self.replace(example=int(later[0])) if later else self
