"""The state of `DigitPad`: the strokes, the pen, the image under them, and who reads the pad."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.measured import digits
from dlcourse.errors import DataError, WrongTypeError
from dlcourse.live.own import as_it_is_now
from dlcourse.live.widget import Widget, action, choice, slider, state
from dlcourse.widgets.start_here.ink import Strokes, ink_from_image
from dlcourse.widgets.start_here.numbers import DigitPadResult, read_pad

__all__ = ["PadState"]


@dataclass(frozen=True, eq=False)
class PadState(Widget):
    """Fields, controls and numbers; `DigitPad` adds picture, words and hand."""

    model: Callable[..., Any] | None = state(None)
    examples: Any = state(None)
    example: str = choice("none", ("none", *"0123456789"), label="load a real digit")
    which: int = slider(1, 1, 20, step=1, label="which of its kind", advanced=True)
    thickness: float = slider(1.0, 0.5, 1.6, step=0.05, label="pen thickness", advanced=True)
    strokes: Strokes = state(())
    image: Any = state(None)
    pen: tuple[float, float] = state((16.0, 4.0))
    writing: bool = state(False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model is not None and not callable(self.model):
            raise WrongTypeError(
                f"DigitPad: the model should be a network or a function from images (N, 8, 8, 1) to (N, 10), "
                f"not {self.model!r}. DigitPad(model) takes the one that you trained."
            )
        if self.model is not None:
            object.__setattr__(self, "model", as_it_is_now(self.model, owner="DigitPad"))
        if self.image is not None:
            ink_from_image(self.image)

    def idle_controls(self) -> Collection[str]:
        """Without digits of the data set there is nothing to choose from."""
        return ("which",) if self.example == "none" else ()

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed; loading another digit takes the strokes off the pad."""
        if changes.get("example", self.example) != self.example:
            changes.setdefault("strokes", ())
            changes.setdefault("writing", False)
        return super().replace(**changes)

    @property
    def loaded(self) -> Array | None:
        """The image under the strokes: 8×8 of the data set, or the learner's own."""
        if self.example == "none":
            return None if self.image is None else np.asarray(self.image)
        data = digits() if self.examples is None else self.examples
        numbers = np.flatnonzero(np.asarray(data.y) == int(self.example))
        if not len(numbers):
            raise DataError(f"DigitPad: the examples have no {self.example}. Give it a whole data set: examples=test.")
        return np.asarray(data.x[numbers[(self.which - 1) % len(numbers)]])

    def compute(self) -> DigitPadResult:
        return read_pad(self.model, self.loaded, self.strokes, self.thickness)

    @action("Undo stroke")
    def undo(self) -> Self:
        """Without the last stroke."""
        return self.replace(strokes=self.strokes[:-1], writing=False) if self.strokes else self

    @action("Clear")
    def clear(self) -> Self:
        """An empty pad."""
        return self.replace(strokes=(), image=None, example="none", writing=False)

    def from_image(self, image: Any) -> Self:
        """A pad with your own image on it: 8×8 like the data set, or larger (see `ink_from_image`)."""
        return self.replace(image=image, strokes=(), example="none", writing=False)
